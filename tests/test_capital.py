"""Produced capital: closed forms, nesting, conservation, two routes, derivatives, and its data."""

import os
import tomllib
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from detente import library
from detente._core import ScenarioError
from detente.calibrate.baseline import load_baseline
from detente.capital import in_words, produced_capital
from detente.closure import Closure, ProducedCapital
from detente.data.investment import costs as costs_of, investment
from detente.ensemble import log_welfare, play_draws, sample
from detente.ensemble.draws import central
from detente.equilibrium import (
    capital_stock_hat,
    certify,
    decompose,
    follow_capital,
    in_steady_state,
    investment_price_hat,
    real_gdp_hat,
    real_value_added_hat,
    solve,
    welfare_hat,
)
from detente.report.volumes import volumes
from detente.scenario import parse_scenario, Scenario, to_toml
from detente.simulation import prepare, simulate
from detente.uncertainty import Uncertainty
from detente.validation import StudyTable, validate
from detente.world import Economy, Shock

from .closures import (
    balanced_world,
    CERTIFIED,
    closure_of,
    costs,
    countries_as,
    every_wedge,
    only,
    same,
    SOLVED,
    solved,
)
from .worlds import economy


# A difference of two solutions to 1e-10 over this step.
STEP, DIFFERENCES = 1e-3, 1e-6
# What is left of the way to the steady state after so many years, in which the slowest of the
# countries closes a hundredth and a half of its gap a year.
LONG, ARRIVED = 400, 2e-5


def _as_accounts_have_it(economy: Economy) -> Economy:
    """The same flows, with capital a quantity that nobody makes."""
    return replace(economy, input_share=economy.technology, capital=None)


def produced(seed: int = 0, part: float = 1.0) -> ProducedCapital:
    random = np.random.default_rng(seed)
    return ProducedCapital(
        share=part * jnp.asarray([0.40, 0.35, 0.50, 0.30, 0.45]),
        depreciation=jnp.asarray([0.05, 0.04, 0.06, 0.05, 0.03]),
        discount_rate=jnp.array(0.04),
        investment=jnp.asarray(random.uniform(0.2, 0.6, size=(5, 3))),
    )


def steady(seed: int = 0) -> Economy:
    return in_steady_state(economy(seed), produced(seed))


def test_the_flows_of_the_baseline_are_matched_exactly() -> None:
    """What replaces capital moves from final demand to inputs; nothing else moves."""
    before, after, terms = economy(0), steady(), produced()
    assert after.capital is not None
    np.testing.assert_array_equal(after.trade, before.trade)
    np.testing.assert_allclose(after.technology, before.input_share, rtol=1e-14, atol=1e-16)
    np.testing.assert_allclose(after.gross_value_added_share, before.value_added_share, rtol=1e-14)
    np.testing.assert_allclose(after.deficit, before.deficit, atol=1e-12)
    wear = terms.depreciation / (terms.discount_rate + terms.depreciation)
    spent = wear * after.capital.share * before.value_added
    np.testing.assert_allclose(after.income, before.income - spent, rtol=1e-13)
    invested = terms.investment * before.final_demand
    basket = invested / invested.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(
        after.final_demand, before.final_demand - basket * spent[:, None], rtol=1e-12
    )
    assert (np.asarray(after.final_demand) >= 0).all()
    back = _as_accounts_have_it(after)
    assert back.capital is None
    np.testing.assert_allclose(back.input_share, before.input_share, rtol=1e-14, atol=1e-16)


def test_a_share_beyond_what_investment_replaces_is_lowered_to_it() -> None:
    few = replace(produced(), investment=jnp.full((5, 3), 0.05))
    after = in_steady_state(economy(0), few)
    assert after.capital is not None and bool((after.capital.share < few.share).all())
    spent = after.capital.replaced * after.capital.share * economy(0).value_added
    np.testing.assert_allclose(spent, 0.05 * economy(0).income, rtol=1e-12)


@pytest.mark.parametrize("closure", ["textbook", "nests", "all at once"])
def test_without_a_share_it_is_the_model_without_capital(closure: str) -> None:
    world = economy(0)
    rules = closure_of(closure, world)
    none = in_steady_state(world, produced(part=0.0))
    shock = every_wedge(world)
    plain, found = solved(world, shock, rules), solved(none, shock, rules)
    for name in ("price_hat", "income", "trade", "labour_income_hat"):
        np.testing.assert_allclose(getattr(found, name), getattr(plain, name), rtol=1e-12)
    np.testing.assert_allclose(real_gdp_hat(none, found), real_gdp_hat(world, plain), rtol=1e-12)


def test_no_shock_is_no_change() -> None:
    world = steady()
    found = solved(world, only(world), Closure())
    np.testing.assert_allclose(welfare_hat(world, found), 1.0, rtol=1e-13)
    np.testing.assert_allclose(capital_stock_hat(world, found), 1.0, rtol=1e-13)


def test_one_sector_is_the_closed_form() -> None:
    """Arkolakis, Costinot and Rodriguez-Clare (2012), with capital that is made of the good: the
    gain is the change of the own share to the power -1/(theta beta (1 - alpha))."""
    many = balanced_world(1)
    first = lambda a: a[..., :1]
    trade = jnp.asarray(many.trade.sum(axis=2, keepdims=True))
    world = Economy(trade, 0 * trade, many.input_share[:, :1, :1], many.trade_elasticity[:1])
    terms = replace(produced(), investment=first(produced().investment))
    made = in_steady_state(world, terms)
    assert made.capital is not None
    cost = 1.0 + 0.4 * (1.0 - jnp.eye(5))[:, :, None]
    found = solved(made, Shock.of(0 * trade, cost), Closure())
    own = np.einsum("nns->n", np.asarray(found.expenditure_share / made.expenditure_share))
    beta = np.asarray(made.gross_value_added_share)[:, 0]
    theta, alpha = float(world.trade_elasticity[0]), np.asarray(made.capital.share)
    expected = own ** (-1.0 / (theta * beta * (1.0 - alpha)))
    np.testing.assert_allclose(welfare_hat(made, found), expected, rtol=SOLVED)
    # The wage in goods, and capital with it, rises as consumption does.
    np.testing.assert_allclose(capital_stock_hat(made, found), expected, rtol=SOLVED)


def test_real_gdp_is_what_more_capital_makes() -> None:
    """Labour fixed and free to move, no tariffs: real GDP is the stock to the power of its share."""
    world = economy(0)
    world = replace(world, tariff=jnp.zeros_like(world.tariff))
    made = in_steady_state(world, produced())
    assert made.capital is not None
    found = solved(made, only(made, trade_cost_hat=np.asarray(costs(world).trade_cost_hat)))
    expected = capital_stock_hat(made, found) ** made.capital.share
    np.testing.assert_allclose(real_gdp_hat(made, found), expected, rtol=SOLVED)
    assert bool((real_value_added_hat(made, found) > 0).all())


@pytest.mark.parametrize("closure", ["textbook", "all at once"])
def test_what_is_earned_is_spent(closure: str) -> None:
    """Labour, profit, the net return to capital and revenue: all that is not spent on goods to
    replace capital is income; the world's net value added is the numeraire."""
    world = steady()
    rules, shock = closure_of(closure, world), every_wedge(world)
    found = solved(world, shock, rules)
    assert world.capital is not None
    net = world.capital_share * (1.0 - world.capital.replaced[:, None])
    left = world.value_added_share - net
    profit = jnp.minimum(0.0 if rules.profit_share is None else rules.profit_share[None], left)
    wages = found.labour_income_hat * ((left - profit) * world.output).sum(axis=1)
    returned = (net * found.output).sum(axis=1)
    earned = wages + found.profit + returned + found.tariff_revenue + found.rents
    np.testing.assert_allclose(earned + found.deficit, found.income, rtol=1e-9)
    total = (wages + found.profit + returned).sum()
    np.testing.assert_allclose(total, world.value_added.sum(), rtol=1e-9)


def test_a_given_stock_at_its_steady_state_is_the_steady_state() -> None:
    """Two routes: the user cost as a price of goods, and as income over a quantity."""
    world = steady()
    assert world.capital is not None
    for closure in ("textbook", "labour half tied", "nests"):
        rules = closure_of(closure, world)
        found = solved(world, every_wedge(world), rules)
        stock = capital_stock_hat(world, found)
        given = replace(world, capital=replace(world.capital, stock_hat=stock))
        same(found, solved(given, every_wedge(world), rules))


def test_the_way_begins_with_the_old_stock_and_ends_in_the_steady_state() -> None:
    world, terms = steady(), produced()
    assert world.capital is not None
    shock = costs(world)
    found = solved(world, shock, Closure())
    way = follow_capital(
        world, shock, Closure(), depreciation=terms.depreciation,
        discount_rate=terms.discount_rate, years=LONG,
    )  # fmt: skip
    at_first = solved(
        replace(world, capital=replace(world.capital, stock_hat=jnp.ones(5))), shock, Closure()
    )
    close = np.testing.assert_allclose
    close(way.consumption_hat[0], welfare_hat(world, at_first), rtol=SOLVED)
    close(way.consumption_hat[-1], welfare_hat(world, found), rtol=ARRIVED)
    close(way.stock_hat[-1], capital_stock_hat(world, found), rtol=ARRIVED)
    # The first year's law of motion, by hand.
    paid = (world.gross_value_added_share * at_first.output).sum(axis=1) / (
        world.gross_value_added_share * world.output
    ).sum(axis=1)
    invested = paid / investment_price_hat(world, at_first)
    close(way.stock_hat[1], 1 - terms.depreciation + terms.depreciation * invested, rtol=SOLVED)
    gain, first, last = way.welfare_hat, way.consumption_hat[0], way.consumption_hat[-1]
    assert bool(((gain > first) & (gain < last)).all())
    # The same number from a plain sum of discounted logs.
    rate = float(terms.discount_rate)
    discount = (1 + rate) ** -np.arange(20_000.0)
    logs = np.log(np.asarray(way.consumption_hat))
    whole = np.concatenate([logs, np.broadcast_to(logs[-1], (20_000 - LONG, 5))])
    close(np.log(gain), (discount[:, None] * whole).sum(axis=0) / discount.sum(), rtol=1e-9)


def test_units_and_the_order_of_countries_do_not_matter() -> None:
    world, take = economy(0), np.array([3, 0, 4, 2, 1])
    shock, terms = every_wedge(world), produced()
    found = welfare_hat(steady(), solved(steady(), shock, Closure()))
    moved, moved_shock, rules = countries_as(world, shock, Closure(), take, np.full(5, 1.0))
    moved = replace(moved, trade=130.0 * moved.trade)
    pick = lambda a: a[take] if a.ndim else a
    made = in_steady_state(moved, jax.tree.map(pick, terms))
    after = welfare_hat(made, solved(made, moved_shock, rules))
    np.testing.assert_allclose(after, found[take], rtol=SOLVED)


def test_derivatives_are_differences_and_a_batch_is_each_of_them() -> None:
    """Of welfare and the stock, to capital's share, its rate of return and what it is made of."""
    world, shock, terms = economy(0), costs(economy(0)), produced()

    def of(given: ProducedCapital) -> jax.Array:
        made = in_steady_state(world, given)
        found = solve(made, shock)
        return jnp.log(jnp.stack([welfare_hat(made, found), capital_stock_hat(made, found)]))

    random = np.random.default_rng(3)
    by = jax.tree.map(lambda a: jnp.asarray(0.1 * random.normal(size=a.shape)) * a, terms)
    value, slope = jax.jit(lambda t: jax.jvp(of, (t,), (by,)))(terms)
    ends = [jax.tree.map(lambda a, b, s=s: a + s * STEP * b, terms, by) for s in (-1.0, 1.0)]
    batch = jax.tree.map(lambda *leaves: jnp.stack(leaves), *ends, terms)
    low, high, middle = jax.jit(jax.vmap(of))(batch)
    np.testing.assert_allclose(middle, value, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(slope, (high - low) / (2 * STEP), rtol=1e-4, atol=DIFFERENCES)


def test_the_terms_of_welfare_add_up() -> None:
    world = steady()
    terms = decompose(world, every_wedge(world))
    np.testing.assert_allclose(terms.unexplained, 0.0, atol=1e-8)
    assert bool((jnp.abs(terms.capital.sum(axis=1)) > 1e-4).all())


# --- In a scenario ------------------------------------------------------------------------------


POLICY = {
    "barrier": {"kind": "trade_cost", "importers": ["KOR"], "exporters": ["CHN"], "change": 0.1}
}
WORLDS = ("compact-2022", "compact-2014", "world-2019")


def scenario(**adjustment: object) -> Scenario:
    return Scenario.model_validate(
        {"name": "x", "title": "x", "focus": ["KOR"], "policies": POLICY, "adjustment": adjustment}
    )


@pytest.mark.parametrize("name", WORLDS)
def test_the_worlds_that_ship_have_what_capital_needs(name: str) -> None:
    baseline = load_baseline(name)
    asked = scenario(capital="produced")
    terms = produced_capital(asked.adjustment, "long", baseline)
    assert terms is not None
    made = in_steady_state(baseline.economy, terms)
    assert made.capital is not None
    np.testing.assert_allclose(made.capital.basket.sum(axis=1), 1.0, rtol=1e-12)
    assert (np.asarray(made.final_demand) > -1e-9 * np.asarray(made.income)[:, None]).all()
    korea = baseline.country_index["KOR"]
    # Penn World Table 10.0: labour's share 0.5172 and depreciation 0.0519 in 2019.
    share, worn = {"compact-2014": (0.4845, 0.0512)}.get(name, (1 - 0.5172, 0.0519))
    assert float(terms.share[korea]) == pytest.approx(share, abs=0.02)
    assert float(terms.depreciation[korea]) == pytest.approx(worn, abs=0.003)
    building = "F" if name == "world-2019" else "UCR"
    assert int(np.argmax(np.asarray(made.capital.basket)[korea])) == baseline.sector_index[building]


def test_what_does_not_go_with_produced_capital_is_refused() -> None:
    baseline = load_baseline("compact-2022")
    refused = lambda asked, horizon="long": produced_capital(asked.adjustment, horizon, baseline)
    with pytest.raises(ScenarioError, match="'horizon' is short"):
        refused(scenario(capital="produced"), "short")
    with pytest.raises(ScenarioError, match="'horizon' is 3"):
        refused(scenario(capital="produced"), 3)
    with pytest.raises(ScenarioError, match="profits"):
        refused(scenario(capital="produced", entry="fixed"))
    with pytest.raises(ScenarioError, match="is of capital that is produced"):
        refused(scenario(discount_rate=0.05))
    other = replace(baseline, name="mine", countries=("XXA", *baseline.countries[1:]))
    with pytest.raises(ScenarioError, match="mine has others"):
        produced_capital(scenario(capital="produced").adjustment, "long", other)
    sectors = replace(baseline, name="mine", sectors=("XYZ", *baseline.sectors[1:]))
    with pytest.raises(ScenarioError, match="'XYZ' of mine"):
        produced_capital(scenario(capital="produced").adjustment, "long", sectors)


def test_an_outcome_has_the_steady_state_and_the_way_there_under_their_own_names() -> None:
    baseline = load_baseline("compact-2022")
    asked = scenario(capital="produced", capital_share=0.3)
    outcome = simulate(baseline, asked)
    assert outcome.attrs["solved"] and outcome.attrs["residual"] < CERTIFIED
    korea = {str(name): float(data.sel(country="KOR")) for name, data in outcome.items()
             if data.dims == ("country",)}  # fmt: skip
    lost = [-korea[n] for n in ("welfare", "welfare_with_transition", "welfare_at_first")]
    assert lost[0] > lost[1] > lost[2] > 0 > korea["capital_stock"]
    said = in_words(asked.adjustment, "long", baseline)
    assert "Penn World Table 10.0" in outcome.attrs["sources"]
    assert said[0] in outcome.attrs["assumptions"] and "0.3, which is given" in said[1]
    told = " ".join(volumes(outcome))
    for name in ("welfare_with_transition", "welfare_at_first", "capital_stock"):
        assert f"{-korea[name]:.3f} %" in told or f"{-korea[name]:.2f} %" in told
    plain = simulate(baseline, scenario())
    assert "capital_stock" not in plain and "welfare_at_first" not in plain


def test_a_scenario_as_run_can_be_run_again() -> None:
    """What is not set is not written as if it were: it would be refused, or no longer drawn."""
    for asked in (
        scenario(),
        scenario(capital="produced"),
        scenario(capital="produced", discount_rate=0.05),
    ):
        again = parse_scenario(tomllib.loads(to_toml(asked)), "x")
        assert again.adjustment == asked.adjustment


def test_a_ratio_of_gains_with_capital_needs_capital() -> None:
    target = {"id": "T1", "what": "x", "published": "1", "source": "x", "unit": "1",
              "measure": "dynamic_over_static", "lowest": 0.0}  # fmt: skip
    side = {"scenario": "china-korea/services-opening", "of": ["KOR"]}
    row = {"target": target, "side": side, "comparability": "x"}
    check = validate(StudyTable.model_validate({"rows": [row]}))[0]
    assert "set it to produced" in check.reason and check.verdict.ours is None


def test_draws_move_what_the_scenario_does_not_set() -> None:
    baseline = load_baseline("compact-2022")
    asked, few = scenario(capital="produced", discount_rate=0.05), Uncertainty(draws=4)
    draws = sample(asked, baseline, few)
    assert "capital" in draws.assumptions and "horizon" not in draws.assumptions
    np.testing.assert_array_equal(draws.discount_rate, 0.05)
    assert len(set(np.asarray(draws.capital_share).tolist())) == 4
    both = scenario(capital="produced", discount_rate=0.05, capital_share=0.3)
    assert "capital" not in sample(both, baseline, few).assumptions
    assert "capital" not in sample(scenario(), baseline, few).assumptions
    # One draw in which everything is the scenario's own is the answer itself.
    played = prepare(baseline, asked)
    expected = welfare_hat(played.economy, solve(played.economy, played.shock, played.closure))
    own = replace(central(asked, baseline), assumptions=("capital",))
    drawn = play_draws(baseline, [asked], own, log_welfare)[0, 0]
    np.testing.assert_allclose(drawn, np.log(expected), atol=1e-9)


@pytest.mark.shared
def test_the_tables_that_ship_are_those_of_the_sources() -> None:
    raw = Path(os.environ.get("DETENTE_RAW", "../shared/data"))
    for name, rows in {"investment": investment(raw), "costs": costs_of(raw)}.items():
        text = rows.to_csv(index=False, lineterminator="\n")
        assert text == library.path(f"capital/{name}.csv").read_text(encoding="utf-8")


def test_certified_apart_from_the_solver() -> None:
    """A certificate of another economy's solution is not one: it does look at capital."""
    world = steady()
    found = solved(world, costs(world), Closure())
    assert certify(_as_accounts_have_it(world), costs(world), found).largest > 1e-3
