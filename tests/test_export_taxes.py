"""Export taxes that someone chooses: Lerner's symmetry, a small country's closed form, other slopes."""

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
    counted_welfare_hat,
    solve,
    TariffEquilibrium,
    welfare_hat,
)
from detente.scenario import without_policies
from detente.world import Baseline, Economy, Shock

from .closures import balanced_world, number, solved
from .test_tariff_games import at_war, chosen, mild, NOTHING, RATE, SLOPE, TIES
from .worlds import dataset, economy


# A move of every rate that is large beside RATE.
LEVEL = 0.2
# What moves with prices to the power of the elasticity.
WORTH = 1e-8


def of_taxes(players: tuple[int, ...], tie: str, both: bool = False) -> Choice:
    """Each of the players for itself, on all that it sells abroad, and buys where `both`."""
    choice = at_war(players, TIES[tie])
    taxed = jnp.swapaxes(choice.chosen, 0, 1)
    return replace(choice, taxed=taxed, chosen=choice.chosen * float(both))


def under(world: Economy, tariff, tax, closure: Closure = Closure()):  # noqa: B008
    shock = Shock(jnp.asarray(tariff), *[jnp.ones_like(world.trade)] * 2, jnp.asarray(tax))
    return solved(world, shock, closure)


def rates(game: TariffEquilibrium) -> tuple[np.ndarray, np.ndarray]:
    return np.asarray(game.tariff), np.asarray(game.export_tax)


# --- Lerner -------------------------------------------------------------------------------------


def test_one_rate_on_all_exports_is_one_rate_on_all_imports() -> None:
    """With balanced trade, and nothing levied before: the same rate, and the same real incomes of
    everyone. With both the second has nothing to add, and stays at zero."""
    world = balanced_world(0, tariffs=False)
    imports = chosen(world, at_war((0,), TIES["one"]))
    exports, both = (chosen(world, of_taxes((0,), "one", both)) for both in (False, True))
    rate = float(imports.tariff[1, 0, 0])
    assert rate > 0.1
    assert float(exports.export_tax[0, 1, 0]) == pytest.approx(rate, abs=2 * RATE)
    assert float(both.tariff[1, 0, 0]) == pytest.approx(rate, abs=2 * RATE)
    assert np.abs(both.export_tax).max() < 1e-12
    for other in (exports, both):
        np.testing.assert_allclose(
            welfare_hat(world, other.equilibrium),
            welfare_hat(world, imports.equilibrium),
            atol=10 * RATE,
        )


@pytest.mark.parametrize("tie", ["sector", "cell"])
def test_of_both_on_all_trade_only_the_level_is_open(tie: str) -> None:
    """Less export tax and more tariff by one factor: nobody's real income moves. So a level is
    given: export taxes are zero on average, in logs, with exports of the baseline as weights."""
    world = balanced_world(0, tariffs=False)
    game = chosen(world, of_taxes((0,), tie, both=True))
    tariff, tax = rates(game)
    exports = np.asarray(world.trade)[0, 1:]
    assert np.average(np.log1p(tax[0, 1:]), weights=exports) == pytest.approx(0.0, abs=1e-9)
    best = np.asarray(welfare_hat(world, game.equilibrium))
    moved_tariff, moved_tax = tariff.copy(), tax.copy()
    moved_tariff[1:, 0] = (1 + tariff[1:, 0]) * (1 + LEVEL) - 1
    moved_tax[0, 1:] = (1 + tax[0, 1:]) / (1 + LEVEL) - 1
    same = np.asarray(welfare_hat(world, under(world, moved_tariff, moved_tax)))
    np.testing.assert_allclose(same, best, rtol=WORTH)
    # One alone is no such move.
    assert np.asarray(welfare_hat(world, under(world, tariff, moved_tax)))[0] < best[0] - 1e-4


def test_more_instruments_bring_more() -> None:
    world = balanced_world(0, tariffs=False)
    brought = [
        float(welfare_hat(world, chosen(world, choice).equilibrium)[0])
        for choice in (
            at_war((0,), TIES["sector"]),
            of_taxes((0,), "sector"),
            of_taxes((0,), "sector", both=True),
            of_taxes((0,), "cell", both=True),
        )
    ]
    assert max(brought[:2]) < brought[2] < brought[3]


def test_a_small_country_taxes_what_others_find_hard_to_replace() -> None:
    """A closed form: a seller too small to move what others earn has the mark-up of a monopolist,
    one plus one over theta, on what it sells of a sector, and buys at a tariff alike for all."""
    size, theta = 1e-4, np.array([3.0, 6.0, 9.0])
    trade = np.full((3, 3, 3), 0.2)
    trade[np.arange(3), np.arange(3)] = 1.0
    scale = np.array([size, 1.0, 1.0])
    trade = trade * np.sqrt(scale[:, None, None] * scale[None, :, None])
    trade[0, 1:] *= np.sqrt(size)
    trade[1:, 0] *= np.sqrt(size)
    trade = np.where(np.eye(3)[:, :, None] > 0, scale[:, None, None] * np.ones(3), trade)
    none = jnp.zeros((3, 3, 3))
    world = Economy(jnp.asarray(trade), none, jnp.zeros((3, 3, 3)), jnp.asarray(theta))
    choice = Choice(
        jnp.zeros((3, 3, 3)).at[1:, 0].set(1.0), jnp.arange(3), jnp.eye(3), (0,),
        taxed=jnp.zeros((3, 3, 3)).at[0, 1:].set(1.0),
    )  # fmt: skip
    game = chosen(world, choice)
    tariff, tax = (np.log1p(one) for one in rates(game))
    together = tax[0, 1] + tariff[1, 0].mean()
    np.testing.assert_allclose(together, np.log1p(1 / theta), atol=50 * size)
    np.testing.assert_allclose(tariff[1, 0], tariff[1, 0].mean(), atol=50 * size)
    assert np.ptp(tax[0, 1]) > 0.1


# --- First-order conditions ---------------------------------------------------------------------


@pytest.mark.parametrize("tie", TIES)
def test_first_order_conditions_of_a_war_with_both_by_another_derivative(tie: str) -> None:
    """Of three countries, against the derivative of `solve`; on goods alone, where nothing is left
    open. At half the rates it is far from zero, and differences say the same."""
    world = mild()
    choice = of_taxes((0, 1, 3), tie, both=True)
    goods = jnp.ones((5, 5, 3)).at[:, :, 2].set(0.0)
    choice = replace(choice, chosen=choice.chosen * goods, taxed=choice.taxed * goods)
    game = chosen(world, choice)

    @eqx.filter_jit
    def slope(tariff: jax.Array, tax: jax.Array, country: jax.Array) -> tuple:
        def aim(rates: tuple[jax.Array, jax.Array]) -> jax.Array:
            one = jnp.ones_like(tariff)
            return jnp.log(welfare_hat(world, solve(world, Shock(rates[0], one, one, rates[1]))))[country]  # fmt: skip

        return jax.grad(aim)((tariff, tax))

    tied = tuple(1 if axis == 0 else axis for axis in TIES[tie])
    total = lambda cells: np.asarray(cells.sum(axis=tied, keepdims=True) if tied else cells)
    for country in (0, 1, 3):
        _, there = slope(game.tariff, game.export_tax, jnp.array(country))
        _, before = slope(0.5 * game.tariff, 0.5 * game.export_tax, jnp.array(country))
        mine = np.arange(5) == country
        there, before = (total(jnp.asarray(one) * choice.taxed)[mine] for one in (there, before))
        assert np.abs(there).max() < SLOPE and np.abs(before).max() > 1e2 * SLOPE
        shown = np.asarray(game.tax_gradient)[mine]
        taxed = np.asarray(choice.taxed)[mine] > 0
        np.testing.assert_allclose(shown[taxed], np.broadcast_to(there, taxed.shape)[taxed], atol=SLOPE)  # fmt: skip
    assert (np.asarray(game.tax_gradient)[np.asarray(choice.taxed) == 0] == 0).all()


def test_nobody_gains_by_another_tax() -> None:
    world = mild()
    game = chosen(world, of_taxes((0, 3), "sector"))
    tariff, tax = rates(game)
    best = np.log(np.asarray(welfare_hat(world, game.equilibrium)))
    for country in (0, 3):
        for sector in range(3):
            for by in (0.02, -0.02):
                moved = tax.copy()
                moved[country, np.arange(5) != country, sector] += by
                other = np.log(np.asarray(welfare_hat(world, under(world, tariff, moved))))
                assert other[country] < best[country]


# --- Favours ------------------------------------------------------------------------------------


@pytest.mark.parametrize("both", [False, True])
def test_who_is_favoured_is_subsidised(both: bool) -> None:
    """By computation: the more a sector weighs the less its exports are taxed, down to a subsidy
    but where others can hardly do without it; the government counts more than without weights."""
    world = balanced_world(0, tariffs=False)
    rules, choice = Closure(labour_immobility=number(0.5)), of_taxes((0,), "sector", both)
    alike = jnp.ones((5, 3))
    plain = chosen(world, replace(choice, sector_weight=alike), rules)
    subsidised = 0
    for sector in range(3):
        taxes = [float(plain.export_tax[0, 1, sector])]
        for times in (1.3, 2.0):
            weight = alike.at[0, sector].set(times)
            game = chosen(world, replace(choice, sector_weight=weight), rules)
            taxes.append(float(game.export_tax[0, 1, sector]))
            aim = [
                float(counted_welfare_hat(world, one.equilibrium, rules, weight)[0])
                for one in (game, plain)
            ]
            assert aim[0] > aim[1]
        assert taxes[0] > taxes[1] + 0.01 and taxes[1] > taxes[2] + 0.01, taxes
        subsidised += taxes[2] < 0
    assert subsidised == (3 if both else 2)


# --- With labels --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy(0)))


def test_labels_are_those_of_who_sells(baseline: Baseline) -> None:
    asked = {"aim": "alone", "rates": "sector"}
    answer = analysis.choose_tariffs(baseline, NOTHING, ("KOR",), mandate=Mandate("both"), **asked)
    tax = answer.export_tax.dropna("origin", how="all")
    assert list(tax.origin.values) == ["KOR"] and answer.attrs["instrument"] == "both"
    assert int(answer.export_tax.notnull().sum()) == int(answer.tariff.notnull().sum()) == 8
    assert (answer.export_tax_before.values[answer.export_tax.notnull().values] == 0).all()
    flows = answer.exports_before.sel(origin="KOR", destination="CHN", sector="CAR")
    assert float(flows) == float(np.asarray(baseline.economy.trade)[0, 1, 0])
    assert not answer.attrs["level_is_open"]
    only = analysis.choose_tariffs(
        baseline, NOTHING, ("KOR",), mandate=Mandate("export-tax", most=0.01), **asked
    )
    assert "tariff" not in only and float(only.export_tax.max()) <= 1.0 + 1e-9


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"mandate": Mandate("quota")}, ("'quota'", "export-tax")),
        ({"mandate": Mandate("both"), "aim": "together"}, ("together", "one instrument")),
        ({"mandate": Mandate("both"), "sectors": ("goods", "services")}, ("deficit", "removed")),
        ({"mandate": Mandate(least=0.2, most=0.1)}, ("0.2", "0.1")),
        ({"mandate": Mandate(least=-1.0)}, ("subsidy", "-1")),
    ],
)
def test_what_has_no_answer_is_said(settings, named, baseline: Baseline) -> None:
    with pytest.raises(ScenarioError) as refusal:
        analysis.choose_tariffs(baseline, NOTHING, ("KOR", "CHN"), **settings)
    for name in named:
        assert name in str(refusal.value)


def test_without_deficits_the_open_level_is_said(baseline: Baseline) -> None:
    balanced = without_policies(["adjustment.deficits=removed"])
    answer = analysis.choose_tariffs(
        baseline,
        balanced,
        ("KOR",),
        aim="alone",
        mandate=Mandate("both"),
        sectors=("goods", "services"),
    )
    assert answer.attrs["level_is_open"]
    assert float(answer.export_tax.max()) == pytest.approx(0.0, abs=1e-9)
