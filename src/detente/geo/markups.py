"""How large a mark-up is that cuts trade by a given part, in general equilibrium."""

from collections.abc import Callable

import numpy as np
from scipy.optimize import root_scalar

from .._core import SolveError


FOUND = 1e-9
"""Relative error of the quantity that counts as the cut that was asked for."""


def markup_that_cuts(cut: float, left: Callable[[float], float], theta: float) -> float:
    """The mark-up under which that part of a quantity is gone; `left` is the part that stays.

    The guess is the partial inverse of a flow with trade elasticity `theta`. Raises `SolveError`
    where no mark-up does it, as where more than that is gone without one.
    """

    def missed(log_markup: float) -> float:
        stays = left(float(np.expm1(log_markup)))
        if not stays > 0:
            raise unfound
        return float(np.log(stays / (1.0 - cut)))

    unfound = SolveError(f"no mark-up was found that cuts this trade by {100 * cut:g} %.")
    guess = -np.log1p(-cut) / (1.0 + theta)
    found = root_scalar(missed, x0=guess, x1=1.1 * guess, method="secant", xtol=1e-12, maxiter=30)
    if not found.converged or found.root < 0 or not abs(missed(found.root)) <= FOUND:
        raise unfound
    return float(np.expm1(found.root))
