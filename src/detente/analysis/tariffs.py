"""Tariffs as someone would set them: alone, at war, or together."""

from typing import Literal

import jax.numpy as jnp
import numpy as np
import xarray as xr

from .. import equilibrium
from .._core import ScenarioError, SolveError, Status
from ..about import About
from ..equilibrium import Choice, welfare_hat
from ..scenario import Scenario
from ..selection import country_mask, Names, sector_mask
from ..simulation import Play, prepare, refuse_years
from ..world import Baseline


Aim = Literal["alone", "war", "together"]
# Axes of origin, destination, sector along which a player has one rate.
RATES: dict[str, tuple[int, ...]] = {
    "one": (0, 2), "partner": (2,), "sector": (0,), "partner-sector": (),
}  # fmt: skip
# A first-order condition that a rate misses by no more than this is met.
_MET = 1e-5


def choose_tariffs(
    baseline: Baseline,
    scenario: Scenario,
    players: Names,
    *,
    aim: Aim = "war",
    rates: str = "one",
    sectors: Names = ("goods",),
) -> xr.Dataset:
    """The tariffs that players choose on imports of the sectors, and what they do to everyone.

    `alone`: each of the players in turn would set them if nobody else changed anything; only one
    player is meant then. `war`: each maximises its own welfare given the others' tariffs (Nash).
    `together`: they maximise the sum of their log welfares weighted by baseline income. The
    scenario gives everything else: baseline, horizon, adjustment, and policies in force before.
    Raises `ScenarioError` for names and `SolveError` where the first-order conditions are not met.
    """
    refuse_years(scenario, "tariffs are chosen")
    played = prepare(baseline, scenario)
    choice = _choice(played, players, aim, rates, sectors)
    game = equilibrium.choose_tariffs(played.economy, played.shock, choice, played.closure)
    status = Status.of(int(game.equilibrium.status))
    miss = float(game.first_order)
    if status is not Status.SOLVED or not miss <= _MET:
        raise SolveError(
            f"no tariffs were found that {', '.join(players)} would keep: the first-order "
            f"conditions are missed by {miss:.1e} of a rate. {status.sentence}"
        )
    names = played.baseline.countries, played.baseline.sectors
    welfare = 100 * (np.asarray(welfare_hat(played.economy, game.equilibrium)) - 1)
    chosen = np.asarray(choice.chosen) > 0
    tariff = np.where(chosen, 100 * np.asarray(game.tariff), np.nan)
    before = np.where(chosen, 100 * np.asarray(played.shock.tariff), np.nan)
    flow = ("origin", "destination", "sector")
    imports = np.where(chosen, np.asarray(game.equilibrium.trade), np.nan)
    imports_before = np.where(chosen, np.asarray(played.economy.trade), np.nan)
    return xr.Dataset(
        {
            "tariff": (flow, tariff, {"units": "percent", "long_name": "Chosen tariff"}),
            "tariff_before": (flow, before, {"units": "percent", "long_name": "Tariff before"}),
            "imports": (flow, imports, {"units": "million US$"}),
            "imports_before": (flow, imports_before, {"units": "million US$"}),
            "welfare": ("country", welfare, {"units": "percent", "long_name": "Exact welfare"}),
        },
        {"origin": list(names[0]), "destination": list(names[0]), "country": list(names[0]),
         "sector": list(names[1])},
        About.on(
            played.baseline, scenario, aim=aim, rates=rates, players=list(_codes(played, players)),
            held_wedges=played.stated,
            first_order=miss, status=status.sentence, steps=int(game.steps),
            units={"tariff": "percent", "tariff_before": "percent", "imports": "million US$",
                   "imports_before": "million US$", "welfare": "percent"},
        ).record,
    )  # fmt: skip


def _codes(played: Play, players: Names) -> list[str]:
    mask = country_mask(played.baseline, players)
    return [code for code, plays in zip(played.baseline.countries, mask, strict=True) if plays]


def _choice(played: Play, players: Names, aim: Aim, rates: str, sectors: Names) -> Choice:
    if rates not in RATES:
        raise ScenarioError(f"'{rates}' is not a way to set rates; valid are {', '.join(RATES)}.")
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
