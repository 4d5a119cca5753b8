"""Which of two figures counts: where two additions of one source hold the same cell, the later one.

Each table says here what one cell is, the edition aside. Complete tables of the world are replaced
by the year and not by the cell, because two editions of one do not add up together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .canonical import canonical, quoted


CELL: Mapping[str, tuple[str, ...]] = {
    "trade": ("reporter", "partner", "flow", "product", "frequency", "period", "basis"),
    "indicators": ("country", "indicator", "year"),
    "arrivals": ("destination", "nationality", "purpose", "month"),
    "io": ("year",),
    "io_account": ("year",),
    "flows": ("year", "origin", "destination"),
    "tariffs": ("year", "origin", "destination", "sector", "kind"),
    "restrictions": ("year", "country", "sector"),
    "gravity": ("year", "origin", "destination", "variable"),
    "alignment": ("year", "session"),
}
"""What two additions must share for the later to replace the earlier. Sectors of flows, policy
areas and positions of countries mean something only beside the others of their own edition."""
WORLD_BY_PRODUCT: Mapping[str, tuple[str, ...]] = {"trade": ("period", "product = 'total'")}
WHOLE_WORLDS = ("baci",)
"""Sources of which one file is every flow of a year."""
SERIES = ("reporter", "partner", "flow", "frequency", "period", "basis", "length(product)")
"""Products of a series at as many digits of another classification are replaced together: their
codes overlap, and would be added up."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was added in one go: a source, its edition, and the part of it (such as a year)."""

    source: str
    edition: str
    part: str
    folder: str
    tables: Mapping[str, int]
    """Rows of each canonical table."""
    years: tuple[int, int] | None
    """First and last year covered, if the tables have any."""
    licence: str
    attribution: str
    files: Mapping[str, str]
    """SHA-256 of each file that was read, by name."""
    added: str
    """Time in ISO 8601, UTC; never before that of an earlier addition."""
    about: Mapping[str, str] = field(default_factory=dict)
    """Whatever else the reader of the source said."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What a new addition must have in common with this one to stand in its place."""
        return self.source, self.edition, self.part

    @property
    def named(self) -> str:
        """The file that this was read from, or the first of them, by name."""
        stems = [name for name in self.files if Path(name).stem == self.part]
        names = stems or list(self.files)
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        return f"{names[0]}{more}" if names else ""


def file_of(content: Path, entry: Entry, table: str) -> Path:
    """The Parquet file of one table of an addition."""
    return content / entry.folder / f"{table}.parquet"


def counting(table: str, entry: Entry, entries: Sequence[Entry], content: Path) -> str:
    """A query for the rows of an addition that no later one of its source replaces.

    `entries` are all additions, the earliest first.
    """
    names = ", ".join(f'o."{column.name}"' for column in canonical()[table])
    rows = f"select {names} from read_parquet({quoted(str(file_of(content, entry, table)))}) o"
    later = later_than(entry, entries, table)
    if not later:
        return rows
    decided_by = "io" if "io" in entry.tables else table
    files = ", ".join(quoted(str(file_of(content, one, decided_by))) for one in later)
    return f"{rows} {' '.join(_without(table, entry, f'read_parquet([{files}])'))}"


def later_than(entry: Entry, entries: Sequence[Entry], table: str) -> list[Entry]:
    """The later additions that may hold the same cells: of the same source, table and years."""
    after = entries[entries.index(entry) + 1 :]
    return [one for one in after if _may_replace(one, entry, table)]


def _may_replace(later: Entry, entry: Entry, table: str) -> bool:
    shared = "io" if "io" in entry.tables else table
    return (
        later.source == entry.source
        and shared in later.tables
        and (later.years is None or entry.years is None or _overlap(later.years, entry.years))
    )


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _cell_of(table: str, entry: Entry) -> tuple[str, ...]:
    """The expressions that two rows of one source must share for the later to replace the other."""
    if "io" in entry.tables:
        return CELL["io"]
    if entry.source in WHOLE_WORLDS:
        return WORLD_BY_PRODUCT.get(table, CELL[table])
    return CELL[table]


def _without(table: str, entry: Entry, later: str) -> list[str]:
    """Joins that leave out what later rows replace."""
    cell = _cell_of(table, entry)
    joins = [_anti_join("cells", later, cell)]
    if table == "trade" and cell == CELL["trade"]:
        products = f"(select * from {later} where product <> 'total')"
        other = " and o.product <> 'total' and o.note is distinct from series.note"
        joins.append(_anti_join("series", products, SERIES, "note") + other)
    return joins


def _anti_join(name: str, later: str, cell: Sequence[str], also: str = "") -> str:
    chosen = [f"{one} as k{number}" for number, one in enumerate(cell)]
    chosen += [also] if also else []
    # Only the year of a distance may be missing, and a plain equality is joined faster.
    same = [
        f"({one}) {'is not distinct from' if one == 'year' else '='} {name}.k{number}"
        for number, one in enumerate(cell)
    ]
    # Every note once, since each is compared with every row; other keys are looked up as they are.
    once = "distinct " if also else ""
    keys = f"(select {once}{', '.join(chosen)} from {later})"
    return f"anti join {keys} {name} on {' and '.join(same)}"
