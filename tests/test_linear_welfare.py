"""The linear statistic: real income to first order where tariffs alone move, absent elsewhere."""

import itertools
import json
from dataclasses import replace
from pathlib import Path

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pytest

from detente import report
from detente.calibrate.baseline import baseline_from_dataset
from detente.closure import Closure
from detente.equilibrium import linear_welfare, only_tariffs_move, solve, welfare_hat
from detente.outcome import LINEAR, load_outcome, save, to_nested
from detente.scenario import parse_scenario
from detente.simulation import simulate
from detente.world import Economy, Shock

from .closures import ABROAD, balanced_world, closure_of, CLOSURES, with_bans
from .worlds import dataset, economy


SIZES = (4e-3, 2e-3, 1e-3)
COVERED = ("textbook", "labour tied", "labour half tied", "nests")
# What halving the shock leaves of the relative miss: a half, but for terms of higher order.
HALVED = 0.6
# A statistic that has no term for what moves misses by a part of the effect that does not shrink.
MISSES = 0.05


def drawn(size: float) -> np.ndarray:
    return np.random.default_rng(3).uniform(0.5, 1.5, size=ABROAD.shape) * ABROAD * size


def tariffs(world: Economy, size: float) -> Shock:
    return replace(Shock.none(world), tariff=jnp.asarray(np.asarray(world.tariff) + drawn(size)))


def missed(world: Economy, shock: Shock, closure: Closure) -> float:
    """The largest miss of the linear statistic over the largest exact change."""
    found = solve(world, shock, closure)
    exact = np.asarray(welfare_hat(world, found)) - 1
    linear = linear_welfare(world, found)
    both = np.asarray(linear.terms_of_trade + linear.volume_of_trade)
    return float(abs(both - exact).max() / abs(exact).max())


def shifted(world: Economy, name: str, size: float) -> Shock:
    """One wedge of that kind, and nothing else."""
    given = {
        "trade_cost_hat": lambda: jnp.exp(jnp.asarray(-drawn(size))),
        "allowed": lambda: jnp.asarray(1.0 - drawn(size)),
        "export_tax": lambda: jnp.asarray(drawn(size)),
        "rationing": lambda: jnp.asarray(drawn(size)),
        "taste_hat": lambda: jnp.exp(jnp.asarray(drawn(size))),
        "opened": lambda: jnp.asarray(drawn(10 * size)),
        "final_share": lambda: world.final_share + size * jnp.array([[0.5, 0.2, -0.7]]),
        "deficit": lambda: world.deficit + size * world.income.mean() * jnp.array([1.0, 0.5, 0, 0, -1.5]),
    }[name]()  # fmt: skip
    return replace(Shock.none(world), **{name: given})


@pytest.mark.parametrize("closure", COVERED)
def test_under_tariffs_the_ratio_to_the_exact_change_goes_to_one(closure: str) -> None:
    world = economy(0)
    rules = closure_of(closure, world)
    assert only_tariffs_move(world, tariffs(world, 0.1), rules)
    misses = [missed(world, tariffs(world, size), rules) for size in SIZES]
    assert misses[0] < 0.2
    for larger, smaller in itertools.pairwise(misses):
        assert smaller < HALVED * larger, misses


def test_tariffs_inside_a_region_count() -> None:
    """Of a region that levies on trade among its members: left out, the miss would not shrink."""
    world = economy(0)
    at_home = np.asarray(world.tariff).copy()
    at_home[range(5), range(5)] = 0.3
    region = eqx.tree_at(lambda old: old.tariff, world, jnp.asarray(at_home))
    misses = [missed(region, tariffs(region, size), Closure()) for size in SIZES]
    assert misses[-1] < HALVED * misses[-2] < HALVED**2 * misses[-3] < 0.1


@pytest.mark.parametrize("closure", [name for name in CLOSURES if name not in COVERED])
def test_closures_with_distortions_or_moving_deficits_have_none(closure: str) -> None:
    world = economy(0)
    assert not only_tariffs_move(world, tariffs(world, 0.1), closure_of(closure, world))


def test_without_deficits_what_becomes_of_them_does_not_matter() -> None:
    world, rules = balanced_world(0), Closure(deficits="removed")
    assert only_tariffs_move(world, tariffs(world, 0.1), rules)
    misses = [missed(world, tariffs(world, size), rules) for size in SIZES]
    assert misses[-1] < HALVED * misses[-2]


@pytest.mark.parametrize(
    "wedge", ["trade_cost_hat", "allowed", "export_tax", "rationing", "opened", "deficit"]
)
def test_every_other_wedge_leaves_it_out_and_has_to(wedge: str) -> None:
    """Each is a wedge for which the miss stays as the shock shrinks: left in, it would mislead."""
    world = with_bans() if wedge == "opened" else economy(0)
    assert not only_tariffs_move(world, shifted(world, wedge, SIZES[0]), Closure())
    misses = [missed(world, shifted(world, wedge, size), Closure()) for size in SIZES[1:]]
    assert min(misses) > MISSES, misses


@pytest.mark.parametrize("wedge", ["taste_hat", "final_share"])
def test_what_is_wanted_leaves_it_out_though_it_would_be_right(wedge: str) -> None:
    """By the tastes of the baseline a small shift costs nothing itself, and a large one does."""
    world = economy(0)
    assert not only_tariffs_move(world, shifted(world, wedge, SIZES[0]), Closure())
    misses = [missed(world, shifted(world, wedge, size), Closure()) for size in SIZES]
    assert misses[-1] < HALVED * misses[-2] < HALVED**2 * misses[-3]


def test_a_wedge_of_no_size_does_not_leave_it_out() -> None:
    world = economy(0)
    still = replace(
        tariffs(world, 0.1), export_tax=jnp.zeros(ABROAD.shape), taste_hat=jnp.ones(ABROAD.shape)
    )
    assert only_tariffs_move(world, still, Closure(scale=jnp.zeros(3)))


@pytest.mark.parametrize(
    ("policy", "has"),
    [({"kind": "tariff", "change": 0.02}, True), ({"kind": "trade_cost", "change": -0.001}, False)],
)
def test_an_outcome_its_file_and_its_brief_have_it_or_not(
    policy: dict, has: bool, tmp_path: Path
) -> None:
    asked = {"title": "A test", "focus": ["KOR"], "limits": ["None."], "policies": {"one": policy}}
    baseline = baseline_from_dataset(dataset(economy()))
    outcome = simulate(baseline, parse_scenario(asked, "test"))
    save(outcome, tmp_path / "outcome.nc")
    for held in (outcome, load_outcome(tmp_path / "outcome.nc"), to_nested(outcome)):
        assert {name in held for name in LINEAR} == {has}
    assert ("linear statistic" in report.brief(outcome)) is has
    assert ("linear" in json.dumps(to_nested(outcome))) is has
    if has:
        terms = outcome.terms_of_trade_linear + outcome.volume_of_trade_linear
        np.testing.assert_allclose(outcome.welfare_linear, terms, rtol=1e-12)
