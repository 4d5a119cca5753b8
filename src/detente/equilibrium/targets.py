"""The wedges under which quantities are what was seen: any number at once, in the whole model.

A wedge is the log of a mark-up. Quantities are seen in logs (shares in log odds), in which they are
nearly linear in wedges. What is found is a function of the targets and of the world they are looked
for in, with derivatives by the implicit function theorem.
"""

from collections.abc import Callable
from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Shaped

from .._core import Keeper as Keeper, KEEPERS as KEEPERS, Status
from ..closure import Closure
from ..world import Economy, Shock
from ._solve import Equilibrium, solve


Seen = Callable[[Float[Array, " w"]], Float[Array, " w"]]
"""What log wedges make of as many quantities, in logs; not a number where nothing was solved. The
method of a module, so that its arrays are arguments of one compiled search."""

FOUND = 1e-9
"""Largest miss of a log quantity that counts as found: what a solve to 1e-10 may leave of it."""
LARGEST = 20.0
"""No wedge is looked for beyond: at a mark-up of e to this power nothing is traded."""
# The search ends well within `FOUND`: whoever plays the wedge anew finds the quantity as well.
_TOLERANCE = 1e-10
_MAX_STEPS = 60
# A part of a step this small that still leads nowhere is one that nothing will lead from.
_SMALLEST_PART = 1.0 / 64


class Wedged(eqx.Module):
    """A world on which wedges can be put. Flows on which someone keeps the rent of one must not be
    rationed already."""

    economy: Economy
    shock: Shock
    """What is in force without them."""
    closure: Closure
    cells: Float[Array, "w o d s"]
    """One on the flows of each wedge."""
    keeper: Float[Array, " keeper"]
    """One for who has the difference, in the order of `KEEPERS`: one program serves all of them."""

    @classmethod
    def of(
        cls,
        economy: Economy,
        shock: Shock,
        closure: Closure,
        cells: Shaped[Array | np.ndarray, "w o d s"],
        keeper: Keeper,
    ) -> "Wedged":
        """The world with the name of who has the difference."""
        chosen = jnp.array([float(keeper == one) for one in KEEPERS])
        return cls(economy, shock, closure, jnp.asarray(cells, float), chosen)

    @property
    def kept_by(self) -> Keeper:
        """The name of who has the difference."""
        return KEEPERS[int(jnp.argmax(self.keeper))]

    def shock_under(self, log_wedge: Float[Array, " w"]) -> Shock:
        """What is in force with the wedges."""
        wedge = jnp.einsum("w,wods->ods", log_wedge, self.cells)
        by_keeper = lambda cells: jnp.einsum("k,ods->kods", self.keeper, cells)
        theta = self.economy.trade_elasticity
        return with_wedges(self.shock, theta, by_keeper(wedge), by_keeper(self.cells.max(axis=0)))

    def under(self, log_wedge: Float[Array, " w"]) -> Equilibrium:
        """The equilibrium with the wedges."""
        return solve(self.economy, self.shock_under(log_wedge), self.closure)

    def shipped(self, equilibrium: Equilibrium) -> Float[Array, " w"]:
        """The quantity of each wedge's flows at baseline prices; what melts on the way counts."""
        quantity = equilibrium.trade / equilibrium.unit_cost_hat[:, None, :]
        return jnp.einsum("wods,ods->w", self.cells, quantity)

    def log_shipped(self, log_wedge: Float[Array, " w"]) -> Float[Array, " w"]:
        """The log of that quantity under the wedges, to be sought."""
        equilibrium = self.under(log_wedge)
        return where_solved(equilibrium, jnp.log(self.shipped(equilibrium)))

    def at_given_prices(self, log_kept: Float[Array, " w"]) -> Float[Array, " w"]:
        """The log wedges that leave so much where nothing else moves: where to begin to look.

        What is shipped falls by the trade elasticity with a cost and, as of the buyer's price less
        reaches the seller, by one more where the wedge is paid to someone.
        """
        _, importer, exporter, treasury, _ = self.keeper
        flow = jnp.einsum("wods,ods->ws", self.cells, self.economy.trade)
        theta = flow @ self.economy.trade_elasticity / flow.sum(axis=1)
        return -log_kept / (theta + importer + exporter + treasury)


def with_wedges(
    shock: Shock,
    theta: Float[Array, " s"],
    wedge: Float[Array, "keeper o d s"],
    on: Float[Array, "keeper o d s"],
) -> Shock:
    """The shock with log wedges on top, by who has the difference, in the order of `KEEPERS`.

    `on` is one on the flows that have a wedge of that keeper, whatever its size.
    """
    nobody, importer, exporter, treasury, taste = wedge
    none = jnp.zeros_like(nobody)
    given = lambda value, neutral: neutral if value is None else value
    to_importer, to_exporter = on[KEEPERS.index("importer")], on[KEEPERS.index("exporter")]
    held = given(shock.rent_to_importer, none)
    return replace(
        shock,
        # A tariff without a wedge keeps its last digit.
        tariff=shock.tariff + (1.0 + shock.tariff) * jnp.expm1(treasury),
        trade_cost_hat=shock.trade_cost_hat * jnp.exp(nobody),
        rationing=given(shock.rationing, none) + jnp.expm1(importer + exporter),
        rent_to_importer=held * (1.0 - to_importer - to_exporter) + to_importer,
        taste_hat=given(shock.taste_hat, none + 1.0) * jnp.exp(-theta[None, None, :] * taste),
    )


class Sought(eqx.Module):
    """The end of a search."""

    log_wedge: Float[Array, " w"]
    missed: Float[Array, ""]
    """The largest miss of a log quantity there; not a number where no equilibrium was found."""

    @property
    def found(self) -> bool:
        """Whether the quantities are what was wanted; never for one that no wedge moves."""
        return bool(self.missed <= FOUND)

    @property
    def nearest(self) -> str:
        """How near the search came, as a clause."""
        if not jnp.isfinite(self.missed):
            return "no equilibrium was found where the search began"
        return f"the nearest misses it by {float(self.missed):.1e} in logs"


def where_solved(equilibrium: Equilibrium, seen: Float[Array, " w"]) -> Float[Array, " w"]:
    """The same numbers; not numbers where no equilibrium was found."""
    return jnp.where(equilibrium.status == Status.SOLVED.code, seen, jnp.nan)


class Begun(eqx.Module):
    """What is known where a search begins; without it the engine's own derivative is taken."""

    seen: Float[Array, " w"]
    slope: Float[Array, "w w"]
    """Of what is seen to wedges, about."""


@eqx.filter_jit
def seek(
    seen: Seen,
    wanted: Float[Array, " w"],
    guess: Float[Array, " w"],
    *,
    at_most: bool = False,
    begun: Begun | None = None,
) -> Sought:
    """The log wedges under which what is seen is what is wanted.

    With `begun` the search is compiled in a fraction of the time, and takes a few steps more. With
    `at_most` the smallest ones, none of them negative, under which nothing is above what is
    wanted. Never raises: where there are none, `missed` says by how much the nearest miss. Their
    derivatives, forward and reverse, to the targets and to all that `seen` holds, are implicit;
    those to the guess are zero.
    """
    away = lambda wedge: _away(wedge, wanted - seen(wedge), at_most)

    def search(_: Callable, start: Float[Array, " w"]) -> tuple[Array, Array]:
        last = _search(seen, wanted, start, at_most, known)
        return last.wedge, jnp.max(jnp.abs(_away(last.wedge, wanted - last.seen, at_most)))

    def tangent(slope: Callable, change: Float[Array, " w"]) -> Float[Array, " w"]:
        return jnp.linalg.solve(_columns(slope, change), change)

    start, known = jax.lax.stop_gradient((guess, begun))
    return Sought(*jax.lax.custom_root(away, start, search, tangent, has_aux=True))


class _Search(eqx.Module):
    wedge: Float[Array, " w"]
    seen: Float[Array, " w"]
    slope: Float[Array, "w w"]
    """Of what is seen to wedges."""
    part: Float[Array, ""]
    """Of a whole step: less where the last one led to where nothing is solved."""
    moves: Array
    steps: Int[Array, ""]


def _search(
    seen: Seen,
    wanted: Float[Array, " w"],
    guess: Float[Array, " w"],
    at_most: bool,
    known: Begun | None = None,
) -> _Search:
    """Newton's method: with the engine's derivative at the guess, which costs a solve for every
    wedge, or one that is given, and what every step then teaches of it (Broyden 1965)."""
    lowest = 0.0 if at_most else -LARGEST

    def unfinished(search: _Search) -> Array:
        missed = jnp.max(jnp.abs(_away(search.wedge, wanted - search.seen, at_most)))
        going = search.moves & (search.part >= _SMALLEST_PART) & (search.steps < _MAX_STEPS)
        return going & (missed > _TOLERANCE)

    def attempt(search: _Search) -> _Search:
        gap = wanted - search.seen
        # A wedge that is not needed goes to zero; the others go where their quantities are met.
        needed = (search.wedge > gap) | (not at_most)
        slope = jnp.where(needed[:, None], search.slope, -jnp.eye(len(gap)))
        step = jnp.linalg.solve(slope, _away(search.wedge, gap, at_most))
        wedge = jnp.clip(search.wedge + search.part * step, lowest, LARGEST)
        now, moved = seen(wedge), wedge - search.wedge
        length = moved @ moved
        surprise = now - search.seen - search.slope @ moved
        learnt = jnp.outer(surprise, moved) / jnp.where(length > 0, length, 1.0)
        solved = jnp.isfinite(now).all()
        keep = lambda new, old: jnp.where(solved, new, old)
        return _Search(
            wedge=keep(wedge, search.wedge),
            seen=keep(now, search.seen),
            slope=keep(search.slope + learnt, search.slope),
            part=keep(jnp.array(1.0), search.part / 4),
            moves=length > 0,
            steps=search.steps + 1,
        )

    if known is None:
        first, push = jax.linearize(seen, guess)
        known = Begun(first, _columns(push, guess))
    begun = _Search(guess, known.seen, known.slope, jnp.array(1.0), jnp.array(True), jnp.array(0))
    return jax.lax.while_loop(unfinished, attempt, begun)


def _away(wedge: Float[Array, " w"], gap: Float[Array, " w"], at_most: bool) -> Float[Array, " w"]:
    """Zero where the target is met; with `at_most` also where it is exceeded without a wedge."""
    return jnp.minimum(wedge, gap) if at_most else gap


def _columns(linear: Callable, like: Float[Array, " w"]) -> Float[Array, "w w"]:
    """The matrix of a linear map."""
    return jax.vmap(linear, out_axes=1)(jnp.eye(len(like)))
