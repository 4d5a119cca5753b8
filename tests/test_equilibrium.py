"""The engine against closed forms, another implementation, invariances and conservation."""

import dataclasses

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from detente import equilibrium
from detente._core import SolveError, Status
from detente.equilibrium import _sourcing, certify, Equilibrium, price_index_hat, solve, welfare_hat
from detente.world import Economy, Shock

from .nested import nested
from .worlds import economy


# Solved to a relative residual of 1e-10; prices and wages inherit a small multiple of it.
SOLVED = 2e-9
# What a trade cost of 1e9 leaves of trade is below the rounding of any flow.
PROHIBITIVE = 1e9


def shock_of(world: Economy, *, tariff=None, cost=None) -> Shock:
    none = Shock.none(world)
    return Shock.of(
        tariff=none.tariff if tariff is None else jnp.asarray(tariff),
        trade_cost_hat=none.trade_cost_hat if cost is None else jnp.asarray(cost),
    )


def autarky(world: Economy) -> Shock:
    at_home = np.eye(world.trade.shape[0])[:, :, None] > 0
    return shock_of(world, cost=np.where(at_home, 1.0, PROHIBITIVE) * np.ones(world.trade.shape))


def random_shock(world: Economy, seed: int = 1) -> Shock:
    random = np.random.default_rng(seed)
    abroad = 1.0 - np.eye(world.trade.shape[0])[:, :, None]
    tariff = random.uniform(0, 0.5, size=world.trade.shape) * abroad
    cost = np.exp(random.normal(scale=0.3, size=world.trade.shape) * abroad)
    return shock_of(world, tariff=tariff, cost=cost)


def solved(world: Economy, shock: Shock) -> Equilibrium:
    found = solve(world, shock)
    assert Status.of(int(found.status)) is Status.SOLVED
    assert certify(world, shock, found).largest < 1e-9
    return found


# The last rows are the settings at which damped peers are known to fail.
SHOCKS = {
    "random": random_shock,
    "tariffs of 500 %": lambda world: shock_of(
        world, tariff=5.0 * (1 - np.eye(5))[:, :, None] * np.ones(world.trade.shape)
    ),
    "trade costs times ten": lambda world: shock_of(
        world, cost=np.where(np.eye(5)[:, :, None] > 0, 1.0, 10.0) * np.ones(world.trade.shape)
    ),
    "trade costs halved": lambda world: shock_of(
        world, cost=np.where(np.eye(5)[:, :, None] > 0, 1.0, 0.5) * np.ones(world.trade.shape)
    ),
    "trade subsidised": lambda world: shock_of(
        world, tariff=-0.3 * (1 - np.eye(5))[:, :, None] * np.ones(world.trade.shape)
    ),
}


@pytest.mark.parametrize("name", SHOCKS)
@pytest.mark.parametrize("seed", [0, 2])
def test_same_settings_solve_every_shock(name: str, seed: int) -> None:
    # Fixed surpluses can exceed what a nearly closed economy earns: large shocks need balance.
    world = economy(seed, balanced=name != "random")
    solved(world, SHOCKS[name](world))


@pytest.mark.parametrize("inputs", [True, False])
@pytest.mark.parametrize("tariffs", [True, False])
def test_agrees_with_the_original_nested_algorithm(inputs: bool, tariffs: bool) -> None:
    world = economy(3, inputs=inputs, tariffs=tariffs)
    shock = random_shock(world)
    found = solved(world, shock)
    wage, price, share = nested(
        *(np.asarray(a) for a in (world.trade, world.tariff, world.input_share, world.trade_elasticity)),
        np.asarray(shock.tariff), np.asarray(shock.trade_cost_hat),
    )  # fmt: skip
    np.testing.assert_allclose(found.labour_income_hat, wage, rtol=SOLVED)
    np.testing.assert_allclose(found.price_hat, price, rtol=SOLVED)
    np.testing.assert_allclose(found.expenditure_share, share, rtol=1e-7)


def test_no_shock_is_no_change_in_one_step() -> None:
    world = economy(0)
    found = solve(world, Shock.none(world))
    assert int(found.steps) == 1
    np.testing.assert_array_equal(found.labour_income_hat, 1.0)
    np.testing.assert_allclose(found.price_hat, 1.0, rtol=1e-14)
    np.testing.assert_allclose(found.trade, world.trade, rtol=1e-12)
    np.testing.assert_allclose(welfare_hat(world, found), 1.0, rtol=1e-13)


def test_autarky_has_the_own_share_formula() -> None:
    """Arkolakis, Costinot and Rodriguez-Clare (2012), with inputs as in Costinot and
    Rodriguez-Clare (2014), eq. 28: the loss is the own share to the power of one over theta,
    weighted by how much of each sector's value the Leontief inverse puts into consumption."""
    world = economy(0, tariffs=False, balanced=True)
    found = solved(world, autarky(world))
    own = np.einsum("nns->ns", np.asarray(world.expenditure_share))
    for n in range(5):
        leontief = np.linalg.inv(np.eye(3) - np.asarray(world.input_share)[n].T)
        log_price = leontief @ (np.log(own[n]) / np.asarray(world.trade_elasticity))
        expected = np.exp((np.asarray(world.final_share)[n] * log_price).sum())
        np.testing.assert_allclose(welfare_hat(world, found)[n], expected, rtol=SOLVED)


def test_one_sector_autarky_is_the_textbook_formula() -> None:
    many = economy(0, tariffs=False, inputs=False, balanced=True)
    world = Economy(
        many.trade[:, :, :1], many.tariff[:, :, :1], jnp.zeros((5, 1, 1)), jnp.asarray([5.0])
    )
    found = solved(world, autarky(world))
    own = np.einsum("nns->n", np.asarray(world.expenditure_share))
    np.testing.assert_allclose(welfare_hat(world, found), own ** (1 / 5.0), rtol=SOLVED)


def test_identical_sectors_are_one_sector() -> None:
    """Nesting: a sector split into two equal halves changes nothing."""
    one = economy(4)
    halves = lambda a: jnp.concatenate([a[..., :1] / 2, a[..., :1] / 2, a[..., 1:]], axis=-1)
    twice = lambda a: jnp.concatenate([a[..., :1], a], axis=-1)
    inputs = jnp.concatenate(
        [one.input_share[:, :1] / 2, one.input_share[:, :1] / 2, one.input_share[:, 1:]], axis=1
    )
    split = Economy(
        halves(one.trade), twice(one.tariff), twice(inputs), twice(one.trade_elasticity)
    )
    shock = random_shock(one)
    both = Shock.of(twice(shock.tariff), twice(shock.trade_cost_hat))
    a, b = solved(one, shock), solved(split, both)
    np.testing.assert_allclose(b.labour_income_hat, a.labour_income_hat, rtol=SOLVED)
    np.testing.assert_allclose(welfare_hat(split, b), welfare_hat(one, a), rtol=SOLVED)


def test_units_do_not_matter() -> None:
    world = economy(0)
    shock = random_shock(world)
    in_yen = eqx.tree_at(lambda w: w.trade, world, world.trade * 130.0)
    a, b = solved(world, shock), solved(in_yen, shock)
    np.testing.assert_allclose(b.labour_income_hat, a.labour_income_hat, rtol=SOLVED)
    np.testing.assert_allclose(b.trade, 130.0 * a.trade, rtol=1e-8)


def test_the_order_of_countries_does_not_matter() -> None:
    world, order = economy(0), np.array([3, 0, 4, 2, 1])
    shock = random_shock(world)
    pairs = lambda a: a[order][:, order]
    moved = Economy(
        pairs(world.trade), pairs(world.tariff), world.input_share[order], world.trade_elasticity
    )
    a = solved(world, shock)
    b = solved(moved, Shock.of(pairs(shock.tariff), pairs(shock.trade_cost_hat)))
    np.testing.assert_allclose(b.labour_income_hat, a.labour_income_hat[order], rtol=SOLVED)
    np.testing.assert_allclose(b.price_hat, a.price_hat[order], rtol=SOLVED)


def test_what_is_earned_is_spent() -> None:
    """Walras' law and the accounts: nothing leaks at the solution."""
    world = economy(0)
    shock = random_shock(world)
    found = solved(world, shock)
    world_value_added = float(world.value_added.sum())
    wage_bill = found.labour_income_hat * world.value_added
    np.testing.assert_allclose(wage_bill.sum(), world_value_added, rtol=1e-12)
    revenue = (shock.tariff * found.trade).sum(axis=(0, 2))
    np.testing.assert_allclose(found.tariff_revenue, revenue, rtol=1e-9)
    np.testing.assert_allclose(found.income, wage_bill + revenue + world.deficit, rtol=1e-9)
    deficit = found.trade.sum(axis=(0, 2)) - found.trade.sum(axis=(1, 2))
    np.testing.assert_allclose(deficit, world.deficit, atol=1e-9 * world_value_added)
    np.testing.assert_allclose(found.expenditure_share.sum(axis=0), 1.0, rtol=1e-9)


def test_an_iceberg_is_a_tariff_whose_revenue_is_lost() -> None:
    """Nesting: the same barrier moves prices alike when wages are held by symmetry."""
    world = economy(0, tariffs=False, balanced=True)
    barrier = 0.1 * (1 - np.eye(5))[:, :, None] * np.ones(world.trade.shape)
    burned = solved(world, shock_of(world, cost=1 + barrier))
    kept = solved(world, shock_of(world, tariff=barrier))
    assert (welfare_hat(world, kept) > welfare_hat(world, burned)).all()
    assert float(burned.tariff_revenue.max()) < 1e-9 * float(world.income.max())


def test_small_shocks_follow_the_envelope() -> None:
    """To first order and without tariffs, a small cost cut is worth the imports it applies to:
    world welfare weighted by income rises by trade times the cut (Hulten 1978)."""
    world, size = economy(0, tariffs=False, balanced=True), 1e-3
    cell = np.zeros(world.trade.shape)
    cell[1, 0, 2] = size

    def worth(log_cost: np.ndarray) -> float:
        found = solved(world, shock_of(world, cost=np.exp(log_cost)))
        return float((jnp.log(welfare_hat(world, found)) * world.income).sum())

    # Central, so that the curvature drops out and the step can be far above the solver's tolerance.
    slope = (worth(-cell) - worth(cell)) / (2 * size)
    np.testing.assert_allclose(slope, world.trade[1, 0, 2], rtol=1e-5)


def test_sectors_without_trade_output_or_value_added_are_no_obstacle() -> None:
    world = economy(0, balanced=True)
    abroad = jnp.asarray((1 - np.eye(5))[:, :, None] * np.ones((5, 5, 3)))
    idle = (
        world.trade.at[:, :, 1]
        .multiply(1 - abroad[:, :, 1])
        .at[2, :, 0]
        .set(0.0)
        .at[:, 2, 0]
        .set(0.0)
    )
    shares = world.input_share.at[2, 0].set(0.0).at[4, :, 1].set(jnp.asarray([0.4, 0.3, 0.3]))
    bare = Economy(idle, world.tariff, shares, world.trade_elasticity)
    solved(bare, random_shock(bare))


def test_too_few_steps_is_a_status_and_not_a_number_to_trust() -> None:
    world = economy(0)
    found = solve(world, random_shock(world), max_steps=3)
    assert Status.of(int(found.status)) is Status.STEPS
    assert float(found.residual) > 1e-10


def test_a_value_that_is_not_finite_is_a_status() -> None:
    world = economy(0)
    found = solve(world, shock_of(world, cost=np.zeros(world.trade.shape)))
    assert Status.of(int(found.status)) is Status.NOT_FINITE


def test_who_needs_an_equilibrium_gets_one_or_the_sentence() -> None:
    world = economy(0)
    found = equilibrium.solved(world, Shock.none(world))
    np.testing.assert_allclose(found.labour_income_hat, 1.0, rtol=SOLVED)
    with pytest.raises(SolveError) as raised:
        equilibrium.solved(world, shock_of(world, cost=np.zeros(world.trade.shape)))
    assert str(raised.value) == Status.NOT_FINITE.sentence
    with pytest.raises(SolveError, match=r"^in the short run: Not solved: the solver used all"):
        equilibrium.require_solved(Status.STEPS.code, "in the short run: ")


def test_a_surplus_that_cannot_be_earned_is_not_a_solution() -> None:
    world = economy(0)
    found = solve(world, autarky(world))
    assert Status.of(int(found.status)) is not Status.SOLVED


def test_a_failing_member_does_not_spoil_a_batch() -> None:
    world = economy(0)
    good, bad = random_shock(world), shock_of(world, cost=np.zeros(world.trade.shape))
    batch = jax.tree.map(lambda *rows: jnp.stack(rows), good, bad, good)
    found = jax.vmap(lambda shock: solve(world, shock))(batch)
    assert [Status.of(int(code)) for code in found.status] == [
        Status.SOLVED,
        Status.NOT_FINITE,
        Status.SOLVED,
    ]
    np.testing.assert_allclose(
        found.labour_income_hat[0], solve(world, good).labour_income_hat, rtol=SOLVED
    )


def test_one_compilation_serves_every_shock_on_a_shape() -> None:
    world = economy(0)
    solve(world, random_shock(world, 1))
    traced = solve._cached._cache_size() if hasattr(solve, "_cached") else None
    solve(economy(5), random_shock(world, 2))
    if traced is not None:
        assert solve._cached._cache_size() == traced


def test_price_index_is_the_consumption_bundle() -> None:
    world = economy(0)
    found = solved(world, random_shock(world))
    cost = np.prod(np.asarray(found.price_hat) ** np.asarray(world.final_share), axis=1)
    np.testing.assert_allclose(price_index_hat(world, found), cost, rtol=1e-13)


def everywhere(world: Economy, size: float) -> np.ndarray:
    return size * (1 - np.eye(5))[:, :, None] * np.ones(world.trade.shape)


def with_wedge(world: Economy, **wedges: np.ndarray) -> Shock:
    none = Shock.none(world)
    return dataclasses.replace(none, **{name: jnp.asarray(a) for name, a in wedges.items()})


def test_a_rent_the_importer_keeps_is_a_tariff() -> None:
    """Nesting: the same price wedge, the same pocket."""
    world = economy(0, tariffs=False)
    size = np.random.default_rng(3).uniform(0, 0.4, size=world.trade.shape) * everywhere(world, 1.0)
    tariff = solved(world, shock_of(world, tariff=size))
    quota = solved(world, with_wedge(world, rationing=size, rent_to_importer=np.ones_like(size)))
    np.testing.assert_allclose(quota.labour_income_hat, tariff.labour_income_hat, rtol=SOLVED)
    np.testing.assert_allclose(welfare_hat(world, quota), welfare_hat(world, tariff), rtol=SOLVED)
    np.testing.assert_allclose(quota.rents, tariff.tariff_revenue, rtol=1e-8)
    np.testing.assert_allclose(quota.tariff_revenue, 0.0, atol=1e-12)


def test_a_rent_the_exporter_keeps_is_an_export_tax() -> None:
    world = economy(0)
    size = np.random.default_rng(4).uniform(0, 0.4, size=world.trade.shape) * everywhere(world, 1.0)
    quota = solved(world, with_wedge(world, rationing=size))
    tax = solved(world, with_wedge(world, export_tax=size))
    np.testing.assert_allclose(quota.labour_income_hat, tax.labour_income_hat, rtol=SOLVED)
    np.testing.assert_allclose(welfare_hat(world, quota), welfare_hat(world, tax), rtol=SOLVED)
    np.testing.assert_allclose(quota.rents, tax.rents, rtol=1e-8)


def test_a_tax_on_all_exports_is_a_tax_on_all_imports() -> None:
    """Lerner (1936): with balanced trade the two are the same policy of one country."""
    world = economy(0, tariffs=False, balanced=True)
    abroad, size = everywhere(world, 1.0), 0.25
    imports, exports = np.zeros_like(abroad), np.zeros_like(abroad)
    imports[:, 2], exports[2] = size * abroad[:, 2], size * abroad[2]
    a = solved(world, shock_of(world, tariff=imports))
    b = solved(world, with_wedge(world, export_tax=exports))
    np.testing.assert_allclose(welfare_hat(world, b), welfare_hat(world, a), rtol=SOLVED)
    np.testing.assert_allclose(b.expenditure_share, a.expenditure_share, rtol=1e-7)


def test_who_keeps_the_rent_decides_who_pays() -> None:
    """The holder is better off holding it, and everyone loses where it is burned."""
    world = economy(0, tariffs=False, balanced=True)
    size = np.zeros(world.trade.shape)
    size[0, 1] = 0.3
    importer = solved(world, with_wedge(world, rationing=size, rent_to_importer=np.ones_like(size)))
    exporter = solved(world, with_wedge(world, rationing=size))
    burned = solved(world, shock_of(world, cost=1 + size))
    gain = lambda found: np.asarray(welfare_hat(world, found))
    assert gain(importer)[1] > gain(exporter)[1]
    assert gain(exporter)[0] > gain(importer)[0]
    assert gain(burned)[1] < gain(importer)[1] and gain(burned)[0] < gain(exporter)[0]


def test_every_wedge_at_once_adds_up() -> None:
    """Conservation: what purchasers pay is what producers, treasuries and rent holders get."""
    world, random = economy(0), np.random.default_rng(5)
    draw = lambda high: random.uniform(0, high, size=world.trade.shape) * everywhere(world, 1.0)
    shock = with_wedge(
        world, tariff=draw(0.5), export_tax=draw(0.3), rationing=draw(0.4),
        rent_to_importer=random.uniform(size=world.trade.shape),
        allowed=1.0 - (draw(1.0) > 0.9), trade_cost_hat=1 + draw(0.2),
    )  # fmt: skip
    found = solved(world, shock)
    paid = float(found.purchases.sum())
    got = float(found.trade.sum() + found.tariff_revenue.sum() + found.rents.sum())
    assert paid == pytest.approx(got, rel=1e-12)
    income = (
        found.labour_income_hat * world.value_added
        + found.tariff_revenue
        + found.rents
        + world.deficit
    )
    np.testing.assert_allclose(found.income, income, rtol=1e-9)


def test_a_prohibition_is_exactly_zero_and_the_limit_of_a_cost() -> None:
    """A large cost with a small elasticity still leaves trade: an embargo does not."""
    world = economy(0, tariffs=False, balanced=True)
    closed = np.ones(world.trade.shape)
    closed[0, 1], closed[1, 0] = 0.0, 0.0
    banned = solved(world, with_wedge(world, allowed=closed))
    assert float(banned.trade[0, 1].sum() + banned.trade[1, 0].sum()) == 0.0
    costly = solved(world, shock_of(world, cost=np.where(closed > 0, 1.0, PROHIBITIVE)))
    np.testing.assert_allclose(banned.labour_income_hat, costly.labour_income_hat, rtol=SOLVED)
    assert (np.asarray(welfare_hat(world, banned))[:2] < 1).all()


def test_where_nothing_is_traded_nothing_is_made_of_it() -> None:
    nothing, some = jnp.array([0.0, 4.0]), jnp.array([2.0, 2.0])
    np.testing.assert_allclose(_sourcing.power(nothing, jnp.asarray(-0.5)), [0.0, 0.5])
    np.testing.assert_allclose(_sourcing.ratio(some, nothing), [0.0, 0.5])
    np.testing.assert_allclose(_sourcing.log_or_zero(nothing), [0.0, np.log(4.0)])
