"""Trade in services by pair and category, balanced: OECD-WTO BaTIS, million US$.

One row per reporter, partner, flow, item (EBOPS 2010) and year, with the reported, the completed
(final) and the balanced value; the balanced one is kept, in which exports equal mirror imports.
The file as the WTO and the OECD serve it names economies by two letters (KR; NA is Namibia), other
copies by three; groups (EU), the world (WL) and the unspecified (888) are no economy of a pair.

The file has fifty million rows. DuckDB reads it in one pass, only the columns that are used, and
writes what is kept as Parquet, so that memory does not grow with it; the checks run on that.
"""

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from ..._core import DataError, nearest
from ..canonical import quoted
from .economies import from_alpha2
from .source import one_by_one, Parsed, Progress, Source
from .wide import Form, form_of, refuse_cut_off


NUMBERS: Mapping[str, str] = {"Year": "INTEGER", "Balanced_value": "DOUBLE"}
NAMES = ("Reporter", "Partner", "Flow", "Item_code", *NUMBERS)
FLOWS: Mapping[str, str] = {
    "X": "exports", "M": "imports", "EXP": "exports", "IMP": "imports", "Exports": "exports",
    "Imports": "imports", "Credit": "exports", "Debit": "imports",
}  # fmt: skip
CONSTANTS: Mapping[str, str] = {
    "frequency": "A",
    "basis": "harmonised",
    "status": "derived",
    "note": "OECD-WTO BaTIS, balanced value; EBOPS 2010",
}
FIRST, LAST = 1980, 2100
"""Years between which a year of the data set lies."""
LARGEST = 2e6
"""Million US$: all services of the largest pair in a year are a tenth of this."""
MIRROR = 0.01
"""Share by which exports and mirror imports, balanced, may differ: rounding."""
MEMORY = "900MB"
"""What DuckDB may hold; beyond it, it writes to disk."""
SAMPLE = 1_000_000
"""Rows that say which groups the file has."""
LONGEST = 1_000_000
"""Bytes of a line; a line of the file has a hundred."""


def read(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Files of the BPM6 edition."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> Parsed:
    form, header = _header(path)
    refuse_cut_off(path)
    with tempfile.TemporaryDirectory(prefix="detente-") as scratch, duckdb.connect() as connection:
        connection.execute(
            f"set memory_limit = '{MEMORY}'; set temp_directory = {quoted(scratch)}; "
            "set preserve_insertion_order = false; set enable_progress_bar = false"
        )
        _create_types(connection)
        kept = Path(scratch) / "trade.parquet"
        _keep(connection, path, _csv(path, form, header), kept)
        first, last = _check(connection, path, kept)
        with tempfile.NamedTemporaryFile(suffix=".parquet", delete=False) as file:
            stored = kept.replace(file.name)
    return Parsed(f"BPM6 {first}-{last}", {"trade": stored}, path.stem)


def _header(path: Path) -> tuple[Form, list[str]]:
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


def _csv(path: Path, form: Form, header: Sequence[str]) -> str:
    """The file as a table of SQL; columns that are not used are not converted."""
    columns = {
        name if name in NAMES else f"{place} {name}": NUMBERS.get(name, "VARCHAR")
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
        connection.execute(f'create type "{name}" as enum ({_listed(values)})')


def _economies() -> dict[str, str]:
    """Alpha-3 by alpha-2 and by itself; an empty label stays empty until it is refused."""
    known = from_alpha2()
    return known | {code: code for code in ["", *known.values()]}


def _labels(connection: Any, path: Path, source: str) -> dict[str, str | None]:
    """The economy of each label: those that are known, and none for what else the file begins with.

    A cast to an enumeration that fails is slow, as it writes a sentence: groups are in it too.
    """
    try:
        found = connection.execute(
            "select distinct unnest([Reporter, Partner]) from (select Reporter, Partner from "
            f"{source} limit {SAMPLE})"
        ).fetchall()
    except duckdb.Error as error:
        raise _in_words(path, str(error)) from error
    return {str(row[0]): None for row in found if row[0] is not None} | _economies()


def _listed(values: Sequence[str]) -> str:
    return ", ".join(quoted(value) for value in values)


def _keep(connection: Any, path: Path, source: str, target: Path) -> None:
    """Write the balanced values of pairs of economies, in canonical columns."""
    constants = ", ".join(
        f'{quoted(value)}::"{name}" as "{name}"' for name, value in CONSTANTS.items()
    )
    labels = _labels(connection, path, source)
    connection.execute(f"create type label as enum ({_listed(list(labels))})")
    chosen = (
        f"select {_economy('Reporter', labels)} as reporter, "
        f"{_economy('Partner', labels)} as partner, "
        f"{_flow()} as flow, {_product()} as product, make_date(Year, 1, 1) as period, "
        f"Balanced_value as value, {constants}, null::double as quantity "
        f"from {source} where Balanced_value is not null"
    )
    columns = "reporter, partner, flow, product, frequency, period, value, basis, status, note"
    try:
        connection.execute(
            f"copy (select {columns}, quantity from ({chosen}) "
            "where reporter <> partner or reporter = '' or partner = '') "
            f"to {quoted(str(target))} (format parquet, compression zstd)"
        )
    except duckdb.Error as error:
        raise _in_words(path, str(error)) from error
    rows = connection.execute(f"select count(*) from {_parquet(target)}").fetchall()[0][0]
    if not rows:
        _refuse_empty(connection, path, source)


def _economy(column: str, labels: Mapping[str, str | None]) -> str:
    """Alpha-3 of a column's label; none for what is no economy."""
    codes = ", ".join("null" if code is None else f"'{code}'" for code in labels.values())
    place = f"enum_code(try_cast(coalesce({column}, '') as label)) + 1"
    return f"list_extract([{codes}]::economy[], {place})"


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
    if found := re.search(
        r'converting column "(\w+)"\. Could not convert string "(.*?)" to', error
    ):
        kind = "a year" if found.group(1) == "Year" else "a number"
        return DataError(
            f"{where}: '{found.group(2)}' in the column '{found.group(1)}' is not {kind}."
        )
    if found := re.search(r"FLOW (.*)", error):
        return DataError(f"{path} has the unknown flow '{found.group(1)[:40]}'.")
    if found := re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", error):
        wanted, here = found.groups()
        return DataError(f"{where} has {here} fields, and the header has {wanted}.")
    if "Maximum line size" in error:
        return DataError(f"{where} is longer than {LONGEST:,} bytes: the file is damaged.")
    if "unicode" in error.lower() or "utf-8" in error.lower():
        return DataError(f"{where} is not UTF-8 text; fetch the file again.")
    return DataError(f"{path} cannot be read ({error.strip().splitlines()[0]}).")


def _refuse_empty(connection: Any, path: Path, source: str) -> None:
    """Say why nothing was kept: no value, or economies in codes that are not known."""
    found = connection.execute(
        f"select count(Balanced_value), min(Reporter), max(Reporter) from {source}"
    ).fetchall()[0]
    if not found[0]:
        raise DataError(f"{path} has no value in the column 'Balanced_value'.")
    raise DataError(
        f"{path} has no balanced value of a pair of economies: its reporters, from '{found[1]}' to "
        f"'{found[2]}', and their partners are never both codes of ISO 3166."
    )


def _check(connection: Any, path: Path, kept: Path) -> tuple[int, int]:
    """The years covered, once the values are there, possible, single and balanced."""
    _refuse_gaps(connection, path, kept)
    first, last, least, most = connection.execute(
        f"select min(year(period)), max(year(period)), min(value), max(value) from {_parquet(kept)}"
    ).fetchall()[0]
    if not FIRST <= first <= last <= LAST:
        raise DataError(f"{path} has the year {first if first < FIRST else last}, which cannot be.")
    if not -LARGEST <= least <= most <= LARGEST:
        size = least if not least >= -LARGEST else most
        raise DataError(
            f"{path}: a flow of {size:.4g} million US$ cannot be; is the file in another unit?"
        )
    found = connection.execute(f"select distinct product from {_parquet(kept)} order by 1")
    items = [str(row[0]) for row in found.fetchall()]
    _refuse_former(path, items)
    _refuse_unbalanced(connection, path, kept, items)
    return int(first), int(last)


def _refuse_gaps(connection: Any, path: Path, kept: Path) -> None:
    stored = {
        "Reporter": "reporter",
        "Partner": "partner",
        "Item_code": "product",
        "Year": "period",
    }
    for name, column in stored.items():
        lacking = "is null" if column == "period" else "= ''"
        query = f"select 1 from {_parquet(kept)} where {column} {lacking} limit 1"
        if connection.execute(query).fetchall():
            raise DataError(f"{path} has a row without a value in the column '{name}'.")


def _refuse_former(path: Path, items: Sequence[str]) -> None:
    former = next((item for item in items if re.fullmatch(r"S\d+", item)), None)
    if former is not None:
        raise DataError(
            f"{path} has the item '{former[1:]}' of EBOPS 2002: it is of the BPM5 edition, and "
            "only the BPM6 edition is read."
        )


def _refuse_unbalanced(connection: Any, path: Path, kept: Path, items: Sequence[str]) -> None:
    """Raise for a flow that occurs twice, or whose mirror is another value; a side may be alone.

    A flow is one number (exporter, importer, item, year), so that millions of them are grouped in
    little memory.
    """
    connection.execute(f"create type item as enum ({_listed(items)})")
    found = connection.execute(
        f"with flows as (select {_key()} as key, sent, value::float as value from (select *, "
        f"flow = 'exports' as sent from {_parquet(kept)})), "
        "sides as (select key, sum(if(sent, 1, 1000)) as lines, max(value) as size, "
        "max(value) - min(value) as gap from flows group by key) "
        "select key, lines not in (1, 1000, 1001) as twice from sides "
        f"where twice or gap > {MIRROR} * abs(size) + 1.0 order by twice desc, key limit 1"
    ).fetchall()
    if not found:
        return
    (key, twice), economies = found[0], sorted(set(_economies().values()))
    rest, year = divmod(int(key), 10_000)
    rest, item = divmod(rest, 10_000)
    exporter, importer = (economies[place] for place in divmod(rest, 1000))
    flow = f"exports of {exporter} to {importer}, {items[item]}, {year}"
    if twice:
        raise DataError(f"{path} has a flow twice: {flow}, or its mirror.")
    raise DataError(
        f"{path}: balanced {flow}, differ from the mirror imports; the column is not the balanced "
        "value."
    )


def _key() -> str:
    """Exporter, importer, item and year as one whole number."""
    one, other = (f"enum_code({side}::economy)::bigint" for side in ("reporter", "partner"))
    pair = f"if(sent, {one} * 1000 + {other}, {other} * 1000 + {one})"
    return f"({pair} * 10000 + enum_code(product::item)) * 10000 + year(period)"


def _parquet(path: Path) -> str:
    return f"read_parquet({quoted(str(path))})"


SOURCE = Source(
    title="OECD-WTO Balanced Trade in Services (BaTIS)",
    licence="CC BY 4.0",
    attribution="OECD-WTO Balanced Trade in Services Dataset, BPM6 edition.",
    files="OECD-WTO_BATIS_….csv of the BPM6 edition, economies in two or three letters",
    read=read,
)
