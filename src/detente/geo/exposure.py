"""Who gains from whose growth and from whose trade, and who pays for a scenario.

Exposure is the engine's own Jacobian at the baseline (Kleinman, Liu and Redding 2024): the percent
by which a country's real income changes for one percent more productivity of another, in all its
sectors, or one percent lower cost of trade between two countries. Countries whose growth helps are
called friends there, those whose growth hurts enemies; the words mean no more than that sign.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Float

from .._core import Deficits, nearest, ScenarioError, SolveError
from ..about import About
from ..adjustment import Run
from ..equilibrium import exposure_matrix, exposure_of, exposure_to, productivity_of
from ..scenario import parse_scenario, Scenario
from ..simulation import Play, prepare
from ..world import Baseline


HORIZONS: tuple[Run, ...] = ("short", "long")
UNIT = "percent of real income for one percent"


@dataclass(frozen=True)
class Exposure:
    """What one country's real income depends on abroad, to first order, at both horizons."""

    country: str
    about: About
    """Baseline, its year and basis, the elasticities and the unit."""
    partners: pd.DataFrame
    """horizon, partner, name, from_its_growth (percent of the country's real income for 1 % more
    productivity of the partner), from_ours (percent of the partner's for 1 % more of ours)."""
    cuts: pd.DataFrame
    """horizon, one, other, effect: of 1 % lower costs of all trade between two countries, both
    ways, on the country's real income."""
    sectors: pd.DataFrame
    """horizon, partner, sector, name, its_growth, imports, exports: effects of the partner's
    productivity, and of lower costs of imports from and exports to it; empty without partners."""


def exposure(
    baseline: Baseline,
    country: str,
    to: Sequence[str] = (),
    scenario: Scenario | None = None,
    deficits: Deficits = "fixed",
) -> Exposure:
    """The exposure of a country, by partner, by pair of others, and by sector of the partners `to`.

    A scenario lends its adjustment and elasticities; its policies are not in force, and both
    horizons are given whatever it says. Fixed deficits are transfers whose real value moves with
    prices; Kleinman, Liu and Redding have none ("removed"). Raises `ScenarioError` for names the
    baseline does not have, and `SolveError` where the derivatives were not found.
    """
    place = _place(country, baseline)
    others = [_place(code, baseline) for code in to]
    partners, cuts, sectors = [], [], []
    for horizon in HORIZONS:
        played = setting(baseline, horizon, scenario, deficits)
        slope = np.asarray(exposure_of(played.economy, jnp.asarray(place), played.closure))
        given = exposure_to(played.economy, productivity_of(place, played.economy), played.closure)
        _require(slope, np.asarray(given), country)
        partners.append(_partners(baseline, slope, np.asarray(given)).assign(horizon=horizon))
        cuts.append(_cuts(baseline, slope).assign(horizon=horizon))
        sectors += [_sectors(baseline, slope, place, at).assign(horizon=horizon) for at in others]
    columns = ["horizon", "partner", "sector", "name", "its_growth", "imports", "exports"]
    by_sector = pd.concat(sectors, ignore_index=True) if sectors else pd.DataFrame(columns=columns)
    return Exposure(
        country,
        describe(baseline, scenario, country=country, deficits=deficits, unit=UNIT),
        pd.concat(partners, ignore_index=True),
        pd.concat(cuts, ignore_index=True),
        by_sector.reindex(columns=columns),
    )


def exposure_between_all(
    baseline: Baseline, horizon: Run = "long", deficits: Deficits = "fixed"
) -> pd.DataFrame:
    """U of Kleinman, Liu and Redding with every closure of the engine, [affected, growing]."""
    played = setting(baseline, horizon, None, deficits)
    matrix = np.asarray(exposure_matrix(played.economy, played.closure))
    names = list(baseline.countries)
    return pd.DataFrame(matrix, pd.Index(names, name="affected"), pd.Index(names, name="growing"))


def setting(
    baseline: Baseline,
    horizon: Run,
    scenario: Scenario | None = None,
    deficits: Deficits = "fixed",
) -> Play:
    """The baseline at a horizon without policies, with the settings of a scenario if any."""
    base = scenario or parse_scenario({"title": "The baseline as it is", "policies": {}}, "setting")
    adjustment = base.adjustment
    if deficits != "fixed":
        adjustment = adjustment.model_copy(update={"deficits": deficits})
    return prepare(
        baseline,
        base.model_copy(update={"policies": {}, "horizon": horizon, "adjustment": adjustment}),
    )


def describe(baseline: Baseline, scenario: Scenario | None = None, **said: Any) -> About:
    """What an answer at both horizons rests on, and whose settings moved it."""
    settings = {} if scenario is None else {"settings_of": scenario.name}
    return About.on(baseline, scenario, "both", **said, **settings)


def _place(country: str, baseline: Baseline) -> int:
    if country not in baseline.country_index:
        raise ScenarioError(
            f"'{country}' is not a country of {baseline.name}; "
            f"{nearest(country, baseline.countries)}"
        )
    return baseline.country_index[country]


def _require(slope: np.ndarray, given: np.ndarray, country: str) -> None:
    if not (np.isfinite(slope).all() and np.isfinite(given).all()):
        raise SolveError(
            f"the derivatives of the real income of {country} were not found: the linear system "
            "of the equilibrium did not converge on this baseline."
        )


def _partners(
    baseline: Baseline, slope: Float[np.ndarray, "o d s"], given: Float[np.ndarray, " n"]
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "partner": baseline.countries,
            "name": [baseline.country_names.get(code, code) for code in baseline.countries],
            "from_its_growth": -slope.sum(axis=(1, 2)),
            "from_ours": given,
        }
    )


def _cuts(baseline: Baseline, slope: Float[np.ndarray, "o d s"]) -> pd.DataFrame:
    """One row for every pair, both directions together."""
    both = -slope.sum(axis=2)
    both = both + both.T
    one, other = np.triu_indices(len(both), k=1)
    codes = np.array(baseline.countries)
    return pd.DataFrame({"one": codes[one], "other": codes[other], "effect": both[one, other]})


def _sectors(
    baseline: Baseline, slope: Float[np.ndarray, "o d s"], country: int, partner: int
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "partner": baseline.countries[partner],
            "sector": baseline.sectors,
            "name": [baseline.sector_names.get(code, code) for code in baseline.sectors],
            "its_growth": -slope[partner].sum(axis=0),
            "imports": -slope[partner, country],
            "exports": -slope[country, partner],
        }
    )
