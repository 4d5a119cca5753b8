"""What governments care for more: the weights that their sectors' real incomes have."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from .._core import ScenarioError
from ..selection import country_mask, sector_mask
from ..world import Baseline


EXAMPLE = "KOR.AGR=1.5"


def sector_weights(
    baseline: Baseline, weights: Mapping[str, float], players: tuple[str, ...]
) -> Float[np.ndarray, "n s"]:
    """Weights by country and sector, which average one over the sectors of each country.

    The names are COUNTRY.SECTOR, of players and of sectors or groups of them; what is not named
    weighs one. All weights of a country are then scaled alike, which changes nothing that is
    chosen. Raises `ScenarioError` for names, for what is no number of zero or more, for a sector
    that is named twice, and for a country of which no sector weighs anything.
    """
    weight = np.ones((len(baseline.countries), len(baseline.sectors)))
    named = np.zeros(weight.shape, bool)
    for name, value in weights.items():
        places = _places(baseline, name, players)
        if not (np.isfinite(value) and value >= 0):
            raise ScenarioError(f"a weight is a number of zero or more, and {name} has {value:g}.")
        if (named & places).any():
            raise ScenarioError(f"{name} gives a sector a second weight; name each sector once.")
        named |= places
        weight[places] = value
    total = weight.sum(axis=1, keepdims=True)
    if not total.all():
        country = baseline.countries[int(np.argmin(total))]
        raise ScenarioError(f"no sector of {country} weighs anything; leave one above zero.")
    return weight * len(baseline.sectors) / total


def _places(baseline: Baseline, name: str, players: tuple[str, ...]) -> np.ndarray:
    country, dot, sector = name.partition(".")
    if not dot:
        raise ScenarioError(f"a weight is written as {EXAMPLE}; '{name}' names no sector.")
    countries = country_mask(baseline, (country,))
    if not (countries <= country_mask(baseline, players)).all():
        raise ScenarioError(f"{name} weighs a sector of a country that sets nothing; make it play.")
    return np.outer(countries, sector_mask(baseline, (sector,)))
