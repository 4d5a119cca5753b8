"""How buyers choose: final use and inputs alike or apart, and what of a tariff reaches them."""

from dataclasses import replace
from typing import Literal, TYPE_CHECKING

from ._core import ScenarioError


if TYPE_CHECKING:
    from jaxtyping import Array

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


def passed_through(part: float, is_year_by_year: bool) -> "Array | None":
    """The part of tariffs that is passed through, for the closure; None where it is all.

    Raises `ScenarioError` where it has no form, which is for buyers who choose one after another.
    """
    if part == 1.0:
        return None
    if is_year_by_year:
        raise ScenarioError(
            "'adjustment.pass_through' has no form year by year; ask for the long or the short run."
        )
    import jax.numpy as jnp

    return jnp.array(part)


def pass_through_in_words(part: float) -> list[str]:
    """A sentence where tariffs are not passed through whole."""
    if part == 1.0:
        return []
    return [
        f"Firms pass {100 * part:g} % of a tariff on to buyers, so that it moves demand by as much "
        "of what a cost of its size would (Ignatenko, Lashkaripour, Macedoni and Simonovska 2025)."
    ]
