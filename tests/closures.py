"""The closures by name on worlds of 5 countries and 3 sectors, the shocks that they are tried on,
and a solve that trusts nothing.

One neutral value for every wedge (`every_wedge`, `only`) keeps all shocks in one structure, so that
a closure is compiled once for most of what the tests ask of it.
"""

import functools
from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from detente._core import Status
from detente.closure import Closure, Nests, ProducedCapital, WageFloor
from detente.equilibrium import certify, Equilibrium, in_steady_state, solve
from detente.world import Economy, Shock

from .worlds import economy


# Solved to a relative residual of 1e-10; wages, prices and welfare inherit a small multiple of it.
SOLVED = 2e-9
# Flows move with prices to the power of the elasticity, here at most 16.
FLOWS = 1e-7
# The certificate recomputes the conditions from levels; a solution is within this everywhere.
CERTIFIED = 1e-9
# With large economies of scale a sector may close: what the solver leaves of it, e^-32, is
# compared by the certificate with 1e-6 of a market.
CLOSED_DOWN, NEARLY_NOTHING = 1e-7, 1e-8

WEDGES = ("tariff", "trade_cost_hat", "allowed", "export_tax", "rationing", "rent_to_importer",
          "taste_hat")  # fmt: skip
ABROAD = (1.0 - np.eye(5))[:, :, None] * np.ones((5, 5, 3))


def number(value: float) -> jax.Array:
    """With a type of its own: one that gives way to others is traced once more."""
    return jnp.array(value, float)


def nests(theta: jax.Array) -> Nests:
    """Two groups of close substitutes where buyers compare two origins in two of three sectors.

    The second sector's second group has no member, so an empty branch is in every test. Elasticities
    differ at every level, so that a level taken for another shows.
    """
    member = np.zeros((2, 5, 3))
    member[0] = 1.0
    member[:, [0, 2], 0] = member[:, [1, 2], 2] = [[0.0], [1.0]]
    return Nests(0.5 * theta, jnp.asarray(member), jnp.stack([1.2 * theta, 2.0 * theta]))


def uniform_nests(theta: jax.Array) -> Nests:
    """Three levels of one elasticity, which is no nests at all."""
    return replace(nests(theta), home_elasticity=theta, elasticity=jnp.stack([theta, theta]))


def wage_floor(*lowest: float) -> WageFloor:
    """Wages that may fall by as much as this; two of five currencies are pegged."""
    least = np.broadcast_to(np.log(lowest), 5)
    return WageFloor(jnp.asarray(least), number(1.0), jnp.asarray([0.0, 1.0, 0.0, 0.0, 1.0]))


def _table(theta: jax.Array) -> dict[str, Closure]:
    full, of = jnp.ones_like(theta), number
    return {
        "textbook": Closure(),
        "labour tied": Closure(labour_immobility=of(1.0)),
        "labour half tied": Closure(labour_immobility=of(0.5)),
        "scale": Closure(scale=0.5 * full),
        "scale, nearly free entry": Closure(scale=0.9 * full),
        "scale, free entry": Closure(scale=full),
        "fixed entry": Closure(profit_share=1.0 / (1.0 + theta)),
        "nests": Closure(nests=nests(theta)),
        "idle labour": Closure(of(0.8), labour_supply=of(0.4), wage_floor=wage_floor(0.97)),
        "deficits proportional": Closure(deficits="proportional"),
        "deficits of world saving": Closure(deficits="saving"),
        "deficits removed": Closure(deficits="removed"),
        "all at once": Closure(of(0.7), of([0.6, 0.0, 0.3]), of([0.1, 0.05, 0.15]), nests(theta), "proportional"),
    }  # fmt: skip


CLOSURES = tuple(_table(jnp.ones(3)))
# One of each structure, that is of each compiled program.
STRUCTURES = ("textbook", "labour half tied", "scale", "fixed entry", "nests", "idle labour",
              "deficits proportional", "deficits removed", "all at once")  # fmt: skip


def closure_of(name: str, world: Economy) -> Closure:
    return _table(world.trade_elasticity)[name]


def balanced_world(seed: int = 0, **kinds: bool) -> Economy:
    """Balanced to the last bit, so that a country cut off is not left with a deficit of rounding.

    Not symmetric, as sectors and pairs are not balanced. Flows are whole numbers, whose sums are
    exact; what a country sells too much of, the next one buys from it.
    """
    world = economy(seed, **kinds)
    trade = np.round(np.asarray(world.trade) * 2.0**20)
    deficit = trade.sum(axis=(0, 2)) - trade.sum(axis=(1, 2))
    ring = np.cumsum(deficit)
    origin = np.arange(5)
    trade[origin, (origin + 1) % 5, 2] += ring - ring.min()
    return eqx.tree_at(lambda old: old.trade, world, jnp.asarray(trade))


def only(world: Economy, **wedges: np.ndarray) -> Shock:
    """These wedges and no others, in the structure of `every_wedge`."""
    nothing, one = np.zeros(world.trade.shape), np.ones(world.trade.shape)
    neutral = dict(tariff=np.asarray(world.tariff), trade_cost_hat=one, allowed=one, export_tax=nothing,
                   rationing=nothing, rent_to_importer=nothing, taste_hat=one)  # fmt: skip
    return Shock(**{name: jnp.asarray(a) for name, a in (neutral | wedges).items()})


def every_wedge(world: Economy, seed: int = 5) -> Shock:
    """All wedges at once, different on every flow, two pairs of countries cut off in one sector."""
    random = np.random.default_rng(seed)
    draw = lambda high: random.uniform(0, high, size=world.trade.shape) * ABROAD
    allowed = np.ones(world.trade.shape)
    allowed[0, 1, 0] = allowed[3, 2, 2] = 0.0
    return only(
        world, tariff=draw(0.5), export_tax=draw(0.3), rationing=draw(0.4), allowed=allowed,
        rent_to_importer=draw(1.0), trade_cost_hat=np.exp(random.normal(0, 0.2, allowed.shape)),
        taste_hat=np.exp(random.normal(0, 0.3, allowed.shape) * ABROAD),
    )  # fmt: skip


# Flows that a ban hides, none of them a whole group of close substitutes.
HIDDEN = ((0, 1, 0), (3, 2, 2), (2, 4, 1))


def with_bans(*where: tuple) -> Economy:
    """A world whose statistics have zeros in these places, because of bans."""
    full = economy(0)
    trade = np.asarray(full.trade).copy()
    for place in where or HIDDEN:
        trade[place] = 0.0
    return Economy(
        jnp.asarray(trade), full.tariff, full.input_share, full.trade_elasticity, full.trade
    )


def costs(world: Economy, seed: int = 1) -> Shock:
    """Tariffs and trade costs alone: wedges that are left out take another path through the code."""
    random = np.random.default_rng(seed)
    tariff = random.uniform(0, 0.5, size=world.trade.shape) * ABROAD
    cost = np.exp(random.normal(scale=0.3, size=world.trade.shape) * ABROAD)
    return Shock.of(jnp.asarray(tariff), jnp.asarray(cost))


def prohibited(world: Economy, *where: tuple) -> Shock:
    allowed = np.ones(world.trade.shape)
    for place in where:
        allowed[place] = 0.0
    return only(world, allowed=allowed)


def autarky(world: Economy, country: int) -> Shock:
    away = np.delete(np.arange(5), country)
    return prohibited(world, (country, away), (away, country))


def status(found: Equilibrium) -> Status:
    return Status.of(int(found.status))


def certifiable(world: Economy, found: Equilibrium) -> float:
    left = np.asarray(found.output) / np.where(world.output > 0, world.output, 1.0)
    return CLOSED_DOWN if left[np.asarray(world.output) > 0].min() < NEARLY_NOTHING else CERTIFIED


def solved(world: Economy, shock: Shock, closure: Closure = Closure()) -> Equilibrium:  # noqa: B008
    """A solution that an independent account agrees with, and without a number missing."""
    found = solve(world, shock, closure)
    assert status(found) is Status.SOLVED, (status(found), float(found.residual))
    assert certify(world, shock, found, closure).largest < certifiable(world, found)
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(found))
    return found


# With free entry a sector's size is barely pinned down: errors of 1e-10 in its sales come back
# a few hundred times larger.
BARELY_PINNED = {"scale, free entry": 1e-6, "scale, nearly free entry": 2e-8}
Case = tuple[Economy, Shock, Closure, Equilibrium]


def within(closure: str) -> float:
    return BARELY_PINNED.get(closure, SOLVED)


# Unbalanced worlds show deficits, balanced ones solve where fixed surpluses could not be earned;
# shocks with parts left out take another path through the code than the same at neutral values.
CASES = {
    "costs": lambda: (economy(0), costs(economy(0))),
    "every wedge": lambda: (economy(0), every_wedge(economy(0))),
    "every wedge, balanced": lambda: (balanced_world(1), every_wedge(balanced_world(1), 6)),
    "boycott": lambda: (economy(2), only(economy(2), taste_hat=_boycott())),
    "produced capital": lambda: (_with_capital(economy(0)), every_wedge(economy(0), 4)),
}


def _with_capital(world: Economy) -> Economy:
    """Capital that is produced, of another share and another basket in every country."""
    random = np.random.default_rng(11)
    draw = lambda low, high, *shape: jnp.asarray(random.uniform(low, high, size=shape))
    made_of = draw(0.2, 0.6, 5, 3)
    return in_steady_state(
        world, ProducedCapital(draw(0.2, 0.4, 5), draw(0.03, 0.06, 5), number(0.04), made_of)
    )


def _boycott() -> np.ndarray:
    taste = np.ones((5, 5, 3))
    taste[1, 0], taste[2, 3, 1] = 0.3, 2.5
    return taste


@functools.cache
def case(closure: str, shock: str) -> Case:
    world, change = CASES[shock]()
    rules = closure_of(closure, world)
    return world, change, rules, solved(world, change, rules)


def same(a: Equilibrium, b: Equilibrium, tolerance: float = SOLVED) -> None:
    for name in ("labour_income_hat", "sector_wage_hat", "price_hat", "income"):
        np.testing.assert_allclose(getattr(b, name), getattr(a, name), rtol=tolerance, err_msg=name)
    size = 1e-6 * float(a.expenditure.min())
    np.testing.assert_allclose(b.trade, a.trade, rtol=50 * tolerance, atol=50 * tolerance * size)


def units(world: Economy, shock: Shock, closure: Closure) -> tuple[Economy, Shock, Closure]:
    return eqx.tree_at(lambda old: old.trade, world, world.trade * 130.0), shock, closure


def countries_as(
    world: Economy, shock: Shock, closure: Closure, take: np.ndarray, part: np.ndarray
) -> tuple[Economy, Shock, Closure]:
    """Countries in another order, or one in equal parts."""
    pairs = lambda a: a[take][:, take]
    size = jnp.asarray(part)
    moved = Economy(
        pairs(world.trade) * (size[:, None] * size[None, :])[:, :, None], pairs(world.tariff),
        world.input_share[take], world.trade_elasticity,
    )  # fmt: skip
    if closure.nests is not None:
        member = closure.nests.member[:, take]
        closure = replace(closure, nests=replace(closure.nests, member=member))
    if closure.wage_floor is not None:
        floor = jax.tree.map(lambda a: a[take] if a.ndim else a, closure.wage_floor)
        closure = replace(closure, wage_floor=floor)
    return moved, jax.tree.map(pairs, shock), closure


def sectors_as(
    world: Economy, shock: Shock, closure: Closure, take: np.ndarray, part: np.ndarray
) -> tuple[Economy, Shock, Closure]:
    """Sectors in another order, or one in equal parts."""
    size = jnp.asarray(part)
    last = lambda a: a[..., take] if a.ndim else a
    inputs = last(world.input_share)[:, take] * size[None, :, None]
    moved = Economy(
        last(world.trade) * size[None, None, :], last(world.tariff), inputs,
        last(world.trade_elasticity),
    )  # fmt: skip
    # A floor under wages is a country's, not a sector's.
    rules = jax.tree.map(last, replace(closure, wage_floor=None))
    return moved, jax.tree.map(last, shock), replace(rules, wage_floor=closure.wage_floor)


def in_autarky(world: Economy, closure: Closure, n: int) -> float:
    """Gains of one country alone: Galle, Rodriguez-Clare and Yi (2023), eq. 13, for horizons,
    Costinot and Rodriguez-Clare (2014), eq. 28 and section 5, for inputs, scale and fixed entry.

    Every sector sells what the country itself wants, and logs of prices are a linear system.
    """
    field = lambda value, size: np.zeros(size) if value is None else np.asarray(value)
    theta, gamma = np.asarray(world.trade_elasticity), np.asarray(world.input_share[n])
    alpha, output = np.asarray(world.final_share[n]), np.asarray(world.output[n])
    own = np.asarray(world.expenditure_share)[n, n]
    profit = np.minimum(field(closure.profit_share, 3), 1 - gamma.sum(axis=0))
    labour = 1 - gamma.sum(axis=0) - profit
    to_home = theta if closure.nests is None else np.asarray(closure.nests.home_elasticity)
    variety = field(closure.scale, 3) / theta
    # Wage one: sales in units of income, and the income that pays the labour there is.
    sales = np.linalg.solve(np.eye(3) - gamma, alpha)
    income = (labour * output).sum() / (labour * sales).sum()
    growth = np.log(sales * income / output)
    sector_wage = field(closure.labour_immobility, ()) * growth
    # log cost = labour part + inputs' price; log price = cost less variety over own share.
    weight = gamma / (1 - profit)
    least = -np.inf if closure.wage_floor is None else float(closure.wage_floor.lowest[n])
    supply = float(field(closure.labour_supply, ()))
    index = 0.0
    for _ in range(200 if supply else 1):
        # Labour income of one is paid for hours that follow the real wage.
        wage = np.maximum(sector_wage + supply / (1 + supply) * index, least)
        fixed = (1 + variety) * labour / (1 - profit) * wage - variety * growth
        pull = np.eye(3) - (1 + variety)[:, None] * weight.T
        index = alpha @ np.linalg.solve(pull, fixed - np.log(own) / to_home)
    return income / float(world.income[n]) / np.exp(index)


def log_price_index(world: Economy, closure: Closure, found: Equilibrium) -> np.ndarray:
    """The price index of the old tastes at the costs found, in logs."""
    share = np.asarray(world.expenditure_share)
    cost = np.asarray(found.unit_cost_hat)[:, None, :]
    theta = np.asarray(world.trade_elasticity)
    mean = lambda weight, price, elasticity: (
        (weight * price**-elasticity).sum(axis=0) ** (-1 / elasticity)
    )
    if closure.nests is None:
        return np.log(mean(share, cost, theta))
    member, among = np.asarray(closure.nests.member), np.asarray(closure.nests.elasticity)
    foreign = share * (1 - np.eye(5))[:, :, None]
    inside = np.einsum("ods,gos->gds", foreign, member)
    groups = [
        mean(np.where(size > 0, foreign * m[:, None] / np.where(size > 0, size, 1.0), 0.2), cost, e)
        for m, size, e in zip(member, inside, among, strict=True)
    ]
    abroad = inside.sum(axis=0)
    both = np.stack([1 - abroad, abroad])
    prices = np.stack([cost[:, 0], mean(inside / abroad, groups, theta)])
    return np.log(mean(both, prices, np.asarray(closure.nests.home_elasticity)))
