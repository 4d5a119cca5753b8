"""The risk of conflict: the equilibrium of its bargaining by best responses, its limits, its worlds."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from detente._core import ScenarioError
from detente.calibrate.baseline import baseline_from_dataset
from detente.geo.conflict import chance_of_settling, Conflict, conflict, shock_at, War
from detente.scenario import parse_scenario
from detente.simulation import simulate
from detente.world import Baseline

from .test_cli import detente as detente, Run as Run
from .worlds import dataset, economy, write


SHOCK = 1.0
STAKES = [0.5, 1.0, 4 / 3, 1.8, 2.4]
PAIR = ("CHN", "USA")


# --- The bargaining ----------------------------------------------------------------------------


def demands(stake: float, shock: np.ndarray) -> np.ndarray:
    """What a side asks for itself: linear, and never less than the other surely concedes.

    The other leaves `stake - demand`; at its lowest it asks what a shock of zero makes it ask, at
    its highest what the largest does.
    """
    linear = 2 * shock / 3 + stake / 4
    surely = stake - (2 * SHOCK / 3 + stake / 4)
    return np.maximum(linear, surely)


@pytest.mark.parametrize("stake", STAKES)
def test_nobody_does_better_with_another_demand(stake: float) -> None:
    """Best responses against a fine grid of the other side's shocks, for stakes small and large.

    The two settle where demands leave something over, and share what is left in halves.
    """
    others = (np.arange(40_000) + 0.5) / 40_000 * SHOCK
    theirs = demands(stake, others)
    for shock in np.linspace(0, SHOCK, 9):
        worth = lambda demand, own=shock: np.mean(
            np.where(
                demand + theirs <= stake + 1e-9, demand + (stake - demand - theirs) / 2 - own, 0.0
            )
        )
        ours = worth(float(demands(stake, np.array(shock))))
        tried = max(worth(demand) for demand in np.linspace(0, stake, 241))
        assert tried <= ours + 2e-4 * stake


@pytest.mark.parametrize("stake", STAKES)
def test_the_chance_is_that_of_simulated_bargains(stake: float) -> None:
    random = np.random.default_rng(3)
    first, second = random.uniform(0, SHOCK, (2, 400_000))
    settled = demands(stake, first) + demands(stake, second) <= stake + 1e-12
    assert settled.mean() == pytest.approx(float(chance_of_settling(stake, SHOCK)), abs=0.004)


def test_the_chance_is_continuous_and_has_its_limits() -> None:
    stake = 2.0
    x = 0.75 * stake
    for edge in (x / 2, x):
        below, above = chance_of_settling(stake, np.array([edge * (1 - 1e-9), edge * (1 + 1e-9)]))
        assert below == pytest.approx(above, abs=1e-8)
    assert chance_of_settling(stake, x) == pytest.approx(0.5)
    assert chance_of_settling(stake, x / 2) == 1.0 and chance_of_settling(stake, 0.0) == 1.0
    assert chance_of_settling(stake, 1e6) == pytest.approx(0.0, abs=1e-9)
    assert chance_of_settling(0.0, 1.0) == 0.0 and chance_of_settling(-1.0, 1.0) == 0.0


@pytest.mark.parametrize("level", [0.05, 0.3, 0.5, 0.5000001, 0.9, 0.999])
def test_the_threshold_is_the_inverse(level: float) -> None:
    assert float(chance_of_settling(3.0, shock_at(3.0, level))) == pytest.approx(level)


def test_a_chance_that_is_none_has_no_threshold() -> None:
    with pytest.raises(ScenarioError, match="between 0 and 1"):
        shock_at(1.0, 1.0)


# --- The stake ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy(3)))


@pytest.fixture(scope="module")
def asked(baseline: Baseline) -> Conflict:
    return conflict(baseline, PAIR, decoupling=0.3)


def test_the_stake_is_what_runs_of_the_war_lose(asked: Conflict, baseline: Baseline) -> None:
    """The war written out as a scenario file would, and both losses added."""
    rest = ["KOR", "JPN", "ROW"]
    policies = {
        "out": {"kind": "trade_cost", "exporters": list(PAIR), "importers": rest, "change": 0.1},
        "in": {"kind": "trade_cost", "exporters": rest, "importers": list(PAIR), "change": 0.1},
        "stop": {
            "kind": "prohibition", "exporters": list(PAIR), "importers": list(PAIR), "sectors": "all",
        },
    }  # fmt: skip
    outcome = simulate(baseline, parse_scenario({"title": "war", "policies": policies}, "war"))
    lost = -100 * np.log1p(outcome.welfare.sel(country=list(PAIR)).values / 100)
    assert asked.about["opportunity_cost"]["before"] == pytest.approx(lost.sum(), abs=1e-7)


def test_decoupling_leaves_less_to_lose_and_more_risk(asked: Conflict) -> None:
    """The war ends their trade in both worlds, so what it costs beside is what was gone before."""
    stakes = asked.about["opportunity_cost"]
    assert 0 < stakes["decoupled"] < stakes["before"]
    wide = asked.curve.pivot(index="shock", columns="world", values="escalate")
    assert (wide["decoupled"] >= wide["before"]).all()
    assert (wide["decoupled"] > wide["before"]).any()
    wars = asked.sides.pivot(index="side", columns="world", values="war")
    np.testing.assert_allclose(wars["decoupled"], wars["before"], atol=1e-6)


def test_what_hangs_on_the_assumed_cost_of_trade_with_others(
    asked: Conflict, baseline: Baseline
) -> None:
    """A whole war with a percentage point more, played on its own."""
    dearer = conflict(baseline, PAIR, war=War(multilateral=0.11), decoupling=0.3)
    for world, stake in asked.about["opportunity_cost"].items():
        more = dearer.about["opportunity_cost"][world] - stake
        assert asked.about["further_cost"][world] == pytest.approx(more, abs=1e-7)
        assert more > 0


def test_a_war_that_changes_nothing_destroys_nothing(baseline: Baseline) -> None:
    found = conflict(baseline, PAIR, war=War(bilateral=1e-12, multilateral=0.0))
    assert found.about["opportunity_cost"]["before"] == pytest.approx(0.0, abs=1e-6)


def test_what_another_scenario_changes_is_compared(baseline: Baseline) -> None:
    after = parse_scenario(
        {
            "title": "T", "name": "closer",
            "policies": {"fta": {"kind": "free_trade_agreement", "members": list(PAIR)}},
        },
        "T",
    )  # fmt: skip
    found = conflict(baseline, PAIR, after=after)
    stakes = found.about["opportunity_cost"]
    assert stakes["closer"] > stakes["before"]


@pytest.mark.parametrize("pair, words", [(("CHN", "CHX"), "CHN"), (("CHN", "CHN"), "itself")])
def test_bad_pairs_are_one_sentence(pair: tuple, words: str, baseline: Baseline) -> None:
    with pytest.raises(ScenarioError, match=words):
        conflict(baseline, pair)


def test_conflict_is_printed_kept_and_drawn(detente: Run) -> None:
    write(dataset(economy(3)), Path("world.nc"))
    arguments = ("conflict", *PAIR, "--baseline", "world.nc", "--decouple", "0.3")
    ended = detente(*arguments, "--out", "curve.csv", "--chart", "picture.svg")
    assert ended.code == 0, ended.err
    for words in ("loss, log points", "once they are decoupled", "not estimated"):
        assert words in ended.out
    assert set(pd.read_csv("curve.csv").world) == {"before", "decoupled"}
    assert Path("picture.svg").read_text(encoding="utf-8").startswith("<svg")
    found = json.loads(detente(*arguments, "--format", "json").out)
    assert found["about"]["war"] == {"bilateral": None, "multilateral": 0.1}
    bad = detente("conflict", *PAIR, "--baseline", "world.nc", "--bilateral", "-1")
    assert bad.code == 2 and "bilateral" in bad.err


@pytest.mark.parametrize("rise", [-0.5, 0.0])
def test_decoupling_that_is_none_is_refused(baseline: Baseline, rise: float) -> None:
    with pytest.raises(ScenarioError, match="makes trade dearer"):
        conflict(baseline, PAIR, decoupling=rise)
