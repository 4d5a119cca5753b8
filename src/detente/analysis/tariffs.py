"""Tariffs as someone would set them: alone, at war, or together."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import jax.numpy as jnp
import numpy as np
import xarray as xr
from jaxtyping import Array

from .. import equilibrium
from .._core import ScenarioError, SolveError, Status
from ..about import About
from ..equilibrium import (
    Choice,
    counted_welfare_hat,
    real_sector_income_hat,
    TariffEquilibrium,
    welfare_hat,
)
from ..scenario import Scenario
from ..selection import country_mask, Names, sector_mask
from ..simulation import Play, prepare, refuse_years
from ..world import Baseline
from .sector_weights import sector_weights


Aim = Literal["alone", "war", "together"]
INSTRUMENTS = ("tariff", "export-tax", "both")
# Axes of origin, destination, sector along which a player has one rate.
RATES: dict[str, tuple[int, ...]] = {
    "one": (0, 2), "partner": (2,), "sector": (0,), "partner-sector": (),
}  # fmt: skip
# Deficits of this part of world income are what a solve to 1e-10 leaves of none.
_BALANCED = 1e-8
# A first-order condition that a rate misses by no more than this is met.
_MET = 1e-5


@dataclass(frozen=True)
class Mandate:
    """What governments may set, and whom they favour."""

    instrument: str = "tariff"
    """Tariffs on imports, taxes on exports, of which a negative one is a subsidy, or both."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """How much they care for the people of a sector, such as {"KOR.AGR": 1.5}; else one."""
    least: float | None = None
    """No rate is below this; 0.2 is 20 %."""
    most: float | None = None
    """No rate is above this."""


def choose_tariffs(
    baseline: Baseline,
    scenario: Scenario,
    players: Names,
    *,
    aim: Aim = "war",
    rates: str = "one",
    sectors: Names = ("goods",),
    mandate: Mandate = Mandate(),
) -> xr.Dataset:
    """The rates that players choose in the sectors, and what they do to everyone.

    `alone`: each of the players in turn would set them if nobody else changed anything; only one
    player is meant then. `war`: each maximises its own welfare given the others' rates (Nash).
    `together`: they maximise the sum of their log welfares weighted by baseline income. Where the
    mandate has weights, a government maximises the weighted sum of what the people of its sectors
    can buy, as in Ossa (2014): wages and profits of the sector, and of all other income a part by
    wages. The scenario gives everything else: baseline, horizon, adjustment, and policies in force
    before. Raises `ScenarioError` for names, weights and what has no answer, and `SolveError` where
    the first-order conditions are not met.
    """
    refuse_years(scenario, "tariffs are chosen")
    _refuse(aim, rates, mandate)
    played = prepare(baseline, scenario)
    choice = _mandated(_choice(played, players, aim, rates, sectors), played, mandate, players)
    game = equilibrium.choose_tariffs(played.economy, played.shock, choice, played.closure)
    _require_met(game, players)
    variables = _rates(played, choice, game, mandate) | _worth(played, choice, game)
    about = About.on(
        played.baseline, scenario, aim=aim, rates=rates, players=_codes(played, players),
        held_wedges=played.stated, first_order=float(game.first_order),
        status=Status.of(int(game.equilibrium.status)).sentence, steps=int(game.steps),
        units={name: variable[2]["units"] for name, variable in variables.items()},
        instrument=mandate.instrument, level_is_open=_level_is_open(played, choice),
    )  # fmt: skip
    about = about.adding(weights=dict(mandate.weights)) if mandate.weights else about
    countries, codes = list(played.baseline.countries), list(played.baseline.sectors)
    places = {"origin": countries, "destination": countries, "country": countries}
    return xr.Dataset(variables, {**places, "sector": codes}, about.record)


def _refuse(aim: Aim, rates: str, mandate: Mandate) -> None:
    """Raise a sentence for what is no choice, whatever the world."""
    for name, valid, what in (
        (rates, (*RATES,), "a way to set rates"),
        (mandate.instrument, INSTRUMENTS, "an instrument"),
    ):
        if name not in valid:
            raise ScenarioError(f"'{name}' is not {what}; valid are {', '.join(valid)}.")
    if aim == "together" and mandate.instrument == "both":
        raise ScenarioError(
            "together, tariffs and export taxes on trade among the players only move money between "
            "them; choose one instrument."
        )
    least, most = mandate.least, mandate.most
    if (least or 0.0) <= -1.0 or (most or 0.0) <= -1.0:
        raise ScenarioError("a subsidy is less than the whole price; set a bound above -1.")
    if least is not None and most is not None and least > most:
        raise ScenarioError(f"no rate is {least:g} or more and {most:g} or less; widen the bounds.")


def _require_met(game: TariffEquilibrium, players: Names) -> None:
    status = Status.of(int(game.equilibrium.status))
    miss = float(game.first_order)
    if status is not Status.SOLVED or not miss <= _MET:
        raise SolveError(
            f"no tariffs were found that {', '.join(players)} would keep: the first-order "
            f"conditions are missed by {miss:.1e} of a rate. {status.sentence}"
        )


def _rates(
    played: Play, choice: Choice, game: TariffEquilibrium, mandate: Mandate
) -> dict[str, Any]:
    """Rates and flows by what is taxed; not a number where nothing is chosen."""
    rates: dict[str, Any] = {}
    if mandate.instrument != "export-tax":
        before = played.shock.tariff
        rates |= _chosen("tariff", choice.chosen, 100 * before, 100 * game.tariff, "percent")
        flows = played.economy.trade, game.equilibrium.trade
        rates |= _chosen("imports", choice.chosen, *flows, "million US$")
    if choice.taxed is not None and game.export_tax is not None:
        before = played.shock.export_tax
        before = jnp.zeros_like(game.export_tax) if before is None else before
        rates |= _chosen("export_tax", choice.taxed, 100 * before, 100 * game.export_tax, "percent")
        flows = played.economy.trade, game.equilibrium.trade
        rates |= _chosen("exports", choice.taxed, *flows, "million US$")
    return rates


def _chosen(name: str, chosen: Array, before: Array, after: Array, units: str) -> dict[str, Any]:
    flow, is_chosen = ("origin", "destination", "sector"), np.asarray(chosen) > 0
    return {
        label: (flow, np.where(is_chosen, np.asarray(values), np.nan), {"units": units})
        for label, values in ((name, after), (f"{name}_before", before))
    }


def _worth(played: Play, choice: Choice, game: TariffEquilibrium) -> dict[str, Any]:
    """Welfare of every country; with weights also as governments count it, and by sector."""
    economy, after = played.economy, game.equilibrium
    percent = lambda hat: 100 * (np.asarray(hat) - 1)
    unit = {"units": "percent"}
    welfare = percent(welfare_hat(economy, after))
    worth: dict[str, Any] = {"welfare": ("country", welfare, unit | {"long_name": "Exact welfare"})}
    weight = choice.sector_weight
    if weight is None:
        return worth
    counted = counted_welfare_hat(economy, after, played.closure, weight)
    income = real_sector_income_hat(economy, after, played.closure)
    by_sector = ("country", "sector")
    return worth | {
        "counted_welfare": ("country", percent(counted), unit),
        "sector_income": (by_sector, percent(income), unit),
        "sector_weight": (by_sector, np.asarray(weight), {"units": "1"}),
    }


def _codes(played: Play, players: Names) -> list[str]:
    mask = country_mask(played.baseline, players)
    return [code for code, plays in zip(played.baseline.countries, mask, strict=True) if plays]


def _choice(played: Play, players: Names, aim: Aim, rates: str, sectors: Names) -> Choice:
    """Of tariffs; a choice of export taxes is made of it."""
    baseline = played.baseline
    mask = country_mask(baseline, players)
    places = np.flatnonzero(mask)
    if not places.size:
        raise ScenarioError("no player was named; name at least one country.")
    if aim == "alone" and places.size > 1:
        raise ScenarioError("only one country can be alone; name one, or let them be at war.")
    countries = len(mask)
    abroad = ~np.eye(countries, dtype=bool)[:, :, None]
    chosen = abroad & mask[None, :, None] & sector_mask(baseline, sectors)[None, None, :]
    maker, weight = np.zeros(countries, int), np.zeros((places.size, countries))
    if aim == "together":
        income = np.asarray(played.economy.income)
        weight = np.where(mask, income / income[places].sum(), 0.0)[None]
    else:
        maker[places] = np.arange(places.size)
        weight[np.arange(places.size), places] = 1.0
    return Choice(jnp.asarray(chosen, float), jnp.asarray(maker), jnp.asarray(weight), RATES[rates])


def _mandated(choice: Choice, played: Play, mandate: Mandate, players: Names) -> Choice:
    """The same choice with the mandate; raises where the level of rates is asked and is open."""
    bound = lambda rate: None if rate is None else jnp.asarray(rate, float)
    weights = mandate.weights
    weight = sector_weights(played.baseline, weights, players) if weights else None
    choice = replace(
        choice,
        sector_weight=None if weight is None else jnp.asarray(weight),
        least=bound(mandate.least),
        most=bound(mandate.most),
    )
    if mandate.instrument == "tariff":
        return choice
    taxed = jnp.swapaxes(choice.chosen, 0, 1)
    if mandate.instrument == "export-tax":
        return replace(choice, taxed=taxed, chosen=jnp.zeros_like(taxed))
    choice = replace(choice, taxed=taxed)
    deficits = jnp.abs(played.economy.deficit).sum() / played.economy.income.sum()
    if _level_is_open(played, choice) and deficits > _BALANCED:
        raise ScenarioError(
            "tariffs and export taxes on all that a country trades only revalue its deficit when "
            "they rise together; set adjustment.deficits=removed, or name fewer sectors."
        )
    return choice


def _level_is_open(played: Play, choice: Choice) -> bool:
    """Whether some player taxes all that it trades, both ways: Lerner's symmetry."""
    if choice.taxed is None:
        return False
    trade = np.asarray(played.economy.trade) * (1.0 - np.eye(len(choice.chosen)))[:, :, None]
    left = (trade * (1.0 - np.asarray(choice.chosen))).sum(axis=(0, 2))
    left = left + (trade * (1.0 - np.asarray(choice.taxed))).sum(axis=(1, 2))
    return bool((left == 0).any())
