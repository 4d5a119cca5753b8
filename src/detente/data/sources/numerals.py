"""Numbers as files write them: which sign is the decimal one is decided for a file, or refused.

A comma or a dot groups thousands only where three digits follow each and the first group is neither
empty, nor 0, nor longer than three. One cell that can be read in one way only decides for all of
its file; cells that decide differently are refused, as is a cell that is no number.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import pandas as pd

from ..._core import DataError
from .place import FilePlace, Words


Decimal: TypeAlias = str
"""The decimal sign of a file: a point or a comma."""
POINT, COMMA = ".", ","
MISSING = frozenset(
    {"", "na", "n/a", "nan", "n.a.", "null", "none", "..", "...", "…", "-", "--", "–", "—", ":"}
)
"""What publishers write where there is no number, in small letters; none of it is zero."""
_SPACES = "\u00a0\u2007\u2009\u202f '’"
"""Signs that group thousands and can be nothing else."""
_EXPONENT = r"(?:[eE][+-]?\d{1,3})?"
_PLAIN = re.compile(rf"[+-]?\d+{_EXPONENT}")
_SPACED = re.compile(rf"[+-]?[1-9]\d{{0,2}}(?:[{_SPACES}]\d{{3}})+(?:[.,]\d+)?")


def _groups(group: str, decimal: str) -> re.Pattern[str]:
    """Thousands in groups, in a way that leaves no doubt: two groups, or a fraction behind one."""
    head = rf"[+-]?[1-9]\d{{0,2}}(?:{re.escape(group)}\d{{3}})"
    tail = re.escape(decimal)
    return re.compile(rf"{head}{{2,}}(?:{tail}\d*)?|{head}{tail}\d*")


def _single(sign: str) -> re.Pattern[str]:
    return re.compile(rf"[+-]?\d*{re.escape(sign)}\d*{_EXPONENT}")


def _doubtful(sign: str) -> re.Pattern[str]:
    return re.compile(rf"[+-]?[1-9]\d{{0,2}}{re.escape(sign)}\d{{3}}")


_GROUPED = {POINT: _groups(COMMA, POINT), COMMA: _groups(POINT, COMMA)}
_SINGLE = {sign: _single(sign) for sign in (POINT, COMMA)}
_DOUBTFUL = {sign: _doubtful(sign) for sign in (POINT, COMMA)}


def tidy(word: str) -> str:
    """A cell without the spaces around it, with plain digits and a plain minus sign."""
    bare = word.strip()
    if not bare.isascii():
        bare = unicodedata.normalize("NFKC", bare).strip().replace("−", "-")
    if len(bare) > 1 and bare[0] in "–—":
        bare = f"-{bare[1:]}"
    return bare


def is_missing(word: str) -> bool:
    return word.casefold() in MISSING


def decimal_of(
    place: FilePlace, columns: Iterable[Words], delimiter: str, grouped: bool = True
) -> Decimal:
    """The decimal sign of a file by the cells of its columns of numbers.

    Where no cell decides, a comma groups and a dot is decimal; but not in a file that is separated
    by semicolons, as a locale with decimal commas writes it, nor where numbers of this kind are not
    grouped: there the cell is asked about.
    """
    certain: dict[Decimal, tuple[str, int, str]] = {}
    doubtful: dict[str, tuple[str, int, str]] = {}
    for words in columns:
        for line, word in _first_of_each(words):
            sign, sure = _tells(tidy(word))
            if sign:
                key = sign if sure else COMMA if COMMA in tidy(word) else POINT
                (certain if sure else doubtful).setdefault(
                    key, (word, line, place.column(words.name))
                )
    if len(certain) == 2:
        raise DataError(f"{place.path} mixes decimal points and commas: {_both(certain)}.")
    if certain:
        return next(iter(certain))
    if doubtful and (delimiter == ";" or (not grouped and COMMA in doubtful)):
        word, line, column = doubtful.get(COMMA) or doubtful[POINT]
        raise DataError(
            f"{place.at(line)}: '{word}' in the column '{column}' may be in thousands or a decimal "
            "fraction, and nothing in the file decides which; write it without grouping."
        )
    return POINT


def _first_of_each(words: Words) -> Iterable[tuple[int, str]]:
    """Each different word with a sign in it, and the line where it first stands."""
    signed = words[words.str.contains(r"[.,．，]", regex=True, na=False)].drop_duplicates()
    return zip(signed.index, signed, strict=True)


def _both(certain: dict[Decimal, tuple[str, int, str]]) -> str:
    return " and ".join(
        f"'{word}' in line {line}, column '{column}'" for word, line, column in certain.values()
    )


def _tells(word: str) -> tuple[Decimal | None, bool]:
    """Which sign a word says is the decimal one, and whether it can be nothing else."""
    if _SPACED.fullmatch(word) and word[-4:].count(",") + word.count(".") + word.count(","):
        return (COMMA if "," in word else POINT), True
    for decimal, other in ((POINT, COMMA), (COMMA, POINT)):
        if _GROUPED[decimal].fullmatch(word):
            return decimal, True
        if _DOUBTFUL[other].fullmatch(word):
            return decimal if other == COMMA else POINT, False
    for decimal in (POINT, COMMA):
        if _SINGLE[decimal].fullmatch(word):
            return decimal, True
    return None, False


def to_numbers(place: FilePlace, words: Words, decimal: Decimal) -> Words:
    """Text as floats; what is missing is not a number, anything else is named with its line."""
    kinds = words.astype("category")
    known = [_value(str(word), decimal) for word in kinds.cat.categories]
    codes = kinds.cat.codes.to_numpy()
    wrong = np.array([value is None for value in known], bool)
    bad = np.flatnonzero((codes >= 0) & np.append(wrong, False)[codes])
    if bad.size:
        word, line = words.iloc[bad[0]], words.index[bad[0]]
        column = place.column(words.name)
        raise DataError(f"{place.at(line)}: '{word}' in the column '{column}' is not a number.")
    values = np.array([*(np.nan if one is None else one for one in known), np.nan])
    return pd.Series(values[codes], index=words.index, name=words.name)


def _value(word: str, decimal: Decimal) -> float | None:
    """A number, nan for what is missing, nothing for what is neither."""
    bare = tidy(word)
    if is_missing(bare):
        return float("nan")
    if _SPACED.fullmatch(bare):
        bare = re.sub(f"[{_SPACES}]", "", bare)
    group = COMMA if decimal == POINT else POINT
    if _PLAIN.fullmatch(bare):
        return _finite(bare)
    if _GROUPED[decimal].fullmatch(bare) or _DOUBTFUL[group].fullmatch(bare):
        return _finite(bare.replace(group, "").replace(decimal, "."))
    if _SINGLE[decimal].fullmatch(bare) and re.search(r"\d", bare):
        return _finite(bare.replace(decimal, "."))
    return None


def _finite(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None
