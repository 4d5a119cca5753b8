"""The sixteen specifications of chapter 1 of the WTO and UNCTAD guide, on its own panel.

Yotov, Piermartini, Monteiro and Larch (2016), An Advanced Guide to Trade Policy Analysis: The
Structural Gravity Model. Equation numbers are the guide's. Every fourth year is in the sample;
ordinary least squares drops flows of zero, Poisson keeps them, and pairs that never trade drop out
where pairs have effects of their own.
"""

from collections.abc import Mapping

import numpy as np

from .panel import Frame, Panel
from .specification import BOTH_SIDES, INTERNAL_PAIR, PAIR, Specification


YEARS = tuple(range(1986, 2007, 4))
GEOGRAPHY = ("cntg", "lang", "clny")
DISTANCES = tuple(f"log_dist_{year}" for year in YEARS)
LEAD = ("rta", "rta_lead4")
PHASES = ("rta", "rta_lag4", "rta_lag8", "rta_lag12")
BORDERS = tuple(f"border_{year}" for year in YEARS[:-1])
"""The border of the last year is what the others are compared with."""


def _traditional() -> tuple[Specification, ...]:
    basic = ("log_dist", *GEOGRAPHY)
    sizes = ("log_output", "log_expenditure")
    remoteness = ("log_remoteness_exporter", "log_remoteness_importer")
    make = lambda name, title, number, regressors, **rest: Specification(
        name, title, regressors, abroad_only=True, source=f"Guide, eq. ({number})", **rest
    )
    return (
        make("traditional-ols", "Output and expenditure alone", "1-23", basic + sizes,
             effects=(), estimator="ols"),
        make("traditional-remoteness", "With indexes of remoteness", "1-24",
             basic + sizes + remoteness, effects=(), estimator="ols"),
        make("traditional-effects", "Exporter-year and importer-year effects", "1-27", basic,
             estimator="ols"),
        make("traditional-ppml", "The same by Poisson", "1-28", basic),
    )  # fmt: skip


def _distance_puzzle() -> tuple[Specification, ...]:
    ends = (DISTANCES[0], DISTANCES[-1])
    make = lambda name, title, number, more=(), **rest: Specification(
        f"distance-{name}", title, (*DISTANCES, *GEOGRAPHY, *more), change=ends,
        source=f"Guide, eq. ({number})", **rest
    )  # fmt: skip
    return (
        make("ols", "Distance by year", "1-29", estimator="ols", abroad_only=True),
        make("ppml", "The same by Poisson", "1-30", abroad_only=True),
        make("internal", "With distance at home", "1-31", ("log_dist_internal",)),
        make("home", "With distance at home and a home bias", "1-32",
             ("log_dist_internal", "internal")),
        make("country", "With an effect of each country's home market", "1-33",
             effects=(*BOTH_SIDES, INTERNAL_PAIR)),
    )  # fmt: skip


def _agreements() -> tuple[Specification, ...]:
    basic = ("log_dist", *GEOGRAPHY, "rta")
    three_way = (*BOTH_SIDES, PAIR)
    make = lambda name, title, number, regressors, **rest: Specification(
        f"rta-{name}", title, regressors, source=f"Guide, eq. ({number})", **rest
    )
    return (
        make("ols", "An agreement, trade across borders alone", "1-34", basic,
             estimator="ols", abroad_only=True),
        make("ppml", "The same by Poisson", "1-35", basic, abroad_only=True),
        make("internal", "With internal trade and an effect of each home market", "1-35", basic,
             effects=(*BOTH_SIDES, INTERNAL_PAIR)),
        make("pair", "With an effect of each pair", "1-36", ("rta",), effects=three_way),
        make("lead", "With what comes four years before", "1-37", LEAD,
             effects=three_way, total=LEAD),
        make("lags", "Phased in over twelve years", "1-38", PHASES, effects=three_way,
             total=PHASES),
        make("globalization", "Phased in, and borders that thin by year", "1-39",
             (*PHASES, *BORDERS), effects=three_way, total=PHASES),
    )  # fmt: skip


SPECIFICATIONS: Mapping[str, Specification] = {
    specification.name: specification
    for specification in (*_traditional(), *_distance_puzzle(), *_agreements())
}
"""Every named specification, in the guide's order."""


def with_guide_columns(panel: Panel) -> Panel:
    """The panel with every regressor that the specifications name.

    Needs `dist` (km), and reads from the year column which distances and borders there are.
    """
    rows = panel.require("dist").rows.copy()
    home = rows["exporter"].to_numpy() == rows["importer"].to_numpy()
    rows["log_dist"] = np.log(rows["dist"])
    rows["internal"] = home.astype(float)
    rows["log_dist_internal"] = rows["log_dist"] * home
    for year in sorted(rows["year"].unique()):
        of_year = (rows["year"] == year).to_numpy() & ~home
        rows[f"log_dist_{year}"] = np.where(of_year, rows["log_dist"], 0.0)
        rows[f"border_{year}"] = of_year.astype(float)
    return Panel(_with_sizes(rows))


def _with_sizes(rows: Frame) -> Frame:
    """Logs of output, expenditure and remoteness, home sales included, as the guide sums them."""
    output, spent = (_summed(rows, side, rows["trade"]) for side in ("exporter", "importer"))
    world = _summed(rows, None, rows["trade"])
    totals = {
        "log_output": output,
        "log_expenditure": spent,
        "log_remoteness_exporter": _summed(rows, "exporter", rows["dist"] * world / spent),
        "log_remoteness_importer": _summed(rows, "importer", rows["dist"] * world / output),
    }
    with np.errstate(divide="ignore"):
        return rows.assign(**{name: np.log(values) for name, values in totals.items()})


def _summed(rows: Frame, side: str | None, values: Frame) -> Frame:
    """Sums by year, and by country on one side; one of which a part is missing is missing."""
    keys = [rows["year"]] if side is None else [rows[side], rows["year"]]
    whole = values.notna().groupby(keys).transform("all")
    return values.groupby(keys).transform("sum").where(whole)
