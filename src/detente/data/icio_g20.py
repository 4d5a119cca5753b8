"""The complete table of 2019: OECD Inter-Country Input-Output tables, edition of 2023, CC BY 4.0.

19 economies and the rest of the world, 20 sections of ISIC Rev. 4, million current US$ at basic
prices. What residents buy abroad is in it, at home in the country where they live.
"""

from pathlib import Path

import xarray as xr

from . import tables
from .concordance import industries, region_order


ATTRIBUTION = (
    "Flows and technology (2019): OECD (2023), OECD Inter-Country Input-Output Tables, "
    "http://oe.cd/icio, CC BY 4.0; aggregated to 19 economies, the rest of the world and 20 "
    "sections."
)
SEED_ATTRIBUTION = (
    "Composition of final services (2019): OECD (2023), OECD Inter-Country Input-Output Tables, "
    "http://oe.cd/icio, CC BY 4.0."
)
FINAL_USES = ("consumption", "capital_formation_and_inventories", "purchases_abroad")
ACCOUNTS = ("net_taxes", "value_added", "output")


def countries() -> list[str]:
    """The 19 economies and the rest of the world."""
    return list(region_order("2019"))


def sections() -> list[str]:
    """The 20 sections, A to T."""
    return [industry.code for industry in industries("sections")]


def read_intermediate(raw_directory: Path) -> xr.DataArray:
    """Intermediate use (origin, destination, input, user), million US$."""
    columns = ["origin", "destination", "input", "user"]
    frame = tables.read_parquet(_path(raw_directory, "intermediate"), [*columns, "value_musd"])
    labels = (countries(), countries(), sections(), sections())
    return tables.lay_out(frame, "value_musd", dict(zip(columns, labels, strict=True)))


def read_final(raw_directory: Path) -> xr.DataArray:
    """Final use (origin, destination, sector, final_use), million US$.

    The destination of `purchases_abroad` is the country where those who travel live.
    """
    columns = ["origin", "destination", "sector", "final_use"]
    frame = tables.read_parquet(_path(raw_directory, "final"), [*columns, "value_musd"])
    labels = (countries(), countries(), sections(), FINAL_USES)
    return tables.lay_out(frame, "value_musd", dict(zip(columns, labels, strict=True)))


def read_accounts(raw_directory: Path) -> xr.Dataset:
    """Net taxes on the products that industries use, value added and output, million US$.

    Each of them by country and sector.
    """
    stored = [f"{name}_musd" for name in ACCOUNTS]
    columns = ["country", "sector", *stored]
    frame = tables.read_parquet(_path(raw_directory, "value_added"), columns)
    coords = {"country": countries(), "sector": sections()}
    return xr.Dataset({name: tables.lay_out(frame, f"{name}_musd", coords) for name in ACCOUNTS})


def _path(raw_directory: Path, table: str) -> Path:
    return Path(raw_directory) / "oecd_icio2023_2019_g20" / f"{table}.parquet"
