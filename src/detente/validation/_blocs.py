"""Trade between blocs against trade within them, observed: gravity on the goods flows that ship."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from .. import library
from ..gravity import estimate, Panel, Specification


FLOWS = "episodes/goods-2018-2022.nc"
"""OECD (2023), Inter-Country Input-Output Tables, CC BY 4.0, in the regions of compact-2022."""
SERVICES = "SRV"
AFTER = 2022
SPREAD = 1.96

BETWEEN = Specification(
    name="between-blocs",
    title="Trade between blocs after 2021, against trade within them",
    regressors=("between_after", "neutral_after"),
    effects=("exporter_year", "importer_year", "directed_pair"),
    abroad_only=True,
    source="after Gopinath, Gourinchas, Presbitero and Topalova (2024), on annual goods flows",
)


def trade_between_blocs(
    blocs: Mapping[str, Sequence[str]], flows: xr.DataArray | None = None
) -> tuple[float, tuple[float, float]]:
    """Percent by which trade between blocs fell short of that within them in 2022, and 95 %.

    Poisson with effects of exporter-years, importer-years and directed pairs; pairs with a country
    in no bloc have a term of their own. Raises `EstimationError` where it cannot be estimated.
    """
    panel = Panel(_rows(blocs, _shipped() if flows is None else flows))
    fit = estimate(panel, BETWEEN)
    effect, error = fit["between_after"], SPREAD * fit.error("between_after")
    percent = [float(100.0 * np.expm1(value)) for value in (effect, effect - error, effect + error)]
    return percent[0], (percent[1], percent[2])


def _shipped() -> xr.DataArray:
    trade = library.dataset(FLOWS)["trade"]
    return trade.drop_sel(sector=SERVICES).sum("sector")


def _rows(blocs: Mapping[str, Sequence[str]], flows: xr.DataArray) -> pd.DataFrame:
    series = flows.to_series().rename("trade").astype(float).reset_index()
    rows = series.rename(columns={"origin": "exporter", "destination": "importer"})
    side = {code: name for name, members in blocs.items() for code in members}
    seller, buyer = rows.exporter.map(side), rows.importer.map(side)
    aligned = seller.notna() & buyer.notna()
    after = rows.year >= AFTER
    return rows.assign(
        between_after=(aligned & (seller != buyer) & after).astype(float),
        neutral_after=(~aligned & after).astype(float),
    )
