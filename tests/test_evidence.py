"""What an answer rests on: which flows its policies act on, and how much of them was observed."""

from typing import Any

import numpy as np
import pytest

import detente
from detente.calibrate.baseline import baseline_from_dataset
from detente.calibrate.satellite import Addition, with_satellite
from detente.evidence import acted_on, evidence
from detente.outcome import to_nested
from detente.report.uncertainty import observed_in_words
from detente.scenario import parse_scenario, Scenario
from detente.simulation import prepare
from detente.world import Baseline

from .worlds import dataset, economy, with_other_bases


@pytest.fixture(scope="module")
def world() -> Baseline:
    return baseline_from_dataset(with_other_bases(dataset(economy())), "synthetic")


def scenario_of(*policies: dict[str, Any]) -> Scenario:
    named = {f"policy{number}": policy for number, policy in enumerate(policies)}
    return parse_scenario({"title": "a test", "policies": named, "focus": ["KOR"]}, "test")


WHERE = {"importers": ["CHN"], "exporters": ["KOR"]}
ACTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a tariff": ({"kind": "tariff", "rate": 0.9}, ["CAR", "ELE"]),
    "a cost": ({"kind": "trade_cost", "sectors": ["BUS"], "change": -0.1}, ["BUS"]),
    "a taste": ({"kind": "taste", "sectors": ["CAR"], "change": -0.1}, ["CAR"]),
    "a ban": ({"kind": "prohibition", "sectors": ["BUS"]}, ["BUS"]),
    "an export tax": ({"kind": "export_tax", "rate": 0.1}, ["CAR", "ELE"]),
    "a limit": (
        {"kind": "rationing", "sectors": ["ELE"], "markup": 0.1, "rent": "importer"}, ["ELE"],
    ),
    "an opening": ({"kind": "opening", "sectors": ["BUS"], "potential_share": 0.3}, ["BUS"]),
}  # fmt: skip


@pytest.mark.parametrize("name", ACTS)
def test_policies_act_on_the_flows_they_name(world: Baseline, name: str) -> None:
    policy, sectors = ACTS[name]
    played = prepare(world, scenario_of({**WHERE, **policy}))
    expected = np.zeros((5, 5, 3), bool)
    expected[0, 1, [world.sector_index[code] for code in sectors]] = True
    np.testing.assert_array_equal(acted_on(played.baseline, played.shock), expected)


def test_sales_at_home_are_no_trade(world: Baseline) -> None:
    everywhere = prepare(world, scenario_of({"kind": "trade_cost", "change": -0.1}))
    found = acted_on(everywhere.baseline, everywhere.shock)
    assert not found[np.arange(5), np.arange(5)].any() and found.sum() == 5 * 4 * 3


def test_the_observed_part_is_one_less_what_is_imputed(world: Baseline) -> None:
    """Half of services across borders is imputed in this world, and no goods."""
    cells = np.zeros((5, 5, 3), bool)
    cells[0, 1], cells[1, 0, 2] = True, True
    found = evidence(world, cells)
    trade = np.asarray(world.economy.trade)
    assert [(row["kind"], row["origin"], row["destination"]) for row in found["flows"]] == [
        ("services", "KOR", "CHN"),
        ("services", "CHN", "KOR"),
    ]
    for row, place in zip(found["flows"], ((0, 1), (1, 0)), strict=True):
        assert row["observed"] == pytest.approx(0.5)
        assert row["value"] == pytest.approx(trade[*place, 2])
    assert found["error"] == "off by 30 % of the value in a trial"


def test_many_directions_are_added_up(world: Baseline) -> None:
    cells = np.zeros((5, 5, 3), bool)
    cells[0, 1:] = True
    (row,) = evidence(world, cells)["flows"]
    total = float(np.asarray(world.economy.trade)[0, 1:, 2].sum())
    assert (row["origin"], row["value"], row["observed"]) == ("", pytest.approx(total), 0.5)


def test_what_is_all_observed_is_not_said(world: Baseline) -> None:
    outcome = detente.simulate(world, scenario_of({**WHERE, "kind": "tariff", "rate": 0.9}))
    assert to_nested(outcome)["evidence"] == {}
    assert not [line for line in detente.answer(outcome) if "observed" in line]
    assert evidence(baseline_from_dataset(dataset(economy())), np.ones((5, 5, 3), bool)) == {}


def test_the_answer_and_the_brief_say_what_is_estimated(world: Baseline) -> None:
    policy = {**WHERE, "kind": "trade_cost", "sectors": ["BUS"], "change": -0.1}
    outcome = detente.simulate(world, scenario_of(policy))
    (said,) = [line for line in detente.answer(outcome) if "observed" in line]
    assert said.startswith(
        "Of the flows that the policies act on, not all is observed: services from"
    )
    assert said.endswith(
        "50 % observed); the rest is estimated, by a method that was off by 30 % of the value in a trial."
    )
    assert "not all is observed" in detente.brief(outcome)
    assert to_nested(outcome)["evidence"]["flows"][0]["observed"] == pytest.approx(0.5)


def test_nothing_is_said_where_nothing_is_known() -> None:
    assert observed_in_words({}) == []


def test_what_is_laid_over_a_world_is_imputed_and_moves_both_estimates() -> None:
    untaxed = with_other_bases(dataset(economy(tariffs=False)))
    world = baseline_from_dataset(untaxed, "synthetic")
    trade = np.asarray(world.economy.trade)
    added = 0.4 * float(trade[0, 1, 2])
    laid = with_satellite(world, [Addition("KOR", "CHN", "BUS", added, "a test")])
    assert laid.imputed_share is not None and laid.alternative_trade is not None
    assert laid.imputed_share[0, 1, 2] == pytest.approx((0.5 + 0.4) / 1.4)
    other = np.asarray(world.alternative_trade)
    for before, after in (
        (other, laid.alternative_trade),
        (trade, np.asarray(laid.economy.trade)),
    ):
        assert after[0, 1, 2] - before[0, 1, 2] == pytest.approx(added)
        np.testing.assert_allclose(after.sum(axis=1), before.sum(axis=1), rtol=1e-9)
    assert laid.about["hash"] != world.about["hash"]
