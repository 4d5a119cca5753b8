"""Batches give the same bytes wherever they are solved, and whatever their size."""

import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from detente.calibrate.baseline import baseline_from_dataset
from detente.ensemble import _play, _stack, play_all, play_draws, sample
from detente.ensemble.batches import in_batches
from detente.scenario import parse_scenario, Scenario
from detente.world import Baseline

from .worlds import dataset, economy


@pytest.fixture(scope="module")
def world() -> Baseline:
    return baseline_from_dataset(dataset(economy(seed=5)))


def tariff(rate: float) -> Scenario:
    policy = {"kind": "tariff", "importers": ["CHN"], "exporters": ["KOR"], "rate": rate}
    document = {"title": "x", "uncertainty": {"draws": 3}, "policies": {"levy": policy}}
    return parse_scenario(document, "x")


def elsewhere(solve: Callable[[Any], Any], batches: Iterable[Any]) -> Iterator[Any]:
    """As another machine would: nothing but bytes gets there and back."""
    for batch in batches:
        there, of = pickle.loads(pickle.dumps((solve, batch)))
        yield pickle.loads(pickle.dumps(there(of)))


def by_threads(solve: Callable[[Any], Any], batches: Iterable[Any]) -> list[Any]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(solve, batches))


def test_every_member_is_solved_once_and_in_order() -> None:
    sizes = []

    def solve(batch: np.ndarray) -> np.ndarray:
        sizes.append(len(batch))
        return batch**2

    for count, size in ((1, 4), (4, 4), (5, 4), (9, 2)):
        sizes.clear()
        found = in_batches(solve, lambda at: at, count, size)
        np.testing.assert_array_equal(found, np.arange(count) ** 2)
        assert set(sizes) == {size} and len(sizes) == -(-count // size)


@pytest.mark.parametrize("runner", [elsewhere, by_threads])
def test_another_runner_gives_the_same_bytes(
    runner: Any, world: Baseline, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenarios = [tariff(rate) for rate in (0.1, 0.2, 0.3)]
    draws = sample(scenarios, world)
    monkeypatch.setattr(_play, "_MEMBERS", 4)
    monkeypatch.setattr(_stack, "_HELD", 2 * world.economy.trade.size)
    here, there = (play_draws(world, scenarios, draws, runner=one) for one in (map, runner))
    assert here.tobytes() == there.tobytes() and np.isfinite(here).all()
    here, there = (play_all(world, scenarios, runner=one) for one in (map, runner))
    assert here.tobytes() == there.tobytes() and len(here) == 3


def test_a_member_does_not_depend_on_how_many_there_are_beside_it(
    world: Baseline, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenarios = [tariff(0.2)]
    draws = sample(scenarios, world)
    whole = play_draws(world, scenarios, draws)
    monkeypatch.setattr(_play, "_MEMBERS", 2)
    assert play_draws(world, scenarios, draws).tobytes() == whole.tobytes()
