"""What is in the store of public sources, and what was added to it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from ..calibrate.from_store import recipes, TABLES
from ..data.sources import add, describe, SOURCES
from ..data.store import Entry, Store
from ._files import Progress


FIRST_ROWS = 5


class Added(NamedTuple):
    """What one command added, in words where it is for people."""

    entries: list[Entry]
    builds: list[str]
    """What can be built now; where that is nothing, what the source is good for."""
    replaced: list[str]
    """What was there before and counts no longer."""


def add_source(source: str, files: Sequence[Path], *, progress: Progress | None = None) -> Added:
    """Check files of a public source and store them."""
    store = Store.open()
    before = {one.key: (one, store.replaced_rows(one)) for one in store.contents()
              if one.source == source}  # fmt: skip
    entries = add(source, files, store, progress)
    return Added(entries, buildable(store, source), _replaced(store, before, entries))


def _replaced(
    store: Store,
    before: Mapping[tuple[str, str, str], tuple[Entry, Mapping[str, int]]],
    entries: Sequence[Entry],
) -> list[str]:
    """Older additions that are gone, and those of which fewer rows count than before."""
    new, said = {one.key for one in entries}, []
    for key, (entry, gone) in before.items():
        if key in new:
            said.append(f"all {_rows(entry.tables)} of {_named(entry)}, which had the same name")
            continue
        more = {t: n - gone.get(t, 0) for t, n in store.replaced_rows(entry).items()}
        if any(more.values()):
            rows = _rows({table: count for table, count in more.items() if count})
            said.append(f"{rows} of {_named(entry)}: of one figure in two files the later counts")
    return said


def _rows(counts: Mapping[str, int]) -> str:
    return ", ".join(
        f"{count:,} row{'' if count == 1 else 's'} of {table}" for table, count in counts.items()
    )


def _named(entry: Entry) -> str:
    name = " ".join(filter(None, entry.key))
    file = f"{entry.named}, " if entry.named else ""
    return f"{name} ({file}added {entry.added})"


def remove_source(
    source: str, edition: str | None = None, part: str | None = None, *, several: bool = False
) -> list[Entry]:
    """Take additions out of the store; what they were. Raises `DataError` as `Store.remove`."""
    return Store.open().remove(source, edition, part, several=several)


def show_source(
    source: str, edition: str | None = None, part: str | None = None
) -> list[dict[str, Any]]:
    """Additions as `list_stored` has them, with first rows, and with what replaced some of them.

    `first_rows` is by table, `replaced` the rows that count no longer by table, and `replaced_by`
    the later additions that do in their place. Raises `DataError` where nothing is like that.
    """
    store = Store.open()
    return [_shown(store, entry) for entry in store.find(source, edition, part)]


def _shown(store: Store, entry: Entry) -> dict[str, Any]:
    replaced = store.replaced_rows(entry)
    return _facts(entry) | {
        "first_rows": {
            table: _plain(store.first_rows(entry, table, FIRST_ROWS)) for table in entry.tables
        },
        "replaced": replaced,
        "replaced_by": [_named(one) for one in store.replacing(entry)] if replaced else [],
    }


def _plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON has them: dates in ISO 8601, and nothing for what is missing."""
    return json.loads(str(rows.to_json(orient="records", date_format="iso")))


def buildable(store: Store, source: str) -> list[str]:
    """Worlds that stored tables make; where there are none, what the source is good for."""
    if source in TABLES:
        mine = [name for name in recipes(store) if name.startswith(f"{source}-")]
        return [f"detente data build {name}" for name in mine]
    return [SOURCES[source].builds] if SOURCES[source].builds else []


def list_stored() -> list[dict[str, Any]]:
    """Every addition to the store: source, edition, part, rows, years, terms and hashes."""
    return [_facts(entry) for entry in Store.open().contents()]


def _facts(entry: Entry) -> dict[str, Any]:
    return {
        "source": entry.source,
        "edition": entry.edition,
        "part": entry.part,
        "summary": describe(entry),
        "tables": dict(entry.tables),
        "years": list(entry.years) if entry.years else None,
        "licence": entry.licence,
        "attribution": entry.attribution,
        "files": dict(entry.files),
        "added": entry.added,
        "about": dict(entry.about),
    }


def list_sources() -> dict[str, dict[str, str]]:
    """Every source that can be added: title, files it takes, licence."""
    return {
        name: {"title": one.title, "files": one.files, "licence": one.licence}
        for name, one in SOURCES.items()
    }


def describe_entries(entries: Sequence[Entry]) -> list[str]:
    """Additions in words."""
    return [describe(entry) for entry in entries]
