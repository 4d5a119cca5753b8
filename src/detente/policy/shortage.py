"""What users of an item make while a part of it is missing: month by month, and on average.

The item is combined with everything else by a constant elasticity of substitution. Little of it is
in their cost, so it is missed out of proportion while nothing replaces it, and at its share in cost
once substitution is as easy as elsewhere in the model.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


# Gauss-Legendre points in time. Losses are smooth after the stocks end: 32 leave rounding.
_PLACE, _WEIGHT = np.polynomial.legendre.leggauss(32)
# Below this distance from one the elasticity is one: the power is lost in rounding.
_UNIT = 1e-9


@dataclass(frozen=True)
class Shortage:
    """An item that stops arriving at the users of one country, and what they have against it."""

    cost_share: float
    """The item in the users' cost, omega."""
    missing: float
    """The part of what they use that no longer arrives, d."""
    stocks: float
    """Months during which nothing is missed, T."""
    substitution: float
    """Elasticity between the item and everything else at first, below one."""
    recovery: float
    """Months in which other suppliers and designs replace all but 1/e of what is missing, tau."""
    lasts: float = 12.0
    """Months until the item arrives again."""

    def output(self, month: Float[np.ndarray, " t"]) -> Float[np.ndarray, " t"]:
        """Output from unchanged labour and other inputs, over that without a shortage.

            m(t) = 1 - d (1 - a),   a = 1 - exp(-t / tau),   sigma(t) = sigma_0 + (1 - sigma_0) a
            y(t) = [(1 - omega) + omega m^((sigma - 1) / sigma)]^(sigma / (sigma - 1))

        Nothing is lost while stocks last, nor once the item arrives again. Users look for a
        replacement from the first day, stocks or not.
        """
        replaced = -np.expm1(-month / self.recovery)
        elasticity = self.substitution + (1.0 - self.substitution) * replaced
        left = 1.0 - self.missing * (1.0 - replaced)
        short = (month >= self.stocks) & (month < self.lasts)
        return np.where(short, constant_elasticity(self.cost_share, left, elasticity), 1.0)

    def mean_output(self, months: float) -> float:
        """The mean of `output` over the first `months`."""
        end = min(self.lasts, months)
        if end <= self.stocks or self.missing == 0:
            return 1.0
        half = (end - self.stocks) / 2
        lost = 1.0 - self.output(self.stocks + half * (_PLACE + 1.0))
        return float(1.0 - half * (_WEIGHT * lost).sum() / months)

    def monthly_output(self, months: int) -> Float[np.ndarray, " t"]:
        """The mean of `output` in each month, the first of them first."""
        so_far = np.array([n * (1.0 - self.mean_output(float(n))) for n in range(1, months + 1)])
        return 1.0 - np.diff(so_far, prepend=0.0)


def constant_elasticity(
    cost_share: float, left: Float[np.ndarray, " t"], elasticity: Float[np.ndarray, " t"]
) -> Float[np.ndarray, " t"]:
    """Output where the part `left` of one input is there and all of the others.

    In logs: at an elasticity of 0.05 the powers are beyond a float. Never less than `left`, which
    is what it is at an elasticity of zero.
    """
    power = np.where(np.abs(elasticity - 1.0) < _UNIT, 0.0, (elasticity - 1.0) / elasticity)
    with np.errstate(divide="ignore"):
        log_left = np.log(left)
    safe = np.where(power == 0.0, -1.0, power)
    together = np.logaddexp(np.log1p(-cost_share), np.log(cost_share) + safe * log_left) / safe
    return np.exp(np.where(power == 0.0, cost_share * log_left, together))
