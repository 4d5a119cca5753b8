"""What is kept of every draw: the intervals of sectors, and of the account of two countries."""

from collections.abc import Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
import xarray as xr
from jaxtyping import Array, Float

from .._core import Status
from ..account import account, main_pair
from ..equilibrium import Equilibrium, measures
from ..outcome import with_optional
from ..world import Baseline, Economy
from .draws import Draws
from .spread import Interval, interval


MOST_KEPT = 10_000_000
"""Numbers of sectors, and of flows, that are kept of all draws: 80 MB of each."""
_SOLVES = 2
"""Most solves for one draw: all assumptions together, and one at a time for some of them."""


BY_COUNTRY = (
    "welfare", "equivalent_variation", "real_gdp", "total_employment", "real_wage", "price_index",
)  # fmt: skip
"""Variables of which every country has an interval."""


@dataclass(frozen=True)
class Kept:
    """A measure of an equilibrium: what all countries have, and of some countries more.

    Two that keep the same are equal, so that the program compiled for one serves the other.
    """

    countries: tuple[int, ...]
    """Whose output by sector is kept."""
    routes: tuple[tuple[int, int], ...]
    """Origins and destinations whose flows are."""

    def __call__(self, economy: Economy, equilibrium: Equilibrium) -> dict[str, Array]:
        """Measures by country and output in percent, the equivalent variation and changes of flows
        in million US$, against the world of the draw; not numbers where nothing was
        solved."""
        values = measures(economy, equilibrium)
        origin, destination = np.array(self.routes, int).reshape(-1, 2).T
        change = values["trade_after"] - values["trade_before"]
        kept = {
            **{name: values[name] for name in BY_COUNTRY},
            "output": values["output"][np.array(self.countries, int)],
            "flows": change[origin, destination],
        }
        solved = equilibrium.status == Status.SOLVED.code
        return {name: jnp.where(solved, array, jnp.nan) for name, array in kept.items()}


def kept_of(baseline: Baseline, focus: Sequence[str], draws: Draws) -> Kept:
    """What is kept of draws of a scenario in focus on those countries, as far as memory allows.

    Flows are those among them; of one alone, those with every partner.
    """
    at = [baseline.country_index[code] for code in focus]
    partners = at if len(at) != 1 else range(len(baseline.countries))
    routes = {(here, there) for here in at for there in partners if here != there}
    routes |= {(there, here) for here, there in routes}
    room = MOST_KEPT // (_SOLVES * len(draws) * len(baseline.sectors))
    return Kept(
        countries=tuple(at) if len(at) <= room else (),
        routes=tuple(sorted(routes)) if len(routes) <= room else (),
    )


def with_sectors(
    outcome: xr.Dataset, baseline: Baseline, kept: Kept, output: Float[np.ndarray, "d c s"],
    level: float,
) -> xr.Dataset:  # fmt: skip
    """The outcome with the intervals of output by sector; missing of countries not in focus."""
    if not kept.countries:
        return outcome
    values: dict[str, np.ndarray] = {}
    for end, ends in _named(interval(output, level)).items():
        values[f"output_{end}"] = np.full((len(baseline.countries), output.shape[2]), np.nan)
        values[f"output_{end}"][list(kept.countries)] = ends
    return with_optional(outcome, baseline, values)


def with_account(
    outcome: xr.Dataset, baseline: Baseline, kept: Kept, flows: Float[np.ndarray, "d r s"],
    level: float,
) -> xr.Dataset:  # fmt: skip
    """The outcome with the interval of each item of the account of its main pair.

    Groups and balances are added up within each draw.
    """
    pair = main_pair(outcome)
    if pair is None or not kept.routes:
        return outcome
    here, there = (baseline.country_index[code] for code in pair)
    exports, imports = (kept.routes.index(route) for route in ((here, there), (there, here)))
    sectors, groups = baseline.sectors, baseline.sector_groups
    drawn = account(flows[:, exports], flows[:, imports], sectors, groups)
    ends = _named(interval(drawn, level))
    values = {f"account_change_{end}": one for end, one in ends.items()}
    return with_optional(outcome, baseline, values)


def _named(ends: Interval) -> dict[str, np.ndarray]:
    return {"low": ends.low, "median": ends.median, "high": ends.high}
