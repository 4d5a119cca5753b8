"""How large a mark-up is that cuts trade by a given part, in general equilibrium."""

import jax.numpy as jnp

from .._core import SolveError
from ..equilibrium import seek, Wedged


def markup_that_cuts(world: Wedged, cut: float, before: float) -> float:
    """The one mark-up under which that part of a quantity is gone, of so much before.

    Raises `SolveError` where no mark-up does it, as where more than that is gone without one.
    """
    log_kept = jnp.log1p(-jnp.array([cut]))
    wanted = jnp.log(before) + log_kept
    sought = seek(world.log_shipped, wanted, world.at_given_prices(log_kept))
    markup = float(jnp.expm1(sought.log_wedge[0]))
    if not sought.found or markup < 0:
        raise SolveError(f"no mark-up was found that cuts this trade by {100 * cut:g} %.")
    return markup
