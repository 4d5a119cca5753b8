"""What each policy of several brings: the whole, its parts, and what refuses to be told apart."""

import json
import math
import re
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tomli_w

from detente import commands
from detente._core import ScenarioError, SolveError
from detente.calibrate.baseline import baseline_from_dataset
from detente.ensemble import policy_parts
from detente.ensemble.parts import MOST_POLICIES
from detente.ensemble.shapley import coalitions, shapley
from detente.report import brief
from detente.report._format import signed_fine_percent
from detente.scenario import parse_scenario, Scenario
from detente.simulation import simulate
from detente.world import Baseline

from . import test_cli
from .test_cli import assert_refused, everything, Run
from .worlds import COUNTRIES, dataset, economy


detente = test_cli.detente
# A sum of eight numbers of that many digits; two routes to one equilibrium, each to 1e-10.
ADDED, SOLVED = 1e-9, 1e-7
FLOW = {"importers": ["KOR"], "exporters": ["CHN"]}
LEVY = {"kind": "tariff", **FLOW, "rate": 0.4}
CHEAPER = {"kind": "trade_cost", **FLOW, "sectors": ["CAR"], "change": -0.1}
BOYCOTT = {"kind": "taste", "importers": ["CHN"], "exporters": ["KOR"], "sectors": ["goods"],
           "change": -0.5}  # fmt: skip
NOTHING = {"kind": "trade_cost", "change": 0.0}
THREE = {"levy": LEVY, "levy_on_more": BOYCOTT, "levy_off": NOTHING}
"""Names of which one begins another."""
SETTINGS = [{}, {"horizon": "short"}, {"adjustment": {"deficits": "removed"}}]


def scenario(policies: dict, **settings: object) -> Scenario:
    document = {"title": "T", "name": "test", "focus": ["KOR", "CHN"], "policies": policies}
    return parse_scenario(document | settings, "test")


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy()))


def by_policy(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    return rows.pivot(index="policy", columns="country", values=column)[list(COUNTRIES)]


def welfare(baseline: Baseline, policies: dict, **settings: object) -> np.ndarray:
    return simulate(baseline, scenario(policies, **settings)).welfare.values


@pytest.mark.parametrize("settings", SETTINGS)
def test_parts_are_what_one_run_after_another_finds(settings: dict, baseline: Baseline) -> None:
    found = policy_parts(baseline, scenario(THREE, **settings))
    whole = welfare(baseline, THREE, **settings)
    np.testing.assert_allclose(found.whole.welfare, whole, atol=SOLVED)
    alone, left_out = (by_policy(found.rows, name) for name in ("alone", "left_out"))
    for name, policy in THREE.items():
        others = {other: one for other, one in THREE.items() if other != name}
        np.testing.assert_allclose(
            alone.loc[name], welfare(baseline, {name: policy}, **settings), atol=SOLVED
        )
        np.testing.assert_allclose(
            left_out.loc[name], welfare(baseline, others, **settings) - whole, atol=2 * SOLVED
        )


def test_fair_shares_add_up_and_are_the_average_over_orders(baseline: Baseline) -> None:
    policies = {**THREE, "cheaper": CHEAPER}
    found = policy_parts(baseline, scenario(policies))
    shares = by_policy(found.rows, "fair_share")
    np.testing.assert_allclose(shares.sum(), found.whole.welfare, atol=ADDED)
    money = by_policy(found.rows, "fair_share_equivalent_variation")
    np.testing.assert_allclose(money.sum(), found.whole.equivalent_variation, rtol=ADDED)
    value = {
        tuple(kept): welfare(baseline, {one: policies[one] for one in kept})
        for kept in ([name for name, inside in zip(policies, row, strict=True) if inside]
                     for row in coalitions(len(policies)))
    }  # fmt: skip
    ordered = lambda names: tuple(name for name in policies if name in names)
    for name in policies:
        steps = [
            value[ordered({*order[: order.index(name)], name})]
            - value[ordered(order[: order.index(name)])]
            for order in permutations(policies)
        ]
        np.testing.assert_allclose(
            shares.loc[name], np.sum(steps, axis=0) / math.factorial(4), atol=2 * SOLVED
        )


def test_equals_have_equal_shares_and_nothing_has_none(baseline: Baseline) -> None:
    policies = {"one": CHEAPER, "other": CHEAPER, "none": NOTHING, "levy": LEVY}
    found = policy_parts(baseline, scenario(policies))
    for column in ("alone", "left_out", "fair_share", "fair_share_equivalent_variation"):
        parts = by_policy(found.rows, column)
        np.testing.assert_allclose(parts.loc["one"], parts.loc["other"], atol=ADDED)
        np.testing.assert_allclose(parts.loc["none"], 0.0, atol=ADDED)
        assert (abs(parts.loc["one"]) > 1e-6).any()


def test_money_is_percent_of_income(baseline: Baseline) -> None:
    found = policy_parts(baseline, scenario(THREE))
    income = np.asarray(baseline.economy.income)
    for column in ("alone", "left_out", "fair_share"):
        money = by_policy(found.rows, f"{column}_equivalent_variation")
        np.testing.assert_allclose(
            money, by_policy(found.rows, column) * income / 100, rtol=1e-9, atol=1e-12
        )


def test_a_ban_that_is_lifted_is_left_out_like_any_other(baseline: Baseline) -> None:
    """What one policy lets in is not there where that policy is not."""
    policies = {"levy": LEVY, "opening": {"kind": "opening", "importers": ["KOR"],
                "exporters": ["USA"], "sectors": ["ELE"], "potential_share": 0.5}}  # fmt: skip
    found = policy_parts(baseline, scenario(policies))
    alone = by_policy(found.rows, "alone")
    for name, policy in policies.items():
        np.testing.assert_allclose(alone.loc[name], welfare(baseline, {name: policy}), atol=SOLVED)


def test_a_policy_that_is_off_has_no_part(baseline: Baseline) -> None:
    found = policy_parts(baseline, scenario({**THREE, "off": LEVY | {"enabled": False}}))
    assert list(dict.fromkeys(found.rows.policy)) == list(THREE)
    assert set(found.words) == set(THREE) and "KOR raises its tariff" in found.words["levy"]


def test_what_cannot_be_told_apart_is_refused(baseline: Baseline) -> None:
    many = {f"p{place}": NOTHING for place in range(MOST_POLICIES + 1)}
    with pytest.raises(ScenarioError, match=r"'test' has 9 policies in force, and at most 8 can"):
        policy_parts(baseline, scenario(many))
    with pytest.raises(ScenarioError, match="no policy of 'test' is in force"):
        policy_parts(baseline, scenario({"off": LEVY | {"enabled": False}}))


def test_a_combination_without_a_solution_is_named(
    baseline: Baseline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(baseline: Baseline, scenarios: list, progress: object) -> np.ndarray:
        solved = np.zeros((len(scenarios), len(baseline.countries)))
        solved[1] = np.nan
        return solved

    monkeypatch.setattr("detente.ensemble.parts.play_all", half)
    with pytest.raises(SolveError, match="with only levy in force"):
        policy_parts(baseline, scenario(THREE))


def test_shares_of_a_game_known_from_the_literature() -> None:
    """One left glove and two right ones: a pair is worth 1, and Shapley gives 4/6, 1/6, 1/6."""
    member = coalitions(3)
    value = (member[:, 0] & member[:, 1:].any(axis=1)).astype(float)
    np.testing.assert_allclose(shapley(value), [4 / 6, 1 / 6, 1 / 6], atol=1e-15)


# --- Commands -------------------------------------------------------------------------------------


@pytest.fixture
def file(home: Path) -> None:
    """The three policies as a file beside their world."""
    head = {"title": "Three", "baseline": "world.nc", "focus": ["KOR", "CHN"], "policies": THREE}
    (home / "three.toml").write_text(tomli_w.dumps(head), encoding="utf-8")


def test_parts_are_printed_kept_and_drawn(
    detente: Run, file: None, home: Path, baseline: Baseline
) -> None:
    ask = ("decompose", "three.toml", "--by", "policy")
    found = policy_parts(baseline, scenario(THREE))
    kept = detente(*ask, "--out", "parts.csv", "--chart", "parts.svg")
    assert (kept.code, kept.err) == (0, "")
    said = " ".join(kept.out.split())
    shares = by_policy(found.rows, "fair_share")
    for name in THREE:
        assert name in said
    assert signed_fine_percent(float(shares.loc["levy", "KOR"])) in said
    assert "Shapley" in said and "long run" in said and "synthetic basis" in said
    rows = pd.read_csv(home / "parts.csv")
    np.testing.assert_allclose(by_policy(rows, "fair_share"), shares, atol=SOLVED)
    picture = (home / "parts.svg").read_text(encoding="utf-8")
    assert "levy_on_more" in picture and ">KOR<" in picture and ">USA<" not in picture
    before = everything(home)
    assert_refused(detente(*ask, "--out", "parts.csv"), "parts.csv exists already")
    assert_refused(detente("decompose", "three.toml", "--by", "polity"), "'polity'", "'policy'")
    assert everything(home) == before


def test_parts_are_told_to_programs(detente: Run, file: None, baseline: Baseline) -> None:
    shown = json.loads(detente("decompose", "three.toml", "--by", "policy", "--format", "json").out)
    about, whole = shown["about"], {row["country"]: row for row in shown["whole"]}
    assert (about["by"], about["unit"]) == ("policy", "percent of real income")
    for code in COUNTRIES:
        own = [row["fair_share"] for row in shown["rows"] if row["country"] == code]
        assert len(own) == 3
        assert math.fsum(own) == pytest.approx(whole[code]["welfare"], abs=ADDED)


def test_the_picture_of_terms_has_every_term(detente: Run, file: None, home: Path) -> None:
    assert detente("decompose", "three.toml", "--chart", "terms.svg").code == 0
    picture = (home / "terms.svg").read_text(encoding="utf-8")
    assert "terms of trade" in picture and "taste" in picture


@pytest.mark.parametrize(("changes", "asked"), [((), True), (("levy_off.enabled=false",), True),
    (("levy.enabled=false", "levy_off.enabled=false"), False)])  # fmt: skip
def test_the_annex_of_a_run_says_how_to_tell_its_policies_apart(
    changes: tuple, asked: bool, detente: Run, file: None
) -> None:
    run = commands.run("three.toml", overrides=["uncertainty.draws=0", *changes], keep=False)
    page = re.sub(r"<[^>]+>", " ", brief(run.outcome))
    command = "detente decompose three.toml --set uncertainty.draws=0"
    assert (command in page and "--by policy" in page) == asked
