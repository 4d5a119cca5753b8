"""Read what the annual record of trade is made from, which ships with the package.

Korea and China since 1991, compiled from single published figures and from statistics of both
sides; and what five economies report of their exports to their largest partners since 2021. Each
value keeps the book it is from, how final it is, and its source in words; what was not found stays
a gap.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from detente._core import DataError
from detente.data.bases import CHINESE, KOREAN, NATIONAL_BASES
from detente.data.tables import require


COLUMNS = (
    "reporter", "partner", "flow", "product", "frequency", "period", "value", "basis", "status",
    "note",
)  # fmt: skip


class _Column(NamedTuple):
    """A column of the compiled table, and whose record of what it is."""

    name: str
    reporter: str
    partner: str
    flow: str
    basis: str


_COLUMNS = (
    _Column("exports_musd", "KOR", "CHN", "exports", KOREAN),
    _Column("imports_musd", "KOR", "CHN", "imports", KOREAN),
    _Column("china_reported_exports_to_korea_musd", "CHN", "KOR", "exports", CHINESE),
    _Column("china_reported_imports_from_korea_musd", "CHN", "KOR", "imports", CHINESE),
)
_BALANCE = "balance_musd"
_ROUNDING = 0.02
"""Values have two decimals, so that a balance may miss the difference by this, in million US$."""

_KITA = "KITA (Korea International Trade Association)"
_MOTIE = "MOTIE (Korean ministry of trade), preliminary, rounded to 0.1 billion US$"
_WITS_KOREA = "Korea's report to UN Comtrade, by way of World Bank WITS"
_WITS_CHINA = "China's report to UN Comtrade, by way of World Bank WITS"
_MONTHS = "Korea Customs Service by way of KOSIS, sum of twelve months"
_OECD = "report to the OECD (BTIGE)"
_UNNAMED = "China's customs; the publication is not named in the compilation"

_SINGLE: dict[tuple[int, str, str], tuple[str, str]] = {
    (1991, "KOR", "exports"): ("rounded", f"{_KITA}, korea.kr, 23 August 2022"),
    (1992, "KOR", "exports"): ("final", "Korea's report to UN Comtrade, from a gravity panel"),
    (2021, "KOR", "exports"): ("final", f"{_KITA}, korea.kr, 23 August 2022"),
    (2021, "KOR", "imports"): ("derived", f"exports less the surplus of 24.285 billion of {_KITA}"),
    (2022, "KOR", "exports"): ("rounded", f"{_MOTIE}, press of 1 January 2024"),
    (2022, "KOR", "imports"): (
        "rounded",
        f"{_MOTIE}, press of 1 January 2024; the final balance of KITA is +1.213 billion",
    ),
    (2023, "KOR", "exports"): ("rounded", f"{_MOTIE}, press of 1 January 2024"),
    (2023, "KOR", "imports"): (
        "rounded",
        f"{_MOTIE}, press of 1 January 2024; the deficit of KITA is 18.1 billion",
    ),
    (2024, "KOR", "exports"): ("preliminary", f"{_KITA}, Yonhap News TV, January 2025"),
    (2021, "CHN", "exports"): ("preliminary", _UNNAMED),
    (2021, "CHN", "imports"): ("preliminary", _UNNAMED),
    (2022, "CHN", "imports"): ("preliminary", _UNNAMED),
    (2023, "CHN", "imports"): ("rounded", _UNNAMED),
}
"""Status and source of the figures that are not part of a series."""


def read_annual(path: Path) -> pd.DataFrame:
    """Rows of the canonical table `trade`, one per reporter, flow and year, million US$.

    `path` is the compiled table, one row per year. Gaps are left out. A balance that is not the
    difference of its two sides is an error.
    """
    compiled = pd.read_csv(require(path))
    lacking = [name for name in ("year", _BALANCE, *_names()) if name not in compiled]
    if lacking:
        raise DataError(f"{path} should have the column '{lacking[0]}', and does not.")
    gap = (compiled.exports_musd - compiled.imports_musd - compiled[_BALANCE]).abs()
    if (gap > _ROUNDING).any():
        year = compiled.year[gap.idxmax()]
        raise DataError(f"{path} gives a balance for {year} that is not exports less imports.")
    return pd.DataFrame(list(_rows(compiled)), columns=list(COLUMNS))


def read_exports(path: Path) -> pd.DataFrame:
    """Rows of `trade`, million US$: what economies whose book has a name say that they export.

    `path` holds totals of the OECD's trade by industry and end-use (BTIGE), one row per year,
    exporter and importer, thousand US$. The OECD regroups what it is told, so that the figures are
    `derived`: customs' own is shown where there is one.
    """
    totals = pd.read_csv(require(path))
    wanted = ["year", "exporter", "importer", "total_kusd"]
    lacking = [name for name in wanted if name not in totals]
    if lacking:
        raise DataError(f"{path} should have the column '{lacking[0]}', and does not.")
    named = totals.loc[totals.exporter.isin(list(NATIONAL_BASES)), wanted].sort_values(wanted[:3])
    rows = [
        (
            exporter, importer, "exports", "total", "A", f"{year}-01-01", round(value / 1000.0, 1),
            NATIONAL_BASES[exporter], "derived", f"{exporter}'s {_OECD}",
        )
        for year, exporter, importer, value in named.itertuples(index=False)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _names() -> list[str]:
    return [column.name for column in _COLUMNS]


def _rows(compiled: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    for column in _COLUMNS:
        known = compiled[["year", column.name]].dropna()
        for year, value in known.itertuples(index=False):
            status, note = _origin(int(year), column.reporter, column.flow)
            yield (
                column.reporter, column.partner, column.flow, "total", "A", f"{int(year)}-01-01",
                float(value), column.basis, status, note,
            )  # fmt: skip


def _origin(year: int, reporter: str, flow: str) -> tuple[str, str]:
    """How final a figure is, and where it is from."""
    if (year, reporter, flow) in _SINGLE:
        return _SINGLE[year, reporter, flow]
    if reporter == "CHN":
        return "final", _WITS_CHINA
    return "final", _MONTHS if 2001 <= year <= 2019 else _WITS_KOREA
