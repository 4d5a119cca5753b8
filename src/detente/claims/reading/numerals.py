"""Numbers as the world's English-language press writes them, in digits and in words.

A number is read whole or not at all: what could be two numbers ("62,82", "124.800") keeps a doubt,
and the other number that it may be. Written after the patterns of the Unicode Common Locale Data
Repository: groups of three set off by a comma, a space or an apostrophe, and the lakh and crore
of South Asia.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


_UNITS: Mapping[str, int] = {
    word: at
    for at, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen".split(),
        start=1,
    )
}
_TENS: Mapping[str, int] = {
    word: 10 * at
    for at, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
WORDS: dict[str, int] = {**_UNITS, **_TENS}
"""Number words of up to two digits, in one word."""
_FRACTIONS: Mapping[str, str] = {
    "half": "0.5", "third": "0.333", "quarter": "0.25", "fifth": "0.2", "sixth": "0.167",
    "eighth": "0.125", "tenth": "0.1", "thirds": "0.333", "quarters": "0.25", "fifths": "0.2",
    "sixths": "0.167", "eighths": "0.125", "tenths": "0.1",
}  # fmt: skip
_UNIT, _TEN = "|".join(_UNITS), "|".join(_TENS)
_BELOW_HUNDRED = rf"(?:(?:{_TEN})(?:[- ](?:{_UNIT}))?|(?:{_UNIT}))"
_WHOLE = rf"(?:(?:a|{_BELOW_HUNDRED}) hundred(?:(?: and)? {_BELOW_HUNDRED})?|{_BELOW_HUNDRED})"
_POINT = rf"(?: point(?: (?:zero|{_UNIT}))+)"
_PARTS = "|".join(_FRACTIONS)
IN_WORDS = (
    rf"(?i:half(?: of)? an?\b|(?:an?|{_BELOW_HUNDRED})[- ](?:{_PARTS}) of an?\b"
    rf"|{_WHOLE}(?:{_POINT}|(?: and an?| and {_BELOW_HUNDRED}) (?:{_PARTS}))?\b)"
)
"""The pattern of a number in words: sixty-two, half a, three quarters of a, one and a half."""
IN_DIGITS = (
    r"(?:(?<!\d)\d{1,3}(?: \d{3}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,']\d+)*)"
    r"(?:[eE]\+?\d+| ?[x×] ?10\^\d+)?(?: and a (?:half|quarter)\b)?"
)
"""The pattern of a number in digits with everything that may belong to it, understood or not."""

_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?:,\d{3})+|(?: \d{3})+|(?:'\d{3})+)(?:\.\d+)?")
_INDIAN = re.compile(r"[1-9]\d?(?:,\d\d)+,\d{3}(?:\.\d+)?")
_POINTS_FOR_GROUPS = re.compile(r"[1-9]\d{0,2}(?:[. ]\d{3})+(?:,\d+)?")
_COMMA_FOR_POINT = re.compile(r"\d+,\d+")
_POWER = re.compile(r"(?P<number>.*?\d)(?:[eE]\+?| ?[x×] ?10\^)(?P<power>\d+)")
_LONGEST_POWER = 2
LEAST_DIGITS = 3
"""Digits of a long whole number that are taken as meant, though they be noughts."""


@dataclass(frozen=True)
class Numeral:
    """A number with as many digits as it claims: 62,820 is 62,815 to 62,825."""

    value: Decimal
    doubt: str = ""
    """Why it may be another number, or nothing."""
    instead: Decimal | None = None
    """The other number that it may be."""


def numeral(text: str) -> Numeral:
    """The number that a match of `IN_DIGITS` or `IN_WORDS` stands for.

    >>> numeral("62,82").instead
    Decimal('62.82')
    """
    if not text[0].isdigit():
        return Numeral(_in_words(text.lower()))
    digits, _, rest = text.partition(" and a ")
    number = _in_digits(digits)
    return number if not rest else _with_part(number, rest)


def _with_part(number: Numeral, part: str) -> Numeral:
    if number.doubt or number.value % 1:
        return Numeral(number.value, f"'{number.value} and a {part}' is no number")
    return Numeral(number.value + Decimal(_FRACTIONS[part]))


def _in_digits(text: str) -> Numeral:
    power = _POWER.fullmatch(text)
    if power:
        return _powered(text, power)
    if _PLAIN.fullmatch(text):
        return Numeral(_meant(Decimal(text)), instead=_points_for_groups(text))
    if _GROUPED.fullmatch(text) or _INDIAN.fullmatch(text):
        return Numeral(_meant(Decimal(re.sub("[, ']", "", text))), instead=_comma_for_point(text))
    other = _points_for_groups(text) or _comma_for_point(text)
    return Numeral(
        other or Decimal(0), f"'{text}' is not how a number is written in English", other
    )


def _powered(text: str, power: re.Match[str]) -> Numeral:
    number = _in_digits(power["number"])
    if number.doubt or len(power["power"]) > _LONGEST_POWER:
        return Numeral(number.value, f"'{text}' is not understood as a number")
    return Numeral(number.value.scaleb(int(power["power"])))


def _points_for_groups(text: str) -> Decimal | None:
    if not _POINTS_FOR_GROUPS.fullmatch(text) or "." not in text:
        return None
    return _meant(Decimal(re.sub("[. ]", "", text).replace(",", ".")))


def _comma_for_point(text: str) -> Decimal | None:
    return Decimal(text.replace(",", ".")) if _COMMA_FOR_POINT.fullmatch(text) else None


def _meant(value: Decimal) -> Decimal:
    """A long whole number without the noughts that only round it: 124,800 as 1248 hundreds."""
    sign, digits, exponent = value.as_tuple()
    if exponent != 0 or len(digits) <= LEAST_DIGITS + 1:
        return value
    kept = max(LEAST_DIGITS, len("".join(map(str, digits)).rstrip("0")))
    return Decimal((sign, digits[:kept], len(digits) - kept))


def _in_words(text: str) -> Decimal:
    words = re.split(r"[- ]", text)
    whole, *decimals = " ".join(words).split(" point ")
    if decimals:
        places = "".join(str(_UNITS.get(one, 0)) for one in decimals[0].split())
        return Decimal(f"{_count(whole.split())}.{places}")
    parts = [one for one in words if one in _FRACTIONS]
    if not parts:
        return Decimal(_count(words))
    return _with_fraction(words[: words.index(parts[0])], Decimal(_FRACTIONS[parts[0]]))


def _with_fraction(before: list[str], part: Decimal) -> Decimal:
    """ "one and a" half is 1.5, "three" quarters 0.75, "a" quarter 0.25."""
    if "and" not in before:
        return max(1, _count(before)) * part
    at = len(before) - 1 - before[::-1].index("and")
    return _count(before[:at]) + max(1, _count(before[at:])) * part


def _count(words: list[str]) -> int:
    if "hundred" in words:
        at = words.index("hundred")
        return 100 * max(1, _count(words[:at])) + _count(words[at + 1 :])
    return sum(WORDS.get(word, 0) for word in words)
