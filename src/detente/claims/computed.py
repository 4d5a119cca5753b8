"""Checks of mechanisms: what the model computes, whatever is drawn of what is uncertain."""

from typing import Literal

from .bounded import BoundedCheck
from .model import Effects
from .record import Record
from .units import Quantity
from .verdict import Finding


class EffectCheck(Effects, BoundedCheck):
    """Effects of scenarios, added and subtracted, lie on the claimed side of a bound."""

    kind: Literal["computed"]

    @property
    def middle(self) -> str:
        return "median "

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        return self.judged(self, record)
