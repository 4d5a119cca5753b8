"""A boycott as the worst that a side expects: purchases held back until they fall by a part."""

import jax.numpy as jnp
import numpy as np
from scipy.optimize import root_scalar

from .._core import ScenarioError
from ..equilibrium import solve
from ..policy import Rationing
from ..scenario import compile_shock, Scenario
from ..selection import flows, Names
from ..simulation import prepare
from ..world import Baseline


FALL = 0.483
"""Chinese visitors to South Korea, 2017 over 2016 (Korea Tourism Organization, by Xinhua, 2018)."""
SECTORS: Names = ("TOU", "AVP", "CUL")
"""Travel, audiovisual and culture: what was held back in 2017; names of groups in full worlds."""
_LARGEST = 5.0


def with_boycott(
    scenario: Scenario,
    baseline: Baseline,
    sender: str,
    target: str,
    *,
    sectors: Names = SECTORS,
    fall: float = FALL,
) -> Scenario:
    """The scenario with a boycott on top: `sender` buys less of `target` by that part, in quantity.

    The mark-up that brings it about is found at the scenario's horizon; nobody keeps its rent.
    Raises `ScenarioError` where nothing is bought, so that nothing can be held back.
    """
    played = prepare(baseline, scenario)
    cells = flows(baseline, (target,), (sender,), sectors)
    before = np.where(cells, np.asarray(played.economy.trade), 0.0).sum()
    if before <= 0:
        raise ScenarioError(
            f"{sender} buys nothing of {', '.join(sectors)} from {target} in {baseline.name}, "
            "so there is nothing to hold back."
        )

    def missed(log_factor: float) -> float:
        markup = float(np.expm1(log_factor))
        changed = _with(scenario, sender, target, sectors, markup)
        found = solve(played.economy, compile_shock(changed, played.baseline), played.closure)
        quantity = found.trade / found.unit_cost_hat[:, None, :]
        return float(jnp.where(jnp.asarray(cells), quantity, 0.0).sum()) / before - (1.0 - fall)

    factor = root_scalar(missed, bracket=(0.0, _LARGEST), xtol=1e-10, rtol=1e-10).root
    return _with(scenario, sender, target, sectors, float(np.expm1(factor)))


def _with(scenario: Scenario, sender: str, target: str, sectors: Names, markup: float) -> Scenario:
    held_back = Rationing(
        importers=(sender,), exporters=(target,), sectors=sectors, markup=markup, rent="nobody"
    )
    return scenario.model_copy(update={"policies": {**scenario.policies, "boycott": held_back}})
