"""Tastes and openings: what a request does to the wedges by hand, when, and that it arrives."""

import tomllib
from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from detente._core import ScenarioError
from detente.adjustment import nests_in_use
from detente.calibrate.baseline import baseline_from_dataset
from detente.closure import Closure
from detente.equilibrium._problem import Problem
from detente.policy import FadeOut, PhaseIn, potential_shares
from detente.scenario import assumptions, parse_scenario, Scenario, to_toml
from detente.simulation import Play, prepare, simulate
from detente.world import Baseline, Economy

from .closures import HIDDEN, with_bans
from .worlds import COUNTRIES, dataset, economy, SECTORS


KOR, CHN, JPN = 0, 1, 2
CAR, ELE, BUS = 0, 1, 2
# A sum or a product in another order.
EXACT = 1e-12
# Percent; solved to a residual of 1e-10.
SOLVED = 1e-7
# The part of its baseline that is left of a market too small to move any price.
TINY = 1e-6
BOYCOTT = {
    "kind": "taste", "importers": ["KOR"], "exporters": ["CHN"], "sectors": ["ELE"], "change": -0.3,
}  # fmt: skip
OPENING = {"kind": "opening", "importers": ["KOR"], "exporters": ["CHN"], "sectors": ["ELE"]}


def scenario(*policies: dict, year: int | None = None, **settings) -> Scenario:
    named = {f"p{place}": policy for place, policy in enumerate(policies)}
    document = {"title": "A test", "policies": named, "year": year, **settings}
    return parse_scenario(document, "test")


def played(baseline: Baseline, *policies: dict, year: int | None = None) -> Play:
    return prepare(baseline, scenario(*policies, year=year))


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    made = baseline_from_dataset(dataset(economy()))
    return replace(made, country_groups={"ASIA": ("KOR", "CHN", "JPN")})


@pytest.fixture(scope="module")
def banned(baseline: Baseline) -> Baseline:
    """The same world with three flows that its bans hide: one in each sector."""
    return replace(baseline, economy=with_bans())


@pytest.fixture(scope="module")
def small(baseline: Baseline) -> Baseline:
    """Korea's market for electronics is too small to move any price but its own."""
    world = economy(inputs=False)
    trade = world.trade.at[:, KOR, ELE].multiply(TINY)
    return replace(baseline, economy=replace(world, trade=trade))


def asked_shares(play: Play, importer: int, sector: int) -> np.ndarray:
    """What buyers would spend on each origin at the same prices, as the engine weighs it."""
    spending = Problem.of(play.economy, play.shock, Closure()).spending
    weight = np.asarray(spending.abroad[sector, :, importer]).copy()
    weight[importer] += float(spending.home[importer, sector])
    return weight / weight.sum()


def share(world: Economy, origin: int) -> float:
    return float(world.expenditure_share[origin, KOR, ELE])


# --- Tastes -------------------------------------------------------------------------------------


WHERE = [
    (["CHN"], ["KOR"], ["ELE"], [(CHN, KOR, ELE)]),
    (["CHN"], ["KOR"], ["goods"], [(CHN, KOR, CAR), (CHN, KOR, ELE)]),
    (["ASIA"], ["KOR"], ["BUS"], [(CHN, KOR, BUS), (JPN, KOR, BUS)]),
    (["CHN"], "all", ["BUS"], [(CHN, other, BUS) for other in (0, 2, 3, 4)]),
]


@pytest.mark.parametrize(("exporters", "importers", "sectors", "cells"), WHERE)
def test_a_taste_is_where_it_was_asked_for(
    exporters, importers, sectors, cells, baseline: Baseline
) -> None:
    """Swapped ends would be a boycott of the boycotter; home is never touched."""
    asked = BOYCOTT | {"exporters": exporters, "importers": importers, "sectors": sectors}
    expected = np.ones((5, 5, 3))
    for cell in cells:
        expected[cell] = 0.7
    shock = played(baseline, asked).shock
    np.testing.assert_allclose(shock.taste_hat, expected, rtol=EXACT)
    np.testing.assert_array_equal(shock.trade_cost_hat, 1.0)
    np.testing.assert_array_equal(shock.tariff, baseline.economy.tariff)
    assert shock.opened is None


def test_tastes_compound_and_can_be_switched_off(baseline: Baseline) -> None:
    twice = played(baseline, BOYCOTT, BOYCOTT | {"change": 0.5}).shock.taste_hat
    np.testing.assert_allclose(twice[CHN, KOR, ELE], 0.7 * 1.5, rtol=EXACT)
    assert played(baseline, BOYCOTT | {"enabled": False}).shock.taste_hat is None


def test_a_taste_of_nothing_is_no_shock(baseline: Baseline) -> None:
    """The valuation with old tastes must give back the price index that needs none."""
    nothing = BOYCOTT | {"change": 0.0, "exporters": "all", "importers": "all", "sectors": "all"}
    np.testing.assert_array_equal(played(baseline, nothing).shock.taste_hat, 1.0)
    outcome = simulate(baseline, scenario(nothing))
    for name in ("welfare", "wage", "price", "output"):
        np.testing.assert_allclose(outcome[name], 0.0, atol=SOLVED)
    np.testing.assert_allclose(outcome.trade_after, outcome.trade_before, rtol=SOLVED)


@pytest.mark.parametrize("change", [-0.9, -0.3, 0.5])
def test_rivals_gain_on_the_boycotted_what_was_asked(change: float, small: Baseline) -> None:
    """At the same prices, spending on the origin over spending on any other moves by the change:
    in the engine's weights exactly, and in the solution of a market that moves no price."""
    asked = scenario(BOYCOTT | {"change": change})
    play, before = prepare(small, asked), np.asarray(small.economy.expenditure_share)[:, KOR, ELE]
    shares = asked_shares(play, KOR, ELE)
    odds = (shares / before)[CHN] / np.delete(shares / before, CHN)
    np.testing.assert_allclose(odds, 1 + change, rtol=EXACT)
    outcome = simulate(small, asked)
    found = outcome.expenditure_share_after.sel(destination="KOR", sector="ELE")
    np.testing.assert_allclose(found, shares, rtol=100 * TINY)
    for name in ("wage", "unit_cost"):
        np.testing.assert_allclose(outcome[name], 0.0, atol=100 * 100 * TINY)


def test_a_boycott_hurts_whom_it_is_aimed_at(baseline: Baseline) -> None:
    """And turns buyers to everyone else; a wave of fashion does the opposite."""
    for change, sign in ((-0.5, -1), (0.5, 1)):
        asked = BOYCOTT | {"change": change, "sectors": "all"}
        outcome = simulate(baseline, scenario(asked))
        assert outcome.attrs["solved"] == 1
        imports = (outcome.trade_after / outcome.trade_before).sel(destination="KOR")
        assert (np.sign(imports.sel(origin="CHN") - 1) == sign).all()
        assert (np.sign(imports.sel(origin=["JPN", "USA", "ROW"]) - 1) == -sign).all()
        assert np.sign(float(outcome.welfare.sel(country="CHN"))) == sign
        assert np.sign(float(outcome.wage.sel(country="CHN"))) == sign


# --- When ---------------------------------------------------------------------------------------


PHASE, FADE = {"start": 2026, "years": 2}, {"start": 2028, "half_life": 3.0}
# The year, the part that has begun, and the part that is left.
YEARS = [
    (None, 1.0, 1.0), (2025, 0.0, 1.0), (2026, 0.5, 1.0), (2027, 1.0, 1.0), (2028, 1.0, 1.0),
    (2029, 1.0, 0.5 ** (1 / 3)), (2031, 1.0, 0.5), (2034, 1.0, 0.25), (2040, 1.0, 0.0625),
]  # fmt: skip


@pytest.mark.parametrize(("year", "begun", "left"), YEARS)
def test_what_is_in_effect_by_year(
    year: int | None, begun: float, left: float, baseline: Baseline, banned: Baseline
) -> None:
    """The start of a fade is the last whole year, and each half-life leaves half of the log."""
    np.testing.assert_allclose(PhaseIn(**PHASE).share(year), begun, rtol=EXACT)
    np.testing.assert_allclose(FadeOut(**FADE).share(year), left, rtol=EXACT)
    dates = {"phase_in": ({"phase_in": PHASE}, begun), "fade_out": ({"fade_out": FADE}, left),
             "both": ({"phase_in": PHASE, "fade_out": FADE}, begun * left)}  # fmt: skip
    for dated, part in dates.values():
        taste = played(baseline, BOYCOTT | dated, year=year).shock.taste_hat
        np.testing.assert_allclose(taste[CHN, KOR, ELE], 0.7**part, rtol=EXACT)
        opened = played(banned, LIFTED | dated, year=year).shock.opened
        np.testing.assert_allclose(opened[KOR, CHN, CAR], part, rtol=EXACT)


def test_any_instrument_can_fade(baseline: Baseline) -> None:
    """Fading is part of every policy: a surcharge that wears off returns to the tariff before."""
    levy = {"kind": "tariff", "importers": ["KOR"], "exporters": ["CHN"], "change": 0.2}
    before = float(baseline.economy.tariff[CHN, KOR, ELE])
    for year, left in ((2028, 1.0), (2031, 0.5), (2034, 0.25)):
        tariff = played(baseline, levy | {"fade_out": FADE}, year=year).shock.tariff
        np.testing.assert_allclose(tariff[CHN, KOR, ELE], before + 0.2 * left, rtol=EXACT)


def test_how_much_is_in_effect_is_said(baseline: Baseline) -> None:
    dated = BOYCOTT | {"phase_in": PHASE, "fade_out": FADE}
    said = lambda year: " ".join(assumptions(scenario(dated, year=year), baseline))
    assert "50 %" in said(2031) and "by 2031" in said(2031)
    assert "50 %" in said(2026) and "by 2026" in said(2026)
    assert "by" not in said(None)


# --- Openings -----------------------------------------------------------------------------------


LIFTED = {"kind": "opening", "importers": ["CHN"], "exporters": ["KOR"], "sectors": ["CAR"]}


@pytest.mark.parametrize("part", [0.25, 1.0])
def test_the_trade_of_the_baseline_is_let_in(part: float, banned: Baseline) -> None:
    """Nothing but the flows that were named, and all of them for `part`."""
    assert HIDDEN[0] == (KOR, CHN, CAR)
    play = played(banned, LIFTED | {"part": part})
    expected = np.zeros((5, 5, 3))
    expected[HIDDEN[0]] = part
    np.testing.assert_array_equal(play.shock.opened, expected)
    full, before = economy(), banned.economy
    known = float((full.trade * (1 + full.tariff))[HIDDEN[0]] / before.expenditure[CHN, CAR])
    weight = part * known / (1 + part * known)
    np.testing.assert_allclose(asked_shares(play, CHN, CAR)[KOR], weight, rtol=EXACT)
    outcome = simulate(banned, scenario(LIFTED | {"part": part}))
    assert outcome.attrs["solved"] == 1
    at = lambda place: {"origin": COUNTRIES[place[0]], "destination": COUNTRIES[place[1]], "sector": SECTORS[place[2]]}  # fmt: skip
    assert float(outcome.trade_after.sel(at(HIDDEN[0]))) > 0
    assert all(float(outcome.trade_after.sel(at(place))) == 0 for place in HIDDEN[1:])


def test_an_opening_that_has_not_begun_is_no_shock(banned: Baseline) -> None:
    later = scenario(LIFTED | {"phase_in": {"start": 2030}}, year=2029)
    np.testing.assert_allclose(simulate(banned, later).welfare, 0.0, atol=SOLVED)


@pytest.mark.parametrize("wanted", [0.2, 0.6])
def test_the_share_that_was_asked_for_arrives(
    wanted: float, baseline: Baseline, small: Baseline
) -> None:
    """At unchanged prices: in the weights of any world, tariffs included, and in the solution of a
    market that moves no price. The others' shares shrink in proportion."""
    asked = OPENING | {"potential_share": wanted}
    for world in (baseline, small):
        play = played(world, asked)
        shares, before = asked_shares(play, KOR, ELE), world.economy.expenditure_share[:, KOR, ELE]
        np.testing.assert_allclose(shares[CHN], wanted, rtol=EXACT)
        others = np.delete(shares / np.asarray(before), CHN)
        np.testing.assert_allclose(others, (1 - wanted) / (1 - before[CHN]), rtol=EXACT)
        np.testing.assert_array_equal(play.economy.trade, world.economy.trade)
    outcome = simulate(small, scenario(asked))
    found = outcome.expenditure_share_after.sel(origin="CHN", destination="KOR", sector="ELE")
    np.testing.assert_allclose(found, wanted, rtol=100 * TINY)


@pytest.mark.parametrize(
    ("relative", "home"), [(2.0, 1.0), (0.3, 1.0), (1.0, 0.5), (3.0, 0.6), (0.5, 1.5)]
)
@pytest.mark.parametrize("exporters", [["CHN"], ["CHN", "JPN"]])
def test_the_share_that_was_asked_for_arrives_in_nests(
    relative: float, home: float, exporters: list[str], small: Baseline
) -> None:
    """The same in a market that moves no price, where the newcomer has close substitutes or where
    what is foreign competes with home otherwise: as if buyers chose in one nest."""
    asked = OPENING | {"potential_share": 0.3, "exporters": exporters}
    nest = {"countries": ["CHN", "USA"], "sectors": ["ELE"], "relative_elasticity": relative}
    adjustment = {"nests": {"near": nest}, "home_relative_elasticity": home}
    outcome = simulate(small, scenario(asked, adjustment=adjustment))
    found = outcome.expenditure_share_after.sel(origin=exporters, destination="KOR", sector="ELE")
    np.testing.assert_allclose(found, 0.3, rtol=100 * TINY)


def test_nearly_all_of_a_market_arrives_where_home_competes_little(small: Baseline) -> None:
    """The weights come slowly there: 200 steps left the share at 0.8998."""
    asked = OPENING | {"potential_share": 0.9}
    outcome = simulate(small, scenario(asked, adjustment={"home_relative_elasticity": 0.3}))
    found = outcome.expenditure_share_after.sel(origin="CHN", destination="KOR", sector="ELE")
    np.testing.assert_allclose(found, 0.9, rtol=100 * TINY)


def test_a_share_that_no_steps_reach_is_refused(
    small: Baseline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps were used up without a word; in a batch nothing is solved then."""
    monkeypatch.setattr(potential_shares, "NEST_STEPS", 20)
    asked = OPENING | {"potential_share": 0.9}
    adjustment = {"home_relative_elasticity": 0.3}
    with pytest.raises(ScenarioError, match=r"no trade was found .* within 20 steps"):
        prepare(small, scenario(asked, adjustment=adjustment))
    nests = nests_in_use(scenario(adjustment=adjustment).adjustment, small)
    wanted = np.zeros(small.economy.trade.shape)
    wanted[CHN, KOR, ELE] = 0.9
    hidden = potential_shares.hide(small.economy, jnp.asarray(wanted), nests).potential_trade
    assert hidden is not None and np.isnan(np.asarray(hidden)[CHN, KOR, ELE])


def test_a_flow_that_is_zero_can_be_opened_by_assumption(banned: Baseline) -> None:
    """What the statistics do not show is what the policy is for; tariffs are on top of the trade."""
    world = replace(banned, economy=replace(banned.economy, potential_trade=None))
    asked = LIFTED | {"potential_share": 0.1}
    np.testing.assert_allclose(asked_shares(played(world, asked), CHN, CAR)[KOR], 0.1, rtol=EXACT)
    outcome = simulate(world, scenario(asked))
    share_after = outcome.expenditure_share_after.sel(origin="KOR", destination="CHN", sector="CAR")
    assert 0.05 < float(share_after) < 0.1
    assert float(outcome.welfare.sel(country="KOR")) > 0


@pytest.mark.parametrize("together", [True, False])
def test_each_of_two_origins_has_what_was_asked(together: bool, baseline: Baseline) -> None:
    """The field's own words: "what each origin would have of the importer's spending"."""
    one = OPENING | {"potential_share": 0.3}
    both = (
        [one | {"exporters": ["CHN", "JPN"]}] if together else [one, one | {"exporters": ["JPN"]}]
    )
    shares = asked_shares(played(baseline, *both), KOR, ELE)
    np.testing.assert_allclose(shares[[CHN, JPN]], 0.3, rtol=1e-6)


# --- What cannot be, and files ------------------------------------------------------------------


BAD = [
    (BOYCOTT | {"change": -1}, ("'policies.p0.change'", "greater than -1")),
    (BOYCOTT | {"exporters": ["CHX"]}, ("policy 'p0'", "'CHX'", "'CHN'")),
    (BOYCOTT | {"importers": ["KRO"]}, ("policy 'p0'", "'KRO'", "'KOR'")),
    (BOYCOTT | {"sectors": ["ELEC"]}, ("policy 'p0'", "'ELEC'", "'ELE'")),
    ({key: BOYCOTT[key] for key in BOYCOTT if key != "change"}, ("exactly one of change or quantity",)),
    (BOYCOTT | {"quantity": 0.7}, ("exactly one of change or quantity",)),
    (BOYCOTT | {"quantity_of": "spending"}, ("'policies.p0'", "it needs 'quantity'")),
    (BOYCOTT | {"fade_out": {"start": 2030}}, ("'policies.p0.fade_out.half_life' is missing",)),
    (BOYCOTT | {"fade_out": {"start": 2030, "half_life": 0}}, ("half_life", "greater than 0")),
    (OPENING, ("policy 'p0'", "hides no trade", "'potential_share'")),
    (OPENING | {"potential_share": 0.01}, ("policy 'p0'", "0.01", "less than", "ELE from CHN to KOR")),
    (OPENING | {"potential_share": 1}, ("'policies.p0.potential_share'", "less than 1")),
    (OPENING | {"potential_share": 0.5, "part": 2}, ("'policies.p0.part'", "not 2")),
    (OPENING | {"potential_share": 0.5, "exporters": ["CHX"]}, ("policy 'p0'", "'CHX'", "'CHN'")),
    (OPENING | {"potential_share": 0.5, "sectors": ["ELEC"]}, ("policy 'p0'", "'ELEC'", "'ELE'")),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "named"), BAD)
def test_what_cannot_be_is_said(policy: dict, named: tuple, baseline: Baseline) -> None:
    assert share(baseline.economy, CHN) > 0.01
    with pytest.raises(ScenarioError) as refusal:
        played(baseline, policy, year=2030)
    for name in named:
        assert name in str(refusal.value), str(refusal.value)


def test_a_ban_of_the_baseline_must_hide_something(banned: Baseline) -> None:
    """Elsewhere in the world is not enough."""
    with pytest.raises(ScenarioError, match="hides no trade in these flows"):
        played(banned, LIFTED | {"sectors": ["BUS"]})
    assert float(jnp.max(played(banned, LIFTED | {"sectors": "all"}).shock.opened)) == 1.0


@pytest.mark.parametrize(
    "policy",
    [BOYCOTT, OPENING | {"potential_share": 0.5, "part": 0.25}, BOYCOTT | {"fade_out": FADE}],
)
def test_a_request_survives_its_file_and_is_described(policy: dict, baseline: Baseline) -> None:
    asked = scenario(policy)
    assert parse_scenario(tomllib.loads(to_toml(asked)), "again") == asked
    said = " ".join(assumptions(asked, baseline))
    sizes = ("30 % less",) if "change" in policy else ("25 %", "50 %")
    for word in ("CHN", "KOR", "ELE", *sizes):
        assert word in said
