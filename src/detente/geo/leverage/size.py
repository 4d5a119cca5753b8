"""How large a mark-up is that cuts trade by a given part, in general equilibrium."""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float
from scipy.optimize import root_scalar

from ..._core import SolveError, Status
from ...ensemble import play_all
from ...equilibrium import Equilibrium
from ...scenario import Scenario
from ...world import Baseline, Economy
from .threats import carried_out, Threat


# Relative error of the quantity that counts as the cut that was asked for.
FOUND = 1e-9


def with_markup(baseline: Baseline, threat: Threat, scenario: Scenario, cut: float) -> Threat:
    """The threat with the one mark-up on all its flows that cuts their quantity by that part.

    Quantities are at baseline prices and against the scenario without the threat. The guess is the
    partial inverse, `1 + markup = (1 - cut)^(-1 / theta)`. Raises `SolveError` where no mark-up
    does it.
    """
    cells = threat.cells(baseline)
    before = _traded(baseline, scenario, cells)

    def missed(log_markup: float) -> float:
        sized = threat.model_copy(update={"markup": float(np.expm1(log_markup))})
        left = _traded(baseline, carried_out(sized, scenario), cells)
        return float(np.log(left / before / (1.0 - cut)))

    theta = float(np.mean(baseline.economy.trade_elasticity))
    guess = -np.log1p(-cut) / (1.0 + theta)
    found = root_scalar(missed, x0=guess, x1=1.1 * guess, method="secant", xtol=1e-12, maxiter=30)
    if not found.converged or not abs(missed(found.root)) <= FOUND:
        raise SolveError(f"no mark-up was found that cuts this trade by {100 * cut:g} %.")
    return threat.model_copy(update={"markup": float(np.expm1(found.root))})


def _traded(baseline: Baseline, scenario: Scenario, cells: Bool[np.ndarray, "o d s"]) -> float:
    """The quantity of those flows; what melts on the way counts as traded."""
    quantity = play_all(baseline, [scenario], shipped)[0]
    total = float(quantity[cells].sum())
    if not total > 0:
        raise SolveError(Status.STEPS.sentence)
    return total


def shipped(economy: Economy, found: Equilibrium) -> Float[Array, "o d s"]:
    """Quantities at baseline prices; not numbers where nothing was solved."""
    solved = found.status == Status.SOLVED.code
    return jnp.where(solved, found.trade / found.unit_cost_hat[:, None, :], jnp.nan)
