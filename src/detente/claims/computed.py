"""Checks of mechanisms: what the model computes, whatever is drawn of what is uncertain."""

from typing import Annotated, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field

from .model import Effect, Model, Unit
from .part import Part
from .record import Record
from .units import Amount, Quantity, shown
from .verdict import agrees_if, Finding, Missing, untestable


LEVEL = 0.9
"""The part of the draws that must lie on one side before there is a verdict."""


class Computed(Part):
    """Effects of scenarios, added and subtracted, lie on the claimed side of a bound.

    A verdict needs the whole interval over the draws on one side; across the bound the assumptions
    decide, and the claim cannot be tested.
    """

    kind: Literal["computed"]
    plus: Annotated[tuple[Effect, ...], Field(min_length=1)]
    minus: tuple[Effect, ...] = ()
    unit: Unit = "percent"
    """Percent of each country's own real income or of the flow, or US$ at baseline prices."""
    claimed: Literal["above", "below"]
    bound: float = 0.0
    """In that unit."""

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        if record.model is None:
            raise Missing("a run of the model: detente check --ledger")
        draws = self._total(record.model)
        solved = draws[np.isfinite(draws)]
        if solved.size < LEVEL * draws.size:
            raise Missing(f"solutions: {draws.size - solved.size} of {draws.size} draws have none")
        low, median, high = np.quantile(solved, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
        words = f"{self._named()}: {self._said(median)} ({self._said(low)} to {self._said(high)})"
        if low < self.bound < high:
            return untestable(f"the assumptions to be settled: {words}")
        above = low >= self.bound
        claimed = f"{self.claimed} {self._said(self.bound)}" if self.bound else (
            "a gain" if self.claimed == "above" else "a loss"
        )  # fmt: skip
        return agrees_if(above == (self.claimed == "above"), f"{words}; claimed {claimed}")

    def _total(self, model: Model) -> Float[np.ndarray, " d"]:
        total = np.zeros(1)
        for sign, effects in ((1.0, self.plus), (-1.0, self.minus)):
            for one in effects:
                total = total + sign * model.effect(one, self.unit)
        return total

    def _named(self) -> str:
        less = "".join(f", less {one.named()}" for one in self.minus)
        return f"{', plus '.join(one.named() for one in self.plus)}{less}"

    def _said(self, value: float) -> str:
        if self.unit == "percent":
            return f"{value:+.3g} %".replace("-", "−")
        return shown(Amount(float(value), self.unit), signed=True)
