"""What a change of welfare is made of, by country, partner and sector."""

import numpy as np
import xarray as xr

from .. import equilibrium
from .._core import ScenarioError
from ..about import About
from ..scenario import Scenario
from ..simulation import prepare, refuse_years, require_solution
from ..world import Baseline


TERMS = {
    "terms_of_trade": "Dearer exports and cheaper imports, at the prices the origin receives",
    "tariffs": "More imports behind the country's own tariffs",
    "rents": "More trade behind the rationing and export taxes whose proceeds the country keeps",
    "trade_costs": "Real costs of what is bought; varieties prohibited or let in",
    "scale": "Variety from the entry of firms",
    "productivity": "Output from the same labour and inputs",
    "profits": "More output where price exceeds cost",
    "capital": "More capital, where it is produced, at its net return",
    "employment": "More labour at work: hours supplied, and hiring above a floor under wages",
    "taste": "Spending that the tastes of the baseline would place elsewhere",
    "transfers": "Changes of the trade deficit",
    "unexplained": "Error of the integral along the path",
}


def decompose(baseline: Baseline, scenario: Scenario) -> xr.Dataset:
    """Terms of exact welfare in percentage points; over partners and sectors they sum to it.

    Dims are the country, its partner (itself for what arises at home) and the sector, as far as a
    term has them.
    """
    refuse_years(scenario, "a change of welfare is taken apart")
    if scenario.adjustment.pass_through != 1.0:
        raise ScenarioError(
            "a change of welfare is taken apart where tariffs are passed through whole: "
            f"'adjustment.pass_through' is {scenario.adjustment.pass_through:g}."
        )
    played = prepare(baseline, scenario)
    require_solution(played)
    terms = equilibrium.decompose(played.economy, played.shock, played.closure)
    dims = {1: ("country",), 2: ("country", "sector"), 3: ("country", "partner", "sector")}
    variables = {}
    for name, description in TERMS.items():
        values = 100 * np.asarray(getattr(terms, name))
        attributes = {"units": "percentage points", "long_name": description}
        variables[name] = (dims[values.ndim], values, attributes)
    coords = {
        "country": list(played.baseline.countries),
        "partner": list(played.baseline.countries),
        "sector": list(played.baseline.sectors),
    }
    about = About.on(
        played.baseline,
        scenario,
        unit="percentage points of exact welfare",
        title=scenario.title,
        scenario=scenario.name,
    )
    return xr.Dataset(variables, coords, about.record)
