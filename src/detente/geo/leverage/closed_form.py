"""Threat loss in closed form, with wages and foreign costs fixed; and an index of power.

What a target loses when origins stop selling to it, by how much is bought from them and how hard
they are to replace. Nothing else moves: no wage gives way, no supplier abroad becomes dearer, and
nothing is lost by exporters. So it is a yardstick beside the exact loss, never a part of it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from ..._core import ScenarioError
from ...adjustment import with_horizon
from ...scenario import Scenario
from ...selection import country_mask, sector_mask
from ...simulation import with_elasticities
from ...world import Baseline, Economy
from .threats import Threat


# Prices with wages fixed are a contraction: this many rounds leave less than the rounding.
_ROUNDS = 500


@dataclass(frozen=True)
class ClosedForm:
    """L of the target, in log points, under three readings of what is fixed."""

    face: float
    """Every unit cost is fixed: final goods alone."""
    look_through: float
    """Home costs rise with the inputs, to first order in them: `psi` weights."""
    wages_fixed: float
    """Home costs rise with the inputs, exactly; wages and foreign costs are fixed."""
    omega: Float[np.ndarray, " s"]
    """Share of the withdrawn origins in what the target spends on each sector."""
    psi: Float[np.ndarray, " s"]
    """Look-through weight of each sector: final use and, through home production, inputs."""


def closed_form(economy: Economy, target: int, withdrawn: Float[np.ndarray, "o s"]) -> ClosedForm:
    """The loss of a country when origins, one by sector where withdrawn, no longer sell to it.

    After Clayton, Maggiori and Schreger (NBER working paper 33309), in our notation:

        L = sum_s psi_s (1/theta_s) (-ln(1 - omega_s)),  psi = (I - diag(h/(1-omega)) G')^-T alpha

    with `h` the share bought at home, `G` the input shares of cost by input and user, `alpha` final
    shares. Convex in each omega: the last supplier matters most. Raises `ScenarioError` where a
    sector is left without any supplier.
    """
    share = np.asarray(economy.expenditure_share)[:, target, :]
    theta = np.asarray(economy.trade_elasticity)
    gamma = np.asarray(economy.input_share)[target]
    alpha = np.asarray(economy.final_share)[target]
    omega = (share * withdrawn).sum(axis=0)
    if (omega >= 1.0 - 1e-12).any():
        raise ScenarioError("a sector would be left without any supplier: its loss has no bound.")
    direct = -np.log1p(-omega) / theta
    home = share[target] / (1.0 - omega)
    through = np.eye(theta.size) - home[:, None] * gamma.T
    psi = np.linalg.solve(through.T, alpha)
    exact = _prices(omega, share[target], theta, gamma)
    return ClosedForm(float(alpha @ direct), float(psi @ direct), float(alpha @ exact), omega, psi)


def _prices(
    omega: Float[np.ndarray, " s"], home: Float[np.ndarray, " s"],
    theta: Float[np.ndarray, " s"], gamma: Float[np.ndarray, "k s"],
) -> Float[np.ndarray, " s"]:  # fmt: skip
    """Log price changes solving P^-theta = 1 - omega - h + h c^-theta with ln c = G' ln P."""
    price = -np.log1p(-omega) / theta
    for _ in range(_ROUNDS):
        cost = gamma.T @ price
        moved = -np.log(1.0 - omega - home + home * np.exp(-theta * cost)) / theta
        if np.abs(moved - price).max() < 1e-15:
            break
        price = moved
    return price


def international_power(
    economy: Economy, holder: int, other: int, sectors: Float[np.ndarray, " s"]
) -> float:
    """Power of one country over another, percent: an index, not a loss.

    Asymmetric import dependence weighted inversely by trade elasticities, after Liu and Yang (NBER
    working paper 34006). Our form, with `m_ij,k` imports of i from j and `Y_i` final spending:

        P_ij = sum_k (1/sigma_k) (m_ij,k / Y_i - m_ji,k / Y_j),   sigma_k = 1 + theta_k

    where i is the other country and j the holder.
    """
    weight = sectors / (1.0 + np.asarray(economy.trade_elasticity))
    bought, income = np.asarray(economy.purchases), np.asarray(economy.income)
    dependence = lambda buyer, seller: (weight * bought[seller, buyer]).sum() / income[buyer]
    return float(100 * (dependence(other, holder) - dependence(holder, other)))


def beside(baseline: Baseline, threat: Threat, setting: Scenario) -> dict[str, Any]:
    """The yardsticks for a threat to stop selling, at the elasticities of a horizon, percent.

    They are of the baseline's own world: a scenario gives its elasticities and horizon, and what
    it has in force is left out.
    """
    world = with_horizon(
        with_elasticities(baseline, setting.elasticities), setting.adjustment, setting.horizon
    )
    target = baseline.country_index[threat.target]
    senders = country_mask(baseline, threat.senders)
    sectors = sector_mask(baseline, threat.sectors).astype(float)
    yardsticks = closed_form(world.economy, target, senders[:, None] * sectors)
    power = sum(
        international_power(world.economy, int(at), target, sectors)
        for at in np.flatnonzero(senders)
    )
    return {
        "horizon": setting.horizon,
        "face": 100 * yardsticks.face,
        "look_through": 100 * yardsticks.look_through,
        "wages_fixed": 100 * yardsticks.wages_fixed,
        "international_power": power,
    }
