"""The kinds of check by name, and how one is run."""

from typing import Annotated, get_args

from pydantic import Field

from .answered import AnswerCheck
from .computed import EffectCheck
from .facts import NameCheck, Order, Within, YearsBetween
from .histories import Extreme, FirstInYears, InARow, Milestone, Rank
from .levels import Bound, Change, Direction, Identity, Ratio, Value
from .record import Record
from .units import Quantity
from .verdict import Finding, Missing, untestable


Check = Annotated[
    Value | Identity | Change | Ratio | Bound | Direction
    | Extreme | FirstInYears | InARow | Milestone | Rank
    | Within | Order | YearsBetween | NameCheck
    | EffectCheck | AnswerCheck,
    Field(discriminator="kind"),
]  # fmt: skip

CHECK_KINDS = {
    get_args(model.model_fields["kind"].annotation)[0]: model
    for model in get_args(get_args(Check)[0])
}


def run_check(check: Check, record: Record, quantity: Quantity | None) -> Finding:
    """The finding of a check; what the store lacks is named, and makes it untestable."""
    try:
        return check.run(record, quantity)
    except Missing as missing:
        return untestable(f"needs {missing}")
