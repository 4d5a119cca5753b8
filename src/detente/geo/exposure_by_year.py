"""How exposure moved: the matrix of every year from 2011 to 2022, on one technology.

Flows and tariffs are those of each year; input coefficients, elasticities and the split of services
are the baseline's (`calibrate.yearly`), so that what moves is who trades with whom. Twice: without
trade deficits, as Kleinman, Liu and Redding have it, and with those of the year held fixed. A fixed
surplus is a transfer abroad whose real value rises when prices fall, which can turn the sign.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from .. import library
from .._core import DataError, Deficits, nearest, SolveError
from ..calibrate.yearly import economy_of, yearly_worlds
from ..world import Baseline
from .exposure import exposure_between_all, HORIZONS


YEARS = range(2011, 2023)
SHIPPED = library.path("exposure/by_year.nc")
DIMS = ("year", "deficits", "horizon", "affected", "growing")
DEFICITS: tuple[Deficits, ...] = ("removed", "fixed")


def matrices(
    baseline: Baseline, worlds: xr.Dataset, progress: Callable[[str], None] = lambda year: None
) -> xr.Dataset:
    """U of every year of `worlds` at both horizons, and the shares in trade beside it."""
    exposures, shares = [], []
    for year in worlds.year.values.tolist():
        progress(str(year))
        world = _world(baseline, worlds, year)
        of_year = [
            [exposure_between_all(world, horizon, rule).to_numpy() for horizon in HORIZONS]
            for rule in DEFICITS
        ]
        if not np.isfinite(of_year).all():
            raise SolveError(f"the derivatives of the world of {year} were not found.")
        exposures.append(of_year)
        shares.append(_trade_shares(np.asarray(world.economy.trade)))
    places = list(baseline.countries)
    return xr.Dataset(
        {
            "exposure": (
                DIMS, np.asarray(exposures, "float32"), {"units": "percent for one percent"},
            ),
            "trade_share": (
                ("year", "affected", "growing"), np.asarray(shares, "float32"), {"units": "1"},
            ),
        },
        coords={"year": worlds.year.values, "deficits": list(DEFICITS), "horizon": list(HORIZONS),
                "affected": places, "growing": places},
        attrs={"basis": worlds.attrs["basis"], "technology": baseline.name,
               "source": worlds.attrs["source"]},
    )  # fmt: skip


def build(baseline: Baseline, raw_directory: Path, years: Sequence[int] = YEARS) -> xr.Dataset:
    """The matrices of the years, from the raw sources."""
    return matrices(baseline, yearly_worlds(baseline, raw_directory, years))


def by_year(
    country: str,
    to: Sequence[str],
    deficits: Deficits = "removed",
    table: xr.Dataset | None = None,
) -> pd.DataFrame:
    """Rows of year, horizon, partner, exposure and trade_share, from a table or the shipped one.

    `exposure` is the percent of the country's real income for one percent more productivity of the
    partner; `trade_share` the partner's part of the country's exports and imports together.
    """
    if table is None:
        table = library.dataset(SHIPPED)
    rules = [str(rule) for rule in table.deficits.values]
    if deficits not in rules:
        raise DataError(
            f"the table of exposure by year has deficits {' or '.join(rules)}, not {deficits}."
        )
    valid = [str(code) for code in table.affected.values]
    for code in (country, *to):
        if code not in valid:
            raise DataError(
                f"the table of exposure by year has no country '{code}'; {nearest(code, valid)}"
            )
    chosen = table.sel(affected=country, growing=list(to), deficits=deficits)
    rows = chosen.reset_coords(drop=True).to_dataframe()
    rows = rows.reset_index().rename(columns={"growing": "partner"})
    rows = rows.astype({"exposure": float, "trade_share": float})
    rows.attrs = {
        "country": country,
        "deficits": deficits,
        **{str(key): value for key, value in table.attrs.items()},
    }
    return rows.reindex(columns=["year", "horizon", "partner", "exposure", "trade_share"])


def _world(baseline: Baseline, worlds: xr.Dataset, year: int) -> Baseline:
    codes = tuple(str(code) for code in worlds.sector.values)
    economy = economy_of(worlds, year)
    return replace(
        baseline, economy=economy, sectors=codes, sector_groups={}, published_elasticities={},
        restrictiveness=None, line_average_tariff=None, alternative_trade=None, input_trade=None,
        imputed_share=None,
    )  # fmt: skip


def _trade_shares(trade: np.ndarray) -> np.ndarray:
    """Of exports and imports together, goods and services."""
    flows = trade.sum(axis=2)
    both = flows + flows.T
    np.fill_diagonal(both, 0.0)
    return both / both.sum(axis=1, keepdims=True)
