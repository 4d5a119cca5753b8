"""Services trade restrictiveness by sector and policy area, 2014-2024: OECD STRI, CC BY 4.0."""

from pathlib import Path

import numpy as np
import xarray as xr

from .._core import DataError
from . import tables


ATTRIBUTION = (
    "Services restrictiveness: OECD, Services Trade Restrictiveness Index, http://oe.cd/stri, "
    "CC BY 4.0."
)
POLICY_AREAS = (
    "Restrictions on foreign entry",
    "Restrictions to movement of people",
    "Other discriminatory measures",
    "Barriers to competition",
    "Regulatory transparency",
)
TOTAL, ALL_SECTORS = "STRI", "ALLSEC"
ADDING_UP = 1e-5
"""The source's scores are rounded, so that areas add to the total only so far."""


def read_restrictiveness(raw_directory: Path, year: int) -> xr.DataArray:
    """Scores of one year (policy_area, country, sector): 0 is open, 1 is closed.

    Not a number where the index has no value, such as sea transport of landlocked countries.
    """
    path = Path(raw_directory) / "oecd_stri" / "stri_2014_2024.parquet"
    frame = tables.read_parquet(
        path,
        ["policy_area", "country", "sector", "score"],
        f"year = {year:d} and sector <> '{ALL_SECTORS}'",
    )
    coords = {
        "policy_area": (*POLICY_AREAS, TOTAL),
        "country": sorted(set(frame.country)),
        "sector": sorted(set(frame.sector)),
    }
    scores = tables.lay_out(frame, "score", coords, fill=np.nan)
    areas, total = scores.sel(policy_area=list(POLICY_AREAS)), scores.sel(policy_area=TOTAL)
    error = float(np.abs(areas.sum("policy_area", skipna=False) - total).max())
    if error > ADDING_UP:
        raise DataError(
            f"the five policy areas in {path} should add to the index, but miss it by {error:.2g}."
        )
    return areas
