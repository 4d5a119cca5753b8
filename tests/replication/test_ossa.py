"""Ossa (2014), American Economic Review 104(12): tariffs where firms are given in number.

7 regions and 33 industries, labour only, profits of one over sigma in sales. Tariffs are given
here, not chosen: free trade, the noncooperative measure of every region, and 50 points by one.
"""

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
import pytest

from detente.closure import Closure
from detente.equilibrium import Choice, choose_tariffs, welfare_hat, without_deficits
from detente.equilibrium.tariff_games import RATE_TOLERANCE
from detente.world import Shock

from .engine import new_tariff, solved, without_inputs
from .independent import Ossa


# The engine stops at 1e-10; industries with a sigma of 10 multiply what is left in wages.
AGREE = 1e-8

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def data(paper) -> dict[str, np.ndarray]:
    return dict(np.load(paper("ossa_2014") / "ossa_data.npz", allow_pickle=False))


def noncooperative(data: dict[str, np.ndarray]) -> np.ndarray:
    """Every region applies its measure, [industry, region], to all others."""
    abroad = 1 - np.eye(len(data["regions"]))[:, :, None]
    return abroad * data["noncoop_tariff_measure"].T


def fifty_points(region: str) -> Callable[[dict[str, np.ndarray]], np.ndarray]:
    def tariff(data: dict[str, np.ndarray]) -> np.ndarray:
        place = list(data["regions"]).index(region)
        raised = data["tariff"].copy()
        raised[np.arange(len(raised)) != place, place] += 0.5
        return raised

    return tariff


TARIFFS = {
    "free trade": lambda data: np.zeros_like(data["tariff"]),
    "noncooperative": noncooperative,
    "50 points by the US": fifty_points("US"),
    "50 points by China": fifty_points("China"),
}


def fixed_entry(data: dict[str, np.ndarray]) -> Closure:
    """His world has no imbalances, and keeps none."""
    return Closure(profit_share=jnp.asarray(1 / data["sigma"]), deficits="removed")


@pytest.mark.parametrize("name", TARIFFS)
def test_tariffs_agree_with_the_conditions_in_changes(
    data: dict[str, np.ndarray], name: str
) -> None:
    world = without_inputs(data["trade"], data["sigma"] - 1, data["tariff"])
    tariff = TARIFFS[name](data)
    found = solved(world, new_tariff(world, tariff), fixed_entry(data))
    model = Ossa(data["trade"], data["tariff"], data["sigma"])
    other = model.after(tariff)
    np.testing.assert_allclose(found.labour_income_hat, other.wage, rtol=AGREE)
    np.testing.assert_allclose(welfare_hat(world, found), other.welfare, rtol=AGREE)
    np.testing.assert_allclose(found.output / world.output, other.profit, rtol=AGREE)
    np.testing.assert_allclose(found.profit, (model.profit * other.profit).sum(axis=1), rtol=AGREE)


def test_imbalances_are_taken_out_as_in_the_paper(data: dict[str, np.ndarray]) -> None:
    """Every flow of his purged world, up to the numeraire, from the flows before.

    He solves his model for no imbalances, so profits have to follow sales here as they do there:
    without profits the flows differ by up to half a percent.
    """
    raw = without_inputs(data["trade_raw_with_deficits"], data["sigma"] - 1, data["tariff"])
    purged = np.asarray(without_deficits(raw, fixed_entry(data)).trade)
    expected = data["trade"]
    np.testing.assert_allclose(purged / purged.sum(), expected / expected.sum(), rtol=AGREE)


# Axes of origin, destination, sector along which a region has one rate.
TIED = {"sector": (0,), "partner": (2,), "partner-sector": ()}
# One rate of the US and one of Brazil, by the cells that it stands in.
ONE_RATE = {
    "sector": (np.s_[:-1, 6, 3], np.s_[1:, 0, 20]),
    "partner": (np.s_[2, 6, :], np.s_[1, 0, :]),
    "partner-sector": (np.s_[2, 6, 3], np.s_[1, 0, 20]),
}


@pytest.mark.parametrize("tie", TIED)
def test_seven_regions_find_their_common_tariffs(data: dict[str, np.ndarray], tie: str) -> None:
    """Rates by sector or by cell began where a step made prices negative, and ended in NaN.

    With profits that stay in their industries free trade is not the best: subsidies to imports
    move buyers to industries with high mark-ups. Moving one rate either way is worse.
    """
    world, rules = without_inputs(data["trade"], data["sigma"] - 1, data["tariff"]), fixed_entry(data)  # fmt: skip
    regions = len(data["regions"])
    abroad = jnp.asarray(np.broadcast_to(1.0 - np.eye(regions)[:, :, None], data["trade"].shape))
    weight = world.income / world.income.sum()
    choice = Choice(abroad, jnp.zeros(regions, int), weight[None], TIED[tie])
    found = choose_tariffs(world, Shock.none(world), choice, rules)
    assert float(found.first_order) <= RATE_TOLERANCE
    assert float(found.equilibrium.residual) <= AGREE
    joint = lambda tariff: float(
        weight @ jnp.log(welfare_hat(world, solved(world, new_tariff(world, tariff), rules)))
    )
    best = joint(np.asarray(found.tariff))
    assert best > joint(np.zeros_like(data["tariff"])) + 1e-5
    for by in (0.02, -0.02):
        for cells in ONE_RATE[tie]:
            moved = np.asarray(found.tariff).copy()
            moved[cells] += by
            assert joint(moved) < best
