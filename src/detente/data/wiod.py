"""World input-output table of 2014, re-estimated from partial tables: WIOD 2016 release, CC BY 4.0.

Final use, domestic blocks, value added, exports by industry and imports by user are the source's;
bilateral intermediate trade and the imports of each product by using industry are re-estimated.
"""

from pathlib import Path

import numpy as np
import xarray as xr

from . import tables
from .concordance import economies, industries, regions


ATTRIBUTION = (
    "World Input-Output Database (WIOD), Timmer, M. P., Dietzenbacher, E., Los, B., Stehrer, R. "
    "and de Vries, G. J. (2015), An Illustrated User Guide to the World Input-Output Database: the "
    "Case of Global Automotive Production, Review of International Economics 23: 575-605, "
    "CC BY 4.0; re-estimated from partial tables, not the published table."
)
PARTS, REBUILT = "wiod2014_parts", "wiod2014_rebuilt"
FINAL_USES = ("CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN")
VALUE_ADDED = "Value added at basic prices"


def countries() -> list[str]:
    """The 43 countries and the rest of the world."""
    return [code for code in economies() if regions("world_2014")[code] == code]


def sectors() -> list[str]:
    """The 56 industries of the 2016 release."""
    return [industry.code for industry in industries("wiod")]


def read_final_use(raw_directory: Path) -> xr.DataArray:
    """Final use of all kinds by origin, destination and sector, million US$; some are negative.

    Negative values are reductions of inventories that exceed the other uses.
    """
    path = Path(raw_directory) / PARTS / "final_use.parquet"
    frame = tables.read_parquet(path, ["origin", "destination", "industry", "use", "value"])
    frame = frame.rename(columns={"industry": "sector"})
    coords = {
        "origin": countries(),
        "destination": countries(),
        "sector": sectors(),
        "use": FINAL_USES,
    }
    return tables.lay_out(frame, "value", coords).sum("use")


def read_bilateral_intermediate(raw_directory: Path) -> xr.DataArray:
    """Cross-border intermediate trade by origin, destination and sector, million US$."""
    path = Path(raw_directory) / REBUILT / "bilateral_intermediate.parquet"
    frame = tables.read_parquet(path, ["origin", "destination", "industry", "value"])
    frame = frame.rename(columns={"industry": "sector"})
    coords = {"origin": countries(), "destination": countries(), "sector": sectors()}
    return tables.lay_out(frame, "value", coords)


def read_domestic_intermediate(raw_directory: Path) -> xr.DataArray:
    """Use of home-made products by home industries (country, input, sector), million US$."""
    return _use(Path(raw_directory) / PARTS / "domestic_intermediate.parquet")


def read_import_use(raw_directory: Path) -> xr.DataArray:
    """Use of imported products by industries (country, input, sector), million US$."""
    return _use(Path(raw_directory) / REBUILT / "import_use.parquet")


def _use(path: Path) -> xr.DataArray:
    frame = tables.read_parquet(path, ["country", "industry", "user", "value"])
    frame = frame.rename(columns={"industry": "input", "user": "sector"})
    coords = {"country": countries(), "input": sectors(), "sector": sectors()}
    return tables.lay_out(frame, "value", coords)


def read_value_added(raw_directory: Path) -> xr.DataArray:
    """Value added at basic prices (country, sector), million US$; not a number for ROW."""
    path = Path(raw_directory) / PARTS / "factor_costs.parquet"
    frame = tables.read_parquet(
        path, ["country", "industry", "value"], f"category = '{VALUE_ADDED}'"
    )
    frame = frame.rename(columns={"industry": "sector"})
    coords = {"country": countries(), "sector": sectors()}
    return tables.lay_out(frame, "value", coords, fill=np.nan)
