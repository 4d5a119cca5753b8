"""Solve one counterfactual: `(Economy, Shock) -> Equilibrium`."""

import equinox as eqx
import jax.numpy as jnp
import optimistix as optx
from jaxtyping import Array, Float, Int

from .._core import Status
from ..world import Economy, Shock
from ._anderson import AndersonAcceleration
from ._equations import markets, Problem, step, trade_flows, Unknowns


# The largest relative error of any equation that counts as solved.
TOLERANCE = 1e-10
MAX_STEPS = 500


class Equilibrium(eqx.Module):
    """A solved counterfactual: hats are new over old, levels are million US$ of the numeraire.

    The numeraire is world value added.
    """

    wage_hat: Float[Array, " n"]
    price_hat: Float[Array, "n s"]
    unit_cost_hat: Float[Array, "n s"]
    trade: Float[Array, "o d s"]
    """At producer prices."""
    expenditure: Float[Array, "d s"]
    """At purchaser prices."""
    purchases: Float[Array, "o d s"]
    """Flows at the purchaser's price."""
    income: Float[Array, " n"]
    tariff_revenue: Float[Array, " n"]
    rents: Float[Array, " n"]
    """Export taxes and the rents of rationing that the country keeps."""
    residual: Float[Array, ""]
    """Largest relative error of any equation at this point."""
    steps: Int[Array, ""]
    status: Int[Array, ""]
    """A code of `Status`."""

    @property
    def output(self) -> Float[Array, "o s"]:
        return self.trade.sum(axis=1)

    @property
    def expenditure_share(self) -> Float[Array, "o d s"]:
        total = self.expenditure[None, :, :]
        return jnp.where(total > 0, self.purchases / jnp.where(total > 0, total, 1.0), 0.0)


@eqx.filter_jit
def solve(economy: Economy, shock: Shock, *, max_steps: int = MAX_STEPS) -> Equilibrium:
    """The equilibrium after `shock`, with labour mobile between sectors and deficits fixed.

    Never raises for a problem that was not solved: `status` says so, and a batch made with
    `jax.vmap` keeps its other members. One compilation serves every world of one shape.
    """
    problem = Problem.of(economy, shock)
    solution = optx.fixed_point(
        step,
        AndersonAcceleration(tolerance=TOLERANCE),
        Unknowns.unchanged(economy),
        args=problem,
        has_aux=True,
        max_steps=max_steps,
        throw=False,
    )
    return _observe(solution.value, problem, shock, solution.stats["num_steps"])


def _observe(
    unknowns: Unknowns, problem: Problem, shock: Shock, steps: Int[Array, ""]
) -> Equilibrium:
    market = markets(unknowns, problem)
    _, residual = step(unknowns, problem)
    trade = trade_flows(market, problem.producer)
    landed = trade * shock.landed
    to_importer = (landed - trade * shock.remitted).sum(axis=(0, 2))
    to_exporter = (trade * (shock.remitted - 1.0)).sum(axis=(1, 2))
    return Equilibrium(
        wage_hat=jnp.exp(unknowns.wage),
        price_hat=jnp.exp(unknowns.price),
        unit_cost_hat=jnp.exp(market.unit_cost),
        trade=trade,
        expenditure=jnp.exp(unknowns.expenditure) * problem.expenditure,
        purchases=landed * (1.0 + shock.tariff),
        income=market.income,
        tariff_revenue=(shock.tariff * landed).sum(axis=(0, 2)),
        rents=to_importer + to_exporter,
        residual=residual,
        steps=jnp.asarray(steps),
        status=_status(residual, market.income),
    )


def _status(residual: Float[Array, ""], income: Float[Array, " n"]) -> Int[Array, ""]:
    finite = jnp.isfinite(residual)
    unsolved = jnp.where(finite, Status.STEPS.code, Status.NOT_FINITE.code)
    solved = jnp.where(jnp.all(income > 0), Status.SOLVED.code, Status.INCOME.code)
    return jnp.where(finite & (residual <= TOLERANCE), solved, unsolved)
