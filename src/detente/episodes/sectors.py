"""Which sectors a boycott would choose that hurts the target most for what it costs the sender."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Array, Float
from scipy.stats import rankdata

from ..closure import Closure
from ..equilibrium import Equilibrium, sensitivity, welfare_hat
from ..selection import sector_mask
from ..world import Baseline, Economy, Shock


class Welfare(eqx.Module):
    """Log welfare of one country, chosen by an array so that countries share a program."""

    country: Float[Array, " n"]

    def __call__(self, economy: Economy, found: Equilibrium) -> Float[Array, ""]:
        return self.country @ jnp.log(welfare_hat(economy, found))


def leverage_by_sector(
    baseline: Baseline, closure: Closure, sender: str, target: str
) -> pd.DataFrame:
    """To first order, by sector: both sides' loss from a 1 % cost on the sender's purchases.

    Percent of real income; `ratio` is the target's loss over the sender's.
    """
    o, d = baseline.country_index[target], baseline.country_index[sender]
    slopes = {code: _slope(baseline, closure, code)[o, d] for code in (target, sender)}
    rows = pd.DataFrame({"sector": baseline.sectors,
                         "target": -slopes[target], "sender": -slopes[sender]})  # fmt: skip
    return rows.assign(ratio=rows.target / rows.sender)


def rank_correlation(rows: pd.DataFrame, baseline: Baseline, hit: tuple[str, ...]) -> float:
    """Spearman's correlation of the leverage of sectors with whether they were hit."""
    chosen = sector_mask(baseline, hit)
    ranks = [rankdata(one) for one in (rows.ratio.to_numpy(), chosen.astype(float))]
    return float(np.corrcoef(ranks)[0, 1])


def _slope(baseline: Baseline, closure: Closure, code: str) -> np.ndarray:
    one = jnp.asarray(np.array([float(code == other) for other in baseline.countries]))
    none = Shock.none(baseline.economy)
    found = sensitivity(Welfare(one), baseline.economy, none, closure)
    return np.asarray(jax.device_get(found.shock.trade_cost_hat))
