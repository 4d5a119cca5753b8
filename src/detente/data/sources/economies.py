"""Codes of economies for what publishers call them: one table, with their unions and rests.

A rest (areas not elsewhere specified, bunkers, free zones) is no economy: its rows are left out by
the readers, which state their sum.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

from ..._core import DataError, nearest
from ..concordance import table
from .place import FilePlace, Words


@dataclass(frozen=True, slots=True)
class Area:
    """What a publisher's code stands for."""

    code: str
    """ISO 3166 alpha-3, WLD for the world, a code of a union; empty for a rest."""
    kind: str
    """economy, union, world or rest."""
    name: str


LETTERS = ("geodist", "imf", "iso", "oecd", "wits", "worldbank")
"""Schemes that are ISO 3166 alpha-3 but for codes of their own."""


@cache
def areas(scheme: str) -> Mapping[str, Area]:
    """The areas of a scheme by code.

    Schemes are `numeric` (UN, without leading zeros), `census` (Schedule C), names in `korean` and
    `english`, and those of `LETTERS`.
    """
    own = {
        row["code"]: Area(row["area"], row["kind"], row["name"])
        for row in table("areas")
        if row["scheme"] == scheme
    }
    return {**_letters(), **own} if scheme in LETTERS else own


def _letters() -> dict[str, Area]:
    """Economies by their alpha-3 letters."""
    known = [*areas("numeric").values(), *areas("letters").values()]
    return {area.code: area for area in known if area.kind == "economy"}


@cache
def from_adb() -> dict[str, str]:
    """Alpha-3 by the code of the Asian Development Bank in capitals.

    Its tables name by ISO 3166 what is not in its own list: none of its codes is that of another
    economy there.
    """
    return {code: code for code in from_alpha2().values()} | {
        row["adb"].upper(): row["code"] for row in table("economies_adb")
    }


@cache
def from_alpha2() -> dict[str, str]:
    """Alpha-3 by alpha-2; NA is Namibia."""
    return {row["alpha2"]: row["code"] for row in table("economies_alpha2")}


def translate(place: FilePlace, codes: Words, scheme: str = "numeric") -> Words:
    """The area of each code, nothing for rests; a code that is not known is named with its line."""
    bare, known = _bare(codes, scheme), areas(scheme)
    translated = bare.map({code: area.code or pd.NA for code, area in known.items()})
    unknown = ~bare.isin(known.keys())
    if unknown.any():
        line = codes.index[unknown.to_numpy().argmax()]
        raise DataError(f"{place.at(line)}: '{codes[line]}' is not the code of a known economy.")
    return translated


def named(place: FilePlace, names: Words) -> Words:
    """The area of each name, Korean, English or alpha-3; nothing for rests, an error if unknown."""
    known = {name: area.code for scheme in ("korean", "english") for name, area in
             areas(scheme).items()}  # fmt: skip
    known |= {code.casefold(): code for code in known.values() if code}
    bare = names.astype("str").str.split().str.join(" ").str.casefold().str.replace("’", "'")
    known = {name.casefold(): code for name, code in known.items()}
    unknown = ~bare.isin(known.keys())
    if unknown.any():
        line = names.index[unknown.to_numpy().argmax()]
        raise DataError(
            f"{place.at(line)}: '{names[line]}' is not the name of a known economy; "
            f"{nearest(str(names[line]), known)}"
        )
    return bare.map({name: code or pd.NA for name, code in known.items()})


def locate(place: FilePlace, codes: Words) -> Words:
    """The area of each code, be it a number or letters as WITS has them."""
    bare = codes.astype("str").str.strip()
    number = bare.str.fullmatch(r"\d{1,3}")
    parts = [
        translate(place, part, scheme)
        for part, scheme in ((bare[number], "numeric"), (bare[~number], "wits"))
        if len(part)
    ]
    return pd.concat(parts).reindex(codes.index) if parts else bare


def rests(codes: Words, values: Words, scheme: str = "numeric", unit: str = "million US$") -> str:
    """The rests among codes with the sum of their values, in words; empty if there is none."""
    bare = _bare(codes, scheme)
    known = {code: area.name for code, area in areas(scheme).items() if area.kind == "rest"}
    sums = values[bare.isin(known.keys())].groupby(bare).sum()
    return "; ".join(
        f"{code} {known[str(code)]}: {_sum(value)} {unit}" for code, value in sums.items()
    )


def _sum(value: float) -> str:
    """A sum with thousands in groups: whole above a thousand, four digits below."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _bare(codes: Words, scheme: str) -> Words:
    bare = codes.astype("str").str.strip()
    if scheme == "numeric":
        bare = bare.str.lstrip("0").where(bare.str.strip("0") != "", "0")
    return bare
