"""A statement held against the stored series."""

import math
import re
from contextlib import suppress

from ...data.bases import COMTRADE, HARMONISED, NATIONAL_BASES
from ...data.concordance import table
from ..harmonised import USUAL_GAP
from ..histories import FirstInYears
from ..levels import growth
from ..observed import TradeSeries
from ..record import Record, Series
from ..units import Amount, same, shown
from ..verdict import agrees_if, Finding, Missing, untestable, Verdict
from .actors import Actors
from .quantities import LITERAL_REACH, TextFigure
from .slot import BOUNDS
from .statement import books, Statement


NAMES = {row["code"]: row["name"] for row in table("countries")} | {
    "KOR": "South Korea", "CHN": "China", "PRK": "North Korea", "USA": "the United States",
    "TWN": "Taiwan", "VNM": "Viet Nam",
}  # fmt: skip


BOOKS_DIFFER = "depends on whose customs"
"""What a figure that one side's book bears out needs: no mending, only the book."""
WITHIN_REVISION = "within the usual revision of customs figures"
REVISED, REVISED_OF_TRADE, REVISED_POINTS = 0.01, 0.003, 0.5
"""How far two vintages of a figure may lie apart: of a flow, of a balance as a share of the trade
that it is the difference of, and of growth in percentage points. Of the vintages stored here side
by side (Korean customs in KOSIS and in UN Comtrade, 2001-15; the ministry's first figures of 2023
and 2024 and the OECD's; the US Census and UN Comtrade, exports of 2010-15) none is more than
0.3 percent apart; first prints are revised by more than those that reach a data base."""
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
        if _on_mirror(statement, record):
            return untestable(f"{BOOKS_DIFFER}: the partner's agree; needs {missing}")
        return _on_harmonised(statement, record) or untestable(f"needs {missing}")


def _on_harmonised(statement: Statement, record: Record) -> Finding | None:
    """The finding against the harmonised flow, where the customs of the pair are not stored.

    They may agree; they cannot contradict, since books of one flow lie further apart than that.
    """
    period, who = statement.period.value, statement.actors
    if statement.figure.kind != "money" or not period.isdigit():
        return None
    series = record.yearly(who.reporter, who.partner, statement.flow, HARMONISED)
    if int(period) not in series.points:
        return None
    measured, said = series.at(int(period)), signed(statement)
    words = f"{series.name}, {period}: {shown(measured)}"
    near = abs(said.value - measured.value) <= REVISED * abs(measured.value)
    if near and statement.figure.approximate not in BOUNDS:
        return Finding(Verdict.agrees, f"{words}; another book than any customs")
    return untestable(
        f"the customs of this pair and year are not stored, and {words} is another book: half of "
        f"all flows differ by more than {USUAL_GAP:.0%} between the two"
    )


def why_not(statement: Statement) -> str:
    """What keeps a quantity from being compared at all; empty if nothing does."""
    figure = statement.figure
    if figure.kind not in ("money", "percent"):
        if re.search(r"dollars?$", figure.unit):
            return f"'{figure.unit}' is not understood as an amount of money"
        return _NO_SERIES.get(figure.kind, f"nothing is stored in {figure.unit}")
    if unknown := _unknown(statement):
        return unknown
    if statement.mood:
        return f"it is {statement.mood}, not a statement of what was"
    if statement.qualifier:
        if statement.qualifier.lower() in _PRONOUNS:
            return "a part of what is named before, and only all goods are stored"
        return f"said of a part ('{statement.qualifier}'), and only trade in all goods is stored"
    if statement.slot.unread:
        return statement.slot.unread
    if not statement.actors.reporter or not statement.actors.partner:
        return "the text does not say whose trade with whom"
    if statement.actors.several:
        return "several countries together"
    return statement.period.why_not or figure.doubt or _unfit(statement)


_SHARE = "a share or rate, not a change of a stored series"


def _unknown(statement: Statement) -> str:
    """Why what the figure measures is no stored series; empty if it is one."""
    if statement.cue is None:
        return _SHARE if _is_of_a_whole(statement) else "what it measures is not understood"
    return f"nothing is stored about {statement.cue.word}" if statement.flow == "other" else ""


def _is_of_a_whole(statement: Statement) -> bool:
    """Whether a percentage is said to be of something: 20 % of what a country sells."""
    after = statement.sentence.text[statement.figure.end :]
    return statement.figure.kind == "percent" and re.match(r"\s+of\b", after) is not None


_PRONOUNS = frozenset("it them that this these those which".split())
_NO_SERIES = {
    "duration": "a length of time, and no stored series is one",
    "row": "needs the year that ends the run, and the balance of each year of it",
    "rank": "needs the trade of the country with all its partners in the period",
    "points": "percentage points compare two shares, and no stored series is a share",
}


def _unfit(statement: Statement) -> str:
    figure = statement.figure
    if figure.kind == "money" and not figure.unit.endswith("US$"):
        return "needs the exchange rate of the period, for an amount not in US$"
    if figure.value < 0 and not _may_be_negative(statement):
        return "a minus sign before an amount that has no sign of its own"
    if statement.sentence.text[figure.start] == "+" and _has_no_sign(statement):
        return "a plus sign before an amount that has no sign of its own"
    if _is_unsigned_balance(statement):
        return "a balance without a sign may be a surplus or a deficit"
    if statement.is_change:
        return "an amount of change, not a level"
    if _is_of_a_whole(statement) or (figure.kind == "percent" and not statement.direction):
        return _SHARE
    if figure.kind == "percent" and statement.flow == "balance":
        return "the growth of a balance has no meaning where its sign can change"
    return ""


def _has_no_sign(statement: Statement) -> bool:
    """Whether a sign in front makes of an amount a change: all flows but the balance."""
    return statement.figure.kind == "money" and statement.flow != "balance"


def _is_unsigned_balance(statement: Statement) -> bool:
    cue, figure = statement.cue, statement.figure
    signed_so = figure.value < 0 or statement.sentence.text[figure.start] == "+"
    return cue is not None and cue.word.endswith("balance") and not signed_so


def _may_be_negative(statement: Statement) -> bool:
    """A negative surplus and a negative growth rate; a negative deficit could be either."""
    if statement.figure.approximate in ("over", "under"):
        return False
    if statement.figure.kind == "percent":
        return statement.direction > 0
    return statement.cue is not None and statement.flow == "balance" and statement.cue.sign > 0


def _tested(statement: Statement, record: Record) -> Finding:
    """Compare on the reporter's own book; where another book differs and none is named, say so."""
    finding = _both(statement, record) or _on(statement, record, statement.actors, statement.basis)
    if finding.verdict is not Verdict.contradicts:
        return finding
    if len(books(statement.sentence.text)) > 1:
        return untestable(f"the sentence names the customs of several countries: {finding.found}")
    if statement.inherited or statement.period.inherited:
        return untestable(f"actors or year are read from nearby, not stated: {finding.found}")
    if not statement.book and _on_mirror(statement, record):
        return untestable(f"{BOOKS_DIFFER}: the partner's agree; {finding.found}")
    return finding


def _both(statement: Statement, record: Record) -> Finding | None:
    """Two-way trade is no one's own: it must hold on the book of either side that is stored.

    "South Korea's trade with China" is South Korea's, and holds where it does on its own book.
    """
    if statement.flow != "two-way" or statement.book:
        return None
    who = statement.actors
    if statement.cue and statement.sentence.text.startswith(" with", statement.cue.end):
        with suppress(Missing):
            own = _on(statement, record, who, statement.basis)
            if own.verdict is Verdict.agrees:
                return own
    findings: list[Finding] = []
    for reporter, partner in ((who.reporter, who.partner), (who.partner, who.reporter)):
        with suppress(Missing):
            basis = NATIONAL_BASES.get(reporter, COMTRADE)
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
    said = statement.figure.amount()
    far = FAR_POINTS if statement.figure.kind == "percent" else FAR * abs(measured.value)
    return abs(abs(said.value) - abs(measured.value)) > far


def _on(statement: Statement, record: Record, who: Actors, basis: str) -> Finding:
    measured, words = _measured(statement, record, who, basis)
    said = signed(statement)
    finding = _compared(said, measured, statement.figure, words)
    if finding.verdict is not Verdict.contradicts:
        return finding
    if abs(said.value - measured.value) > _revision(statement, record, who, basis, measured):
        return finding
    off = abs(said.value - measured.value)
    share = f"{off:.2f} points" if said.unit == "percent" else f"{off / abs(measured.value):.1%}"
    return untestable(f"{WITHIN_REVISION}, {share} off: another vintage may say so; {words}")


def _revision(
    statement: Statement, record: Record, who: Actors, basis: str, measured: Amount
) -> float:
    """How far a figure may lie from the stored one and still be an earlier or later print of it."""
    if statement.figure.kind == "percent":
        return REVISED_POINTS
    if statement.flow != "balance" or "-" in statement.period.value:
        return REVISED * abs(measured.value)
    both = record.yearly(who.reporter, who.partner, "two-way", basis)
    return REVISED_OF_TRADE * both.at(int(statement.period.value)).value


def _measured(statement: Statement, record: Record, who: Actors, basis: str) -> tuple[Amount, str]:
    """The stored level or growth that a statement is about, and how to say it."""
    series = _series(record, who, statement.flow, basis)
    period = statement.period.value
    if statement.figure.kind == "percent":
        return _growth(series, period)
    if "-" in period:
        measured = record.span(who.reporter, who.partner, statement.flow, basis, period)
    else:
        measured = series.at(int(period))
    return measured, f"{series.name}, {period}: {shown(measured)}"


def _series(record: Record, who: Actors, flow: str, basis: str) -> Series:
    """The series on a book; on the partner's book exports are what the partner imports."""
    if NATIONAL_BASES.get(who.partner) != basis or flow == "balance":
        return record.yearly(who.reporter, who.partner, flow, basis)
    mirror = {"exports": "imports", "imports": "exports"}.get(flow, flow)
    return record.yearly(who.partner, who.reporter, mirror, basis)


def series_of(record: Record, statement: Statement, flow: str = "") -> Series:
    """The yearly series that a statement is about, or another flow of the same pair and book."""
    return _series(record, statement.actors, flow or statement.flow, statement.basis)


def signed(statement: Statement) -> Amount:
    """The amount of a statement, negative for a deficit or a fall."""
    amount = statement.figure.amount()
    sign = statement.cue.sign if statement.cue and statement.flow == "balance" else 1
    if statement.figure.kind == "percent":
        sign = statement.direction
    return Amount(sign * amount.value, amount.unit, amount.rounding)


def _growth(series: Series, period: str) -> tuple[Amount, str]:
    if "-" in period:
        raise Missing(f"{series.name} by month")
    year = int(period)
    change = growth(series.at(year - 1), series.at(year))
    return change, f"{series.name}, {year - 1} to {year}: {shown(change, signed=True)}"


def _compared(said: Amount, measured: Amount, figure: TextFigure, words: str) -> Finding:
    """Equal within rounding; a bound holds only if the figure is near enough to have been meant."""
    if figure.approximate not in BOUNDS:
        return agrees_if(same(said, measured), words)
    if math.copysign(1, said.value) != math.copysign(1, measured.value):
        return agrees_if(False, words)
    size, bound = abs(measured.value), abs(said.value)
    way = 1 if figure.approximate in ("over", "at least") else -1
    beyond = way * (size - bound)
    if figure.approximate in ("over", "under") and beyond <= 0 and same(said, measured):
        return untestable(f"as rounded it is the bound itself: {words}")
    holds = beyond >= -said.rounding - measured.rounding
    if not holds or abs(size - bound) <= LITERAL_REACH * bound:
        return agrees_if(holds, words)
    return untestable(f"true of a figure that far away, so it tests nothing: {words}")


def _on_mirror(statement: Statement, record: Record) -> bool:
    """Whether the partner's customs record the same goods as the statement says."""
    who = statement.actors
    swapped = {"exports": "imports", "imports": "exports"}.get(statement.flow)
    if swapped is None or statement.figure.kind != "money" or "-" in statement.period.value:
        return False
    for basis in NATIONAL_BASES.values():
        mirror = record.yearly(who.partner, who.reporter, swapped, basis)
        year = int(statement.period.value)
        if year in mirror.points and same(signed(statement), mirror.at(year)):
            return True
    return False


_FIRST = re.compile(
    r"\bfirst\b(?!.*\bfirst\b).{0,80}\bin (?:over |more than |nearly |about |at least )?$"
)


def hold_first(statement: Statement, around: list[Statement], record: Record) -> Finding | None:
    """Whether a deficit or surplus is the first in so many years; nothing if that is not said."""
    text, figure = statement.sentence.text, statement.figure
    if figure.kind != "duration" or not _FIRST.search(text[: figure.start]):
        return None
    balances = (one for one in around if one.flow == "balance")
    balance = next((one for one in balances if one.sentence == statement.sentence), None)
    if balance is None or balance.mood or balance.qualifier:
        return None
    who = balance.actors
    if not who.reporter or not who.partner or not balance.period.value.isdigit():
        return None
    years = float(figure.value) * (10 if figure.unit == "decades" else 1)
    at_least = figure.approximate == "over" or figure.unit == "decades"
    check = FirstInYears(
        kind="first_in_years",
        series=TradeSeries.model_construct(
            reporter=who.reporter, partner=who.partner, flow="balance", basis=balance.basis
        ),
        year=int(balance.period.value),
        state="deficit" if balance.cue and balance.cue.sign < 0 else "surplus",
        years=int(years) + (figure.approximate == "over"),
        at_least=at_least,
    )
    try:
        return check.run(record, None)
    except Missing as missing:
        return untestable(f"needs {missing}")
