"""Tariffs as someone would set them: alone, at war, or together."""

from collections.abc import Mapping
from typing import Any, Literal

import jax.numpy as jnp
import numpy as np
import xarray as xr

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
    weights: Mapping[str, float] | None = None,
) -> xr.Dataset:
    """The tariffs that players choose on imports of the sectors, and what they do to everyone.

    `alone`: each of the players in turn would set them if nobody else changed anything; only one
    player is meant then. `war`: each maximises its own welfare given the others' tariffs (Nash).
    `together`: they maximise the sum of their log welfares weighted by baseline income. With
    `weights`, such as {"KOR.AGR": 1.5}, a government maximises the weighted sum of what the people
    of its sectors can buy, as in Ossa (2014): wages and profits of the sector, and of all other
    income a part by wages. The scenario gives everything else: baseline, horizon, adjustment, and
    policies in force before. Raises `ScenarioError` for names and weights and `SolveError` where
    the first-order conditions are not met.
    """
    refuse_years(scenario, "tariffs are chosen")
    played = prepare(baseline, scenario)
    choice = _choice(played, players, aim, rates, sectors, weights or {})
    game = equilibrium.choose_tariffs(played.economy, played.shock, choice, played.closure)
    _require_met(game, players)
    variables = _rates(played, choice, game) | _worth(played, choice, game)
    about = About.on(
        played.baseline, scenario, aim=aim, rates=rates, players=_codes(played, players),
        held_wedges=played.stated, first_order=float(game.first_order),
        status=Status.of(int(game.equilibrium.status)).sentence, steps=int(game.steps),
        units={name: variable[2]["units"] for name, variable in variables.items()},
    )  # fmt: skip
    about = about.adding(weights=dict(weights)) if weights else about
    countries, codes = list(played.baseline.countries), list(played.baseline.sectors)
    places = {"origin": countries, "destination": countries, "country": countries}
    return xr.Dataset(variables, {**places, "sector": codes}, about.record)


def _require_met(game: TariffEquilibrium, players: Names) -> None:
    status = Status.of(int(game.equilibrium.status))
    miss = float(game.first_order)
    if status is not Status.SOLVED or not miss <= _MET:
        raise SolveError(
            f"no tariffs were found that {', '.join(players)} would keep: the first-order "
            f"conditions are missed by {miss:.1e} of a rate. {status.sentence}"
        )


def _rates(played: Play, choice: Choice, game: TariffEquilibrium) -> dict[str, Any]:
    """Rates and flows by what is taxed; not a number where nothing is chosen."""
    chosen = np.asarray(choice.chosen) > 0
    where = lambda values: (("origin", "destination", "sector"), np.where(chosen, values, np.nan))
    rate, money = {"units": "percent"}, {"units": "million US$"}
    return {
        "tariff": (*where(100 * np.asarray(game.tariff)), rate | {"long_name": "Chosen tariff"}),
        "tariff_before": (
            *where(100 * np.asarray(played.shock.tariff)), rate | {"long_name": "Tariff before"},
        ),
        "imports": (*where(np.asarray(game.equilibrium.trade)), money),
        "imports_before": (*where(np.asarray(played.economy.trade)), money),
    }  # fmt: skip


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


def _choice(
    played: Play,
    players: Names,
    aim: Aim,
    rates: str,
    sectors: Names,
    weights: Mapping[str, float],
) -> Choice:
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
    by_sector = jnp.asarray(sector_weights(baseline, weights, players)) if weights else None
    return Choice(
        jnp.asarray(chosen, float),
        jnp.asarray(maker),
        jnp.asarray(weight),
        RATES[rates],
        sector_weight=by_sector,
    )
