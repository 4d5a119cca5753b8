"""The model's equations, in changes from the baseline (Dekle, Eaton and Kortum 2008).

The sectors, input-output links and tariffs are those of Caliendo and Parro (2015), whose equation
numbers the functions cite. Unknowns are logs of hats: wages, sector prices and sector expenditures.

Wages close on the external account (exports less imports plus the deficit) rather than on the
labour market. The two are the same at a solution (Walras' law), but far from it the labour market
of a nearly closed economy clears at any wage, and the iteration stalls where the external account
still points the way.
"""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from ..world import Economy, Shock


class Unknowns(eqx.Module):
    """Logs of the changes that are solved for."""

    wage: Float[Array, " n"]
    price: Float[Array, "n s"]
    expenditure: Float[Array, "n s"]

    @classmethod
    def unchanged(cls, economy: Economy) -> "Unknowns":
        countries, _, sectors = economy.trade.shape
        flat = jnp.zeros((countries, sectors))
        return cls(wage=jnp.zeros(countries), price=flat, expenditure=flat)


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

    def by_destination(self, weight: Float[Array, "o s"]) -> Float[Array, "d s"]:
        """Foreign part of the sum over origins."""
        return jnp.einsum("sod,os->ds", self.abroad, weight)

    def by_origin(self, weight: Float[Array, "d s"]) -> Float[Array, "o s"]:
        """Foreign part of the sum over destinations."""
        return jnp.einsum("sod,ds->os", self.abroad, weight)


class Problem(eqx.Module):
    """What stays fixed while one counterfactual is solved."""

    input_share: Float[Array, "n k s"]
    value_added_share: Float[Array, "n s"]
    final_share: Float[Array, "n s"]
    expenditure: Float[Array, "d s"]
    value_added: Float[Array, " n"]
    deficit: Float[Array, " n"]
    trade_elasticity: Float[Array, " s"]
    spending: Flows
    """pi (tau'/tau)^-theta: shares before costs move, at purchaser prices."""
    producer: Flows
    """The same less tariffs, rents and export taxes: what reaches the producer."""
    remitted: Flows
    """What reaches the origin: its producers, its holders of rents and its treasury."""
    wage_step: Float[Array, ""]

    @classmethod
    def of(cls, economy: Economy, shock: Shock) -> "Problem":
        theta = economy.trade_elasticity
        wedge = (1.0 + shock.tariff) * shock.landed
        barrier_hat = wedge / (1.0 + economy.tariff) * shock.trade_cost_hat
        weight = shock.allowed * economy.expenditure_share
        spending = weight * barrier_hat ** -theta[None, None, :]
        return cls(
            input_share=economy.input_share,
            value_added_share=economy.value_added_share,
            final_share=economy.final_share,
            expenditure=economy.expenditure,
            value_added=economy.value_added,
            deficit=economy.deficit,
            trade_elasticity=theta,
            spending=Flows.of(spending),
            producer=Flows.of(spending / wedge),
            remitted=Flows.of(spending / wedge * shock.remitted),
            wage_step=_wage_step(economy),
        )


def _wage_step(economy: Economy) -> Float[Array, ""]:
    """One over the elasticity of the external balance to the wage, about a Newton step."""
    home = jnp.einsum("nns->s", economy.trade)
    traded = economy.trade.sum(axis=(0, 1)) - home
    theta = (traded * economy.trade_elasticity).sum() / jnp.maximum(traded.sum(), 1e-300)
    return 1.0 / (1.0 + theta)


class Markets(eqx.Module):
    """Everything the equations say about one point, whether or not it is a solution."""

    unit_cost: Float[Array, "n s"]
    """Log of the cost change."""
    competitiveness: Float[Array, "n s"]
    """Cost change to the power minus theta."""
    demand_scale: Float[Array, "d s"]
    """Expenditure over the price aggregate."""
    price: Float[Array, "n s"]
    """Log of the price that these costs imply."""
    output: Float[Array, "o s"]
    exports: Float[Array, " n"]
    imports: Float[Array, " n"]
    revenue: Float[Array, " n"]
    """Tariffs, export taxes and rents."""
    income: Float[Array, " n"]
    expenditure: Float[Array, "d s"]
    """Level that this income and output imply."""


def markets(unknowns: Unknowns, problem: Problem) -> Markets:
    """Costs, shares, prices, revenue, income and demand at one point."""
    cost, theta = unit_cost(unknowns, problem), problem.trade_elasticity[None, :]
    competitiveness = jnp.exp(-theta * cost)
    aggregate = price_aggregate(competitiveness, problem.spending)
    spent = jnp.exp(unknowns.expenditure) * problem.expenditure
    scale = jnp.where(aggregate > 0, spent / jnp.where(aggregate > 0, aggregate, 1.0), 0.0)
    at_home = competitiveness * problem.producer.home * scale
    output = at_home + competitiveness * problem.producer.by_origin(scale)
    received_at_home = competitiveness * problem.remitted.home * scale
    exported = competitiveness * problem.remitted.by_origin(scale)
    imported = scale * problem.remitted.by_destination(competitiveness)
    as_importer = spent - imported - received_at_home
    as_exporter = exported + received_at_home - output
    revenue = (as_importer + as_exporter).sum(axis=1)
    income = jnp.exp(unknowns.wage) * problem.value_added + revenue + problem.deficit
    return Markets(
        unit_cost=cost,
        competitiveness=competitiveness,
        demand_scale=scale,
        price=_log_or_zero(aggregate) / -theta,
        output=output,
        exports=exported.sum(axis=1),
        imports=imported.sum(axis=1),
        revenue=revenue,
        income=income,
        expenditure=expenditure(income, output, problem),
    )


def unit_cost(unknowns: Unknowns, problem: Problem) -> Float[Array, "n s"]:
    """Log change of the cost of an input bundle; Caliendo and Parro (2015), eq. 10."""
    inputs = jnp.einsum("nks,nk->ns", problem.input_share, unknowns.price)
    return problem.value_added_share * unknowns.wage[:, None] + inputs


def price_aggregate(competitiveness: Float[Array, "o s"], spending: Flows) -> Float[Array, "d s"]:
    """The sum whose power -1/theta is the price change; Caliendo and Parro (2015), eq. 11."""
    return spending.by_destination(competitiveness) + spending.home * competitiveness


def expenditure(
    income: Float[Array, " n"], output: Float[Array, "n s"], problem: Problem
) -> Float[Array, "n s"]:
    """Final plus intermediate demand at purchaser prices; Caliendo and Parro (2015), eq. 13."""
    inputs = jnp.einsum("nks,ns->nk", problem.input_share, output)
    return problem.final_share * income[:, None] + inputs


def external_gap(market: Markets, problem: Problem) -> Float[Array, " n"]:
    """Log of what comes in from abroad over what goes out; Caliendo and Parro (2015), eq. 14."""
    inward = market.exports + jnp.maximum(problem.deficit, 0.0)
    outward = market.imports + jnp.maximum(-problem.deficit, 0.0)
    return _log_or_zero(inward) - _log_or_zero(outward)


def labour_gap(unknowns: Unknowns, market: Markets, problem: Problem) -> Float[Array, " n"]:
    """Log of the demand for labour over its supply, at the wage of this point."""
    demand = (problem.value_added_share * market.output).sum(axis=1)
    return _log_or_zero(demand / problem.value_added) - unknowns.wage


def step(unknowns: Unknowns, problem: Problem) -> tuple[Unknowns, Float[Array, ""]]:
    """The map whose fixed point is the equilibrium, and how far its argument is from one.

    The residual is the largest relative error of any equation: external accounts, labour markets,
    prices and expenditures.
    """
    market = markets(unknowns, problem)
    gap = external_gap(market, problem)
    wage = unknowns.wage + problem.wage_step * gap
    world = (jnp.exp(wage) * problem.value_added).sum() / problem.value_added.sum()
    ratio = market.expenditure / jnp.where(problem.expenditure > 0, problem.expenditure, 1.0)
    moved = Unknowns(
        wage=wage - jnp.log(world),
        price=market.price,
        expenditure=jnp.where(problem.expenditure > 0, jnp.log(ratio), 0.0),
    )
    errors = (
        gap,
        labour_gap(unknowns, market, problem),
        moved.price - unknowns.price,
        moved.expenditure - unknowns.expenditure,
    )
    return moved, jnp.stack([jnp.abs(error).max() for error in errors]).max()


def trade_flows(market: Markets, producer: Flows) -> Float[Array, "o d s"]:
    """Flows at producer prices, sales at home on the diagonal."""
    pairs = (
        producer.abroad * market.competitiveness.T[:, :, None] * market.demand_scale.T[:, None, :]
    )
    home = market.competitiveness * producer.home * market.demand_scale
    countries = home.shape[0]
    diagonal = jnp.arange(countries)
    return jnp.transpose(pairs, (1, 2, 0)).at[diagonal, diagonal, :].set(home)


def _log_or_zero(value: Array) -> Array:
    """Log, and zero where nothing is there to change."""
    return jnp.where(value > 0, jnp.log(jnp.where(value > 0, value, 1.0)), 0.0)
