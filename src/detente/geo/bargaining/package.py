"""Openings as policies: what is agreed, as an ordinary scenario that anyone can run again."""

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Float

from ..._ratios import SureRatio
from ...policy import Policy, ServicesLiberalisation, Tariff
from ...scenario import Scenario, with_policies
from ...simulation import Play
from .talks import Opening, Talks


def with_openings(
    scenario: Scenario,
    played: Play,
    talks: Talks,
    openings: Sequence[Opening],
    depth: Float[np.ndarray, " j"],
    cost_per_stri_point: float,
) -> Scenario:
    """The scenario with openings of those depths on top: its shock is that of the talks.

    Services close that part of their gap; tariffs become the rates that are left, in levels. Who
    is let in twice has the deeper opening.
    """
    added: dict[str, Policy] = {}
    for place, level in _levels(openings, talks, depth):
        one = openings[place]
        made = _tariffs if one.means == "tariff" else _services
        policies = made(one, level, played, cost_per_stri_point)
        for number, policy in enumerate(policies):
            more = f" {number + 1}" if number else ""
            added[f"package {one.opener} {one.sector}{more}"] = policy
    return with_policies(scenario, added)


def _levels(
    openings: Sequence[Opening], talks: Talks, depth: Float[np.ndarray, " j"]
) -> Iterator[tuple[int, Float[np.ndarray, " o"]]]:
    """For each market that is opened: one of its openings, and the depth by origin."""
    reach = np.asarray(talks.reach)
    markets: dict[tuple[str, str], list[int]] = {}
    for place, one in enumerate(openings):
        markets.setdefault((one.opener, one.sector), []).append(place)
    for places in markets.values():
        level = (depth[places] * reach[:, places]).max(axis=1)
        if level.any():
            yield places[0], level


def _services(
    one: Opening, level: Float[np.ndarray, " o"], played: Play, cost: float
) -> list[Policy]:
    return [
        ServicesLiberalisation(
            opens=(one.opener,), to=_at(level, depth, played), sectors=(one.sector,),
            stri_cut=depth, cost_per_stri_point=SureRatio(cost),
        )
        for depth in np.unique(level[level > 0]).tolist()
    ]  # fmt: skip


def _tariffs(
    one: Opening, level: Float[np.ndarray, " o"], played: Play, cost: float
) -> list[Policy]:
    world = played.baseline
    place, sector = world.country_index[one.opener], world.sector_index[one.sector]
    before = np.asarray(played.shock.tariff)[:, place, sector]
    rate = np.where((level > 0) & (before != 0), before * (1.0 - level), np.nan)
    return [
        Tariff(
            importers=(one.opener,), exporters=_at(rate, left, played), sectors=(one.sector,),
            rate=SureRatio(left),
        )
        for left in np.unique(rate[~np.isnan(rate)]).tolist()
    ]  # fmt: skip


def _at(values: Float[np.ndarray, " o"], value: float, played: Play) -> tuple[str, ...]:
    """The countries that have that value."""
    countries = played.baseline.countries
    return tuple(code for code, own in zip(countries, values, strict=True) if own == value)
