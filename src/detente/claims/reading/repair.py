"""What a figure that does not hold was probably meant to be: one change that makes it agree."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..record import Record, Series
from ..units import Amount, same, shown
from ..verdict import Verdict
from .actors import Actors
from .held import hold, NAMES, signed, why_not
from .periods import Period
from .statement import Statement


DIGITS = 3
"""Printed digits from which on an equal figure elsewhere in the record is no coincidence."""
_UNIT_FACTORS = {1000.0: "1,000 times as much", 0.001: "a thousandth of it"}
_FACTORS = {**_UNIT_FACTORS, 10.0: "10 times as much", 0.1: "a tenth of it"}


@dataclass(frozen=True)
class Repair:
    """What was probably meant, and why."""

    meant: str
    why: str
    actors: Actors | None = None
    """Whose trade it then is, where that is what changed."""
    unread: bool = False
    """Whether the number itself can be read in two ways, so that it contradicts nothing."""


def repair(statement: Statement, record: Record) -> Repair | None:
    """The one change that makes a level agree with the record; none if there are several."""
    if statement.figure.kind != "money" or not statement.period.value:
        return None
    certain = replace(statement, figure=replace(statement.figure, doubt=""))
    if why_not(certain):
        return None
    if not statement.period.value.isdigit():
        return _whole_year(certain, record) if _is_telling(certain) else None
    if statement.figure.instead is not None:
        other = _other_reading(certain, record)
        if other is not None or statement.figure.doubt:
            return other
    return None if statement.figure.doubt else next(_candidates(statement, record), None)


def _whole_year(statement: Statement, record: Record) -> Repair | None:
    """The year of months whose figures contradict it, where it is that of the year."""
    if hold(statement, record).verdict is not Verdict.contradicts:
        return None
    year = statement.period.value[:4]
    finding = hold(replace(statement, period=Period(year)), record)
    whole = finding.verdict is Verdict.agrees
    return Repair(f"the whole of {year}", finding.found) if whole else None


def _other_reading(statement: Statement, record: Record) -> Repair | None:
    """The number with the point or comma taken for the other, where it then agrees."""
    figure = statement.figure
    read = replace(statement, figure=replace(figure, value=figure.instead, instead=None))
    if hold(read, record).verdict is not Verdict.agrees:
        return None
    number = f"{read.figure.value:,f}"
    written = statement.sentence.text[figure.start : figure.end]
    why = f"'{written}' can be read in two ways, and as {number} it agrees with the record"
    return Repair(f"{number} {figure.unit}", why, unread=True)


def _candidates(statement: Statement, record: Record) -> Iterator[Repair]:
    """From the change that alters least of what was written to the one that alters most."""
    who, year, said = statement.actors, int(statement.period.value), signed(statement)
    series = record.yearly(who.reporter, who.partner, statement.flow, statement.basis)
    if year in series.points:
        yield from _scales(statement, series.at(year))
    if not _is_telling(statement):
        return
    yield from _years(said, series, year)
    yield from _flows(statement, record)
    yield from _countries(statement, record)


def _scales(statement: Statement, measured: Amount) -> Iterator[Repair]:
    said = signed(statement)
    if statement.flow == "balance" and same(replace(said, value=-said.value), measured):
        word = "a surplus" if measured.value > 0 else "a deficit"
        yield Repair(word, f"the amount is right, the sign is not: {shown(measured, signed=True)}")
    for factor, word in _FACTORS.items():
        scaled = replace(said, value=said.value * factor, rounding=said.rounding * factor)
        if same(scaled, measured) and (factor in _UNIT_FACTORS or _is_telling(statement)):
            wrong = "unit" if factor in _UNIT_FACTORS else "decimal point"
            yield Repair(shown(scaled), f"the digits are right and the {wrong} is not: {word}")


def _is_telling(statement: Statement) -> bool:
    return len(statement.figure.value.as_tuple().digits) >= DIGITS


def _years(said: Amount, series: Series, year: int) -> Iterator[Repair]:
    years = [y for y in series.points if y != year and same(said, series.at(y))]
    if len(years) == 1:
        yield Repair(f"{years[0]}", f"{series.name}, {years[0]}: {shown(series.at(years[0]))}")


def _flows(statement: Statement, record: Record) -> Iterator[Repair]:
    who, year = statement.actors, int(statement.period.value)
    for flow in ("exports", "imports", "two-way"):
        series = record.yearly(who.reporter, who.partner, flow, statement.basis)
        if flow != statement.flow and year in series.points:
            if same(signed(statement), series.at(year)):
                yield Repair(flow, f"{series.name}, {year}: {shown(series.at(year))}")


def _countries(statement: Statement, record: Record) -> Iterator[Repair]:
    """The same flow of another country with the same partner, or of the same with another."""
    who, year = statement.actors, int(statement.period.value)
    for reporter, partner, basis in record.pairs():
        shares_one = (reporter == who.reporter) != (partner == who.partner)
        series = record.yearly(reporter, partner, statement.flow, basis) if shares_one else None
        if series is not None and year in series.points:
            if same(signed(statement), series.at(year)):
                changed = reporter if reporter != who.reporter else partner
                why = f"{series.name}, {year}: {shown(series.at(year))}"
                yield Repair(NAMES.get(changed, changed), why, Actors(reporter, partner))
