"""Ignatenko, Lashkaripour, Macedoni and Simonovska (2025): 194 countries and the US tariffs of 2025.

Their system whole is `liberation_day.py`, in plain NumPy. The engine has all of it but importers
whose labour keeps a part of every flow and a tax on labour that falls by what tariffs bring: without
these it is compared there, at the paper's elasticities, at full pass-through and at a quarter.
"""

from collections.abc import Callable
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest

from detente.closure import Closure
from detente.equilibrium import welfare_hat

from .engine import armington, new_tariff, solved
from .independent import CaliendoParro
from .liberation_day import after, exercises, read, SCALE, SUPPLY, World


# The engine stops at 1e-10, in a world with countries of a millionth of its output.
AGREE = 1e-8
THETA = 4.0

pytestmark = pytest.mark.shared


def test_us_tariffs_and_their_like_agree_with_another_implementation(
    paper: Callable[[str], Path],
) -> None:
    """The announced US tariffs, answered by each country with the same."""
    folder = paper("liberation_day_2025")
    flows = np.load(folder / "base_2023.npz", allow_pickle=False)["X_with_domestic"]
    tariff = np.load(folder / "tariff_scenarios.npz")["ustr_reciprocal"][:, :, None]
    world = armington(flows, THETA)
    found = solved(world, new_tariff(world, tariff))
    other = CaliendoParro(
        *(np.asarray(a) for a in (world.trade, world.tariff, world.input_share, world.trade_elasticity))
    ).after(tariff)  # fmt: skip
    np.testing.assert_allclose(found.labour_income_hat, other.wage, rtol=AGREE)
    np.testing.assert_allclose(found.price_hat, other.price, rtol=AGREE)
    np.testing.assert_allclose(welfare_hat(world, found), other.welfare, rtol=AGREE)


@pytest.mark.parametrize("part", [1.0, 0.25])
def test_labour_scale_and_pass_through_agree(paper: Callable[[str], Path], part: float) -> None:
    """The announced tariffs, on their world of 194 countries."""
    whole, tariffs, _ = read(paper("liberation_day_2025"))
    nothing = np.zeros_like(whole.margin)
    other = after(
        World(whole.flows, nothing, np.full_like(nothing, part), cuts_income_tax=False),
        tariffs["ustr"],
    )
    world = armington(whole.flows, THETA)
    rules = Closure(
        labour_supply=jnp.array(SUPPLY), scale=jnp.array([SCALE]), pass_through=jnp.array(part)
    )
    found = solved(world, new_tariff(world, tariffs["ustr"][:, :, None]), rules)
    np.testing.assert_allclose(found.labour_supply_hat, other.labour, rtol=AGREE)
    np.testing.assert_allclose(welfare_hat(world, found), other.real_income, rtol=AGREE)


def test_the_inputs_of_the_paper_add_up(paper: Callable[[str], Path]) -> None:
    """Incomes, spending and transfers in its file are those of the flows and of `margin`."""
    folder = paper("liberation_day_2025")
    base, world = np.load(folder / "base_2023.npz", allow_pickle=False), read(folder)[0]
    np.testing.assert_allclose(world.labour_income, base["Y"], rtol=1e-10)
    np.testing.assert_allclose(world.spending, base["E"], rtol=1e-10)
    np.testing.assert_allclose(base["E"] - base["Y"], base["T"], rtol=1e-6, atol=1.0)


def test_every_exercise_has_a_solution(paper: Callable[[str], Path]) -> None:
    """Each is solved to the last digits, and what is bought abroad is what is sold there."""
    for world, tariff in exercises(paper("liberation_day_2025")).values():
        new = after(world, tariff)
        earned = new.wage * new.labour * world.labour_income
        np.testing.assert_allclose(world.earned(new.flows), earned, rtol=AGREE)
        deficit = (world.spending - world.labour_income) * earned.sum() / world.labour_income.sum()
        bought = new.flows.sum(axis=0) + new.revenue
        np.testing.assert_allclose(earned + new.revenue + deficit, bought, rtol=AGREE)


def test_best_tariffs_are_good_for_who_sets_them(paper: Callable[[str], Path]) -> None:
    """The rate the paper derives for the United States against half and twice of it."""
    folder = paper("liberation_day_2025")
    world, tariff = exercises(folder)["best of the United States"]
    usa = read(folder)[2].index("USA")
    low, best, high = (after(world, size * tariff).welfare[usa] for size in (0.5, 1.0, 2.0))
    assert best > max(low, high)
