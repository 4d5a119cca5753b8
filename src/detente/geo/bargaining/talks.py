"""What is on the table: openings of either side, and what each is worth by the engine.

An opening is one sector of one side's market. Its depth `x`, 0 to 1, is the part of the sector's
services restrictions that goes (the gap to the least restrictive regime), or of its tariffs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from ..._core import ScenarioError, SolveError
from ...closure import Closure
from ...ensemble import log_welfare
from ...equilibrium import solve
from ...policy import ServicesLiberalisation, Wedges
from ...scenario import Scenario
from ...selection import country_mask, Names, sector_mask
from ...simulation import Play, prepare
from ...world import Baseline, Economy, Shock


COST_PER_STRI_POINT = 1.54
"""Log trade cost per point of the index, from the OECD figure cited in china-korea/phase-two."""
PERCENT = 100.0


@dataclass(frozen=True)
class Opening:
    """One sector of one side's market, opened to the other side or to everyone."""

    deal: int
    """The position of the pair that talks about it."""
    opener: str
    partner: str
    sector: str
    means: str
    """"services": the restrictiveness gap; "tariff": the tariffs."""


class Talks(eqx.Module):
    """Openings as the engine takes them."""

    economy: Economy
    shock: Shock
    """What the scenario has in force whether or not anything is agreed."""
    closure: Closure
    log_cut: Float[Array, "o d s"]
    """Log trade cost that goes where a services sector is opened altogether."""
    levied: Float[Array, "o d s"]
    """One where the tariff is on the table."""
    reach: Float[Array, "o j"]
    """One for the origins that an opening is for."""
    importer: Int[Array, " j"]
    sector: Int[Array, " j"]
    deal: tuple[int, ...] = eqx.field(static=True)
    """By opening."""

    def shock_at(self, depth: Float[Array, " j"]) -> Shock:
        """The shock of openings of that depth. Who is let in twice has the deeper opening.

        Where nothing is open yet, each opening counts in full: the derivative of the larger of two
        zeros would be shared between them, and the first step of an opening is its own.
        """
        closed = jnp.zeros_like(self.log_cut)
        deepest = total = closed
        for deal in sorted(set(self.deal)):
            own = np.flatnonzero(np.array(self.deal) == deal)
            part = depth[own][None, :] * self.reach[:, own]
            place = (slice(None), self.importer[own], self.sector[own])
            part = closed.at[place].add(part)
            deepest, total = jnp.maximum(deepest, part), total + part
        opened = jnp.where(deepest > 0, deepest, total)
        cost = self.shock.trade_cost_hat * jnp.exp(-opened * self.log_cut)
        tariff = self.shock.tariff * (1.0 - opened * self.levied)
        return eqx.tree_at(lambda s: (s.trade_cost_hat, s.tariff), self.shock, (cost, tariff))


@eqx.filter_jit
def welfare(talks: Talks, depth: Float[Array, " j"]) -> Float[Array, " n"]:
    """100 times the log of real income over the baseline's, by country."""
    equilibrium = solve(talks.economy, talks.shock_at(depth), talks.closure)
    return PERCENT * log_welfare(talks.economy, equilibrium)


@eqx.filter_jit
def welfare_of_each(talks: Talks, depths: Float[Array, "p j"]) -> Float[Array, "p n"]:
    """The same for many depths, one after the other."""
    return jax.lax.map(lambda depth: welfare(talks, depth), depths)


@eqx.filter_jit
def slopes(
    talks: Talks, depth: Float[Array, " j"], players: Int[Array, " c"]
) -> tuple[Float[Array, " n"], Float[Array, "c j"]]:
    """Welfare, and the derivative of each player's to every depth, exact at the equilibrium."""
    value, pull = jax.vjp(lambda x: welfare(talks, x), depth)
    directions = jnp.zeros((players.size, value.size)).at[jnp.arange(players.size), players].set(1)
    return value, jax.vmap(lambda direction: pull(direction)[0])(directions)


@eqx.filter_jit
def slopes_of_each(
    talks: Talks, depths: Float[Array, "p j"], players: Int[Array, " c"]
) -> tuple[Float[Array, "p n"], Float[Array, "p c j"]]:
    return jax.lax.map(lambda depth: slopes(talks, depth, players), depths)


def lay_out(
    baseline: Baseline,
    scenario: Scenario,
    pairs: Sequence[tuple[str, str]],
    *,
    sectors: Names = ("services",),
    mfn: bool = False,
    cost_per_stri_point: float = COST_PER_STRI_POINT,
) -> tuple[Talks, tuple[Opening, ...], Play]:
    """The openings that each pair can talk about, sector by sector and side by side.

    Services are opened by the gap of their restrictiveness index, goods by their tariffs; a sector
    with neither, or without trade, is not on the table. With `mfn`, what a side opens is open to
    everyone. Raises `ScenarioError` for names that the baseline does not have and where nothing is
    on the table.
    """
    played = prepare(baseline, scenario)
    chosen = sector_mask(baseline, sectors)
    openings: list[Opening] = []
    reach: list[Float[np.ndarray, " o"]] = []
    log_cut = np.zeros(played.economy.trade.shape)
    tariff = np.asarray(played.shock.tariff)
    for deal, (opener, partner) in _directions(played.baseline, pairs):
        cut = _log_cut(played.baseline, opener, sectors, cost_per_stri_point)
        to = _reached(played.baseline, opener, partner, mfn)
        log_cut = np.maximum(log_cut, cut)
        place = baseline.country_index[opener]
        bought = np.asarray(played.economy.trade)[:, place] * to[:, None]
        barrier = {"services": bought * cut[:, place], "tariff": bought * tariff[:, place]}
        for s in np.flatnonzero(chosen):
            means = [kind for kind, wall in barrier.items() if (wall[:, s] > 0).any()]
            if means:
                sector = baseline.sectors[s]
                openings.append(Opening(deal, opener, partner, sector, means[0]))
                reach.append(to)
    if not openings:
        raise ScenarioError(
            f"no sector of {', '.join(sectors)} has a restriction or tariff to bargain over."
        )
    countries, names = baseline.country_index, baseline.sector_index
    talks = Talks(
        economy=played.economy,
        shock=played.shock,
        closure=played.closure,
        log_cut=jnp.asarray(log_cut),
        levied=jnp.asarray((log_cut <= 0).astype(float)),
        reach=jnp.asarray(np.stack(reach, axis=1)),
        importer=jnp.asarray([countries[one.opener] for one in openings]),
        sector=jnp.asarray([names[one.sector] for one in openings]),
        deal=tuple(one.deal for one in openings),
    )
    return talks, tuple(openings), played


def require_finite(values: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
    """The values, or `SolveError` where an equilibrium was not found."""
    if not np.isfinite(values).all():
        raise SolveError(
            "an agreement on the way has no equilibrium that was found; fewer sectors, or another "
            "horizon or treatment of deficits, may help."
        )
    return values


def _directions(
    baseline: Baseline, pairs: Sequence[tuple[str, str]]
) -> list[tuple[int, tuple[str, str]]]:
    for pair in pairs:
        for code in pair:
            if country_mask(baseline, (code,)).sum() != 1 or code not in baseline.country_index:
                raise ScenarioError(f"'{code}' is a group; name one country of {baseline.name}.")
        if pair[0] == pair[1]:
            raise ScenarioError(f"{pair[0]} cannot bargain with itself; name two countries.")
    return [(deal, side) for deal, (a, b) in enumerate(pairs) for side in ((a, b), (b, a))]


def _reached(baseline: Baseline, opener: str, partner: str, mfn: bool) -> Float[np.ndarray, " o"]:
    places = baseline.country_index
    reached = np.full(len(baseline.countries), float(mfn))
    reached[places[partner]], reached[places[opener]] = 1.0, 0.0
    return reached


def _log_cut(
    baseline: Baseline, opener: str, sectors: Names, cost: float
) -> Float[np.ndarray, "o d s"]:
    """What the policy of the same name takes off the log cost, the whole gap closed.

    The gap may be negative where the opener is the least restrictive: nothing is left to open.
    """
    index = baseline.restrictiveness
    if index is None:
        return np.zeros(baseline.economy.trade.shape)
    place = baseline.country_index[opener]
    if np.isnan(index.score[:, place]).all():
        return np.zeros(baseline.economy.trade.shape)
    whole = ServicesLiberalisation(
        opens=(opener,), to="all", sectors=sectors, stri_cut=1.0, cost_per_stri_point=cost
    )
    return np.maximum(-whole.apply(Wedges.of(baseline), baseline, None).log_cost, 0.0)
