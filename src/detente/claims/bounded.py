"""A computed range held against a bound: a verdict only where all of it lies on one side."""

from typing import Literal

import numpy as np

from .._document import Request
from .model import ModelInterval, ModelQuestion
from .record import Record
from .units import Amount, shown
from .verdict import agrees_if, Finding, Missing, untestable


SOLVED = 0.9
"""The part of the draws that must have a solution."""
_DIGITS = 3
_COUNTS = ("openings", "percent of sectors")


class BoundedCheck(Request):
    """A claim that what the model computes lies above or below a bound.

    A verdict needs the whole range on one side; across the bound the assumptions decide, and the
    claim cannot be tested.
    """

    claimed: Literal["above", "below"]
    bound: float = 0.0
    """In the unit of what is computed."""

    @property
    def middle(self) -> str:
        """What is said before the middle of the range, which is not always a median."""
        return ""

    def judged(self, asked: ModelQuestion, record: Record) -> Finding:
        """The finding on what is asked; without a model it is `Missing`."""
        if record.model is None:
            raise Missing("a run of the model: detente check --ledger")
        interval = record.model.range_of(asked)
        if interval.solved < SOLVED:
            raise Missing(f"solutions: {1 - interval.solved:.0%} of the draws have none")
        words = f"{asked.named()}: {self.middle}{told(interval, asked.unit)}"
        if interval.low < self.bound < interval.high:
            return untestable(f"the assumptions to be settled: {words}")
        bound = said(self.bound, asked.unit) if self.bound else "zero"
        return agrees_if(self.holds(interval), f"{words}; claimed {self.claimed} {bound}")

    def holds(self, interval: ModelInterval) -> bool:
        """A range that is the bound itself, such as a count of none, is on neither side of it."""
        if self.claimed == "above":
            return interval.low >= self.bound and interval.high > self.bound
        return interval.high <= self.bound and interval.low < self.bound


def told(interval: ModelInterval, unit: str) -> str:
    """An interval in words: its middle with both ends, or one number where they are the same."""
    middle = said(interval.median, unit)
    if interval.low == interval.high:
        return middle
    return f"{middle} ({said(interval.low, unit)} to {said(interval.high, unit)})"


def said(value: float, unit: str) -> str:
    """A number with its unit, and its sign where it is a change."""
    if unit == "percent":
        digits = np.format_float_positional(value, _DIGITS, fractional=False, trim="-", sign=True)
        return f"{digits} %".replace("-", "−")
    return shown(Amount(float(value), unit), signed=unit not in _COUNTS)
