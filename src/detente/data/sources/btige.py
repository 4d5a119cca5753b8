"""Goods trade by product as exporters report it: OECD, bilateral trade by industry and end-use.

As the OECD's Data Explorer gives it, by CPA 2.1 (`_T` for all, `_X` not classified), all uses
together; or as repackaged: year, exporter, importer, product_cpa21 and value_kusd, or total_kusd
in place of both (thousand US$). CC BY 4.0.
"""

from collections.abc import Sequence
from pathlib import Path

from ..._core import DataError
from ..bases import EXPORTER, NATIONAL_BASES
from . import economies
from .layout import Layout
from .opened import open_table, SourceTable
from .place import Words
from .source import (
    CC_BY,
    Frame,
    one_by_one,
    ParsedFile,
    Progress,
    refuse_jump,
    refuse_twice,
    require_between,
    require_codes,
    require_values,
    require_years,
    Source,
)


PAIR = ["year", "exporter", "importer"]
TOTAL = "_T"
ONE_PARTNER, ALL_PARTNERS = (0.0, 1e6), (0.0, 1e7)
"""Million US$: no country sells another more in a year (Mexico to the USA: 5e5), nor all."""
JUMP, SETTLED = 8.0, 20_000.0
"""Within a year, for totals of more than so many million US$: small ones move with one ship."""
BY_PRODUCT, TOTALS, EXPLORER = LAYOUTS = (
    Layout(
        "bilateral trade by product, as repackaged",
        {"exporter": "exporter", "importer": "importer", "product": "product_cpa21"},
        {"year": "year", "value": "value_kusd"},
        seen="the extract of 2021-2025",
    ),
    Layout(
        "totals of pairs, as repackaged",
        {"exporter": "exporter", "importer": "importer"},
        {"year": "year", "value": "total_kusd"},
        without=("product_cpa21",),
        seen="the extract of 2021-2025",
    ),
    Layout(
        "bilateral trade by industry and end-use, from the Data Explorer of the OECD",
        {
            "exporter": "REF_AREA", "importer": "COUNTERPART_AREA", "product": "PRODUCT",
            "flow": "TRADE_FLOW", "use": "END_USE", "unit": "UNIT_MEASURE",
        },
        {"year": "TIME_PERIOD", "value": "OBS_VALUE", "power": "UNIT_MULT"},
        grouped=False,
        only={"FREQ": "A", "TRADE_FLOW": "X", "END_USE": "TOTAL", "UNIT_MEASURE": "USD"},
        seen="structure DSD_BTIGE 1.0 as the interface of the OECD states it",
    ),
)  # fmt: skip


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Files by product, or of totals by pair."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> ParsedFile:
    opened = open_table(path, LAYOUTS)
    rows = _exports(opened)
    require_values(opened.place, rows, [*PAIR, "product"])
    require_codes(opened.place, rows["product"], "_T|_X|[A-Z][A-Z0-9_]*", "product of CPA 2.1")
    rows = rows.assign(
        year=require_years(opened.place, rows.year),
        product=rows["product"].where(rows["product"] != TOTAL, "total"),
    ).dropna(subset="value")
    ends = {name: economies.translate(opened.place, rows[name], "oecd") for name in PAIR[1:]}
    known = rows.assign(**ends).dropna(subset=PAIR[1:])
    if known.empty:
        raise DataError(f"{path} has no exports of one economy to another.")
    _check(opened, known)
    rests = _rests(rows, ends)
    about = opened.about() | ({"left out: areas that are no economy": rests} if rests else {})
    years = f"{known.year.min()}-{known.year.max()}"
    what = "by product" if known["product"].nunique() > 1 else "totals"
    return ParsedFile(years, {"trade": _canonical(known)}, what, about)


def _exports(opened: SourceTable) -> Frame:
    """Rows of year, exporter, importer, product and value in million US$."""
    frame = opened.frame
    if opened.layout is EXPLORER:
        require_values(opened.place, frame, ["power"])
        return frame.assign(value=frame["value"] * 10.0 ** (frame.power - 6.0))
    if opened.layout is TOTALS:
        require_values(opened.place, frame, ["value"])
        frame = frame.assign(product=TOTAL)
    return frame.assign(value=frame["value"] / 1000.0)


def _rests(rows: Frame, ends: dict[str, Words]) -> str:
    """The areas that are no economy, with the sum of what they trade in all."""
    totals = rows[rows["product"] == "total"] if (rows["product"] == "total").any() else rows
    codes = totals.exporter.where(ends["exporter"].isna()[totals.index], totals.importer)
    return economies.rests(codes, totals["value"], "oecd")


def _check(opened: SourceTable, rows: Frame) -> None:
    """Every flow once, none out of the world, and no total that jumps from year to year."""
    world = (rows.importer == "WLD") | (rows.exporter == "WLD")
    what = "export in million US$"
    require_between(opened.place, rows["value"][~world], ONE_PARTNER, what)
    require_between(opened.place, rows["value"][world], ALL_PARTNERS, what)
    refuse_twice(opened.place, rows, [*PAIR, "product"], "the export")
    totals = rows[rows["product"] == "total"]
    refuse_jump(opened.place, totals, ["exporter", "importer"], "the export", JUMP, SETTLED)


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
    files="CSV of the OECD's Data Explorer; or year, exporter, importer, product_cpa21, "
    "value_kusd (Parquet), or total_kusd (CSV)",
    read=read,
    layouts=LAYOUTS,
)
