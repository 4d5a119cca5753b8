"""The sectors a sender would choose: most loss to the target for a budget of loss to itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Bool
from scipy.stats import rankdata

from ..._core import ScenarioError
from ...scenario import Scenario
from ...world import Baseline
from .leverage import name_of, nothing, solved
from .losses import rows_of, Sides
from .optimum import cheapness, Found, optimum, Search
from .threats import carried_out, check, Threat
from .wedges import losses_and_slopes, pressure, reachable


BUDGET = 0.01
"""Percent of the senders' real income: about what the boycott of 2017 was published to cost."""
CEILING = 1.0
"""The highest mark-up, 1 is 100 %: what is left of a flow then is 2^(-theta) of its share."""
# The sectors that the literature names as hit in 2017, by the codes of the compact and full worlds.
HIT_2017 = (
    ("FOD", "TEX", "AUT", "TOU", "AVP", "CUL"),
    ("C10T12", "C13T15", "C29", "I", "J58T60", "R", "S", "T"),
)


@dataclass(frozen=True)
class Cheapest:
    """The sectors of a threat, first order, one by one, and as one optimum."""

    rows: pd.DataFrame
    """By direction and sector, the cheapest first: trade (million US$); slopes, percent of real
    income for a mark-up of 1 %; `closing_` losses of prohibiting it alone; `chosen`, percent."""
    about: dict[str, Any]


def cheapest(
    baseline: Baseline,
    threat: Threat,
    *,
    after: Scenario | None = None,
    budget: float = BUDGET,
    ceiling: float = CEILING,
    progress: Callable[[str], None] = lambda done: None,
) -> Cheapest:
    """Maximise L_target(x) subject to L_senders(x) <= budget and 0 <= x <= ln(1 + ceiling).

    `x` are log mark-ups by direction and sector; the threat's own size is not used. `budget` is in
    percent of the senders' real income. The optimum is local: first-order conditions hold, and
    `about` says how nearly. Raises `SolveError` where they do not.
    """
    check(threat, baseline)
    if not 0 < budget < 100 or not ceiling > 0:
        raise ScenarioError("a budget must be between 0 and 100 %, and a ceiling above zero.")
    setting = after or nothing()
    world = pressure(baseline, threat, setting)
    open_to = reachable(baseline, threat, world)
    progress("slopes at no threat")
    _, slopes, _ = losses_and_slopes(world, jnp.zeros(open_to.shape))
    progress("searching for the cheapest mark-ups")
    most = -np.log1p(-budget / 100)
    best = optimum(Search(world, open_to, np.asarray(slopes), most, np.log1p(ceiling)))
    progress("closing one sector at a time")
    rows = _closing(baseline, threat, setting, open_to)
    order = [(at // open_to.shape[1], at % open_to.shape[1]) for at in np.flatnonzero(open_to)]
    places = tuple(np.array(order).T)
    rows = rows.assign(
        trade=np.einsum("wod,ods->ws", world.direction, world.economy.trade)[places],
        target_slope=np.asarray(slopes)[0][places],
        sender_slope=np.asarray(slopes)[1][places],
        chosen=100 * np.expm1(best.log_markup)[places],
    )
    rows = rows.assign(slope_ratio=rows.target_slope / rows.sender_slope)
    return Cheapest(
        _ranked(rows), _about(best, threat, setting, budget, ceiling) | _where(baseline)
    )


def rank_correlation(rows: pd.DataFrame, hit: tuple[str, ...], by: str = "rank") -> float:
    """Spearman's correlation of cheapness, the best rank highest, with whether a sector was hit.

    Over the sectors of the senders' purchases: above zero, the model picks what was picked.
    """
    own = rows.loc[rows.direction == "buying"]
    value = -own[by] if by == "rank" else own[by]
    ranks = [rankdata(one) for one in (value, own.sector.isin(hit))]
    return float(np.corrcoef(ranks)[0, 1])


def hit_in_2017(baseline: Baseline) -> tuple[str, ...]:
    """The sectors that were hit, by the baseline's codes; none where it has others."""
    known = set(baseline.sectors)
    return next((codes for codes in HIT_2017 if known.issuperset(codes)), ())


def _closing(
    baseline: Baseline, threat: Threat, setting: Scenario, open_to: Bool[np.ndarray, "w s"]
) -> pd.DataFrame:
    """Both sides' exact losses from prohibiting the trade of one direction and sector alone."""
    worlds, labels = [setting], []
    for direction, name in enumerate(threat.directions):
        form = name.removeprefix("threat-")
        for at in np.flatnonzero(open_to[direction]):
            sector = baseline.sectors[at]
            alone = threat.model_copy(
                update={"form": form, "sectors": (sector,), "markup": None, "rent": "nobody"}
            )
            worlds.append(carried_out(alone, setting))
            labels.append({"direction": form, "sector": sector})
    sides = Sides.of(baseline, threat.senders, threat.target)
    rows = pd.DataFrame(rows_of(solved(baseline, worlds), sides, labels))
    kept = {"threat_loss": "closing_loss", "self_cost": "closing_cost", "ratio": "closing_ratio"}
    return rows.rename(columns=kept).reindex(columns=["direction", "sector", *kept.values()])


def _ranked(rows: pd.DataFrame) -> pd.DataFrame:
    order = cheapness(rows.target_slope.to_numpy(), rows.sender_slope.to_numpy())
    # Where the sender gains in several sectors, the one that hurts the target most is first.
    places = np.lexsort((-rows.target_slope.to_numpy(), -order))
    return rows.iloc[places].reset_index(drop=True).assign(rank=np.arange(1, len(rows) + 1))


def _about(
    best: Found, threat: Threat, setting: Scenario, budget: float, ceiling: float
) -> dict[str, Any]:
    target, sender = -100 * np.expm1(-best.losses)
    return {
        "senders": list(threat.senders), "target": threat.target, "form": threat.form,
        "rent": threat.rent, "horizon": setting.horizon, "after": name_of(setting),
        "budget": budget, "ceiling": 100 * ceiling, "threat_loss": float(target),
        "self_cost": float(sender), "marginal_ratio": best.price, "first_order": best.miss,
        "unit": "percent of real income; slopes for a mark-up of 1 %; trade in million US$",
    }  # fmt: skip


def _where(baseline: Baseline) -> dict[str, Any]:
    return {"baseline": baseline.name, "baseline_year": int(baseline.about.get("year", 0))}
