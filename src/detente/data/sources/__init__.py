"""Every public source that can be added to the store, by name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from ..._core import DataError, nearest
from ..store import digest, Entry, Store
from . import (
    adb_mrio,
    baci,
    batis,
    btige,
    comtrade,
    gravity,
    icio,
    ideal_points,
    japan_customs,
    korea_customs,
    korea_exports,
    kto,
    stri,
    tariff_lines,
    tariffs,
    us_census,
    wdi,
    weo,
    wiod,
)
from .source import Progress, Source


SOURCES: Mapping[str, Source] = {
    "icio": icio.SOURCE,
    "wiod": wiod.SOURCE,
    "adb-mrio": adb_mrio.SOURCE,
    "baci": baci.SOURCE,
    "comtrade": comtrade.SOURCE,
    "batis": batis.SOURCE,
    "btige": btige.SOURCE,
    "korea-customs": korea_customs.SOURCE,
    "korea-exports": korea_exports.SOURCE,
    "us-census": us_census.SOURCE,
    "japan-customs": japan_customs.SOURCE,
    "wits": tariffs.SOURCE,
    "teti": tariffs.TETI,
    "tariff-lines": tariff_lines.SOURCE,
    "korea-tariff": tariff_lines.KOREA,
    "stri": stri.SOURCE,
    "gravity": gravity.SOURCE,
    "wdi": wdi.SOURCE,
    "weo": weo.SOURCE,
    "kto": kto.SOURCE,
    "ideal-points": ideal_points.SOURCE,
}


def add(
    name: str, files: Sequence[Path], store: Store, progress: Progress | None = None
) -> list[Entry]:
    """Read, check and store files of a source; all of them or, with one sentence, none."""
    if name not in SOURCES:
        raise DataError(f"there is no source '{name}'; {nearest(name, SOURCES)}")
    if not files:
        raise DataError(f"name the files of '{name}': {SOURCES[name].files}.")
    source, say = SOURCES[name], progress or (lambda step: None)
    paths = [Path(path) for path in files]
    # Tables that belong to no other file are read and stored one by one, to hold one at a time.
    groups = [[path] for path in paths] if name in _ALONE else [paths]
    with store.adding() as put:
        return [entry for group in groups for entry in _add_group(name, source, group, put, say)]


_ALONE = ("icio", "wiod", "adb-mrio", "batis")


def _add_group(
    name: str, source: Source, files: Sequence[Path], put: Callable[..., Entry], say: Progress
) -> list[Entry]:
    entries = []
    hashes = {path.name: digest(path) for path in files if path.is_file()}
    for parsed in source.read(files, say):
        say(f"storing {name} {parsed.edition} {parsed.part}".rstrip())
        about = {"licence": source.licence, "attribution": source.attribution, **parsed.about}
        try:
            entries.append(
                put(name, parsed.edition, parsed.tables, about, part=parsed.part, files=hashes)
            )
        finally:
            _remove_pieces(parsed.tables.values())
    return entries


LEFT_OUT = "left out: "
"""What was not read is said under such a name, with its rows or its sum."""


def _remove_pieces(tables: Iterable[object]) -> None:
    for table in tables:
        if isinstance(table, Path):
            table.unlink(missing_ok=True)


def describe(entry: Entry) -> str:
    """One addition in words, with what of the file was left out."""
    rows = ", ".join(
        f"{count:,} {'row' if count == 1 else 'rows'} of {table}"
        for table, count in entry.tables.items()
    )
    span = "" if entry.years is None else f", {entry.years[0]}-{entry.years[1]}"
    part = f" {entry.part}" if entry.part else ""
    left = [
        f"{key.removeprefix(LEFT_OUT)} ({value})"
        for key, value in entry.about.items()
        if key.startswith(LEFT_OUT)
    ]
    left_out = f"; left out: {'; '.join(left)}" if left else ""
    return f"{entry.source} {entry.edition}{part}: {rows}{span}{left_out}"
