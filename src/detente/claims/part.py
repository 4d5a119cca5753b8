"""What every part of a ledger file is made of."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of a ledger file: unknown keys are refused and values never change."""

    # Its own rather than that of scenarios, which loads the engine: a check needs no engine.
    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False
    )
