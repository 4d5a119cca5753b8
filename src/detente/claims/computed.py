"""Checks of mechanisms: what the model computes, whatever is drawn of what is uncertain."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from .model import Effects, Range
from .record import Record
from .units import Amount, Quantity, shown
from .verdict import agrees_if, Finding, Missing, untestable


SOLVED = 0.9
"""The part of the draws that must have a solution."""
_DIGITS = 3


class Computed(Effects):
    """Effects of scenarios, added and subtracted, lie on the claimed side of a bound.

    A verdict needs the whole interval over the draws on one side; across the bound the assumptions
    decide, and the claim cannot be tested.
    """

    kind: Literal["computed"]
    claimed: Literal["above", "below"]
    bound: Annotated[float, Field()] = 0.0
    """In the unit of the effects."""

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        if record.model is None:
            raise Missing("a run of the model: detente check --ledger")
        found = record.model.range_of(self)
        if found.solved < SOLVED:
            raise Missing(f"solutions: {1 - found.solved:.0%} of the draws have none")
        words = f"{self.named()}: {self._told(found)}"
        if found.low < self.bound < found.high:
            return untestable(f"the assumptions to be settled: {words}")
        above = found.low >= self.bound
        bound = self._said(self.bound) if self.bound else "zero"
        return agrees_if(
            above == (self.claimed == "above"), f"{words}; claimed {self.claimed} {bound}"
        )

    def _told(self, found: Range) -> str:
        return f"{self._said(found.median)} ({self._said(found.low)} to {self._said(found.high)})"

    def _said(self, value: float) -> str:
        if self.unit == "percent":
            digits = np.format_float_positional(
                value, _DIGITS, fractional=False, trim="-", sign=True
            )
            return f"{digits} %".replace("-", "−")
        return shown(Amount(float(value), self.unit), signed=True)
