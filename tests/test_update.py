"""Signed matrices at new totals, and tables at newer margins; the worlds are in `test_worlds.py`."""

from pathlib import Path

import numpy as np
import pytest

from detente._core import DataError
from detente.calibrate.balance import ras
from detente.calibrate.gras import gras
from detente.calibrate.moved import book_total
from detente.calibrate.update import by_group, Margins, TradeTable, update


CLOSE = 1e-8
"""Relative: totals that GRAS meets when it converges."""
GROUP = np.array([0, 0, 1])


def test_without_negative_entries_it_is_ras() -> None:
    random = np.random.default_rng(0)
    seed = random.lognormal(size=(4, 5, 3))
    rows, columns = random.lognormal(size=(4, 5)), random.lognormal(size=(4, 3))
    columns *= (rows.sum(1) / columns.sum(1))[:, None]
    np.testing.assert_allclose(
        gras(seed, rows, columns).matrix, ras(seed, rows, columns).matrix, rtol=1e-6
    )


def test_the_published_example() -> None:
    """Junius and Oosterhaven (2003), the table of their section 2: totals met, signs and zeros kept."""
    seed = np.array([[7.0, 3, 5, -3], [2, 9, 8, 1], [-2, 0, 2, 1]])
    rows, columns = np.array([15.0, 26, -1]), np.array([9.0, 16, 17, -2])
    moved = gras(seed, rows, columns)
    np.testing.assert_allclose(moved.matrix.sum(1), rows, atol=1e-6)
    np.testing.assert_allclose(moved.matrix.sum(0), columns, atol=1e-6)
    assert (np.sign(moved.matrix) == np.sign(seed)).all()


@pytest.mark.parametrize("signed", [False, True])
def test_a_stack_in_any_order_of_memory_is_moved_matrix_by_matrix(signed: bool) -> None:
    """The equations of one sweep written out for one matrix, as often as it took."""
    random = np.random.default_rng(6)
    seed = np.swapaxes(random.lognormal(size=(4, 2, 5)), 0, 1)
    if signed:
        seed[:, 1, 2], seed[:, 3, 0] = -0.3, -0.1
    rows = seed.sum(-1) * random.uniform(0.9, 1.1, (2, 4))
    columns = seed.sum(-2) * (rows.sum(-1) / seed.sum((-1, -2)))[:, None]
    moved = gras(seed, rows, columns, most_sweeps=3, tolerance=0.0)
    assert moved.sweeps == 3
    for matrix, row_total, column_total, result in zip(
        seed, rows, columns, moved.matrix, strict=True
    ):
        positive, negative = np.clip(matrix, 0, None), np.clip(-matrix, 0, None)
        row, column = np.ones(4), np.ones(5)
        for _ in range(3):
            up, down = positive @ column, negative @ (1 / column)
            row = (row_total + np.sqrt(row_total**2 + 4 * up * down)) / (2 * up)
            up, down = positive.T @ row, negative.T @ (1 / row)
            column = (column_total + np.sqrt(column_total**2 + 4 * up * down)) / (2 * up)
        both = np.outer(row, column)
        np.testing.assert_allclose(result, positive * both - negative / both, rtol=1e-13)


def test_it_is_the_nearest_signed_matrix() -> None:
    """Every move that keeps the totals raises the distance of Lenzen, Wood and Gallego (2007)."""
    seed = np.array([[7.0, 3, 5, -3], [2, 9, 8, 1], [-2, 1, 2, 1]])
    rows, columns = np.array([15.0, 26, -1]), np.array([9.0, 16, 17, -2])
    found = gras(seed, rows, columns).matrix

    def distance(matrix: np.ndarray) -> float:
        ratio = matrix / seed
        return float((np.abs(seed) * (ratio * np.log(ratio) - ratio + 1)).sum())

    for i, j, k, m in ((0, 0, 1, 1), (0, 3, 2, 1), (1, 2, 2, 3), (0, 1, 1, 3)):
        for step in (-1e-3, 1e-3):
            other = found.copy()
            other[i, j] += step
            other[k, m] += step
            other[i, m] -= step
            other[k, j] -= step
            assert distance(other) > distance(found)


def table(seed: int = 0) -> TradeTable:
    """Five countries and three sectors, mostly home trade, with tariffs and inputs."""
    random = np.random.default_rng(seed)
    trade = random.lognormal(size=(5, 5, 3))
    trade[np.arange(5), np.arange(5)] *= 30.0
    inputs = random.uniform(0.05, 0.15, (5, 3, 3))
    tariff = random.uniform(0.0, 0.2, (5, 5, 3))
    tariff[np.arange(5), np.arange(5)] = 0.0
    return TradeTable(trade, inputs, tariff, GROUP)


def added(economy: TradeTable, trade: np.ndarray) -> np.ndarray:
    output = trade.sum(1)
    return (output * (1 - economy.input_share.sum(1))).sum(1)


def test_old_margins_move_nothing() -> None:
    economy = table()
    found = update(economy, Margins(np.ones(5), by_group(economy.trade, GROUP)))
    np.testing.assert_allclose(found.trade, economy.trade, rtol=1e-7)
    assert found.through == ()


def test_new_margins_hold() -> None:
    """GDP and the known totals by pair are met at once; unknown totals follow both GDP."""
    economy = table(1)
    random = np.random.default_rng(2)
    growth = random.uniform(0.8, 1.5, 5)
    pair = by_group(economy.trade, GROUP) * random.uniform(0.7, 1.4, (5, 5, 2))
    pair[0, 1, 0] = np.nan
    found = update(economy, Margins(growth, pair.copy()))
    np.testing.assert_allclose(
        added(economy, found.trade), growth * added(economy, economy.trade), rtol=1e-6
    )
    totals = by_group(found.trade, GROUP)
    abroad = ~np.eye(5, dtype=bool)[:, :, None] & np.isfinite(pair)
    np.testing.assert_allclose(totals[abroad], pair[abroad], rtol=1e-6)
    old = by_group(economy.trade, GROUP)[0, 1, 0]
    assert totals[0, 1, 0] == pytest.approx(old * np.sqrt(growth[0] * growth[1]), rel=1e-6)
    assert (found.trade >= 0).all()


def test_trade_that_passes_through_is_not_set() -> None:
    economy = table(3)
    pair = by_group(economy.trade, GROUP)
    pair[1, 0, 0] = 1e3
    found = update(economy, Margins(np.ones(5), pair))
    assert found.through == (0,)
    assert not found.known[0].any() and not found.known[:, 0].any()
    assert (found.trade > 0).all()


def test_a_country_that_cannot_absorb_a_product_is_not_set_either() -> None:
    """Room enough for all goods together, and none for those that the pair brings."""
    economy = table(4)
    trade = economy.trade.copy()
    # The second country hardly uses the first product, all that the first country sells it.
    trade[:, 1, 0] *= 0.01
    trade[0, 1, 1] = 0.0
    economy = TradeTable(trade, economy.input_share, economy.tariff, GROUP)
    pair = by_group(trade, GROUP)
    pair[0, 1, 0] = 1.1 * (trade * (1 + economy.tariff)).sum(axis=0)[1, 0]
    found = update(economy, Margins(np.ones(5), pair))
    assert found.through == (1,)
    assert found.residual < 1e-6


def test_a_total_of_a_flow_that_is_not_there_stays_out_and_the_margins_as_they_were() -> None:
    economy = table(5)
    trade = economy.trade.copy()
    trade[2, 3] = 0.0
    economy = TradeTable(trade, economy.input_share, economy.tariff, GROUP)
    pair = by_group(trade, GROUP)
    pair[2, 3, 0] = 1.0
    given = pair.copy()
    moved = update(economy, Margins(np.ones(5), pair))
    assert not moved.known[2, 3, 0] and moved.known[3, 2, 0]
    np.testing.assert_array_equal(moved.trade[2, 3], 0.0)
    np.testing.assert_array_equal(pair, given)


def test_impossible_margins_are_sentences() -> None:
    economy = table()
    pair = by_group(economy.trade, GROUP)
    with pytest.raises(DataError, match="the new GDP of country number 2 is not a positive number"):
        update(economy, Margins(np.array([1, np.nan, 1, 1, 1]), pair))
    with pytest.raises(DataError, match="a total by pair is negative"):
        update(economy, Margins(np.ones(5), -pair))


@pytest.mark.parametrize(
    ("year", "basis", "korea", "china"),
    [
        (2018, "korean customs", 162_125, 106_489),
        (2023, "korean customs", 124_800, 142_800),
        (2023, "chinese customs", 162_500, 148_983),
        (2024, "korean customs", 133_026, None),
        (2024, "chinese customs", None, 146_229),
    ],
)
def test_a_book_gives_its_own_figure_or_an_estimate_that_says_so(
    year: int, basis: str, korea: float | None, china: float | None
) -> None:
    """An estimate is the other book's figure at the ratio of both in 2023: 1.302 and 0.958."""
    other = {"korean customs": "chinese customs"}.get(basis, "korean customs")
    for ends, truth in ((("KOR", "CHN"), korea), (("CHN", "KOR"), china)):
        value, origin = book_total(*ends, year, basis)
        if truth is not None:
            assert value == pytest.approx(truth, abs=1) and "estimate" not in origin
            continue
        ratio = book_total(*ends, 2023, basis)[0] / book_total(*ends, 2023, other)[0]
        assert value == pytest.approx(book_total(*ends, year, other)[0] * ratio)
        assert f"{ratio:.3f}" in origin and "an estimate" in origin
    with pytest.raises(DataError, match="no total of KOR to CHN in 2020"):
        book_total("KOR", "CHN", 2020, basis)


def test_the_ratio_of_two_books_moves_little_from_year_to_year() -> None:
    """What the pages say of the estimate: its error in the years since 2001 that have both books."""
    for ends, mean, worst in ((("KOR", "CHN"), 0.026, 0.067), (("CHN", "KOR"), 0.032, 0.124)):
        missed = []
        for year in (*range(2002, 2016), 2022, 2023):
            now, before = (
                book_total(*ends, at, "chinese customs")[0]
                / book_total(*ends, at, "korean customs")[0]
                for at in (year, year - 1)
            )
            missed.append(abs(np.log(before / now)))
        assert np.mean(missed) < mean and np.max(missed) < worst


@pytest.mark.shared
def test_the_back_cast_beats_not_moving(raw_directory: Path) -> None:
    """2005 to 2011 inside WIOD, the truth known: what the documentation says, and no more."""
    from tests.back_cast import back_cast

    errors = back_cast(raw_directory / "wiod2013_release", 2005, 2011)
    assert errors.loc["all flows", "moved"] < 0.4 * errors.loc["all flows", "not moved"]
    assert errors.loc["all flows", "moved"] <= errors.loc["all flows", "pair by pair"]
    # What it does not win: composition abroad is nearer when each pair is only scaled.
    assert errors.loc["goods abroad", "moved"] > errors.loc["goods abroad", "pair by pair"]
    assert errors.loc["GDP missed", "moved"] < 1e-4 < errors.loc["GDP missed", "pair by pair"]
