"""Governments that favour sectors: sums, closed forms, theorems, and slopes by another route.

Ossa (2014): a government maximises the weighted sum of what the people of its sectors can buy.
"""

from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from detente import analysis
from detente._core import ScenarioError
from detente.analysis import Mandate
from detente.calibrate.baseline import baseline_from_dataset
from detente.closure import Closure
from detente.equilibrium import (
    Choice,
    choose_tariffs,
    counted_welfare_hat,
    real_sector_income_hat,
    solve,
    TariffEquilibrium,
    welfare_hat,
)
from detente.world import Baseline, Economy, Shock

from .closures import closure_of, CLOSURES, costs, number, solved, within
from .test_tariff_games import (
    at_war,
    chosen,
    DEVIATION,
    mild,
    NOTHING,
    RATE,
    rates_of,
    SLOPE,
    TIES,
)
from .worlds import dataset, economy


# Of each country's second sector; the others weigh one.
WEIGHT = jnp.ones((5, 3)).at[:, 1].set(1.6).at[2, 0].set(0.4)
TIED = Closure(labour_immobility=number(1.0))


def alone(country: int, weight: jax.Array | None, tie: str = "sector") -> Choice:
    return replace(at_war((country,), TIES[tie]), sector_weight=weight)


def counted(world: Economy, tariff, closure: Closure, weight=WEIGHT) -> np.ndarray:
    after = solve(world, Shock.of(jnp.asarray(tariff), jnp.ones_like(world.trade)), closure)
    return np.log(np.asarray(counted_welfare_hat(world, after, closure, weight)))


# --- Sums and closed forms ----------------------------------------------------------------------


@pytest.mark.parametrize("closure", CLOSURES)
def test_the_sectors_of_a_country_add_up_to_it(closure: str) -> None:
    """In any closure, and whatever all weights of a country are, as long as they are alike."""
    world = mild()
    rules = closure_of(closure, world)
    after = solved(world, costs(world), rules)
    exact = np.asarray(welfare_hat(world, after))
    for alike in (1.0, 0.3):
        weight = jnp.full((5, 3), alike)
        np.testing.assert_allclose(
            counted_welfare_hat(world, after, rules, weight), exact, rtol=1e-12
        )
    # One sector at a time: their weighted mean is the country, with the baseline's shares.
    by_sector = np.asarray(real_sector_income_hat(world, after, rules))
    only = [
        np.asarray(counted_welfare_hat(world, after, rules, jnp.zeros((5, 3)).at[:, s].set(1.0)))
        for s in range(3)
    ]
    np.testing.assert_allclose(by_sector, np.transpose(only), rtol=1e-12)
    assert np.ptp(by_sector, axis=1).min() > 1e-3


def test_with_labour_alone_a_sector_has_its_part_of_sales() -> None:
    """A closed form: without inputs and profits wages are sales, and all else follows wages."""
    world = replace(mild(), input_share=jnp.zeros((5, 3, 3)))
    after = solved(world, costs(world))
    part = lambda output: np.asarray(output) / np.asarray(output).sum(axis=1, keepdims=True)
    expected = part(after.output) / part(world.output) * np.asarray(welfare_hat(world, after))[:, None]  # fmt: skip
    np.testing.assert_allclose(
        real_sector_income_hat(world, after, Closure()), expected, rtol=1e-10
    )


def test_where_labour_is_tied_a_sector_has_its_wage() -> None:
    """The same people before and after: what they earn moves as the wage of their sector."""
    world = mild()
    after = solved(world, costs(world), TIED)
    labour = np.asarray(after.labour_income_hat) * np.asarray(world.value_added)
    beside = np.asarray(after.income) / labour / np.asarray(world.income / world.value_added)
    dearer = np.asarray(after.income / world.income) / np.asarray(welfare_hat(world, after))
    expected = np.asarray(after.sector_wage_hat) * (beside / dearer)[:, None]
    np.testing.assert_allclose(real_sector_income_hat(world, after, TIED), expected, rtol=1e-8)


# --- What is chosen -----------------------------------------------------------------------------


@pytest.mark.parametrize("closure", ["labour half tied", "idle labour", "all at once"])
def test_equal_weights_are_no_weights(closure: str) -> None:
    world = mild()
    rules = closure_of(closure, world)
    without, alike = (
        choose_tariffs(world, Shock.none(world), alone(0, weight, "one"), rules)
        for weight in (None, jnp.ones((5, 3)))
    )
    np.testing.assert_allclose(without.tariff, alike.tariff, atol=2 * RATE)
    np.testing.assert_allclose(
        welfare_hat(world, without.equilibrium),
        welfare_hat(world, alike.equilibrium),
        rtol=max(within(closure), 1e-7),
    )


def test_only_what_sectors_are_to_one_another_matters() -> None:
    world = mild()
    once, twice = (chosen(world, alone(0, by * WEIGHT), TIED) for by in (1.0, 2.0))
    np.testing.assert_allclose(once.tariff, twice.tariff, atol=2 * RATE)


def war() -> TariffEquilibrium:
    choice = replace(at_war((0, 1, 2, 3, 4), TIES["sector"]), sector_weight=WEIGHT)
    return chosen(mild(), choice, TIED)


def test_nobody_gains_by_another_rate_as_governments_count() -> None:
    game = war()
    tariff = np.asarray(game.tariff)
    best = counted(mild(), tariff, TIED)
    for country in range(5):
        for cells in rates_of(TIES["sector"], country):
            up, down = (
                counted(mild(), tariff + by * cells, TIED)[country] - best[country]
                for by in (DEVIATION, -DEVIATION)
            )
            assert up < 0 > down
            assert abs(up - down) < 0.08 * abs(up + down)


def test_first_order_conditions_by_another_derivative_and_by_differences() -> None:
    """The adjoint of the game against that of `solve` and against differences, at its tariffs and
    away from them, where neither is near zero."""
    world, game = mild(), war()

    @eqx.filter_jit
    def slope(tariff: jax.Array, country: jax.Array) -> jax.Array:
        def aim(tariff: jax.Array) -> jax.Array:
            after = solve(world, Shock.of(tariff, jnp.ones_like(tariff)), TIED)
            return jnp.log(counted_welfare_hat(world, after, TIED, WEIGHT))[country]

        return jax.grad(aim)(tariff)

    for country in range(5):
        there, before = (
            np.asarray(slope(tariff, jnp.array(country)))
            for tariff in (game.tariff, 0.5 * game.tariff)
        )
        for cells in rates_of(TIES["sector"], country):
            shown = np.asarray(game.gradient)[cells]
            np.testing.assert_allclose(shown, there[cells].sum(), atol=SLOPE)
            assert abs(there[cells].sum()) < SLOPE
        cells = rates_of(TIES["sector"], country)[1]
        ends = [
            counted(world, 0.5 * np.asarray(game.tariff) + by * cells, TIED)[country]
            for by in (1e-4, -1e-4)
        ]
        assert abs(before[cells].sum()) > 1e2 * SLOPE
        np.testing.assert_allclose((ends[0] - ends[1]) / 2e-4, before[cells].sum(), rtol=1e-4)


def results(
    game: TariffEquilibrium, rules: Closure, country: int, sector: int, weight: jax.Array
) -> tuple[float, ...]:
    """The rate on the sector; what its people, all people, and people as weighted can buy."""
    world, after = mild(), game.equilibrium
    hats = (
        real_sector_income_hat(world, after, rules)[country, sector],
        welfare_hat(world, after)[country],
        counted_welfare_hat(world, after, rules, weight)[country],
    )
    return (float(game.tariff[1, country, sector]), *map(float, hats))


@pytest.mark.parametrize("closure", ["textbook", "labour tied", "labour half tied", "fixed entry"])
def test_who_is_favoured_is_protected(closure: str) -> None:
    """By computation: more than without weights, in each sector. Two
    theorems beside it: no tariffs bring more real income than those of a government without
    weights, and none more of what another counts than its own."""
    world = mild()
    rules = closure_of(closure, world)
    country = 0
    plain = chosen(world, alone(country, jnp.ones((5, 3))), rules)
    for sector in range(3):
        weight = jnp.ones((5, 3)).at[country, sector].set(1.5)
        game = chosen(world, alone(country, weight), rules)
        brought = [results(one, rules, country, sector, weight) for one in (game, plain)]
        rate, people, real, aim = zip(*brought, strict=True)
        assert rate[0] > rate[1] + 0.01, sector
        assert people[0] > people[1]
        assert real[0] < real[1] and aim[0] > aim[1]


# --- Bounds -------------------------------------------------------------------------------------


def test_a_bound_that_binds_is_reached_and_another_changes_nothing() -> None:
    world = mild()
    free = chosen(world, replace(alone(0, WEIGHT), least=number(-0.9), most=number(9.0)), TIED)
    unbounded = chosen(world, alone(0, WEIGHT), TIED)
    np.testing.assert_allclose(free.tariff, unbounded.tariff, atol=2 * RATE)
    rates = np.asarray(free.tariff)[1, 0]
    middle = float(np.sort(rates)[1])
    held = chosen(world, replace(alone(0, WEIGHT), least=number(-0.9), most=number(middle)), TIED)
    assert np.asarray(held.tariff)[1, 0].max() == pytest.approx(middle, abs=1e-12)
    highest = int(np.argmax(rates))
    assert np.asarray(held.tariff)[1, 0, highest] == pytest.approx(middle, abs=1e-12)
    # What stands at the bound would go further.
    assert float(held.gradient[1, 0, highest]) > 1e2 * SLOPE


# --- With labels --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy(0)))


def test_labels_and_sums_of_a_weighted_answer(baseline: Baseline) -> None:
    asked = {"aim": "alone", "rates": "sector"}
    answer = analysis.choose_tariffs(
        baseline, NOTHING, ("KOR",), mandate=Mandate(weights={"KOR.CAR": 1.5}), **asked
    )
    plain = analysis.choose_tariffs(baseline, NOTHING, ("KOR",), **asked)
    rate = lambda one: float(one.tariff.sel(origin="CHN", destination="KOR", sector="CAR"))
    assert rate(answer) > rate(plain) + 1
    weight = answer.sector_weight.sel(country="KOR")
    np.testing.assert_allclose(weight.mean(), 1.0, rtol=1e-12)
    np.testing.assert_allclose(weight / weight.sel(sector="ELE"), [1.5, 1.0, 1.0], rtol=1e-12)
    assert answer.attrs["weights"] == {"KOR.CAR": 1.5} and "weights" not in plain.attrs
    assert float(answer.welfare.sel(country="KOR")) < float(plain.welfare.sel(country="KOR"))
    others = answer.drop_sel(country="KOR")
    np.testing.assert_allclose(others.counted_welfare, others.welfare, atol=1e-9)
    assert "counted_welfare" not in plain


@pytest.mark.parametrize(
    ("weights", "named"),
    [
        ({"KOR": 1.5}, ("'KOR'", "KOR.AGR=1.5")),
        ({"KRO.CAR": 1.5}, ("'KRO'", "'KOR'")),
        ({"KOR.CRA": 1.5}, ("'CRA'", "'CAR'")),
        ({"CHN.CAR": 1.5}, ("CHN.CAR", "sets nothing")),
        ({"KOR.CAR": -1.0}, ("KOR.CAR has -1", "zero or more")),
        ({"KOR.CAR": float("nan")}, ("KOR.CAR has nan", "zero or more")),
        ({"KOR.CAR": 2.0, "KOR.goods": 3.0}, ("KOR.goods", "second weight")),
        ({"KOR.goods": 0.0, "KOR.services": 0.0}, ("KOR", "no sector")),
    ],
)
def test_weights_that_are_none_are_said(weights, named, baseline: Baseline) -> None:
    with pytest.raises(ScenarioError) as refusal:
        analysis.choose_tariffs(
            baseline, NOTHING, ("KOR",), aim="alone", mandate=Mandate(weights=weights)
        )
    for name in named:
        assert name in str(refusal.value)
