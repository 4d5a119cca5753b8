"""Bilateral flows by sector, 2011-2022: OECD Inter-Country Input-Output tables, CC BY 4.0."""

from pathlib import Path

import xarray as xr

from .._core import DataError
from . import tables
from .concordance import economies, industries, SERVICES_TOTAL


ATTRIBUTION = (
    "Bilateral flows: OECD (2023), OECD Inter-Country Input-Output Tables, http://oe.cd/icio, "
    "CC BY 4.0; inventory changes redistributed so that no flow is negative."
)


FIRST, LAST = 2011, 2022
"""The years of the tables."""


def flow_sectors() -> tuple[str, ...]:
    """The 27 goods sectors of the flow tables, in the order of the source."""
    return tuple(code for industry in industries("icio") for code in industry.flow_sectors)


def read_flows(raw_directory: Path, year: int) -> xr.DataArray:
    """Flows of one year, million US$ at basic prices, domestic sales included.

    Dimensions origin (81), destination (81), sector (27 goods sectors and the services total).
    """
    if not FIRST <= year <= LAST:
        raise DataError(
            f"there are no flows of {year}: the harmonised tables go from {FIRST} to {LAST}."
        )
    path = Path(raw_directory) / "oecd_icio_flows_2011_2022" / "flows.parquet"
    columns = ["exporter", "importer", "sector", "value_musd"]
    frame = tables.read_parquet(path, columns, f"year = {year:d}")
    frame = frame.rename(columns={"exporter": "origin", "importer": "destination"})
    coords = {
        "origin": economies(),
        "destination": economies(),
        "sector": (*flow_sectors(), SERVICES_TOTAL),
    }
    return tables.lay_out(frame, "value_musd", coords)
