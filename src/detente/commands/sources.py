"""What is in the store of public sources, and what was added to it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..calibrate.from_store import recipes
from ..data.sources import add, describe, SOURCES
from ..data.store import Entry, Store
from ._files import Progress


def add_source(
    source: str, files: Sequence[Path], *, progress: Progress | None = None
) -> tuple[list[Entry], list[str]]:
    """Check files of a public source and store them; what was stored, and what can be built now."""
    store = Store.open()
    entries = add(source, files, store, progress)
    return entries, buildable(store, source)


def buildable(store: Store, source: str) -> list[str]:
    """Worlds that stored tables make; where there are none, what the source is good for."""
    if source == "icio":
        return [f"detente data build {name}" for name in recipes(store)]
    return [SOURCES[source].builds] if SOURCES[source].builds else []


def list_stored() -> list[dict[str, Any]]:
    """Every addition to the store: source, edition, part, rows, years, terms and hashes."""
    return [
        {
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
        for entry in Store.open().contents()
    ]


def list_sources() -> dict[str, dict[str, str]]:
    """Every source that can be added: title, files it takes, licence."""
    return {
        name: {"title": one.title, "files": one.files, "licence": one.licence}
        for name, one in SOURCES.items()
    }


def describe_entries(entries: Sequence[Entry]) -> list[str]:
    """Additions in words."""
    return [describe(entry) for entry in entries]
