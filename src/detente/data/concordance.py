"""Concordances: which code of one classification belongs to which of another, by table."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .. import library
from .._core import DataError, nearest


SERVICES_TOTAL = "Services (aggregate)"
"""What the flow tables call the sum of all service industries."""


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry of a world, and where its data come from in other classifications."""

    code: str
    name: str
    kind: str
    """`goods` or `services`."""
    compact: str
    """Sector of the compact worlds."""
    flow_sectors: tuple[str, ...]
    """Goods sectors of the flow and tariff tables; empty for what no tariff applies to."""
    stri_sectors: tuple[str, ...]
    """Sectors of the services trade restrictiveness index."""
    icio: tuple[str, ...]
    """Industries of the 45-industry classification."""


def table(name: str) -> list[dict[str, str]]:
    """The rows of one concordance table."""
    place = Path(__file__).parent / "concordance" / f"{name}.csv"
    if not place.is_file():
        raise DataError(f"the package has no concordance table '{name}'.")
    return library.table(place)


@cache
def industries(classification: str) -> tuple[Industry, ...]:
    """The industries of a classification, in the order of its source.

    `icio` (45, ISIC Rev. 4, edition of 2023), `icio_2025` (50), `wiod` (56), `wiod35` (35, as in
    the release of 2013 and the tables of the Asian Development Bank) or `sections` (20).
    """
    return tuple(
        Industry(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            compact=row["compact"],
            flow_sectors=tuple(row["flow_sectors"].split()),
            stri_sectors=tuple(row["stri_sectors"].split()),
            icio=tuple(row.get("icio", row["code"]).split()),
        )
        for row in table(f"industries_{classification}")
    )


@cache
def economies() -> tuple[str, ...]:
    """The 81 economies of the flow and tariff tables."""
    return tuple(row["code"] for row in table("countries"))


@cache
def country_names() -> dict[str, str]:
    """English names of the economies and of the regions of the compact worlds."""
    names = {row["code"]: row["name"] for row in table("countries")}
    for world in ("compact_2022", "compact_2014"):
        names |= {row["code"]: row["name"] for row in table(f"regions_{world}")}
    return names


@cache
def regions(world: str) -> dict[str, str]:
    """The country or region of a world (such as `compact_2022`) that each economy belongs to.

    A world of 2019 has the economies of its table, and the others as the rest of the world.
    """
    rows = table("countries")
    if world in ("world_2019", "compact_2019"):
        here = region_order("2019")
        return {row["code"]: row["code"] if row["code"] in here else "ROW" for row in rows}
    if world not in rows[0]:
        raise DataError(f"no concordance for the world '{world}'; {nearest(world, rows[0])}")
    return {row["code"]: row[world] for row in rows}


@cache
def region_order(world: str) -> tuple[str, ...]:
    """The regions of a compact world in the order in which they are shown."""
    return tuple(row["code"] for row in table(f"regions_{world}"))


@cache
def compact_sectors() -> dict[str, tuple[str, str]]:
    """Name and kind of each compact sector, in the order in which they are shown."""
    return {row["code"]: (row["name"], row["kind"]) for row in table("sectors_compact")}


@cache
def compact_parents() -> dict[str, tuple[str, ...]]:
    """Sectors that some worlds cannot tell apart, by the name of what they make together."""
    parents: dict[str, tuple[str, ...]] = {}
    for row in table("sectors_compact"):
        if row["group"]:
            parents[row["group"]] = (*parents.get(row["group"], ()), row["code"])
    return parents


def compact_order(used: Collection[str]) -> list[str]:
    """Those of the compact sectors that are used, in the order in which they are shown."""
    return [code for code in compact_sectors() if code in used]


@cache
def country_groups() -> dict[str, tuple[str, ...]]:
    """Agreements and unions that a scenario may name, by their members among the economies."""
    return {row["group"]: tuple(row["members"].split()) for row in table("country_groups")}


@cache
def union_members(union: str, year: int) -> frozenset[str]:
    """Who levies the one tariff of a customs union in a year, such as EUN of the European Union.

    The year of an accession counts as one of membership, as does the last one of a transition.
    """
    return frozenset(
        row["member"]
        for row in table("union_members")
        if row["union"] == union and int(row["first"]) <= year <= int(row["last"] or year)
    )


@cache
def customs_unions() -> frozenset[str]:
    """Codes under which a customs union publishes its tariff."""
    return frozenset(row["union"] for row in table("union_members"))


@cache
def shares(name: str, source: str, target: str) -> dict[str, dict[str, float]]:
    """How each code of one classification is spread over another; shares of a code add to one.

    Tables without a column `share` list one code or several, which then share alike.
    """
    spread: dict[str, dict[str, float]] = {}
    for row in table(name):
        targets = row[target].split() if "share" not in row else [row[target]]
        weight = float(row.get("share", 1.0 / max(len(targets), 1)))
        for code in targets:
            spread.setdefault(row[source], {})[code] = weight
    return spread
