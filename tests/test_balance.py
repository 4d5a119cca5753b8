"""Balancing reaches its totals, moves no more than it must, and the repair keeps what it promises."""

import numpy as np
import pytest
import xarray as xr

from detente._core import DataError
from detente.calibrate import rest_of_world
from detente.calibrate.balance import (
    cap_rows,
    FINAL_DEMAND_FLOOR,
    keep_final_demand,
    keep_value_added,
    ras,
    TOLERANCE,
    VALUE_ADDED_FLOOR,
)
from detente.calibrate.rest_of_world import ServicesDemand

from .old_split import split_services


ROUNDING = 1e-12
"""Sums of a few dozen numbers in double precision."""


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(20220)


def cross_entropy(matrix: np.ndarray, seed: np.ndarray) -> float:
    positive = matrix > 0
    ratio = np.where(positive, matrix / seed, 1.0)
    return float((matrix * np.log(ratio) - matrix + seed).sum())


def test_two_by_two_has_the_closed_form() -> None:
    """A uniform seed becomes the product of its margins."""
    rows, columns = np.array([1.0, 3.0]), np.array([2.5, 1.5])
    balanced = ras(np.ones((2, 2)), rows, columns)
    np.testing.assert_allclose(balanced.matrix, np.outer(rows, columns) / 4.0, rtol=ROUNDING)


def test_ras_reaches_both_margins_and_keeps_cross_product_ratios(
    random: np.random.Generator,
) -> None:
    """A stack of matrices of 5 x 3: a transposed axis is a shape error."""
    seed, target = random.random((2, 5, 3)), random.random((2, 5, 3))
    matrix = ras(seed, target.sum(-1), target.sum(-2)).matrix
    np.testing.assert_allclose(matrix.sum(-1), target.sum(-1), rtol=TOLERANCE)
    np.testing.assert_allclose(matrix.sum(-2), target.sum(-2), rtol=TOLERANCE)

    def odds(values: np.ndarray) -> np.ndarray:
        return values[:, :-1, :-1] * values[:, 1:, 1:] / (values[:, 1:, :-1] * values[:, :-1, 1:])

    np.testing.assert_allclose(odds(matrix), odds(seed), rtol=ROUNDING)


def test_ras_says_what_is_left_when_no_balance_exists() -> None:
    """The only cell of the first row must be 1 and 2."""
    seed = np.array([[1.0, 0.0], [0.0, 1.0]])
    balanced = ras(seed, np.array([1.0, 2.0]), np.array([2.0, 1.0]), most_sweeps=50)
    assert balanced.residual > 0.1
    assert balanced.sweeps == 50


def test_rows_below_their_cap_stay_where_no_column_needs_them(random: np.random.Generator) -> None:
    """Caps bind, columns stay, and no feasible neighbour is nearer to the seed."""
    seed = random.random((5, 3)) + 0.1
    caps = seed.sum(1) * np.array([0.5, 2.0, 1.01, 2.0, 2.0])
    balanced = cap_rows(seed, caps)
    np.testing.assert_allclose(balanced.matrix.sum(0), seed.sum(0), rtol=TOLERANCE)
    assert (balanced.matrix.sum(1) <= caps * (1 + TOLERANCE)).all()
    assert balanced.matrix[0].sum() == pytest.approx(caps[0], rel=TOLERANCE)
    nearest = cross_entropy(balanced.matrix, seed)
    for _ in range(50):
        step = np.zeros((5, 3))
        step[[1, 3], random.integers(3)] = [1e-3, -1e-3]
        assert cross_entropy(balanced.matrix + step, seed) > nearest


def test_nothing_moves_when_no_cap_binds(random: np.random.Generator) -> None:
    seed = random.random((5, 3))
    balanced = cap_rows(seed, seed.sum(1) * 1.5)
    np.testing.assert_allclose(balanced.matrix, seed, rtol=ROUNDING)
    assert balanced.distance(seed) < ROUNDING


def test_caps_that_leave_no_room_are_refused(random: np.random.Generator) -> None:
    seed = random.random((5, 3))
    with pytest.raises(DataError, match="no balance exists"):
        cap_rows(seed, seed.sum(1) * 0.9)


def test_repair_keeps_flows_and_value_added_and_leaves_final_demand(
    random: np.random.Generator,
) -> None:
    """Unbalanced trade, tariffs, and one product that is used up more than entirely."""
    trade = random.random((5, 5, 3)) * 100
    tariff = random.random((5, 5, 3)) * 0.2
    share = random.random((5, 3, 3)) * 0.12
    trade[:, 2, 1] *= 0.1
    trade[4, :, 0] = 0.0
    repaired = keep_final_demand(trade, tariff, share)
    absorption = (trade * (1 + tariff)).sum(0)
    use = np.einsum("nks,ns->nk", share, trade.sum(1))
    final = absorption - np.einsum("nks,ns->nk", repaired.input_share, trade.sum(1))
    assert (absorption - use).min() < 0
    assert repaired.negative_cells == 1
    assert repaired.negative_before > 0
    assert repaired.distance > 0
    assert (final >= FINAL_DEMAND_FLOOR * absorption * (1 - 1e-5)).all()
    np.testing.assert_allclose(repaired.input_share.sum(1), share.sum(1), rtol=TOLERANCE)
    np.testing.assert_array_equal(repaired.input_share[4, :, 0], share[4, :, 0])
    np.testing.assert_allclose(repaired.input_share[0], share[0], rtol=ROUNDING)


def test_value_added_has_a_floor(random: np.random.Generator) -> None:
    share = random.random((5, 3, 3)) / 3
    share[1, :, 2] = [0.5, 0.3, 0.2]
    kept = keep_value_added(share)
    assert 1 - kept[1, :, 2].sum() == pytest.approx(VALUE_ADDED_FLOOR)
    kept[1, :, 2] = share[1, :, 2]
    np.testing.assert_array_equal(kept, share)


def test_services_split_meets_pairs_and_absorption(random: np.random.Generator) -> None:
    """Five countries, three services, one pair without services trade."""
    totals = random.random((5, 5)) + 4.0 * np.eye(5)
    totals[0, 1] = 0.0
    pattern = random.random((5, 5, 3))
    final = random.random((5, 3))
    demand = ServicesDemand(
        use_by_goods=random.random((5, 3)) * 0.1,
        input_share=random.random((5, 3, 3)) * 0.2,
        final_share=final / final.sum(1, keepdims=True),
    )
    split = split_services(totals, pattern, demand)
    np.testing.assert_allclose(split.flows.sum(2), totals, rtol=1e-9)
    absorption = demand.absorption(split.flows.sum(1), totals.sum(0))
    np.testing.assert_allclose(split.flows.sum(0), absorption, rtol=1e-9)
    assert split.residual <= TOLERANCE
    foreign = split.flows[1:3, 0] / pattern[1:3, 0]
    odds = foreign[0] / foreign[1]
    np.testing.assert_allclose(odds, odds[0], rtol=ROUNDING)


def test_use_beyond_the_total_leaves_no_final_demand() -> None:
    demand = ServicesDemand(np.array([[3.0, 1.0]]), np.zeros((1, 2, 2)), np.array([[0.5, 0.5]]))
    absorption = demand.absorption(np.zeros((1, 2)), np.array([2.0]))
    np.testing.assert_allclose(absorption, [[1.5, 0.5]])


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_inputs_from_the_rest_of_the_world_do_not_hang_on_the_unit_of_money(scale: float) -> None:
    random = np.random.default_rng(4)
    flows = {"intermediate": (("o", "d", "s"), random.lognormal(0, 1, (3, 3, 2)))}
    for use in ("imported_use", "domestic_use"):
        flows[use] = (("d", "k", "s"), random.lognormal(0, 1, (3, 2, 2)))
    table = xr.Dataset(flows)
    bought, imports = random.lognormal(0, 1, (2, 3, 2))
    once = rest_of_world._inputs(table, bought, imports)
    again = rest_of_world._inputs(table * scale, bought * scale, imports * scale)
    assert (once > 0).all()
    np.testing.assert_allclose(again, once * scale, rtol=1e-12)
