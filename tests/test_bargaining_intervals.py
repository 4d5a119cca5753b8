"""How sure a bargain is: the package as policies, its draws one by one, and people of one's own."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array, Float
from rich.console import Console

from detente._core import ScenarioError
from detente.calibrate.baseline import baseline_from_dataset, load_baseline
from detente.ensemble import affordable, interval, log_welfare, play_draws, sample
from detente.geo.bargaining import (
    Bargain,
    bargain,
    lay_out,
    people_of,
    per_head,
    Terms,
    with_openings,
)
from detente.report import bargain_table, terminal
from detente.report.bargaining_sureness import how_sure_bargain
from detente.scenario import compile_shock, parse_scenario, Scenario, to_toml, without_policies
from detente.simulation import simulate
from detente.uncertainty import Uncertainty
from detente.world import Baseline

from .test_cli import detente as detente, Run as Run
from .worlds import dataset, economy


SIDES = ("KOR", "CHN")
# Logs of two solves of one equilibrium, each to a relative residual of 1e-10; and in percent.
SAME = 1e-8
PERCENT = 100 * SAME
FEW = Uncertainty(draws=4, seed=3)
NARROW = Uncertainty(
    draws=3, hold=("elasticities",), home_relative_elasticity=(1.0 - 1e-11, 1.0),
    size=(1.0, 1.0 + 1e-11), rents=("nobody",),
)  # fmt: skip


@pytest.fixture(scope="module")
def small() -> Baseline:
    """Five countries with tariffs to bargain over."""
    return baseline_from_dataset(dataset(economy(3)))


@pytest.fixture(scope="module")
def world() -> Baseline:
    return load_baseline("compact-2022")


# --- The package as policies -------------------------------------------------------------------


@pytest.mark.parametrize("mfn", [False, True])
def test_the_package_is_a_scenario_with_the_shock_of_the_talks(world: Baseline, mfn: bool) -> None:
    """Services and tariffs, two deals at once, on top of what a scenario has in force."""
    levy = {"kind": "tariff", "importers": ["KOR"], "exporters": ["CHN"], "change": 0.05}
    dear = {"kind": "trade_cost", "importers": ["CHN"], "exporters": ["KOR"], "change": 0.1}
    scenario = parse_scenario({"title": "T", "policies": {"levy": levy, "dear": dear}}, "T")
    talks, openings, played = lay_out(
        world, scenario, [SIDES, ("KOR", "USA")], sectors=("TRN", "BUS", "AUT", "TEX"), mfn=mfn
    )
    depth = np.random.default_rng(0).random(len(openings))
    depth[::5] = 0.0
    package = with_openings(scenario, played, talks, openings, depth, 1.54)
    found, wanted = compile_shock(package, played.baseline), talks.shock_at(jnp.asarray(depth))
    np.testing.assert_allclose(found.tariff, wanted.tariff, atol=1e-15)
    np.testing.assert_allclose(found.trade_cost_hat, wanted.trade_cost_hat, rtol=1e-14)
    # Whoever reads its file plays the same.
    assert {one.kind for one in package.policies.values()} == {
        "tariff", "trade_cost", "services_liberalisation",
    }  # fmt: skip
    assert "package KOR LND" in to_toml(package)


# --- Draws -------------------------------------------------------------------------------------


def between(
    own: Float[Array, "o d s"], other: Float[np.ndarray, "o d s"] | None, weight: Float[Array, "1"]
) -> Float[Array, "o d s"]:
    """The base of a draw: levied tariffs or means over lines, one split of services or another."""
    assert other is not None
    return (1 - weight[0]) * own + weight[0] * jnp.asarray(other)


def as_drawn(
    world: Baseline, package: Scenario, seed: Uncertainty, at: int
) -> tuple[Baseline, Scenario]:
    """One draw written as a world and a scenario of its own; the tariffs of the package, which are
    law, are the same in all."""
    draw = sample(package, world, seed).at(np.array([at]))
    size = float(draw.size[0])
    policies = {
        name: policy.model_copy(update={"cost_per_stri_point": size * policy.cost_per_stri_point})
        if policy.kind == "services_liberalisation"
        else policy
        for name, policy in package.policies.items()
    }
    adjustment = package.adjustment.model_copy(
        update={
            "home_relative_elasticity": float(draw.home_elasticity[0]),
        }
    )
    there = replace(
        world.economy,
        trade_elasticity=world.economy.trade_elasticity * draw.elasticity[0],
        trade=between(world.economy.trade, world.alternative_trade, draw.alternative),
        tariff=between(world.economy.tariff, world.line_average_tariff, draw.line_average),
    )
    based = replace(world, economy=there, line_average_tariff=None, alternative_trade=None)
    return based, package.model_copy(update={"policies": policies, "adjustment": adjustment})


@pytest.fixture(scope="module")
def mixed(world: Baseline) -> Bargain:
    """Services of transport, whose size is drawn, and a goods sector, whose tariffs are not."""
    return bargain(world, terms=Terms(sectors=("TRN", "TEX")), uncertainty=FEW)


def one_by_one(world: Baseline, found: Bargain, seed: Uncertainty) -> np.ndarray:
    """100 times the log change of both sides' real income, a draw a row, by the plain engine."""
    gains = []
    for at in range(seed.draws):
        there, scenario = as_drawn(world, found.package, seed, at)
        outcome = simulate(there, scenario)
        assert outcome.attrs["solved"]
        own = outcome.welfare.sel(country=list(SIDES)).values
        gains.append(100 * np.log1p(own / 100))
    return np.array(gains)


def test_an_interval_is_that_of_draws_solved_one_by_one(world: Baseline, mixed: Bargain) -> None:
    assert {"services", "tariff"} == set(mixed.openings.loc[mixed.openings.depth > 0].means)
    gains = one_by_one(world, mixed, FEW)
    ends = interval(gains)
    np.testing.assert_allclose(mixed.sides.welfare_low, ends.low, atol=PERCENT)
    np.testing.assert_allclose(mixed.sides.welfare_high, ends.high, atol=PERCENT)
    income = mixed.sides.equivalent_variation / np.expm1(mixed.sides.welfare / 100)
    dollars = interval(np.expm1(gains / 100) * income.to_numpy())
    np.testing.assert_allclose(mixed.sides.equivalent_variation_low, dollars.low, rtol=1e-5)
    np.testing.assert_allclose(mixed.sides.equivalent_variation_high, dollars.high, rtol=1e-5)
    np.testing.assert_allclose(mixed.sides.worth, 100 * (gains > 0).mean(axis=0))
    assert mixed.about.draws_solved == 4
    assert mixed.about["worth_to_both"] == 100 * (gains > 0).all(axis=1).mean()


def test_an_opening_alone_has_the_interval_of_its_own_draws(
    world: Baseline, mixed: Bargain
) -> None:
    row = mixed.openings.loc[(mixed.openings.opener == "KOR") & (mixed.openings.sector == "LND")]
    policies = {name: mixed.package.policies[name] for name in ("package KOR LND",)}
    assert row.depth.iloc[0] == 1
    alone = replace(mixed, package=mixed.package.model_copy(update={"policies": policies}))
    ends = interval(one_by_one(world, alone, FEW)[:, 0])
    np.testing.assert_allclose(row.own_low.iloc[0], ends.low, atol=PERCENT)
    np.testing.assert_allclose(row.own_high.iloc[0], ends.high, atol=PERCENT)


def test_what_moves_a_gain_is_ranked(mixed: Bargain) -> None:
    rows = mixed.drivers
    assert list(dict.fromkeys(rows.side)) == list(SIDES)
    for _, own in rows.groupby("side"):
        assert own.width.is_monotonic_decreasing and len(own) == 3
        np.testing.assert_allclose(own.width, own.high - own.low)
    assert set(rows.assumption) <= set(mixed.about.assumptions)


def test_without_width_the_ends_are_the_number(small: Baseline, tmp_path: Path) -> None:
    """With a deal beside, costs, asks, flight, and a worse world without an agreement."""
    worse = tmp_path / "worse.toml"
    worse.write_text(
        'title = "Dearer"\n[policies.dear]\nkind = "trade_cost"\nimporters = ["KOR"]\n'
        'exporters = ["CHN"]\nchange = 0.05\n'
    )
    terms = Terms(
        sectors=("CAR", "ELE"), flight=0.01, costs={"KOR.ELE": 0.001}, beside="USA",
        asks={"expo": {"KOR": 0.02, "CHN": -0.01}}, outside=str(worse),
    )  # fmt: skip
    found = bargain(small, None, SIDES, terms, uncertainty=NARROW)
    assert found.about["agreed"] and (found.sides.politics != 0).all()
    assert set(found.about.assumptions) == {"nests", "size"}
    for name in ("welfare", "surplus"):
        for end in ("low", "high"):
            np.testing.assert_allclose(found.sides[f"{name}_{end}"], found.sides[name], atol=1e-5)
    owner = [row[f"alone_{row.opener}"] for _, row in found.openings.iterrows()]
    np.testing.assert_allclose(found.openings.own_low, owner, atol=1e-5)
    np.testing.assert_allclose(found.openings.own_high, owner, atol=1e-5)


def test_where_nothing_is_uncertain_there_is_no_interval(small: Baseline) -> None:
    """Tariffs are law: of a package of tariffs alone the size is not drawn either."""
    still = Uncertainty(draws=3, hold=("elasticities", "nests"))
    found = bargain(small, None, SIDES, Terms(sectors=("CAR",)), uncertainty=still)
    assert found.about.draws == 0 and "welfare_low" not in found.sides
    assert found.drivers.empty and "own_low" not in found.openings


def test_a_package_may_be_worth_having_in_some_draws_alone(world: Baseline) -> None:
    """An ask that costs one side nearly what it gains: it refuses where it gains less."""
    few = Uncertainty(draws=9, seed=1)
    places = [world.country_index[code] for code in SIDES]
    talks, openings, played = lay_out(world, without_policies(), [SIDES], sectors=("TRN",))
    whole = with_openings(without_policies(), played, talks, openings, np.ones(len(openings)), 1.54)
    draws = sample(whole, world, few)
    central = 100 * np.log1p(simulate(world, whole).welfare.values / 100)[places]
    gains = 100 * play_draws(world, [whole], draws)[:, 0, places]
    low = gains[:, 1].min()
    assert low < central[1]
    price = low + 0.9 * (central[1] - low)
    terms = Terms(sectors=("TRN",), asks={"expo": {"CHN": -price}})
    found = bargain(world, terms=terms, uncertainty=few)
    # All is opened all the same, so the package is the one above.
    assert (found.openings.depth == 1).all()
    better = gains - np.array([0.0, price]) > 0
    assert 0 < better[:, 1].mean() < 1
    np.testing.assert_allclose(found.sides.worth, 100 * better.mean(axis=0))
    assert found.about["worth_to_both"] == pytest.approx(100 * better.all(axis=1).mean())
    assert "of the simulations, the package" in " ".join(how_sure_bargain(found)).lower()


def test_a_large_world_has_draws_where_they_are_asked_for(
    small: Baseline, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = without_policies()
    assert affordable(plain, small).draws == plain.uncertainty.draws > 0
    monkeypatch.setattr("detente.ensemble.draws.MANY_FLOWS", 10)
    assert affordable(plain, small).draws == 0
    assert affordable(without_policies(["uncertainty.seed=4"]), small).draws == 0
    assert affordable(without_policies(["uncertainty.draws=7"]), small).draws == 7


def test_where_nothing_moves_nothing_is_solved(small: Baseline) -> None:
    """The zeros of a world without policies are what solving it gives."""
    idle, moved = without_policies(), parse_scenario(
        {"title": "T", "policies": {"levy": {"kind": "tariff", "importers": ["KOR"], "rate": 0.3}}},
        "T",
    )  # fmt: skip
    draws = sample([idle, moved], small, FEW)
    found = play_draws(small, [idle, moved], draws)
    solved = play_draws(small, [idle, moved], draws, of=lambda w, e: log_welfare(w, e))
    np.testing.assert_allclose(found, solved, atol=SAME)
    assert not found[:, 0].any() and found[:, 1].all()
    assert not play_draws(small, [idle], draws).any()


def test_no_interval_is_cut_off_in_a_terminal(mixed: Bargain) -> None:
    """At 80 columns, with every end below zero and the largest sums of money."""
    openings = mixed.openings.assign(own_low=-0.9876, own_high=-0.1234, blocked_by="KOR and CHN")
    sides = mixed.sides.assign(
        equivalent_variation_low=-12345.0, equivalent_variation_high=95862.0,
        politics=-0.1234,
    )  # fmt: skip
    said = io.StringIO()
    wide = replace(mixed, openings=openings, sides=sides)
    section = bargain_table(per_head(wide, {"KOR": 51.7, "CHN": 1410.0}))
    Console(file=said, width=80).print(terminal(section))
    text = said.getvalue()
    assert "−0.9876…−0.1234" in text and "−12,345…95,862" in text
    assert "…" in text and not re.findall(r"…(?![\d−<>])", text)
    assert max(map(len, text.splitlines())) <= 80


# --- People ------------------------------------------------------------------------------------


def test_gains_per_head_are_by_the_people_given(mixed: Bargain) -> None:
    found = per_head(mixed, {"KOR": 50.0})
    sides = found.sides.set_index("side")
    korea = sides.loc["KOR"]
    assert korea.per_head == pytest.approx(korea.equivalent_variation / 50)
    assert korea.per_head_low == pytest.approx(korea.equivalent_variation_low / 50)
    assert np.isnan(sides.per_head["CHN"])
    assert found.about["people_from"] == "the user" and "per_head" not in mixed.sides


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"KRO": 51.7}, "'KRO' is not a country.*'KOR'"),
        ({"USA": 335.0}, "'USA' is not a side"),
        ({"KOR": -1.0}, "KOR must have more than 0 million, not -1"),
        ({"KOR": float("nan")}, "more than 0"),
        ({"KOR": float("inf")}, "more than 0"),
    ],
)
def test_people_that_cannot_be_are_said(small: Baseline, given: dict, sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        people_of(small, SIDES, given)


# --- The command -------------------------------------------------------------------------------

ASK = ("bargain", "--baseline", "world.nc", "--sector", "CAR")


def test_the_table_says_what_is_held(detente: Run) -> None:
    sized = detente(*ASK, "--draws", "4", "--people", "KOR=51.7", "--people", "CHN=1410")
    assert (sized.code, sized.err) == (0, "")
    said = " ".join(sized.out.split())
    for words in (
        "90 % of 4 simulations", "held as agreed and not bargained over again in each simulation",
        "What matters most for KOR's gain", "…", "a head",
        "by your own figures of people (KOR 51.7 million and CHN 1,410 million)",
    ):  # fmt: skip
        assert words in said, words
    plain = detente(*ASK, "--draws", "0")
    assert "simulation" not in plain.out and "a head" not in plain.out


def test_the_same_seed_is_the_same_interval(detente: Run) -> None:
    ask = (*ASK, "--draws", "4", "--format", "json")
    first, again, other = (
        json.loads(detente(*ask, "--seed", seed).out) for seed in ("5", "5", "6")
    )
    assert first == again
    assert first["about"]["seed"] == 5 and first["about"]["draws"] == 4
    low = [one["sides"][0]["welfare_low"] for one in (first, other)]
    assert low[0] != low[1]
    assert {"side", "assumption", "low", "high", "width"} == set(first["drivers"][0])
    assert {"own_low", "own_high"} <= set(first["openings"][0])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--people", "KRO=51.7"), "'KOR'"),
        (("--people", "USA=335"), "not a side"),
        (("--people", "KOR=many"), "KOR=51.7 (millions)"),
        (("--people", "KOR=-3"), "more than 0 million"),
        (("--draws", "1"), "2 or more"),
        (("--draws", "-1"), "draws"),
    ],
)
def test_bad_figures_are_one_sentence(arguments: tuple, words: str, detente: Run) -> None:
    ended = detente(*ASK, *arguments)
    assert ended.code == 2 and words in ended.err
    assert ended.err.count("\n") == 1
