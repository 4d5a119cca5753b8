"""The model's equations, in changes from the baseline (Dekle, Eaton and Kortum 2008).

The sectors, input-output links and tariffs are those of Caliendo and Parro (2015), whose equation
numbers the functions cite. Unknowns are logs of hats: wages, sector prices, sector expenditures,
and sector outputs where costs depend on them.

Wages close on the external account (exports less imports plus the deficit) rather than on the
labour market. The two are the same at a solution (Walras' law), but far from it the labour market
of a nearly closed economy clears at any wage, and the iteration stalls where the external account
still points the way.
"""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from ..closure import Closure
from ..world import Economy
from ._problem import Problem
from ._sourcing import Demand, demand, log_or_zero, Offers, offers, power, ratio, reach, through
from ._uses import for_final_use, for_inputs, in_markets, market_of, over_uses


# Log of an output so small that the sector counts as closed: a part in 10^14 of what it was.
CLOSED = -32.0
# What solving a world without deficits leaves of them, over income.
_ROUNDING = 1e-9


class Unknowns(eqx.Module):
    """Logs of the changes that are solved for."""

    wage: Float[Array, " n"]
    """Labour income: the wage where the quantity of labour is fixed and all of it is employed."""
    price: Float[Array, "n m"]
    """By market, as `expenditure`: a use of a sector where uses are told apart, or the sector."""
    expenditure: Float[Array, "n m"]
    output: Float[Array, "n s"] | None
    """Less labour income times labour's immobility; absent where no cost depends on it."""

    @classmethod
    def unchanged(cls, economy: Economy, closure: Closure) -> "Unknowns":
        countries, _, sectors = economy.trade.shape
        flat, markets = (
            jnp.zeros((countries, sectors)),
            jnp.zeros_like(market_of(economy).expenditure),
        )
        follows = closure.labour_immobility is not None or closure.scale is not None
        return cls(jnp.zeros(countries), markets, markets, flat if follows else None)


class Labour(eqx.Module):
    """What labour costs and how much of it works, at one point; logs of changes."""

    wage: Float[Array, "n s"]
    """Of a unit of labour in each sector."""
    hours: Float[Array, " n"]
    """What is supplied."""
    employed: Float[Array, "n s"]
    """The part of what is supplied to the sector that is hired: zero is all of it."""


class Supply(eqx.Module):
    """What producers offer at one point."""

    labour: Labour
    unit_cost: Float[Array, "n s"]
    """Log of the cost change."""
    price: Float[Array, "n s"]
    """Log of the change of the price to buyers at the factory gate."""
    offers: Offers


class Sales(eqx.Module):
    """What trade at one point adds up to: all that the accounts need to know of single flows."""

    price: Float[Array, "d m"]
    """Log of the change that these offers imply."""
    output: Float[Array, "o s"]
    at_home: Float[Array, "n s"]
    """Received from sales at home: producers, treasury and rents."""
    exported: Float[Array, "n s"]
    """Received from abroad."""
    imported: Float[Array, "n s"]
    """Remitted abroad."""


class Accounts(eqx.Module):
    """Incomes and what they are spent on, whether or not the point is a solution."""

    profit: Float[Array, " n"]
    """Of firms, and the net return to capital that is produced."""
    revenue: Float[Array, " n"]
    """Tariffs, export taxes and rents."""
    deficit: Float[Array, " n"]
    income: Float[Array, " n"]
    expenditure: Float[Array, "d m"]
    """Level that this income and output imply."""


def supply(unknowns: Unknowns, problem: Problem) -> Supply:
    """Wages, costs and offers at one point."""
    work = labour(unknowns, problem)
    bundle = bundle_cost(work.wage, for_inputs(unknowns.price, _sectors(problem)), problem)
    if problem.rental is not None:
        dearer = unknowns.wage - problem.rental.log_stock
        bundle = bundle + problem.rental.weight * dearer[:, None]
    cost = unit_cost(bundle, problem)
    price = cost - scale_economies(bundle, unknowns, problem)
    offered = offers(in_markets(price, problem.expenditure.shape[1]), problem)
    return Supply(labour=work, unit_cost=cost, price=price, offers=offered)


def _sectors(problem: Problem) -> int:
    return problem.output.shape[1]


def consumer_price(unknowns: Unknowns, problem: Problem) -> Float[Array, " n"]:
    """Log change of the consumption price index."""
    price = for_final_use(unknowns.price, _sectors(problem))
    return (problem.final_share * price).sum(axis=1)


def spending(unknowns: Unknowns, problem: Problem) -> Float[Array, "d m"]:
    """Expenditure as a level."""
    return jnp.exp(unknowns.expenditure) * problem.expenditure


def sales(unknowns: Unknowns, problem: Problem) -> Sales:
    """Buyers meet the offers at one point."""
    offered = supply(unknowns, problem)
    offer, wage = offered.offers, unknowns.wage - offered.labour.hours
    wanted = demand(offer, spending(unknowns, problem), problem)
    producer, remitted = problem.producer, problem.received
    sold_abroad = (offer.abroad * producer.by_origin(wanted.abroad)).sum(axis=0)
    to_free = Sales(
        price=wanted.price + reach(unknowns.expenditure, wage, problem),
        output=offer.home * producer.home * wanted.home + sold_abroad,
        at_home=offer.home * remitted.home * wanted.home,
        exported=(offer.abroad * remitted.by_origin(wanted.abroad)).sum(axis=0),
        imported=(wanted.abroad * remitted.by_destination(offer.abroad)).sum(axis=0),
    )
    if offer.locked is not None and wanted.locked is not None:
        to_free = _with_locked(to_free, offer.locked, wanted.locked, problem)
    totals = lambda by_market: over_uses(by_market, _sectors(problem))
    return Sales(
        to_free.price,
        *map(totals, (to_free.output, to_free.at_home, to_free.exported, to_free.imported)),
    )


def _with_locked(
    to_free: Sales, offer: Float[Array, "o s"], wanted: Float[Array, "d s"], problem: Problem
) -> Sales:
    """Sales to buyers who keep their supplier, added to those to the others."""
    locked = problem.locked
    assert locked is not None
    producer, remitted = locked.producer, locked.received
    abroad = lambda kernel: offer * kernel.by_origin(wanted[None])[0]
    return Sales(
        price=to_free.price,
        output=to_free.output + offer * producer.home * wanted + abroad(producer),
        at_home=to_free.at_home + offer * remitted.home * wanted,
        exported=to_free.exported + abroad(remitted),
        imported=to_free.imported + wanted * remitted.by_destination(offer[None])[0],
    )


def accounts(unknowns: Unknowns, sold: Sales, problem: Problem) -> Accounts:
    """Who earns what from these sales, and what they spend it on."""
    spent = over_uses(spending(unknowns, problem), _sectors(problem))
    as_importer = spent - sold.imported - sold.at_home
    as_exporter = sold.exported + sold.at_home - sold.output
    revenue = (as_importer + as_exporter).sum(axis=1)
    profit = (problem.profit_share * sold.output).sum(axis=1)
    if problem.net_return is not None:
        profit = profit + (problem.net_return * sold.output).sum(axis=1)
    earned = jnp.exp(unknowns.wage) * problem.labour_income + profit + revenue
    deficit = _deficit(earned, problem)
    return Accounts(
        profit=profit,
        revenue=revenue,
        deficit=deficit,
        income=earned + deficit,
        expenditure=expenditure(earned + deficit, sold.output, problem),
    )


def labour(unknowns: Unknowns, problem: Problem) -> Labour:
    """Wages by sector, and the labour that is supplied and hired at them.

    The wage at which all that is supplied is hired, or the floor where that is higher. Workers
    choose sectors by what they expect to earn there, the chance of not being hired included, so
    that a floor leaves their choice as it is; Rodriguez-Clare, Ulate and Vasquez (2025).
    """
    hours = _hours(unknowns, problem)
    cleared = _clearing_wage(unknowns, hours, problem)
    floor = problem.wage_floor
    if floor is None:
        return Labour(wage=cleared, hours=hours, employed=jnp.zeros_like(cleared))
    # A unit of the country's money in the numeraire.
    money = (1.0 - floor.pegged) * unknowns.wage
    wage = jnp.maximum(cleared, (floor.lowest + money)[:, None])
    return Labour(wage=wage, hours=hours, employed=cleared - wage)


def _hours(unknowns: Unknowns, problem: Problem) -> Float[Array, " n"]:
    """Labour supplied with a constant elasticity to the real wage: phi (wage - price index), where
    the wage is labour income less this."""
    elasticity = problem.labour_supply
    if elasticity is None:
        return jnp.zeros_like(unknowns.wage)
    return elasticity / (1.0 + elasticity) * (unknowns.wage - consumer_price(unknowns, problem))


def _clearing_wage(
    unknowns: Unknowns, hours: Float[Array, " n"], problem: Problem
) -> Float[Array, "n s"]:
    """Wage by sector with workers of Fréchet skills; Galle, Rodriguez-Clare and Yi (2023), eq. 6.

    A sector's share in labour income moves with its wage to the power kappa, so the wage moves
    with the sector's sales to the power one over kappa.
    """
    average = (unknowns.wage - hours)[:, None]
    if problem.labour_immobility is None or unknowns.output is None:
        return jnp.broadcast_to(average, problem.output.shape)
    share = _output(unknowns, problem) - unknowns.wage[:, None]
    return average + problem.labour_immobility * share


def _output(unknowns: Unknowns, problem: Problem) -> Float[Array, "n s"]:
    """Log change of the value of output, where it is unknown.

    The unknown is this less what tied labour gains by any rise of the country's labour income, so
    that labour income moves all wages, and with them the external account, at any mobility.
    """
    assert unknowns.output is not None
    return jnp.where(problem.output > 0, unknowns.output + _common(unknowns, problem), 0.0)


def _common(unknowns: Unknowns, problem: Problem) -> Float[Array, "n s"]:
    tied = 0.0 if problem.labour_immobility is None else problem.labour_immobility
    return (tied * unknowns.wage)[:, None]


def bundle_cost(
    wage: Float[Array, "n s"], price: Float[Array, "n s"], problem: Problem
) -> Float[Array, "n s"]:
    """Log change of the cost of an input bundle; Caliendo and Parro (2015), eq. 10."""
    return problem.labour_weight * wage + jnp.einsum("nks,nk->ns", problem.input_weight, price)


def unit_cost(bundle: Float[Array, "n s"], problem: Problem) -> Float[Array, "n s"]:
    """Log change of the cost of a unit of output: the bundle over what it yields."""
    return bundle if problem.log_productivity is None else bundle - problem.log_productivity


def scale_economies(
    bundle: Float[Array, "n s"], unknowns: Unknowns, problem: Problem
) -> Float[Array, "n s"]:
    """What variety takes off the cost to buyers; Kucheryavyy, Lyn and Rodriguez-Clare (2023).

    Firms enter in proportion to the sector's bundles of labour and inputs, output over their cost:
    productivity is of production alone, and entry takes as many bundles as before.
    """
    if problem.scale is None or unknowns.output is None:
        return jnp.zeros_like(bundle)
    entry = jnp.where(problem.output > 0, _output(unknowns, problem) - bundle, 0.0)
    theta = for_final_use(problem.trade_elasticity, _sectors(problem))
    return problem.scale[None, :] / theta[None, :] * entry


def _deficit(earned: Float[Array, " n"], problem: Problem) -> Float[Array, " n"]:
    """Fixed in the numeraire, none, the baseline's multiple of earnings, scaled to add up, or a
    fixed part of the world's saving."""
    if problem.deficits == "saving":
        saved = problem.lent * earned
        return problem.borrowed * saved.sum() - saved
    if problem.deficits != "proportional":
        return problem.deficit
    wished = problem.spending_ratio * earned
    return wished * (earned.sum() / wished.sum()) - earned


def expenditure(
    income: Float[Array, " n"], output: Float[Array, "n s"], problem: Problem
) -> Float[Array, "n m"]:
    """Final plus intermediate demand at purchaser prices; Caliendo and Parro (2015), eq. 13."""
    inputs = jnp.einsum("nks,ns->nk", problem.input_share, output)
    final = problem.final_share * income[:, None]
    together = problem.expenditure.shape[1] == _sectors(problem)
    return final + inputs if together else jnp.concatenate([final, inputs], axis=1)


def external_gap(sold: Sales, account: Accounts, problem: Problem) -> Float[Array, " n"]:
    """Log of what comes in from abroad over what goes out; Caliendo and Parro (2015), eq. 14.

    A closed economy has no external account, and a deficit that is rounding is none.
    """
    exports, imports = sold.exported.sum(axis=1), sold.imported.sum(axis=1)
    deficit = account.deficit
    rounding = jnp.abs(deficit) <= _ROUNDING * problem.labour_income
    closed = (exports + imports == 0.0) & rounding
    inward = exports + jnp.maximum(deficit, 0.0)
    outward = imports + jnp.maximum(-deficit, 0.0)
    return jnp.where(closed, 0.0, log_or_zero(inward) - log_or_zero(outward))


def labour_gap(unknowns: Unknowns, sold: Sales, problem: Problem) -> Float[Array, " n"]:
    """Log of the demand for labour over its supply, at the wage of this point."""
    wanted = (problem.labour_share * sold.output).sum(axis=1)
    return log_or_zero(ratio(wanted, problem.labour_income)) - unknowns.wage


def step(unknowns: Unknowns, problem: Problem) -> tuple[Unknowns, Float[Array, ""]]:
    """The map whose fixed point is the equilibrium, and how far its argument is from one.

    The residual is the largest relative error of any equation: external accounts, labour markets,
    prices, expenditures, and outputs where they are unknown.
    """
    sold = sales(unknowns, problem)
    return settle(unknowns, sold, accounts(unknowns, sold, problem), problem)


def settle(
    unknowns: Unknowns, sold: Sales, account: Accounts, problem: Problem
) -> tuple[Unknowns, Float[Array, ""]]:
    """What wages, prices, expenditures and outputs these accounts ask for, and how far off."""
    gap = external_gap(sold, account, problem)
    wage = unknowns.wage + problem.wage_step * gap
    earned = (jnp.exp(wage) * problem.labour_income + account.profit).sum()
    moved_expenditure = log_or_zero(ratio(account.expenditure, problem.expenditure))
    errors = [
        gap,
        labour_gap(unknowns, sold, problem),
        sold.price - unknowns.price,
        moved_expenditure - unknowns.expenditure,
    ]
    output = unknowns.output
    if output is not None:
        made = log_or_zero(ratio(sold.output, problem.output)) - _common(unknowns, problem)
        error = jnp.where(problem.output > 0, made - output, 0.0)
        output = jnp.maximum(output + problem.output_step * error, CLOSED)
        # A sector whose sales fall short of any output has closed down: a corner, not an error.
        errors.append(jnp.where(output > CLOSED, error, jnp.maximum(error, 0.0)))
    moved = Unknowns(
        wage=wage - jnp.log(earned / problem.world_value_added),
        price=sold.price,
        expenditure=moved_expenditure,
        output=output,
    )
    return moved, jnp.stack([jnp.abs(error).max() for error in errors]).max()


def trade_flows(unknowns: Unknowns, problem: Problem) -> Float[Array, "o d s"]:
    """Flows at producer prices, sales at home on the diagonal."""
    return over_uses(market_flows(unknowns, problem), _sectors(problem))


def market_flows(unknowns: Unknowns, problem: Problem) -> Float[Array, "o d m"]:
    """The same by market."""
    offer = supply(unknowns, problem).offers
    wanted = demand(offer, spending(unknowns, problem), problem)
    flows = through(problem.producer, offer, wanted)
    locked = problem.locked
    if locked is None or offer.locked is None or wanted.locked is None:
        return flows
    kept = Offers(offer.locked[None], offer.locked)
    return flows + through(
        locked.producer, kept, Demand(wanted.price, wanted.locked[None], wanted.locked)
    )


def chosen_anew(
    unknowns: Unknowns,
    problem: Problem,
    log_barrier: Float[Array, "o d m"],
    taste_hat: Float[Array, "o d m"] | None,
) -> Float[Array, "o d m"]:
    """What the free of a year add to `Staggered.locked`; Chen and others (2023).

    Their spending by origin, at a price index of one, taken back to the costs and tastes of the
    baseline at the elasticity of the locked; its price to those tastes is what it was to the free.
    """
    offered, spent = supply(unknowns, problem), spending(unknowns, problem)
    wanted = demand(offered.offers, spent, problem)
    assert problem.locked is not None
    theta = problem.locked.elasticity
    bought = through(problem.spending, offered.offers, wanted)
    price = in_markets(offered.price, theta.size)
    dearer = theta[None, None, :] * (price[:, None, :] + log_barrier)
    level = jnp.exp(-theta[None, :] * unknowns.price)
    if taste_hat is None:
        return ratio(bought, spent[None, :, :]) * level[None, :, :] * jnp.exp(dearer)
    share = ratio(bought, bought.sum(axis=0)[None, :, :])
    sigma = 1.0 + theta
    mean = (share * taste_hat ** (-1.0 / sigma[None, None, :])).sum(axis=0)
    level = level * power(mean, -sigma[None, :])
    return ratio(bought, spent[None, :, :]) * level[None, :, :] * jnp.exp(dearer) / taste_hat
