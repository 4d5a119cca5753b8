"""Applied tariffs by pair and sector, 2011-2022: Teti's Global Tariff Database by ICIO sector."""

from pathlib import Path

import xarray as xr

from . import tables
from .concordance import economies, SERVICES_TOTAL
from .icio import flow_sectors


ATTRIBUTION = (
    "Applied tariffs: aggregated from Teti, F. (2024), Missing Tariffs, Global Tariff Database; "
    "rates of 2022 repeat 2021."
)
WITHOUT_DATA = "ROW"
"""The rest of the world has no rates in the source, neither of its own nor those it faces."""


def read_tariffs(raw_directory: Path, year: int) -> xr.DataArray:
    """Applied ad valorem rates (0.08 is 8 %) by origin, destination and goods sector.

    A rate that the source leaves out is zero: it drops zeros, and the rest of the world, for which
    it has no data, cannot be told apart from them.
    """
    path = Path(raw_directory) / "tariffs" / "teti_by_icio_sector_2011_2022.parquet"
    frame = tables.read_parquet(
        path,
        ["exporter", "importer", "sector", "tariff"],
        f"year = {year:d} and sector <> '{SERVICES_TOTAL}'",
    )
    frame = frame.rename(columns={"exporter": "origin", "importer": "destination"})
    coords = {"origin": economies(), "destination": economies(), "sector": flow_sectors()}
    return tables.lay_out(frame, "tariff", coords)
