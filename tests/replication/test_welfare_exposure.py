"""Kleinman, Liu and Redding (2024): who gains from whose productivity, to first order.

44 economies of 2014 and one elasticity. Their matrices follow from shares by one inverse, with
trade balanced; the engine has the same as the derivative of its solution, by the implicit function
theorem.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array

from detente.equilibrium import (
    exposure_matrix,
    OneSectorExposure,
    solve,
    welfare_hat,
    without_deficits,
)
from detente.world import Economy, Shock

from .engine import armington


# Derivatives are solved to 1e-10 of their largest entry, and the largest here are about one. Many
# effects are below 1e-6, so the tolerance is absolute: a relative one would test their rounding.
AGREE = 1e-9

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def data(paper) -> dict[str, np.ndarray]:
    return dict(np.load(paper("kleinman_liu_redding") / "wiod2014_44.npz", allow_pickle=False))


@pytest.fixture(scope="module")
def world(data) -> Economy:
    return without_deficits(armington(data["X_raw"], float(data["theta"])))


@pytest.fixture(scope="module")
def closed_form(world: Economy, data) -> OneSectorExposure:
    return OneSectorExposure(np.asarray(world.trade)[:, :, 0], float(data["theta"]))


@pytest.fixture(scope="module")
def jacobian(world: Economy) -> tuple[np.ndarray, np.ndarray]:
    """Logs of incomes and of welfare by logs of costs, [affected, supplier, buyer]."""

    def after(log_cost: Array) -> tuple[Array, Array]:
        found = solve(world, Shock.of(world.tariff, jnp.exp(log_cost)[:, :, None]))
        return jnp.log(found.labour_income_hat), jnp.log(welfare_hat(world, found))

    incomes, welfare = jax.jit(jax.jacrev(after))(jnp.zeros(world.trade.shape[:2]))
    return np.asarray(incomes), np.asarray(welfare)


def test_exposure_to_productivity(jacobian, closed_form: OneSectorExposure) -> None:
    """Their matrices W and U: productivity cuts the cost of all that a country delivers, home too."""
    incomes, welfare = (-by_cost.sum(axis=2) for by_cost in jacobian)
    expected_incomes, expected_welfare = closed_form.to_productivity
    np.testing.assert_allclose(incomes, expected_incomes, atol=AGREE, rtol=0)
    np.testing.assert_allclose(welfare, expected_welfare, atol=AGREE, rtol=0)


def test_the_matrix_of_the_package_is_theirs(
    world: Economy, closed_form: OneSectorExposure
) -> None:
    expected = closed_form.to_productivity[1]
    np.testing.assert_allclose(exposure_matrix(world), expected, atol=AGREE, rtol=0)


def test_exposure_to_trade_costs(jacobian, closed_form: OneSectorExposure) -> None:
    """A cost of one unit between every two economies, each with its effect on all of them."""
    expected = np.zeros((2, *jacobian[0].shape))
    for pair in np.ndindex(closed_form.flows.shape):
        costs = np.zeros_like(closed_form.flows)
        costs[pair] = 1.0
        expected[:, :, *pair] = closed_form.to_costs(costs)
    np.testing.assert_allclose(jacobian[0], expected[0], atol=AGREE, rtol=0)
    np.testing.assert_allclose(jacobian[1], expected[1], atol=AGREE, rtol=0)
