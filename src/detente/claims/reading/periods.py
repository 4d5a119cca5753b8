"""The period a quantity belongs to: a year, a month, a span of months, or none that is certain.

A year counts only where the words beside it leave it the calendar year as a whole.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from .neighbours import unlike_year
from .quantities import TextFigure
from .spans import MONTH, named_year, Span, spans, YEAR


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_PART = _any(
    r"(?<!by )\b\w+[- ](?:quarter|half)\b(?! (?:a|an|of an?|the) )",
    r"\b(?:Q[1-4]|[1-4]Q|H[12]|[12]H|YTD|half[- ]year|quarter of|semester|trimester)\b",
    r"\b(?:first|last|past|final|latest|previous|opening|closing) [\w-]+ (?:days|quarters)\b",
    r"\b(?:so far|to[- ]date|but for|holidays?|golden week|spring|summer|autumn|winter)\b",
    r"(?<!by )\b(?:a|per|each|every) (?:day|quarter)\b",
    r"\b[\w-]+[- ]days? (?:of|to|in|through|period)\b",
    r"\b(?:months?|weeks?|monthly|weekly|daily|quarterly|half-yearly|fortnight(?:ly)?)\b",
    r"\bsemi-?annual(?:ly)?\b|\bquarter[- ](?:on|over)[- ]quarter\b",
    r"\b(?:m/m|q/q|mom|qoq|m-o-m|q-o-q)\b|\bannuali[sz]ed\b|\bannual rate\b",
    r"\byear[- ](?:ended|ending|to|through|until|up|from|starting|beginning)\b",
)
_MANY = _any(
    rf"{YEAR} ?[-–/] ?\d\d",
    rf"{YEAR}(?:,? (?:to|through|until|and|or|plus|&) (?:in )?|, ){YEAR}",
    r"\bcumulative|\baccumulated|\bon average\b|\baverag(?:e of|ed|ing)\b|\bannual average\b",
    r"\byears (?:to|through|until|up to|ended|ending)\b",
    r"\b(?:over|in|during|for) the (?:past|last|next|coming) \w+ (?:years|decades?)\b",
    r"(?<!in )\b(?:over|for|during) (?:\w+ )?(?:years|decades)\b",
)
_PRICES = _any(
    r"\b(?:19|20)\d\d (?:prices|dollars|US dollars|terms)\b",
    r"\b(?:constant|real|deflated) (?:prices|terms|dollars)|\badjusted for\b",
    r"\b(?:inflation|seasonally|working-day)[- ]adjusted",
    r"\b(?:fiscal|financial|budget|marketing|crop|tax|lunar)(?: year)? ?'?\d\d|\bFY ?'?\d\d",
    r"\b(?:fiscal|financial) year\b|\d\d fiscal\b",
)
_MONTH_ALONE = re.compile(
    rf"\b(?!May\b){MONTH}(?!\w)|\b(?:in|of|last|this|early|late|through) May\b"
)
_BASE = re.compile(
    r"\b(?:since|until|till|after|before|from|than|versus|vs\.?|with|against|to|over) "
    r"(?:in |those of |that of |the level of )?$|\bsince\b[^,.;]{0,40} in $",
    re.IGNORECASE,
)
_BASE_OF_A_RATE = re.compile(r"\b(?:on|below|above|over) (?:the level of |that of )?$")
_ADJACENT = re.compile(
    r"^(?:,?| \(|(?: (?!and\b|while\b|but\b|from\b|than\b|since\b|against\b|versus\b|compared\b"
    r"|that\b|twice\b|half\b)[A-Za-z'-]+){1,7}) (?:in |for |during |by )"
    rf"(?:(?:the )?(?:calendar |full |whole )*year )?(?P<year>{YEAR})\b"
    rf"|^ \((?P<bracket>{YEAR})\)"
)
_EARLIER = re.compile(
    r"^,?(?: (?!from\b|than\b|against\b|versus\b|with\b|to\b|on\b|over\b)\w+){0,3} "
    r"(?:a year (?:earlier|ago|before)|the (?:previous|prior|preceding) year"
    r"|the year (?:before|earlier))"
)
_COMPARED = re.compile(
    r"(?<!where )(?<!ranged )(?<!ranging )(?<!range )"
    r"\b(?:from|than|versus|against|compared (?:with|to)|relative to)(?: about| around| some)? ?$",
    re.IGNORECASE,
)
_YEARS_AWAY = re.compile(
    r"\b(?:(?:a|one|the) year (?:(?P<after>later|on|after)|earlier|before|ago)"
    r"|the (?P<next>following|next) year|the (?:previous|prior|preceding) year)\b[^.;$%]*$"
)
# "The $62.8 billion surplus that South Korea had with China in 2013".
_RELATIVE = re.compile(
    rf"^ (?:[\w-]+ ){{0,4}}(?:that|which) [^,;:.$%\d]{{1,60}}? in (?P<year>{YEAR})\b"
)
# What is said to be the first or the most since a year is no change since that year.
_SINCE_WHEN = re.compile(
    r"\b(?:first|only|\w+est|high|low|most|least|worst|best|record|time)\b[^,;.$%\d]{0,40}?"
    r"(?:since|after) (?:in )?$"
)
_PARALLEL = re.compile(
    r"^(?:,? and|;|,? while|,? whereas|,)(?! then) [^,;:.$%]*?"
    r"\b(?:exports|imports|exported|imported|deficit|surplus|sales|shipments)\b[^,;:.$%]*$"
)
_ANOTHER_TIME = re.compile(
    r"\b(?:then|later|after|since|subsequently|eventually|now|today|before|earlier|previously|once"
    r"|next|soon|meanwhile|recently|ago|last|previous|following)\b"
    r"|\b(?:from|than|by|until)(?= (?:(?:about|the|a|an|its) )?(?:US)?[$\d])"
)
# Whatever holds the digits of a year, so that no year is read out of something longer.
_LIKE_A_YEAR = re.compile(
    r"(?<![$€£¥₩\d.,])[^\s,;:()\[\]\"$€£¥₩—]*(?:19|20)\d\d(?![\d%])[^\s,;:()\[\]\"—]*"
    r"|(?<=\s)'\d\d(?!\d)(?!s)"
)
_BARE = re.compile(rf"(?:{YEAR}|'\d\d)(?:'s)?[.!'’]*")
_NAME_AFTER = re.compile(r" [A-Z]\w+ (?:Expo|Olympics)")
_DAY = re.compile(
    rf"(?:{MONTH} \d\d?(?:st|nd|rd|th)?|\d\d?(?:st|nd|rd|th)? {MONTH}),? $", re.IGNORECASE
)


# When figures were made known is not when the trade was.
_MADE_KNOWN = re.compile(
    r"\b(?:said|says|showed|shows?|announced|released|published|reported)(?: \w+)? (?:on|in) "
    r"(?:early |late |mid-)?"
    rf"(?:{MONTH}(?: \d\d?)?|\d\d? {MONTH})(?:,? {YEAR})?\b"
    rf"|^[A-Z][A-Za-z./, ]{{2,40}}, {MONTH} \d\d?(?: \([^)]*\))? (?:--?|–|—) "
)


BEFORE_UNNAMED = "a year before one not named"
NO_YEAR = "no year is named with it"
"""Reasons of a sentence without a year, which what the text spoke of before may supply."""


@dataclass(frozen=True)
class Period:
    """A period as the record writes it, or why there is none."""

    value: str = ""
    """2018, 2025-11, 2025-01/2025-11, or nothing."""
    why_not: str = ""
    inherited: bool = False
    """Taken from elsewhere in the paragraph, so it cannot carry a contradiction."""


@dataclass(frozen=True)
class _Year:
    """A year where a sentence names it, or why it is another period."""

    value: int
    start: int
    end: int
    doubt: str

    @property
    def period(self) -> Period:
        return Period(why_not=self.doubt) if self.doubt else Period(str(self.value))


def period_of(
    figure: TextFigure, others: list[TextFigure], sentence: str, paragraph: str, dated: int | None
) -> Period:
    """The period of a quantity; the year of the document resolves "this year"."""
    whole = _months_of(sentence, dated)
    if whole.why_not:
        return Period(why_not=whole.why_not)
    if whole.spans:
        return _span_of(figure, whole, sentence)
    period = _year(figure, others, whole.bare, paragraph, dated)
    return period if figure.kind != "percent" else _one_year(period, whole.bare)


@dataclass(frozen=True)
class _Months:
    """The spans of months in a sentence, the rest of it, and why its period may be uncertain."""

    spans: tuple[Span, ...]
    bare: str
    why_not: str = ""


@lru_cache(maxsize=16)
def _months_of(sentence: str, dated: int | None) -> _Months:
    """Once for all quantities of a sentence."""
    sentence = _MADE_KNOWN.sub(lambda match: " " * len(match.group()), sentence)
    named = tuple(spans(sentence, dated))
    bare = _without(sentence, named)
    reasons = {
        "prices or a year that no stored series uses": _PRICES.search(sentence),
        "the sentence speaks of several years together": _MANY.search(bare),
        "a part of a year that no stored series has": _PART.search(bare),
        "months of a year that the text does not name": not named and _MONTH_ALONE.search(bare),
    }
    return _Months(named, bare, next((reason for reason, holds in reasons.items() if holds), ""))


def _without(sentence: str, named: Iterable[Span]) -> str:
    """The sentence with its spans replaced by blanks, so that positions stay the same."""
    for one in named:
        sentence = sentence[: one.start] + " " * (one.end - one.start) + sentence[one.end :]
    return sentence


def _span_of(figure: TextFigure, whole: _Months, sentence: str) -> Period:
    """The one span of a sentence, or of several the one directly behind the figure."""
    between = r"(?: to \w+| with \w+)? ?(?:in |for |during |over |\()?(?:the )?"
    for one in whole.spans:
        if re.fullmatch(between, sentence[figure.end : one.start].strip(",") or " "):
            return _period(one)
    if _own(_years(whole.bare), whole.bare) or len({one.period for one in whole.spans}) > 1:
        return Period(why_not="the sentence names several periods")
    return _period(whole.spans[0])


def _period(span: Span) -> Period:
    return Period(span.period, span.why_not, inherited=not span.sure)


def _one_year(period: Period, sentence: str) -> Period:
    """A rate of change is that of one year: not "from 2019", unless that is the year before."""
    bases = [
        one.value
        for one in _years(sentence)
        if (_BASE.search(sentence[: one.start]) and not _SINCE_WHEN.search(sentence[: one.start]))
        or _BASE_OF_A_RATE.search(sentence[: one.start])
    ]
    if period.value.isdigit() and any(one != int(period.value) - 1 for one in bases):
        return Period(why_not="a change since a year that is not the one before")
    return period


def _years(sentence: str) -> Iterator[_Year]:
    """Every year of a sentence, also those that are another period."""
    for match in _LIKE_A_YEAR.finditer(sentence):
        digits = re.search(rf"{YEAR}|\d\d", match.group())
        if digits is None or _NAME_AFTER.match(sentence, match.end()):
            continue
        year = int(digits.group()) + 2000 * (len(digits.group()) == len("23"))
        start = match.start()
        end = start + digits.end() if _BARE.fullmatch(match.group()) else match.end()
        yield _Year(year, start, end, _doubt(match.group(), sentence[:start], sentence[end:]))


def _doubt(written: str, before: str, after: str) -> str:
    """Why what holds the digits of a year is not the calendar year, or nothing."""
    if not _BARE.fullmatch(written):
        return f"'{written.rstrip('.')}' is not understood as a calendar year"
    if _DAY.search(before):
        return "a day, which no stored series has"
    return unlike_year(before, after)


def _year(
    figure: TextFigure, others: list[TextFigure], sentence: str, paragraph: str, dated: int | None
) -> Period:
    amounts = [figure, *others]
    named = [
        one
        for one in _years(sentence)
        if not any(other.start <= one.start < other.end for other in amounts)
    ]
    adjacent = _adjacent(figure, sentence)
    if adjacent is not None:
        strange = Period(why_not="the year directly after it is not understood")
        return next((one.period for one in named if one.start == adjacent), strange)
    if _EARLIER.match(sentence[figure.end :]):
        return _year_before([one for one in named if one.end <= figure.start])
    if _COMPARED.search(sentence[: figure.start]):
        return Period(why_not="a figure compared with, of a year that the text does not name")
    relative = _RELATIVE.match(sentence[figure.end :])
    if relative:
        start = figure.end + relative.start("year")
        return next(one.period for one in named if one.start == start)
    period = _only(figure, others, sentence, named) or _elsewhere(sentence, paragraph, named, dated)
    return _moved_by_a_year(period, named, figure, sentence) or _parallel(
        period, named, figure, sentence
    )


def _moved_by_a_year(
    period: Period, named: list[_Year], figure: TextFigure, sentence: str
) -> Period | None:
    """ "A year later it was": the year after the one named before; it carries no contradiction."""
    before = [one for one in named if one.end <= figure.start]
    away = _YEARS_AWAY.search(sentence[before[-1].end : figure.start]) if before else None
    if away is None or not period.value.isdigit():
        return None
    later = bool(away["after"] or away["next"])
    return Period(str(before[-1].value + (1 if later else -1)), inherited=True)


def _parallel(period: Period, named: list[_Year], figure: TextFigure, sentence: str) -> Period:
    """The one year of a sentence is also that of a parallel clause: "in 2023, and imports were"."""
    before = [one for one in named if one.end <= figure.start]
    if not (period.inherited and before and not before[-1].doubt):
        return period
    between = sentence[before[-1].end : figure.start]
    parallel = _PARALLEL.match(between) and not _ANOTHER_TIME.search(between)
    return replace(period, inherited=not parallel)


def years_named(sentence: str) -> list[int]:
    """The calendar years of a sentence; none where one of them may be another period."""
    named = list(_years(sentence.rstrip("?")))
    other = any(one.doubt for one in named) or _MANY.search(sentence) or _PART.search(sentence)
    return [] if other else [one.value for one in _own(named, sentence)]


def _year_before(before: list[_Year]) -> Period:
    if not before:
        return Period(why_not=BEFORE_UNNAMED)
    last = before[-1]
    return Period(why_not=last.doubt) if last.doubt else Period(str(last.value - 1))


def _only(
    figure: TextFigure, others: list[TextFigure], sentence: str, named: list[_Year]
) -> Period | None:
    """The last year named before a figure, or the only one of its sentence."""
    taken = {_adjacent(one, sentence) for one in others}
    free = [one for one in _own(named, sentence) if one.start not in taken]
    before = [one for one in free if one.end <= figure.start]
    if before:
        return before[-1].period
    if len({one.value for one in free}) == 1:
        return next((one.period for one in free if one.doubt), free[0].period)
    return None


def _elsewhere(sentence: str, paragraph: str, named: list[_Year], dated: int | None) -> Period:
    """This or last year, or the only year of the paragraph where the sentence names none."""
    relative = re.search(r"\b(this|last) year\b", sentence)
    if relative:
        year = named_year(relative.group(), dated)
        return Period(year) if year else Period(why_not="a year that the text does not name")
    named = [one for one in named if not _SINCE_WHEN.search(sentence[: one.start])]
    strange = [one.doubt for one in named if one.doubt]
    if strange or _own(named, sentence) != named:
        return Period(why_not=next(iter(strange), "no year is named as that of the figure"))
    if len({one.value for one in named}) == 1:
        return Period(str(named[0].value), inherited=True)
    return _from_paragraph(paragraph)


def _own(named: Iterable[_Year], sentence: str) -> list[_Year]:
    """The years that are no base or bound of something else: not "since 2004"."""
    return [one for one in named if not _BASE.search(sentence[: one.start])]


def _adjacent(figure: TextFigure, sentence: str) -> int | None:
    """Where the year stands that directly follows a figure, in words or in brackets."""
    match = _ADJACENT.match(sentence[figure.end :])
    if match is None:
        return None
    return figure.end + match.start("year" if match["year"] else "bracket")


def _around(year: _Year, paragraph: str) -> str:
    """The sentence of a paragraph that a year stands in."""
    start, end = paragraph.rfind(". ", 0, year.start), paragraph.find(". ", year.end)
    return paragraph[start + 1 : end if end >= 0 else None]


def _from_paragraph(paragraph: str) -> Period:
    every = list(_years(paragraph))
    certain = not any(one.doubt for one in every) and not _MANY.search(paragraph)
    certain = certain and not any(_PART.search(_around(one, paragraph)) for one in every)
    years = {one.value for one in every if not _BASE.search(paragraph[: one.start])}
    if len(years) == 1 and certain:
        return Period(str(years.pop()), inherited=True)
    return Period(why_not=NO_YEAR)
