"""The engine as the replications call it: solved, and certified."""

import jax.numpy as jnp
import numpy as np

from detente._core import Status
from detente.closure import Closure
from detente.equilibrium import certify, Equilibrium, price_index_hat, solve
from detente.world import Economy, Shock


# The certificate recomputes what was solved to 1e-10 in other units; a small multiple is left.
CERTIFIED = 1e-9


def solved(world: Economy, shock: Shock, closure: Closure | None = None) -> Equilibrium:
    closure = Closure() if closure is None else closure
    found = solve(world, shock, closure)
    assert Status.of(int(found.status)) is Status.SOLVED
    assert certify(world, shock, found, closure).largest < CERTIFIED
    return found


def without_inputs(
    flows: np.ndarray, theta: np.ndarray, tariff: np.ndarray | None = None
) -> Economy:
    """A world in which labour alone produces; flows [origin, destination, sector]."""
    countries, _, sectors = flows.shape
    return Economy(
        trade=jnp.asarray(flows),
        tariff=jnp.zeros(flows.shape) if tariff is None else jnp.asarray(tariff),
        input_share=jnp.zeros((countries, sectors, sectors)),
        trade_elasticity=jnp.asarray(theta),
    )


def armington(flows: np.ndarray, theta: float) -> Economy:
    """One sector of flows [origin, destination], without tariffs."""
    return without_inputs(flows[:, :, None], np.array([theta]))


def new_tariff(world: Economy, tariff: np.ndarray) -> Shock:
    return Shock.of(jnp.asarray(tariff), jnp.ones_like(world.trade))


def real_wage_hat(world: Economy, found: Equilibrium) -> np.ndarray:
    return np.asarray(found.labour_income_hat / price_index_hat(world, found))
