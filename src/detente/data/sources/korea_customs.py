"""Korea's exports and imports by partner and month: Korea Customs Service, by way of its own pages,
of KOSIS or repackaged. Thousand US$ unless the file says another unit.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ..._core import DataError
from ..tables import Frame
from . import economies, monthly
from .layout import Layout
from .opened import open_table, SourceTable
from .source import one_by_one, ParsedFile, Progress, require_values, Source


UNITS: Mapping[str, tuple[float, tuple[str, ...]]] = {
    "thousand US$": (
        1e-3,
        ("", "천불", "천달러", "천 달러", "천US$", "천$", "1,000불", "US$1,000", "USD1,000",
         "US$ 1,000", "1,000 US$", "단위:천불", "단위:천달러", "thousand US$"),
    ),
    "US$": (1e-6, ("불", "달러", "US$", "USD", "$", "미불", "미달러")),
    "million US$": (1.0, ("백만불", "백만달러", "백만 달러", "백만US$", "백만$", "million US$")),
}  # fmt: skip
"""What one of the unit is in million US$, and how headers write it."""
NAMES: Mapping[str, tuple[str, ...]] = {
    "exports": ("수출금액", "수출 금액", "수출액", "수출", "Exp. Value", "Export Value"),
    "imports": ("수입금액", "수입 금액", "수입액", "수입", "Imp. Value", "Import Value"),
    "balance": ("무역수지", "수지", "Balance of Trade", "Trade Balance", "Balance"),
}
MISSED = 0.002
"""Million US$ by which exports less imports may miss the balance: rounding to thousands, twice."""
_UNIT_IN_TITLE = re.compile(
    r"(?:단위|Unit)\s*[:：]\s*\(?\s*([^\s)\],;/]+(?: 달러| US\$)?)", re.IGNORECASE
)


_SEEN = (
    "an export of tradedata.go.kr as its users show it, 2015; the same table of KOSIS, 2001-2019"
)


def _names(flow: str, marks: Sequence[str]) -> str:
    """Every way to write a column in a unit, separated by bars."""
    written = [f"{name}{mark}" for name in NAMES[flow] for mark in _marked(marks)]
    return "|".join(written)


def _marked(marks: Sequence[str]) -> list[str]:
    forms = ("({})", " ({})", "[{}]", "（{}）")
    return [form.format(mark) if mark else "" for mark in marks for form in forms]


def _layout(unit: str, marks: Sequence[str], own: Mapping[str, str]) -> Layout:
    return Layout(
        f"Korea's trade by partner and month in {unit}",
        {
            "partner": "국가명|국가|국가별|국가별(1)|Country|Item|partner",
            "month": "기간|시점|년월|연월|Period|Year/Month|month",
        },
        {flow: _names(flow, marks) + own.get(flow, "") for flow in ("exports", "imports")},
        optional_numbers={"balance": _names("balance", marks)},
        without=("품목명", "품목코드", "HS코드", "HS Code", "세관명", "성질명", "신성질명"),
        seen=_SEEN if unit == "thousand US$" else "",
        encodings=("cp949",),
    )


_OWN = {
    "thousand US$": {"exports": "|exports_kusd", "imports": "|imports_kusd"},
    "million US$": {"exports": "|exports_musd", "imports": "|imports_musd"},
}
_BY_UNIT = {unit: _layout(unit, marks, _OWN.get(unit, {})) for unit, (_, marks) in UNITS.items()}
LAYOUTS = tuple(_BY_UNIT.values())


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Korea's exports and imports by partner and month."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> ParsedFile:
    opened = open_table(path, LAYOUTS)
    unit = _unit(opened)
    frame, sums = monthly.without_years(opened.frame)
    require_values(opened.place, frame, ["partner", "month"])
    frame = frame.assign(
        partner=economies.named(opened.place, frame.partner),
        month=monthly.months(opened.place, frame.month),
        exports=frame.exports * UNITS[unit][0],
        imports=frame.imports * UNITS[unit][0],
    )
    _check_balance(opened, frame, UNITS[unit][0])
    groups = int(frame.partner.isna().sum())
    left = {"left out: groups of economies": str(groups)} if groups else {}
    frame, nothing = monthly.without_padding(frame.dropna(subset="partner"))
    monthly.check(opened.place, frame)
    table = monthly.canonical(frame, "KOR", "Korea Customs Service")
    about = {**opened.about(), "unit": unit, **sums, **left, **nothing}
    return ParsedFile("monthly", {"trade": table}, path.stem, about)


def _unit(opened: SourceTable) -> str:
    """The unit of the names of the columns, which a title must not contradict."""
    of_names = next(unit for unit, layout in _BY_UNIT.items() if layout is opened.layout)
    stated = _UNIT_IN_TITLE.search(opened.titles)
    if stated is None:
        return of_names
    for unit, (_, marks) in UNITS.items():
        if stated[1].replace(" ", "") in [mark.replace(" ", "") for mark in marks if mark]:
            if of_names not in (unit, "thousand US$"):
                break
            return unit
    raise DataError(
        f"{opened.path} says above its table that the unit is '{stated[1]}', and its columns are "
        f"in {of_names}; give it in one unit that is known: {', '.join(UNITS)}."
    )


def _check_balance(opened: SourceTable, frame: Frame, scale: float) -> None:
    """Exports less imports are the balance, where the file has one."""
    if "balance" not in frame:
        return
    gap = np.abs(frame.exports - frame.imports - frame.balance * scale)
    wrong = ~(gap <= MISSED + 1e-9 * frame.exports)
    if wrong.any():
        row = frame[wrong].iloc[0]
        raise DataError(
            f"{opened.place.at(frame.index[wrong.to_numpy().argmax()])}: exports less imports are "
            f"{(row.exports - row.imports) / scale:,.6g}, and the balance is {row.balance:,.6g}."
        )


SOURCE = Source(
    title="Korea Customs Service, monthly",
    licence="Korean public data with attribution; to be confirmed before passing on",
    attribution="Korea Customs Service; KOSIS.",
    files="CSV or Excel with partner, month, exports and imports in thousand US$, as "
    "tradedata.go.kr and KOSIS export them",
    read=read,
    layouts=LAYOUTS,
)
