"""A large text of commas, read at once in its types, wherever that leaves nothing to decide.

Files of millions of lines take minutes cell by cell. Where every line has all cells and every
number is written plainly with a decimal point, the result is the same; else there is none, and the
opener decides, or names the line at fault.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from ..tables import Frame
from .cells import is_workbook
from .layout import Header, Layout, match, twice
from .opened import is_parquet, refuse_wrong_kind, SourceTable
from .place import FilePlace


NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?"


def open_typed(path: Path, layouts: Sequence[Layout]) -> SourceTable | None:
    """The table of a plain file of commas, codes as categories; nothing where it is not plain.

    Codes are without spaces around them, and empty where there is none.
    """
    refuse_wrong_kind(path)
    header = _header(path, layouts)
    if header is None:
        return None
    try:
        with duckdb.connect() as connection:
            connection.execute(*_load(path, header))
            frame = _typed(connection, header) if _plain(connection, header) else None
    except duckdb.Error:
        return None
    if frame is None or frame.empty:
        return None
    said = "text in UTF-8, separated by commas, names in line 1, decimal point"
    return SourceTable(FilePlace(path), header.layout, header.names, frame, said, {})


def _header(path: Path, layouts: Sequence[Layout]) -> Header | None:
    """The layout of the first line, if its names are separated by commas and stand once."""
    if is_parquet(path) or is_workbook(path) or path.suffix.lower() == ".dta":
        return None
    with path.open("rb") as file:
        start = file.readline(100_000)
    try:
        names = start.decode("utf-8-sig").strip().split(",")
    except UnicodeDecodeError:
        return None
    names = [name.strip().strip('"').strip() for name in names]
    headers = [one for layout in layouts if (one := match(layout, 1, names)) is not None]
    best = max(headers, key=lambda one: len(one.columns), default=None)
    return None if best is None or twice(best) else best


def _load(path: Path, header: Header) -> tuple[str, list[Any]]:
    """The columns that are read, as text without spaces around it, in the order of the lines.

    `whole` is whether a line has the last column and none beyond: a cell that is not there is
    null, and an empty one is not, or else a cell too many before an empty one would go unseen.
    """
    count = len(header.names)
    names = ", ".join(f"'c{place}': 'varchar'" for place in range(count + 1))
    chosen = ", ".join(f'trim(c{place}) as "{ours}"' for ours, place in header.columns.items())
    return (
        f"create temp table loaded as select row_number() over () + 1 as line, {chosen}, "
        f"c{count - 1} is not null and c{count} is null as whole "
        f"from read_csv(?, auto_detect = false, header = true, delim = ',', quote = '\"', "
        f"escape = '\"', columns = {{{names}}}, nullstr = '\\N', null_padding = true, "
        "strict_mode = true)",
        [str(path)],
    )


def _plain(connection: Any, header: Header) -> bool:
    """Whether every line has all cells, and every number is written plainly or missing."""
    numbers = " or ".join(
        f"not regexp_full_match(coalesce(\"{name}\", ''), '{NUMBER}|NA|')"
        for name in header.numbers
    )
    query = f"select count(*) from loaded where not whole or {numbers}"
    return connection.execute(query).fetchall() == [(0,)]


def _typed(connection: Any, header: Header) -> Frame:
    """Numbers as floats and codes as categories, in the order of the lines."""
    chosen = [f'try_cast("{name}" as double) as "{name}"' for name in header.numbers]
    for name in (one for one in header.columns if one not in header.numbers):
        text = f"coalesce(\"{name}\", '')"
        connection.execute(
            f'create type "kind of {name}" as enum (select distinct {text} from loaded)'
        )
        chosen.append(f'cast({text} as "kind of {name}") as "{name}"')
    query = f"select line, {', '.join(chosen)} from loaded order by line"
    return connection.execute(query).df().set_index("line")
