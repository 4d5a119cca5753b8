"""How wrong the split of services is, on the table of 2019, where it is known.

The errors are those that `tools/split_error.py` prints and `docs/explanation/worlds.md` states.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from .services_trial import (
    by_cells,
    by_sector,
    EARLIER,
    INTERMEDIATES,
    MARGINS,
    OLD,
    read_truth,
    splits,
    Truth,
    two_seeds,
)


CHOSEN = os.environ.get("DETENTE_RAW")
RAW = Path(CHOSEN) if CHOSEN else Path(__file__).parents[2] / "shared" / "data"
NEEDED = ("oecd_icio2023_2019_g20", "wiod2014_parts", "wiod2014_rebuilt")
MEASURED = {
    ("abroad", INTERMEDIATES): 0.251,
    ("abroad", EARLIER): 0.335,
    ("abroad", MARGINS): 0.520,
    ("abroad", OLD): 0.662,
    ("abroad, final use alone", INTERMEDIATES): 0.549,
    ("at home", INTERMEDIATES): 0.013,
    ("at home", OLD): 0.030,
    ("KOR to CHN", INTERMEDIATES): 0.299,
    ("KOR to CHN", OLD): 0.893,
    ("CHN to KOR", INTERMEDIATES): 0.161,
    ("CHN to KOR", OLD): 1.222,
}
"""Weighted absolute percentage errors of flows by pair and section, as 0.25 for 25 %."""
BY_SECTOR = {"G": 0.121, "H": 0.142, "I": 0.991, "J": 0.153, "K": 0.197, "M": 0.310, "P": 0.923}
"""The same across borders, from own intermediates."""
PRINTED = 0.0006
"""Half of the last digit that is stated, and a little."""

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not all((RAW / name).is_dir() for name in NEEDED), reason=f"no raw sources in {RAW}"
    ),
]


@pytest.fixture(scope="module")
def truth() -> Truth:
    return read_truth(RAW)


@pytest.fixture(scope="module")
def found(truth: Truth) -> dict[str, np.ndarray]:
    return splits(RAW, truth)


@pytest.fixture(scope="module")
def cells(truth: Truth, found: dict[str, np.ndarray]) -> pd.DataFrame:
    return by_cells(truth, found)


@pytest.mark.parametrize(("row", "method"), MEASURED)
def test_the_error_is_the_one_stated(cells: pd.DataFrame, row: str, method: str) -> None:
    assert cells.loc[row, method] == pytest.approx(MEASURED[row, method], abs=PRINTED)


def test_the_error_by_section(truth: Truth, found: dict[str, np.ndarray]) -> None:
    errors = by_sector(truth, found)
    stated = {code: float(errors.loc[code, INTERMEDIATES]) for code in BY_SECTOR}
    assert stated == pytest.approx(BY_SECTOR, abs=PRINTED)


def test_nothing_but_the_composition_of_final_use_is_guessed(
    truth: Truth, found: dict[str, np.ndarray]
) -> None:
    """Totals of pairs, output, and what is intermediate are those of the table."""
    for name in (INTERMEDIATES, EARLIER, MARGINS):
        flows = found[name]
        assert (flows >= truth.intermediate).all()
        np.testing.assert_allclose(flows.sum(axis=2), truth.flows.sum(axis=2), rtol=1e-8)
        np.testing.assert_allclose(flows.sum(axis=1), truth.flows.sum(axis=1), rtol=1e-8)


def test_a_seed_that_knows_more_errs_less(cells: pd.DataFrame) -> None:
    """Own intermediates beat no knowledge of the pair, and both beat the old method, abroad."""
    errors = cells.loc["abroad"]
    assert errors[INTERMEDIATES] < errors[MARGINS] < errors[OLD]


def test_two_seeds_do_not_span_the_truth(truth: Truth, found: dict[str, np.ndarray]) -> None:
    """The distance between two seeds is of the size of the error, and no bound on it."""
    measured = {"apart": 0.342, "value between them": 0.441, "middle off by": 0.247}
    assert two_seeds(truth, found) == pytest.approx(measured, abs=PRINTED)


def test_the_error_without_travel() -> None:
    """Most of what own intermediates cannot know is what residents buy abroad."""
    staying = read_truth(RAW, travel=False)
    errors = by_cells(staying, splits(RAW, staying))
    stated = {"abroad": 0.153, "KOR to CHN": 0.144, "CHN to KOR": 0.155, "USA to CHN": 0.113}
    found = {row: float(errors.loc[row, INTERMEDIATES]) for row in stated}
    assert found == pytest.approx(stated, abs=PRINTED)
