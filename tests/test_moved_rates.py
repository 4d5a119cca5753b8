"""Tariffs that a scenario moves: what is levied beside what lines say, and what goes the wrong way."""

import json
from dataclasses import replace
from io import StringIO

import jax.numpy as jnp
import numpy as np
import pytest
from rich.console import Console

from detente.calibrate.baseline import baseline_from_dataset
from detente.outcome import to_nested
from detente.policy import directions
from detente.report import brief, summary, terminal
from detente.report.tariffs import tariff_lines
from detente.scenario import assumptions, compile_shock, parse_scenario
from detente.simulation import simulate
from detente.world import Baseline

from .worlds import dataset, economy


KOR, CHN, JPN, USA, ROW = range(5)
CAR, ELE, BUS = range(3)
CUT = {"kind": "free_trade_agreement", "members": ["KOR", "CHN"], "tariff_cut": 0.5}


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy()))


def scenario(*policies: dict, **settings):
    named = {f"p{place}": policy for place, policy in enumerate(policies)}
    return parse_scenario({"title": "A test", "policies": named, **settings}, "test")


def moved(baseline: Baseline, *policies: dict) -> dict:
    shock = compile_shock(scenario(*policies), baseline)
    return directions(baseline, np.asarray(shock.tariff))


def test_both_averages_and_the_largest_sector_by_hand(baseline: Baseline) -> None:
    trade, tariff = (np.asarray(a) for a in (baseline.economy.trade, baseline.economy.tariff))
    lines = tariff * np.array([3.0, 0.5, 1.0])
    found = moved(replace(baseline, line_average_tariff=lines), CUT)
    assert found["count"] == 2
    assert {(row["importer"], row["exporter"]) for row in found["rows"]} == {
        ("KOR", "CHN"), ("CHN", "KOR"),
    }  # fmt: skip
    row = next(row for row in found["rows"] if row["importer"] == "KOR")
    goods, rate, by_line = (a[CHN, KOR, :BUS] for a in (trade, tariff, lines))
    assert row["levied_before"] == pytest.approx(100 * (goods * rate).sum() / goods.sum())
    assert row["levied_after"] == pytest.approx(row["levied_before"] / 2)
    assert row["line_average"] == pytest.approx(100 * (goods * by_line).sum() / goods.sum())
    duty = goods * rate / 2
    assert row["duty_moved"] == pytest.approx(-duty.sum())
    assert row["largest_sector"] == baseline.sectors[int(duty.argmax())]
    assert row["share"] == pytest.approx(100 * duty.max() / duty.sum())
    assert found["duty_moved"] == pytest.approx(sum(row["duty_moved"] for row in found["rows"]))


def test_falls_and_rises_in_one_direction_do_not_cancel_in_the_share(baseline: Baseline) -> None:
    lines = [
        {"importer": "KOR", "exporter": "CHN", "sector": sector, "change": change}
        for sector, change in (("CAR", 0.1), ("ELE", -0.05))
    ]
    (row,) = moved(baseline, {"kind": "tariff", "lines": lines})["rows"]
    up, down = (
        size * float(baseline.economy.trade[CHN, KOR, sector])
        for sector, size in ((CAR, 0.1), (ELE, 0.05))
    )
    assert row["duty_moved"] == pytest.approx(up - down)
    assert row["duty_both_ways"] == pytest.approx(up + down)
    assert row["share"] == pytest.approx(100 * max(up, down) / (up + down))


def test_a_scenario_without_tariffs_moves_none(baseline: Baseline) -> None:
    cost = {"kind": "trade_cost", "importers": ["KOR"], "exporters": ["CHN"], "change": 0.1}
    assert moved(baseline, cost) == {"count": 0, "duty_moved": 0.0, "rows": []}
    outcome = simulate(baseline, scenario(cost))
    assert tariff_lines(outcome) == []
    assert "tariffs that move" not in brief(outcome)


def test_the_answer_says_it_on_the_terminal_in_the_brief_and_in_json(baseline: Baseline) -> None:
    with_lines = replace(baseline, line_average_tariff=2 * np.asarray(baseline.economy.tariff))
    outcome = simulate(with_lines, scenario(CUT, focus=["KOR"]))
    row = next(
        one for one in json.loads(outcome.attrs["tariffs"])["rows"] if one["importer"] == "KOR"
    )
    assert row["line_average"] == pytest.approx(2 * row["levied_before"])
    printed = StringIO()
    Console(file=printed, width=200).print(terminal(summary(outcome)))
    levied, lines = f"{row['levied_before']:.2f}", f"{row['line_average']:.2f}"
    said = " ".join(printed.getvalue().replace("\u00a0", " ").split())
    assert f"KOR on CHN: {levied} % levied ({lines} % as a mean over tariff lines)" in said
    page = brief(outcome)
    assert f'<td class="number">{levied}</td>' in page
    assert f'<td class="number">{lines}</td>' in page
    assert to_nested(outcome)["tariffs"]["count"] == 2
    without = brief(simulate(baseline, scenario(CUT, focus=["KOR"])))
    assert "Mean over" in page
    assert "Mean over" not in without
    assert "Levied" not in without


def with_rate(baseline: Baseline, rates: dict[tuple[int, int, int], float]) -> Baseline:
    tariff = np.array(baseline.economy.tariff)
    for cell, rate in rates.items():
        tariff[cell] = rate
    return replace(baseline, economy=replace(baseline.economy, tariff=jnp.asarray(tariff)))


def contrary(baseline: Baseline, *policies: dict, **settings) -> list[str]:
    said = assumptions(scenario(*policies, **settings), baseline)
    return [line for line in said if line.startswith("This policy")]


FOOD = (ROW, KOR, CAR)
"""One importer levies 91 % on one thing where its neighbours levy a few percent."""
FLOOR = {"kind": "tariff", "importers": ["KOR"], "exporters": "all", "rate": 0.4}


def test_a_rate_meant_to_rise_that_falls_in_a_cell_is_said_with_the_cell(baseline) -> None:
    world = with_rate(baseline, {FOOD: 0.91})
    (said,) = contrary(world, FLOOR)
    trade = float(world.economy.trade[FOOD])
    assert "raises duties on balance, and lowers one rate of the 8 it moves: " in said
    assert said.endswith(f"from ROW to KOR, from 91.00 % to 40.00 % on US$ {trade:.0f} million.")
    outcome = simulate(world, scenario(FLOOR))
    assert json.loads(outcome.attrs["tariffs_against"]) == [said]
    assert "lowers one rate of the 8" in brief(outcome).replace("\u00a0", " ")


def test_the_largest_of_several_is_the_one_with_most_duty(baseline: Baseline) -> None:
    world = with_rate(baseline, {FOOD: 0.41, (JPN, KOR, ELE): 0.6})
    (said,) = contrary(world, FLOOR)
    assert "lowers 2 rates of the 8 it moves, on US$" in said
    assert "from JPN to KOR, from 60.00 % to 40.00 %" in said


def test_a_cut_that_raises_says_so(baseline: Baseline) -> None:
    world = with_rate(baseline, {FOOD: 0.0})
    (said,) = contrary(world, FLOOR | {"rate": 0.01})
    assert "lowers duties on balance, and raises " in said
    assert "from ROW to KOR, from 0.00 % to 1.00 %" in said


def test_a_rate_below_all_that_is_levied_says_that_it_lowers(baseline: Baseline) -> None:
    world = with_rate(baseline, {FOOD: 0.91})
    one = FLOOR | {"exporters": ["ROW"], "sectors": ["CAR"]}
    (said,) = contrary(world, one)
    assert "sets a rate below the one it replaces: it lowers one rate of the 1 it moves" in said


@pytest.mark.parametrize(
    "policy",
    [
        CUT,
        FLOOR | {"rate": 0.0},
        FLOOR,
        {"kind": "tariff", "importers": ["KOR"], "change": -0.001},
        FLOOR | {"rate": 0.91, "phase_in": {"start": 2040}},
    ],
    ids=["an agreement", "to zero", "all rise", "a change", "not yet"],
)
def test_nothing_is_said_where_all_goes_as_meant(policy: dict, baseline: Baseline) -> None:
    assert contrary(baseline, policy, year=2030) == []


def test_the_rate_before_is_that_of_the_policies_before(baseline: Baseline) -> None:
    """Levied today is what earlier policies left: 60 % set first is lowered by 40 % set next."""
    said = contrary(baseline, FLOOR | {"rate": 0.6}, FLOOR)
    assert len(said) == 1
    assert "it lowers 8 rates of the 8 it moves" in said[0]
