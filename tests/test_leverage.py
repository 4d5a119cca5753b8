"""Leverage: closed forms, limits, derivatives against differences, optima, coalitions, commands."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from jaxtyping import Array
from rich.console import Console

from detente._core import ScenarioError
from detente.adjustment import SHORT_RUN_RATIO
from detente.calibrate.baseline import baseline_from_dataset
from detente.ensemble import interval, play_all, sample
from detente.equilibrium import Equilibrium, TEXTBOOK
from detente.equilibrium._equations import sales, Unknowns
from detente.equilibrium._problem import Problem
from detente.geo.leverage import (
    asked,
    beside,
    carried_out,
    cheapest,
    closed_form,
    coalition,
    credibility,
    frontier,
    gap,
    headline,
    international_power,
    leverage,
    nothing,
    rank_correlation,
    Sides,
    Terms,
    Threat,
)
from detente.geo.leverage.cheapest import held
from detente.geo.leverage.credibility import buys, reputation_needed
from detente.geo.leverage.optimum import cheapness
from detente.geo.leverage.wedges import losses_and_slopes, pressure
from detente.pace import PUBLISHED
from detente.report import cheapest_table, terminal
from detente.report.labels import _box, _LETTER, placed
from detente.scenario import parse_scenario, Scenario
from detente.simulation import simulate
from detente.uncertainty import Uncertainty
from detente.world import Baseline, Economy, Shock

from . import test_cli
from .test_cli import assert_refused, everything, Run
from .worlds import COUNTRIES, dataset, economy


detente = test_cli.detente
NONE = Uncertainty(draws=0)
# Log points; worlds are solved to a residual of 1e-10.
SOLVED = 1e-8
CHN_KOR = Threat(senders=("CHN",), target="KOR")
KOR, CHN, JPN, USA = (COUNTRIES.index(code) for code in ("KOR", "CHN", "JPN", "USA"))
TAX = {"kind": "tariff", "importers": ["KOR"], "exporters": ["CHN"], "rate": 0.3}


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy()))


STILL = nothing().model_copy(update={"uncertainty": NONE})


def scenario(policies: dict | None = None, **settings: object) -> Scenario:
    given = {"title": "T", "name": "test", "policies": policies or {}}
    return parse_scenario(given | settings, "test")


def fall(baseline: Baseline, threat: Threat, setting: Scenario | None = None) -> np.ndarray:
    """L of every country."""
    before = setting or nothing()
    without, under = play_all(baseline, [before, carried_out(threat, before)])
    return without - under


# --- Threat loss and self-cost --------------------------------------------------------------------


def test_rows_are_the_welfare_of_ordinary_scenarios(baseline: Baseline) -> None:
    rows = leverage(baseline, "CHN", "KOR", uncertainty=NONE).rows
    assert list(rows.form) == ["buying", "selling", "both"] * 2
    assert list(rows.horizon) == ["long"] * 3 + ["short"] * 3
    ban = {"kind": "prohibition", "exporters": ["KOR"], "importers": ["CHN"], "sectors": "all"}
    outcome = simulate(baseline, scenario({"ban": ban}))
    row = rows.iloc[0]
    for name, code in (("threat_loss", "KOR"), ("self_cost", "CHN")):
        welfare = float(outcome.welfare.sel(country=code))
        assert row[name] == pytest.approx(-welfare, abs=1e-6)
        lost = -float(outcome.equivalent_variation.sel(country=code))
        assert row[f"{name}_usd"] == pytest.approx(lost, rel=1e-6)
        at = COUNTRIES.index(code)
        gdp = float(baseline.economy.income[at] - baseline.economy.deficit[at])
        assert row[f"{name}_gdp"] == pytest.approx(100 * lost / gdp, rel=1e-6)
        assert row[f"{name}_log"] == pytest.approx(-100 * np.log1p(welfare / 100), abs=1e-6)
    assert row.ratio == pytest.approx(row.threat_loss_log / row.self_cost_log, rel=1e-9)


def test_no_threat_costs_nothing(baseline: Baseline) -> None:
    rows = leverage(baseline, "CHN", "KOR", markup=0.0, uncertainty=NONE).rows
    assert np.abs(rows[["threat_loss", "self_cost"]].to_numpy()).max() < 1e-7


def test_small_threats_add_up(baseline: Baseline) -> None:
    """To first order: the error falls with the square of the size."""

    def gap_of(size: float) -> np.ndarray:
        sized = CHN_KOR.model_copy(update={"markup": size})
        parts = [sized.model_copy(update={"form": form}) for form in ("buying", "selling")]
        return fall(baseline, sized) - sum(fall(baseline, part) for part in parts)

    coarse, fine = gap_of(0.02), gap_of(0.01)
    whole = fall(baseline, CHN_KOR.model_copy(update={"markup": 0.01}))
    assert np.abs(fine[[KOR, CHN]]).max() < 0.02 * np.abs(whole[[KOR, CHN]]).min()
    np.testing.assert_allclose(coarse[KOR] / fine[KOR], 4.0, rtol=0.1)


def test_a_prohibition_is_the_limit_of_a_cost(baseline: Baseline) -> None:
    banned = fall(baseline, CHN_KOR)
    away = [
        np.abs(fall(baseline, CHN_KOR.model_copy(update={"markup": size})) - banned).max()
        for size in (3.0, 30.0, 300.0)
    ]
    assert away[0] > 10 * away[1] > 100 * away[2]
    assert away[2] < 1e-6


def shipped(economy: Economy, found: Equilibrium) -> Array:
    """Quantities at baseline prices."""
    return found.trade / found.unit_cost_hat[:, None, :]


def test_a_cut_cuts_what_it_says(baseline: Baseline) -> None:
    rows = leverage(
        baseline, "CHN", "KOR", cut=0.4, forms=("both",), horizons=("short",),
        rents=("importer",), uncertainty=NONE,
    ).rows  # fmt: skip
    row = rows.iloc[0]
    assert (row.rent, len(rows)) == ("importer", 1)
    sized = CHN_KOR.model_copy(update={"markup": row.markup / 100, "rent": "importer"})
    setting = scenario(horizon="short")
    before, after = (
        play_all(baseline, [one], shipped)[0] for one in (setting, carried_out(sized, setting))
    )
    cells = sized.cells(baseline)
    assert after[cells].sum() / before[cells].sum() == pytest.approx(0.6, rel=1e-8)
    lost = fall(baseline, sized, setting)
    assert row.threat_loss_log == pytest.approx(100 * lost[KOR], abs=100 * SOLVED)


def test_the_holder_of_the_rent_decides_who_pays() -> None:
    """A small mark-up is a first tariff to who keeps it: the importer gains, and who sells gains
    where it keeps it itself; burned, both lose. Of a world without tariffs, or more would be too
    much."""
    baseline = baseline_from_dataset(dataset(economy(tariffs=False)))
    small = {"form": "buying", "markup": 0.01}
    lost = {
        rent: fall(baseline, CHN_KOR.model_copy(update=small | {"rent": rent}))
        for rent in ("nobody", "importer", "exporter")
    }
    assert lost["nobody"][KOR] > 0 and lost["nobody"][CHN] > 0
    assert lost["importer"][CHN] < 0 < lost["importer"][KOR]
    assert lost["exporter"][KOR] < 0 < lost["exporter"][CHN]


def test_relabelling_changes_nothing(baseline: Baseline) -> None:
    order = [3, 0, 4, 2, 1]
    world = economy()
    moved = type(world)(
        world.trade[jnp.array(order)][:, jnp.array(order)],
        world.tariff[jnp.array(order)][:, jnp.array(order)],
        world.input_share[jnp.array(order)],
        world.trade_elasticity,
    )
    other = baseline_from_dataset(dataset(moved, [COUNTRIES[at] for at in order]))
    ask = {"forms": ("both",), "uncertainty": NONE}
    ours, theirs = (leverage(one, "CHN", "KOR", **ask).rows for one in (baseline, other))
    numbers = ours.select_dtypes("number").columns
    np.testing.assert_allclose(ours[numbers], theirs[numbers], rtol=1e-6)


def test_splitting_a_third_country_in_two_changes_nothing(baseline: Baseline) -> None:
    """Two halves of one country, alike in everything, are that country."""
    world, last = economy(tariffs=False), len(COUNTRIES) - 1
    order, half = [*range(last), last, last], np.array([1.0] * last + [0.5, 0.5])
    places = jnp.array(order)
    trade = np.array(world.trade)[np.ix_(order, order)] * np.outer(half, half)[:, :, None]
    split = type(world)(
        jnp.asarray(trade), jnp.zeros_like(jnp.asarray(trade)),
        world.input_share[places], world.trade_elasticity,
    )  # fmt: skip
    ask = {"forms": ("both",), "uncertainty": NONE}
    whole = leverage(baseline_from_dataset(dataset(world)), "CHN", "KOR", **ask).rows
    names = [*COUNTRIES[:last], "RO1", "RO2"]
    parts = leverage(baseline_from_dataset(dataset(split, names)), "CHN", "KOR", **ask).rows
    np.testing.assert_allclose(parts.threat_loss_log, whole.threat_loss_log, rtol=1e-6)
    np.testing.assert_allclose(parts.self_cost_log, whole.self_cost_log, rtol=1e-6)


def test_the_gap_is_the_difference_of_two_threats(baseline: Baseline) -> None:
    one, other = (leverage(baseline, code, "KOR", uncertainty=NONE).rows for code in ("CHN", "USA"))
    found = gap(one, other)
    expected = (
        100
        * (
            fall(baseline, CHN_KOR)
            - fall(baseline, CHN_KOR.model_copy(update={"senders": ("USA",)}))
        )[KOR]
    )
    at = (found.form == "both") & (found.horizon == "long")
    assert found.gap[at].item() == pytest.approx(expected, abs=100 * SOLVED)


def test_a_headline_keeps_the_axes_of_its_draws(baseline: Baseline) -> None:
    random = np.random.default_rng(1)
    welfare = random.normal(scale=0.01, size=(7, 3, 5))
    sides = Sides.of(baseline, ("CHN", "USA"), "KOR")
    found = headline(welfare, sides)
    assert found.shape == (7, 2, 3)
    np.testing.assert_allclose(found[4], headline(welfare[4], sides))
    weight = np.asarray(baseline.economy.income)[[CHN, USA]]
    lost = (welfare[4, 0] - welfare[4, 2])[[CHN, USA]] @ weight / weight.sum()
    assert found[4, 1, 2] == pytest.approx((welfare[4, 0] - welfare[4, 2])[KOR] / lost)


# --- After a scenario -----------------------------------------------------------------------------


def test_after_nothing_is_as_without(baseline: Baseline) -> None:
    bare = leverage(baseline, "CHN", "KOR", uncertainty=NONE).rows
    empty = leverage(baseline, "CHN", "KOR", after=scenario(), uncertainty=NONE).rows
    pd.testing.assert_frame_equal(bare, empty)


def test_after_a_scenario_the_loss_is_from_its_world(baseline: Baseline) -> None:
    levy = scenario({"levy": TAX})
    row = leverage(
        baseline, "CHN", "KOR", after=levy, forms=("selling",), horizons=("long",), uncertainty=NONE
    ).rows.iloc[0]
    lost = fall(baseline, CHN_KOR.model_copy(update={"form": "selling"}), levy)
    assert row.threat_loss_log == pytest.approx(100 * lost[KOR], abs=100 * SOLVED)
    ban = {"kind": "prohibition", "exporters": ["CHN"], "importers": ["KOR"], "sectors": "all"}
    both = simulate(baseline, scenario({"levy": TAX, "ban": ban}))
    alone = simulate(baseline, levy)
    variation = (alone.equivalent_variation - both.equivalent_variation).sel(country="KOR")
    assert row.threat_loss_usd == pytest.approx(float(variation), rel=1e-6)


def test_a_cut_off_takes_back_a_tariff_between_the_two(baseline: Baseline) -> None:
    """With trade prohibited a tariff on it is worth nothing: the loss it adds is what it brought."""
    question = asked("CHN", "KOR", forms=("both",), horizons=("long",))
    rows = frontier(baseline, question, [scenario({"levy": TAX})]).rows
    first, levy = rows.iloc[0], rows.iloc[1]
    assert first[["gain", "added_loss", "added_cost"]].abs().max() < 1e-6
    brought = 100 * np.log1p(levy.gain / 100)
    assert abs(brought) > 1e-3
    assert levy.added_loss == pytest.approx(brought, abs=1e-6)


# --- Cheapest sectors -----------------------------------------------------------------------------


# Percent: enough for one sector whole, a part of another, and none of the rest.
BUDGET = 0.5


@pytest.fixture(scope="module")
def chosen(baseline: Baseline):
    return cheapest(baseline, CHN_KOR, budget=BUDGET, ceiling=1.0)


@pytest.mark.parametrize("rent", ["nobody", "importer", "exporter"])
@pytest.mark.parametrize("horizon", ["long", "short"])
def test_slopes_are_those_of_differences(baseline: Baseline, rent, horizon) -> None:
    threat = CHN_KOR.model_copy(update={"rent": rent})
    world = pressure(baseline, threat, scenario(horizon=horizon))
    at = jnp.asarray(np.random.default_rng(3).uniform(0.05, 0.4, size=(2, 3)))
    _, slopes, _ = losses_and_slopes(world, at)
    step = 1e-4
    for place in ((0, 0), (1, 2)):
        up, down = (losses_and_slopes(world, at.at[place].add(by))[0] for by in (step, -step))
        difference = (np.asarray(up) - np.asarray(down)) / (2 * step)
        np.testing.assert_allclose(np.asarray(slopes)[:, *place], difference, rtol=1e-5, atol=1e-9)


def test_pressure_is_the_threat_of_the_same_size(baseline: Baseline) -> None:
    for rent in ("nobody", "exporter"):
        threat = CHN_KOR.model_copy(update={"rent": rent, "markup": 0.3})
        world = pressure(baseline, threat, nothing())
        lost, _, _ = losses_and_slopes(world, jnp.full((2, 3), np.log(1.3)))
        np.testing.assert_allclose(lost, fall(baseline, threat)[[KOR, CHN]], atol=SOLVED)


def test_the_optimum_meets_its_conditions(baseline: Baseline, chosen) -> None:
    """Interior sectors have one ratio of slopes, full ones at least it, empty ones at most it."""
    world = pressure(baseline, CHN_KOR, nothing())
    markup = np.zeros((2, 3))
    for row in chosen.rows.itertuples():
        place = (["buying", "selling"].index(row.direction), baseline.sectors.index(row.sector))
        markup[place] = np.log1p(row.chosen / 100)
    lost, slopes, _ = losses_and_slopes(world, jnp.asarray(markup))
    assert 100 * float(lost[1]) == pytest.approx(-100 * np.log1p(-BUDGET / 100), rel=1e-4)
    ratios, top = np.asarray(slopes[0] / slopes[1]), np.log(2.0)
    inside = (markup > 1e-5 * top) & (markup < (1 - 1e-5) * top)
    price = chosen.about["marginal_ratio"]
    assert inside.any() and (markup >= (1 - 1e-5) * top).any() and (markup <= 1e-5 * top).any()
    np.testing.assert_allclose(ratios[inside], price, rtol=1e-3)
    assert (ratios[markup >= (1 - 1e-5) * top] >= price * (1 - 1e-3)).all()
    assert (ratios[markup <= 1e-5 * top] <= price * (1 + 1e-3)).all()


def test_the_optimum_beats_random_threats_of_its_cost(baseline: Baseline, chosen) -> None:
    world = pressure(baseline, CHN_KOR, nothing())
    best, random = chosen.about["threat_loss"], np.random.default_rng(5)
    for _ in range(20):
        part = random.dirichlet(np.full(6, 0.5)).reshape(2, 3)
        low, high = 0.0, 1.0
        for _ in range(30):
            middle = (low + high) / 2
            lost, _, _ = losses_and_slopes(world, jnp.asarray(middle * np.log(2.0) * part))
            low, high = (
                (middle, high) if -100 * np.expm1(-float(lost[1])) <= BUDGET else (low, middle)
            )
        lost, _, _ = losses_and_slopes(world, jnp.asarray(low * np.log(2.0) * part))
        assert -100 * np.expm1(-float(lost[0])) <= best + 1e-6


def test_sectors_are_ranked_by_what_they_do_for_what_they_cost(baseline, chosen) -> None:
    rows = chosen.rows
    assert (np.diff(rows.slope_ratio) <= 0).all() and list(rows["rank"]) == list(range(1, 7))
    alone = CHN_KOR.model_copy(update={"form": rows.direction[0], "sectors": (rows.sector[0],)})
    lost = fall(baseline, alone)
    assert rows.closing_ratio[0] == pytest.approx(lost[KOR] / lost[CHN], rel=1e-6)
    # A sender that gains comes first, a target that gains last.
    order = cheapness(np.array([1.0, 1.0, -1.0, 2.0]), np.array([0.1, -0.1, -0.1, 0.1]))
    assert list(np.argsort(-order)) == [1, 3, 0, 2]


# --- Closed form and index ------------------------------------------------------------------------


def withdrawn(*origins: int) -> np.ndarray:
    chosen = np.zeros((5, 3))
    chosen[list(origins)] = 1.0
    return chosen


def engine_prices(rounds: int) -> np.ndarray:
    """KOR's log prices by the engine's own equations, all wages and foreign prices fixed."""
    world = economy(tariffs=False)
    allowed = jnp.ones_like(world.trade).at[CHN, KOR].set(0.0)
    shock = Shock(world.tariff, jnp.ones_like(world.trade), allowed)
    problem = Problem.of(world, shock, TEXTBOOK)
    price = jnp.zeros((5, 3))
    for _ in range(rounds):
        point = Unknowns(jnp.zeros(5), price, jnp.zeros((5, 3)), None)
        price = price.at[KOR].set(sales(point, problem).price[KOR])
    return np.asarray(price[KOR])


def test_the_closed_form_is_the_engine_with_costs_fixed() -> None:
    world = economy(tariffs=False)
    found = closed_form(world, KOR, withdrawn(CHN))
    alpha = np.asarray(world.final_share)[KOR]
    # One round is all unit costs fixed; many are wages and foreign costs fixed.
    assert found.face == pytest.approx(alpha @ engine_prices(1), abs=1e-12)
    assert found.wages_fixed == pytest.approx(alpha @ engine_prices(200), abs=1e-8)
    # Dearer inputs are partly avoided, so the linear reading is the larger.
    assert found.look_through >= found.wages_fixed > found.face > 0


def test_the_linear_closed_form_is_exact_for_small_suppliers() -> None:
    """Its error is of second order in what is withdrawn."""
    misses = []
    for size in (0.2, 0.1):
        found = closed_form(economy(tariffs=False), KOR, size * withdrawn(CHN))
        misses.append(found.look_through - found.wages_fixed)
    assert misses[0] / misses[1] == pytest.approx(4.0, rel=0.15)


def test_without_inputs_all_readings_are_one() -> None:
    world = economy(tariffs=False, inputs=False)
    found = closed_form(world, KOR, withdrawn(CHN))
    omega = np.asarray(world.expenditure_share)[CHN, KOR]
    alpha, theta = np.asarray(world.final_share)[KOR], np.asarray(world.trade_elasticity)
    expected = (alpha / theta * -np.log(1 - omega)).sum()
    for value in (found.face, found.look_through, found.wages_fixed):
        assert value == pytest.approx(expected, rel=1e-12)


def test_the_last_supplier_matters_most() -> None:
    """Convex: together more than one by one, and each more once the other is gone."""
    world = economy(tariffs=False)
    one, other, both = (
        closed_form(world, KOR, withdrawn(*origins)).look_through
        for origins in ((CHN,), (JPN,), (CHN, JPN))
    )
    assert both > one + other
    with pytest.raises(ScenarioError, match="without any supplier"):
        closed_form(world, KOR, withdrawn(*range(5)))


def test_the_index_of_power_is_antisymmetric_and_falls_with_elasticities() -> None:
    world, every = economy(), np.ones(3)
    power = international_power(world, CHN, KOR, every)
    assert power == pytest.approx(-international_power(world, KOR, CHN, every), rel=1e-12)
    bought, income = np.asarray(world.purchases), np.asarray(world.income)
    sigma = 1 + np.asarray(world.trade_elasticity)
    expected = (bought[CHN, KOR] / sigma).sum() / income[KOR]
    expected -= (bought[KOR, CHN] / sigma).sum() / income[CHN]
    assert power == pytest.approx(100 * expected, rel=1e-12)


def test_yardsticks_take_the_elasticities_of_the_horizon(baseline: Baseline) -> None:
    selling = CHN_KOR.model_copy(update={"form": "selling"})
    long, short = (beside(baseline, selling, scenario(horizon=h)) for h in ("long", "short"))
    assert short["face"] == pytest.approx(long["face"] / SHORT_RUN_RATIO, rel=1e-12)


# --- Coalitions -----------------------------------------------------------------------------------


def test_a_coalition_of_one_is_the_single_threat(baseline: Baseline) -> None:
    question = asked("CHN", "KOR", forms=("both",), horizons=("long",))
    found = coalition(baseline, question, after=STILL)
    lost = 100 * fall(baseline, CHN_KOR)
    row, part = found.rows.iloc[0], found.burden.iloc[0]
    assert row.joint == pytest.approx(lost[KOR], abs=100 * SOLVED)
    assert row.sum_of_parts == pytest.approx(row.joint, abs=100 * SOLVED)
    assert part.cost_joint == pytest.approx(part.cost_alone, abs=100 * SOLVED)
    assert part.transfer_usd == 0
    assert part.shared == pytest.approx(-part.cost_joint, abs=100 * SOLVED)


def test_a_joint_threat_and_its_burden(baseline: Baseline) -> None:
    question = asked(("CHN", "JPN", "USA"), "KOR", forms=("selling",), horizons=("long",))
    found = coalition(baseline, question, after=STILL)
    row = found.rows.iloc[0]
    assert row.beyond_parts == pytest.approx(row.joint - row.sum_of_parts)
    assert row.beyond_parts > 0
    assert list(found.burden.member) == ["CHN", "JPN", "USA"]
    assert found.burden.transfer_usd.sum() == pytest.approx(0, abs=1e-9)
    # What all are left with lies between the best and the worst off without transfers.
    assert -found.burden.cost_joint.max() < row.shared < -found.burden.cost_joint.min()
    # Who loses most receives, who loses least pays.
    by_cost = found.burden.sort_values("cost_joint")
    assert by_cost.transfer_usd.iloc[0] < 0 < by_cost.transfer_usd.iloc[-1]


def test_transfers_need_fixed_deficits(baseline: Baseline) -> None:
    floating = scenario(adjustment={"deficits": "proportional"})
    with pytest.raises(ScenarioError, match="deficits that are fixed"):
        coalition(baseline, asked(("CHN", "JPN"), "KOR"), after=floating)


# --- Credibility ----------------------------------------------------------------------------------


def test_thresholds_are_the_discounted_sums(baseline: Baseline) -> None:
    terms = Terms(years=4, target_discount=0.9, sender_discount=0.8, probability=0.5)
    found = credibility(baseline, CHN_KOR, terms=terms)
    path = found.path
    assert list(path.year) == [1, 2, 3, 4]
    # Each year is the answer at its horizon, which another loop of the engine solves.
    for year in (1, 3):
        lost = 100 * fall(baseline, CHN_KOR, scenario(horizon=year))
        assert path.threat_loss[year - 1] == pytest.approx(lost[KOR], abs=100 * SOLVED)
    long = 100 * fall(baseline, CHN_KOR, scenario(horizon="long"))
    assert path.threat_loss.is_monotonic_decreasing and path.threat_loss[3] > long[KOR]
    np.testing.assert_allclose(path.relative_elasticity, [PUBLISHED.ratio(h) for h in path.year])
    np.testing.assert_allclose(path.immobility, [PUBLISHED.immobility(h) for h in path.year])
    expected = 0.5 * sum(0.9**t * value for t, value in enumerate(path.threat_loss))
    assert found.about["buys"] == pytest.approx(expected)
    costs = sum(0.8**t * value for t, value in enumerate(path.self_cost))
    assert found.about["costs"] == pytest.approx(costs)
    assert found.about["reputation_needed"] == pytest.approx(costs * 0.2 / 0.8)


def test_a_gain_needs_no_reputation() -> None:
    assert reputation_needed(np.array([-0.1, -0.1]), 0.9) == 0
    # A gain from being believed for ever that is just enough repays the cost exactly.
    need = reputation_needed(np.array([1.0]), 0.9)
    assert sum(0.9**t * need for t in range(1, 400)) == pytest.approx(1.0)
    assert buys(np.array([2.0, 2.0]), 0.5, 1.0) == 3.0


# --- Intervals ------------------------------------------------------------------------------------


def test_headlines_have_intervals_and_drivers(baseline: Baseline) -> None:
    few = Uncertainty(draws=6, seed=2)
    found = leverage(
        baseline, "CHN", "KOR", forms=("buying", "both"), horizons=("long",), uncertainty=few
    )
    for name in ("threat_loss", "self_cost", "ratio"):
        assert (found.rows[f"{name}_low"] < found.rows[f"{name}_high"]).all()
    assert (found.rows.draws_solved == 1).all()
    drivers = found.drivers
    assert set(drivers.headline) == {"threat_loss", "self_cost", "ratio"}
    assert "rents" not in set(drivers.assumption) and "size" not in set(drivers.assumption)
    for _, part in drivers.groupby(["form", "headline"]):
        assert part.width.is_monotonic_decreasing and 1 <= len(part) <= 3


def test_an_interval_of_nothing_drawn_is_the_number(baseline: Baseline) -> None:
    still = Uncertainty(draws=2, hold=("elasticities", "nests"))
    row = leverage(
        baseline, "CHN", "KOR", forms=("both",), horizons=("long",), uncertainty=still
    ).rows.iloc[0]
    for name in ("threat_loss", "self_cost", "ratio"):
        ends = row[[f"{name}_low", f"{name}_high"]].to_numpy(float)
        np.testing.assert_allclose(ends, row[name], rtol=1e-6)


def as_drawn(baseline: Baseline, at: int, few: Uncertainty) -> tuple[Baseline, Scenario]:
    """One draw of a question about threats as a world and a setting of its own."""
    draw = sample([nothing()], baseline, few).at(np.array([at]))
    home = {"home_relative_elasticity": float(draw.home_elasticity[0])}
    setting = scenario(adjustment=home)
    theta = baseline.economy.trade_elasticity * draw.elasticity[0]
    return replace(baseline, economy=replace(baseline.economy, trade_elasticity=theta)), setting


def test_the_interval_of_a_joint_threat_is_that_of_draws_one_by_one(baseline: Baseline) -> None:
    few = Uncertainty(draws=4, seed=5)
    question = asked(("CHN", "USA"), "KOR", forms=("both",), horizons=("long",), markup=0.5)
    drawn = coalition(baseline, question, after=nothing().model_copy(update={"uncertainty": few}))
    joint = Threat(senders=("CHN", "USA"), target="KOR", markup=0.5)
    lost = np.array([100 * fall(there, joint, setting)
                     for there, setting in (as_drawn(baseline, at, few) for at in range(4))])  # fmt: skip
    ends = interval(lost)
    row = drawn.rows.iloc[0]
    np.testing.assert_allclose(
        [row.joint_low, row.joint_high], [ends.low[KOR], ends.high[KOR]], atol=100 * SOLVED
    )
    for code in ("CHN", "USA"):
        part, at = drawn.burden.set_index("member").loc[code], COUNTRIES.index(code)
        np.testing.assert_allclose(
            [part.cost_joint_low, part.cost_joint_high], [ends.low[at], ends.high[at]],
            atol=100 * SOLVED,
        )  # fmt: skip
        income = float(baseline.economy.income[at])
        dollars = interval(-np.expm1(-lost[:, at] / 100) * income)
        assert part.cost_joint_usd_low == pytest.approx(dollars.low, rel=1e-6)
        assert part.cost_joint_usd_high == pytest.approx(dollars.high, rel=1e-6)
    assert list(dict.fromkeys(drawn.drivers.headline)) == ["KOR", "CHN", "USA"]
    for _, part in drawn.drivers.groupby("headline"):
        assert part.width.is_monotonic_decreasing and set(part.assumption) == {
            "elasticities",
            "nests",
        }
    assert drawn.about.draws == drawn.about.draws_solved == 4


def test_how_sectors_rank_is_held_against_those_that_were_hit() -> None:
    """Spearman's, of four sectors that are bought from the target: 4 / sqrt(5 * 4)."""
    rows = pd.DataFrame({
        "direction": ["buying"] * 4 + ["selling"], "sector": list("ABCDE"),
        "rank": [1, 2, 3, 4, 5], "ratio": [4.0, 3.0, 2.0, 1.0, 9.0],
    })  # fmt: skip
    for by in ("rank", "ratio"):
        assert rank_correlation(rows, ("A", "B"), by=by) == pytest.approx(4 / np.sqrt(20))
        assert rank_correlation(rows, ("C", "D"), by=by) == pytest.approx(-4 / np.sqrt(20))


def test_the_cheapest_threat_is_held_in_draws(baseline: Baseline) -> None:
    """Its mark-ups as policies cost what the optimum says, and their draws are those one by one."""
    few = Uncertainty(draws=4, seed=5)
    threat = CHN_KOR.model_copy(update={"form": "buying"})
    setting = nothing().model_copy(update={"uncertainty": few})
    found = cheapest(baseline, threat, after=setting, budget=0.05)
    markup = np.zeros((1, len(baseline.sectors)))
    for row in found.rows.itertuples():
        markup[0, baseline.sectors.index(row.sector)] = np.log1p(row.chosen / 100)
    world = held(baseline, threat, nothing(), markup)
    without, under = play_all(baseline, [nothing(), world])
    lost = -100 * np.expm1(-(without - under))
    np.testing.assert_allclose(
        lost[[KOR, CHN]], [found.about["threat_loss"], found.about["self_cost"]], atol=100 * SOLVED
    )
    assert lost[CHN] == pytest.approx(0.05, rel=1e-3)
    drawn = []
    for at in range(4):
        there, own = as_drawn(baseline, at, few)
        without, under = play_all(there, [own, held(there, threat, own, markup)])
        drawn.append(-100 * np.expm1(-(without - under))[[KOR, CHN]])
    ends = interval(np.array(drawn))
    for at, name in enumerate(("threat_loss", "self_cost")):
        assert found.about[f"{name}_low"] == pytest.approx(ends.low[at], abs=100 * SOLVED)
        assert found.about[f"{name}_high"] == pytest.approx(ends.high[at], abs=100 * SOLVED)
    assert set(found.drivers.headline) == {"threat_loss", "self_cost"}
    said = io.StringIO()
    Console(file=said, width=80).print(terminal(cheapest_table(found)))
    text = " ".join(said.getvalue().split())
    assert "mark-ups are held" in text and "KOR loses between" in text


def test_without_width_the_ends_of_joint_and_cheapest_threats_are_the_numbers(
    baseline: Baseline,
) -> None:
    still = Uncertainty(draws=2, hold=("elasticities", "nests"))
    setting = nothing().model_copy(update={"uncertainty": still})
    question = asked(("CHN", "USA"), "KOR", forms=("selling",), horizons=("short",))
    joint = coalition(baseline, question, after=setting)
    row = joint.rows.iloc[0]
    np.testing.assert_allclose([row.joint_low, row.joint_high], row.joint, atol=100 * SOLVED)
    for end in ("low", "high"):
        costs = joint.burden[f"cost_joint_{end}"], joint.burden[f"cost_joint_usd_{end}"]
        np.testing.assert_allclose(costs[0], joint.burden.cost_joint, atol=100 * SOLVED)
        np.testing.assert_allclose(costs[1], joint.burden.cost_joint_usd, rtol=1e-5)
    found = cheapest(baseline, CHN_KOR, after=setting, budget=0.05).about
    for name in ("threat_loss", "self_cost"):
        ends = [found[f"{name}_low"], found[f"{name}_high"]]
        np.testing.assert_allclose(ends, found[name], atol=100 * SOLVED)


# --- Pictures -------------------------------------------------------------------------------------

PLACES = st.tuples(st.floats(0, 340), st.floats(0, 320))


@given(points=st.lists(PLACES, min_size=1, max_size=9), crowd=st.booleans())
def test_names_in_a_picture_stand_apart(points: list[tuple[float, float]], crowd: bool) -> None:
    """However close their points are: no name on another, on a point, or out of the picture."""
    width, height = 340.0, 320.0
    if crowd:
        points = [(170 + x / 40, 160 + y / 40) for x, y in points]
    names = [f"scenario-{at}"[: 4 + at] for at in range(len(points))]
    found = placed(points, names, width, height)
    boxes = [_box(label, len(name) * _LETTER) for label, name in zip(found, names, strict=True)]
    for at, box in enumerate(boxes):
        assert -1e-6 <= box.left and box.right <= width + 1e-6
        assert -1e-6 - 7 <= box.top and box.bottom <= height + 7
        assert all(box.on(other) < 1e-6 for other in boxes[:at])
    near = [abs(label.middle - y) <= 20 for label, (_, y) in zip(found, points, strict=True)]
    assert all(label.away or is_near for label, is_near in zip(found, near, strict=True))


def test_a_name_with_room_stands_beside_its_point() -> None:
    label, other = placed([(100.0, 100.0), (100.0, 200.0)], ["one", "another"], 340.0, 320.0)
    assert (label.side, other.side) == ("right", "right")
    assert (label.middle, other.middle) == (100.0, 200.0) and not label.away


# --- What cannot be asked -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"senders": "CNH"}, "'CNH' is not a country.*'CHN'"),
        ({"target": "KRO"}, "'KRO' is not a country.*'KOR'"),
        ({"target": "CHN"}, "cannot threaten itself"),
        ({"sectors": ("CRA",)}, "'CRA' is not a sector.*'CAR'"),
        ({"cut": 1.0}, "'cut'.*less than 1"),
        ({"cut": 0.5, "markup": 0.1}, "a threat has one size"),
        ({"forms": ("byuing",)}, "leverage:"),
        ({"colour": "red"}, "'colour' is not a known key"),
    ],
)
def test_a_threat_that_cannot_be_is_said(baseline: Baseline, given, sentence) -> None:
    sides = {"senders": "CHN", "target": "KOR"} | given
    with pytest.raises(ScenarioError, match=sentence):
        leverage(baseline, sides.pop("senders"), sides.pop("target"), uncertainty=NONE, **sides)


def test_rents_are_rationed_once(baseline: Baseline) -> None:
    quota = {
        "kind": "rationing", "importers": ["CHN"], "exporters": ["KOR"], "sectors": "all",
        "markup": 0.1, "rent": "importer",
    }  # fmt: skip
    kept = CHN_KOR.model_copy(update={"rent": "importer"})
    with pytest.raises(ScenarioError, match="rationed once"):
        pressure(baseline, kept, scenario({"quota": quota}))
    with pytest.raises(ScenarioError, match="'threat-buying' already, and the question adds one"):
        carried_out(kept, scenario({"threat-buying": quota}))


# --- Commands -------------------------------------------------------------------------------------

WORLD = ("--baseline", "world.nc", "--draws", "0")


def printed(ended: test_cli.Ended) -> str:
    assert (ended.code, ended.err) == (0, ""), ended
    return ended.out


def test_leverage_is_printed_kept_and_drawn(detente: Run, home: Path, baseline: Baseline) -> None:
    ask = ("leverage", "CHN", "KOR", *WORLD)
    found = leverage(baseline, "CHN", "KOR", uncertainty=NONE).rows
    table = printed(detente(*ask, "--against", "USA", "--out", "rows.csv", "--chart", "losses.svg"))
    for word in ("stop buying", "closed-form", "index of", "gap between", "short run", "% of GDP"):
        assert word in table
    kept = pd.read_csv(home / "rows.csv")
    np.testing.assert_allclose(kept.threat_loss, found.threat_loss, rtol=1e-9)
    shown = json.loads(printed(detente(*ask, "--format", "json", "--form", "both")))
    assert [row["form"] for row in shown["rows"]] == ["both", "both"]
    assert shown["about"]["target"] == "KOR" and "percent" in shown["about"]["unit"]
    assert len(shown["beside"]) == 2
    picture = (home / "losses.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg") and "KOR loses" in picture
    before = everything(home)
    assert_refused(detente(*ask, "--out", "rows.csv"), "rows.csv exists already")
    assert everything(home) == before


def test_every_question_has_a_table(detente: Run, home: Path) -> None:
    ask = ("leverage", "CHN", "KOR", *WORLD, "--horizon", "long")
    joint = printed(detente(*ask, "--with", "USA", "--form", "selling"))
    assert (
        "CHN and USA stop" in " ".join(joint.split()) and "sum of" in joint and "receives" in joint
    )
    best = printed(detente(*ask, "--cheapest", "--form", "buying", "--chart", "best.png"))
    assert "CAR" in best and "to spend" in best and (home / "best.png").stat().st_size > 0
    believed = printed(detente(*ask, "--credible", "--form", "both", "--years", "2"))
    assert "complies if" in believed and "Bank of Korea" in believed
    (home / "tax.toml").write_text(
        'title = "A levy"\nbaseline = "world.nc"\n[policies.levy]\nkind = "tariff"\n'
        'importers = ["KOR"]\nexporters = ["CHN"]\nrate = 0.3\n',
        encoding="utf-8",
    )
    front = printed(detente(*ask, "--frontier", "tax.toml", "--form", "both"))
    assert "tax" in front and "added" in front and "as it is" in front
    after = json.loads(
        printed(detente(*ask, "--after", "tax.toml", "--form", "both", "--format", "json"))
    )
    assert after["about"]["after"] == "tax"


def test_the_codes_of_the_full_world_fit_a_terminal(chosen) -> None:
    """Nothing is cut off at 80 columns, and a self-cost that is small is no zero."""
    rows = chosen.rows.assign(sector="J58T60", direction="selling", sender_slope=3e-8)
    table = io.StringIO()
    Console(file=table, width=80).print(terminal(cheapest_table(replace(chosen, rows=rows))))
    # Between two numbers it is an interval; anywhere else something was cut off.
    without_intervals = re.sub(r"(?<=\d)…(?=[−\d])", " ", table.getvalue())
    assert "…" not in without_intervals and "<0.000001" in without_intervals


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("leverage", "CHN"), ("TARGET",)),
        (("leverage", "CNH", "KOR", *WORLD), ("'CNH'", "'CHN'")),
        (("leverage", "CHN", "KOR", "--form", "byuing"), ("'byuing'", "'buying'")),
        (("leverage", "CHN", "KOR", *WORLD, "--cut", "2"), ("cut",)),
        (("leverage", "CHN", "KOR", *WORLD, "--cut", "0.5", "--credible"), ("--markup",)),
        (("leverage", "CHN", "KOR", "--cheapest", "--credible"), ("questions of their own",)),
        (("leverage", "CHN", "KOR", *WORLD, "--credible", "--discount", "1"), ("discount",)),
        (("leverage", "CHN", "KOR", *WORLD, "--cheapest", "--budget", "0"), ("budget",)),
        (("leverage", "CHN", "KOR", *WORLD, "--rents", "importer"), ("no rent", "--cut")),
        (("leverage", "CHN", "KOR", *WORLD, "--cheapest", "--cut", "0.5"), ("its own size",)),
        (("leverage", "CHN", "KOR", "--chart", "a.gif"), ("a.gif",)),
        (("leverage", "CHN", "KOR", *WORLD, "--credible", "--chart", "a.svg"), ("no picture",)),
        (("leverage", "CHN", "KOR", "--after", "nowhere.toml"), ("nowhere.toml",)),
        (("leverage", "CHN", "KOR", *WORLD, "--against", "CHN"), ("another sender",)),
    ],
)  # fmt: skip
def test_a_bad_question_is_one_sentence(arguments, named, detente: Run, home: Path) -> None:
    before = everything(home)
    assert_refused(detente(*arguments), *named)
    assert everything(home) == before
