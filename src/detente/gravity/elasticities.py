"""Trade elasticities of our own: how far flows fall with tariffs, sector by sector.

Flows are valued before the tariff, so that an elasticity theta of a purchaser's spending to its
price, tariff included, is an elasticity of 1 + theta of the flow to 1 + tariff. One sector of

    trade = exp(-(1 + theta) log(1 + tariff) + borders by year + effects) error

with effects of exporter-year, importer-year and of each pair in each direction, home sales
included (Heid, Larch and Yotov 2021; the guide's chapter 1), is estimated by Poisson; errors are
clustered by pair.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .._core import EstimationError
from .estimation import Estimate, estimate
from .panel import Panel
from .specification import BOTH_SIDES, DIRECTED_PAIR, Specification


TARIFF = "log_tariff"
DEMEANED = 1e-6
"""Of the demeaning, which is slow where most flows are zero; theta is then right to five digits."""
CERTAIN = 1.96
HIGHEST = 20.0
RULE = (
    "used where it is at least 1.96 standard errors above zero and at most 20, the cap of the "
    "published sets; a rule fixed before anything was estimated"
)
"""Which estimates are usable."""


@dataclass(frozen=True, slots=True)
class SectorElasticity:
    """The trade elasticity of a sector, or the sentence that says why there is none."""

    sector: str
    theta: float
    standard_error: float
    rows: int
    clusters: int
    seconds: float
    reason: str
    """Empty where the estimate is usable."""

    @property
    def usable(self) -> bool:
        return not self.reason


def tariff_specification(sector: str, years: Iterable[int]) -> Specification:
    """The equation of one sector; the last year's border is what the others are compared with."""
    borders = tuple(f"border_{year}" for year in sorted(years)[:-1])
    return Specification(
        name=f"tariffs-{sector}",
        title=f"Flows of {sector} and tariffs on them",
        regressors=(TARIFF, *borders),
        effects=(*BOTH_SIDES, DIRECTED_PAIR),
        source="Heid, Larch and Yotov (2021), Canadian Journal of Economics 54(1)",
    )


def estimate_elasticity(panel: Panel, sector: str) -> SectorElasticity:
    """The trade elasticity of a sector from a panel with `tariff` (0.08 is 8 percent).

    A sector that cannot be estimated, or whose estimate the rule refuses, has a reason.
    """
    try:
        fit = estimate_tariffs(panel, sector)
        theta, error = -fit[TARIFF] - 1.0, fit.error(TARIFF)
    except EstimationError as refused:
        return SectorElasticity(sector, np.nan, np.nan, len(panel.rows), 0, 0.0, str(refused))
    counts = (fit.rows, fit.clusters, fit.seconds)
    return SectorElasticity(sector, theta, error, *counts, judge(theta, error))


def estimate_tariffs(panel: Panel, sector: str) -> Estimate:
    """The regression behind it."""
    rows, home = panel.require("tariff").rows, panel.home
    if (rows["tariff"] <= -1.0).any():
        raise EstimationError(f"a tariff on {sector} is -100 % or less.")
    rates = rows["tariff"].where(~home, 0.0)
    spread = rates.groupby([rows["exporter"], rows["importer"]]).agg(lambda rate: np.ptp(rate))
    if not (spread > 0).any():
        raise EstimationError(
            f"no pair's tariff on {sector} ever changes, so its elasticity cannot be estimated "
            "beside the effects of pairs."
        )
    borders = {
        f"border_{year}": ((rows["year"] == year) & ~home).astype(float) for year in panel.years
    }
    made = Panel(rows.assign(**{TARIFF: np.log1p(rates)}, **borders))
    return estimate(made, tariff_specification(sector, panel.years), demeaned=DEMEANED)


def judge(theta: float, standard_error: float) -> str:
    """Why the rule refuses an estimate, or nothing."""
    if theta <= 0:
        return "the wrong sign"
    if not theta >= CERTAIN * standard_error:
        return "too imprecise"
    return f"above {HIGHEST:g}" if theta > HIGHEST else ""


def elasticity_table(elasticities: Iterable[SectorElasticity]) -> pd.DataFrame:
    """One row for each sector."""
    columns = ("sector", "theta", "standard_error", "rows", "clusters", "seconds", "usable")
    return pd.DataFrame(
        [
            {name: getattr(one, name) for name in columns} | {"reason": one.reason}
            for one in elasticities
        ]
    )
