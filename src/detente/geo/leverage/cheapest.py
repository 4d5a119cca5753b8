"""The sectors a sender would choose: most loss to the target for a budget of loss to itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Bool, Float
from scipy.stats import rankdata

from ..._core import ScenarioError
from ..._ratios import SureRatio
from ...about import About
from ...ensemble import affordable
from ...policy import Policy, Rationing
from ...scenario import Scenario, with_policies
from ...world import Baseline
from .intervals import drivers_frame, ends_of
from .leverage import name_of, nothing, solved
from .losses import rows_of, Sides
from .optimum import cheapness, Optimum, optimum, Search
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
    about: About
    """Both losses of the optimum; with draws, `_low` and `_high` of them, its mark-ups held."""
    drivers: pd.DataFrame
    """The assumptions that move both losses of the optimum most, drawn alone."""


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
    `about` says how nearly. Intervals hold its mark-ups, so in a draw the senders may lose more or
    less than the budget; they are over the draws that `after` asks for, on a large world if it says
    how many. Raises `SolveError` where first-order conditions do not hold.
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
    drawn, drivers = _drawn(baseline, threat, setting, best.log_markup, progress)
    about = About.on(baseline, setting, **_terms(best, threat, setting, budget, ceiling), **drawn)
    return Cheapest(_ranked(rows), about, drivers_frame(drivers, labels=()))


def held(
    baseline: Baseline, threat: Threat, setting: Scenario, log_markup: Float[np.ndarray, "w s"]
) -> Scenario:
    """The setting with those mark-ups in force, by direction and sector."""
    added: dict[str, Policy] = {}
    for (name, (exporters, importers)), row in zip(
        threat.directions.items(), log_markup, strict=True
    ):
        for at in np.flatnonzero(row > 0):
            sector = baseline.sectors[at]
            added[f"{name} {sector}"] = Rationing(
                exporters=exporters, importers=importers, sectors=(sector,),
                markup=SureRatio(np.expm1(row[at])), rent=threat.rent,
            )  # fmt: skip
    return with_policies(setting, added)


def _drawn(
    baseline: Baseline, threat: Threat, setting: Scenario, log_markup: Float[np.ndarray, "w s"],
    progress: Callable[[str], None],
) -> tuple[dict[str, Any], list[dict[str, Any]]]:  # fmt: skip
    """The ends of both losses and what moves them; nothing without draws."""
    asked = affordable(setting, baseline)
    if not asked.draws:
        return {"draws": 0, "draws_left_out": setting.uncertainty.draws > 0}, []
    sides = Sides.of(baseline, threat.senders, threat.target)
    around = setting.model_copy(update={"uncertainty": asked})
    worlds = [around, held(baseline, threat, around, log_markup)]
    names = ("threat_loss", "self_cost")

    def headlines(welfare: Float[np.ndarray, "d p n"]) -> Float[np.ndarray, "d h"]:
        return -100 * np.expm1(-_fall(welfare[:, 0] - welfare[:, 1], sides))

    drawn = ends_of(baseline, worlds, names, headlines, progress)
    ends = {
        f"{name}_{end}": float(values[at])
        for end, values in (("low", drawn.low), ("high", drawn.high))
        for at, name in enumerate(names)
    }
    return drawn.about | ends, drawn.drivers


def _fall(fall: Float[np.ndarray, "d n"], sides: Sides) -> Float[np.ndarray, "d h"]:
    """Falls of log welfare of the target and of the senders, weighted by income as the optimum."""
    weight = np.stack([sides.target, sides.senders]) * sides.income
    return fall @ (weight / weight.sum(axis=1, keepdims=True)).T


def rank_correlation(rows: pd.DataFrame, hit: tuple[str, ...], by: str = "rank") -> float:
    """Spearman's correlation of a column, the best rank highest, with whether a sector was hit.

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


def _terms(
    best: Optimum, threat: Threat, setting: Scenario, budget: float, ceiling: float
) -> dict[str, Any]:
    target, sender = -100 * np.expm1(-best.losses)
    return {
        "senders": list(threat.senders), "target": threat.target, "form": threat.form,
        "rent": threat.rent, "after": name_of(setting),
        "budget": budget, "ceiling": 100 * ceiling, "threat_loss": float(target),
        "self_cost": float(sender), "marginal_ratio": best.price, "first_order": best.miss,
        "unit": "percent of real income; slopes for a mark-up of 1 %; trade in million US$",
    }  # fmt: skip
