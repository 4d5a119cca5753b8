"""Critical items that ship: who uses them, how much of their cost they are, and who sells them.

`items.toml` says what is published or assumed, each with its source; `items.csv` what is measured,
made by `tools/items.py`.
"""

from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator, Field

from .. import library
from .._core import nearest, ScenarioError
from .._document import Request


def _three(given: Any) -> Any:
    """One number stands for itself, low and high."""
    if isinstance(given, bool):
        return given
    if isinstance(given, int | float):
        return (given, given, given)
    if isinstance(given, list | tuple) and len(given) == 3:
        numbers = [one for one in given if isinstance(one, int | float)]
        if len(numbers) == 3 and numbers != sorted(numbers):
            raise ValueError("should be low, central and high, in this order")
        return tuple(given)
    raise ValueError("should be one number, or three: low, central and high")


_Part = Annotated[float, Field(ge=0, le=1)]
_Inner = Annotated[float, Field(gt=0, lt=1)]
_Months = Annotated[float, Field(ge=0, le=1200)]
_SomeMonths = Annotated[float, Field(gt=0, le=1200)]
Parts = Annotated[tuple[_Part, _Part, _Part], BeforeValidator(_three)]
"""A part of a whole: low, central and high."""
InnerParts = Annotated[tuple[_Inner, _Inner, _Inner], BeforeValidator(_three)]
"""A part that is neither nothing nor all, or an elasticity below one: low, central and high."""
Months = Annotated[tuple[_Months, _Months, _Months], BeforeValidator(_three)]
"""Months: low, central and high."""
SomeMonths = Annotated[tuple[_SomeMonths, _SomeMonths, _SomeMonths], BeforeValidator(_three)]
"""Months, more than none: low, central and high."""
Limits = tuple[float, float, float]


def three(numbers: Iterable[float]) -> Limits:
    """Low, central and high as a range."""
    low, central, high = (float(one) for one in numbers)
    return low, central, high


def between(limits: Limits, quantile: float) -> float:
    """A range read at a quantile: 0 is low, a half is central and 1 is high, straight between."""
    return float(np.interp(quantile, (0.0, 0.5, 1.0), limits))


class Measured(Request):
    """An item in what one country buys."""

    exporter: str
    """The supplier."""
    share: Parts
    """The supplier's part of it."""
    value: tuple[float, float, float]
    """All of it, million US$ a year."""


class CriticalItem(Request):
    """An item whose users cannot do without it at once."""

    name: str
    """As it is said in a sentence."""
    sectors: tuple[str, ...]
    """The sectors of the compact worlds that use it."""
    stocks: Months
    substitution: InnerParts
    recovery: SomeMonths
    sources: dict[str, str]
    """Where each of these, and what is measured, comes from; ours where it says so."""


@cache
def items() -> dict[str, CriticalItem]:
    """The items that ship, by the name that a policy knows them by."""
    table = library.sentences("items.toml")
    keys = set(CriticalItem.model_fields)
    return {
        name: CriticalItem.model_validate({key: one for key, one in entry.items() if key in keys})
        for name, entry in table.items()
    }


@cache
def _measured() -> dict[tuple[str, str, str], Measured]:
    rows_of = {}
    for row in library.table("items.csv"):
        share, value = (
            three([float(row[f"{what}_{end}"]) for end in ("low", "central", "high")])
            for what in ("share", "value")
        )
        rows_of[row["item"], row["importer"], row["exporter"]] = Measured(
            exporter=row["exporter"], share=share, value=value
        )
    return rows_of


def item_called(name: str) -> CriticalItem:
    """The item of that name; raises `ScenarioError` for one that does not ship."""
    if name not in items():
        raise ScenarioError(f"'{name}' is not an item that ships; {nearest(name, list(items()))}")
    return items()[name]


def measured(item: str, importer: str, exporter: str) -> tuple[Measured, bool]:
    """What is known of an item that one country sells another, and whether it is of the world.

    Raises `ScenarioError` where nothing is.
    """
    known = _measured()
    for place, is_world in ((importer, False), ("all", True)):
        if (item, place, exporter) in known:
            return known[item, place, exporter], is_world
    pairs = [f"{one} to {other}" for of, other, one in known if of == item]
    raise ScenarioError(
        f"how much of the item '{item}' {importer} has from {exporter} does not ship "
        f"({', '.join(pairs)} does); say 'supply_share' and 'cost_share' yourself."
    )
