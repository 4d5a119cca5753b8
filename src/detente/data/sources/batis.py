"""Trade in services by pair and category, balanced: OECD-WTO BaTIS, million US$.

One row per reporter, partner, flow, item (EBOPS 2010) and year, with the reported, the completed
(final) and the balanced value; the balanced one is kept, in which exports equal mirror imports.
The file as the WTO and the OECD serve it names economies by two letters (KR; NA is Namibia), other
copies by three; groups (EU), the world (WL) and the unspecified (888) are no economy of a pair.

The file has fifty million rows. DuckDB reads it in one pass, only the columns that are used, and
writes what is kept as Parquet, so that memory does not grow with it; the checks run on that. What
has few values (labels of economies, years) is read as numbers; the two sides of a flow are put side
by side in one array rather than grouped, which takes half the time.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from ..._core import DataError, nearest
from ..bases import HARMONISED
from ..canonical import quoted
from .economies import from_alpha2
from .layout import Layout
from .mirrors import listed, parquet, refuse_unbalanced
from .source import one_by_one, ParsedFile, Progress, Source
from .wide import form_of, NumberForm, refuse_cut_off


NUMBERS: Mapping[str, str] = {"Year": "INTEGER", "Balanced_value": "DOUBLE"}
SIDES = ("Reporter", "Partner")
NAMES = (*SIDES, "Flow", "Item_code", *NUMBERS)
_ITEM = re.compile(r"services total|S[A-LOP][A-Z0-9]{0,5}")
FLOWS: Mapping[str, str] = {
    "X": "exports", "M": "imports", "EXP": "exports", "IMP": "imports", "Exports": "exports",
    "Imports": "imports", "Credit": "exports", "Debit": "imports",
}  # fmt: skip
CONSTANTS: Mapping[str, str] = {
    "frequency": "A",
    "basis": HARMONISED,
    "status": "derived",
    "note": "OECD-WTO BaTIS, balanced value; EBOPS 2010",
}
FIRST, LAST = 1980, 2100
"""Years between which a year of the data set lies."""
LARGEST = 2e6
"""Million US$: all services of the largest pair in a year are a tenth of this."""
MEMORY = "900MB"
"""What DuckDB may hold; beyond it, it writes to disk."""
PIECES, PIECE = 200, 65_536
"""Pieces of a file, and the bytes of each, that say which groups it has."""
LABELS = 5_000
"""More than the economies and groups of any file."""
LONGEST = 1_000_000
"""Bytes of a line; a line of the file has a hundred."""


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Files of the BPM6 edition."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> ParsedFile:
    form, header = _header(path)
    refuse_cut_off(path)
    with tempfile.TemporaryDirectory(prefix="detente-") as scratch, duckdb.connect() as connection:
        connection.execute(
            f"set memory_limit = '{MEMORY}'; set temp_directory = {quoted(scratch)}; "
            "set preserve_insertion_order = false; set enable_progress_bar = false"
        )
        _create_types(connection)
        kept = Path(scratch) / "trade.parquet"
        _keep(connection, path, form, header, kept)
        first, last = _check(connection, path, kept)
        with tempfile.NamedTemporaryFile(suffix=".parquet", delete=False) as file:
            stored = kept.replace(file.name)
    return ParsedFile(f"BPM6 {first}-{last}", {"trade": stored}, path.stem)


def _header(path: Path) -> tuple[NumberForm, list[str]]:
    form, (first, *_) = form_of(path)
    header = [name.strip().strip('"') for name in first.split(form.separator)]
    for name in NAMES:
        if name not in header:
            raise DataError(
                f"{path} should have the column '{name}', and has none; {nearest(name, header)}"
            )
        if header.count(name) > 1:
            raise DataError(f"{path} has the column '{name}' twice.")
    return form, header


def _csv(
    path: Path, form: NumberForm, header: Sequence[str], kinds: Mapping[str, str] = NUMBERS
) -> str:
    """The file as a table of SQL; columns that are not used are not converted."""
    columns = {
        name if name in NAMES else f"{place} {name}": kinds.get(name, "VARCHAR")
        for place, name in enumerate(header)
    }
    types = ", ".join(f"{quoted(name)}: '{kind}'" for name, kind in columns.items())
    return (
        f"read_csv({quoted(str(path))}, columns = {{{types}}}, header = true, auto_detect = false, "
        f"""delim = '{form.separator}', decimal_separator = '{form.decimal}', quote = '"', """
        f"""escape = '"', nullstr = '', max_line_size = {LONGEST})"""
    )


def _create_types(connection: Any) -> None:
    """Enumerations: what has few values is written as numbers, which is ten times as fast."""
    enumerations = {"economy": sorted(set(_economies().values())), "flow": ["exports", "imports"]}
    enumerations |= {name: [value] for name, value in CONSTANTS.items()}
    for name, values in enumerations.items():
        connection.execute(f'create type "{name}" as enum ({listed(values)})')


def _economies() -> dict[str, str]:
    """Alpha-3 by alpha-2 and by itself; an empty label stays empty until it is refused."""
    known = from_alpha2()
    return known | {code: code for code in ["", *known.values()]}


def _sampled(path: Path, form: NumberForm, header: Sequence[str]) -> Iterator[str]:
    """Reporters and partners in pieces from all over the file; a few may be cut off."""
    places = [header.index(name) for name in SIDES]
    size = path.stat().st_size
    with path.open("rb") as file:
        for piece in range(PIECES):
            file.seek(size * piece // PIECES)
            file.readline(PIECE)
            for line in file.read(PIECE).decode(errors="replace").splitlines():
                fields = line.split(form.separator)
                yield from (fields[place].strip('"') for place in places if place < len(fields))


def _every(connection: Any, source: str) -> list[str]:
    """All reporters and partners of the file, or more than any file has."""
    rows = connection.execute(
        f"select label from (select distinct unnest([{', '.join(SIDES)}]) as label from {source}) "
        f"where label is not null limit {LABELS + 1}"
    )
    return [str(row[0]) for row in rows.fetchall()]


def _create_labels(connection: Any, path: Path, labels: Iterable[str]) -> None:
    """The enumeration of economies' labels, in the order of `_economies`, and of groups'."""
    names = {*labels}
    if len(names) > LABELS:
        raise DataError(
            f"{path} has more than {LABELS:,} different reporters and partners: it is damaged."
        )
    spaced = next((one for one in names if one != one.strip() in _economies()), None)
    if spaced is not None:
        raise DataError(f"{path} has '{spaced}' for a reporter or partner, with a space too many.")
    values = [*_economies(), *sorted(names - {*_economies()})]
    connection.execute(f"drop type if exists label; create type label as enum ({listed(values)})")


def _keep(
    connection: Any, path: Path, form: NumberForm, header: Sequence[str], target: Path
) -> None:
    """Write the balanced values of pairs of economies, in canonical columns."""
    source = _csv(path, form, header)
    typed = _csv(path, form, header, {**NUMBERS, **dict.fromkeys(SIDES, "label")})
    try:
        try:
            _create_labels(connection, path, _sampled(path, form, header))
            _copy(connection, typed, header, target)
        except duckdb.ConversionException as error:
            # DuckDB may name another column here, so that the type tells.
            if "to 'ENUM(" not in str(error):
                raise
            # A group that stands in no piece: a second pass, which knows all of them.
            _create_labels(connection, path, _every(connection, source))
            _copy(connection, typed, header, target)
    except duckdb.Error as error:
        raise _in_words(path, str(error)) from error
    rows = connection.execute(f"select count(*) from {parquet(target)}").fetchall()[0][0]
    if not rows:
        _refuse_empty(connection, path, source)


def _copy(connection: Any, source: str, header: Sequence[str], target: Path) -> None:
    """What is kept of a file whose reporters and partners are of the type of labels."""
    constants = ", ".join(
        f'{quoted(value)}::"{name}" as "{name}"' for name, value in CONSTANTS.items()
    )
    chosen = (
        f"select {_economy('Reporter')} as reporter, {_economy('Partner')} as partner, "
        f"{_flow()} as flow, {_product()} as product, make_date(Year, 1, 1) as period, "
        f"Balanced_value as value, {constants}, null::double as quantity "
        f"from {source} where Balanced_value is not null{_nothing_beside(header)}"
    )
    columns = "reporter, partner, flow, product, frequency, period, value, basis, status, note"
    connection.execute(
        f"copy (select {columns}, quantity from ({chosen}) "
        "where reporter <> partner or reporter = '' or partner = '') "
        f"to {quoted(str(target))} (format parquet, compression zstd)"
    )


def _nothing_beside(header: Sequence[str]) -> str:
    """Where lines end in a separator: what stands there has been pushed out of its column."""
    beside = (f'"{place} "' for place, name in enumerate(header) if not name)
    return "".join(f" and ({one} is null or error('BESIDE ' || {one}))" for one in beside)


def _economy(column: str) -> str:
    """Alpha-3 of a column's label; none for a group, which comes after all economies."""
    place = f"enum_code(coalesce({column}, ''::label)) + 1"
    return f"list_extract([{listed(list(_economies().values()))}]::economy[], {place})"


def _flow() -> str:
    cases = " ".join(f"when '{said}' then '{flow}'::flow" for said, flow in FLOWS.items())
    return f"case Flow {cases} else error('FLOW ' || coalesce(Flow, ''))::flow end"


def _product() -> str:
    """The item with the S that all of them begin with; S alone is the total."""
    return (
        "case when Item_code = 'S' then 'services total' when starts_with(Item_code, 'S') "
        "then Item_code else coalesce('S' || Item_code, '') end"
    )


def _in_words(path: Path, error: str) -> DataError:
    """What DuckDB says of a file, as a sentence that names the line or the value."""
    line = re.search(r"Line: (\d+)", error)
    where = f"{path}, line {line.group(1)}" if line else str(path)
    if match := re.search(
        r'converting column "(\w+)"\. Could not convert string "(.*?)" to', error
    ):
        kind = "a year" if match.group(1) == "Year" else "a number"
        return DataError(
            f"{where}: '{match.group(2)}' in the column '{match.group(1)}' is not {kind}."
        )
    if match := re.search(r"FLOW (.*)", error):
        return DataError(f"{path} has the unknown flow '{match.group(1)[:40]}'.")
    if match := re.search(r"BESIDE (.*)", error):
        return DataError(f"{path} has '{match.group(1)[:40]}' in a column without a name.")
    if match := re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", error):
        wanted, here = match.groups()
        return DataError(f"{where} has {here} fields, and the header has {wanted}.")
    if "Maximum line size" in error:
        return DataError(f"{where} is longer than {LONGEST:,} bytes: the file is damaged.")
    if "unicode" in error.lower() or "utf-8" in error.lower():
        return DataError(f"{where} is not UTF-8 text; fetch the file again.")
    return DataError(f"{path} cannot be read ({error.strip().splitlines()[0]}).")


def _refuse_empty(connection: Any, path: Path, source: str) -> None:
    """Say why nothing was kept: no value, or economies in codes that are not known."""
    row = connection.execute(
        f"select count(Balanced_value), min(Reporter), max(Reporter) from {source}"
    ).fetchall()[0]
    if not row[0]:
        raise DataError(f"{path} has no value in the column 'Balanced_value'.")
    raise DataError(
        f"{path} has no balanced value of a pair of economies: its reporters, from '{row[1]}' to "
        f"'{row[2]}', and their partners are never both codes of ISO 3166."
    )


def _check(connection: Any, path: Path, kept: Path) -> tuple[int, int]:
    """The years covered, once the values are there, possible, single and balanced."""
    _refuse_gaps(connection, path, kept)
    first, last, least, most = connection.execute(
        f"select min(year(period)), max(year(period)), min(value), max(value) from {parquet(kept)}"
    ).fetchall()[0]
    if not FIRST <= first <= last <= LAST:
        raise DataError(f"{path} has the year {first if first < FIRST else last}, which cannot be.")
    if not -LARGEST <= least <= most <= LARGEST:
        size = least if not least >= -LARGEST else most
        raise DataError(
            f"{path}: a flow of {size:.4g} million US$ cannot be; is the file in another unit?"
        )
    products = connection.execute(f"select distinct product from {parquet(kept)} order by 1")
    items = [str(row[0]) for row in products.fetchall()]
    _refuse_former(path, items)
    refuse_unbalanced(connection, path, kept, items, range(first, last + 1))
    return int(first), int(last)


def _refuse_gaps(connection: Any, path: Path, kept: Path) -> None:
    gaps = {
        "Reporter": "reporter = ''",
        "Partner": "partner = ''",
        "Item_code": "product = ''",
        "Year": "period is null",
    }
    missing = connection.execute(
        f"select {', '.join(f'bool_or({gap})' for gap in gaps.values())} from {parquet(kept)}"
    ).fetchall()[0]
    for name, lacking in zip(gaps, missing, strict=True):
        if lacking:
            raise DataError(f"{path} has a row without a value in the column '{name}'.")


def _refuse_former(path: Path, items: Sequence[str]) -> None:
    former = next((item for item in items if re.fullmatch(r"S\d+", item)), None)
    if former is not None:
        raise DataError(
            f"{path} has the item '{former[1:]}' of EBOPS 2002: it is of the BPM5 edition, and "
            "only the BPM6 edition is read."
        )
    strange = next((one for one in items if not _ITEM.fullmatch(one)), None)
    if strange is not None:
        raise DataError(f"{path}: '{strange}' is no item of EBOPS 2010.")


SOURCE = Source(
    title="OECD-WTO Balanced Trade in Services (BaTIS)",
    licence="CC BY 4.0",
    attribution="OECD-WTO Balanced Trade in Services Dataset, BPM6 edition.",
    files="OECD-WTO_BATIS_….csv of the BPM6 edition, economies in two or three letters",
    read=read,
    layouts=(
        Layout(
            "balanced trade in services, the edition of BPM6",
            {name: name for name in NAMES},
            seen="the bulk file of December 2025 as users of the WTO's page show its columns",
        ),
    ),
)
