"""National technology in 2020: coefficients of the OECD Inter-Country Input-Output tables.

Computed from the OECD tables with taxes less subsidies on products left out: the shares of inputs
and value added of an industry add to one.
"""

from pathlib import Path

import numpy as np
import xarray as xr

from .._core import DataError
from . import tables
from .concordance import economies, industries, regions


ATTRIBUTION = (
    "Technology and the composition of final demand (2020): OECD (2023), OECD Inter-Country "
    "Input-Output Tables, http://oe.cd/icio, CC BY 4.0; coefficients computed from them."
)
ADDING_UP = 1e-9
"""Largest error of input plus value added shares in float64 long tables; measured 4e-16."""


def read_technology(raw_directory: Path) -> xr.Dataset:
    """Input shares, value added shares and final expenditure shares of 77 economies.

    `input_share` (country, input, sector): share of a product, from all origins, in the gross
    output of a sector. `value_added_share`, `final_share` (country, sector).
    """
    folder = Path(raw_directory) / "oecd_icio2020_coefficients"
    countries = [code for code in economies() if regions("world_2022")[code] == code]
    sectors = [industry.code for industry in industries("icio")]
    technology = xr.Dataset(
        {"input_share": _input_share(folder, countries, sectors)}
        | {
            name: _by_sector(folder, name, countries, sectors)
            for name in ("va_share", "final_share")
        }
    ).rename(va_share="value_added_share")
    error = np.abs(technology.input_share.sum("input") + technology.value_added_share - 1).max()
    if error > ADDING_UP:
        raise DataError(
            f"shares of inputs and value added in {folder} should add to 1, but miss it by "
            f"up to {float(error):.2g}."
        )
    return technology


def _input_share(folder: Path, countries: list[str], sectors: list[str]) -> xr.DataArray:
    columns = ["country", "input_industry", "using_industry", "coefficient"]
    frame = tables.read_parquet(folder / "io_coefficients.parquet", columns)
    frame = frame.rename(columns={"input_industry": "input", "using_industry": "sector"})
    coords = {"country": countries, "input": sectors, "sector": sectors}
    return tables.lay_out(frame, "coefficient", coords)


def _by_sector(folder: Path, name: str, countries: list[str], sectors: list[str]) -> xr.DataArray:
    path = folder / "va_and_final_shares.parquet"
    frame = tables.read_parquet(path, ["country", "industry", name])
    frame = frame.rename(columns={"industry": "sector"})
    return tables.lay_out(frame, name, {"country": countries, "sector": sectors})
