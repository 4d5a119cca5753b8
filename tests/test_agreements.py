"""Accession, the end of a preference, and schedules of changes, by hand on a small world."""

from dataclasses import replace

import equinox as eqx
import numpy as np
import pytest

from detente._core import ScenarioError
from detente.calibrate.baseline import baseline_from_dataset
from detente.scenario import compile_shock, load_scenario, parse_scenario
from detente.world import Baseline

from .worlds import dataset, economy


KOR, CHN, JPN, USA, ROW = range(5)
GOODS = slice(0, 2)
CLUB = {"kind": "free_trade_agreement", "members": ["CHN", "JPN"], "acceding": ["KOR"]}
END = {"kind": "end_of_preference", "importers": ["USA"], "exporters": ["KOR"],
       "as_for": ["CHN", "JPN"]}  # fmt: skip


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy()))


def tariff(baseline: Baseline, *policies: dict, **settings) -> np.ndarray:
    named = {f"p{place}": policy for place, policy in enumerate(policies)}
    document = {"title": "A test", "policies": named, **settings}
    return np.array(compile_shock(parse_scenario(document, "test"), baseline).tariff)


def before(baseline: Baseline) -> np.ndarray:
    return np.array(baseline.economy.tariff)


def test_who_joins_frees_trade_with_all_members_and_they_keep_theirs(baseline: Baseline) -> None:
    expected = before(baseline)
    for member in (CHN, JPN):
        expected[KOR, member, GOODS] = expected[member, KOR, GOODS] = 0.0
    np.testing.assert_allclose(tariff(baseline, CLUB), expected, rtol=1e-14)


def test_those_who_join_together_free_trade_with_each_other(baseline: Baseline) -> None:
    found = tariff(baseline, CLUB | {"acceding": ["KOR", "USA"]})
    assert (found[KOR, USA, GOODS] == 0).all() and (found[USA, KOR, GOODS] == 0).all()
    assert (found[CHN, JPN] == before(baseline)[CHN, JPN]).all()


def test_founding_and_then_joining_is_founding_together(baseline: Baseline) -> None:
    founders = {"kind": "free_trade_agreement", "members": ["CHN", "JPN"], "tariff_cut": 0.7}
    all_three = founders | {"members": ["KOR", "CHN", "JPN"]}
    later = tariff(baseline, founders, CLUB | {"tariff_cut": 0.7})
    np.testing.assert_allclose(later, tariff(baseline, all_three), rtol=1e-14)


def test_a_member_cannot_join(baseline: Baseline) -> None:
    with pytest.raises(ScenarioError, match="is a member already"):
        tariff(baseline, CLUB | {"acceding": ["JPN"]})
    with pytest.raises(ScenarioError, match="two members or more"):
        tariff(baseline, CLUB | {"members": ["KOR"], "acceding": []})


def test_the_ordinary_duty_comes_back_where_it_is_higher(baseline: Baseline) -> None:
    rates, trade = before(baseline), np.asarray(baseline.economy.trade)
    others = [CHN, JPN]
    mean = (rates * trade)[others, USA].sum(axis=0) / trade[others, USA].sum(axis=0)
    expected = before(baseline)
    expected[KOR, USA, GOODS] = np.maximum(expected[KOR, USA], mean)[GOODS]
    assert (expected > rates).any()
    np.testing.assert_allclose(tariff(baseline, END), expected, rtol=1e-13)


def test_a_preference_ends_once(baseline: Baseline) -> None:
    np.testing.assert_allclose(tariff(baseline, END, END), tariff(baseline, END), rtol=1e-14)


def test_who_pays_what_others_pay_has_no_preference_to_lose(baseline: Baseline) -> None:
    rates = baseline.economy.tariff.at[:, USA, :].set(0.1).at[USA, USA, :].set(0.0)
    flat = replace(baseline, economy=eqx.tree_at(lambda one: one.tariff, baseline.economy, rates))
    np.testing.assert_allclose(tariff(flat, END), before(flat), rtol=1e-14)


def test_an_agreement_takes_away_what_its_end_brought_back(baseline: Baseline) -> None:
    again = {"kind": "free_trade_agreement", "members": ["KOR", "USA"]}
    found, expected = tariff(baseline, END, again), tariff(baseline, again)
    np.testing.assert_array_equal(found, expected)


def test_who_loses_the_preference_cannot_be_the_measure_of_it(baseline: Baseline) -> None:
    with pytest.raises(ScenarioError, match="lose the preference themselves"):
        tariff(baseline, END | {"as_for": ["KOR", "JPN"]})


def test_a_schedule_of_changes_is_the_changes_one_by_one(baseline: Baseline) -> None:
    line = lambda code, size: {
        "importer": "USA",
        "exporter": code,
        "sector": "goods",
        "change": size,
    }
    scheduled = {"kind": "tariff", "lines": [line("all", 0.05), line("KOR", 0.2)]}
    expected = before(baseline)
    expected[[CHN, JPN, ROW], USA, GOODS] += 0.05
    expected[KOR, USA, GOODS] += 0.2
    np.testing.assert_allclose(tariff(baseline, scheduled), expected, rtol=1e-14)
    half = tariff(baseline, scheduled | {"phase_in": {"start": 2026, "years": 2}}, year=2026)
    np.testing.assert_allclose(half, (expected + before(baseline)) / 2, rtol=1e-14)


def test_a_file_of_changes_is_read(baseline: Baseline, tmp_path) -> None:
    policy = '[policies.levy]\nkind = "tariff"\nfile = "added.csv"\n'
    (tmp_path / "levy.toml").write_text(f'title = "T"\n{policy}')
    header = "importer,exporter,sector,change\n"
    (tmp_path / "added.csv").write_text(f"{header}USA,all,goods,0.05\nUSA,KOR,goods,0.2\n")
    scenario = load_scenario(tmp_path / "levy.toml")
    found = np.asarray(compile_shock(scenario, baseline).tariff) - before(baseline)
    np.testing.assert_allclose(found[[KOR, CHN], USA, 0], [0.2, 0.05])
    said = " ".join(scenario.policies["levy"].describe(baseline, None))
    assert (
        "USA changes its tariffs on goods, in percentage points by origin: all other countries +5; KOR +20."
        in said
    )


@pytest.mark.parametrize("size", [{}, {"rate": 0.1, "change": 0.1}])
def test_a_line_has_one_size(size: dict, baseline: Baseline) -> None:
    line = {"importer": "USA", "exporter": "KOR", "sector": "goods", **size}
    with pytest.raises(ScenarioError, match="exactly one of rate or change"):
        tariff(baseline, {"kind": "tariff", "lines": [line]})


def test_the_duties_are_said_before_and_after(baseline: Baseline) -> None:
    document = {"title": "A test", "policies": {"one": END}}
    said = " ".join(parse_scenario(document, "test").policies["one"].describe(baseline, None))
    trade = np.asarray(baseline.economy.trade)[KOR, USA, GOODS]
    rates = [one[KOR, USA, GOODS] for one in (before(baseline), tariff(baseline, END))]
    for rate in rates:
        assert f"{100 * (rate * trade).sum() / trade.sum():.2f} %" in said
