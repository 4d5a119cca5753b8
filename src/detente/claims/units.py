"""Units of quoted figures: what they measure, in which multiple, and how finely printed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from .._core import ClaimError, nearest
from .._document import Request
from ..data.bases import known_basis


_MULTIPLES = {"thousand": 1e-3, "million": 1.0, "billion": 1e3, "trillion": 1e6}
_CURRENCIES = (
    "US$", "won", "yuan", "yen", "euro", "pounds", "Australian dollars", "Canadian dollars",
    "Hong Kong dollars", "New Taiwan dollars", "Singapore dollars", "New Zealand dollars",
    "Indian rupees", "Swiss francs", "dollars of another country",
)  # fmt: skip
UNITS: dict[str, tuple[str, float]] = {
    **{
        f"{multiple} {currency}": (f"million {currency}", millions)
        for currency in _CURRENCIES
        for multiple, millions in _MULTIPLES.items()
    },
    "percent": ("percent", 1.0),
    "percentage points": ("percentage points", 1.0),
    "won per US$": ("won per US$", 1.0),
    "years": ("years", 1.0),
    "rank": ("rank", 1.0),
    "items": ("items", 1.0),
    "people": ("people", 1.0),
    "million people": ("people", 1e6),
    "companies": ("companies", 1.0),
    "contracts": ("contracts", 1.0),
    "memoranda": ("memoranda", 1.0),
    "members": ("members", 1.0),
    "meetings": ("meetings", 1.0),
}
"""Each unit with the unit it is compared in, and how many of those it is."""

ABOUT = 0.05
"""How far, relative to the figure, one quoted as approximate may lie from what is measured."""
ROUNDING_SLACK = 1e-9
"""Floating-point error of differences of stored figures, relative; far below any printed digit."""


def known_unit(unit: str) -> str:
    if unit not in UNITS:
        raise ValueError(f"'{unit}' is not a known unit; {nearest(unit, UNITS)}")
    return unit


Unit = Annotated[str, AfterValidator(known_unit)]
Basis = Annotated[str, AfterValidator(known_basis)]


class Quantity(Request):
    """A figure as it was printed: its digits say how precise it claims to be."""

    value: Decimal
    """With the digits of the source: 18 is 17.5 to 18.5, 18.0 is 17.95 to 18.05."""
    unit: Unit
    period: str = ""
    """A year (2018), a month (2025-11) or a span of months (2025-01/2025-11)."""
    basis: Basis = ""
    """The accounting basis of a balance or flow."""
    approximate: bool = False
    """Quoted as about, nearly, around."""
    tolerance: Annotated[Decimal, Field(ge=0)] | None = None
    """Overrides what follows from the printed digits, in the unit of the value."""


@dataclass(frozen=True)
class Amount:
    """A figure in the unit it is compared in, and how far off rounding may have moved it."""

    value: float
    unit: str
    rounding: float = 0.0


def amount_of(quantity: Quantity) -> Amount:
    """The quantity in the unit of comparison, with half of its last printed digit as rounding."""
    unit, scale = UNITS[quantity.unit]
    value = float(quantity.value) * scale
    if quantity.tolerance is not None:
        rounding = float(quantity.tolerance) * scale
    else:
        rounding = half_of_last_digit(quantity.value) * scale
    if quantity.approximate:
        rounding = max(rounding, ABOUT * abs(value))
    return Amount(value, unit, rounding)


def half_of_last_digit(value: Decimal) -> float:
    exponent = value.as_tuple().exponent
    # Only what is not a number has an exponent that is not an integer.
    assert isinstance(exponent, int)
    return 0.5 * 10.0 ** min(exponent, 0)


def same(first: Amount, second: Amount) -> bool:
    """Whether two figures are equal once each may have been rounded."""
    if first.unit != second.unit:
        raise ClaimError(f"a figure in {first.unit} cannot be compared with one in {second.unit}.")
    slack = ROUNDING_SLACK * max(abs(first.value), abs(second.value))
    return abs(first.value - second.value) <= first.rounding + second.rounding + slack


def shown(amount: Amount, *, signed: bool = False) -> str:
    """The amount for people: millions of money become billions where they are many.

    >>> shown(Amount(55636.46, "million US$"), signed=True)
    '+55.64 billion US$'
    """
    value, unit = amount.value, amount.unit
    if value == 0 and unit.startswith("million "):
        return f"0 {unit.removeprefix('million ')}"
    if unit.startswith("million ") and abs(value) >= 1e6:
        value, unit = value / 1e6, unit.replace("million", "trillion", 1)
    elif unit.startswith("million ") and abs(value) >= 1e3:
        value, unit = value / 1e3, unit.replace("million", "billion", 1)
    number = f"{abs(value):,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{abs(value):,.0f}"
    sign = "−" if value < 0 else "+" if signed else ""
    return f"{sign}{number} {unit}"
