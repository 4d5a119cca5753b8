"""What the readers of tariffs share: rates in per cent, product codes, one rate a cell."""

from collections.abc import Mapping

import numpy as np

from ..._core import DataError
from ..tables import Frame
from .place import FilePlace, Words
from .source import refuse_twice, require_between


PER_CENT = (0.0, 3000.0)
"""The highest tariffs that are published, on spirits, are 3000 %."""
CELL = ("destination", "origin", "sector", "year", "kind")
FEW = 3
"""Tariffs on everybody between 0 and 1 % are rare; so many, and no higher one, are fractions."""
SHORTEST, LONGEST = 6, 12
PRODUCT = "product code of the Harmonized System; has a spreadsheet taken away the zeros in front?"


def require_per_cent(place: FilePlace, rates: Words, for_all: Words) -> None:
    """Raise for a rate, by line of the file, that is no percentage or seems a fraction of one.

    `for_all` says which rates are for everybody.
    """
    require_between(place, rates, PER_CENT, "tariff in per cent")
    everybody = rates[for_all & (rates > 0)]
    if len(everybody) >= FEW and everybody.max() < 1.0:
        raise DataError(
            f"{place.at(everybody.index[0])}: the rate is {everybody.iloc[0]:g}, and no rate on "
            "everybody reaches 1; the file seems to have fractions of one, and should have per "
            "cent."
        )


def require_within(place: FilePlace, frame: Frame, tolerance: float = 0.011) -> None:
    """Raise where a mean is not between the lowest and the highest rate that it is a mean of.

    Columns `rate`, `lowest` and `highest`; the tolerance is for means rounded to two decimals.
    """
    for name, sign in (("lowest", 1), ("highest", -1)):
        if name in frame:
            wrong = sign * (frame[name] - frame.rate) > tolerance
            if wrong.any():
                line = frame.index[int(np.flatnonzero(wrong.to_numpy())[0])]
                raise DataError(
                    f"{place.at(line)}: the mean rate is {frame.rate[line]:g} and the {name} one "
                    f"{frame[name][line]:g}; is a decimal sign lost, or are columns mixed up?"
                )


def one_rate_a_cell(place: FilePlace, frame: Frame) -> Frame:
    """The table with the columns of a rate; raises where a cell has two."""
    refuse_twice(place, frame, CELL, "the rate")
    return frame[[*CELL, "rate"]]


def require_codes(place: FilePlace, codes: Words, pattern: str, what: str) -> None:
    """Raise for the first text that is not as `pattern` says: `what` it should be."""
    refuse_first(place, codes, ~codes.str.fullmatch(pattern), what)


def refuse_first(place: FilePlace, codes: Words, wrong: Words, what: str) -> None:
    """Raise for the first of the codes that are wrong, as it stands in the file."""
    if wrong.any():
        line = codes.index[int(np.flatnonzero(wrong.to_numpy())[0])]
        raise DataError(f"{place.at(line)}: '{codes[line]}' is no {what}")


def require_products(place: FilePlace, products: Words) -> None:
    """Raise for what is no code of the Harmonized System: pairs of digits, or the total."""
    require_codes(place, products, r"(?i)(?:\d\d){1,6}|total", PRODUCT)


def to_lines(place: FilePlace, lines: Words, importers: Words) -> Words:
    """Tariff lines of 6 to 12 digits without their dots and spaces.

    Lines have an even number of digits, or nine where those of the importer have no more (Japan);
    any other number says that a spreadsheet took away the zeros in front.
    """
    bare = without_signs(lines)
    length = bare.str.len()
    finest = length.groupby(importers).transform("max")
    fits = (length % 2 == 0) | ((length == 9) & (finest == 9))
    wrong = ~(bare.str.fullmatch(rf"\d{{{SHORTEST},{LONGEST}}}") & fits)
    refuse_first(place, lines, wrong, PRODUCT)
    return bare


def without_signs(lines: Words) -> Words:
    return lines.str.replace(r"[.\-\s]", "", regex=True)


def counted(reasons: Mapping[str, Words]) -> dict[str, str]:
    """How many rows are left out, by the reason, where there are any."""
    sums = {why: int(these.sum()) for why, these in reasons.items()}
    return {f"left out: {why}": str(count) for why, count in sums.items() if count}
