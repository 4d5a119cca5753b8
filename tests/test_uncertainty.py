"""Draws of what is uncertain: they nest what is known, and their intervals hold what they say."""

import io
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import xarray as xr
from rich.console import Console
from scipy.stats import binom

import detente
from detente import commands
from detente._core import ScenarioError
from detente.calibrate.baseline import baseline_from_dataset
from detente.ensemble import (
    central,
    Draws,
    drivers,
    interval,
    log_welfare,
    outcome as drawn_outcome,
    play_draws,
    sample,
    Spread,
    spread,
)
from detente.ensemble.draws import HOLDERS
from detente.equilibrium import Equilibrium, solve
from detente.outcome import to_nested
from detente.policy.items import between
from detente.report import summary, terminal
from detente.report.figures import figures
from detente.scenario import parse_scenario, Scenario, to_toml
from detente.schema import conform
from detente.simulation import prepare
from detente.uncertainty import ASSUMPTIONS, Uncertainty
from detente.world import Baseline, Economy

from .worlds import dataset, economy, with_other_bases


# Two solves of one equilibrium, each to a relative residual of 1e-10.
SAME = 1e-8
QUOTA = {
    "kind": "rationing", "importers": ["CHN"], "exporters": ["KOR"], "sectors": ["CAR"],
    "markup": 0.4, "rent": "exporter",
}  # fmt: skip
TARIFF = {"kind": "tariff", "importers": ["CHN"], "exporters": ["KOR"], "rate": 0.25}
COST = {"kind": "trade_cost", "importers": ["KOR"], "exporters": ["CHN"], "change": -0.1}
SHORTAGE = {
    "kind": "bottleneck", "exporters": ["CHN"], "importers": ["JPN"], "sectors": ["CAR"],
    "supply_share": [0.4, 0.6, 0.9], "cost_share": 0.002, "stocks": [0, 2, 4],
    "substitution": [0.05, 0.15, 0.3], "recovery": [20, 34, 100],
}  # fmt: skip
NEST = {"countries": ["KOR", "JPN"], "sectors": ["ELE"], "relative_elasticity": 2.0}


@pytest.fixture(scope="module")
def world() -> Baseline:
    made = baseline_from_dataset(with_other_bases(dataset(economy())), "synthetic")
    other = np.array([3.0, 6.0, 6.0])
    return replace(made, published_elasticities={"other": other})


def scenario_of(*policies: dict[str, Any], **settings: Any) -> Scenario:
    named = {f"policy{number}": policy for number, policy in enumerate(policies)}
    return parse_scenario({"title": "a test", "policies": named, **settings}, "test")


QUOTA_AND_MORE = scenario_of(QUOTA, TARIFF, COST, SHORTAGE, adjustment={"nests": {"close": NEST}})
# In the long run no wage is held up and no pace is left, and capital is fixed unless a scenario
# says otherwise.
ITS_OWN = tuple(name for name in ASSUMPTIONS if name not in ("wage_floor", "pace", "capital"))
FLOOR = {"lowest": 0.99, "countries": ["KOR", "CHN"], "pegged": ["CHN"]}
RIGID = scenario_of(QUOTA, TARIFF, COST, adjustment={"wage_floor": FLOOR}, horizon="short")


def all_but(*drawn: str) -> tuple[Any, ...]:
    return tuple(set(ASSUMPTIONS) - set(drawn))


def welfare(world: Baseline, scenario: Scenario) -> np.ndarray:
    """The log change of real income of a single solve."""
    played = prepare(world, scenario)
    found = np.asarray(
        log_welfare(played.economy, solve(played.economy, played.shock, played.closure))
    )
    assert np.isfinite(found).all()
    return found


def drawn(world: Baseline, scenario: Scenario, draws: int = 12, **settings: Any) -> Draws:
    return sample(scenario, world, Uncertainty(draws=draws, **settings))


def on_base(world: Baseline, line_average: float, alternative: float) -> Baseline:
    """The world whose arrays are those that a draw of these weights stands for."""
    own = world.economy
    trade = (1 - alternative) * own.trade + alternative * jnp.asarray(world.alternative_trade)
    tariff = (1 - line_average) * own.tariff + line_average * jnp.asarray(world.line_average_tariff)
    hidden = None if own.potential_trade is None else trade + own.potential_trade - own.trade
    moved = replace(own, trade=trade, tariff=tariff, potential_trade=hidden)
    return replace(world, economy=moved, line_average_tariff=None, alternative_trade=None)


def one_draw(world: Baseline, scenario: Scenario, **values: Any) -> Draws:
    """The scenario's own assumptions but for those values; in the structure of all draws."""
    every = drawn(world, scenario, 2).assumptions
    made = {name: jnp.asarray([value]) for name, value in values.items()}
    return replace(central(scenario, world), assumptions=every, **made)


def test_same_seed_same_draws_and_more_begin_with_them(world: Baseline) -> None:
    first, again = drawn(world, QUOTA_AND_MORE, 20), drawn(world, QUOTA_AND_MORE, 20)
    more, other = drawn(world, QUOTA_AND_MORE, 50), drawn(world, QUOTA_AND_MORE, 20, seed=1)
    assert set(first.assumptions) == set(ITS_OWN)
    for name in (
        "elasticity",
        "rent_holder",
        "home_elasticity",
        "nest_elasticity",
        "size",
        "line_average",
        "alternative",
    ):
        here = np.asarray(getattr(first, name))
        np.testing.assert_array_equal(here, getattr(again, name))
        np.testing.assert_array_equal(here, getattr(more, name)[:20])
        assert not np.array_equal(here, getattr(other, name))


def test_draws_do_not_depend_on_the_countries(world: Baseline) -> None:
    compact = detente.load_baseline("compact-2022")
    fewer = detente.load_baseline("compact-2014")
    scenario = scenario_of(COST)
    here, there = (drawn(one, scenario, published_elasticities=False) for one in (compact, fewer))
    np.testing.assert_array_equal(here.elasticity[:, 0], there.elasticity[:, 0])
    np.testing.assert_array_equal(here.size, there.size)


def test_draws_have_the_declared_distribution(world: Baseline) -> None:
    draws = drawn(world, QUOTA_AND_MORE, 4000)
    for values, low, high in (
        (draws.home_elasticity, 0.5, 1.0), (draws.size, 0.5, 1.5),
        (draws.alternative, 0.0, 1.0),
    ):  # fmt: skip
        sorted_ = np.sort(np.asarray(values))
        even = low + (high - low) * (np.arange(4000) + 0.5) / 4000
        # Kolmogorov-Smirnov: 1.95 over the root of the draws is passed once in a thousand.
        assert abs(sorted_ - even).max() < 1.95 / np.sqrt(4000) * (high - low)
    weight = np.asarray(draws.line_average)
    assert abs((weight == 0).mean() - 0.5) < 4 * np.sqrt(0.25 / 4000)
    assert weight[weight > 0].mean() == pytest.approx(0.5, abs=0.03) and weight.max() > 0.99
    holders = np.bincount(np.asarray(draws.rent_holder), minlength=4)
    assert holders[0] == 0
    assert (abs(holders[1:] - 4000 / 3) < 4 * np.sqrt(4000 * 2 / 9)).all()
    log_nest = np.log(np.asarray(draws.nest_elasticity))
    assert log_nest.std() == pytest.approx(0.2, rel=0.05) and abs(log_nest.mean()) < 0.015
    # The ratio of two sectors tells the set; what is common to both is the factor.
    own, other = np.asarray(world.economy.trade_elasticity), np.array([3.0, 6.0, 6.0])
    theta = np.asarray(draws.elasticity) * own
    is_own = np.isclose(theta[:, 0] / theta[:, 1], own[0] / own[1])
    assert 0.46 < is_own.mean() < 0.54
    factor = np.log(theta[:, 0] / np.where(is_own, own[0], other[0]))
    assert factor.std() == pytest.approx(0.2, rel=0.05) and abs(factor.mean()) < 0.015


@pytest.mark.parametrize("assumption", ITS_OWN)
def test_an_assumption_that_is_held_is_the_scenarios_own(world: Baseline, assumption: str) -> None:
    held = drawn(world, QUOTA_AND_MORE, hold=(assumption,))
    free, own = drawn(world, QUOTA_AND_MORE), central(QUOTA_AND_MORE, world)
    assert assumption not in held.assumptions and len(held.assumptions) == 6
    fields = {
        "elasticities": ("elasticity",), "rents": ("rent_holder",),
        "nests": ("home_elasticity", "nest_elasticity"), "size": ("size",),
        "tariffs": ("line_average",), "services_split": ("alternative",),
        "bottlenecks": ("bottleneck",),
    }  # fmt: skip
    for owner, names in fields.items():
        for name in names:
            here, alone, there = (_numbers(one, name) for one in (held, own, free))
            expected = np.broadcast_to(alone, here.shape) if owner == assumption else there
            np.testing.assert_array_equal(here, expected)


def _numbers(draws: Draws, name: str) -> np.ndarray:
    held = getattr(draws, name)
    return np.stack([held[key] for key in held]) if isinstance(held, dict) else np.asarray(held)


def test_how_far_wages_fall_is_drawn_where_there_is_a_floor(world: Baseline) -> None:
    """And a draw of it is the scenario with that floor, in the countries that have one."""
    draws = drawn(world, RIGID, 2000)
    lowest = np.asarray(draws.lowest_wage)
    even = 0.98 + 0.02 * (np.arange(2000) + 0.5) / 2000
    assert abs(np.sort(lowest) - even).max() < 1.95 / np.sqrt(2000) * 0.02
    for without in (RIGID.model_copy(update={"horizon": "long"}), QUOTA_AND_MORE):
        assert "wage_floor" not in drawn(world, without).assumptions
    for settings in ({"hold": ("wage_floor",)}, {"wage_floor": (0.99, 0.99)}):
        held = drawn(world, RIGID, **settings)
        assert "wage_floor" not in held.assumptions
        np.testing.assert_array_equal(held.lowest_wage, 0.99)
    settings = {"adjustment": {"wage_floor": FLOOR | {"lowest": 0.97}}, "horizon": "short"}
    lower = scenario_of(QUOTA, TARIFF, COST, **settings)
    one = play_draws(world, [RIGID], one_draw(world, RIGID, lowest_wage=0.97), log_welfare)
    np.testing.assert_allclose(one[0, 0], welfare(world, lower), atol=SAME)
    assert abs(one[0, 0] - welfare(world, RIGID)).max() > 1e-5


@pytest.mark.parametrize(
    ("assumption", "settings"),
    [
        ("elasticities", {"elasticity_deviation": 0.0, "published_elasticities": False}),
        ("nests", {"home_relative_elasticity": (1, 1), "nest_deviation": 0.0}),
        ("size", {"size": (1, 1)}),
    ],
)
def test_an_assumption_without_a_range_is_not_drawn(
    world: Baseline, assumption: str, settings: dict[str, Any]
) -> None:
    assert assumption not in drawn(world, QUOTA_AND_MORE, **settings).assumptions


def test_what_a_scenario_does_not_assume_is_not_drawn(world: Baseline) -> None:
    names = lambda *policies, **settings: (
        drawn(world, scenario_of(*policies, **settings)).assumptions
    )
    assert "rents" not in names(COST)
    assert "size" not in names()
    assert "nests" not in names(COST, adjustment={"home_relative_elasticity": 0.7})
    assert {"tariffs", "services_split"} <= set(names(COST))
    levied = np.asarray(world.economy.tariff)
    for one in (None, levied):
        assert (
            "tariffs"
            not in drawn(replace(world, line_average_tariff=one), QUOTA_AND_MORE).assumptions
        )
    alone = replace(world, published_elasticities={})
    assert "elasticities" in drawn(alone, scenario_of(COST)).assumptions
    assert (
        "elasticities" not in drawn(alone, scenario_of(COST), elasticity_deviation=0.0).assumptions
    )


ADJUSTMENTS: dict[str, dict[str, Any]] = {
    "nests and scale": {"adjustment": {"nests": {"close": NEST}, "scale": 0.3}, "horizon": "short"},
    "fixed entry": {"adjustment": {"entry": "fixed"}, "horizon": "short"},
    "no deficits": {"adjustment": {"deficits": "removed"}},
    "kappa": {"adjustment": {"kappa": 1.5, "home_relative_elasticity": 0.7}},
}


@pytest.mark.parametrize("name", ADJUSTMENTS)
def test_the_scenarios_own_assumptions_are_the_scenario(world: Baseline, name: str) -> None:
    scenario = scenario_of(QUOTA, TARIFF, COST, **ADJUSTMENTS[name])
    found = play_draws(world, [scenario], one_draw(world, scenario))
    np.testing.assert_allclose(found[0, 0], welfare(world, scenario), atol=SAME)


def test_a_batch_is_the_scenarios_one_by_one(world: Baseline) -> None:
    """Each draw written as a scenario of its own and solved alone."""
    draws = drawn(world, QUOTA_AND_MORE, 5)
    found = play_draws(world, [QUOTA_AND_MORE], draws)
    for position, row in enumerate(found[:, 0]):
        there, scenario = _as_scenario(world, draws.at(np.array([position])))
        np.testing.assert_allclose(row, welfare(there, scenario), atol=SAME)


def _as_scenario(world: Baseline, draw: Draws) -> tuple[Baseline, Scenario]:
    value = lambda name: float(getattr(draw, name)[0])
    size = value("size")
    theta = world.economy.trade_elasticity * draw.elasticity[0]
    holder = {code: name for name, code in HOLDERS.items()}[int(draw.rent_holder[0])]
    there = on_base(world, value("line_average"), value("alternative"))
    old = np.asarray(there.economy.tariff)[0, 1, :2]
    new = (1 + old) * (1.25 / (1 + old)) ** size - 1
    lines = [
        {"importer": "CHN", "exporter": "KOR", "sector": sector, "rate": float(rate)}
        for sector, rate in zip(("CAR", "ELE"), new, strict=True)
    ]
    scenario = scenario_of(
        {**QUOTA, "markup": 1.4**size - 1, "rent": holder},
        {"kind": "tariff", "lines": lines},
        {**COST, "change": 0.9**size - 1},
        {**SHORTAGE, **_read(draw)},
        adjustment={
            "home_relative_elasticity": value("home_elasticity"),
            "nests": {"close": {**NEST, "relative_elasticity": 2 * value("nest_elasticity")}},
        },
    )
    return replace(there, economy=replace(there.economy, trade_elasticity=theta)), scenario


def _read(draw: Draws) -> dict[str, float]:
    """The parameters of the shortage as one draw has them."""
    read = {}
    for name, place in draw.bottleneck.items():
        given = SHORTAGE[name]
        ends = tuple(map(float, given)) if isinstance(given, list) else (float(given),) * 3
        read[name] = between(ends, float(place[0]))
    return read


@pytest.mark.parametrize("name", ["fixed entry", "no deficits"])
def test_what_follows_from_elasticities_follows_the_draw(world: Baseline, name: str) -> None:
    """Other elasticities are another world, in its mark-ups of the long run and in what it is
    without deficits."""
    scenario = scenario_of(QUOTA, TARIFF, COST, **ADJUSTMENTS[name])
    draw = one_draw(world, scenario, elasticity=[1.2, 0.8, 1.0])
    theta = world.economy.trade_elasticity * draw.elasticity[0]
    there = replace(world, economy=replace(world.economy, trade_elasticity=theta))
    found = play_draws(world, [scenario], draw)
    np.testing.assert_allclose(found[0, 0], welfare(there, scenario), atol=SAME)


@pytest.mark.parametrize("own", HOLDERS)
@pytest.mark.parametrize("holder", HOLDERS)
def test_each_holder_of_rents_is_the_scenario_that_names_it(
    world: Baseline, own: str, holder: str
) -> None:
    scenario = scenario_of({**QUOTA, "rent": own}, TARIFF)
    draw = one_draw(world, scenario, rent_holder=HOLDERS[holder])
    found = play_draws(world, [scenario], draw)
    there = scenario_of({**QUOTA, "rent": holder}, TARIFF)
    np.testing.assert_allclose(found[0, 0], welfare(world, there), atol=SAME)


def test_mark_ups_of_one_flow_compound_where_one_is_wasted(world: Baseline) -> None:
    """Two limits on one flow, of which nobody keeps the first, all kept by the importer."""
    scenario = scenario_of({**QUOTA, "rent": "nobody", "markup": 0.1}, QUOTA)
    found = play_draws(
        world, [scenario], one_draw(world, scenario, rent_holder=HOLDERS["importer"])
    )
    there = scenario_of({**QUOTA, "rent": "importer", "markup": 1.1 * 1.4 - 1})
    np.testing.assert_allclose(found[0, 0], welfare(world, there), atol=SAME)


def test_twice_the_size_is_the_policy_doubled(world: Baseline) -> None:
    scenario = scenario_of(COST)
    found = play_draws(world, [scenario], one_draw(world, scenario, size=2.0))
    doubled = scenario_of({**COST, "change": 0.9**2 - 1})
    np.testing.assert_allclose(found[0, 0], welfare(world, doubled), atol=SAME)


def test_a_prohibition_has_no_size(world: Baseline) -> None:
    ban = {"kind": "prohibition", "importers": ["CHN"], "exporters": ["KOR"], "sectors": ["CAR"]}
    scenario = scenario_of(ban)
    for size in (0.5, 1.5):
        found = play_draws(world, [scenario], one_draw(world, scenario, size=size))
        np.testing.assert_allclose(found[0, 0], welfare(world, scenario), atol=SAME)


def test_no_more_is_let_in_than_is_hidden(world: Baseline) -> None:
    opening = {
        "kind": "opening", "importers": ["CHN"], "exporters": ["KOR"], "sectors": ["BUS"],
        "potential_share": 0.3,
    }  # fmt: skip
    scenario = scenario_of(opening)
    larger = play_draws(world, [scenario], one_draw(world, scenario, size=1.5))
    np.testing.assert_allclose(larger[0, 0], welfare(world, scenario), atol=SAME)
    half = play_draws(world, [scenario], one_draw(world, scenario, size=0.5))
    np.testing.assert_allclose(
        half[0, 0], welfare(world, scenario_of({**opening, "part": 0.5})), atol=SAME
    )


def test_the_last_of_two_shares_holds_however_often_each_is_asked_for(world: Baseline) -> None:
    """All scenarios share one world, into which the same share is put once."""
    flow = {"importers": ["CHN"], "exporters": ["KOR"], "sectors": ["BUS"]}
    most, some = (
        scenario_of(
            {"kind": "opening", **flow, "potential_share": share},
            adjustment={"deficits": "removed"},
        )
        for share in (0.6, 0.3)
    )
    once = play_draws(world, [some, most], one_draw(world, most))
    again = play_draws(world, [most, some, most], one_draw(world, most))
    np.testing.assert_allclose(again[0, 1:], once[0], atol=SAME)
    np.testing.assert_allclose(again[0, 0], again[0, 2], atol=SAME)


SERVICES = ["BUS"]
BASED: dict[str, list[dict[str, Any]]] = {
    "a rate": [TARIFF],
    "an addition in steps": [{**TARIFF, "rate": None, "change": 0.1}],
    "an agreement": [{"kind": "free_trade_agreement", "members": ["KOR", "CHN"], "tariff_cut": 0.7}],
    "lines after a cut": [
        {"kind": "free_trade_agreement", "members": ["KOR", "USA"]},
        {"kind": "tariff", "lines": [
            {"importer": "USA", "exporter": "all", "sector": "goods", "change": 0.1},
            {"importer": "USA", "exporter": "KOR", "sector": "CAR", "rate": 0.15},
        ]},
    ],
    "duties that go back": [
        {"kind": "end_of_preference", "importers": ["USA"], "exporters": ["KOR", "JPN"], "as_for": ["CHN"]},
    ],
    "a deal in US$": [
        {"kind": "export_deals", "exporters": ["KOR"], "importers": ["CHN"], "sectors": SERVICES,
         "value": 0.5, "realisation": 1.0},
    ],
    "an opening": [
        {"kind": "opening", "importers": ["CHN"], "exporters": ["KOR"], "sectors": SERVICES,
         "potential_share": 0.3},
    ],
    "a limit": [QUOTA],
}  # fmt: skip


@pytest.mark.parametrize("weights", [(1.0, 1.0), (0.3, 0.0), (0.6, 0.7)], ids=str)
@pytest.mark.parametrize("name", BASED)
def test_a_draw_of_the_base_is_the_scenario_on_that_base(
    world: Baseline, name: str, weights: tuple[float, float]
) -> None:
    """Every wedge is compiled on the base of the draw, and the world has its shares."""
    policies = [{k: v for k, v in one.items() if v is not None} for one in BASED[name]]
    scenario = scenario_of(*policies)
    draw = one_draw(world, scenario, line_average=weights[0], alternative=weights[1])
    found = play_draws(world, [scenario], draw)[0, 0]
    np.testing.assert_allclose(found, welfare(on_base(world, *weights), scenario), atol=SAME)
    # The base matters for all of them: a draw that ignored it would not pass.
    assert np.abs(found - welfare(world, scenario)).max() > 1e3 * SAME


@pytest.mark.parametrize("name", ["no deficits", "nests and scale"])
def test_what_adjusts_does_so_on_the_base_of_the_draw(world: Baseline, name: str) -> None:
    scenario = scenario_of(TARIFF, *BASED["an opening"], **ADJUSTMENTS[name])
    draw = one_draw(world, scenario, line_average=0.6, alternative=0.7)
    found = play_draws(world, [scenario], draw)[0, 0]
    np.testing.assert_allclose(found, welfare(on_base(world, 0.6, 0.7), scenario), atol=SAME)


def test_bans_hide_as_much_beside_other_flows(world: Baseline) -> None:
    own = world.economy
    potential = own.trade.at[0, 1, 2].add(0.5)
    hiding = replace(world, economy=replace(own, potential_trade=potential))
    scenario = scenario_of(
        {"kind": "opening", "importers": ["CHN"], "exporters": ["KOR"], "sectors": SERVICES}
    )
    found = play_draws(hiding, [scenario], one_draw(hiding, scenario, alternative=0.7))[0, 0]
    np.testing.assert_allclose(found, welfare(on_base(hiding, 0.0, 0.7), scenario), atol=SAME)


def test_a_base_that_is_held_leaves_no_trace(world: Baseline) -> None:
    """The draws of the other assumptions, and what is solved in them, to the last bit."""
    plain = replace(world, line_average_tariff=None, alternative_trade=None)
    held = drawn(world, QUOTA_AND_MORE, 6, hold=("tariffs", "services_split"))
    before = drawn(plain, QUOTA_AND_MORE, 6)
    assert held.assumptions == before.assumptions
    np.testing.assert_array_equal(
        play_draws(world, [QUOTA_AND_MORE], held), play_draws(plain, [QUOTA_AND_MORE], before)
    )


@pytest.mark.parametrize(
    ("assumption", "policy"),
    [
        ("services_split", {**COST, "importers": ["USA"], "exporters": ["KOR"], "sectors": SERVICES}),
        ("tariffs", {"kind": "free_trade_agreement", "members": ["KOR", "CHN"]}),
    ],
)  # fmt: skip
def test_what_rests_on_estimates_is_less_sure(
    world: Baseline, assumption: str, policy: dict[str, Any]
) -> None:
    """The interval of a headline is wider than it is where its cells are taken as known."""
    scenario = scenario_of(policy, focus=["KOR"])
    widths = []
    for hold in ((assumption,), ()):
        draws = drawn(
            world, scenario, 40, size=(0.8, 1.2), hold=(*all_but("size", assumption), *hold)
        )
        ends = interval(play_draws(world, [scenario], draws)[:, 0, 0])
        widths.append(float(ends.high - ends.low))
    assert widths[1] > 1.05 * widths[0], widths


def test_scenarios_share_their_draws(world: Baseline) -> None:
    """Common random numbers: each column is what the scenario alone gives."""
    scenarios = [scenario_of(COST), scenario_of(QUOTA), scenario_of()]
    draws = sample(scenarios, world, Uncertainty(draws=6))
    together = play_draws(world, scenarios, draws)
    assert together.shape == (6, 3, 5) and "rents" in draws.assumptions
    np.testing.assert_allclose(together[:, 2], 0.0, atol=SAME)
    for position, scenario in enumerate(scenarios):
        alone = play_draws(world, [scenario], draws)
        np.testing.assert_allclose(together[:, position], alone[:, 0], atol=SAME)


def test_scenarios_of_other_settings_are_refused(world: Baseline) -> None:
    scenarios = [scenario_of(COST), scenario_of(COST, horizon="short")]
    with pytest.raises(ScenarioError, match="the same horizon"):
        play_draws(world, scenarios, sample(scenarios, world, Uncertainty(draws=2)))


def test_intervals_are_quantiles_of_what_was_solved() -> None:
    """Hazen's: the draw of rank i of n stands for the part (i - 1/2) / n."""
    values = np.arange(101.0)
    assert interval(values, 0.9) == pytest.approx((50.0, 4.55, 95.45, 1.0))
    holed = np.concatenate([values, np.full(101, np.nan)])
    assert interval(holed, 0.9) == pytest.approx((50.0, 4.55, 95.45, 0.5))
    nothing = interval(np.full(7, np.nan), 0.9)
    assert np.isnan(nothing[:3]).all() and nothing.solved == 0.0
    by_column = interval(np.stack([values, -values], axis=1), 0.5)
    np.testing.assert_allclose(by_column.low, [24.75, -75.25])


def test_draws_that_are_not_solved_are_counted(world: Baseline) -> None:
    """Sizes of a tax so large that nothing pays for the surplus of whoever levies it."""
    hard = {"kind": "trade_cost", "change": "1e11%"}
    scenario = scenario_of(hard)
    draws = drawn(world, scenario, 16, size=(0.001, 1.0), hold=all_but("size"))
    found = spread(world, [scenario], draws)
    lost = np.isnan(found.together[:, 0, 0])
    assert 0 < lost.sum() < 16
    made = found.interval(lambda of: of[:, 0, 0])
    assert made.solved == pytest.approx(1 - lost.mean())
    assert np.isfinite(made.low)


def test_drivers_hold_all_other_assumptions(world: Baseline) -> None:
    """The interval of an assumption alone is that of draws in which all others are held."""
    scenario = QUOTA_AND_MORE
    draws = drawn(world, scenario, 20)
    korea = lambda of: of[:, 0, 0]
    frame = drivers(world, [scenario], draws, korea)
    assert set(frame.assumption) == set(ITS_OWN)
    assert (frame.width.diff().dropna() <= 0).all()
    np.testing.assert_allclose(frame.width, frame.high - frame.low)
    held = drawn(world, scenario, 20, hold=all_but("size"))
    alone = interval(korea(play_draws(world, [scenario], held)))
    size = frame.set_index("assumption").loc["size"]
    np.testing.assert_allclose([size.low, size.high], alone[1:3], atol=SAME)


def test_what_moves_several_numbers_most_is_said_of_each() -> None:
    """Each assumption moves one number far and the other little, in the opposite order."""
    spans = {"elasticities": 1.0, "rents": 2.0, "nests": 3.0, "size": 4.0}
    steps = np.linspace(-1.0, 1.0, 9)
    alone = {name: np.outer(steps, [span, 5.0 - span]) for name, span in spans.items()}
    found = Spread(own=None, together=None, alone=alone, level=0.9)
    rows = found.leading(lambda values: 2.0 * values[:, None], [{"of": "a"}, {"of": "b"}])
    assert [(row["of"], row["assumption"]) for row in rows] == [
        ("a", "size"), ("a", "nests"), ("a", "rents"),
        ("b", "elasticities"), ("b", "rents"), ("b", "nests"),
    ]  # fmt: skip
    for row in rows:
        column = ["a", "b"].index(row["of"])
        ends = interval(2.0 * alone[row["assumption"]][:, column])
        assert (row["low"], row["high"], row["width"]) == (
            ends.low,
            ends.high,
            ends.high - ends.low,
        )


def test_drivers_of_many_draws_are_those_of_some(world: Baseline) -> None:
    """One number in, one number out: the ranks that stand for all draws keep the interval."""
    scenario = scenario_of(COST)
    draws = drawn(world, scenario, 400, hold=all_but("size"))
    found = spread(world, [scenario], draws)
    korea = lambda of: of[:, 0, 0]
    every, few = found.interval(korea), found.drivers(korea).iloc[0]
    assert len(found.alone["size"]) < 50
    np.testing.assert_allclose([few.low, few.high], every[1:3], rtol=0.02)


def test_intervals_hold_truths_as_often_as_they_say(world: Baseline) -> None:
    """Truths from the declared distribution, by another seed: the number of them that a 90 %
    interval of 400 draws holds is binomial, but for the error of its own two ends."""
    scenario = QUOTA_AND_MORE
    made = interval(play_draws(world, [scenario], drawn(world, scenario, 400))[:, 0], 0.9)
    truths = play_draws(world, [scenario], drawn(world, scenario, 300, seed=7))[:, 0]
    held = ((truths >= made.low) & (truths <= made.high)).sum(axis=0)
    # The part that the interval holds is itself Beta distributed: with 400 draws its standard
    # deviation is sqrt(0.9 * 0.1 / 401) = 0.015; three of those on either side of 0.9.
    error = 3 * np.sqrt(0.9 * 0.1 / 401)
    low, high = binom.ppf(0.001, 300, 0.9 - error), binom.ppf(0.999, 300, 0.9 + error)
    assert (held >= low).all() and (held <= high).all(), held
    # A test that an interval of half the level would pass is no test.
    half = interval(play_draws(world, [scenario], drawn(world, scenario, 400))[:, 0], 0.45)
    wrong = ((truths >= half.low) & (truths <= half.high)).sum(axis=0)
    assert (wrong < low).all()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"draws": 1}, "0 for no intervals, or 2 or more"),
        ({"draws": -5}, "greater than or equal to 0"),
        ({"level": 1.0}, "less than 1"),
        ({"level": 0}, "greater than 0"),
        ({"drwas": 10}, "did you mean 'draws'"),
        ({"hold": ["sizes"]}, "'size'"),
        ({"size": [2, 1]}, "low and high"),
        ({"size": [1]}, "low and high"),
        ({"home_relative_elasticity": 0.5}, "two numbers"),
        ({"rents": []}, "one holder or more"),
        ({"rents": ["friend"]}, "'importer', 'exporter' or 'nobody'"),
        ({"horizon": 0.5}, "'uncertainty.horizon' is not a known key"),
        ({"hold": ["horizon"]}, "'pace'"),
        ({"nearly_long_run": [4, 8]}, "year 5 or later"),
        ({"nearly_long_run": [9, 8]}, "low and high"),
    ],
)
def test_bad_settings_are_refused_in_a_sentence(table: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError, match="uncertainty") as refused:
        scenario_of(COST, uncertainty=table)
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_no_draws_make_no_interval(world: Baseline) -> None:
    with pytest.raises(ScenarioError, match="2 draws or more"):
        sample(scenario_of(COST, uncertainty={"draws": 0}), world)


def test_the_table_survives_its_file() -> None:
    import tomllib

    table = {"draws": 50, "seed": 3, "level": 0.5, "hold": ["size"], "rents": ["nobody"]}
    scenario = scenario_of(COST, uncertainty=table)
    again = parse_scenario(tomllib.loads(to_toml(scenario)), "again")
    assert again == scenario and again.uncertainty.rents == ("nobody",)


@pytest.fixture(scope="module")
def outcome(world: Baseline) -> xr.Dataset:
    return detente.ensemble.simulate_draws(world, DECLARED)


DECLARED = scenario_of(
    QUOTA, TARIFF, COST, focus=["KOR", "CHN"], adjustment={"nests": {"close": NEST}},
    uncertainty={"draws": 30, "seed": 5, "level": 0.8},
)  # fmt: skip


def _income(economy: Economy, found: Equilibrium) -> jax.Array:
    return economy.income


def test_an_outcome_carries_its_intervals(world: Baseline, outcome: xr.Dataset) -> None:
    assert conform(outcome, "outcome") == []
    about = {name: outcome.attrs[name] for name in ("draws", "draws_solved", "seed", "level")}
    assert about == {"draws": 30, "draws_solved": 30, "seed": 5, "level": 0.8}
    found = play_draws(world, [DECLARED], sample(DECLARED, world))[:, 0]
    expected = interval(100 * np.expm1(found), 0.8)
    # Worth is of the income of the draw's own world, which has other deficits than the baseline.
    each = play_draws(world, [DECLARED], sample(DECLARED, world), _income)[:, 0]
    worth = interval(np.expm1(found) * each, 0.8)
    assert np.ptp(each, axis=0).min() > 0
    for end in ("low", "median", "high"):
        np.testing.assert_allclose(outcome[f"welfare_{end}"], getattr(expected, end), atol=1e-6)
        np.testing.assert_allclose(
            outcome[f"equivalent_variation_{end}"], getattr(worth, end), rtol=1e-6, atol=1e-9
        )
    alone = detente.simulate(world, DECLARED)
    xr.testing.assert_equal(outcome[list(alone.data_vars)], alone)


def test_the_three_that_move_it_most_are_named(outcome: xr.Dataset) -> None:
    rows = json.loads(outcome.attrs["welfare_drivers"])
    width = (outcome.welfare_driver_high - outcome.welfare_driver_low).to_pandas()
    country = "KOR"
    assert outcome.attrs["focus"].startswith('["KOR"')
    largest = width[country].nlargest(3)
    assert [row["assumption"] for row in rows] == list(largest.index)
    assert {row["country"] for row in rows} == {country}
    np.testing.assert_allclose([row["width"] for row in rows], largest)


def test_the_answer_and_the_brief_say_how_sure(world: Baseline, outcome: xr.Dataset) -> None:
    said = detente.answer(outcome)
    range_, drivers = (said[at + sure(said)] for at in (0, 1))
    assert "the trade elasticities" in range_ and "horizon" not in range_
    assert "who keeps the rents" in range_
    assert range_.endswith("(80 % of 30 simulations).")
    assert drivers.startswith("What matters most for ")
    ends = (outcome[f"welfare_{end}"].sel(country="KOR").item() for end in ("low", "high"))
    assert all(f"{abs(end):.1g}"[:4] in range_ for end in ends)
    page = detente.brief(outcome)
    assert "in the middle 80" in page and "one assumption at a time" in page
    nested = to_nested(outcome)
    assert nested["draws"] == 30 and len(nested["welfare_drivers"]) == 3
    assert json.loads(json.dumps(nested, allow_nan=False))["welfare_low"]["KOR"] is not None
    table = io.StringIO()
    Console(file=table, width=80).print(terminal(summary(outcome)))
    assert "How sure" in table.getvalue()
    assert max(map(len, table.getvalue().splitlines())) <= 80


def sure(said: list[str]) -> int:
    """Where the answer begins to say how sure it is."""
    return next(at for at, line in enumerate(said) if line.startswith("Allowing for uncertainty"))


def test_a_range_of_either_sign_is_no_gain_and_no_loss(outcome: xr.Dataset) -> None:
    """Neither the sentence nor the title of the chart says more than the range does."""
    changed = outcome.copy(deep=True)
    for end, value in (("low", -0.2), ("high", 0.31)):
        changed[f"welfare_{end}"].loc[{"country": "KOR"}] = value
        changed[f"welfare_{end}"].loc[{"country": "CHN"}] = abs(value) + 1.0
    changed["welfare"].loc[{"country": "CHN"}] = 1.25
    lines = detente.answer(changed)
    said = lines[sure(lines)]
    assert (
        "KOR may lose 0.20 % or gain 0.31 %" in said and "CHN gains between 1.2 and 1.3 %" in said
    )
    title = figures(changed)["welfare"].panels[0].title
    assert title == "CHN gains and KOR may gain or lose" and title in detente.brief(changed)


def test_unsolved_draws_are_said(outcome: xr.Dataset) -> None:
    some = outcome.assign_attrs(draws_solved=28)
    said = detente.answer(some)
    assert said[sure(said)].endswith("(80 % of the 28 simulations that were solved, of 30).")


def test_without_draws_there_are_no_intervals(world: Baseline) -> None:
    """No draws are one solve; where nothing is drawn, the other horizon is said all the same."""
    plain = scenario_of(COST, uncertainty={"draws": 0})
    one = detente.ensemble.simulate_draws(world, plain)
    xr.testing.assert_identical(one, detente.simulate(world, plain))
    held = scenario_of(COST, uncertainty={"hold": list(ASSUMPTIONS)})
    both = detente.ensemble.simulate_draws(world, held)
    alone = detente.simulate(world, held)
    assert {*both.data_vars} - {*alone.data_vars} == {"welfare_other_horizon"}
    xr.testing.assert_equal(both[list(alone.data_vars)], alone)


def test_draws_end_where_the_scenario_is_not_solved(
    world: Baseline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of them is shown, and each that finds nothing takes all its steps."""
    batches = range(2_000)
    steps: list[str] = []

    def slow(*arguments: Any) -> None:
        for batch in batches:
            arguments[-1](f"{batch}")
            time.sleep(1e-3)

    unsolved = detente.simulate(world, DECLARED).assign_attrs(solved=0)
    monkeypatch.setattr(drawn_outcome, "spread", slow)
    monkeypatch.setattr(drawn_outcome, "simulate", lambda *arguments: unsolved)
    assert detente.ensemble.simulate_draws(world, DECLARED, steps.append) is unsolved
    assert len(steps) < len(batches)


def test_a_run_is_drawn_again(home: Path) -> None:
    """The draws are part of the scenario that a run directory keeps."""
    dataset(economy()).to_netcdf("own.nc", engine="scipy")
    Path("limit.toml").write_text(
        'title = "A limit"\nbaseline = "own.nc"\nfocus = ["KOR"]\n'
        '[policies.cost]\nkind = "trade_cost"\nimporters = ["CHN"]\nexporters = ["KOR"]\nchange = -0.1\n',
        encoding="utf-8",
    )
    steps: list[str] = []
    changes = ["uncertainty.draws=6", "uncertainty.seed=2"]
    done = commands.run("limit.toml", overrides=changes, out=Path("kept"), progress=steps.append)
    assert steps[0].startswith("draw 0 of ") and "welfare_low" in done.outcome
    assert commands.verify(Path("kept")).reproduced
    text = Path("kept/scenario.toml").read_text(encoding="utf-8")
    Path("kept/scenario.toml").write_text(text.replace("seed = 2", "seed = 3"), encoding="utf-8")
    other = commands.verify(Path("kept"))
    assert other.changed_files == ("scenario.toml",) and other.largest_difference > 1e-6


def test_an_interval_that_is_small_keeps_its_digits(outcome: xr.Dataset) -> None:
    """A figure of 0.0007 % whose ends are both "<0.001" would have no interval at all."""
    names = [name for name in outcome.data_vars if str(name).startswith("welfare_")]
    worth = float(outcome.welfare_high.sel(country="KOR"))
    small = outcome.assign({name: outcome[name] * (0.0004 / worth) for name in names})
    lines = detente.answer(small)
    said = lines[sure(lines)]
    assert "0.00040 %" in said and "0.001 %" not in said
    assert "+0.00040" in detente.brief(small)
