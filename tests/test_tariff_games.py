"""Tariffs that someone chooses: closed forms, deviations, finite games and independent slopes.

One shape of choice (five decision makers, some of whom may decide nothing) serves most tests, so
that each closure and each way to tie rates is compiled once.
"""

import functools
import itertools
from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import nashpy
import numpy as np
import pytest
import xarray as xr

from detente import analysis
from detente._core import ScenarioError, SolveError, Status
from detente.calibrate.baseline import baseline_from_dataset
from detente.closure import Closure
from detente.equilibrium import Choice, choose_tariffs, solve, TariffEquilibrium, welfare_hat
from detente.scenario import parse_scenario, without_policies
from detente.simulation import simulate
from detente.world import Baseline, Economy, Shock

from .closures import ABROAD, closure_of, CLOSURES, status, wage_floor
from .worlds import dataset, economy


# Rates are searched to 1e-6 of a rate.
RATE = 1e-6
# A rate that is off by RATE leaves a slope of that times the curvature of log welfare, which is
# the elasticity times the import share: a few times one.
SLOPE = 1e-5
# A deviation far above RATE whose loss, of its square, is far above a solution's rounding.
DEVIATION = 5e-3
TEXTBOOK = Closure()
# Axes of origin, destination, sector along which a country has one rate.
TIES = {"one": (0, 2), "partner": (2,), "sector": (0,), "cell": ()}


@functools.cache
def mild(seed: int = 0) -> Economy:
    """Tariffs, inputs and deficits of 8 % of income at most: with fixed multiples of income, a
    country that spends a third more than it earns would have no best tariff."""
    flows = [economy(seed, balanced=balanced).trade for balanced in (True, False)]
    return replace(economy(seed), trade=0.8 * flows[0] + 0.2 * flows[1])


@functools.cache
def symmetric() -> Economy:
    """Five times the same country, without tariffs."""
    sales = np.where(np.eye(5)[:, :, None] > 0, [8.0, 5.0, 9.0], [0.5, 0.9, 0.2])
    inputs = np.broadcast_to(np.asarray(economy(0).input_share)[0], (5, 3, 3))
    return replace(
        economy(0, tariffs=False), trade=jnp.asarray(sales), input_share=jnp.array(inputs)
    )


def two(size: float, theta: float) -> Economy:
    """One sector, no inputs, no tariffs: a country of this size beside one of size one."""
    flows = np.array([[0.6 * size, 0.4 * size], [0.4 * size, 1.0 - 0.4 * size]])
    nothing = jnp.zeros((2, 2, 1))
    return Economy(
        jnp.asarray(flows[:, :, None]), nothing, jnp.zeros((2, 1, 1)), jnp.array([theta])
    )


def at_war(players: tuple[int, ...], tied: tuple[int, ...] = (0, 2), size: int = 5) -> Choice:
    """Each of the players for itself; whoever does not play is there but chooses nothing."""
    sectors = 3 if size == 5 else 1
    abroad = np.broadcast_to(1.0 - np.eye(size)[:, :, None], (size, size, sectors)).copy()
    abroad[:, [n for n in range(size) if n not in players]] = 0.0
    return Choice(jnp.asarray(abroad), jnp.arange(size), jnp.eye(size), tied)


def together(weight: np.ndarray, tied: tuple[int, ...] = (0, 2)) -> Choice:
    """One decision maker for everyone; the other four have no weight and nothing to decide."""
    weights = np.zeros((5, 5))
    weights[0] = weight
    return Choice(jnp.asarray(ABROAD), jnp.zeros(5, int), jnp.asarray(weights), tied)


def chosen(world: Economy, choice: Choice, closure: Closure = TEXTBOOK) -> TariffEquilibrium:
    found = choose_tariffs(world, Shock.none(world), choice, closure)
    assert status(found.equilibrium) is Status.SOLVED
    assert float(found.first_order) <= RATE, (float(found.first_order), int(found.steps))
    fixed = np.asarray(choice.chosen) == 0
    np.testing.assert_array_equal(np.asarray(found.tariff)[fixed], np.asarray(world.tariff)[fixed])
    return found


def log_welfare(world: Economy, tariff, closure: Closure = TEXTBOOK) -> np.ndarray:
    found = solve(world, Shock.of(jnp.asarray(tariff), jnp.ones_like(world.trade)), closure)
    assert status(found) is Status.SOLVED
    return np.log(np.asarray(welfare_hat(world, found)))


@eqx.filter_jit
def slope(world: Economy, tariff: jax.Array, closure: Closure, weight: jax.Array) -> jax.Array:
    """The derivative of weighted log welfare to every tariff, through `solve`."""

    def objective(tariff: jax.Array) -> jax.Array:
        found = solve(world, Shock.of(tariff, jnp.ones_like(tariff)), closure)
        return (weight * jnp.log(welfare_hat(world, found))).sum()

    return jax.grad(objective)(tariff)


# --- Closed forms -------------------------------------------------------------------------------


@pytest.mark.parametrize("theta", [3.0, 6.0])
def test_the_best_tariff_of_one_country(theta: float) -> None:
    """Alvarez and Lucas (2007); Costinot and Rodriguez-Clare (2014): with one sector and one
    foreign country that levies nothing it is one over theta times that country's own share, at the
    optimum. So a small country's is one over theta, and a larger country's is more."""
    above = []
    for size in (0.9, 0.3, 0.03, 0.003):
        found = chosen(two(size, theta), at_war((0,), size=2))
        rate, own = (
            float(found.tariff[1, 0, 0]),
            float(found.equilibrium.expenditure_share[1, 1, 0]),
        )
        np.testing.assert_allclose(rate, 1 / (theta * own), atol=2 * RATE)
        above.append(rate - 1 / theta)
        assert -RATE < above[-1] < size / theta
    assert above == sorted(above, reverse=True) and above[0] > 0.05 / theta


# --- Nobody gains -------------------------------------------------------------------------------


def rates_of(tied: tuple[int, ...], country: int) -> list[np.ndarray]:
    """The cells of each rate that a country has."""
    origins = [[o for o in range(5) if o != country]] if 0 in tied else [[o] for o in range(5) if o != country]  # fmt: skip
    sectors = [[0, 1, 2]] if 2 in tied else [[0], [1], [2]]
    found = []
    for o, s in itertools.product(origins, sectors):
        cells = np.zeros((5, 5, 3), bool)
        cells[np.ix_(o, [country], s)] = True
        found.append(cells)
    return found


@functools.cache
def war(tie: str) -> TariffEquilibrium:
    return chosen(mild(), at_war((0, 1, 2, 3, 4), TIES[tie]))


@pytest.mark.parametrize("tie", TIES)
def test_nobody_gains_by_another_rate(tie: str) -> None:
    """Of every rate of every country: welfare falls on both sides, and by the same to first order."""
    tariff = np.asarray(war(tie).tariff)
    best = log_welfare(mild(), tariff)
    for country in range(5):
        for cells in rates_of(TIES[tie], country):
            assert np.ptp(tariff[cells]) == 0.0
            up, down = (
                log_welfare(mild(), tariff + by * cells)[country] - best[country]
                for by in (DEVIATION, -DEVIATION)
            )
            assert up < 0 > down
            assert abs(up - down) < 0.05 * abs(up + down)


@pytest.mark.parametrize("tie", TIES)
def test_first_order_conditions_by_another_derivative(tie: str) -> None:
    """The adjoint of the game and the implicit derivative of `solve` share no code but the
    equations. Before the war the slopes are far from zero, so that a zero means something."""
    found = war(tie)
    for country in range(5):
        weight = jnp.eye(5)[country]
        there, before = (
            np.asarray(slope(mild(), tariff, TEXTBOOK, weight))
            for tariff in (found.tariff, jnp.zeros_like(found.tariff))
        )
        sums = [(there[cells].sum(), before[cells].sum()) for cells in rates_of(TIES[tie], country)]
        assert max(abs(now) for now, _ in sums) < SLOPE
        assert max(was for _, was in sums) > 1e3 * SLOPE
        shown = np.asarray(found.gradient)
        for cells, (now, _) in zip(rates_of(TIES[tie], country), sums, strict=True):
            np.testing.assert_allclose(shown[cells], now, atol=SLOPE)
    assert (np.asarray(found.gradient)[np.asarray(ABROAD) == 0] == 0).all()


@pytest.mark.parametrize("closure", CLOSURES)
def test_a_war_in_every_closure(closure: str) -> None:
    """A stationary point that is a minimum, or one of another model, would be left with a gain."""
    world, rules = mild(), closure_of(closure, mild())
    if closure == "idle labour":
        # The best tariff may be where a floor begins to bind: a corner, not a stationary point.
        rules = replace(rules, wage_floor=wage_floor(0.01))
    found = chosen(world, at_war((0, 1, 2, 3, 4)), rules)
    best = log_welfare(world, found.tariff, rules)
    for country in (0, 3):
        (cells,) = rates_of((0, 2), country)
        for other in (-0.03, 0.03, 0.3):
            moved = log_welfare(world, found.tariff + other * cells, rules)
            assert moved[country] < best[country], (country, other)


def test_the_pure_equilibrium_of_the_finite_game_is_the_continuous_one() -> None:
    """nashpy finds it from a table of payoffs that were solved one by one."""
    world = two(0.5, 4.0)
    found = chosen(world, at_war((0, 1), size=2))
    rate = np.array([float(found.tariff[1, 0, 0]), float(found.tariff[0, 1, 0])])
    steps = np.array([0.0, 0.5, 1.0, 1.5, 2.0])
    payoff = np.zeros((2, 5, 5))
    for (i, a), (j, b) in itertools.product(enumerate(steps), enumerate(steps)):
        tariff = np.array([[0.0, b * rate[1]], [a * rate[0], 0.0]])[:, :, None]
        payoff[:, i, j] = log_welfare(world, tariff)
    pure = [
        (int(np.argmax(row)), int(np.argmax(column)))
        for row, column in nashpy.Game(*payoff).support_enumeration(tol=0)
        if max(row) == max(column) == 1.0
    ]
    assert pure == [(2, 2)]


# --- War and peace ------------------------------------------------------------------------------


def test_the_same_countries_choose_the_same_and_lose_by_it() -> None:
    world = symmetric()
    found = chosen(world, at_war((0, 1, 2, 3, 4)))
    rates = np.asarray(found.tariff)[np.asarray(ABROAD) > 0]
    np.testing.assert_allclose(rates, rates.mean(), atol=2 * RATE)
    # Alone against four a country is not large: close to the mean of one over theta, and above it.
    assert 1 / 8.0 < rates.mean() < 1 / 3.5
    welfare = log_welfare(world, found.tariff)
    np.testing.assert_allclose(welfare, welfare.mean(), atol=RATE)
    assert welfare.max() < -1e-4


def test_together_the_same_countries_trade_freely() -> None:
    """And no tariff of any kind is worth anything to the world: an efficient point."""
    world = symmetric()
    found = chosen(world, together(np.full(5, 0.2)))
    np.testing.assert_allclose(found.tariff, 0.0, atol=2 * RATE)
    every = slope(world, found.tariff, TEXTBOOK, jnp.asarray(np.full(5, 0.2)))
    np.testing.assert_allclose(np.asarray(every) * ABROAD, 0.0, atol=SLOPE)


@pytest.mark.parametrize("tie", ["one", "cell"])
def test_together_they_do_better_than_at_war_or_without_tariffs(tie: str) -> None:
    world = mild()
    weight = np.asarray(world.income / world.income.sum())
    found = chosen(world, together(weight, TIES[tie]))
    joint = lambda tariff: float(weight @ log_welfare(world, tariff))
    free, best = joint(np.zeros((5, 5, 3))), joint(found.tariff)
    assert best > joint(war(tie).tariff) + 1e-3
    assert best > joint(world.tariff) + 1e-3
    # A weighted sum of logs is not the sum of incomes, but near it free trade is near the best.
    assert free - 1e-12 < best < free + 1e-3
    sums = np.asarray(slope(world, found.tariff, TEXTBOOK, jnp.asarray(weight)))
    for country in range(5):
        for cells in rates_of(TIES[tie], country):
            assert abs(sums[cells].sum()) < SLOPE


@pytest.mark.parametrize("seed", [0, 1])
def test_together_with_a_rate_on_every_flow_tariffs_only_move_income(seed: int) -> None:
    """A closed form. By Lerner's symmetry a tariff on all that a country buys, with a subsidy of
    everyone else's on all that it sells, moves income and nothing else. So who may set every rate
    distorts nothing, (1 + t_ods) = x_d / x_o in every sector, and gives each country income at the
    world's prices, I / x, in proportion to its weight."""
    world = mild(seed)
    random = np.random.default_rng(seed)
    weight = np.asarray(world.income) * random.uniform(0.8, 1.25, 5)
    weight /= weight.sum()
    found = chosen(world, together(weight, TIES["cell"]))
    factor = np.log1p(np.asarray(found.tariff))
    level = factor[0].mean(axis=1)
    level[0] = 0.0
    expected = (level[None, :] - level[:, None])[:, :, None] * np.asarray(ABROAD)
    np.testing.assert_allclose(factor * np.asarray(ABROAD), expected, atol=20 * RATE)
    assert np.abs(level).max() > 0.01
    after = np.asarray(found.equilibrium.income) / np.exp(level)
    np.testing.assert_allclose(after / after.sum(), weight, atol=20 * RATE)


# --- What is not there --------------------------------------------------------------------------


def no_best_tariff() -> tuple[Economy, Closure]:
    """Spending a fixed multiple of what is earned, a third more: a tariff of any size pays."""
    return economy(0), Closure(deficits="proportional")


def test_where_there_is_no_best_tariff_none_is_found() -> None:
    world, rules = no_best_tariff()
    (cells,) = rates_of((0, 2), 0)
    gains = [log_welfare(world, world.tariff + by * cells, rules)[0] for by in (0.0, 0.5, 2.0, 8.0)]
    assert gains == sorted(gains)
    asked = parse_scenario(
        {"title": "T", "policies": {}, "adjustment": {"deficits": "proportional"}}, "t"
    )
    with pytest.raises(SolveError, match="no tariffs were found that KOR would keep"):
        analysis.choose_tariffs(
            baseline_from_dataset(dataset(world)), asked, ("KOR",), sectors=("goods", "services")
        )


def test_conditions_that_are_not_met_are_not_called_met() -> None:
    world, rules = no_best_tariff()
    found = choose_tariffs(world, Shock.none(world), at_war((0, 1, 2, 3, 4)), rules)
    assert not float(found.first_order) <= RATE


def test_too_few_steps_are_seen() -> None:
    found = choose_tariffs(mild(), Shock.none(mild()), at_war((0, 1)), max_steps=2)
    assert float(found.first_order) > RATE


# --- With labels --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    made = baseline_from_dataset(dataset(mild()))
    return replace(made, country_groups={"ASIA": ("KOR", "CHN", "JPN")})


NOTHING = without_policies()


@pytest.fixture(scope="module")
def alone(baseline: Baseline) -> xr.Dataset:
    return analysis.choose_tariffs(baseline, NOTHING, ("KOR",), aim="alone")


def test_labels_are_those_of_who_chooses_what(alone: xr.Dataset, baseline: Baseline) -> None:
    """One rate on goods from everyone to Korea, and nothing else; before is the baseline's."""
    goods = alone.tariff.sel(destination="KOR", sector=["CAR", "ELE"]).drop_sel(origin="KOR")
    np.testing.assert_allclose(goods, goods.values[0, 0], rtol=1e-12)
    assert int(alone.tariff.notnull().sum()) == goods.size == 8
    before = alone.tariff_before.sel(destination="KOR", sector=["CAR", "ELE"]).drop_sel(
        origin="KOR"
    )
    np.testing.assert_allclose(before, 100 * np.asarray(baseline.economy.tariff)[1:, 0, :2])
    assert alone.attrs["players"] == ["KOR"] and alone.attrs["aim"] == "alone"
    assert alone.attrs["first_order"] <= RATE
    assert float(alone.welfare.sel(country="KOR")) > 0


def test_a_scenario_with_the_chosen_tariff_has_its_welfare(
    alone: xr.Dataset, baseline: Baseline
) -> None:
    """Percent and rates, players and importers: two routes to one number."""
    rate = float(alone.tariff.sel(origin="CHN", destination="KOR", sector="CAR")) / 100
    levy = {"kind": "tariff", "importers": ["KOR"], "rate": rate}
    by_hand = lambda rate: (
        simulate(
            baseline,
            parse_scenario({"title": "T", "policies": {"levy": levy | {"rate": rate}}}, "t"),
        ).welfare
    )
    np.testing.assert_allclose(by_hand(rate), alone.welfare, rtol=1e-6)
    for other in (0.9 * rate, 1.1 * rate):
        assert float((by_hand(other) - alone.welfare).sel(country="KOR")) < 0


def test_groups_stand_for_their_members_and_aims_differ(baseline: Baseline) -> None:
    found = {
        aim: analysis.choose_tariffs(baseline, NOTHING, ("ASIA",), aim=aim)
        for aim in ("war", "together")
    }
    asia = ["KOR", "CHN", "JPN"]
    weight = np.asarray(baseline.economy.income)[:3]
    joint = {aim: float(weight @ np.log1p(one.welfare.sel(country=asia).values / 100)) for aim, one in found.items()}  # fmt: skip
    assert joint["together"] > joint["war"]
    for one in found.values():
        assert one.attrs["players"] == asia
        assert sorted(
            set(one.tariff.dropna("destination", how="all").destination.values)
        ) == sorted(asia)
    levied = lambda one: one.tariff.sel(destination="KOR", origin="CHN", sector="CAR").item()
    assert abs(levied(found["war"]) - levied(found["together"])) > 0.1


@pytest.mark.parametrize(
    ("players", "settings", "named"),
    [
        (("KRO",), {}, ("'KRO'", "'KOR'")),
        (("KOR",), {"sectors": ("gods",)}, ("'gods'", "'goods'")),
        (("KOR",), {"rates": "two"}, ("'two'", "partner-sector")),
        ((), {}, ("no player", "at least one")),
        (("KOR", "CHN"), {"aim": "alone"}, ("only one country can be alone",)),
        (("ASIA",), {"aim": "alone"}, ("only one country can be alone",)),
    ],
)
def test_what_cannot_be_chosen_is_said(players, settings, named, baseline: Baseline) -> None:
    with pytest.raises(ScenarioError) as refusal:
        analysis.choose_tariffs(baseline, NOTHING, players, **settings)
    for name in named:
        assert name in str(refusal.value)
