"""What an answer is not sure of: the `[uncertainty]` table of a scenario, ten assumptions."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from ._document import Request
from ._ratios import Deviation, InnerShare, Multiple
from .pace import CONVERGED, SOONEST


Assumption = Literal[
    "elasticities",
    "pace",
    "rents",
    "nests",
    "size",
    "tariffs",
    "services_split",
    "wage_floor",
    "bottlenecks",
    "capital",
]
ASSUMPTIONS: dict[str, str] = {
    "elasticities": "the trade elasticities",
    "pace": "how fast buyers and workers move",
    "rents": "who keeps the rents",
    "nests": "the nests of substitution",
    "size": "the size of the policies",
    "tariffs": "how tariffs are averaged over lines",
    "services_split": "how services trade is split by sector",
    "wage_floor": "how far wages can fall in a year",
    "bottlenecks": "how long critical items are missed",
    "capital": "what capital earns and costs",
}
"""The assumptions that can be drawn, in words."""

MOST_DRAWS = 10_000
"""Of any question, the same in each."""
MOST_SEED = 2**31 - 1
"""An outcome file has 31 bits for it."""

DRIVERS = 3
"""Assumptions that are named beside a number, those that move it most."""

Holder = Literal["importer", "exporter", "nobody"]

Limits = tuple[Multiple, Multiple]
_LIMITS = ("nearly_long_run", "home_relative_elasticity", "size", "wage_floor", "discount_rate",
           "capital_share")  # fmt: skip
_TWO_LIMITS = "should be two numbers up to 100, low and high, more than zero"


class Uncertainty(Request):
    """How far the assumptions of a scenario may be wrong, and how many draws say what that does.

    Every assumption is drawn on its own. What a draw does not move is the scenario's. Where the
    baseline has line averages beside the tariffs that are levied, or a second split of services
    trade, draws lie anywhere between the two, evenly (`tariffs`, `services_split`). The shares,
    stocks, substitution and recovery of a bottleneck are drawn over the ranges that it says, half
    of the draws on either side of the central value (`bottlenecks`). The ranges
    are ours where no source is named: they say how much of the answer hangs on a choice, not how
    likely each value is.
    """

    draws: Annotated[int, Field(ge=0, le=MOST_DRAWS)] = 200
    """How many draws are solved; 0 is none, and the answer comes without intervals."""
    seed: Annotated[int, Field(ge=0, le=MOST_SEED)] = 0
    """Same seed, same draws; more draws of a seed begin with the same ones. An outcome file has 31
    bits for it."""
    level: InnerShare = 0.9
    """The part of the draws that an interval holds, as much left out above as below."""
    hold: tuple[Assumption, ...] = ()
    """Assumptions that are not drawn but stay at the scenario's own."""
    published_elasticities: bool = True
    """Whether a set of trade elasticities is drawn among the scenario's, the baseline's and every
    publication that the baseline carries, each as likely; else it is the scenario's. One from a
    file of yours is drawn by its standard errors, sector by sector, and by nothing else."""
    elasticity_deviation: Deviation = 0.2
    """Standard deviation of the log of a factor on all trade elasticities; 0.2 is ours."""
    nearly_long_run: Limits = (float(CONVERGED[0]), float(CONVERGED[1]))
    """The year of a policy by which trade elasticities are nearly those of the long run, drawn
    evenly where the horizon is a number of years and `adjustment` fixes no relative_elasticity. The
    range is Boehm, Levchenko and Pandalai-Nayar's (2023), 7 to 10; each year in it is a pace of
    buyers and workers with which the first year has their elasticity."""
    rents: tuple[Holder, ...] = ("importer", "exporter", "nobody")
    """Who keeps every mark-up of rationing, drawn among these, each as likely."""
    home_relative_elasticity: Limits = (0.5, 1.0)
    """Elasticity between goods from home and from abroad over the sector's trade elasticity, drawn
    evenly. Feenstra, Luck, Obstfeld and Russ (2018) find it lower in about half of the goods and no
    different in the others; how much lower is ours. Not drawn where `adjustment` sets it."""
    nest_deviation: Deviation = 0.2
    """Standard deviation of the log of a factor on the relative elasticity of the scenario's own
    nests; 0.2 is ours."""
    size: Limits = (0.5, 1.5)
    """Every policy at this multiple of itself, drawn evenly: prices in logs, the rest in levels; a
    prohibition and a bottleneck, which has ranges of its own, stay whole. The range is ours."""

    wage_floor: Limits = (0.98, 1.0)
    """The least that a wage may be after a year, over what it was, drawn evenly where the scenario
    has a floor under wages. The range is ours: from a fall of two per cent to none."""

    discount_rate: Limits = (0.02, 0.06)
    """The net return that owners of produced capital ask for in a year, drawn evenly where capital
    is produced and `adjustment` does not set it. The range is ours."""
    capital_share: Limits = (0.8, 1.2)
    """Capital's share of value added over what is observed, drawn evenly where capital is produced
    and `adjustment` does not set it; never more than what the investment of the base year can
    replace. The range is ours."""

    @field_validator("draws")
    @classmethod
    def _none_or_some(cls, draws: int) -> int:
        if draws == 1:
            raise ValueError("should be 0 for no intervals, or 2 or more")
        return draws

    @field_validator("rents")
    @classmethod
    def _someone(cls, rents: tuple[Holder, ...]) -> tuple[Holder, ...]:
        if not rents:
            raise ValueError(
                'should name one holder or more; hold = ["rents"] keeps the scenario\'s'
            )
        return rents

    @field_validator(*_LIMITS, mode="before")
    @classmethod
    def _two(cls, limits: Any) -> Any:
        if isinstance(limits, list | tuple) and len(limits) == 2:
            return limits
        raise ValueError(_TWO_LIMITS)

    @field_validator("nearly_long_run")
    @classmethod
    def _late_enough(cls, limits: Limits) -> Limits:
        if limits[0] >= SOONEST:
            return limits
        raise ValueError(
            f"should begin with year {SOONEST} or later: sooner, buyers who keep their suppliers "
            "would buy more of what costs more"
        )

    @field_validator(*_LIMITS)
    @classmethod
    def _ordered(cls, limits: Limits) -> Limits:
        if 0 < limits[0] <= limits[1] <= 100:
            return limits
        raise ValueError(_TWO_LIMITS)
