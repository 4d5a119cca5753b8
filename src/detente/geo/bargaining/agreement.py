"""The agreement: depths that maximise the Nash product of exact payoffs, with their certificate."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import minimize

from .talks import require_finite, slopes, Talks


Depths = Float[np.ndarray, " j"]
Objective = Callable[[Depths], tuple[float, Depths]]

# Of the Nash product's logarithm: a gradient this small moves no depth that is printed.
GRADIENT_TOLERANCE = 1e-8
# Of its value: a solved equilibrium leaves noise of that size, in which a line search gets lost.
_NOISE = 1e-11
_STEPS = 200
# Steps that a search keeps in mind: about as many as there are openings of goods.
_MEMORY = 32
# A depth this near to none or to the whole is that.
_EDGE = 1e-6
# Percent of real income: below this a joint gain is the solver's rounding.
NOTHING = 1e-7
# The logarithm is continued by a parabola below this part of the gain known to be possible.
_CONTINUED = 1e-3


@dataclass(frozen=True)
class Negotiation:
    """Two sides, what each has of openings, and what each has without them; percent of income."""

    talks: Talks
    players: Int[np.ndarray, " c"]
    """Positions of the sides among the countries."""
    cost: Float[np.ndarray, "c j"]
    """The political cost of each whole opening to each side."""
    bonus: Float[np.ndarray, " c"]
    """What an agreement of any depth is worth beside its openings: asks that are linked to it."""
    outside: Float[np.ndarray, " c"]
    """What each side has without an agreement."""
    power: Float[np.ndarray, " c"]
    own: Int[np.ndarray, " m"]
    """The openings that are talked about; the others stay as they are in `others`."""
    others: Depths

    def whole(self, own: Float[np.ndarray, " m"]) -> Depths:
        """The depths of all openings."""
        depth = self.others.copy()
        depth[self.own] = own
        return depth

    def surplus(
        self, own: Float[np.ndarray, " m"]
    ) -> tuple[Float[np.ndarray, " c"], Float[np.ndarray, "c m"]]:
        """What each side gains over its outside option, and the derivative to each depth."""
        depth = self.whole(own)
        value, slope = slopes(self.talks, jnp.asarray(depth), jnp.asarray(self.players))
        gained = require_finite(np.asarray(value))[self.players] - self.cost @ depth
        return gained + self.bonus - self.outside, (np.asarray(slope) - self.cost)[:, self.own]

    def gain(self, surplus: Float[np.ndarray, " c"]) -> Float[np.ndarray, " c"]:
        """The surplus as a gain over no opening and no ask, whatever the outside option is."""
        return surplus - self.surplus(np.zeros(self.own.size))[0] + self.bonus


@dataclass(frozen=True)
class Agreement:
    """What is agreed, and what shows that it is the best there is."""

    depth: Depths
    """Of all openings; zero where nothing is agreed."""
    surplus: Float[np.ndarray, " c"]
    """Percent of real income over the outside option."""
    slope: Float[np.ndarray, "c m"]
    """Of the surplus, to each depth that is talked about."""
    reached: bool
    """Whether any depth is worth more than the outside option to both."""
    projected_gradient: float
    """Of the log Nash product: how far a step along it would move a depth within its bounds."""
    starts: tuple[float, ...]
    """The log Nash product reached from each start."""


def agree(negotiation: Negotiation, start: Float[np.ndarray, " m"] | None = None) -> Agreement:
    """The depths that maximise `prod_c (dlnW_c(x) + g_c(x) - o_c)^eta_c` over `0 <= x <= 1`.

    From every start a quasi-Newton search with bounds and exact gradients; the best is kept. Where
    no depth is found that both prefer to none, nothing is agreed.
    """
    starts, least = _starts(negotiation, start)
    if least <= NOTHING:
        return _none(negotiation)
    objective = _log_nash(negotiation, _CONTINUED * least)
    ends = [climb(objective, one) for one in starts]
    values = tuple(objective(end)[0] for end in ends)
    own = ends[int(np.argmax(values))]
    surplus, slope = negotiation.surplus(own)
    if not (surplus > 0).all():
        return _none(negotiation)
    gradient = (negotiation.power / surplus) @ slope
    return Agreement(
        depth=negotiation.whole(own),
        surplus=surplus,
        slope=slope,
        reached=True,
        projected_gradient=projected(own, gradient),
        starts=values,
    )


def _starts(
    negotiation: Negotiation, known: Float[np.ndarray, " m"] | None
) -> tuple[list[Float[np.ndarray, " m"]], float]:
    """Where to search from, and the smaller surplus at depths that both prefer to none."""
    if known is not None:
        least = float(negotiation.surplus(known)[0].min())
        if least > NOTHING:
            # An agreement near by was searched for from afar.
            return [known], least
    common, least = acceptable(negotiation)
    return [common, np.ones_like(common), np.full_like(common, 0.5)], least


def _none(negotiation: Negotiation) -> Agreement:
    own = np.zeros(negotiation.own.size)
    _, slope = negotiation.surplus(own)
    nothing = np.zeros(negotiation.players.size)
    return Agreement(negotiation.whole(own), nothing, slope, False, 0.0, ())


def acceptable(negotiation: Negotiation) -> tuple[Float[np.ndarray, " m"], float]:
    """Depths whose smaller surplus is largest, and that surplus: above zero, both prefer them."""
    size = negotiation.own.size
    known: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}

    def surplus(own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        key = own.tobytes()
        if key not in known:
            known[key] = negotiation.surplus(own)
        return known[key]

    best, least = np.zeros(size), -np.inf
    for level in (1.0, 0.5):
        scale = max(float(np.abs(surplus(np.full(size, level))[0]).max()), NOTHING)
        end = minimize(
            lambda point: -point[-1],
            np.append(np.full(size, level), 0.0),
            jac=lambda point: np.append(np.zeros(size), -1.0),
            bounds=[(0.0, 1.0)] * size + [(None, None)],
            constraints={
                "type": "ineq",
                "fun": lambda point, unit=scale: surplus(point[:-1])[0] / unit - point[-1],
                "jac": lambda point, unit=scale: np.column_stack(
                    [surplus(point[:-1])[1] / unit, -np.ones(negotiation.players.size)]
                ),
            },
            method="SLSQP",
            options={"maxiter": 50, "ftol": 1e-9},
        )
        own = np.clip(end.x[:-1], 0.0, 1.0)
        smaller = float(surplus(own)[0].min())
        if smaller > least:
            best, least = own, smaller
        if least > NOTHING:
            break
    return best, least


def _log_nash(negotiation: Negotiation, floor: float) -> Objective:
    """The log Nash product, continued smoothly below the floor so that a search finds its way."""

    def value(own: np.ndarray) -> tuple[float, np.ndarray]:
        surplus, slope = negotiation.surplus(own)
        below = np.minimum(surplus - floor, 0.0) / floor
        kept = np.maximum(surplus, floor)
        logs = np.log(kept) + below - below**2 / 2
        steep = (1.0 - below) / kept
        return float(negotiation.power @ logs), (negotiation.power * steep) @ slope

    return value


def climb(objective: Objective, start: Float[np.ndarray, " m"]) -> Float[np.ndarray, " m"]:
    """The end of a projected quasi-Newton search upwards from a start."""

    def down(own: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = objective(own)
        return -value, -gradient

    end = minimize(
        down, start, jac=True, method="L-BFGS-B", bounds=[(0.0, 1.0)] * start.size,
        options={
            "maxiter": _STEPS, "maxcor": _MEMORY, "gtol": GRADIENT_TOLERANCE, "ftol": _NOISE,
        },
    )  # fmt: skip
    low = np.where(end.x < _EDGE, 0.0, end.x)
    return np.where(low > 1.0 - _EDGE, 1.0, low)


def best_for(
    negotiation: Negotiation, weight: Float[np.ndarray, " c"], start: Float[np.ndarray, " m"]
) -> Float[np.ndarray, " m"]:
    """The depths that maximise a weighted sum of the surpluses: a point of the frontier."""
    scale = float(np.abs(weight).max()) or 1.0

    def total(own: np.ndarray) -> tuple[float, np.ndarray]:
        surplus, slope = negotiation.surplus(own)
        # Hundredths of a percent are large here: the search stops on absolute gradients.
        return float(100 * weight @ surplus) / scale, 100 * (weight @ slope) / scale

    return climb(total, start)


def projected(own: Float[np.ndarray, " m"], gradient: Float[np.ndarray, " m"]) -> float:
    """The largest move of a depth by one step along the gradient, bounds kept."""
    return float(np.abs(np.clip(own + gradient, 0.0, 1.0) - own).max())


def nash_in_nash(
    deals: list[Negotiation], rounds: int = 30, tolerance: float = 1e-6
) -> tuple[list[Agreement], float]:
    """Each pair's agreement given the other's, and the last change of any depth.

    The fixed point of Horn and Wolinsky (1988): while one pair talks, the other's agreement
    stands, also for who walks out. Deals come with every other opening shut.
    """
    depth = np.zeros_like(deals[0].others)
    agreements: list[Agreement] = []
    change = np.inf
    for _ in range(rounds):
        before, starts, agreements = depth.copy(), agreements, []
        for position, deal in enumerate(deals):
            warm = depth[deal.own] if starts and starts[position].reached else None
            agreed = agree(beside(deal, depth), warm)
            agreements.append(agreed)
            depth = agreed.depth.copy()
        # One pair alone has nobody to wait for.
        change = float(np.abs(depth - before).max()) if len(deals) > 1 else 0.0
        if change <= tolerance:
            break
    return agreements, change


def beside(deal: Negotiation, depth: Depths) -> Negotiation:
    """The deal while the others' openings have that depth, its outside option moved with them."""
    shut = np.zeros(deal.own.size)
    others = depth.copy()
    others[deal.own] = 0.0
    moved = replace(deal, others=others).surplus(shut)[0] - deal.surplus(shut)[0]
    return replace(deal, others=others, outside=deal.outside + moved)
