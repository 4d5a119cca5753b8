"""From partial effects to trade costs, to a shock, and to equilibrium with incomes given."""

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from .._core import EstimationError
from ..world import Economy, Shock


CLEARED = 1e-13
MOST_ROUNDS = 100_000


def ad_valorem_equivalent(effect: float, theta: float) -> float:
    """The ad valorem equivalent of a partial effect: exp(-effect / theta) - 1.

    The change of a cost that, like a tariff, would move trade by as much on its own. Head and Mayer
    (2014), section 4; `theta` is the trade elasticity, positive. -0.08 is a cost that falls by 8
    percent.
    """
    if not theta > 0:
        raise EstimationError(f"a trade elasticity must be positive, and {theta:g} is not.")
    return float(np.expm1(-effect / theta))


def ad_valorem_error(effect: float, standard_error: float, theta: float) -> float:
    """The standard error of the equivalent, theta known, by the delta method."""
    return float(standard_error / theta * (1.0 + ad_valorem_equivalent(effect, theta)))


def shock_of_effect(economy: Economy, log_effect: Float[np.ndarray, "o d s"]) -> Shock:
    """The change of real trade costs that alone would move the logs of flows by `log_effect`."""
    theta = np.asarray(economy.trade_elasticity)
    return Shock.of(economy.tariff, jnp.asarray(np.exp(-log_effect / theta)))


@dataclass(frozen=True)
class Conditional:
    """Flows, and the resistances behind them, where every output and expenditure is given."""

    flows: Float[np.ndarray, "o d"]
    seller: Float[np.ndarray, " o"]
    """Exporter effects: output over outward resistance, to the power of 1 - sigma."""
    buyer: Float[np.ndarray, " d"]
    """Importer effects; that of the reference country is 1."""


def conditional_equilibrium(
    ease: Float[np.ndarray, "o d"],
    output: Float[np.ndarray, " o"],
    spent: Float[np.ndarray, " d"],
    reference: int = 0,
) -> Conditional:
    """Structural gravity with outputs and expenditures given: X_od = seller_o ease_od buyer_d.

    `ease` is trade costs to the power of 1 - sigma. The guide's conditional general equilibrium
    (section 2.B): Poisson with exporter and importer effects makes fitted flows add up to
    the data (Fally 2015), so that its effects are these. Output and expenditure of the world must
    be equal.
    """
    if not np.isclose(output.sum(), spent.sum(), rtol=1e-8):
        raise EstimationError(
            f"the world's output ({output.sum():g}) and expenditure ({spent.sum():g}) differ."
        )
    if (ease.sum(axis=0) <= 0).any() or (ease.sum(axis=1) <= 0).any():
        raise EstimationError("a country that can trade with nobody, itself included, has no flow.")
    buyer = np.ones_like(spent)
    for _ in range(MOST_ROUNDS):
        seller = output / (ease @ buyer)
        last, buyer = buyer, spent / (seller @ ease)
        buyer = buyer / buyer[reference]
        if np.abs(buyer / last - 1.0).max() < CLEARED:
            break
    else:
        raise EstimationError(f"resistances did not settle in {MOST_ROUNDS} rounds.")
    seller = output / (ease @ buyer)
    return Conditional(seller[:, None] * ease * buyer, seller, buyer)


def price_change(before: Conditional, after: Conditional, sigma: float) -> Float[np.ndarray, " o"]:
    """Factory-gate prices, after over before, at given expenditure of the reference country.

    Exporter effects to the power of 1 / (1 - sigma): the guide's first step from conditional to
    full endowment general equilibrium.
    """
    return (after.seller / before.seller) ** (1.0 / (1.0 - sigma))
