"""A document read: each quantity with what it was taken for, its verdict, and what was meant."""

import re
from dataclasses import dataclass, replace
from itertools import groupby

from ..record import Record
from ..verdict import Finding, untestable, Verdict
from .context import Context
from .held import BOOKS_DIFFER, hold, hold_first, is_far, NAMES, why_not, WITHIN_REVISION
from .identities import identities, notes
from .predicates import of_statement, Predicate, predicates, unread_claims
from .repair import Repair, repair
from .slot import AFTERWARDS, more_than_before
from .statement import Statement, statements
from .text import Sentence, sentences
from .told import hold_predicate


TOGETHER = 20
"""Sentences of a paragraph that are read with each other in mind."""
REACH = 25
"""Characters before a flow that its own adjectives and verbs take up."""
_PRONOUN = re.compile(r"^\W*(?:It|That|This|They|These|Both)\b")
CONTEXT = 28
"""Characters shown on either side of a quantity."""


@dataclass(frozen=True)
class Reading:
    """One quantity of a document."""

    line: int
    text: str
    """The quantity with a few words around it."""
    value: float
    unit: str
    kind: str
    """money, percent, points, duration, count, row, rank; for what is said beside a figure
    direction, record, extremum, first, streak, comparison, multiple, place, share,
    unread; or identity."""
    what: str
    """The series it was taken for."""
    period: str
    verdict: Verdict
    found: str
    probably: str = ""
    """What was probably meant, where the text is garbled or wrong by one change."""
    why: str = ""
    upper: float | None = None
    """The upper end, where the value is the lower end of a range."""


def read(text: str, record: Record, dated: int | None = None) -> list[Reading]:
    """Every quantity of a text with its verdict; `dated` is the year in which it was written."""
    readings: list[Reading] = []
    everything: list[Statement] = []
    context = Context()
    for _, paragraph in groupby(sentences(text), key=lambda one: one.line):
        for part in _batches(list(paragraph)):
            made, context = statements(part, dated, context)
            readings += _readings(made, record)
            everything += made
    sums = [
        replace(_reading(one.statement, one.finding, None, ""), kind="identity")
        for one in identities(everything)
    ]
    return sorted([*readings, *sums], key=lambda one: one.line)


def _batches(paragraph: list[Sentence]) -> list[list[Sentence]]:
    """The paragraph in parts, so that reading time grows in proportion to the length of a text."""
    return [paragraph[at : at + TOGETHER] for at in range(0, len(paragraph), TOGETHER)]


def _readings(made: list[Statement], record: Record) -> list[Reading]:
    readings = []
    beside = _beside(made, record)
    repaired = [_repaired(one, record) for one in made]
    streaks = {
        one.sentence for one in made if any(row.kind == "streak" for row in beside.get(id(one), []))
    }
    for one, mended in zip(made, repaired, strict=True):
        if one.figure.kind == "row" and one.sentence in streaks:
            continue
        first = hold_first(_as_years(one), made, record)
        finding = first or hold(one, record)
        mend = mended or _like_neighbour(one, made, repaired, record)
        if finding.verdict is Verdict.contradicts and first is mend is None and is_far(one, record):
            finding = untestable(f"so far off that it may be of something else: {finding.found}")
        if one.figure.unit == "times" and first is not None:
            finding = untestable("'times' is no unit of duration")
            mend = Repair(
                f"{one.figure.value} years", f"in years it {_holds(first)}: {first.found}"
            )
        if mend is not None and mend.unread:
            finding = untestable(mend.why)
        readings.append(_reading(one, finding, mend, notes(one, made)))
        readings += beside.get(id(one), [])
    return readings


def _beside(made: list[Statement], record: Record) -> dict[int, list[Reading]]:
    """What each sentence says beside its figures, as readings of the figure that it is said of."""
    readings: dict[int, list[Reading]] = {}
    for _, group in groupby(made, key=lambda one: one.sentence.place):
        together = list(group)
        testable = [one for one in together if not why_not(one)]
        said = _claims(together, any(hold_first(_as_years(o), made, record) for o in together))
        for one in testable:
            own = [_said(one, predicate, record) for predicate in of_statement(one, testable, said)]
            readings[id(one)] = own + (_taken_up(one) if one is testable[-1] else [])
    return readings


def _claims(together: list[Statement], first_is_held: bool) -> list[Predicate]:
    """The predicates of a sentence, with those that are seen and not understood."""
    text = together[0].sentence.text
    own = [one.figure for one in together if one.figure.kind == "percent"]
    said = [
        one
        for one in predicates(text)
        if (one.kind != "first" or not first_is_held)
        and not any(one.start == rate.end + 1 and more_than_before(rate, text) for rate in own)
    ]
    covered = [(one.start, one.end) for one in predicates(text)]
    for one in together:
        if one.cue is not None and one.figure.kind in ("money", "percent"):
            start, end = min(one.cue.start, one.figure.start), max(one.cue.end, one.figure.end)
            after = AFTERWARDS.match(text[end:])
            own = max(start - REACH, text.rfind(",", 0, start), 0)
            covered.append((own, end + (after.end() if after else 0)))
    return said + unread_claims(text, covered)


def _taken_up(one: Statement) -> list[Reading]:
    """What the next sentence says of a figure, if it has none itself: "It was a record"."""
    if not _PRONOUN.match(one.following) or re.search(r"\d", one.following):
        return []
    said = [*predicates(one.following), *unread_claims(one.following, [])]
    words = "'{}', said in the next sentence, is not tested"
    return [
        replace(_reading(one, untestable(words.format(each.text)), None, ""), kind=each.kind)
        for each in said[:1]
    ]


def _said(one: Statement, predicate: Predicate, record: Record) -> Reading:
    finding = hold_predicate(predicate, one, record)
    return replace(_reading(one, finding, None, ""), kind=predicate.kind)


def _holds(finding: Finding) -> str:
    said = {Verdict.agrees: "holds", Verdict.contradicts: "does not hold"}
    return said.get(finding.verdict, "cannot be tested")


def _as_years(one: Statement) -> Statement:
    """A duration in 'times' read as years, to see whether that makes sense."""
    if one.figure.unit != "times":
        return one
    return replace(one, figure=replace(one.figure, unit="years"))


def _repaired(one: Statement, record: Record) -> Repair | None:
    finding = hold(one, record)
    if finding.verdict is Verdict.agrees or finding.found.startswith(
        (BOOKS_DIFFER, WITHIN_REVISION)
    ):
        return None
    return repair(one, record)


def _like_neighbour(
    one: Statement, made: list[Statement], repaired: list[Repair | None], record: Record
) -> Repair | None:
    """The percentage read for another reporter, if a level of its sentence was mended so."""
    if one.figure.kind != "percent":
        return None
    for other, mend in zip(made, repaired, strict=True):
        together = other.sentence == one.sentence and other.actors.reporter == one.actors.reporter
        if together and mend is not None and mend.actors is not None:
            who = replace(one.actors, reporter=mend.actors.reporter)
            finding = hold(replace(one, actors=who, inherited=False), record)
            if finding.verdict is Verdict.agrees:
                return Repair(mend.meant, finding.found, who)
    return None


def _reading(one: Statement, finding: Finding, mend: Repair | None, note: str) -> Reading:
    figure = one.figure
    text = one.sentence.text
    low, high = max(0, figure.start - CONTEXT), min(len(text), figure.end + CONTEXT)
    words = f"{'…' * (low > 0)}{text[low:high].strip()}{'…' * (high < len(text))}"
    why = "; ".join(part for part in (mend.why if mend else "", note if mend else "") if part)
    return Reading(
        one.sentence.line, words, float(figure.value), figure.unit, figure.kind, what(one),
        one.period.value, finding.verdict, finding.found, mend.meant if mend else "", why,
        None if figure.upper is None else float(figure.upper),
    )  # fmt: skip


def what(one: Statement) -> str:
    """The series that a quantity was taken for, in words."""
    if one.flow in ("", "other"):
        return one.cue.word if one.cue else ""
    codes = [code for code in (one.actors.reporter, one.actors.partner) if code]
    who = " and ".join(NAMES.get(code, code) for code in codes)
    sign = {1: "surplus", -1: "deficit"}.get(one.cue.sign if one.cue else 1, "")
    flow = sign if one.flow == "balance" else one.flow
    if one.figure.kind == "percent" and one.direction:
        flow = f"{'rise' if one.direction > 0 else 'fall'} of {flow}"
    return f"{flow}, {who}" if who else flow
