"""The period a quantity belongs to: a year, a month, a span of months, or none that is certain.

A year counts only where the words beside it leave it the calendar year as a whole; months,
quarters and halves are read as the span of months that they are.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .neighbours import unlike_year
from .quantities import Found


_MONTHS: tuple[str, ...] = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
        "last": 4, "final": 4}  # fmt: skip
_FIRST_MONTHS = dict(zip(
    "two three four five six seven eight nine ten eleven".split(), range(2, 12), strict=True
))  # fmt: skip
_YEAR = r"(?:19|20)\d\d"
_OF = r"(?:,? (?:of |in )?|-)"
_TOWARDS = r" ?(?:-|–|to|through|until|till) ?"
_SPANS = tuple(
    re.compile(rf"\b{pattern}(?![\w/]|-\d)", re.IGNORECASE)
    for pattern in (
        rf"(?:from )?(?P<first>{_MONTH}){_TOWARDS}(?P<last>{_MONTH}){_OF}(?P<year>{_YEAR}|this year|last year)",
        rf"through (?P<through>{_MONTH}),? (?:of )?(?P<year>{_YEAR}|this year|last year)",
        rf"(?P<only>{_MONTH}){_OF}(?P<year>{_YEAR}|this year|last year)",
        rf"(?P<year>{_YEAR})[-/](?P<number>0[1-9]|1[0-2])",
        rf"(?P<number>0[1-9]|1[0-2])/(?P<year>{_YEAR})",
        rf"(?:Q(?P<quarter>[1-4])|(?P<quarter2>[1-4])Q){_OF}?(?P<year>{_YEAR})",
        rf"(?P<year>{_YEAR})[ -]?(?:Q(?P<quarter>[1-4])|(?P<quarter2>[1-4])Q)",
        rf"(?:H(?P<half>[12])|(?P<half2>[12])H){_OF}?(?P<year>{_YEAR})",
        rf"(?P<year>{_YEAR})[ -]?(?:H(?P<half>[12])|(?P<half2>[12])H)",
        rf"(?P<nth>{'|'.join(_NTH)})[ -]quarter{_OF}(?P<year>{_YEAR})",
        rf"(?P<nth_half>first|1st|second|2nd|last|final)[ -]half{_OF}(?P<year>{_YEAR})",
        rf"first (?P<months>{'|'.join(_FIRST_MONTHS)}|\d\d?) months{_OF}(?P<year>{_YEAR})",
    )
)
"""A month, quarter, half or run of months with its year, from the longest form to the shortest."""
_UNTIL = re.compile(r"\b(?:year|months?|period|quarters?|weeks?) (?:to|through|until|till|end\w+) (?:in )?$")
_MONTH_ALONE = re.compile(
    r"\b(?:January|February|March|April|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?)(?!\w)|\b(?:in|of|last|this|early|late|through) May\b"
)
_PART = re.compile(
    r"\b(?:\w+|\d\w\w)[- ](?:quarter|half)\b(?! (?:a|an|of an?|the) )|\bQ[1-4]\b|\b[1-4]Q\b|\bH[12]\b|\b[12]H\b"
    r"|\b(?:first|last|past|final|latest|previous|opening|closing) [\w-]+ (?:months|weeks|days|quarters)\b|\bso far\b"
    r"|\bto[- ]date\b|\bYTD\b|\b(?:a|per|each|every) (?:month|week|day|quarter)\b"
    r"|\b(?:monthly|weekly|daily|quarterly|half-yearly|fortnightly|semi-?annual(?:ly)?|months?|weeks?|holidays?"
    r"|but for)\b"
    r"|\b(?:month|quarter|week)[- ](?:on|over)[- ](?:month|quarter|week)\b|\b(?:m/m|q/q|mom|qoq|m-o-m|q-o-q)\b"
    r"|\b[\w-]+[- ](?:months?|weeks?|days?)(?= (?:of|to|in|through|ended|ending|until|up|period|total|tally|sum|from)\b)"
    r"|\b[\w]+-(?:month|week|day)\b|\b(?:semester|trimester|fortnight|holiday season|peak season|golden week|quarter of)\b"
    r"|\bannuali[sz]ed\b|\bannual rate\b|\bin the year (?:to|ended|ending|through|until|up)\b"
    r"|\byear[- ](?:ended|ending|to|through)\b|\bhalf[- ]year\b|\b(?:spring|summer|autumn|winter)\b",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:between|from) (?:19|20)\d\d (?:and|to|through|until) (?:19|20)\d\d\b|(?:19|20)\d\d ?[-–/] ?\d\d"
    r"|(?:19|20)\d\d(?:,? (?:to|through|until|and|or|plus|&) (?:in )?|, |,? ?& ?)(?:19|20)\d\d"
    r"|\byears (?:to|through|until|up to|ended|ending)\b"
    r"|\bcumulative|\baccumulated|\bon average\b|\baverag(?:e of|ed|ing)\b|\bannual average\b"
    r"|\b(?:over|in|during|for) the (?:past|last|next|coming) \w+ (?:years|decades?)\b"
    r"|(?<!in )\b(?:over|for|during) (?:\w+ )?(?:years|decades)\b",
    re.IGNORECASE,
)
_BASE = re.compile(
    r"\b(?:since|until|till|after|before|from|than|versus|vs\.?|with|against|to|over) (?:in |those of |that of |the level of )?$",
    re.IGNORECASE,
)
_ADJACENT = re.compile(
    r"^(?:,?| \(|(?: (?!and\b|while\b|but\b|from\b|against\b|versus\b|compared\b|that\b|"
    r"twice\b|half\b)[A-Za-z'-]+){1,7}) (?:in |for |during |by )(?:(?:the )?(?:calendar |full |whole )*year )?(?P<year>(?:19|20)\d\d)\b"
)
_IN_BRACKETS = re.compile(r"^ \((?P<year>(?:19|20)\d\d)\)")
_PRICES = re.compile(
    r"\b(?:19|20)\d\d (?:prices|dollars|US dollars|terms)\b"
    r"|\b(?:constant|real|deflated) (?:prices|terms|dollars)|\b(?:inflation|seasonally|working-day)[- ]adjusted"
    r"|\badjusted for\b|\b(?:fiscal|financial|budget|marketing|crop|tax|lunar)(?: year)? ?'?\d\d|\bFY ?'?\d\d"
    r"|\b(?:fiscal|financial) year\b|\d\d fiscal\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"^,?(?: \w+){0,3} (?:a year (?:earlier|ago|before)|the (?:previous|prior|preceding) year"
    r"|the year (?:before|earlier))"
)
_COMPARED = re.compile(
    r"\b(?:from|than|versus|against|compared (?:with|to)|relative to)(?: about| around| some)? ?$",
    re.IGNORECASE,
)
# Whatever holds the digits of a year, so that no year is read out of something longer.
_LIKE_A_YEAR = re.compile(r"(?<![$€£¥₩\d.,])[^\s,;:()\[\]\"$€£¥₩—]*(?:19|20)\d\d(?![\d%])[^\s,;:()\[\]\"—]*|(?<=\s)'\d\d(?!\d)(?!s)")
_BARE = re.compile(rf"(?:{_YEAR}|'\d\d)(?:'s)?[.!'’]*")
_DAY = re.compile(
    rf"(?:{_MONTH} \d\d?(?:st|nd|rd|th)?|\d\d?(?:st|nd|rd|th)? {_MONTH}),? $", re.IGNORECASE
)
_NAME_AFTER = re.compile(r" [A-Z]\w+ (?:Expo|Olympics)")


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


@dataclass(frozen=True)
class _Span:
    period: Period
    start: int
    end: int


def period_of(
    found: Found, others: list[Found], sentence: str, paragraph: str, dated: int | None
) -> Period:
    """The period of a quantity; the year of the document resolves "this year"."""
    if _PRICES.search(sentence):
        return Period(why_not="prices or a year that no stored series uses")
    spans = list(_spans(sentence, dated))
    bare = _without(sentence, spans)
    if _MANY.search(bare):
        return Period(why_not="the sentence speaks of several years together")
    if _PART.search(bare):
        return Period(why_not="a part of a year that no stored series has")
    if spans:
        return _span_of(found, spans, _own(_years(bare), bare), sentence)
    if _MONTH_ALONE.search(bare):
        return Period(why_not="months of a year that the text does not name")
    return _year(found, others, sentence, paragraph, dated)


def _spans(sentence: str, dated: int | None) -> Iterator[_Span]:
    """Every span of months, each place read once by the longest form."""
    seen: list[_Span] = []
    for pattern in _SPANS:
        for match in pattern.finditer(sentence):
            if not any(match.start() < o.end and o.start < match.end() for o in seen):
                seen.append(_Span(_span_period(match, sentence, dated), *match.span()))
    yield from sorted(seen, key=lambda one: one.start)


def _span_period(match: re.Match[str], sentence: str, dated: int | None) -> Period:
    if _UNTIL.search(sentence[: match.start()]):
        return Period(why_not="a year or run of months that ends in the month named")
    year = _named_year(match["year"], dated)
    if not year:
        return Period(why_not="months of a year that the text does not name")
    first, last = _months(match.groupdict())
    if not 1 <= first <= last <= len(_MONTHS):
        return Period(why_not="months that do not follow each other in one year")
    start, end = f"{year}-{first:02d}", f"{year}-{last:02d}"
    return Period(start if first == last else f"{start}/{end}")


def _months(parts: dict[str, str | None]) -> tuple[int, int]:
    """First and last month of a span, from 1."""
    got = {name: text.lower() for name, text in parts.items() if text}
    if "first" in got:
        return _month(got["first"]), _month(got["last"])
    if "through" in got:
        return 1, _month(got["through"])
    if "only" in got or "number" in got:
        month = _month(got["only"]) if "only" in got else int(got["number"])
        return month, month
    if "months" in got:
        return 1, _FIRST_MONTHS.get(got["months"]) or int(got["months"])
    return _part(got)


def _part(got: dict[str, str]) -> tuple[int, int]:
    """The months of a quarter or half."""
    if "half" in got or "half2" in got or "nth_half" in got:
        named = 1 if _NTH.get(got.get("nth_half", ""), 2) == 1 else 2
        at, length = int(got.get("half") or got.get("half2") or named), 6
    else:
        at, length = int(got.get("quarter") or got.get("quarter2") or _NTH[got["nth"]]), 3
    return length * (at - 1) + 1, length * at


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _without(sentence: str, spans: list[_Span]) -> str:
    """The sentence with its spans blanked, every place kept."""
    for one in spans:
        sentence = sentence[: one.start] + " " * (one.end - one.start) + sentence[one.end :]
    return sentence


def _span_of(found: Found, spans: list[_Span], years: list[_Year], sentence: str) -> Period:
    """The one span of a sentence, or of several the one directly behind the figure."""
    between = r"(?: to \w+| with \w+)? ?(?:in |for |during |over |\()?(?:the )?"
    for one in spans:
        if re.fullmatch(between, sentence[found.end : one.start].strip(",") or " "):
            return one.period
    if years or len({one.period for one in spans}) > 1:
        return Period(why_not="the sentence names several periods")
    return spans[0].period


def _named_year(text: str, dated: int | None) -> str:
    if text.isdigit():
        return text
    return "" if dated is None else str(dated - (text.lower() == "last year"))


def _years(sentence: str) -> Iterator[_Year]:
    """Every year of a sentence, also those that are another period."""
    for match in _LIKE_A_YEAR.finditer(sentence):
        if _NAME_AFTER.match(sentence, match.end()):
            continue
        text, digits = match.group(), re.search(rf"{_YEAR}|\d\d", match.group())
        year = int(digits.group()) if digits else 0
        year += 2000 * (year < 100)
        start, end = match.span()
        if _BARE.fullmatch(text):
            end = start + (3 if text.startswith("'") else 4)
            doubt = _day(sentence[:start]) or unlike_year(sentence[:start], sentence[end:])
        else:
            doubt = f"'{text.rstrip('.')}' is not understood as a calendar year"
        yield _Year(year, start, end, doubt)


def _day(before: str) -> str:
    return "a day, which no stored series has" if _DAY.search(before) else ""


def _year(
    found: Found, others: list[Found], sentence: str, paragraph: str, dated: int | None
) -> Period:
    named = [
        one
        for one in _years(sentence)
        if not any(other.start <= one.start < other.end for other in (found, *others))
    ]
    adjacent = _adjacent(sentence[found.end :])
    if adjacent:
        at = found.end + adjacent.start("year")
        strange = Period(why_not=f"'{adjacent['year']}' is not understood as a calendar year")
        return next((one.period for one in named if one.start == at), strange)
    before = [one for one in named if one.end <= found.start]
    if _EARLIER.match(sentence[found.end :]):
        return _year_before(before)
    if _COMPARED.search(sentence[: found.start]):
        return Period(why_not="a figure compared with, of a year that the text does not name")
    return _only(found, others, sentence, named) or _elsewhere(sentence, paragraph, named, dated)


def _year_before(before: list[_Year]) -> Period:
    if not before:
        return Period(why_not="a year before one not named")
    last = before[-1]
    return Period(why_not=last.doubt) if last.doubt else Period(str(last.value - 1))


def _only(
    found: Found, others: list[Found], sentence: str, named: list[_Year]
) -> Period | None:
    """The last year named before a figure, or the only one of its sentence."""
    taken = _taken(others, sentence)
    free = [one for one in _own(named, sentence) if one.start not in taken]
    before = [one for one in free if one.end <= found.start]
    if before:
        return before[-1].period
    if len({one.value for one in free}) == 1:
        return next((one.period for one in free if one.doubt), free[0].period)
    return None


def _elsewhere(
    sentence: str, paragraph: str, named: list[_Year], dated: int | None
) -> Period:
    """This or last year, or the only year of the paragraph where the sentence names none."""
    relative = re.search(r"\b(this|last) year\b", sentence)
    if relative:
        year = _named_year(relative.group(), dated)
        return Period(year) if year else Period(why_not="a year that the text does not name")
    strange = [one.doubt for one in named if one.doubt]
    if strange or _own(named, sentence) != named:
        return Period(why_not=next(iter(strange), "no year is named as that of the figure"))
    return _from_paragraph(paragraph)


def _own(named: Iterable[_Year], sentence: str) -> list[_Year]:
    """The years that are no base or bound of something else: not "since 2004"."""
    return [one for one in named if not _BASE.search(sentence[: one.start])]


def _taken(others: list[Found], sentence: str) -> set[int]:
    """Where the years stand that belong to other quantities."""
    matches = ((one, _adjacent(sentence[one.end :])) for one in others)
    return {one.end + match.start("year") for one, match in matches if match}


def _adjacent(tail: str) -> re.Match[str] | None:
    """The year that directly follows a figure, in words or in brackets."""
    return _ADJACENT.match(tail) or _IN_BRACKETS.match(tail)


def _from_paragraph(paragraph: str) -> Period:
    years = list(_years(paragraph))
    certain = not any(one.doubt for one in years) and not _MANY.search(paragraph)
    if len({one.value for one in years}) == 1 and certain:
        return Period(str(years[0].value), inherited=True)
    return Period(why_not="no year is named with it")
