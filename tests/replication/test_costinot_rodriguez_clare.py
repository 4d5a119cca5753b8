"""Costinot and Rodriguez-Clare (2014), Handbook of International Economics 4: gains from trade.

34 countries and 31 sectors in 2008, without inputs. What a country loses in autarky follows from
its shares alone, so the closed form is the oracle, and the engine has to arrive at it by closing
every border. One sector is Arkolakis, Costinot and Rodriguez-Clare (2012); many sectors are the
handbook's extension of it, under perfect competition and with free entry (Krugman 1980).
"""

import jax.numpy as jnp
import numpy as np
import pytest

from detente.closure import Closure
from detente.equilibrium import welfare_hat, without_deficits
from detente.world import Economy, Shock

from .engine import real_wage_hat, solved, without_inputs


# Both sides are evaluated, not fitted: the engine's own tolerance is what separates them.
AGREE = 1e-10
# Where all sectors have one elasticity, the handbook and its data have 5.
ONE_ELASTICITY = 5.0
CASES = [
    ("one sector", "perfect"),
    ("many sectors", "perfect"),
    ("final demand", "perfect"),
    ("many sectors", "free entry"),
]

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def worlds(paper) -> dict[str, Economy]:
    data = np.load(paper("costinot_rodriguez_clare_2014") / "wiod2008_cr2014.npz")
    flows, theta = data["X"], data["epsilon"]
    spent = flows.sum(axis=0)
    # Sectors weighted by final demand, as in the handbook; origins within a sector as they are.
    weighted = flows / spent * data["beta"] * spent.sum(axis=1, keepdims=True)
    return {
        "one sector": without_inputs(flows.sum(axis=2, keepdims=True), np.array([ONE_ELASTICITY])),
        "many sectors": without_inputs(flows, theta),
        "final demand": without_inputs(weighted, theta),
    }


def closing_every_border(world: Economy) -> Shock:
    at_home = jnp.eye(world.trade.shape[0])[:, :, None] * jnp.ones_like(world.trade)
    return Shock(tariff=world.tariff, trade_cost_hat=jnp.ones_like(at_home), allowed=at_home)


def closure_of(competition: str, world: Economy) -> Closure:
    """No deficits: in autarky there is nobody to lend, not even what purging leaves of rounding."""
    economies = 1.0 if competition == "free entry" else 0.0
    return Closure(deficits="removed", scale=jnp.full(world.trade.shape[2], economies))


def left_in_autarky(world: Economy, competition: str) -> np.ndarray:
    """The handbook's closed form: own shares, and with entry the shift of labour between sectors.

    A sector's firms move with its labour, from its share in revenue to its share in expenditure.
    """
    theta = np.asarray(world.trade_elasticity)
    spent, sold = np.asarray(world.expenditure), np.asarray(world.output)
    own = np.einsum("nns->ns", np.asarray(world.trade)) / spent
    budget = spent / spent.sum(axis=1, keepdims=True)
    revenue = sold / sold.sum(axis=1, keepdims=True)
    entry = budget / revenue if competition == "free entry" else 1.0
    return np.prod((own * entry) ** (budget / theta), axis=1)


@pytest.mark.parametrize(("name", "competition"), CASES)
def test_real_wages_in_autarky_have_the_closed_form(
    worlds: dict[str, Economy], name: str, competition: str
) -> None:
    """At the shares of the data, deficits included: a wage buys what is made at home."""
    world = worlds[name]
    found = solved(world, closing_every_border(world), closure_of(competition, world))
    expected = left_in_autarky(world, competition)
    np.testing.assert_allclose(real_wage_hat(world, found), expected, rtol=AGREE)


@pytest.mark.parametrize(("name", "competition"), CASES)
def test_welfare_in_autarky_has_the_closed_form(
    worlds: dict[str, Economy], name: str, competition: str
) -> None:
    """At the shares of a world without deficits, where income is the wage and nothing else.

    The deficits go under perfect competition. With free entry that world has a corner: as returns
    to scale approach one, petroleum (elasticity 51) shuts down in several countries.
    """
    world = without_deficits(worlds[name], closure_of("perfect", worlds[name]))
    found = solved(world, closing_every_border(world), closure_of(competition, world))
    expected = left_in_autarky(world, competition)
    np.testing.assert_allclose(welfare_hat(world, found), expected, rtol=AGREE)
