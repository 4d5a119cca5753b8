"""The nested algorithm of Caliendo and Parro (2015, appendix C) in plain NumPy, as fast as it gets.

A damped search for wages outside; at every guess of wages, prices are iterated to rest and then
expenditures are solved for. Nothing is accelerated: the order of the loops is the rival. But it is
written as one would write it today: kernels are raised to their powers once, every sum over trade
partners is a matrix product per sector, and prices and expenditures start from the last guess.

Shares no code with détente.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


Array = NDArray[np.float64]

# Inner loops stop this far below the outer one, so that the outer residual is the true one.
_INNER = 0.01
MAX_STEPS = 2000
MAX_INNER = 500
# Excess demand, over supply, from which no damped search comes back.
_LOST = 1e3


@dataclass(frozen=True)
class Variant:
    """How the three loops are run."""

    damping: float
    dense: bool
    """Expenditures by one dense linear system at every step, or iterated from the last guess."""
    eager: bool
    """Inner loops always to the end, or only as far as the outer one has come."""


# Their damping, their dense system, their order of the loops.
PUBLISHED = Variant(damping=0.2, dense=True, eager=True)
# The fastest that still converged on every world here; a damping of 1 (none) diverges.
TUNED = Variant(damping=0.5, dense=False, eager=False)


@dataclass(frozen=True)
class Solution:
    """Where the search ended, and the largest relative error of any equation there."""

    wage: Array
    price: Array
    welfare: Array
    residual: float
    steps: int
    inner_steps: int
    """Of prices and, where they are iterated, expenditures: passes over all flows."""


@dataclass(frozen=True)
class World:
    """What one counterfactual needs; flows [sector, origin, destination], tables [country, ...]."""

    kernel: Array
    """Expenditure shares before, times the change of barriers to the power of minus theta."""
    tariff: Array
    inputs: Array
    """[country, input, sector]"""
    theta: Array
    labour_share: Array
    final_share: Array
    spent: Array
    """[sector, country]"""
    labour_income: Array
    deficit: Array
    income: Array

    @classmethod
    def of(cls, trade: Array, tariff: Array, inputs: Array, theta: Array, new: Array) -> "World":
        """From flows [origin, destination, sector] before and tariffs before and after."""
        bought = trade * (1 + tariff)
        spent = bought.sum(axis=0)
        output = trade.sum(axis=1)
        labour_share = 1 - inputs.sum(axis=1)
        final = spent - np.einsum("nks,ns->nk", inputs, output)
        barrier = ((1 + new) / (1 + tariff)) ** -theta
        share = bought / np.where(spent > 0, spent, 1)
        first = lambda flows: np.ascontiguousarray(np.transpose(flows, (2, 0, 1)))
        return cls(
            kernel=first(share * barrier),
            tariff=first(new),
            inputs=inputs,
            theta=theta,
            labour_share=labour_share,
            final_share=final / final.sum(axis=1, keepdims=True),
            spent=np.ascontiguousarray(spent.T),
            labour_income=(labour_share * output).sum(axis=1),
            deficit=trade.sum(axis=(0, 2)) - output.sum(axis=1),
            income=final.sum(axis=1),
        )


def solve(world: World, variant: Variant, tolerance: float = 1e-10) -> Solution:
    """Wages by `w <- w (1 + damping * excess demand for labour)`, until every equation holds."""
    wage = np.ones_like(world.labour_income)
    log_price, spent = np.zeros_like(world.spent), world.spent
    step, passes, gap = 0, 0, 1.0
    while step < MAX_STEPS and np.isfinite(gap) and gap < _LOST:
        step += 1
        inner = _INNER * (tolerance if variant.eager else max(gap, tolerance))
        log_price, share, count = _prices(world, wage, log_price, inner)
        earned = wage * world.labour_income + world.deficit
        spent, more = _expenditure(world, share, earned, spent, variant, inner)
        passes += count + more
        output = _output(share / (1 + world.tariff), spent)
        excess = (world.labour_share * output.T).sum(axis=1) / (wage * world.labour_income) - 1
        gap = float(np.abs(excess).max())
        if gap <= tolerance and inner <= 2 * _INNER * tolerance:
            break
        wage = wage * (1 + variant.damping * excess)
        wage = wage * world.labour_income.sum() / (wage * world.labour_income).sum()
    return _solution(world, wage, log_price, share, spent, step, passes)


def _prices(
    world: World, wage: Array, log_price: Array, tolerance: float
) -> tuple[Array, Array, int]:
    """Equations 10 to 12: prices [sector, country] at these wages, and shares."""
    count, moved = 0, np.inf
    while count < MAX_INNER and moved > tolerance:
        count += 1
        weight = _weight(world, wage, log_price)
        total = np.matmul(weight[:, None, :], world.kernel)[:, 0, :]
        new = -_log(total) / world.theta[:, None]
        moved = np.abs(new - log_price).max()
        log_price = new
    share = weight[:, :, None] * world.kernel / np.where(total > 0, total, 1)[:, None, :]
    return log_price, share, count


def _weight(world: World, wage: Array, log_price: Array) -> Array:
    """Cost changes of the input bundle to the power of minus theta, [sector, country]."""
    inputs = np.matmul(log_price.T[:, None, :], world.inputs)[:, 0, :]
    log_cost = world.labour_share * np.log(wage)[:, None] + inputs
    return np.exp(-world.theta[:, None] * log_cost.T)


def _expenditure(
    world: World, share: Array, earned: Array, spent: Array, variant: Variant, tolerance: float
) -> tuple[Array, int]:
    """Equation 13, [sector, country]: one dense linear system, or iterated from the last guess."""
    net = share / (1 + world.tariff)
    rate = (share - net).sum(axis=1)
    if variant.dense:
        return _dense(world, net, rate, earned), 0
    count, moved = 0, np.inf
    while count < MAX_INNER and moved > tolerance:
        count += 1
        new = _asked_for(world, net, rate, earned, spent)
        moved = _relative(new, spent)
        spent = new
    return spent, count


def _asked_for(world: World, net: Array, rate: Array, earned: Array, spent: Array) -> Array:
    """Final and intermediate demand, given what is spent."""
    output = _output(net, spent)
    income = earned + (rate * spent).sum(axis=0)
    inputs = np.matmul(world.inputs, output.T[:, :, None])[:, :, 0]
    return (world.final_share * income[:, None] + inputs).T


def _dense(world: World, net: Array, rate: Array, earned: Array) -> Array:
    """Expenditure of every country on every sector, as the authors' code finds it."""
    countries, sectors = world.final_share.shape
    # [o, k, d, s]: what one more unit spent by d on s makes o spend on k.
    matrix = np.einsum("oks,sod->okds", world.inputs, net)
    places = np.arange(countries)
    matrix[places, :, places, :] += world.final_share[:, :, None] * rate.T[:, None, :]
    size = countries * sectors
    right = (world.final_share * earned[:, None]).ravel()
    found = np.linalg.solve(np.eye(size) - matrix.reshape(size, size), right)
    return np.ascontiguousarray(found.reshape(countries, sectors).T)


def _output(net: Array, spent: Array) -> Array:
    return np.matmul(net, spent[:, :, None])[:, :, 0]


def _solution(
    world: World, wage: Array, log_price: Array, share: Array, spent: Array, steps: int, used: int
) -> Solution:
    """Every equation once more at the point that was found."""
    net = share / (1 + world.tariff)
    rate = (share - net).sum(axis=1)
    earned = wage * world.labour_income + world.deficit
    output = _output(net, spent)
    wanted = (world.labour_share * output.T).sum(axis=1)
    total = np.matmul(_weight(world, wage, log_price)[:, None, :], world.kernel)[:, 0, :]
    errors = (
        _relative(wanted, wage * world.labour_income),
        np.abs(-_log(total) / world.theta[:, None] - log_price).max(),
        _relative(_asked_for(world, net, rate, earned, spent), spent),
    )
    index = np.exp((world.final_share * log_price.T).sum(axis=1))
    income = earned + (rate * spent).sum(axis=0)
    welfare = income / world.income / index
    return Solution(wage, np.exp(log_price.T), welfare, float(max(errors)), steps, used)


def _relative(value: Array, by: Array) -> float:
    some = by > 0
    return float(np.abs(value[some] / by[some] - 1).max())


def _log(value: Array) -> Array:
    """Zero where a product is not bought at all."""
    return np.log(np.where(value > 0, value, 1))
