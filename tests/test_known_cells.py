"""A cell of every source as its publisher prints it, and as it must be stored: whose, which way, in
which unit. A source that has no cell here, or none of a table or a flow that it stores, fails."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pandas as pd
import pytest

from detente import library
from detente.data.canonical import canonical
from detente.data.sources import SOURCES
from detente.data.store import Store

from .fuzz_readers import ENCODINGS, seeds


Cell = dict[str, str]
Tables = dict[str, pd.DataFrame]
CELLS: list[Cell] = [*library.table(Path(__file__).with_name("known_cells.csv"))]
"""`printed` stands in the file of that seed, several figures are added; `times` and `over` lead from
the publisher's unit to that of the canonical table."""
PARTIES = (
    ("reporter", "partner"), ("origin", "destination"), ("nationality", "destination"),
)  # fmt: skip
EXACT = 1e-9
"""Figures are read as they are printed; one of several is a mean of rates."""


@cache
def seed_of(source: str, name: str) -> tuple[Tables, list[str]]:
    """The tables that a source makes of a seed, and the texts of its files."""
    with TemporaryDirectory() as folder:
        paths = dict(seeds(source, Path(folder)))[name]
        texts = [_text(path.read_bytes()) for path in paths]
        tables: Tables = {}
        for parsed in SOURCES[source].read(paths, lambda step: None):
            for table, rows in parsed.tables.items():
                frame = rows if isinstance(rows, pd.DataFrame) else _frame(rows)
                tables[table] = pd.concat([tables.get(table, frame.iloc[:0]), frame])
        return tables, texts


def _frame(rows: Path) -> pd.DataFrame:
    frame = duckdb.sql(f"select * from read_parquet('{rows}')").df()
    rows.unlink()
    return frame


def _text(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("the seed is no text")


def number(printed: str) -> float:
    return sum(float(part.replace(",", "")) for part in printed.split())


def value_column(table: str) -> str:
    """The figure of a canonical table: its first column that must be there and is no key."""
    return next(one.name for one in canonical()[table] if one.required and one.type == "DOUBLE")


def chosen(rows: pd.DataFrame, where: str) -> pd.DataFrame:
    """The rows of which all is so that is said; `_` stands for a space."""
    for said in where.split():
        name, _, word = said.partition("=")
        words = rows[name].astype(str).str.removesuffix(" 00:00:00")
        rows = rows.loc[words.isin([word, word.replace("_", " ")])]
    return rows


def fault(cell: Cell, tables: Tables) -> str:
    """What is wrong with a cell as it was read; empty where it is right."""
    rows = chosen(tables[cell["table"]], cell["where"])
    if len(rows) != 1:
        return f"{len(rows)} rows are {cell['where']}"
    value = float(rows[value_column(cell["table"])].iloc[0])
    right = number(cell["printed"]) * float(cell["times"]) / float(cell["over"])
    return "" if value == pytest.approx(right, rel=EXACT) else f"{value} is not {right}"


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell['source']} {cell['where']}")
def test_a_cell_is_stored_as_it_is_printed(cell: Cell) -> None:
    tables, texts = seed_of(cell["source"], cell["seed"])
    for part in cell["printed"].split():
        assert any(part.lstrip("-") in text for text in texts), part
    assert not fault(cell, tables)


def kinds(source: str, tables: Tables) -> set[tuple[str, ...]]:
    """What a source stores: each table, and in it each direction of trade or kind of rate."""
    said: set[tuple[str, ...]] = set()
    for name, rows in tables.items():
        parts = [column for column in ("flow", "kind") if column in rows]
        said |= {(source, name, *row) for row in rows[parts].drop_duplicates().itertuples(index=False)}  # fmt: skip
    return said


@pytest.mark.parametrize("source", SOURCES)
def test_every_table_and_flow_of_a_source_has_a_known_cell(source: str, tmp_path: Path) -> None:
    stored = {kind for name, _ in seeds(source, tmp_path)
              for kind in kinds(source, seed_of(source, name)[0])}  # fmt: skip
    known = {kind for cell in CELLS if cell["source"] == source
             for kind in kinds(source, {cell["table"]: chosen(
                 seed_of(source, cell["seed"])[0][cell["table"]], cell["where"])})}  # fmt: skip
    assert stored and stored == known


# --- What a reader may get wrong ------------------------------------------------------------------


def other_unit(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    return rows.assign(**{value_column(table): rows[value_column(table)] * 1000})


def other_flow(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    turned = {"exports": "imports", "imports": "exports"}
    return rows.assign(flow=rows.flow.map(turned)) if "flow" in rows else rows


def other_way(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    for one, other in PARTIES:
        if {one, other} <= set(rows):
            return rows.rename(columns={one: other, other: one})
    return rows


@pytest.mark.parametrize("damage", [other_unit, other_flow, other_way])
@pytest.mark.parametrize("source", SOURCES)
def test_a_source_read_wrong_is_noticed(
    source: str, damage: Callable[[pd.DataFrame, str], pd.DataFrame]
) -> None:
    """Thousands for millions, exports for imports, who sells for who buys: in every cell."""
    for cell in [one for one in CELLS if one["source"] == source]:
        tables, _ = seed_of(source, cell["seed"])
        rows = tables[cell["table"]]
        wrong = damage(rows, cell["table"])
        assert wrong is rows or fault(cell, {cell["table"]: wrong}), cell


# --- One flow in the records of both its sides ----------------------------------------------------

BOOKS_APART = 1.6
"""Of a flow's size by two customs: insurance, freight and trade by way of Hong Kong, which in 1992
made China's sales to Korea 1.55 times as large on one side as on the other."""


def test_both_sides_record_a_flow_of_one_size(home: Path) -> None:
    """In the record that ships: a unit or a direction taken wrong in one would stand out."""
    rows = Store.open().query(
        "select if(flow = 'exports', reporter, partner) as seller, "
        "if(flow = 'exports', partner, reporter) as buyer, period, value from trade "
        "where product = 'total' and frequency = 'A' and partner <> 'WLD'"
    )
    sides = rows.groupby(["seller", "buyer", "period"]).value.agg(["min", "max", "count"])
    both = sides.loc[sides["count"] > 1]
    assert len(both) > 50
    apart = both["max"] / both["min"]
    assert not len(apart.loc[apart > BOOKS_APART])
