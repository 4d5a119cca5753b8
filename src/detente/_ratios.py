"""Ratios as people write them: 0.25 or "25%", and the question that a bare 25 raises.

Whoever thinks in per cent writes 25 for a quarter. A number outside the range that is plausible for
what it is about is therefore asked about, and "2500%" is the answer that it is meant.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer
from pydantic_core import PydanticCustomError

from ._core import ScenarioError


IMPLAUSIBLE = "implausible"
"""The type of pydantic's error for a ratio that is asked about."""
_PERCENT = re.compile(r"([-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?) ?(?:%|per ?cent)", re.IGNORECASE)


class SureRatio(float):
    """A ratio that was computed, or asked about before: it is not asked about again."""


@dataclass(frozen=True, slots=True)
class Range:
    """The plausible range of a ratio: a number outside `low` to `high` raises a question."""

    low: float
    high: float
    least: float | None = None
    """It must be more than this, or this and more, however it is written."""
    most: float | None = None
    below: str = ""
    """What a ratio below `low` means, as a clause."""

    def read(self, given: Any) -> Any:
        """The ratio that is meant; raises `ValueError` with a question about what may not be.

        What is no number is handed on as it is.
        """
        if isinstance(given, SureRatio):
            return float(given)
        if isinstance(given, bool):
            raise ValueError(f"should be a number, not {str(given).lower()}")
        if isinstance(given, str):
            return self._read_text(given)
        if isinstance(given, int | float):
            self._ask(float(given))
        return given

    def _read_text(self, text: str) -> Any:
        plain = " ".join(text.replace("\N{MINUS SIGN}", "-").split())
        percent = _PERCENT.fullmatch(plain)
        if percent is not None:
            return float(Decimal(percent[1]) / 100)
        try:
            self._ask(float(plain))
        except ValueError as error:
            if isinstance(error, _Question):
                raise
            return text
        return plain

    def _ask(self, number: float) -> None:
        if not abs(number) < float("inf") or self.low <= number <= self.high:
            return
        near = number / 100
        # Two or more may be per cent; 1.2 is no part, and no per cent either.
        hint = (
            f"did you mean {near:g}?" if self.low <= near <= self.high and abs(near) > 0.015 else ""
        )
        if not self._possible(number):
            # Pydantic says what else is wrong with it.
            if hint:
                raise _Question(f"should be {self._limit(number)}, not {number:.12g}; {hint}")
            return
        is_meant = f"rite '{_percent(number)}%' if it is meant"
        what = f", {self.below}" if number < self.low and self.below else ""
        said = f"{number:.12g} is {_percent(number, ',')} %{what}; "
        raise _Question(said + (f"{hint} W{is_meant}" if hint else f"w{is_meant}"))

    def _limit(self, number: float) -> str:
        if self.most is not None and number > self.most:
            return f"less than or equal to {self.most:g}"
        return f"greater than {self.least:g}"

    def _possible(self, number: float) -> bool:
        above = self.least is None or number > self.least
        return above and (self.most is None or number <= self.most)

    def check(self, given: Any) -> Any:
        """For pydantic: the same, its question as an error of its own."""
        try:
            return self.read(given)
        except _Question as question:
            raise PydanticCustomError(IMPLAUSIBLE, "{text}", {"text": str(question)}) from question

    def write(self, number: float) -> float | str:
        """The ratio as written to a file: a percentage where a bare number would be asked about."""
        return number if self.low <= number <= self.high else f"{_percent(number)}%"

    def option(self, name: str) -> Any:
        """The reader of an option of the command line; raises `ScenarioError` in its name."""

        def ratio(given: Any) -> float:
            try:
                return SureRatio(float(self.read(given)))
            except _Question as question:
                raise ScenarioError(in_full(name, question)) from question
            except ValueError as error:
                raise ScenarioError(
                    f"{name} should be a number such as 0.2, or '20%', not {given!r}."
                ) from error

        return ratio


class _Question(ValueError):
    """What is asked about a ratio."""


def in_full(name: str, question: object) -> str:
    """A question about a ratio with the name of what it is about."""
    text = str(question)
    return (
        f"{name} {'' if text.startswith('should') else '= '}{text}{'' if text[-1] == '?' else '.'}"
    )


def _percent(number: float, thousands: str = "") -> str:
    """The number in percent, with no more digits than it has."""
    return f"{(Decimal(repr(float(number))) * 100).normalize():{thousands}f}"


PARTS = Range(0.0, 1.0, least=0.0, most=1.0)
CHANGES = Range(-1.0, 3.0, least=-1.0)
RATES = Range(0.0, 3.0, least=-1.0, below="which is a subsidy")
POINTS = Range(-3.0, 3.0)
RISES = Range(0.0, 3.0, least=0.0)
MULTIPLES = Range(0.0, 10.0, least=0.0)
QUANTITIES = Range(0.0, 4.0, least=0.0)
DEVIATIONS = Range(0.0, 2.0, least=0.0, most=2.0)


Share = Annotated[
    float,
    Field(ge=0, le=1),
    BeforeValidator(PARTS.check),
    PlainSerializer(PARTS.write, when_used="json"),
]
"""A part of a whole."""
InnerShare = Annotated[
    float,
    Field(gt=0, lt=1),
    BeforeValidator(PARTS.check),
    PlainSerializer(PARTS.write, when_used="json"),
]
"""A part that is neither nothing nor all."""
Change = Annotated[
    float,
    Field(gt=-1),
    BeforeValidator(CHANGES.check),
    PlainSerializer(CHANGES.write, when_used="json"),
]
"""A relative change: -0.1 is 10 % less."""
Rate = Annotated[
    float,
    Field(gt=-1),
    BeforeValidator(RATES.check),
    PlainSerializer(RATES.write, when_used="json"),
]
"""A tax on a price: 0.1 is 10 %; a subsidy has to be written as a percentage."""
Points = Annotated[
    float, BeforeValidator(POINTS.check), PlainSerializer(POINTS.write, when_used="json")
]
"""Added to a rate: 0.1 is ten percentage points."""
Rise = Annotated[
    float, Field(ge=0), BeforeValidator(RISES.check), PlainSerializer(RISES.write, when_used="json")
]
"""A rise of a price or a cost."""
Multiple = Annotated[
    float,
    Field(ge=0),
    BeforeValidator(MULTIPLES.check),
    PlainSerializer(MULTIPLES.write, when_used="json"),
]
"""An elasticity, or a multiple of one."""
Quantity = Annotated[
    float,
    Field(gt=0),
    BeforeValidator(QUANTITIES.check),
    PlainSerializer(QUANTITIES.write, when_used="json"),
]
"""What there is of something over what there was: 0.9 is 10 % less, 1.1 is 10 % more."""
Deviation = Annotated[
    float,
    Field(ge=0, le=2),
    BeforeValidator(DEVIATIONS.check),
]
"""A standard deviation of a log."""
