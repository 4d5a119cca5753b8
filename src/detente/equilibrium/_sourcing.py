"""How buyers split their spending over origins: one CES, or CES within CES, old tastes or new.

Every function works on logs of changes and on the sums of kernels, never on single flows.
"""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from ._problem import Flows, Problem


class Offers(eqx.Module):
    """Cost changes to the power of minus the elasticity at which buyers compare them."""

    abroad: Float[Array, "g o s"]
    """By group of close substitutes, zero outside the origin's own."""
    home: Float[Array, "n s"]
    locked: Float[Array, "o s"] | None = None
    """To buyers who keep their supplier, at home and abroad alike."""


class Demand(eqx.Module):
    """The price of a destination's composite good, and how much it spends per unit of kernel."""

    price: Float[Array, "d s"]
    """Log of the change."""
    abroad: Float[Array, "g d s"]
    home: Float[Array, "d s"]
    locked: Float[Array, "d s"] | None = None
    """Of buyers who keep their supplier, at home and abroad alike."""


def offers(log_cost: Float[Array, "o s"], problem: Problem) -> Offers:
    """The supply side of every kernel; Caliendo and Parro (2015), eq. 12, its numerator."""
    kept = problem.locked
    locked = None if kept is None else jnp.exp(-kept.elasticity[None, :] * log_cost)
    if problem.nests is None:
        weight = jnp.exp(-problem.trade_elasticity[None, :] * log_cost)
        return Offers(abroad=weight[None], home=weight, locked=locked)
    nests = problem.nests
    within = jnp.exp(-nests.within * log_cost)
    at_home = jnp.exp(-nests.home_elasticity[None, :] * log_cost)
    return Offers(abroad=nests.member * within[None], home=at_home, locked=locked)


def demand(offer: Offers, spent: Float[Array, "d s"], problem: Problem) -> Demand:
    """Prices and demand; Caliendo and Parro (2015), eq. 11 and eq. 12, its denominator."""
    bought = problem.spending.by_destination(offer.abroad)
    at_home = problem.spending.home * offer.home
    if problem.nests is None:
        total = bought[0] + at_home
        scale = ratio(spent, total)
        wanted = Demand(_price(total, offer, problem), scale[None], scale)
    else:
        wanted, total = _nested(bought, at_home, offer, spent, problem)
    if problem.locked is not None and offer.locked is not None:
        wanted, total = _with_locked(wanted, total, offer.locked, spent, problem)
    # What is spent on but may not be sold by anyone has no price: not a solution.
    nowhere = (spent > 0) & (total == 0)
    return eqx.tree_at(lambda d: d.price, wanted, jnp.where(nowhere, jnp.inf, wanted.price))


def _with_locked(
    free: Demand,
    total: Float[Array, "d s"],
    offer: Float[Array, "o s"],
    spent: Float[Array, "d s"],
    problem: Problem,
) -> tuple[Demand, Float[Array, "d s"]]:
    """The goods of the free and of the locked in one bundle; Chen and others (2023).

    They compete at the elasticity of the locked and at their prices to the tastes of the baseline,
    so that tastes move spending among origins alone. `total` is the sum of the weights of the free.
    """
    locked = problem.locked
    assert locked is not None
    theta = locked.elasticity[None, :]
    over_origins = lambda kernel: kernel.by_destination(offer[None])[0] + kernel.home * offer
    chosen = over_origins(locked.spending)
    to_locked = chosen
    if locked.valued is not None:
        valued = over_origins(locked.valued)
        to_locked = power(ratio(valued, chosen), theta) * valued
    to_free = jnp.where(total > 0, locked.reset * jnp.exp(-theta * free.price), 0.0)
    both = to_free + to_locked
    part = ratio(to_free, both)
    wanted = Demand(
        price=-log_or_zero(both) / theta,
        abroad=free.abroad * part[None],
        home=free.home * part,
        locked=ratio(spent * ratio(to_locked, both), chosen),
    )
    return wanted, both


def reach(
    spent: Float[Array, "d m"], wage: Float[Array, " d"], problem: Problem
) -> Float[Array, "d m"]:
    """What is added to log prices where tariff pass-through is not whole, for logs of spending.

    Firms choose markets, whose price level then moves with spending over the wage, to the power of
    one less the part that is passed through; Ignatenko, Lashkaripour, Macedoni and Simonovska
    (2025). Nothing where all is.
    """
    if problem.pass_through is None:
        return jnp.zeros_like(spent)
    larger = jnp.where(problem.expenditure > 0, spent - wage[:, None], 0.0)
    return (1.0 - problem.pass_through) * larger


def through(kernel: Flows, offer: Offers, wanted: Demand) -> Float[Array, "o d m"]:
    """Single flows, of which everything else needs only sums."""
    per_kernel = jnp.einsum("gos,gds->sod", offer.abroad, wanted.abroad)
    home = offer.home * kernel.home * wanted.home
    diagonal = jnp.arange(home.shape[0])
    return jnp.transpose(kernel.abroad * per_kernel, (1, 2, 0)).at[diagonal, diagonal].set(home)


def _price(total: Float[Array, "d s"], offer: Offers, problem: Problem) -> Float[Array, "d s"]:
    """The price of what the tastes of the baseline count as one unit."""
    theta = problem.trade_elasticity[None, :]
    if problem.valued is None:
        return -log_or_zero(total) / theta
    valued = problem.valued.by_destination(offer.abroad)[0] + problem.valued.home * offer.home
    return _true_price(total, valued, theta)


def _true_price(chosen: Array, valued: Array, elasticity: Array) -> Array:
    """Price of a CES bundle chosen with new tastes and valued with old ones, in logs.

    `chosen` is the sum of the members' weights in the choice, `valued` that of their weights to
    the power sigma-1 over sigma, with old shares and true prices. One over the other is the price
    index where tastes did not change.
    """
    return log_or_zero(chosen) - (1.0 + 1.0 / elasticity) * log_or_zero(valued)


def _nested(
    bought: Float[Array, "g d s"],
    at_home: Float[Array, "d s"],
    offer: Offers,
    spent: Float[Array, "d s"],
    problem: Problem,
) -> tuple[Demand, Float[Array, "d s"]]:
    """The same with nests, and the sum that decides whether there is anything to buy."""
    nests, reference = problem.nests, problem.reference
    assert nests is not None and reference is not None
    theta, home = problem.trade_elasticity[None, :], nests.home_elasticity[None, :]
    among = theta[None] / nests.elasticity[:, None, :]
    group = ratio(bought, reference.group)
    share_of_group = ratio(reference.group, reference.abroad[None])
    abroad = (share_of_group * power(group, among)).sum(axis=0)
    total = at_home + reference.abroad * power(abroad, home / theta)
    scale = ratio(spent, total)
    to_abroad = scale * power(abroad, home / theta - 1.0)
    to_group = to_abroad[None] * power(group, among - 1.0)
    if problem.valued is None:
        price = -log_or_zero(total) / home
    else:
        price = _nested_true_price(group, abroad, total, offer, problem)
    return Demand(price=price, abroad=to_group, home=scale), total


def _nested_true_price(
    group: Float[Array, "g d s"],
    abroad: Float[Array, "d s"],
    total: Float[Array, "d s"],
    offer: Offers,
    problem: Problem,
) -> Float[Array, "d s"]:
    """Old tastes at every level: a branch is chosen at its new price index, valued at its old."""
    nests, reference, valued = problem.nests, problem.reference, problem.valued
    assert nests is not None and reference is not None and valued is not None
    theta, home = problem.trade_elasticity[None, :], nests.home_elasticity[None, :]
    within = nests.elasticity[:, None, :]
    old = ratio(valued.by_destination(offer.abroad), reference.group)
    price_of_group = _true_price(group, old, within)
    worth = _worth(power(group, theta[None] / within), price_of_group, theta[None])
    share_of_group = ratio(reference.group, reference.abroad[None])
    price_abroad = _true_price(abroad, (share_of_group * worth).sum(axis=0), theta)
    from_abroad = _worth(power(abroad, home / theta), price_abroad, home)
    # At home nothing comes between choice and value: its weight is already a true one.
    at_home = valued.home * offer.home
    return _true_price(total, at_home + reference.abroad * from_abroad, home)


def _worth(chosen: Array, log_price: Array, elasticity: Array) -> Array:
    """The chosen quantity of a branch to the power sigma-1 over sigma, up to the bundle's size."""
    exponent = elasticity / (1.0 + elasticity)
    return power(chosen, exponent) * jnp.exp(-exponent * log_price)


def ratio(value: Array, by: Array) -> Array:
    """A quotient, and zero where there is nothing to divide by."""
    some = _something(by)
    return jnp.where(some, value / jnp.where(some, by, 1.0), 0.0)


def power(value: Array, exponent: Array) -> Array:
    """A power of what is not negative, and zero of zero whatever the exponent."""
    some = _something(value)
    return jnp.where(some, jnp.exp(exponent * jnp.log(jnp.where(some, value, 1.0))), 0.0)


def log_or_zero(value: Array) -> Array:
    """Log, and zero where nothing is there to change."""
    some = _something(value)
    return jnp.where(some, jnp.log(jnp.where(some, value, 1.0)), 0.0)


def _something(value: Array) -> Array:
    # What is not a number is something, or it would pass for a zero and be called solved.
    return (value > 0) | jnp.isnan(value)
