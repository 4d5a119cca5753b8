"""ISO 3166 alpha-3 codes for the numbers and names that publishers use instead."""

from functools import cache
from pathlib import Path

from ..._core import DataError
from ..concordance import table
from .source import Words


@cache
def from_numeric() -> dict[str, str]:
    """Alpha-3 by number, written without leading zeros; UN Comtrade's own numbers included."""
    return {row["numeric"]: row["code"] for row in table("economies_numeric")}


@cache
def from_korean() -> dict[str, str]:
    """Alpha-3 by the Korean name of a nationality; regions and remainders have none."""
    return {row["name"]: row["code"] for row in table("nationalities_korean")}


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


def translate(path: Path, codes: Words, known: dict[str, str], first_line: int = 2) -> Words:
    """Codes as alpha-3; one that is not known is named with its line."""
    bare = codes.astype(str).str.strip().str.lstrip("0").replace("", "0")
    found = bare.map(known)
    if found.isna().any():
        place = int(found.isna().to_numpy().argmax())
        raise DataError(
            f"{path}, line {place + first_line}: '{codes.iloc[place]}' is not the code of a known "
            "economy."
        )
    return found
