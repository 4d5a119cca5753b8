"""Solve one counterfactual: `(Economy, Shock, Closure) -> Equilibrium`."""

from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from .._core import SolveError, Status
from ..closure import Closure
from ..world import Economy, Shock
from ._anderson import fixed_point
from ._continuation import part_of
from ._equations import (
    accounts,
    chosen_anew,
    Labour,
    market_flows,
    sales,
    settle,
    spending,
    step,
    supply,
    Unknowns,
)
from ._implicit import differentiable
from ._problem import locked_at_first, log_barrier, Problem
from ._uses import for_final_use, for_inputs, market_of, over_uses, shock_to


# The largest relative error of any equation that counts as solved.
TOLERANCE = 1e-10
MAX_STEPS = 500
# A part of the shock this small that still cannot be added is one that nothing will add.
_SMALLEST_PART = 1.0 / 256

TEXTBOOK = Closure()


class Equilibrium(eqx.Module):
    """A solved counterfactual: hats are new over old, levels are million US$ of the numeraire.

    The numeraire is world value added.
    """

    labour_income_hat: Float[Array, " n"]
    """All sectors together: the wage where all labour is employed and its quantity is fixed."""
    employment_hat: Float[Array, " n"]
    """Labour at work in all sectors at the baseline's wages; one where it is fixed and employed."""
    labour_supply_hat: Float[Array, " n"]
    employment_rate: Float[Array, "n s"]
    """The part of the labour supplied to a sector that is hired; one without a wage floor."""
    sector_wage_hat: Float[Array, "n s"]
    price_hat: Float[Array, "n s"]
    """Of final use, where it and inputs have import shares of their own."""
    input_price_hat: Float[Array, "n s"]
    """Of inputs; the same where they have not."""
    unit_cost_hat: Float[Array, "n s"]
    trade: Float[Array, "o d s"]
    """At producer prices."""
    expenditure: Float[Array, "d s"]
    """At purchaser prices."""
    purchases: Float[Array, "o d s"]
    """Flows at the purchaser's price."""
    income: Float[Array, " n"]
    """What is spent: earned income and the deficit."""
    deficit: Float[Array, " n"]
    tariff_revenue: Float[Array, " n"]
    rents: Float[Array, " n"]
    """Export taxes and the rents of rationing that the country keeps."""
    profit: Float[Array, " n"]
    """Of firms whose number is fixed; zero under perfect competition and free entry."""
    residual: Float[Array, ""]
    """Largest relative error of any equation at this point."""
    steps: Int[Array, ""]
    status: Int[Array, ""]
    """A code of `Status`."""
    input_trade: Float[Array, "o d s"] | None = None
    """The part of `trade` that is bought as inputs, where it is told apart."""
    began: Float[Array, "o d m"] | None = None
    """Where buyers are staggered, what the last year began with; see `Staggered.locked`."""
    left: Float[Array, "o d m"] | None = None
    """What it leaves to the next."""

    @property
    def output(self) -> Float[Array, "o s"]:
        return self.trade.sum(axis=1)

    @property
    def expenditure_share(self) -> Float[Array, "o d s"]:
        total = self.expenditure[None, :, :]
        return jnp.where(total > 0, self.purchases / jnp.where(total > 0, total, 1.0), 0.0)


@eqx.filter_jit
def solve(
    economy: Economy, shock: Shock, closure: Closure = TEXTBOOK, *, max_steps: int = MAX_STEPS
) -> Equilibrium:
    """The equilibrium after `shock`, in the numeraire of world value added.

    Never raises for a problem that was not solved: `status` says so, and a batch made with
    `jax.vmap` keeps its other members. A shock that cannot be solved at once is added in parts.
    One compilation serves every world of one shape. Derivatives, forward and reverse, come from
    the implicit function theorem at the solution. Where buyers are staggered, the years that the
    shock has lasted are solved one after the other and the last is given.
    """
    staggered = closure.staggered
    if staggered is None or staggered.years == 1:
        return _solve_once(economy, shock, closure, max_steps)
    return _solve_years(economy, shock, closure, max_steps)


def _solve_once(economy: Economy, shock: Shock, closure: Closure, max_steps: int) -> Equilibrium:
    problem = Problem.of(economy, shock, closure)
    known = jax.lax.stop_gradient((problem, economy, shock, closure))
    solution, steps = _find(*known, max_steps)
    unknowns = differentiable(solution, problem)
    equilibrium = _observe(unknowns, problem, shock, steps)
    if problem.locked is None:
        return equilibrium
    market = market_of(economy)
    wedges = shock_to(market, shock)
    began, barrier = locked_at_first(market, closure), log_barrier(market, wedges)
    kept = (1.0 - problem.locked.reset) * wedges.allowed * began
    left = kept + chosen_anew(unknowns, problem, barrier, wedges.taste_hat)
    return replace(equilibrium, began=began, left=left)


def _solve_years(economy: Economy, shock: Shock, closure: Closure, max_steps: int) -> Equilibrium:
    """The last of several years of one shock; unsolved where any of them is."""
    staggered = closure.staggered
    assert staggered is not None
    first = in_first_year(closure, economy)
    solve_year = lambda closure: _solve_once(economy, shock, closure, max_steps)
    shapes = jax.eval_shape(lambda: solve_year(first))
    nothing = jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), shapes)
    before = replace(nothing, status=jnp.full_like(nothing.status, Status.SOLVED.code))

    def year(state: tuple[Closure, Equilibrium], _: None) -> tuple[tuple, None]:
        closure, before = state
        one = solve_year(closure)
        missing = before.status != Status.SOLVED.code
        so_far = replace(
            one,
            residual=jnp.maximum(before.residual, one.residual),
            steps=before.steps + one.steps,
            status=jnp.where(missing, before.status, one.status),
        )
        return (in_next_year(closure, one), so_far), None

    return jax.lax.scan(year, (first, before), length=staggered.years)[0][1]


def in_first_year(closure: Closure, economy: Economy) -> Closure:
    """The closure of the first of years that are solved one by one, with its state filled in."""
    assert closure.staggered is not None
    locked = locked_at_first(market_of(economy), closure)
    return replace(closure, staggered=replace(closure.staggered, locked=locked, years=1))


def in_next_year(closure: Closure, equilibrium: Equilibrium) -> Closure:
    """The closure of the year after an equilibrium: buyers have its suppliers, workers moved on."""
    staggered, immobility = closure.staggered, closure.labour_immobility
    assert staggered is not None and equilibrium.left is not None
    if immobility is not None and staggered.moves_labour:
        immobility = immobility * (1.0 - staggered.reset)
    floor = closure.wage_floor
    return replace(
        closure,
        staggered=replace(staggered, locked=equilibrium.left),
        labour_immobility=immobility,
        wage_floor=None if floor is None else replace(floor, years=floor.years + 1.0),
    )


def solved(economy: Economy, shock: Shock, closure: Closure = TEXTBOOK) -> Equilibrium:
    """The equilibrium, for whom there is no answer without one: raises `SolveError`."""
    equilibrium = solve(economy, shock, closure)
    require_solved(equilibrium.status)
    return equilibrium


def require_solved(code: int | Int[Array, ""], what: str = "") -> None:
    """Raise `SolveError` with the sentence of a status that is not solved, and `what` before it."""
    status = Status.of(int(code))
    if status is not Status.SOLVED:
        raise SolveError(f"{what}{status.sentence}")


def without_deficits(economy: Economy, closure: Closure = TEXTBOOK) -> Economy:
    """The same economy with every trade deficit removed, and all else adjusted to that.

    What Caliendo and Parro (2015) and Ossa (2014) do before any counterfactual: the world that is
    returned is a baseline of its own, in equilibrium without transfers. Raises `SolveError` where
    there is none.
    """
    world, code = balanced(economy, closure)
    require_solved(code, "the world without trade deficits was not found. ")
    return world


def balanced(economy: Economy, closure: Closure = TEXTBOOK) -> tuple[Economy, Int[Array, ""]]:
    """The world without deficits and a code of `Status`: never raises, and has derivatives."""
    equilibrium = solve(economy, Shock.none(economy), replace(closure, deficits="removed"))
    potential = economy.potential_trade
    if potential is not None:
        # What the bans hide keeps its share in what is spent.
        spent = equilibrium.expenditure[None] / (1.0 + economy.tariff)
        potential = equilibrium.trade + economy.hidden_share * spent
    world = replace(
        economy,
        trade=equilibrium.trade,
        potential_trade=potential,
        input_trade=equilibrium.input_trade,
    )
    return world, equilibrium.status


class _Search(eqx.Module):
    """How far the shock has been added, and from where the next part starts."""

    reached: Float[Array, ""]
    part: Float[Array, ""]
    target: Float[Array, ""]
    """How much of the shock the problem holds."""
    problem: Problem
    unknowns: Unknowns
    steps: Int[Array, ""]


def _find(
    problem: Problem, economy: Economy, shock: Shock, closure: Closure, max_steps: int
) -> tuple[Unknowns, Int[Array, ""]]:
    """The whole shock at once; where that fails, part by part, each from where the last ended."""

    def attempt(search: _Search) -> _Search:
        solution = fixed_point(
            lambda unknowns: step(unknowns, search.problem),
            search.unknowns,
            tolerance=TOLERANCE,
            max_steps=max_steps,
        )
        solved = solution.residual <= TOLERANCE
        keep = lambda new, old: jax.tree.map(lambda a, b: jnp.where(solved, a, b), new, old)
        reached = jnp.where(solved, search.target, search.reached)
        part = jnp.where(solved, search.part, search.part / 4)
        target = jnp.minimum(reached + part, 1.0)
        return _Search(
            reached=reached,
            part=part,
            target=target,
            # Found at once is the rule, and then there is no next part to set up.
            problem=jax.lax.cond(reached < 1.0, at, lambda target: search.problem, target),
            unknowns=keep(solution.value, search.unknowns),
            steps=search.steps + solution.steps,
        )

    def at(target: Float[Array, ""]) -> Problem:
        problem = Problem.of(economy, part_of(shock, economy, target), closure)
        if closure.deficits != "removed":
            return problem
        left = (1.0 - target) * economy.deficit
        return eqx.tree_at(lambda problem: problem.deficit, problem, left)

    def unfinished(search: _Search) -> Array:
        return (search.reached < 1.0) & (search.part >= _SMALLEST_PART)

    whole = jnp.array(1.0)
    unchanged = Unknowns.unchanged(economy, closure)
    start = _Search(jnp.array(0.0), whole, whole, problem, unchanged, jnp.array(0))
    last = jax.lax.while_loop(unfinished, attempt, start)
    return last.unknowns, last.steps


def _observe(
    unknowns: Unknowns, problem: Problem, shock: Shock, steps: Int[Array, ""]
) -> Equilibrium:
    offered, sold = supply(unknowns, problem), sales(unknowns, problem)
    account = accounts(unknowns, sold, problem)
    _, residual = settle(unknowns, sold, account, problem)
    flows, sectors = market_flows(unknowns, problem), problem.output.shape[1]
    trade = over_uses(flows, sectors)
    landed, rents = trade, jnp.zeros_like(account.income)
    if shock.has_rents:
        landed, remitted = trade * shock.landed, trade * shock.remitted
        rents = (landed - remitted).sum(axis=(0, 2)) + (remitted - trade).sum(axis=(1, 2))
    return Equilibrium(
        labour_income_hat=jnp.exp(unknowns.wage),
        employment_hat=_employment(offered.labour, sold.output, problem),
        labour_supply_hat=jnp.exp(offered.labour.hours),
        employment_rate=jnp.exp(offered.labour.employed),
        sector_wage_hat=jnp.exp(offered.labour.wage),
        price_hat=jnp.exp(for_final_use(unknowns.price, sectors)),
        input_price_hat=jnp.exp(for_inputs(unknowns.price, sectors)),
        unit_cost_hat=jnp.exp(offered.unit_cost),
        trade=trade,
        expenditure=over_uses(spending(unknowns, problem), sectors),
        purchases=landed * (1.0 + shock.tariff),
        income=account.income,
        deficit=account.deficit,
        tariff_revenue=(shock.tariff * landed).sum(axis=(0, 2)),
        rents=rents,
        profit=(problem.profit_share * sold.output).sum(axis=1),
        residual=residual,
        steps=steps,
        status=_status(residual, account.income),
        input_trade=None if flows is trade else for_inputs(flows, sectors),
    )


def _employment(work: Labour, output: Float[Array, "n s"], problem: Problem) -> Float[Array, " n"]:
    """Hours supplied, times the part of them that is hired."""
    income = problem.labour_share * output
    offered = income / jnp.exp(work.wage + work.employed)
    hired = (offered * jnp.exp(work.employed)).sum(axis=1) / offered.sum(axis=1)
    return jnp.exp(work.hours) * hired


def _status(residual: Float[Array, ""], income: Float[Array, " n"]) -> Int[Array, ""]:
    finite = jnp.isfinite(residual)
    unsolved = jnp.where(finite, Status.STEPS.code, Status.NOT_FINITE.code)
    solved = jnp.where(jnp.all(income > 0), Status.SOLVED.code, Status.INCOME.code)
    return jnp.where(finite & (residual <= TOLERANCE), solved, unsolved)
