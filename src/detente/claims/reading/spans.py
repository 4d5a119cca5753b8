"""Months, quarters and halves of a year, read as the span of months that they are."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


MONTHS: tuple[str, ...] = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# May is no abbreviation, and as a word of its own mostly a verb.
MONTH = rf"(?:{'|'.join(MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
YEAR = r"(?:19|20)\d\d"
_STARTS = [name[:3].lower() for name in MONTHS]
_NTH: Mapping[str, int] = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "last": 4, "final": 4,
}  # fmt: skip
_NUMBERS: Mapping[str, int] = dict(
    zip(
        "two three four five six seven eight nine ten eleven".split(),
        range(2, len(MONTHS)),
        strict=True,
    )
)
_OF = r"(?:,? (?:of |in )?|-)"
_NAMED = rf"(?P<year>{YEAR}|this year|last year)"
_SPANS = tuple(
    re.compile(rf"\b{pattern}(?![\w/]|-\d)", re.IGNORECASE)
    for pattern in (
        rf"(?:from )?(?P<first>{MONTH}) ?(?:-|–|to|through|until|till) ?(?P<last>{MONTH})"
        rf"{_OF}{_NAMED}",
        rf"between (?P<first>{MONTH}) and (?P<last>{MONTH}){_OF}{_NAMED}",
        rf"through (?P<through>{MONTH}),? (?:of )?{_NAMED}",
        rf"(?P<month>{MONTH}){_OF}{_NAMED}",
        rf"(?P<year>{YEAR})[-/](?P<number>0[1-9]|1[0-2])",
        rf"(?P<number>0[1-9]|1[0-2])/(?P<year>{YEAR})",
        rf"(?:Q(?P<quarter>[1-4])|(?P<quarter_first>[1-4])Q){_OF}?(?P<year>{YEAR})",
        rf"(?P<year>{YEAR})[ -]?(?:Q(?P<quarter>[1-4])|(?P<quarter_first>[1-4])Q)",
        rf"(?:H(?P<half>[12])|(?P<half_first>[12])H){_OF}?(?P<year>{YEAR})",
        rf"(?P<year>{YEAR})[ -]?(?:H(?P<half>[12])|(?P<half_first>[12])H)",
        rf"(?P<quarter_nth>{'|'.join(_NTH)})[ -]quarter{_OF}(?P<year>{YEAR})",
        rf"(?P<half_nth>first|1st|second|2nd|last|final)[ -]half{_OF}(?P<year>{YEAR})",
        rf"(?P<sure>first )?(?P<months>{'|'.join(_NUMBERS)}|\d\d?) months{_OF}(?P<year>{YEAR})",
    )
)
"""A month, quarter, half or run of months with its year, from the longest form to the shortest."""
_ENDS_THERE = re.compile(
    r"\b(?:year|months?|period|quarters?|weeks?) (?:to|through|until|till|end\w+) (?:in )?$"
)


@dataclass(frozen=True)
class Span:
    """Months in a sentence: the period, or why there is none, and the place."""

    period: str
    why_not: str
    start: int
    end: int
    sure: bool = True
    """Not for "eleven months of 2017", which are the first eleven or none that can be known."""


def spans(sentence: str, dated: int | None) -> list[Span]:
    """Every span of months, each place read once; the year of the document resolves "this year"."""
    seen: list[Span] = []
    for match in _matches(sentence):
        if not any(match.start() < one.end and one.start < match.end() for one in seen):
            period, why_not = _read(match, sentence[: match.start()], dated)
            sure = "sure" not in match.groupdict() or bool(match["sure"])
            seen.append(Span(period, why_not, *match.span(), sure))
    return sorted(seen, key=lambda one: one.start)


def _matches(sentence: str) -> Iterator[re.Match[str]]:
    for pattern in _SPANS:
        yield from pattern.finditer(sentence)


def _read(match: re.Match[str], before: str, dated: int | None) -> tuple[str, str]:
    if _ENDS_THERE.search(before):
        return "", "a year or run of months that ends in the month named"
    year = named_year(match["year"], dated)
    if not year:
        return "", "months of a year that the text does not name"
    got = {name: text.lower() for name, text in match.groupdict().items() if text}
    first, last = _months(got)
    if not 1 <= first <= last <= len(MONTHS):
        return "", "months that do not follow each other in one year"
    if (first, last) == (1, len(MONTHS)):
        return year, ""
    start, end = f"{year}-{first:02d}", f"{year}-{last:02d}"
    return start if first == last else f"{start}/{end}", ""


def named_year(text: str, dated: int | None) -> str:
    """The year in digits, also of "this year" and "last year" where the document is dated."""
    if text.isdigit():
        return text
    return "" if dated is None else str(dated - (text.lower() == "last year"))


def _months(got: dict[str, str]) -> tuple[int, int]:
    """First and last month of a span, from 1."""
    if "first" in got:
        return _month(got["first"]), _month(got["last"])
    if "through" in got:
        return 1, _month(got["through"])
    if "months" in got:
        return 1, _NUMBERS.get(got["months"]) or int(got["months"])
    if "month" in got or "number" in got:
        month = _month(got["month"]) if "month" in got else int(got["number"])
        return month, month
    return _part(got)


def _month(name: str) -> int:
    return _STARTS.index(name[:3]) + 1


def _part(got: dict[str, str]) -> tuple[int, int]:
    """The months of a quarter or half; the last half is the second."""
    length = 3 if any(name.startswith("quarter") for name in got) else 6
    written = next(text for name, text in got.items() if name != "year")
    at = min(_NTH.get(written) or int(written), len(MONTHS) // length)
    return length * (at - 1) + 1, length * at
