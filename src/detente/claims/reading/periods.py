"""The period a quantity belongs to: a year, a month, a span of months, or none that is certain."""

import re
from dataclasses import dataclass

from .quantities import Found


_YEAR = re.compile(
    r"(?<![\d$.,\w])(?:19|20)\d\d(?![\d%]|[.,]\d|-\d)(?! [A-Z]\w+ (?:Expo|Olympics))"
)
_MONTHS: tuple[str, ...] = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH = "|".join(_MONTHS)
_SPAN = re.compile(
    rf"\b(?:(?P<first>{_MONTH})(?: ?(?:-|–|to|through|until) ?)(?P<last>{_MONTH})"
    rf"|[Tt]hrough (?P<through>{_MONTH})|(?:in |for |of )?(?P<only>{_MONTH}))\b"
    r"(?:,? (?:of )?(?P<year>\d{4}|this year|last year))?"
)
_PART = re.compile(
    r"\b(?:first|second|third|fourth|last) (?:quarter|half)\b|\bQ[1-4]\b|\bH[12]\b"
    r"|\b(?:first|last|past) \w+ (?:months|weeks|days)\b|\bso far\b|\byear[- ]to[- ]date\b"
    r"|\b(?:a|per|each|every) (?:month|week|day)\b|\b(?:monthly|weekly|daily|quarterly)\b",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:between|from) (?:19|20)\d\d (?:and|to|through) (?:19|20)\d\d\b|(?:19|20)\d\d ?[-–] ?\d\d"
    r"|\bcumulative|\baccumulated|\bon average\b|\baverage of\b|\bannual average\b"
    r"|\b(?:over|in|during|for) the (?:past|last|next|coming) \w+ (?:years|decades?)\b"
    r"|(?<!in )\b(?:over|for|during) (?:\w+ )?(?:years|decades)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\b(?:since|until|after|before|from|than|versus|with|to) (?:in )?$|\bsince\b[^,.;]{0,40} in $",
    re.IGNORECASE,
)
_ADJACENT = re.compile(
    r"^(?:,?| \(|(?: (?!and\b|while\b|but\b|from\b|against\b|versus\b|compared\b|that\b|"
    r"twice\b|half\b)[A-Za-z'-]+){1,7}) (?:in |for |during |by )(?P<year>(?:19|20)\d\d)\b"
)
_IN_BRACKETS = re.compile(r"^ \((?P<year>(?:19|20)\d\d)\)")
_PRICES = re.compile(
    r"\b(?:19|20)\d\d (?:prices|dollars|US dollars|terms)\b"
    r"|\b(?:constant|real|deflated) (?:prices|terms|dollars)|\b(?:inflation|seasonally)[- ]adjusted"
    r"|\badjusted for\b|\bfiscal (?:year )?\d{4}",
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


@dataclass(frozen=True)
class Period:
    """A period as the record writes it, or why there is none."""

    value: str = ""
    """2018, 2025-11, 2025-01/2025-11, or nothing."""
    why_not: str = ""
    inherited: bool = False
    """Taken from elsewhere in the paragraph, so it cannot carry a contradiction."""


def period_of(
    found: Found, others: list[Found], sentence: str, paragraph: str, dated: int | None
) -> Period:
    """The period of a quantity; the year of the document resolves "this year"."""
    if _PRICES.search(sentence):
        return Period(why_not="prices or a year that no stored series uses")
    if _MANY.search(sentence):
        return Period(why_not="the sentence speaks of several years together")
    span = _months(sentence, dated)
    if span is not None:
        return span
    if _PART.search(sentence):
        return Period(why_not="a part of a year that no stored series has")
    adjacent = _adjacent(sentence[found.end :])
    if adjacent:
        return Period(adjacent["year"])
    return _year(found, others, sentence, paragraph, dated)


def _months(sentence: str, dated: int | None) -> Period | None:
    """A month or span of months named anywhere in the sentence."""
    for match in _SPAN.finditer(sentence):
        if match["only"] == "May" and not match["year"]:
            continue
        year = _named_year(match["year"], dated)
        if not year:
            return Period(why_not="months of a year that the text does not name")
        first = _MONTHS.index(match["first"] or match["only"] or "January") + 1
        last = _MONTHS.index(match["last"] or match["only"] or match["through"]) + 1
        start, end = f"{year}-{first:02d}", f"{year}-{last:02d}"
        return Period(start if first == last else f"{start}/{end}")
    return None


def _named_year(text: str | None, dated: int | None) -> str:
    if text is None or text.isdigit():
        return text or ""
    return "" if dated is None else str(dated - (text == "last year"))


def _year(
    found: Found, others: list[Found], sentence: str, paragraph: str, dated: int | None
) -> Period:
    taken = _taken(others, sentence)
    years = [
        m
        for m in _YEAR.finditer(sentence)
        if not _SINCE.search(sentence[: m.start()]) and m.start() not in taken
    ]
    before = [m.group() for m in years if m.end() <= found.start]
    only = {m.group() for m in years}
    here = before[-1] if before else only.pop() if len(only) == 1 else ""
    if _EARLIER.match(sentence[found.end :]):
        named = [m.group() for m in _YEAR.finditer(sentence) if m.end() <= found.start]
        if not named:
            return Period(why_not="a year before one not named")
        return Period(str(int(named[-1]) - 1))
    if _COMPARED.search(sentence[: found.start]):
        return Period(why_not="a figure compared with, of a year that the text does not name")
    if here:
        return Period(here)
    relative = re.search(r"\b(this|last) year\b", sentence)
    if relative:
        year = _named_year(relative.group(), dated)
        return Period(year) if year else Period(why_not="a year that the text does not name")
    return _from_paragraph(paragraph)


def _taken(others: list[Found], sentence: str) -> set[int]:
    """Where the years stand that belong to other quantities."""
    matches = ((one, _adjacent(sentence[one.end :])) for one in others)
    return {one.end + match.start("year") for one, match in matches if match}


def _adjacent(tail: str) -> re.Match[str] | None:
    """The year that directly follows a figure, in words or in brackets."""
    return _ADJACENT.match(tail) or _IN_BRACKETS.match(tail)


def _from_paragraph(paragraph: str) -> Period:
    years = {
        match.group()
        for match in _YEAR.finditer(paragraph)
        if not _SINCE.search(paragraph[: match.start()])
    }
    if len(years) == 1 and not _MANY.search(paragraph):
        return Period(years.pop(), inherited=True)
    return Period(why_not="no year is named with it")
