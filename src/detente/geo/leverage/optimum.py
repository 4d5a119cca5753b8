"""The optimum: the most loss for a budget of self-cost, by sequential quadratic programming."""

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float
from scipy.optimize import minimize

from ..._core import SolveError
from .wedges import losses_and_slopes, Pressure


MET = 1e-4
"""First-order conditions are met where no sector's slope misses by more than this part of it."""
_EDGE = 1e-6
_TRIES = 5


@dataclass(frozen=True)
class Search:
    world: Pressure
    open_to: Bool[np.ndarray, "w s"]
    slopes: Float[np.ndarray, "2 w s"]
    budget: float
    bound: float


@dataclass(frozen=True)
class Optimum:
    log_markup: Float[np.ndarray, "w s"]
    losses: Float[np.ndarray, "2"]
    price: float
    """Loss to the target per loss to the senders at the margin."""
    miss: float


def optimum(search: Search) -> Optimum:
    """Sequential quadratic programming from where the first-order ranking points.

    Its variables are the parts of each flow that a mark-up cuts at given costs, `1 - exp(-theta
    x)`, each counted in what it costs at first: both losses are nearly linear in them, and as
    steep in one as in another. A search that rounding has stopped goes on from where it is.
    """
    valued = _Valued(search)
    highest = -np.expm1(-valued.theta * search.bound)
    cut, missed = _greedy(search, valued.theta, highest), ""
    for _ in range(_TRIES):
        cut = _searched(valued, cut, highest)
        losses, slopes = valued.at(cut)
        price, miss = _first_order(cut / highest, losses, slopes * highest)
        missed = _missed(miss, losses[1] - 1.0)
        if not missed:
            return Optimum(_markup(valued, cut), losses * search.budget, price, miss)
    raise SolveError(f"no cheapest mark-ups were found: {missed}.")


def _missed(miss: float, over: float) -> str:
    """What an optimum still lacks, in words; nothing where it is met."""
    if not over <= MET:
        return f"the budget is exceeded by {over:.1%}"
    return "" if miss <= MET else f"a first-order condition is missed by {miss:.1e}"


def _markup(valued: "_Valued", cut: np.ndarray) -> Float[np.ndarray, "w s"]:
    markup = np.zeros(valued.search.open_to.shape)
    markup[valued.search.open_to] = -np.log1p(-cut) / valued.theta
    return markup


def _searched(valued: "_Valued", start: np.ndarray, highest: np.ndarray) -> np.ndarray:
    """Parts cut where one search from `start` ends, met or not."""
    target, sender = np.abs(valued.at(np.zeros_like(start))[1])
    price = np.max(target) / np.max(sender)
    steep = np.maximum(sender, target / price)
    steep = np.maximum(steep, _EDGE * steep.max())
    limit = {
        "type": "ineq",
        "fun": lambda cost: 1.0 - valued.at(cost / steep)[0][1],
        "jac": lambda cost: -valued.at(cost / steep)[1][1] / steep,
    }
    end = minimize(
        lambda cost: -valued.at(cost / steep)[0][0] / price, start * steep,
        jac=lambda cost: -valued.at(cost / steep)[1][0] / (price * steep), method="SLSQP",
        bounds=[(0.0, top) for top in highest * steep], constraints=[limit],
        options={"maxiter": 200, "ftol": 1e-10},
    )  # fmt: skip
    return np.clip(end.x / steep, 0.0, highest)


class _Valued:
    """Both losses over the budget, and their derivatives, at parts cut; the last one is kept."""

    def __init__(self, search: Search) -> None:
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
        markup = jnp.asarray(_markup(self, cut))
        losses, slopes, _ = losses_and_slopes(search.world, markup)
        if not np.isfinite(losses).all():
            raise SolveError("a world with these mark-ups was not found; try a lower ceiling.")
        by_cut = np.asarray(slopes)[:, search.open_to] / (self.theta * (1.0 - cut))
        return np.asarray(losses) / search.budget, by_cut / search.budget


def _greedy(search: Search, theta: np.ndarray, highest: np.ndarray) -> Float[np.ndarray, " x"]:
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


def cheapness(target: np.ndarray, sender: np.ndarray) -> np.ndarray:
    """An order of sectors: those in which the sender gains come first, then by the ratio."""
    free = sender <= 0
    ratio = target / np.where(free, 1.0, sender)
    return np.where(target <= 0, -np.inf, np.where(free, np.inf, ratio))
