"""Who buys alike: all buyers of a sector, or those of final use and those of inputs apart."""

from dataclasses import replace
from typing import Literal, TYPE_CHECKING

from ._core import ScenarioError


if TYPE_CHECKING:
    from .world import Baseline


Sourcing = Literal["alike", "by use"]


def with_sourcing(baseline: "Baseline", sourcing: Sourcing) -> "Baseline":
    """The baseline in whose economy buyers are told apart by use, or not.

    Raises `ScenarioError` where they are to be and the baseline does not say which flows are
    inputs.
    """
    if sourcing == "alike":
        return baseline
    if baseline.input_trade is None:
        raise ScenarioError(
            f"{baseline.name} does not say which flows are bought as inputs, and "
            "'adjustment.sourcing' is 'by use'; compact-2022 and world-2019 say it."
        )
    import jax.numpy as jnp

    known = jnp.asarray(baseline.input_trade)
    return replace(baseline, economy=replace(baseline.economy, input_trade=known))


def sourcing_in_words(sourcing: Sourcing) -> list[str]:
    """A sentence where buyers are told apart."""
    if sourcing == "alike":
        return []
    return [
        "What is bought for final use and what is bought as inputs have import shares of their "
        "own: the table's, moved as little as the needs of technology ask."
    ]
