"""How large a mark-up is that cuts trade by a given part, in general equilibrium."""

import jax.numpy as jnp

from ..._core import SolveError, Status
from ...equilibrium import Wedged
from ...scenario import Scenario
from ...simulation import prepare
from ...world import Baseline
from ..markups import markup_that_cuts
from .threats import carried_out, Threat


def with_markup(baseline: Baseline, threat: Threat, scenario: Scenario, cut: float) -> Threat:
    """The threat with the one mark-up on all its flows that cuts their quantity by that part.

    Quantities are at baseline prices and against the scenario without the threat. Raises
    `SolveError` where no mark-up does it.
    """
    idle = threat.model_copy(update={"markup": 0.0})
    played = prepare(baseline, carried_out(idle, scenario))
    world = Wedged.of(
        played.economy, played.shock, played.closure, threat.cells(baseline)[None], threat.rent
    )
    before = float(jnp.exp(world.log_shipped(jnp.zeros(1)))[0])
    if not before > 0:
        raise SolveError(Status.STEPS.sentence)
    return threat.model_copy(update={"markup": markup_that_cuts(world, cut, before)})
