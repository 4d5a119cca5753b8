"""Goods trade by product as exporters report it: OECD, bilateral trade by industry and end-use.

Columns year, exporter, importer, product_cpa21 (CPA 2.1, `_T` for all, `_X` not classified) and
value_kusd (thousand US$); or totals of pairs, with total_kusd in place of both. CC BY 4.0.
"""

from collections.abc import Sequence
from pathlib import Path

from ..._core import DataError
from ..record import NATIONAL_BASES
from ..tables import Frame, read_parquet
from .former import columns_of, is_parquet, read_csv, require_values
from .source import CC_BY, one_by_one, Parsed, Progress, require_size, Source


PAIR = ["year", "exporter", "importer"]
TOTAL = "_T"
EXPORTER = "exporter"
"""Basis of a report by an economy whose customs have no name of their own here."""
LARGEST_PAIR = 1e6
"""Million US$: no country sells another so much in a year (Mexico to the USA: 0.5 million)."""


def read(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Files by product, or of totals by pair."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> Parsed:
    rows = _by_product(path) if is_parquet(path) else _totals(path)
    twice = rows.duplicated([*PAIR, "product"])
    if twice.any():
        row = rows[twice].iloc[0]
        raise DataError(
            f"{path} has exports of {row.exporter} to {row.importer}, {row['product']}, "
            f"{row.year} twice."
        )
    totals = rows.loc[rows["product"] == "total", "value"]
    require_size(path, "the largest total of a pair", float(totals.max()), 1.0, LARGEST_PAIR)
    years = f"{rows.year.min()}-{rows.year.max()}"
    what = "by product" if rows["product"].nunique() > 1 else "totals"
    return Parsed(years, {"trade": _canonical(rows)}, what)


def _by_product(path: Path) -> Frame:
    wanted = [*PAIR, "product_cpa21", "value_kusd"]
    lacking = [name for name in wanted if name not in columns_of(path)]
    if lacking:
        raise DataError(f"{path} should have the column '{lacking[0]}', and has none.")
    frame = read_parquet(path, wanted).dropna()
    product = frame.product_cpa21.where(frame.product_cpa21 != TOTAL, "total")
    return frame.assign(product=product, value=frame.value_kusd / 1000.0)


def _totals(path: Path) -> Frame:
    frame = read_csv(path, [*PAIR, "total_kusd"], ["year", "total_kusd"])
    require_values(path, frame, [*PAIR, "total_kusd"])
    return frame.assign(
        year=frame.year.astype(int), product="total", value=frame.total_kusd / 1000.0
    )


def _canonical(rows: Frame) -> Frame:
    return rows[["product", "value"]].assign(
        reporter=rows.exporter,
        partner=rows.importer,
        flow="exports",
        frequency="A",
        period=rows.year.astype(str) + "-01-01",
        basis=rows.exporter.map(NATIONAL_BASES).fillna(EXPORTER),
        status="derived",
        note=rows.exporter + "'s report to the OECD (BTIGE)",
    )


SOURCE = Source(
    title="OECD, Bilateral Trade in Goods by Industry and End-use (BTIGE)",
    licence=CC_BY,
    attribution="OECD, Bilateral Trade in Goods by Industry and End-use, CC BY 4.0.",
    files="year, exporter, importer, product_cpa21, value_kusd (Parquet), or total_kusd (CSV)",
    read=read,
)
