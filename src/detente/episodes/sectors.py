"""Which sectors a boycott would choose that hurts the target most for what it costs the sender."""

import jax.numpy as jnp
import numpy as np
import pandas as pd

from ..closure import Closure
from ..world import Baseline
from .boycott import apply, boycott, Flow


COST = 0.01
"""A cost on the sender's purchases, burned; small, so that losses are nearly proportional to it."""


def leverage_by_sector(
    baseline: Baseline, closure: Closure, sender: str, target: str, horizon: str
) -> pd.DataFrame:
    """Both sides' loss, percent of real income, from a cost of 1 % on the purchases of one sector.

    `ratio` is the target's loss over the sender's: what a boycott does for what it costs;
    `direction` is that of a threat, to buy less.
    """
    place = [baseline.country_index[code] for code in (target, sender)]
    rows = []
    for sector in baseline.sectors:
        # Two wedges, one of them nothing, so that the program of every other boycott serves.
        flows = [Flow(target, sender, sector, 1.0)] * 2
        world = boycott(baseline, closure, "nobody", flows)
        held = apply(world, jnp.array([np.log1p(COST), 0.0]), horizon)
        rows.append((sector, *(-held.welfare[place]).tolist()))
    losses = pd.DataFrame(rows, columns=["sector", "target", "sender"])
    return losses.assign(ratio=losses.target / losses.sender, direction="buying")
