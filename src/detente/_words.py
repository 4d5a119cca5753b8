"""What countries and sectors are called inside a sentence, and several things in a row."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from . import library


def in_sentence(name: str) -> str:
    """A country's name inside a sentence, with its article.

    >>> [in_sentence(name) for name in ("United States", "Rest of the world", "China")]
    ['the United States', 'the rest of the world', 'China']
    """
    words = _countries().get(name)
    if words is None:
        return f"the r{name[1:]}" if name.startswith("Rest of") else name
    return words["in_sentence"] or name


def called(code: str, names: Mapping[str, str]) -> str:
    """A country inside a sentence by its name, or by its code where no name is known.

    >>> called("USA", {"USA": "United States"}), called("XXA", {})
    ('the United States', 'XXA')
    """
    return in_sentence(names.get(code, code))


def is_plural(name: str) -> bool:
    """Whether a country "lose" rather than "loses", as Australia and New Zealand do."""
    words = _countries().get(name)
    return words is not None and words["plural"] == "yes"


def possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


@cache
def _countries() -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in library.table("country_words.csv")}


_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip


def ordinal(number: int) -> str:
    """A place in a row, from one on: in letters up to ten.

    >>> ordinal(3), ordinal(11), ordinal(21)
    ('third', '11th', '21st')
    """
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    teens = 10 <= number % 100 < 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def listing(items: Sequence[str]) -> str:
    """Items in a row: "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def series(items: Sequence[str]) -> str:
    """As `listing`, where an item may have a comma or an "and" of its own.

    >>> series(["China", "Hong Kong, China", "Russia"]), series(["food and drink", "cars"])
    ('China; Hong Kong, China; and Russia', 'food and drink, and cars')
    """
    own = next((sign for sign in (", ", " and ") if any(sign in one for one in items)), "")
    if len(items) < 2 or not own:
        return listing(items)
    between = ";" if own == ", " else ","
    return f"{f'{between} '.join(items[:-1])}{between} and {items[-1]}"


def spelled(text: str, names: Mapping[str, str]) -> str:
    """A text with the countries' codes in it as their names.

    >>> spelled("CHN buys USA's goods", {"CHN": "China", "USA": "United States"})
    "China buys the United States' goods"
    """

    def named(match: re.Match[str]) -> str:
        code, owner = match[1], match[2]
        if code not in names:
            return match[0]
        return possessive(called(code, names)) if owner else called(code, names)

    return re.sub(r"\b([A-Z][A-Z0-9]{2,3})\b('s)?", named, text)


def first_large(text: str) -> str:
    """A text as a sentence begins."""
    return f"{text[:1].upper()}{text[1:]}"


def first_small(name: str) -> str:
    """A sector's name inside a sentence; an abbreviation such as "ICT" keeps its capitals."""
    word = name.split(" ")[0]
    return name if word[1:] != word[1:].lower() else f"{name[:1].lower()}{name[1:]}"


def day_in_words(day: date) -> str:
    """A day as a page says it. That `strftime` writes a day without its zero is not so everywhere.

    >>> day_in_words(date(2026, 3, 9))
    '9 March 2026'
    """
    return f"{day.day} {day:%B %Y}"
