"""Published paces of diversification, and the chance that a path at such a pace arrives in time.

The distribution is ours: the published paces taken as draws of one population, log-normal or
normal, with so few draws taken into account (Student's t for a further draw). It answers how often
paces like these would do; it is no forecast, and the paces published are those worth publishing.
"""

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from scipy import stats

from .. import library
from .._core import DataError
from .._document import Request
from .logit_path import pace_between


Share = Annotated[float, Field(gt=0, lt=1)]
Form = Literal["log-normal", "normal"]
FORMS: tuple[Form, ...] = ("log-normal", "normal")


class Pace(Request):
    """A fall of a supplier's share that was published."""

    name: str
    scope: Literal["broad", "item"]
    """broad: a list of products together; item: a single one."""
    supplier: str
    share_before: Share
    share_after: Share
    years: Annotated[float, Field(gt=0)]
    source: str

    @property
    def per_year(self) -> float:
        """Fall of the log odds per year."""
        return pace_between(self.share_before, self.share_after, self.years)


class Item(Request):
    """A published share of one supplier in a country's imports of one product."""

    name: str
    share: Share
    supplier: str
    year: int
    source: str


class Target(Request):
    """A target for dependence as it was announced."""

    name: str
    share_before: Share
    share_after: Share
    year_before: int
    year: int
    items: int
    interim: str
    source: str
    note: str


class Publications(Request):
    """What is known from publications: the target, shares of items, and paces."""

    target: Target
    items: tuple[Item, ...]
    paces: tuple[Pace, ...]


@cache
def published() -> Publications:
    """The figures that ship, each with its source."""
    place = library.path("dependence/paces.toml")
    return Publications.model_validate(tomllib.loads(place.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Chance:
    """The chance that a pace is at least the one needed, and how far it can be moved."""

    needed: float
    """Fall of the log odds per year."""
    value: float
    """With all paces, log-normal."""
    lowest: float
    highest: float
    """Over both forms, and with every single pace left out in turn."""
    paces: int


def chance(needed: float, paces: Sequence[float]) -> Chance:
    """The chance of a pace of at least `needed`, for a further draw from the paces' population.

    Raises `DataError` for fewer than three paces, or for one that is not a fall.
    """
    if len(paces) < 3 or min(paces) <= 0:
        raise DataError("a distribution of paces needs three or more, each of them a fall.")
    sample = np.asarray(paces, float)
    subsets = [sample, *(np.delete(sample, place) for place in range(len(sample)))]
    chances = [_beyond(needed, subset, form) for subset in subsets for form in FORMS]
    return Chance(needed, chances[0], min(chances), max(chances), len(sample))


def _beyond(needed: float, sample: np.ndarray, form: Form) -> float:
    """Student's t for one further draw: the mean and spread of the sample are themselves unsure."""
    if form == "log-normal":
        if needed <= 0:
            return 1.0
        needed, sample = math.log(needed), np.log(sample)
    spread = sample.std(ddof=1) * math.sqrt(1.0 + 1.0 / len(sample))
    return float(stats.t.sf((needed - sample.mean()) / spread, df=len(sample) - 1))
