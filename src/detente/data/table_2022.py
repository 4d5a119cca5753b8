"""The inter-country table of 2022: OECD ICIO, edition of 2025, 80 economies and 50 industries.

Intermediates are the table's own. Final use of goods is exact; that of services by pair and sector
is an estimate, given under two seeds, whose totals by pair and by selling sector are exact. The
rest of the world is not in it: what a sector sells there is its output less all that is here.
"""

from pathlib import Path

import xarray as xr

from . import tables
from .concordance import economies, industries


CLASSIFICATION = "icio_2025"
FOLDER = "oecd_icio2025_2022"
REST = "ROW"
ATTRIBUTION = (
    "Services by pair and sector, technology (2022): OECD (2025), OECD Inter-Country Input-Output "
    "Tables, http://oe.cd/icio, CC BY 4.0; final services by pair and sector are estimates."
)


def read_table(raw_directory: Path) -> xr.Dataset:
    """The table of 2022, million US$ at basic prices.

    `intermediate`, `final`, `final_alternative` (origin, destination, sector), domestic sales
    included; `domestic_use`, `imported_use` (country, input, sector), imports from the other 79;
    `output` (country, sector).
    """
    folder = Path(raw_directory) / FOLDER
    places = [code for code in economies() if code != REST]
    sectors = [row.code for row in industries(CLASSIFICATION)]
    return xr.Dataset(_flows(folder, places, sectors) | _use(folder, places, sectors))


def _flows(folder: Path, places: list[str], sectors: list[str]) -> dict[str, xr.DataArray]:
    names = {
        "intermediate": "intermediate_musd",
        "final": "final_musd",
        "final_alternative": "final_alternative_musd",
    }
    path = folder / "flows_by_pair_and_sector.parquet"
    frame = tables.read_parquet(path, ["origin", "destination", "sector", *names.values()])
    coords = {"origin": places, "destination": places, "sector": sectors}
    return {name: tables.lay_out(frame, column, coords) for name, column in names.items()}


def _use(folder: Path, places: list[str], sectors: list[str]) -> dict[str, xr.DataArray]:
    names = {"domestic_use": "domestic_musd", "imported_use": "imported_musd"}
    path = folder / "use_by_country.parquet"
    frame = tables.read_parquet(path, ["country", "input", "user", *names.values()])
    frame = frame.rename(columns={"user": "sector"})
    coords = {"country": places, "input": sectors, "sector": sectors}
    output = tables.read_parquet(
        folder / "output_by_sector.parquet", ["country", "sector", "output_musd"]
    )
    return {name: tables.lay_out(frame, column, coords) for name, column in names.items()} | {
        "output": tables.lay_out(output, "output_musd", {"country": places, "sector": sectors})
    }
