"""How large a mark-up is that cuts trade by a given part, in general equilibrium."""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from ..._core import SolveError, Status
from ...ensemble import play_all
from ...equilibrium import Equilibrium
from ...scenario import Scenario
from ...world import Baseline, Economy
from ..markups import markup_that_cuts
from .threats import carried_out, Threat


def with_markup(baseline: Baseline, threat: Threat, scenario: Scenario, cut: float) -> Threat:
    """The threat with the one mark-up on all its flows that cuts their quantity by that part.

    Quantities are at baseline prices and against the scenario without the threat. Raises
    `SolveError` where no mark-up does it.
    """
    cells = threat.cells(baseline)
    before = _traded(baseline, scenario, cells)

    def left(markup: float) -> float:
        sized = threat.model_copy(update={"markup": markup})
        return _traded(baseline, carried_out(sized, scenario), cells) / before

    theta = float(np.mean(baseline.economy.trade_elasticity))
    return threat.model_copy(update={"markup": markup_that_cuts(cut, left, theta)})


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
