"""How fast buyers and workers move: the pace of staggered sourcing, from published elasticities.

Trade elasticities by horizon are matched as ratios to that of the long run, for elasticities of any
size. What one year brings is a part zeta of those who choose; see `Staggered`.
"""

from dataclasses import dataclass
from typing import Any


# Boehm, Levchenko and Pandalai-Nayar (2023), as their abstract gives them: a trade elasticity of
# 0.76 in the year after a tariff changes and of about 2 in the long run, between 1.75 and 2.25,
# to which it takes 7 to 10 years.
FIRST_YEAR = 0.76
LONG_RUN = 2.0
NEARLY_LONG_RUN = 1.75
CONVERGED = (7, 10)
SOONEST = 5
"""The first whole year that can be nearly the long run: before it, those who keep their supplier
would have a negative elasticity."""

SHORT_RUN_RATIO = FIRST_YEAR / LONG_RUN


@dataclass(frozen=True)
class SourcingPace:
    """How a trade elasticity grows over the years of a wedge: numbers, or arrays of them."""

    reset: Any
    """Zeta: the part of buyers that chooses suppliers anew in a year."""
    locked_ratio: Any
    """The elasticity of buyers who keep their supplier, over that of the long run."""

    def ratio(self, years: int) -> Any:
        """The trade elasticity after `years` over that of the long run, at given costs elsewhere.

        theta (1 - (1-zeta)^h) + theta0 (1-zeta)^h; Chen, Goes, Muendler and Trottner (2023).
        """
        return 1.0 - (1.0 - self.locked_ratio) * (1.0 - self.reset) ** years

    def immobility(self, years: int) -> Any:
        """One over kappa after `years`: labour is tied when a policy comes, and loosens at the pace
        of buyers. The form is ours."""
        return (1.0 - self.reset) ** years


def matched(nearly: Any) -> SourcingPace:
    """The pace at which the first year has its published elasticity, and year `nearly` has the
    lowest that is published for the long run; a number or an array of `SOONEST` or more."""
    missing = (1.0 - NEARLY_LONG_RUN / LONG_RUN) / (1.0 - SHORT_RUN_RATIO)
    kept = missing ** (1.0 / (nearly - 1.0))
    return SourcingPace(reset=1.0 - kept, locked_ratio=1.0 - (1.0 - SHORT_RUN_RATIO) / kept)


MIDDLE = sum(CONVERGED) / 2
"""Of 7 to 10 years: our reading of how long it takes."""
PUBLISHED = matched(MIDDLE)


def profile() -> str:
    """The fit, year by year: an elasticity of 2 in the long run, and one over kappa."""
    rows = [("year", "trade elasticity", "1/kappa")]
    rows += [
        (str(year), f"{LONG_RUN * PUBLISHED.ratio(year):.2f}", f"{PUBLISHED.immobility(year):.2f}")
        for year in range(1, CONVERGED[1] + 1)
    ]
    fit = f"zeta {PUBLISHED.reset:.3f}, theta0 over theta {PUBLISHED.locked_ratio:.3f}"
    range_ = " to ".join(f"{matched(year).reset:.3f}" for year in reversed(CONVERGED))
    lines = [f"{year:>4}  {elasticity:>16}  {tied:>7}" for year, elasticity, tied in rows]
    return "\n".join([f"{fit}; zeta from {range_} with year 10 or 7", *lines])
