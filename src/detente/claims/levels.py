"""Checks of single figures: level, sum, growth, ratio, bound, direction."""

from typing import Annotated, Literal

from pydantic import Field

from .._document import Request
from .observed import Observed
from .record import Record
from .units import Amount, amount_of, Quantity, same, shown
from .verdict import agrees_if, Finding, Missing


def claimed_or(own: Quantity | None, quantity: Quantity | None) -> Quantity:
    """The figure a check is about: its own, or that of the claim it stands in."""
    if own is not None:
        return own
    if quantity is None:
        raise Missing("a figure in the claim")
    return quantity


class Value(Request):
    """A level equals a stored or published one, within the rounding of both."""

    kind: Literal["value"]
    observed: Observed
    claimed: Quantity | None = None

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        said = amount_of(claimed_or(self.claimed, quantity))
        measured = self.observed.observe(record)
        return agrees_if(
            same(said, measured), f"{self.observed.named()}{shown(measured)}; claimed {shown(said)}"
        )


class Identity(Request):
    """Terms with their signs add up to the claimed figure."""

    kind: Literal["identity"]
    plus: Annotated[tuple[Observed, ...], Field(min_length=1)]
    minus: tuple[Observed, ...] = ()
    claimed: Quantity | None = None

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        said = amount_of(claimed_or(self.claimed, quantity))
        plus = [one.observe(record) for one in self.plus]
        minus = [one.observe(record) for one in self.minus]
        total = Amount(
            sum(one.value for one in plus) - sum(one.value for one in minus),
            plus[0].unit,
            sum(one.rounding for one in (*plus, *minus)),
        )
        terms = " + ".join(shown(one) for one in plus)
        less = "".join(f" − {shown(one)}" for one in minus)
        return agrees_if(
            same(said, total), f"{terms}{less} = {shown(total)}; claimed {shown(said)}"
        )


class Change(Request):
    """A change in percent equals that between two levels."""

    kind: Literal["growth"]
    start: Observed
    end: Observed
    claimed: Quantity | None = None

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        said = amount_of(claimed_or(self.claimed, quantity))
        start, end = self.start.observe(record), self.end.observe(record)
        change = growth(start, end)
        words = f"{self.end.named()}{shown(change, signed=True)}, {shown(start)} to {shown(end)}"
        return agrees_if(same(said, change), f"{words}; claimed {shown(said, signed=True)}")


def growth(start: Amount, end: Amount) -> Amount:
    """Percent from start to end, with the rounding that its levels pass on to it."""
    ratio = end.value / start.value
    passed_on = abs(ratio) * (end.rounding / abs(end.value) + start.rounding / abs(start.value))
    return Amount(100 * (ratio - 1), "percent", 100 * passed_on)


class Ratio(Request):
    """One figure over another equals the claimed one."""

    kind: Literal["ratio"]
    numerator: Observed
    denominator: Observed
    claimed: Quantity | None = None

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        said = amount_of(claimed_or(self.claimed, quantity))
        over, under = self.numerator.observe(record), self.denominator.observe(record)
        scale = 100.0 if said.unit == "percent" else 1.0
        value = scale * over.value / under.value
        passed_on = over.rounding / abs(over.value) + under.rounding / abs(under.value)
        ratio = Amount(value, said.unit, abs(value) * passed_on)
        words = f"{shown(over)} over {shown(under)} is {value:,.4g} {said.unit}"
        return agrees_if(same(said, ratio), f"{words}; claimed {float(said.value):,.4g}")


class Bound(Request):
    """A figure lies above or below a bound."""

    kind: Literal["bound"]
    observed: Observed
    above: Quantity | None = None
    below: Quantity | None = None

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        measured = self.observed.observe(record)
        bounds = [(amount_of(self.above), 1)] if self.above else []
        bounds += [(amount_of(self.below), -1)] if self.below else []
        holds = all(way * (measured.value - bound.value) > 0 for bound, way in bounds)
        words = [f"{'above' if way > 0 else 'below'} {shown(bound)}" for bound, way in bounds]
        here = f"{self.observed.named()}{shown(measured, signed=True)}"
        return agrees_if(holds, f"{here}; claimed {' and '.join(words)}")


class Direction(Request):
    """A figure rises or falls from one point to another."""

    kind: Literal["direction"]
    start: Observed
    end: Observed
    claimed: Literal["rise", "fall"]

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        start, end = self.start.observe(record), self.end.observe(record)
        rises = end.value > start.value
        told = f"{self.start.named()}{shown(start)}; {self.end.named()}{shown(end)}"
        words = f"{told}; claimed a {self.claimed}"
        return agrees_if(rises == (self.claimed == "rise"), words)
