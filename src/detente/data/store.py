"""The embedded store: what a user added, as Parquet files under one directory with one catalog.

Every canonical table (`canonical.csv`) is a view over all stored sources and the record that ships.
A write goes to a new folder, reaches the disk, and counts only once the small catalog is replaced,
in one step of the file system: a process that dies in between leaves the old content.
"""

import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, UTC
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from .._core import DataError, user_data_directory
from .canonical import canonical, empty, quoted, sync_directory, write_tables


CATALOG, CONTENT, LOCK = "catalog.json", "content", "write.lock"
FORMAT = 1
"""Version of the catalog's own form; a newer one is refused rather than misread."""
RECORD = "record"
"""Source of the rows that ship with the package."""
RECORD_EDITION = "shipped"


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
    """Time in ISO 8601, UTC."""
    about: Mapping[str, str] = field(default_factory=dict)
    """Whatever else the reader of the source said."""


def digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Store:
    """Canonical tables on disk. One process may write at a time, any number may read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._connection: Any = None
        self._shown: bytes | None = None

    @classmethod
    def open(cls, root: Path | None = None) -> "Store":
        """The store in a directory, or the user's own; it need not exist yet."""
        store = cls(Path(root) if root is not None else user_data_directory() / "store")
        store.contents()
        return store

    def put(
        self,
        source: str,
        edition: str,
        tables: Mapping[str, pd.DataFrame | Path],
        about: Mapping[str, str],
        *,
        part: str = "",
        files: Mapping[str, str] | None = None,
    ) -> Entry:
        """Store tables, in place of what the same source, edition and part held before.

        A table is a frame, or a Parquet file with the canonical columns; columns that are not
        required may be absent. `about` holds `licence` and `attribution`. All or nothing.
        """
        with self.adding() as add:
            return add(source, edition, tables, about, part=part, files=files)

    @contextmanager
    def adding(self) -> Iterator[Callable[..., Entry]]:
        """A function with the arguments of `put`, whose additions count together or not at all.

        They count when the block ends; where it raises, the store is as it was.
        """
        try:
            with self._writing():
                known, added = self.contents(), list[Entry]()
                try:
                    yield partial(self._write, added)
                    if added:
                        self._commit(known, added)
                except BaseException:
                    for entry in added:
                        shutil.rmtree(self.root / CONTENT / entry.folder, ignore_errors=True)
                    raise
        except OSError as error:
            raise DataError(
                f"the store in {self.root} could not be written ({error.strerror or error}); "
                "it is as it was."
            ) from error

    def contents(self) -> list[Entry]:
        """What is stored, in the order of source, edition and part; without the shipped record."""
        found = _parse_catalog(self._catalog_bytes(), self.root / CATALOG)
        return sorted(found, key=lambda entry: (entry.source, entry.edition, entry.part))

    def query(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        """Rows of a SQL query on the canonical tables, with `?` for parameters."""
        try:
            return self._ask(sql, parameters)
        except duckdb.Error as error:
            found = str(error).splitlines()[0]
            raise DataError(
                f"the query cannot be answered ({found}); the tables are {', '.join(canonical())}."
            ) from error

    def _ask(self, sql: str, parameters: Sequence[object]) -> pd.DataFrame:
        try:
            return self._views().cursor().execute(sql, list(parameters)).df()
        except duckdb.IOException:
            # Another process replaced what was about to be read: its catalog names what is there.
            self._connection = None
            return self._views().cursor().execute(sql, list(parameters)).df()

    def _catalog_bytes(self) -> bytes:
        path = self.root / CATALOG
        return path.read_bytes() if path.is_file() else b""

    def _views(self) -> Any:
        """A connection on which every table is a view, made again when the catalog changed."""
        now = self._catalog_bytes()
        if self._connection is None or now != self._shown:
            connection = duckdb.connect()
            entries = _parse_catalog(now, self.root / CATALOG)
            for table in canonical():
                connection.execute(f"create view {table} as {self._view(table, entries)}")
            self._connection, self._shown = connection, now
        return self._connection

    def _view(self, table: str, entries: Sequence[Entry]) -> str:
        names = ", ".join(f'"{column.name}"' for column in canonical()[table])
        parts = [
            f"select {names}, {quoted(entry.source)} as source, {quoted(entry.edition)} as edition "
            f"from read_parquet({quoted(str(self._file(entry, table)))})"
            for entry in entries
            if table in entry.tables
        ]
        parts += [_shipped(path) for path in shipped_record() if table == "trade"]
        return " union all ".join(parts) if parts else empty(table)

    def _file(self, entry: Entry, table: str) -> Path:
        return self.root / CONTENT / entry.folder / f"{table}.parquet"

    def _write(
        self,
        added: list[Entry],
        source: str,
        edition: str,
        tables: Mapping[str, pd.DataFrame | Path],
        about: Mapping[str, str],
        *,
        part: str = "",
        files: Mapping[str, str] | None = None,
    ) -> Entry:
        """Write one addition to a folder of its own, which no catalog names yet."""
        if not tables:
            raise DataError(f"there is nothing of '{source}' to store.")
        folder = f"{_safe(source)}-{_safe(edition)}-{uuid.uuid4().hex[:12]}"
        place = self.root / CONTENT / folder
        place.mkdir(parents=True)
        try:
            counts, years = write_tables(tables, place)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        others = {k: v for k, v in about.items() if k not in ("licence", "attribution")}
        entry = Entry(
            source, edition, part, folder, counts, years, about.get("licence", "not stated"),
            about.get("attribution", "not stated"), dict(files or {}),
            datetime.now(UTC).isoformat(timespec="seconds"), others,
        )  # fmt: skip
        added.append(entry)
        return entry

    def _commit(self, known: Sequence[Entry], added: Sequence[Entry]) -> None:
        latest = {(one.source, one.edition, one.part): one for one in [*known, *added]}
        self._swap(list(latest.values()))
        self._sweep({one.folder for one in latest.values()})

    def _swap(self, entries: Sequence[Entry]) -> None:
        """Replace the catalog in one step, once its new content is on the disk."""
        text = json.dumps({"format": FORMAT, "entries": [asdict(e) for e in entries]}, indent=1)
        new = self.root / f"{CATALOG}.new"
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.root / CATALOG)
        sync_directory(self.root)

    def _sweep(self, used: set[str]) -> None:
        """Remove folders that no entry names: replaced ones, and those of writes that died."""
        for folder in (self.root / CONTENT).iterdir():
            if folder.name not in used:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the lock of the store; the system lets go of it when the process dies."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / LOCK).open("w") as file:
            _lock(file)
            yield


def shipped_record() -> list[Path]:
    """The files of the trade record that ships with the package."""
    return sorted(
        (Path(str(resources.files("detente"))) / "library" / "record").glob("*_annual.csv")
    )


def _lock(file: Any) -> None:
    try:
        import fcntl
    except ImportError:
        # Without it two writers at once may lose one of two additions, never damage the store.
        return
    fcntl.flock(file, fcntl.LOCK_EX)


def _parse_catalog(content: bytes, path: Path) -> list[Entry]:
    if not content:
        return []
    try:
        stored = json.loads(content)
        version = stored["format"]
        rows = stored["entries"] if version == FORMAT else []
        entries = [Entry(**{**row, "years": row["years"] and tuple(row["years"])}) for row in rows]
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{path} is damaged, so that the store cannot be read; restore it, or remove the "
            "directory and add the sources again."
        ) from error
    if version != FORMAT:
        raise DataError(f"{path} has format {version}, and this version reads format {FORMAT}.")
    return entries


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "_", name)[:40]


def _shipped(path: Path) -> str:
    """The shipped rows as a query; columns that the file does not have are empty."""
    with path.open(encoding="utf-8") as file:
        here = file.readline().strip().split(",")
    types = {column.name: column.type for column in canonical()["trade"]}
    read = ", ".join(f"'{name}': '{types[name]}'" for name in here)
    names = ", ".join(
        f'"{name}"' if name in here else f'cast(null as {kind}) as "{name}"'
        for name, kind in types.items()
    )
    return (
        f"select {names}, '{RECORD}' as source, '{RECORD_EDITION}' as edition "
        f"from read_csv({quoted(str(path))}, header = true, columns = {{{read}}})"
    )
