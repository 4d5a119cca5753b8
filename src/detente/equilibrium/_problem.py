"""What stays fixed while one counterfactual is solved: shares, elasticities, and trade kernels.

A kernel holds everything about a flow that prices do not change: its baseline share, its barrier
and its wedges. Multiplied by what the origin offers and the destination demands it is the flow.
"""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from .._core import Deficits
from ..closure import Closure, Nests, WageFloor
from ..world import Economy, Shock
from ._uses import closure_in, market_of, shock_to


class Flows(eqx.Module):
    """A kernel on pairs of countries: trade apart from sales at home.

    Kept apart because a nearly closed economy's trade is lost in the rounding of its home sales.
    """

    abroad: Float[Array, "s o d"]
    home: Float[Array, "n s"]

    @classmethod
    def of(cls, pairs: Float[Array, "o d s"]) -> "Flows":
        home = jnp.einsum("nns->ns", pairs)
        foreign = 1.0 - jnp.eye(pairs.shape[0])
        # Sector first: one contiguous matrix per sector is what the products below stream through.
        return cls(abroad=jnp.transpose(pairs * foreign[:, :, None], (2, 0, 1)), home=home)

    def by_destination(self, weight: Float[Array, "g o s"]) -> Float[Array, "g d s"]:
        """Foreign part of the sum over origins."""
        return jnp.einsum("sod,gos->gds", self.abroad, weight)

    def by_origin(self, weight: Float[Array, "g d s"]) -> Float[Array, "g o s"]:
        """Foreign part of the sum over destinations."""
        return jnp.einsum("sod,gds->gos", self.abroad, weight)


class Reference(eqx.Module):
    """Baseline shares of a destination's spending by branch of the nests."""

    abroad: Float[Array, "d s"]
    group: Float[Array, "g d s"]

    @classmethod
    def of(cls, economy: Economy, nests: Nests) -> "Reference":
        """A branch that a ban hides whole is weighted by what the ban hides."""
        seen = _by_group(economy.expenditure_share, nests)
        group = jnp.where(seen > 0, seen, _by_group(economy.hidden_share, nests))
        abroad = seen.sum(axis=0)
        return cls(abroad=jnp.where(abroad > 0, abroad, group.sum(axis=0)), group=group)


def _by_group(share: Float[Array, "o d s"], nests: Nests) -> Float[Array, "g d s"]:
    foreign = 1.0 - jnp.eye(share.shape[0])
    return jnp.einsum("ods,gos->gds", share * foreign[:, :, None], nests.member)


class Locked(eqx.Module):
    """Buyers who keep their supplier this year: a second set of kernels beside that of the free.

    Spending is at a price index of one, in units of the destination's baseline spending.
    """

    reset: Float[Array, ""]
    """The part of buyers that is free."""
    elasticity: Float[Array, " s"]
    spending: Flows
    valued: Flows | None
    """The same as the tastes of the baseline value it; absent where tastes stay."""
    producer: Flows
    remitted: Flows | None

    @property
    def received(self) -> Flows:
        """See `Problem.received`."""
        return self.producer if self.remitted is None else self.remitted

    @classmethod
    def of(cls, economy: Economy, shock: Shock, closure: Closure) -> "Locked | None":
        """Chen, Goes, Muendler and Trottner (2023): what is locked, before costs move."""
        staggered = closure.staggered
        if staggered is None:
            return None
        locked = locked_at_first(economy, closure)
        elasticity = staggered.locked_elasticity[None, None, :]
        factor = jnp.exp(-elasticity * log_barrier(economy, shock))
        spending, valued = (1.0 - staggered.reset) * shock.allowed * locked * factor, None
        if shock.taste_hat is not None:
            valued = Flows.of(spending * shock.taste_hat ** (elasticity / (1.0 + elasticity)))
            spending = spending * shock.taste_hat
        producer = spending / ((1.0 + shock.tariff) * shock.landed)
        return cls(
            reset=staggered.reset,
            elasticity=staggered.locked_elasticity,
            spending=Flows.of(spending),
            valued=valued,
            producer=Flows.of(producer),
            remitted=Flows.of(producer * shock.remitted) if shock.has_rents else None,
        )


def locked_at_first(economy: Economy, closure: Closure) -> Float[Array, "o d m"]:
    """What buyers who keep their supplier begin the first year with; see `Staggered.locked`."""
    staggered = closure.staggered
    if staggered is None or staggered.locked is None:
        return economy.expenditure_share
    return staggered.locked


class Rental(eqx.Module):
    """What a given stock of capital costs its users: its income over its quantity.

    Capital's share of value added is the same in all sectors of a country, so its income moves as
    labour's does.
    """

    weight: Float[Array, "n s"]
    """In cost."""
    log_stock: Float[Array, " n"]

    @classmethod
    def of(cls, economy: Economy, cost: Float[Array, "n s"]) -> "Rental | None":
        capital = economy.capital
        if capital is None or capital.stock_hat is None:
            return None
        return cls(economy.capital_share / cost, jnp.log(capital.stock_hat))


class Problem(eqx.Module):
    """One counterfactual: an economy, a shock and a closure, ready for the iteration."""

    input_share: Float[Array, "n k s"]
    """Inputs in the value of output."""
    input_weight: Float[Array, "n k s"]
    """Inputs in cost; the two differ by profit."""
    labour_share: Float[Array, "n s"]
    labour_weight: Float[Array, "n s"]
    profit_share: Float[Array, "n s"]
    net_return: Float[Array, "n s"] | None
    """What capital earns beyond what replaces it, in the value of output; absent where capital is
    not produced."""
    rental: "Rental | None"
    """Absent but where the stock of capital is given."""
    final_share: Float[Array, "n s"]
    expenditure: Float[Array, "d m"]
    """By market, as all that follows from who buys from whom: `_uses.py`."""
    output: Float[Array, "n s"]
    labour_income: Float[Array, " n"]
    deficit: Float[Array, " n"]
    spending_ratio: Float[Array, " n"]
    """Income spent over income earned."""
    lent: Float[Array, " n"]
    """Surplus over income earned, where there is one."""
    borrowed: Float[Array, " n"]
    """Part of what the world's surpluses lend."""
    world_value_added: Float[Array, ""]
    trade_elasticity: Float[Array, " m"]
    labour_immobility: Float[Array, ""] | None
    labour_supply: Float[Array, ""] | None
    wage_floor: WageFloor | None
    scale: Float[Array, " s"] | None
    pass_through: Float[Array, ""] | None
    nests: Nests | None
    reference: Reference | None
    deficits: Deficits = eqx.field(static=True)
    spending: Flows
    """pi b (tau'/tau)^-theta: shares before costs move, at purchaser prices."""
    log_productivity: Float[Array, "n s"] | None
    """Absent where no productivity moves."""
    valued: Flows | None
    """The same as the tastes of the baseline value it; absent where tastes stay."""
    producer: Flows
    """Spending less tariffs, rents and export taxes: what reaches the producer."""
    remitted: Flows | None
    """What reaches the origin: its producers, its holders of rents and its treasury. Absent where
    that is the producers alone: a large world's step takes as long as its kernels take to read."""
    locked: Locked | None
    """Absent where every buyer chooses anew."""
    wage_step: Float[Array, ""]
    output_step: Float[Array, "n s"]

    @property
    def received(self) -> Flows:
        """What reaches the origin, whoever takes it there."""
        return self.producer if self.remitted is None else self.remitted

    @classmethod
    def of(cls, economy: Economy, shock: Shock, closure: Closure) -> "Problem":
        profit = _profit_share(economy, closure)
        returned = _net_return(economy)
        labour = economy.value_added_share - profit
        labour = labour if returned is None else labour - returned
        cost = 1.0 - profit
        market = market_of(economy)
        wedges, choice = shock_to(market, shock), closure_in(market, closure)
        spending, valued = _spending(market, wedges, choice)
        producer = spending / ((1.0 + wedges.tariff) * wedges.landed)
        output, surplus = economy.output, jnp.maximum(-economy.deficit, 0.0)
        return cls(
            input_share=economy.input_share,
            input_weight=_input_weight(economy, returned) / cost[:, None, :],
            labour_share=labour,
            labour_weight=labour / cost,
            profit_share=profit,
            net_return=returned,
            rental=Rental.of(economy, cost),
            final_share=economy.final_share if shock.final_share is None else shock.final_share,
            expenditure=market.expenditure,
            output=output,
            labour_income=(labour * output).sum(axis=1),
            deficit=_kept_deficit(economy, shock, closure),
            spending_ratio=economy.income / (economy.income - economy.deficit),
            lent=surplus / (economy.income - economy.deficit),
            borrowed=_part(jnp.maximum(economy.deficit, 0.0)),
            world_value_added=economy.value_added.sum(),
            trade_elasticity=market.trade_elasticity,
            labour_immobility=closure.labour_immobility,
            labour_supply=closure.labour_supply,
            wage_floor=closure.wage_floor,
            scale=closure.scale,
            pass_through=closure.pass_through,
            nests=choice.nests,
            reference=None if choice.nests is None else Reference.of(market, choice.nests),
            deficits=closure.deficits,
            spending=Flows.of(spending),
            log_productivity=_log(shock.productivity_hat),
            valued=None if valued is None else Flows.of(valued),
            producer=Flows.of(producer),
            remitted=Flows.of(producer * wedges.remitted) if shock.has_rents else None,
            locked=Locked.of(market, wedges, choice),
            wage_step=_wage_step(economy, closure),
            output_step=_output_step(economy, closure, labour / cost),
        )


def _part(of: Float[Array, " n"]) -> Float[Array, " n"]:
    """Each number over the sum; zero where that is."""
    total = of.sum()
    return of / jnp.where(total > 0, total, 1.0)


def _log(hat: Float[Array, "n s"] | None) -> Float[Array, "n s"] | None:
    return None if hat is None else jnp.log(hat)


def _kept_deficit(economy: Economy, shock: Shock, closure: Closure) -> Float[Array, " n"]:
    deficit = economy.deficit if shock.deficit is None else shock.deficit
    return jnp.zeros_like(deficit) if closure.deficits == "removed" else deficit


def _profit_share(economy: Economy, closure: Closure) -> Float[Array, "n s"]:
    """Profit in the value of output; never more than the value added it is paid from, of which
    capital that is produced has its part first."""
    if closure.profit_share is None:
        return jnp.zeros_like(economy.value_added_share)
    left, returned = economy.value_added_share, _net_return(economy)
    left = left if returned is None else left - returned
    return jnp.minimum(closure.profit_share[None, :], left)


def _net_return(economy: Economy) -> Float[Array, "n s"] | None:
    capital = economy.capital
    return None if capital is None else economy.capital_share * (1.0 - capital.replaced[:, None])


def _input_weight(economy: Economy, returned: Float[Array, "n s"] | None) -> Float[Array, "n k s"]:
    """Inputs in cost: in the steady state all that is paid for capital moves with the price of
    investment, of which only what replaces it is spent on goods; where the stock is given, none."""
    capital = economy.capital
    if capital is None or returned is None:
        return economy.input_share
    if capital.stock_hat is not None:
        return economy.technology
    return economy.input_share + capital.basket[:, :, None] * returned[:, None, :]


def _spending(
    economy: Economy, shock: Shock, closure: Closure
) -> tuple[Float[Array, "o d s"], Float[Array, "o d s"] | None]:
    """What buyers would spend, and as the tastes of the baseline value it, before costs move."""
    theta = leaf_elasticity(economy, closure)
    share = economy.expenditure_share
    if shock.opened is not None:
        share = share + shock.opened * economy.hidden_share
    spending = shock.allowed * share * jnp.exp(-theta * _felt(economy, shock, closure))
    if shock.taste_hat is None:
        return spending, None
    return spending * shock.taste_hat, spending * shock.taste_hat ** (theta / (1.0 + theta))


def log_barrier(economy: Economy, shock: Shock) -> Float[Array, "o d s"]:
    """Log change of what stands between the cost of a good and its price to the buyer."""
    wedge = (1.0 + shock.tariff) * shock.landed * shock.trade_cost_hat
    return jnp.log(wedge / (1.0 + economy.tariff))


def _felt(economy: Economy, shock: Shock, closure: Closure) -> Float[Array, "o d s"]:
    """What demand answers to of the barrier; Ignatenko and others (2025)."""
    barrier, part = log_barrier(economy, shock), closure.pass_through
    if part is None:
        return barrier
    return barrier - (1.0 - part) * jnp.log((1.0 + shock.tariff) / (1.0 + economy.tariff))


def leaf_elasticity(economy: Economy, closure: Closure) -> Float[Array, "o d s"]:
    """The elasticity between an origin and its closest rivals in a destination."""
    theta = economy.trade_elasticity[None, None, :]
    if closure.nests is None:
        return theta
    at_home = jnp.eye(economy.trade.shape[0])[:, :, None]
    within = closure.nests.within[:, None, :]
    return at_home * closure.nests.home_elasticity[None, None, :] + (1.0 - at_home) * within


def _within_a_year(economy: Economy, closure: Closure) -> Float[Array, " s"]:
    """The trade elasticity of all buyers together to this year's costs."""
    staggered, theta = closure.staggered, economy.trade_elasticity
    if staggered is None:
        return theta
    return staggered.reset * theta + (1.0 - staggered.reset) * staggered.locked_elasticity


def _wage_step(economy: Economy, closure: Closure) -> Float[Array, ""]:
    """One over the elasticity of the external balance to the wage, about a Newton step."""
    home = jnp.einsum("nns->s", economy.trade)
    traded = economy.trade.sum(axis=(0, 1)) - home
    theta = (traded * _within_a_year(economy, closure)).sum() / jnp.maximum(traded.sum(), 1e-300)
    return 1.0 / (1.0 + theta)


def _output_step(
    economy: Economy, closure: Closure, labour_weight: Float[Array, "n s"]
) -> Float[Array, "n s"]:
    """One over one less the elasticity of a sector's sales to its output, about a Newton step."""
    theta = _within_a_year(economy, closure)[None, :]
    nothing = jnp.zeros_like(labour_weight)
    immobility = nothing if closure.labour_immobility is None else closure.labour_immobility
    scale = nothing if closure.scale is None else closure.scale[None, :]
    slope = scale - immobility * labour_weight * (theta + scale)
    return 1.0 / (1.0 - 0.9 * slope)
