"""The embedded store: what a user added, as Parquet files under one directory with one catalog.

Every canonical table (`canonical.csv`) is a view over all stored sources and the record that ships,
in which of two additions of a source the later counts (`latest.py`).
A write goes to a new folder, reaches the disk, and counts only once the small catalog is replaced,
in one step of the file system: a process that dies in between leaves the old content.
"""

import hashlib
import json
import re
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime, UTC
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from .. import library
from .._core import DataError, nearest, user_data_directory, whole_file
from .._interrupts import raising
from .canonical import canonical, empty, quoted, sync_directory, write_tables
from .latest import counting, Entry as Entry, file_of, later_than


CATALOG, CONTENT, LOCK = "catalog.json", "content", "write.lock"
FORMAT = 1
"""Version of the catalog's own form; a newer one is refused rather than misread."""
RECORD = "record"
"""Source of the rows that ship with the package."""
RECORD_EDITION = "shipped"


def digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Store:
    """Canonical tables on disk. One process may write at a time, any number may read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._connections: dict[bool, Any] = {}
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
        with raising(), self._changing():
            known, added = self._additions(), list[Entry]()
            try:
                yield partial(self._write, added)
                if added:
                    self._commit(_in_order(known, added))
            except BaseException:
                for entry in added:
                    shutil.rmtree(self.root / CONTENT / entry.folder, ignore_errors=True)
                raise

    def contents(self) -> list[Entry]:
        """What is stored, in the order of source, edition and part; without the shipped record."""
        return sorted(self._additions(), key=lambda entry: entry.key)

    def remove(
        self,
        source: str,
        edition: str | None = None,
        part: str | None = None,
        *,
        several: bool = False,
    ) -> list[Entry]:
        """Take out what was added of a source, of one edition or one part of it; what it was.

        All or nothing. Raises `DataError` where nothing is like that, or more than one addition is
        and `several` was not said.
        """
        self.find(source, edition, part)
        with self._changing():
            meant = self.find(source, edition, part)
            if len(meant) > 1 and not several:
                names = "; ".join(" ".join(filter(None, one.key)) for one in meant)
                raise DataError(
                    f"{len(meant)} additions are meant ({names}); name the edition and the part of "
                    "one, or say `all` to remove them together."
                )
            self._commit([one for one in self._additions() if one not in meant])
        return meant

    def find(self, source: str, edition: str | None = None, part: str | None = None) -> list[Entry]:
        """The additions of a source, an edition or a part; `DataError` where there is none."""
        entries, said = self.contents(), "nothing"
        for name, wanted in (("source", source), ("edition", edition), ("part", part)):
            known = list(dict.fromkeys(getattr(one, name) for one in entries))
            if wanted is not None and wanted not in known:
                near = nearest(wanted, known) if known else "nothing has been added."
                raise DataError(f"{said} of the {name} '{wanted}' is in the store; {near}")
            entries = [one for one in entries if wanted in (None, getattr(one, name))]
            said = f"nothing of {source}"
        return entries

    def query(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        """Rows of a SQL query on the canonical tables, with `?` for parameters."""
        return self._answer(sql, parameters)

    def history(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        """As `query`, on what was ever added and is still stored, replaced rows as well.

        Each table has the columns `part`, `added`, `file` (names of the files of the addition) and
        `place` too: of two rows for one cell of a source that of the highest place counts.
        """
        return self._answer(sql, parameters, history=True)

    def first_rows(self, entry: Entry, table: str, rows: int) -> pd.DataFrame:
        """The first rows of one table of an addition, in canonical columns."""
        shown = self.history(
            f"select * from {table} where source = ? and edition = ? and part = ? limit {rows}",
            entry.key,
        )
        return shown.loc[:, [column.name for column in canonical()[table]]]

    def replaced_rows(self, entry: Entry) -> dict[str, int]:
        """How many rows of each table of an addition a later one of its source replaces."""
        entries = self._additions()
        gone = {}
        for table, rows in entry.tables.items():
            if later_than(entry, entries, table):
                sql = f"select count(*) as n from ({self._counting(table, entry, entries)})"
                gone[table] = rows - int(self.query(sql).n.iloc[0])
        return {table: rows for table, rows in gone.items() if rows}

    def replacing(self, entry: Entry) -> list[Entry]:
        """The later additions of its source that may hold the same cells."""
        entries = self._additions()
        later = [one for table in entry.tables for one in later_than(entry, entries, table)]
        return list({one.key: one for one in later}.values())

    def _counting(self, table: str, entry: Entry, entries: Sequence[Entry]) -> str:
        return counting(table, entry, entries, self.root / CONTENT)

    def _answer(
        self, sql: str, parameters: Sequence[object], *, history: bool = False
    ) -> pd.DataFrame:
        try:
            return self._ask(sql, parameters, history)
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise DataError(
                f"the query cannot be answered ({reason}); the tables are {', '.join(canonical())}."
            ) from error

    def _ask(self, sql: str, parameters: Sequence[object], history: bool) -> pd.DataFrame:
        try:
            return self._views(history).cursor().execute(sql, list(parameters)).df()
        except duckdb.IOException:
            # Another process replaced what was about to be read: its catalog names what is there.
            self._connections.clear()
            return self._views(history).cursor().execute(sql, list(parameters)).df()

    def _catalog_bytes(self) -> bytes:
        path = self.root / CATALOG
        return path.read_bytes() if path.is_file() else b""

    def _additions(self) -> list[Entry]:
        """What is stored, the earliest first."""
        return _parse_catalog(self._catalog_bytes(), self.root / CATALOG)

    def _views(self, history: bool) -> Any:
        """A connection on which every table is a view, made again when the catalog changed."""
        now = self._catalog_bytes()
        if now != self._shown:
            self._connections, self._shown = {}, now
        if history not in self._connections:
            entries = _parse_catalog(now, self.root / CATALOG)
            view = self._everything if history else self._what_counts
            connection = self._connections[history] = duckdb.connect()
            for table in canonical():
                connection.execute(f"create view {table} as {view(table, entries)}")
        return self._connections[history]

    def _what_counts(self, table: str, entries: Sequence[Entry]) -> str:
        parts = [
            f"select *, {quoted(entry.source)} as source, {quoted(entry.edition)} as edition "
            f"from ({self._counting(table, entry, entries)})"
            for entry in entries
            if table in entry.tables
        ]
        parts += [_shipped(path) for path in shipped_record() if table == "trade"]
        return " union all ".join(parts) if parts else empty(table)

    def _everything(self, table: str, entries: Sequence[Entry]) -> str:
        names = ", ".join(f'"{column.name}"' for column in canonical()[table])
        parts = [
            f"select {names}, {quoted(entry.source)} as source, "
            f"{quoted(entry.edition)} as edition, {quoted(entry.part)} as part, "
            f"{quoted(entry.added)} as added, {quoted(entry.named)} as file, {place} as place "
            f"from read_parquet({quoted(str(self._file(entry, table)))})"
            for place, entry in enumerate(entries)
            if table in entry.tables
        ]
        none = "'' as part, '' as added, '' as file, -1 as place"
        return " union all ".join([*parts, f"select *, {none} from ({empty(table)})"])

    def _file(self, entry: Entry, table: str) -> Path:
        return file_of(self.root / CONTENT, entry, table)

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

    def _commit(self, entries: Sequence[Entry]) -> None:
        self._swap(entries)
        self._sweep({one.folder for one in entries})

    def _swap(self, entries: Sequence[Entry]) -> None:
        """Replace the catalog in one step, once its new content is on the disk."""
        text = json.dumps({"format": FORMAT, "entries": [asdict(e) for e in entries]}, indent=1)
        with whole_file(self.root / CATALOG) as new:
            new.write_text(text, encoding="utf-8", newline="\n")
        sync_directory(self.root)

    def _sweep(self, used: set[str]) -> None:
        """Remove folders that no entry names: replaced ones, and those of writes that died."""
        for folder in (self.root / CONTENT).iterdir():
            if folder.name not in used:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Hold the lock of the store; the system lets go of it when the process dies."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with (self.root / LOCK).open("wb") as file:
                _lock(file)
                yield
        except OSError as error:
            raise DataError(
                f"the store in {self.root} could not be written ({error.strerror or error}); "
                "it is as it was."
            ) from error


def _in_order(known: Sequence[Entry], added: Sequence[Entry]) -> list[Entry]:
    """All additions, the earliest first: a new one stands last, in place of one of the same key."""
    twice = [one.key for one in added if [other.key for other in added].count(one.key) > 1]
    if twice:
        raise DataError(
            f"two of the files named would be stored as the same part, '{' '.join(twice[0])}': "
            "rename one of them, or leave out the one that does not count."
        )
    latest = max([*(one.added for one in known), added[0].added])
    kept = [one for one in known if one.key not in {new.key for new in added}]
    # A clock that was set back must not make the newest addition the oldest.
    return [*kept, *(replace(one, added=max(one.added, latest)) for one in added)]


def shipped_record() -> list[Path]:
    """The files of the trade record that ships with the package."""
    return sorted(library.path("record").glob("*_annual.csv"))


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
        entries.sort(key=lambda entry: entry.added)
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
