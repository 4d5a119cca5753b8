"""A statement held against the stored series."""

import math
import re
from contextlib import suppress

from ..histories import FirstInYears
from ..levels import growth
from ..observed import TradeSeries
from ..record import Record, Series
from ..units import Amount, same, shown
from ..verdict import agrees_if, Finding, Missing, untestable, Verdict
from .actors import Actors
from .quantities import Found, LITERAL_REACH
from .statement import OWN_BOOK, Statement


NAMES = {"KOR": "South Korea", "CHN": "China", "PRK": "North Korea", "USA": "the United States",
         "JPN": "Japan", "TWN": "Taiwan", "VNM": "Viet Nam"}  # fmt: skip


BOOKS_DIFFER = "depends on whose customs"
"""What a figure that one side's book bears out needs: no mending, only the book."""
FAR = 0.25
"""Relative distance from the record beyond which a level that no single change mends is taken for
one of something else: on texts not seen before, most such figures were."""
FAR_POINTS = 10.0
"""The same for growth, in percentage points."""


def hold(statement: Statement, record: Record) -> Finding:
    """The verdict on a statement; whatever is not certain is not tested."""
    reason = why_not(statement)
    if reason:
        return untestable(reason)
    try:
        return _tested(statement, record)
    except Missing as missing:
        return untestable(f"needs {missing}")


def why_not(statement: Statement) -> str:
    """What keeps a quantity from being compared at all; empty if nothing does."""
    found, flow = statement.found, statement.flow
    if found.kind not in ("money", "percent"):
        return _NO_SERIES.get(found.kind, f"no stored series of {found.unit}")
    if flow in ("", "other"):
        what = statement.cue.word if statement.cue else "what it measures"
        return f"no stored series of {what}"
    if statement.mood:
        return f"it is {statement.mood}, not a statement of what was"
    if statement.qualifier:
        return f"limited to '{statement.qualifier}', and only all goods are stored"
    if not statement.actors.reporter or not statement.actors.partner:
        return "the text does not say whose trade with whom"
    if statement.actors.several:
        return "several countries together"
    return statement.period.why_not or found.doubt or _unfit(statement)


_NO_SERIES = {
    "row": "needs the year that ends the run, and the balance of each year of it",
    "rank": "needs the trade of the country with all its partners in the period",
    "points": "percentage points compare two shares, and no stored series is a share",
}


def _unfit(statement: Statement) -> str:
    found = statement.found
    if found.kind == "money" and not found.unit.endswith("US$"):
        return "needs the exchange rate of the period, for an amount not in US$"
    if found.value < 0 and not _may_be_negative(statement):
        return "a minus sign before an amount that has no sign of its own"
    if statement.is_change:
        return "an amount of change, not a level"
    is_share = statement.sentence.text[found.end :].startswith(" of ")
    if found.kind == "percent" and (is_share or not statement.direction):
        return "a share or rate, not a change of a stored series"
    if found.kind == "percent" and statement.flow == "balance":
        return "the growth of a balance has no meaning where its sign can change"
    return ""


def _may_be_negative(statement: Statement) -> bool:
    """A negative surplus and a negative growth rate; a negative deficit could be either."""
    if statement.found.approximate in ("over", "under"):
        return False
    if statement.found.kind == "percent":
        return statement.direction > 0
    return statement.cue is not None and statement.flow == "balance" and statement.cue.sign > 0


def _tested(statement: Statement, record: Record) -> Finding:
    """Compare on the reporter's own book; where another book differs and none is named, say so."""
    finding = _both(statement, record) or _on(statement, record, statement.actors, statement.basis)
    if finding.verdict is not Verdict.contradicts:
        return finding
    if statement.inherited or statement.period.inherited:
        return untestable(f"actors or year are read from nearby, not stated: {finding.found}")
    if not statement.book and _on_mirror(statement, record):
        return untestable(f"{BOOKS_DIFFER}: the partner's agree; {finding.found}")
    return finding


def _both(statement: Statement, record: Record) -> Finding | None:
    """Two-way trade is no one's own: it must hold on the book of either side that is stored."""
    if statement.flow != "two-way" or statement.book:
        return None
    who = statement.actors
    findings: list[Finding] = []
    for reporter, partner in ((who.reporter, who.partner), (who.partner, who.reporter)):
        with suppress(Missing):
            basis = OWN_BOOK.get(reporter, "comtrade")
            findings.append(_on(statement, record, Actors(reporter, partner), basis))
    if len({one.verdict for one in findings}) == 2:
        return untestable(f"{BOOKS_DIFFER}: " + "; ".join(one.found for one in findings))
    return findings[0] if findings else None


def is_far(statement: Statement, record: Record) -> bool:
    """Whether a figure is so far from the record that it may be one of something else.

    Only the size counts: the same size with the other sign is a contradiction, not another thing.
    """
    try:
        measured, _ = _measured(statement, record, statement.actors, statement.basis)
    except Missing:
        return False
    said = statement.found.amount()
    far = FAR_POINTS if statement.found.kind == "percent" else FAR * abs(measured.value)
    return abs(abs(said.value) - abs(measured.value)) > far


def _on(statement: Statement, record: Record, who: Actors, basis: str) -> Finding:
    measured, words = _measured(statement, record, who, basis)
    return _compared(signed(statement), measured, statement.found, words)


def _measured(statement: Statement, record: Record, who: Actors, basis: str) -> tuple[Amount, str]:
    """The stored level or growth that a statement is about, and how to say it."""
    series = _series(record, who, statement.flow, basis)
    period = statement.period.value
    if statement.found.kind == "percent":
        return _growth(series, period)
    if "-" in period:
        measured = record.span(who.reporter, who.partner, statement.flow, basis, period)
    else:
        measured = series.at(int(period))
    return measured, f"{series.name}, {period}: {shown(measured)}"


def _series(record: Record, who: Actors, flow: str, basis: str) -> Series:
    """The series on a book; on the partner's book exports are what the partner imports."""
    if OWN_BOOK.get(who.partner) != basis or flow == "balance":
        return record.yearly(who.reporter, who.partner, flow, basis)
    mirror = {"exports": "imports", "imports": "exports"}.get(flow, flow)
    return record.yearly(who.partner, who.reporter, mirror, basis)


def signed(statement: Statement) -> Amount:
    """The amount of a statement, negative for a deficit or a fall."""
    amount = statement.found.amount()
    sign = statement.cue.sign if statement.cue and statement.flow == "balance" else 1
    if statement.found.kind == "percent":
        sign = statement.direction
    return Amount(sign * amount.value, amount.unit, amount.rounding)


def _growth(series: Series, period: str) -> tuple[Amount, str]:
    if "-" in period:
        raise Missing(f"{series.name} by month")
    year = int(period)
    change = growth(series.at(year - 1), series.at(year))
    return change, f"{series.name}, {year - 1} to {year}: {shown(change, signed=True)}"


def _compared(said: Amount, measured: Amount, found: Found, words: str) -> Finding:
    """Equal within rounding; a bound holds only if the figure is near enough to have been meant."""
    if found.approximate not in ("over", "under"):
        return agrees_if(same(said, measured), words)
    if math.copysign(1, said.value) != math.copysign(1, measured.value):
        return agrees_if(False, words)
    size, bound = abs(measured.value), abs(said.value)
    way = 1 if found.approximate == "over" else -1
    holds = way * (size - bound) >= -said.rounding
    if not holds or abs(size - bound) <= LITERAL_REACH * bound:
        return agrees_if(holds, words)
    return untestable(f"true of a figure that far away, so it tests nothing: {words}")


def _on_mirror(statement: Statement, record: Record) -> bool:
    """Whether the partner's customs record the same goods as the statement says."""
    who = statement.actors
    swapped = {"exports": "imports", "imports": "exports"}.get(statement.flow)
    if swapped is None or statement.found.kind != "money" or "-" in statement.period.value:
        return False
    for basis in ("korean customs", "chinese customs", "us customs", "japanese customs"):
        mirror = record.yearly(who.partner, who.reporter, swapped, basis)
        year = int(statement.period.value)
        if year in mirror.points and same(signed(statement), mirror.at(year)):
            return True
    return False


def hold_record(statement: Statement, record: Record) -> Finding | None:
    """Whether a balance or flow called a record is one; nothing where it is not called one."""
    text, found = statement.sentence.text, statement.found
    around = text[max(0, found.start - 40) : found.end + 30]
    if not _RECORD.search(around):
        return None
    if found.kind != "money" or why_not(statement) or not statement.period.value.isdigit():
        return None
    who, year = statement.actors, int(statement.period.value)
    series = record.yearly(who.reporter, who.partner, statement.flow, statement.basis)
    if year not in series.points:
        return untestable(f"needs {series.name}, {year}")
    sign = -1 if statement.cue and statement.cue.sign < 0 else 1
    until = series.until(year)
    most = until.largest(float(sign))
    years = f"{min(until.points)}–{year}"
    words = f"{series.name}, {years}: largest in {most}, {shown(series.at(most))}"
    return agrees_if(most == year, words)


_RECORD = re.compile(r"\b(?:record|all-time high|(?:highest|largest|biggest) ever)\b")
_FIRST = re.compile(
    r"\bfirst\b(?!.*\bfirst\b).{0,80}\bin (?:over |more than |nearly |about |at least )?$"
)


def hold_first(statement: Statement, around: list[Statement], record: Record) -> Finding | None:
    """Whether a deficit or surplus is the first in so many years; nothing if that is not said."""
    text, found = statement.sentence.text, statement.found
    if found.kind != "duration" or not _FIRST.search(text[: found.start]):
        return None
    balances = (one for one in around if one.flow == "balance")
    balance = next((one for one in balances if one.sentence == statement.sentence), None)
    if balance is None or balance.mood or balance.qualifier:
        return None
    who = balance.actors
    if not who.reporter or not who.partner or not balance.period.value.isdigit():
        return None
    years = float(found.value) * (10 if found.unit == "decades" else 1)
    at_least = found.approximate == "over" or found.unit == "decades"
    check = FirstInYears(
        kind="first_in_years",
        series=TradeSeries.model_construct(
            reporter=who.reporter, partner=who.partner, flow="balance", basis=balance.basis
        ),
        year=int(balance.period.value),
        state="deficit" if balance.cue and balance.cue.sign < 0 else "surplus",
        years=int(years) + (found.approximate == "over"),
        at_least=at_least,
    )
    try:
        return check.run(record, None)
    except Missing as missing:
        return untestable(f"needs {missing}")
