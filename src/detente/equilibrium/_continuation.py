"""A part or a multiple of a shock: the same policies, not yet whole, or larger."""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from ..world import Economy, Shock


def part_of(shock: Shock, economy: Economy, part: Float[Array, ""]) -> Shock:
    """The shock at `part` of its size, 0 to 1: prices move in logs, the rest in levels.

    Exactly the shock at one, and exactly none at zero.
    """
    before = 1.0 + economy.tariff
    powered = lambda factor: jnp.exp(part * jnp.log(factor))
    rate = lambda value: None if value is None else powered(1.0 + value) - 1.0
    between = lambda new, old: None if new is None else old + part * (new - old)
    return Shock(
        tariff=before * powered((1.0 + shock.tariff) / before) - 1.0,
        trade_cost_hat=powered(shock.trade_cost_hat),
        allowed=1.0 - part * (1.0 - shock.allowed),
        export_tax=rate(shock.export_tax),
        rationing=rate(shock.rationing),
        rent_to_importer=shock.rent_to_importer,
        taste_hat=None if shock.taste_hat is None else powered(shock.taste_hat),
        productivity_hat=None
        if shock.productivity_hat is None
        else powered(shock.productivity_hat),
        opened=None if shock.opened is None else part * shock.opened,
        final_share=between(shock.final_share, economy.final_share),
        deficit=between(shock.deficit, economy.deficit),
    )


def resized(shock: Shock, economy: Economy, size: Float[Array, ""]) -> Shock:
    """The shock at a multiple of its size, more than one included; prohibitions stay whole.

    No more can be let in than all that a ban hides.
    """
    other = part_of(shock, economy, size)
    opened = None if other.opened is None else jnp.minimum(other.opened, 1.0)
    return replace(other, allowed=shock.allowed, opened=opened)
