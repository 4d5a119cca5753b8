"""Quantities in a sentence: money, percentages, points, durations, counts, ranks.

Regular expressions rather than a library: on the sentences of the documents price-parser takes the
year for the price, quantulum3 loses the currency of "$ 124.8 billion" and of "US$44mil", reads a
bracket as a minus sign, and takes a third of a second a sentence.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from ..units import ABOUT, Amount, half_of_last_digit, UNITS


_DIGITS = r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_NUMBER = r"(?<![\w.,:$-])" + _DIGITS
_SCALE = r"(?P<scale>trillion|billion|million|thousand|trn|tn|bil|bn|mil|mn|m|b)\b"
_PREFIX = r"(?P<prefix>US\$|U\.S\. ?\$|USD|\$|€|EUR|₩|KRW|CNY|RMB|¥|JPY)"
_SUFFIX = r"(?P<suffix>US dollars?|U\.S\. dollars?|dollars?|won|yuan|renminbi|yen|euros?)\b"
_WORDS = {
    word: at
    for at, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
} | {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_WORD = "|".join(_WORDS)
_ORDINALS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}
_SCALES = {
    "trillion": "trillion", "trn": "trillion", "tn": "trillion",
    "billion": "billion", "bil": "billion", "bn": "billion", "b": "billion",
    "million": "million", "mil": "million", "mn": "million", "m": "million",
    "thousand": "thousand",
}  # fmt: skip
_CURRENCIES = {
    "us$": "US$", "u.s. $": "US$", "u.s.$": "US$", "usd": "US$", "$": "US$", "dollar": "US$",
    "us dollar": "US$", "u.s. dollar": "US$", "€": "euro", "eur": "euro", "euro": "euro",
    "₩": "won", "krw": "won", "won": "won", "cny": "yuan", "rmb": "yuan", "yuan": "yuan",
    "renminbi": "yuan", "¥": "yen", "jpy": "yen", "yen": "yen",
}  # fmt: skip
_MONEY = (
    re.compile(_PREFIX + r" ?" + _DIGITS + r"(?: ?" + _SCALE + r")?"),
    re.compile(_NUMBER + r"(?:[ -]?" + _SCALE + r")? " + _SUFFIX),
)
_POINTS = re.compile(_NUMBER + r" ?(?:percentage|percent|per cent|%)?[ -]?(?:points?|pp|ppts?)\b")
_PERCENT = re.compile(_NUMBER + r" ?(?:%|percent\b|per cent\b|pct\b)")
_DURATION = re.compile(
    rf"(?:{_NUMBER}|\b(?P<word>{_WORD})) (?P<unit>years?|decades?|months?|times)\b", re.IGNORECASE
)
_LINK = r"(?!(?:are|is|was|were|of|and|or|to|in|on|at|the|has|have|as|than|per|from)\b)[A-Za-z-]+ "
_COUNT = re.compile(_NUMBER + rf"(?: {_SCALE})? (?P<unit>(?:{_LINK}){{0,2}}?[A-Za-z]{{2,}}s)\b")
_ROW = re.compile(r"\b(?P<word>second|third|fourth|fifth|sixth) (?:consecutive|straight)\b")
_RANK = re.compile(r"\b(?:number|No\.) ?(?P<word>one|1|two|2|three|3)\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(?:(?P<about>about|around|roughly|some|approximately|nearly|almost|close to|an estimated)"
    r"|(?P<over>over|more than|above|exceeding|at least|upwards of)"
    r"|(?P<under>under|less than|below|up to|at most))(?: an?)? ?(?:combined )?$",
    re.IGNORECASE,
)
LITERAL_REACH = 0.25
"""How far over a figure quoted as "over" may lie what is measured and still be what was meant."""


@dataclass(frozen=True)
class Found:
    """A quantity as written, with its place in the sentence."""

    value: Decimal
    unit: str
    kind: str
    """money, percent, points, duration, count, row or rank."""
    start: int
    end: int
    approximate: str = ""
    """about, over or under, where the text says so."""

    def amount(self) -> Amount:
        """In the unit of comparison, with its printed rounding; only for money and percent."""
        unit, scale = UNITS[self.unit]
        value = float(self.value) * scale
        rounding = half_of_last_digit(self.value) * scale
        return Amount(value, unit, max(rounding, ABOUT * value * (self.approximate == "about")))


def quantities(sentence: str) -> list[Found]:
    """Every quantity, in order; where two readings overlap the more specific one stands."""
    found: list[Found] = []
    for one in [
        *(_money(match, sentence) for pattern in _MONEY for match in pattern.finditer(sentence)),
        *(_plain(m, "percentage points", "points", sentence) for m in _POINTS.finditer(sentence)),
        *(_plain(m, "percent", "percent", sentence) for m in _PERCENT.finditer(sentence)),
        *(_duration(match, sentence) for match in _DURATION.finditer(sentence)),
        *(_row(match) for match in _ROW.finditer(sentence)),
        *(_rank(match) for match in _RANK.finditer(sentence)),
        *(_count(match, sentence) for match in _COUNT.finditer(sentence)),
    ]:
        if one is not None and not any(one.start < o.end and o.start < one.end for o in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _approximate(sentence: str, start: int) -> str:
    match = _ABOUT.search(sentence[:start])
    return "" if match is None else next(name for name, got in match.groupdict().items() if got)


def _money(match: re.Match[str], sentence: str) -> Found | None:
    groups = match.groupdict()
    raw = (groups.get("prefix") or groups.get("suffix") or "").lower()
    currency = _CURRENCIES.get(raw) or _CURRENCIES.get(raw.rstrip("s"))
    if currency is None:
        return None
    value, scale = _number(groups["number"]), _SCALES.get(groups["scale"] or "", "")
    unit = f"{scale} {currency}" if scale else f"million {currency}"
    if not scale:
        value /= 1_000_000
    if unit not in UNITS:
        return None
    near = _approximate(sentence, match.start())
    return Found(value, unit, "money", match.start(), match.end(), near)


def _plain(match: re.Match[str], unit: str, kind: str, sentence: str) -> Found:
    near = _approximate(sentence, match.start())
    return Found(_number(match["number"]), unit, kind, match.start(), match.end(), near)


def _duration(match: re.Match[str], sentence: str) -> Found:
    number = match["number"]
    value = _number(number) if number else Decimal(_WORDS[match["word"].lower()])
    unit = match["unit"].lower()
    unit = unit if unit == "times" else unit.rstrip("s") + "s"
    near = _approximate(sentence, match.start())
    return Found(value, unit, "duration", match.start(), match.end(), near)


def _row(match: re.Match[str]) -> Found:
    value = Decimal(_ORDINALS[match["word"].lower()])
    return Found(value, "in a row", "row", match.start(), match.end())


def _rank(match: re.Match[str]) -> Found:
    word = match["word"].lower()
    value = Decimal(_WORDS[word] if word in _WORDS else word)
    return Found(value, "rank", "rank", match.start(), match.end())


def _count(match: re.Match[str], sentence: str) -> Found | None:
    number = match["number"]
    if re.fullmatch(r"(?:1[5-9]|20|21)\d\d", number):
        # A year: "2017 deployments".
        return None
    scale = _SCALES.get(match["scale"] or "", "")
    unit = f"{scale} {match['unit']}".strip()
    near = _approximate(sentence, match.start())
    return Found(_number(number), unit, "count", match.start(), match.end(), near)
