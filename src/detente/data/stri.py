"""Services trade restrictiveness by sector and policy area, 2014-2024: OECD STRI, CC BY 4.0."""

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from jaxtyping import Float
from scipy.optimize import nnls

from .._core import DataError
from . import tables
from .concordance import table


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


def field_weights() -> dict[str, float]:
    """The weight of each field in the OECD's average over all of them; together one.

    The OECD publishes the average, `ALLSEC`, but not the weights. `implied_weights` reads them off
    it, and `tools/stri_weights.py` writes the table that ships.
    """
    return {row["field"]: float(row["weight"]) for row in table("stri_weights")}


def implied_weights(scores: pd.DataFrame) -> tuple[dict[str, float], Float[np.ndarray, " n"]]:
    """Weights of the fields with which they best add up to `ALLSEC`, and what is left of it.

    `scores` has the index by country and year in rows and by field in columns. Least squares, none
    of them negative, together one; rows that lack a field say nothing.
    """
    whole = scores.dropna()
    fields, average = whole.drop(columns=ALL_SECTORS), whole[ALL_SECTORS].to_numpy()
    # The last row, far heavier than any score, makes them add to one.
    heavy = 1e3
    matrix = np.vstack([fields.to_numpy(), np.full(fields.shape[1], heavy)])
    weights, _ = nnls(matrix, np.append(average, heavy))
    left = average - fields.to_numpy() @ weights
    return dict(zip(map(str, fields.columns), weights, strict=True)), left


def read_totals(raw_directory: Path) -> pd.DataFrame:
    """The index of every year, `ALLSEC` included: countries and years by fields."""
    path = Path(raw_directory) / "oecd_stri" / "stri_2014_2024.parquet"
    frame = tables.read_parquet(
        path, ["country", "year", "sector", "score"], f"policy_area = '{TOTAL}'"
    )
    return frame.pivot(index=["country", "year"], columns="sector", values="score")
