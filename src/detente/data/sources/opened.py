"""One opener for every source: from a file of any form to the columns that a layout names.

The form (encoding, delimiter, sheet), the row of names and the decimal sign are found in the file;
what was chosen is said in the record of what was added. Rows of the frame are named by their line.
"""

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from ..._core import DataError
from ..canonical import schema_of
from ..tables import Frame
from .cells import FileForm, forms, MalformedText, rows
from .layout import Header, lacking, Layout, match, twice
from .numerals import decimal_of, POINT, to_numbers
from .place import FilePlace


PREAMBLE = 40
"""Rows in which the names of the columns are looked for."""
BATCH = 10_000
"""Rows that are held at once with all their cells."""
OF_R = (".rds", ".rda", ".rdata")
NOTE = 2
"""Cells that a line of notes below a table has at most."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table of a file: columns by our names, text or floats, rows named by their line."""

    place: FilePlace
    layout: Layout
    header: tuple[str, ...]
    """The names of all columns of the file."""
    frame: Frame
    read_as: str
    left_out: Mapping[str, int]
    """Rows that are not read, and why."""
    further: tuple[str, ...] = ()
    """Further columns of numbers, by the publisher's names."""
    titles: str = ""
    """What stands above the names, in one line."""

    @property
    def path(self) -> Path:
        return self.place.path

    def about(self) -> dict[str, str]:
        """How the file was read, for the record of what was added."""
        said = {"layout": self.layout.name, "read_as": self.read_as}
        return said | {f"left out: {why}": str(count) for why, count in self.left_out.items()}


def open_table(path: Path, layouts: Sequence[Layout]) -> SourceTable:
    """The table of a file in the one of the layouts that it has.

    Raises `DataError`, in one sentence that names the file and the line, for a file of no such
    layout or of two, a row with too many or too few cells, and a number that is none.
    """
    refuse_wrong_kind(path)
    if is_parquet(path):
        return _from_parquet(path, layouts)
    if path.suffix.lower() == ".dta":
        return _from_stata(path, layouts)
    wrong: set[str] = set()
    while True:
        form, header = _find(path, layouts, wrong)
        try:
            return _read(path, form, header)
        except UnicodeDecodeError:
            # A byte far below the names says that the encoding is another one.
            wrong.add(form.encoding)


def refuse_wrong_kind(path: Path) -> None:
    """Raise for a file that is missing, empty, a page of HTML, or an archive."""
    if not path.is_file():
        raise DataError(f"there is no file at {path}.")
    with path.open("rb") as file:
        start = file.read(512)
    if not start.strip():
        raise DataError(f"{path} is empty.")
    text = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if text.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta")):
        raise DataError(
            f"{path} is a web page, not data: the download went wrong, so fetch the file again."
        )
    if path.suffix.lower() in OF_R:
        raise DataError(
            f"{path} is in R's own format, which is not read; publishers give CSV or Stata beside "
            "it, or write it from R as CSV."
        )
    archives = (b"pk\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"rar!")
    if text.startswith(archives) and not next(forms(path), FileForm("")).sheet:
        raise DataError(f"{path} is a compressed archive; unpack it and add the file inside.")


def is_parquet(path: Path) -> bool:
    """Whether a file says that it is Parquet."""
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _find(path: Path, layouts: Sequence[Layout], wrong: set[str]) -> tuple[FileForm, Header]:
    """The form and the row of names under which a layout is found."""
    encodings = [name for layout in layouts for name in layout.encodings]
    heads: list[list[str]] = []
    matches: list[tuple[FileForm, Header]] = []
    for form in forms(path, encodings):
        if matches and (not form.sheet or form.encoding != matches[0][0].encoding):
            break
        try:
            head = [] if form.encoding in wrong else _head(path, form)
        except UnicodeError:
            continue
        heads += [cells for _, cells in head]
        matches += _headers(form, head, layouts)[:1]
    if not matches:
        raise DataError(_unknown(path, layouts, heads))
    return matches[0] if len(matches) == 1 else _newest(path, matches)


def _head(path: Path, form: FileForm) -> list[tuple[int, list[str]]]:
    """The first rows, up to one whose quotations are not those of this form."""
    head: list[tuple[int, list[str]]] = []
    try:
        head.extend(islice(rows(path, form), PREAMBLE))
    except MalformedText:
        return head
    return head


def _newest(path: Path, matches: Sequence[tuple[FileForm, Header]]) -> tuple[FileForm, Header]:
    """Of several sheets with the table the one of the last day, where their names are days."""
    layout = matches[0][1].layout
    days = [re.fullmatch(layout.dated, form.sheet) for form, _ in matches]
    if not layout.dated or not all(days):
        raise DataError(
            f"{path} has the table of {layout.name} in {len(matches)} sheets; keep one."
        )
    when = [tuple(map(int, day.groups())) for day in days if day]
    return matches[when.index(max(when))]


def _headers(
    form: FileForm, head: Sequence[tuple[int, list[str]]], layouts: Sequence[Layout]
) -> list[tuple[FileForm, Header]]:
    """The rows that have a layout, the one with the most columns first."""
    headers = [match(layout, number, cells) for number, cells in head for layout in layouts]
    known = [one for one in headers if one is not None]
    return [(form, one) for one in sorted(known, key=lambda one: -len(one.columns))]


def _unknown(path: Path, layouts: Sequence[Layout], heads: Sequence[list[str]]) -> str:
    """The layout that comes nearest, and what the file lacks of it, in one sentence."""
    tried = [
        (len(lacking(layout, cells)[0]), -len(cells), layout, cells)
        for layout in layouts
        for cells in heads
        if any(cell.strip() for cell in cells)
    ]
    if not tried:
        return f"{path} has no rows."
    *_, layout, cells = min(tried, key=lambda one: one[:2])
    note = "" if layout.seen else "; this layout was not tried on a published file"
    return f"{path} {lacking(layout, cells)[1].rstrip('.')}{note}.".replace("?.", "?")


def _read(path: Path, form: FileForm, header: Header) -> SourceTable:
    place = FilePlace(path, form.unit, header.spelled)
    again = twice(header)
    if again is not None:
        raise DataError(f"{place.at(header.row)}: the column '{again}' stands twice.")
    places = list(header.columns.values())
    # A column of codes repeats its values: each is held once, and rows are turned in batches.
    known: dict[str, str] = {}
    kept: list[list[str]] = [[] for _ in places]
    lines: list[int] = []
    body = _body(place, form, header)
    while batch := list(islice(body, BATCH)):
        lines += [line for line, _ in batch]
        for column, at in zip(kept, places, strict=True):
            stripped = [cells[at].strip() for _, cells in batch]
            column += [known.setdefault(cell, cell) for cell in stripped]
    table = dict(zip(header.columns, kept, strict=True))
    frame: Frame = pd.DataFrame(table, index=pd.Index(lines, name=form.unit), dtype="str")
    above = islice(rows(path, form), 0, PREAMBLE)
    titles = " ".join(cell.strip() for at, row in above if at < header.row for cell in row)
    return replace(_typed(place, header, frame, form), titles=" ".join(titles.split()))


def _body(place: FilePlace, form: FileForm, header: Header) -> Iterator[tuple[int, list[str]]]:
    """Rows below the names; blank ones are none, and neither are notes after the last row.

    All lines of a text have as many cells: one that has not lost a cell, or has one too many.
    """
    width, waiting = _width(header.names), list[tuple[int, list[str]]]()
    # A row of names that ends with delimiters has lines that do, unless a cell is lost or too many.
    full = len(header.names) if not form.sheet and len(header.names) > width else 0
    last = header.row
    for line, cells in rows(place.path, form):
        if len(cells) == full == width > 1 and not waiting and line > last and cells[1].strip():
            last = line
            yield line, cells
            continue
        filled = [at for at, cell in enumerate(cells) if cell.strip()]
        if line <= header.row or not filled:
            continue
        narrow = len(cells) < (full or width)
        if filled[-1] >= width or (narrow and len(filled) > NOTE):
            _refuse_ragged(place, form, (line, cells), full or width)
        if narrow or (filled == [0] and width > 1):
            waiting.append((line, cells))
            continue
        full = full or (0 if form.sheet else len(cells))
        for row in (*waiting, (line, cells)):
            if not form.sheet and len(row[1]) != full:
                _refuse_ragged(place, form, row, full)
            yield row
        waiting.clear()
        last = line
    if waiting and waiting[0][0] == last + 1 and len(waiting[0][1]) < width:
        _refuse_cut_off(place.path, form, waiting[0][1])


def _refuse_cut_off(path: Path, form: FileForm, cells: Sequence[str]) -> None:
    """Raise for a narrow last line that follows the table at once and has no line break."""
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, 4), 2)
        if file.read().rstrip(b"\0").endswith((b"\n", b"\r", b"\x1a")):
            return
    raise DataError(
        f"{path} ends within a line ('{form.delimiter.join(cells)[:40]}'): it was cut off, so "
        "fetch it again."
    )


def _refuse_ragged(
    place: FilePlace, form: FileForm, row: tuple[int, list[str]], width: int
) -> None:
    line, cells = row
    if len(cells) < width:
        _refuse_cut_off(place.path, form, cells)
    raise DataError(
        f"{place.at(line)}, has {len(cells)} cells, and the table has {width} a line; is a comma "
        "within a name or a number not quoted, or a cell lost?"
    )


def _width(names: Sequence[str]) -> int:
    """Columns up to the last one with a name."""
    return max(at for at, name in enumerate(names) if name) + 1


def _typed(place: FilePlace, header: Header, frame: Frame, form: FileForm) -> SourceTable:
    """Text as text, and the columns of numbers as floats."""
    layout = header.layout
    kept, left_out = _kept(place, layout, frame)
    numbers = [kept[name].replace(dict.fromkeys(layout.missing, "")) for name in header.numbers]
    decimal = decimal_of(place, numbers, form.delimiter, layout.grouped)
    read = {str(words.name): to_numbers(place, words, decimal) for words in numbers}
    sign = "point" if decimal == POINT else "comma"
    said = f"{form.said}, names in {place.unit} {header.row}, decimal {sign}"
    return SourceTable(
        place, layout, header.names, kept.assign(**read), said, left_out, header.further
    )


def _kept(place: FilePlace, layout: Layout, frame: Frame) -> tuple[Frame, dict[str, int]]:
    """The rows with the values that are read, and how many are not, by the reason."""
    left_out: dict[str, int] = {}
    for name, values in layout.only.items():
        if name in frame:
            keep = frame[name].isin(values.split("|"))
            if not keep.all():
                read = " or ".join(value for value in values.split("|") if value) or "empty"
                left_out[f"{name} is not {read}"] = int((~keep).sum())
            frame = frame[keep].drop(columns=name)
    if frame.empty:
        why = f" that are read ({'; '.join(left_out)})" if left_out else ""
        raise DataError(f"{place.path} has no rows{why}.")
    return frame, left_out


def _from_parquet(path: Path, layouts: Sequence[Layout]) -> SourceTable:
    """The columns of a layout from a Parquet file, cast to text or floats."""
    names = schema_of(path)
    header = _header_of(path, names, layouts)
    numbers = set(header.numbers)
    chosen = ", ".join(
        f"cast({_column(names[place])} as {'double' if ours in numbers else 'varchar'}) as "
        f"{_column(ours)}"
        for ours, place in header.columns.items()
    )
    try:
        with duckdb.connect() as connection:
            query = f"select {chosen} from read_parquet(?)"
            frame: Frame = connection.execute(query, [str(path)]).df()
    except (duckdb.Error, MemoryError, OverflowError) as error:
        raise DataError(f"{path} is damaged, or not a table of {header.layout.name}.") from error
    return _as_typed(FilePlace(path, "row", header.spelled), header, frame, "Parquet")


def _column(name: str) -> str:
    """A name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _from_stata(path: Path, layouts: Sequence[Layout]) -> SourceTable:
    """The columns of a layout from a Stata file."""
    try:
        with pd.io.stata.StataReader(path, convert_categoricals=False) as reader:
            names = list(reader.variable_labels())
            header = _header_of(path, names, layouts)
            chosen = {names[place]: ours for ours, place in header.columns.items()}
            frame: Frame = reader.read(columns=list(chosen)).rename(columns=chosen)
    except (ValueError, KeyError, EOFError, struct.error, UnicodeDecodeError) as error:
        raise DataError(f"{path} is damaged, or is not a Stata file.") from error
    return _as_typed(FilePlace(path, "row", header.spelled), header, frame, "Stata")


def _header_of(path: Path, names: Sequence[str], layouts: Sequence[Layout]) -> Header:
    headers = [one for layout in layouts if (one := match(layout, 0, names)) is not None]
    if not headers:
        raise DataError(_unknown(path, layouts, [list(names)]))
    return max(headers, key=lambda one: len(one.columns))


def _as_typed(place: FilePlace, header: Header, frame: Frame, said: str) -> SourceTable:
    """Columns that have types of their own: text stays text, numbers become floats."""
    frame.index = pd.RangeIndex(1, len(frame) + 1, name=place.unit)
    named = set(header.numbers)
    text = {str(name): frame[name].map(_word).astype("str") for name in set(frame) - named}
    kept, left_out = _kept(place, header.layout, frame.assign(**text))
    numbers = {name: kept[name].astype(float) for name in named}
    for name, words in numbers.items():
        infinite = np.flatnonzero(np.isinf(words.to_numpy()))
        if infinite.size:
            raise DataError(
                f"{place.at(kept.index[infinite[0]])}: the column '{place.column(name)}' is "
                "infinite."
            )
    return SourceTable(
        place, header.layout, header.names, kept.assign(**numbers), said, left_out, header.further
    )


def _word(value: object) -> str:
    """A value of a typed column as text; what is missing is empty."""
    if value is None or value != value:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
