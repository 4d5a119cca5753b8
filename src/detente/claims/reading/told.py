"""What is said beside a figure, held against the series that the figure is of."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..record import Record, Series
from ..units import shown
from ..verdict import agrees_if, Finding, Missing, untestable
from .held import series_of
from .predicates import Predicate, predicates, UNREAD
from .slot import BOUNDS
from .statement import Statement


State = Callable[[int], bool | None]
"""Whether something was so in a year; nothing where the record does not say."""
NEAR_MULTIPLE, FAR_MULTIPLE = 0.1, 0.25
"""How far a ratio may lie from a multiple in words to be it, and from where on it is another."""
LEVEL = 0.01
"""Relative change below which a direction is not told: levels of customs are revised by as much."""
MOVES = ("rise", "fall")
SAME = 0.02
"""Relative change up to which a level is said to have stayed."""
_BASE = re.compile(
    r"\b(?:from|since|compared (?:with|to)|versus|against|than in|over"
    r"|than (?:the )?\S+(?: \w+)? of)"
    r" (?:(?:the |about |a |an )*(?:(?:US)?\$\S+(?: (?:billion|million|trillion|bn|mn))?"
    r"|peak|record|high|low|level|levels|figure|total)(?: (?:billion|million|of \S+ \w+))? )?"
    r"(?:in |of |seen in )?(?:the )?(?P<year>(?:19|20)\d\d)\b"
)
_OTHER_YEAR = re.compile(
    r"^ (?:in |that of |that in |those of |those in |the \w+ of |the \w+ in |its \w+ of )?"
    r"(?P<year>(?:19|20)\d\d)\b"
)
_YEAR_BEFORE = re.compile(
    r"^ (?:in |that of |the level of )?(?:the (?:year before|previous year|prior year"
    r"|preceding year)|a year (?:earlier|before|ago))"
)
_OTHER_FLOW = re.compile(
    r"^ (?:(?:its|their|the|those|total|overall|South|Korea's|Korean|China's|Chinese) )*"
    r"(?P<flow>exports|imports)\b(?! (?:to|from|by) (?!China|South|Korea|there|it\b))"
)


@dataclass(frozen=True)
class DatedStatement:
    """A figure's statement with its series and year, as its predicates are held against it."""

    statement: Statement
    series: Series
    year: int

    @property
    def sign(self) -> int:
        """-1 for a deficit, whose size is what is spoken of."""
        cue = self.statement.cue
        return cue.sign if cue is not None and self.statement.flow == "balance" else 1

    def size(self, year: int) -> float:
        """The value in the sign that is spoken of; raise `Missing` for a year not stored."""
        return self.sign * self.series.at(year).value

    def close(self, year: int, other: int) -> bool:
        """Whether the figures of two years differ by no more than a usual revision."""
        one, two = self.size(year), self.size(other)
        return abs(one - two) <= LEVEL * max(abs(one), abs(two))

    def shown(self, year: int) -> str:
        return f"{year}: {shown(self.series.at(year), signed=self.statement.flow == 'balance')}"

    def known(self, first: int, last: int) -> list[int]:
        return [year for year in range(first, last + 1) if year in self.series.points]


def hold_predicate(said: Predicate, statement: Statement, record: Record) -> Finding:
    """The verdict on one predicate; what the series cannot decide is said not to be tested."""
    period = statement.period.value
    if said.kind == UNREAD:
        return untestable(f"what '{said.text}' says of the figure is not understood")
    if statement.figure.kind == "percent" and said.kind not in ("streak", "first"):
        return untestable(f"'{said.text}' of a growth rate is not tested")
    if not period.isdigit():
        return untestable(f"'{said.text}' is not tested by month")
    try:
        series = series_of(record, statement)
        series.at(int(period))
        if said.since is not None and said.since >= int(period):
            return untestable(f"'{said.text}' does not lie before {period}")
        finding = _HOLD[said.kind](said, DatedStatement(statement, series, int(period)), record)
    except Missing as missing:
        return untestable(f"'{said.text}' needs {missing}")
    inherited = statement.inherited or statement.period.inherited
    if finding.verdict.value == "contradicts" and inherited:
        return untestable(f"actors or year are read from nearby, not stated: {finding.found}")
    return finding


def _not_tested(said: Predicate, told: DatedStatement, record: Record) -> Finding:
    why = {
        "place": "needs the trade of the country with all its partners in the period",
        "share": "no stored series is of a part of it",
    }
    return untestable(
        f"'{said.text}' is not tested: {why.get(said.kind, 'nothing stored says so')}"
    )


def _base_year(told: DatedStatement) -> int:
    """The year that a movement started from: the one named, or the year before."""
    text, figure = told.statement.sentence.text, told.statement.figure
    # "The lowest since 2009" is a claim of its own, and no movement from 2009.
    others = [(one.start, one.end) for one in predicates(text) if one.since is not None]
    bases = [
        match
        for match in _BASE.finditer(text)
        if int(match["year"]) < told.year
        and not any(start <= match.start() < end for start, end in others)
    ]
    near = [match for match in bases if match.start() >= figure.end]
    chosen = near[0] if near else bases[-1] if bases else None
    return int(chosen["year"]) if chosen else told.year - 1


def _direction(said: Predicate, told: DatedStatement, record: Record) -> Finding:
    base = _base_year(told)
    before, here = told.size(base), told.size(told.year)
    words = f"{told.series.name}, {told.shown(base)}; {told.shown(told.year)}"
    if said.text == "turned":
        return agrees_if(before < 0 < here, words)
    if said.text == "same":
        return agrees_if(abs(here - before) <= SAME * abs(before), words)
    if told.statement.flow == "balance" and before < 0:
        none = f"{words}, so there was none to {said.text}"
        return agrees_if(False, none) if said.text == "fall" else untestable(none)
    if told.close(told.year, base):
        return untestable(f"too close to tell: {words}")
    if (here > before) != (said.text == "rise") and _from_another_year(said, told, base):
        return untestable(f"from which year is not certain: {words}")
    return agrees_if((here > before) == (said.text == "rise"), words)


def _from_another_year(said: Predicate, told: DatedStatement, base: int) -> bool:
    """Whether the movement holds against another earlier year that the sentence names."""
    other = _one_earlier(told)
    if other is None or other == base or other not in told.series.points:
        return False
    return (told.size(told.year) > told.size(other)) == (said.text == "rise")


def _extremum(said: Predicate, told: DatedStatement, record: Record) -> Finding:
    """The most, or least, since a year, in so many years, ever until then, or of all (a peak)."""
    low = "low" in said.groups
    if said.since is None and said.years is None and said.kind != "record":
        if "peak" not in said.groups:
            return untestable(f"'{said.text}' does not say among what")
    first, last = _reach(said, told)
    way = -1.0 if low else 1.0
    years = told.known(first, last)
    most = max(years, key=lambda year: way * told.size(year))
    extreme = "smallest" if low else "largest"
    words = f"{told.series.name}, {years[0]}–{years[-1]}: {extreme} in {most}, "
    words += shown(told.series.at(most))
    if most != told.year:
        later = most > told.year
        if told.close(told.year, most):
            return untestable(f"too close to tell: {words}; {told.shown(told.year)}")
        return untestable(f"true until then: {words}") if later else agrees_if(False, words)
    return _complete(said, told, first, words, way)


def _complete(said: Predicate, told: DatedStatement, first: int, words: str, way: float) -> Finding:
    """The finding on an extremum that no stored year refutes.

    "The most since 2013" also needs 2013 to have had more.
    """
    gaps = [year for year in range(first, told.year) if year not in told.series.points]
    if said.since is not None and (told.statement.figure.kind == "money"):
        if way * told.size(said.since) < way * told.size(told.year):
            return untestable(f"{said.since} was no more so: {words}; {told.shown(said.since)}")
    if gaps and said.kind != "record" and "peak" not in said.groups:
        raise Missing(f"{told.series.name}, {gaps[0]}")
    return agrees_if(True, words)


def _reach(said: Predicate, told: DatedStatement) -> tuple[int, int]:
    start, end = min(told.series.points), max(told.series.points)
    if said.since is not None:
        return said.since + 1, told.year
    if said.years is not None:
        return told.year - said.years + 1, told.year
    return start, end if "peak" in said.groups else told.year


def _state(said: Predicate, told: DatedStatement) -> tuple[str, State] | None:
    """What is said to have been so in a year: a sign, a movement, or being beyond a bound."""
    noun = said.groups.get("noun", "").lower()
    moved = _movement(noun) or (told.statement.slot.moved if not noun else "")
    if told.statement.figure.kind == "percent" and not moved:
        moved = "rise" if told.statement.direction > 0 else "fall"
    if noun.startswith(("deficit", "surplus", "shortfall")):
        moved = ""
    bound = told.statement.figure.approximate
    if moved in MOVES and (noun or bound not in BOUNDS):
        return moved, lambda year: _moved_so(told, year, moved)
    if bound in BOUNDS:
        return f"{bound} the figure", lambda year: _beyond(told, year, bound)
    if told.statement.flow == "balance":
        word = "deficit" if told.sign < 0 else "surplus"
        return word, lambda year: _positive(told, year)
    return None


def _movement(noun: str) -> str:
    if noun.startswith(("fall", "drop", "decline", "contraction", "loss", "slump")):
        return "fall"
    return "rise" if noun.startswith(("rise", "increase", "gain", "growth", "expansion")) else ""


def _positive(told: DatedStatement, year: int) -> bool | None:
    return told.size(year) > 0 if year in told.series.points else None


def _moved_so(told: DatedStatement, year: int, moved: str) -> bool | None:
    if year not in told.series.points or year - 1 not in told.series.points:
        return None
    return (told.size(year) > told.size(year - 1)) == (moved == "rise")


def _beyond(told: DatedStatement, year: int, bound: str) -> bool | None:
    if year not in told.series.points:
        return None
    above = told.size(year) > told.statement.figure.amount().value
    return above == (bound in ("over", "at least"))


def _first(said: Predicate, told: DatedStatement, record: Record) -> Finding:
    state = _state(said, told)
    if state is None:
        return untestable(f"'{said.text}' does not say what was the first")
    name, so = state
    start = min(told.series.points)
    first = start if said.years is None else told.year - said.years + 1
    if said.since is not None:
        first = said.since + 1
    return _run(f"no {name} before in {first}–{told.year - 1}", so, told, (
        [(told.year, True), *((year, False) for year in range(first, told.year))]
        + ([(said.since, True)] if said.since is not None else [])
    ), moves=name in MOVES, ignore_gaps=said.since is None and said.years is None)  # fmt: skip


def _streak(said: Predicate, told: DatedStatement, record: Record) -> Finding:
    state = _state(said, told)
    count = said.count
    if state is None or (count is None and said.since is None):
        return untestable(f"'{said.text}' does not say what was so, or in how many years")
    name, so = state
    first = said.since + 1 if said.since is not None else told.year - (count or 1) + 1
    wanted = [(year, True) for year in range(first, told.year + 1)]
    if said.since is None:
        wanted.append((first - 1, False))
    return _run(
        f"{name} in each year of {first}–{told.year}", so, told, wanted, moves=name in MOVES
    )


def _run(
    name: str, so: State, told: DatedStatement, wanted: Iterable[tuple[int, bool]], *,
    moves: bool, ignore_gaps: bool = False,
) -> Finding:  # fmt: skip
    """Whether the years were as they are wanted; one that was not is enough to contradict.

    Not if they are movements and that year moved by no more than a revision.
    """
    unknown, close = list[int](), None
    for year, value in wanted:
        was = so(year)
        if was is None and not (value is False and _passed_over(so, year)):
            unknown.append(year)
        elif was is not None and was is not value:
            words = f"claimed: {name}; {told.series.name}, {told.shown(year)}"
            if not (moves and told.close(year, year - 1)):
                return agrees_if(False, words)
            close = untestable(f"too close to tell: {words}; {told.shown(year - 1)}")
    if unknown and not ignore_gaps:
        raise Missing(f"{told.series.name}, {unknown[0]}")
    return close or agrees_if(True, f"{told.series.name}: {name}")


def _passed_over(so: State, year: int) -> bool:
    """Whether a year that is not stored lies between two in which it was not so."""
    return so(year - 1) is False and so(year + 1) is False


def _multiple(said: Predicate, told: DatedStatement, record: Record) -> Finding:
    times, base = _times(said), said.since
    if base is None:
        base = _base_year(told) if "verb" in said.groups else _one_earlier(told)
    if times is None or base is None or base >= told.year:
        return untestable(f"'{said.text}' is not tested")
    before, here = told.size(base), told.size(told.year)
    words = f"{told.series.name}, {told.shown(base)}; {told.shown(told.year)}"
    if before <= 0:
        return agrees_if(False, words)
    off = here / before / times - 1
    if abs(off) <= NEAR_MULTIPLE or ("more" in said.groups and 0 < off <= FAR_MULTIPLE):
        return agrees_if("more" not in said.groups or off > 0, words)
    if abs(off) <= FAR_MULTIPLE:
        return untestable(f"neither near that multiple nor far from it: {words}")
    return agrees_if(False, words)


def _one_earlier(told: DatedStatement) -> int | None:
    """The one earlier year of the sentence that "four times as much" can be of."""
    years = {int(one) for one in re.findall(_A_YEAR, told.statement.sentence.text)}
    earlier = [year for year in years if year < told.year]
    return earlier[0] if len(earlier) == 1 else None


_A_YEAR = r"\b(?:19|20)\d\d\b"
_MULTIPLES = {
    "doubl": 2.0, "twice": 2.0, "double": 2.0, "tripl": 3.0, "triple": 3.0, "trebl": 3.0,
    "treble": 3.0, "halv": 0.5, "half": 0.5, "quadrupl": 4.0, "quadruple": 4.0,
}  # fmt: skip


def _times(said: Predicate) -> float | None:
    word = (said.groups.get("verb") or said.groups.get("word") or "").lower()
    number = said.groups.get("times", "")
    if word or not number:
        return _MULTIPLES.get(word)
    in_words = Predicate("", "", 0, 0, {"n": number}).count
    return float(number if re.fullmatch(r"[\d.]+", number) else in_words or 0) or None


def _comparison(said: Predicate, told: DatedStatement, record: Record) -> Finding:
    """The figure's year with another year, or its flow with the other flow of the pair."""
    statement = told.statement
    over = "over" in said.groups or said.text in ("over", "at least")
    if statement.slot.reference and said.start == statement.figure.start:
        return _with_subject(said, told, over)
    rest = statement.sentence.text[said.end :]
    year, before, flow = (one.match(rest) for one in (_OTHER_YEAR, _YEAR_BEFORE, _OTHER_FLOW))
    if year or before:
        other = int(year["year"]) if year else told.year - 1
        words = f"{told.series.name}, {told.shown(told.year)}; {told.shown(other)}"
        if told.close(told.year, other):
            return untestable(f"too close to tell: {words}")
        return agrees_if((told.size(told.year) > told.size(other)) == over, words)
    if flow and flow["flow"] != statement.flow and statement.flow in ("exports", "imports"):
        there = series_of(record, statement, flow["flow"]).at(told.year)
        here = told.series.at(told.year)
        words = f"{told.year}: {statement.flow} {shown(here)}, {flow['flow']} {shown(there)}"
        return agrees_if((here.value > there.value) == over, words)
    return untestable(f"'{said.text}' compares with what is not read, and is not tested")


def _with_subject(said: Predicate, told: DatedStatement, over: bool) -> Finding:
    """ "Larger than the $62.8bn of 2013": the figure is what another year is compared with."""
    text, figure = told.statement.sentence.text, told.statement.figure
    years = {int(one) for one in re.findall(r"\b(?:19|20)\d\d\b", text[: figure.start])}
    years.discard(told.year)
    if len(years) != 1:
        return untestable("the year that is compared with this figure is not certain")
    subject = years.pop()
    words = f"{told.series.name}, {told.shown(subject)}; {told.shown(told.year)}"
    if told.close(subject, told.year):
        return untestable(f"too close to tell: {words}")
    return agrees_if((told.size(subject) > told.size(told.year)) == over, words)


_HOLD: dict[str, Callable[[Predicate, DatedStatement, Record], Finding]] = {
    "direction": _direction,
    "record": _extremum,
    "extremum": _extremum,
    "first": _first,
    "streak": _streak,
    "multiple": _multiple,
    "comparison": _comparison,
    "place": _not_tested,
    "share": _not_tested,
}
