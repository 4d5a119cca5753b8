"""The sectors a sender would choose: most loss to the target for a budget of loss to itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Bool, Float
from scipy.optimize import minimize
from scipy.stats import rankdata

from ..._core import ScenarioError, SolveError
from ...scenario import Scenario
from ...world import Baseline
from .leverage import name_of, nothing, solved
from .losses import rows_of, Sides
from .threats import carried_out, check, Threat
from .wedges import losses_and_slopes, Pressure, pressure, reachable


BUDGET = 0.01
"""Percent of the senders' real income: about what the boycott of 2017 was published to cost."""
CEILING = 1.0
"""The highest mark-up, 1 is 100 %: what is left of a flow then is 2^(-theta) of its share."""
MET = 1e-4
"""First-order conditions are met where no sector's slope misses by more than this part of it."""
_EDGE = 1e-6
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
    best = _search(_Search(world, open_to, np.asarray(slopes), most, np.log1p(ceiling)))
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
    return Cheapest(_ranked(rows), best.about(threat, setting, budget, ceiling, baseline))


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


def cheapness(target: np.ndarray, sender: np.ndarray) -> np.ndarray:
    """An order of sectors: those in which the sender gains come first, then by the ratio."""
    free = sender <= 0
    ratio = target / np.where(free, 1.0, sender)
    return np.where(target <= 0, -np.inf, np.where(free, np.inf, ratio))


@dataclass(frozen=True)
class _Search:
    world: Pressure
    open_to: Bool[np.ndarray, "w s"]
    slopes: Float[np.ndarray, "2 w s"]
    budget: float
    bound: float


@dataclass(frozen=True)
class _Found:
    log_markup: Float[np.ndarray, "w s"]
    losses: Float[np.ndarray, "2"]
    price: float
    """Loss to the target per loss to the senders at the margin."""
    miss: float

    def about(
        self, threat: Threat, setting: Scenario, budget: float, ceiling: float, baseline: Baseline
    ) -> dict[str, Any]:
        target, sender = -100 * np.expm1(-self.losses)
        return {
            "senders": list(threat.senders), "target": threat.target, "form": threat.form,
            "rent": threat.rent, "horizon": setting.horizon, "after": name_of(setting),
            "budget": budget, "ceiling": 100 * ceiling, "threat_loss": float(target),
            "self_cost": float(sender), "marginal_ratio": self.price,
            "first_order": self.miss, "baseline": baseline.name,
            "baseline_year": int(baseline.about.get("year", 0)),
            "unit": "percent of real income; slopes for a mark-up of 1 %; trade in million US$",
        }  # fmt: skip


def _search(search: _Search) -> _Found:
    """Sequential quadratic programming from where the first-order ranking points.

    Its variables are the parts of each flow that a mark-up cuts at given costs, `1 - exp(-theta
    x)`: both losses are nearly linear in them, and far from it in mark-ups.
    """
    valued = _Valued(search)
    limit = {
        "type": "ineq",
        "fun": lambda cut: 1.0 - valued.at(cut)[0][1],
        "jac": lambda cut: -valued.at(cut)[1][1],
    }
    highest = -np.expm1(-valued.theta * search.bound)
    found = minimize(
        lambda cut: -valued.at(cut)[0][0], _greedy(search, valued.theta, highest),
        jac=lambda cut: -valued.at(cut)[1][0], method="SLSQP",
        bounds=[(0.0, top) for top in highest], constraints=[limit],
        options={"maxiter": 200, "ftol": 1e-10},
    )  # fmt: skip
    cut = np.clip(found.x, 0.0, highest)
    losses, slopes = valued.at(cut)
    price, miss = _first_order(cut / highest, losses, slopes * highest)
    if not miss <= MET or losses[1] > 1.0 + MET:
        raise SolveError(
            f"no cheapest mark-ups were found: a first-order condition is missed by {miss:.1e}."
        )
    markup = np.zeros(search.open_to.shape)
    markup[search.open_to] = -np.log1p(-cut) / valued.theta
    return _Found(markup, losses * search.budget, price, miss)


class _Valued:
    """Both losses over the budget, and their derivatives, at parts cut; the last one is kept."""

    def __init__(self, search: _Search) -> None:
        self.search = search
        theta = np.asarray(search.world.economy.trade_elasticity)
        self.theta = np.broadcast_to(theta, search.open_to.shape)[search.open_to]
        self.known: tuple[bytes, tuple[np.ndarray, np.ndarray]] | None = None

    def at(self, cut: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if self.known is None or self.known[0] != cut.tobytes():
            self.known = (cut.tobytes(), self._evaluate(np.maximum(cut, 0.0)))
        return self.known[1]

    def _evaluate(self, cut: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        search = self.search
        markup = np.zeros(search.open_to.shape)
        markup[search.open_to] = -np.log1p(-cut) / self.theta
        losses, slopes, _ = losses_and_slopes(search.world, jnp.asarray(markup))
        if not np.isfinite(losses).all():
            raise SolveError("a world with these mark-ups was not found; try a lower ceiling.")
        by_cut = np.asarray(slopes)[:, search.open_to] / (self.theta * (1.0 - cut))
        return np.asarray(losses) / search.budget, by_cut / search.budget


def _greedy(search: _Search, theta: np.ndarray, highest: np.ndarray) -> Float[np.ndarray, " x"]:
    """Sector after sector at its ceiling, the best ratio first, until the budget is spent."""
    target, sender = search.slopes[:, search.open_to]
    left, start = search.budget, np.zeros(target.size)
    for at in np.argsort(-cheapness(target, sender), kind="stable"):
        cost = sender[at] / theta[at] * highest[at]
        if target[at] <= 0 or left <= 0:
            break
        start[at] = highest[at] if cost <= left else highest[at] * left / cost
        left -= cost
    return start


def _first_order(
    part: np.ndarray, losses: np.ndarray, slopes: np.ndarray
) -> tuple[float, float]:  # fmt: skip
    """The price of the budget, and the largest relative miss of a first-order condition.

    `part` is 0 where nothing is cut and 1 at the ceiling. In between the slopes of a sector have
    the ratio of that price; at the ceiling it is at least that, at zero at most.
    """
    target, sender = slopes
    empty, full = part <= _EDGE, part >= 1 - _EDGE
    inside = ~empty & ~full
    price = _price(target, sender, inside, full) if losses[1] >= 1.0 - _EDGE else 0.0
    gain = target - price * sender
    wrong = np.where(inside, np.abs(gain), np.where(empty, gain, -gain))
    return price, float(np.max(np.maximum(wrong, 0.0)) / np.max(np.abs(target)))


def _price(
    target: np.ndarray, sender: np.ndarray, inside: np.ndarray, full: np.ndarray
) -> float:  # fmt: skip
    """The least-squares multiplier of the budget over interior sectors, or the marginal one."""
    if inside.any():
        return float(target[inside] @ sender[inside] / (sender[inside] @ sender[inside]))
    costly = full & (sender > 0)
    return float(np.min(target[costly] / sender[costly])) if costly.any() else 0.0


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
