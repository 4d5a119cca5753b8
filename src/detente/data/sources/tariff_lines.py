"""Tariff schedules line by line: HS6 and finer, with the rates of agreements beside the MFN rate.

Three forms. `tariff-lines` is a plain one for any national schedule: importer, exporter, year, hs,
rate in per cent, WLD for a rate on everybody. `korea-tariff` takes the tariff by item of the Korea
Customs Service (public data portal 15051179: a class of rate a line, with its dates), and the table
of applicable rates behind the Korea Tariff Atlas (hs10, mfn, applied_cn, ...).

What is stored: the MFN rate of a line, and the rate of an agreement where it is lower. Only the
part of a rate that is a percentage counts; lines without one are left out, and how many is kept.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ..._core import DataError
from ..concordance import country_groups, table
from . import economies
from .layout import Layout
from .opened import open_table, SourceTable
from .place import FilePlace, Words
from .rates import (
    CELL,
    counted,
    refuse_first,
    require_codes,
    require_per_cent,
    to_lines,
    without_signs,
)
from .source import (
    Frame,
    one_by_one,
    ParsedFile,
    Progress,
    refuse_twice,
    require_values,
    require_years,
    Source,
)  # fmt: skip


EVERYBODY = "WLD"
LAYOUTS = (
    Layout(
        "tariff lines",
        {"destination": "importer", "origin": "exporter", "line": "hs"},
        {"year": "year", "rate": "rate"},
        grouped=False,
        seen="the form of this source itself",
    ),
)
ATLAS: Mapping[str, tuple[str, ...]] = {
    "applied_cn": ("CHN",), "applied_us": ("USA",), "applied_in": ("IND",),
    "applied_vn": ("VNM",), "applied_ca": ("CAN",), "applied_eu": ("EU27", "GBR"),
    "applied_asean": ("BRN", "IDN", "KHM", "LAO", "MMR", "MYS", "PHL", "SGP", "THA"),
}  # fmt: skip
"""Column of the table of applicable rates, and whose goods it is about."""
CUSTOMS = Layout(
    "the tariff by item of the Korea Customs Service",
    {"line": "품목번호", "rate_class": "관세율구분", "start": "적용개시일", "use": "용도세율구분"},
    {"rate": "관세율"},
    only={"용도세율구분": ""},
    encodings=("cp949",),
    dated=r"(\d{1,2})\.(\d{1,2})",
    grouped=False,
    seen="public data portal 15051179, editions of 2022 to 2026",
)
APPLICABLE = Layout(
    "the table of applicable rates of the Korea Tariff Atlas",
    {"line": "hs10"},
    {"year": "year", "rate": "mfn"},
    optional_numbers={name: name for name in ATLAS},
    grouped=False,
    seen="as published with the Korea Tariff Atlas",
)
KOREAN_LAYOUTS = (CUSTOMS, APPLICABLE)
KOREAN_LINE = r"\d{10}"
CLASS = r"[A-Z][A-Z\d]{0,5}"


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Schedules in the plain form, one or several importers and years a file."""
    return one_by_one(files, progress, _read_plain)


def _read_plain(path: Path) -> ParsedFile:
    opened = open_table(path, LAYOUTS)
    frame, place = opened.frame, opened.place
    ends = ["destination", "origin"]
    require_values(place, frame, [*ends, "year", "line"])
    refuse_first(place, frame.destination, frame.destination == EVERYBODY, "importer.")
    require_per_cent(place, frame.rate, frame.origin == EVERYBODY)
    codes = {name: economies.translate(place, frame[name], "wits") for name in ends}
    lines = to_lines(place, frame.line, frame.destination)
    rows = frame.assign(**codes, line=lines, year=require_years(place, frame.year))
    rest = rows[ends].isna().any(axis=1)
    cell = ["year", "destination", "line"]
    refuse_twice(place, rows[rows.origin == EVERYBODY], cell, "the rate on everybody")
    left_out = counted({"rates of areas not specified": rest})
    return _parsed(opened, "plain", rows[~rest], left_out)


def read_korea(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """The tariff by item of the Korea Customs Service, or the table of applicable rates."""
    return one_by_one(files, progress, _read_korea_one)


def _read_korea_one(path: Path) -> ParsedFile:
    opened = open_table(path, KOREAN_LAYOUTS)
    place, frame = opened.place, opened.frame
    require_values(place, frame, sorted({*opened.layout.text} - {"use"}))
    bare = without_signs(frame.line)
    what = "Korean tariff line of ten digits; has a spreadsheet taken away the zeros in front?"
    require_codes(place, bare, KOREAN_LINE, what)
    basic = frame.get("rate_class", pd.Series("A", frame.index)) == "A"
    for name in ["rate", *(name for name in ATLAS if name in frame)]:
        require_per_cent(place, frame[name], basic & (name == "rate"))
    rows = frame.assign(line=bare)
    return _read_customs(opened, rows) if opened.layout is CUSTOMS else _read_table(opened, rows)


def _read_customs(opened: SourceTable, rows: Frame) -> ParsedFile:
    known = {row["rate_class"]: row for row in table("korea_rate_classes")}
    text = rows.assign(start=_dates(opened.place, rows.start))
    require_codes(opened.place, text.rate_class, CLASS, "class of rates.")
    others = sorted(set(text.rate_class) - set(known))
    year = int(text.start.str[:4].mode().iloc[0])
    # The last rate of the year stands for a line whose rate changes within it.
    latest = text[text.start.str[:4] == str(year)]
    refuse_twice(opened.place, latest, ["line", "rate_class", "start"], "the rate")
    latest = latest.sort_values("start", kind="stable")
    latest = latest.drop_duplicates(["line", "rate_class"], keep="last")
    wide = latest.pivot(index="line", columns="rate_class", values="rate")
    agreements = [
        (wide[name], members)
        for name in wide.columns
        if (members := known.get(name, {}).get("origins", "").split())
    ]
    stacked = _stacked(_without_agreement(wide), agreements, year)
    about = {"left out: classes of rates that are not known": " ".join(others)} if others else {}
    about |= counted({f"rates that do not begin in {year}": text.start.str[:4] != str(year)})
    return _parsed(opened, "Korea Customs Service", stacked, about)


def _dates(place: FilePlace, words: Words) -> Words:
    """Days as YYYYMMDD, whatever stands between the parts."""
    days = words.str.replace(r"\D", "", regex=True)
    day = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"
    require_codes(place, days, day, "day (YYYYMMDD).")
    return days


def _without_agreement(wide: Frame) -> Words:
    """The rate on everybody else, by the order of precedence of article 50 of the Customs Act.

    The quota tariff, else the adjustment tariff, else the provisional rate, else the basic one; a
    concession where it is lower; that on farm products beyond the quota even where it is higher.
    """
    nothing = pd.Series(float("nan"), index=wide.index)
    rate = {name: wide.get(name, nothing) for name in ("A", "B", "L", "P3", "C", "F", "W2")}
    domestic = rate["P3"].fillna(rate["L"]).fillna(rate["B"]).fillna(rate["A"])
    lower = pd.concat([domestic, rate["C"], rate["F"]], axis=1).min(axis=1)
    return rate["W2"].where(rate["W2"].notna() & rate["P3"].isna(), lower)


def _read_table(opened: SourceTable, rows: Frame) -> ParsedFile:
    place, others = opened.place, [name for name in opened.header if name.startswith("applied_")]
    if set(others) - set(ATLAS):
        name = sorted(set(others) - set(ATLAS))[0]
        raise DataError(f"{place.path}: whose goods the column '{name}' is about is not known.")
    frame = rows.assign(year=require_years(place, rows.year))
    refuse_twice(place, frame, ["year", "line"], "the rates")
    parts = []
    for year, one in frame.groupby("year"):
        by_line = one.set_index("line")
        agreements = [(by_line[name], ATLAS[name]) for name in ATLAS if name in by_line]
        parts.append(_stacked(by_line.rate, agreements, int(str(year))))
    return _parsed(opened, "applicable rates", pd.concat(parts, ignore_index=True), {})


def _stacked(mfn: Words, agreements: Sequence[tuple[Words, Sequence[str]]], year: int) -> Frame:
    """Rows of the MFN rate, and of agreements where they are lower; per cent."""
    parts = [(mfn, EVERYBODY)]
    for rates, members in agreements:
        lower = rates[rates.notna() & ~(rates >= mfn)]
        each = [code for name in members for code in country_groups().get(name, (name,))]
        parts += [(lower, code) for code in each]
    return pd.concat(
        [
            pd.DataFrame({"line": one.index, "origin": code, "rate": one.to_numpy(float)})
            for one, code in parts
        ],
        ignore_index=True,
    ).assign(destination="KOR", year=year)


def _parsed(opened: SourceTable, edition: str, rows: Frame, about: Mapping[str, str]) -> ParsedFile:
    place = opened.place
    frame: Frame = rows.rename(columns={"line": "sector"}).assign(
        rate=rows.rate / 100.0,
        kind=rows.origin.map(lambda code: "mfn" if code == EVERYBODY else "applied"),
    )
    known = frame[frame.rate.notna()]
    if known.empty:
        raise DataError(f"{place.path} has no line with a rate in per cent.")
    lacking = counted({"lines without a rate in per cent": frame.rate.isna()})
    # Of two agreements on a line of one origin the importer may claim the lower rate.
    lowest = known.groupby(list(CELL), as_index=False)["rate"].min()
    about = {**opened.about(), **about, **lacking}
    return ParsedFile(edition, {"tariffs": lowest}, place.path.stem, about)


SOURCE = Source(
    title="Tariff schedules line by line",
    licence="that of the publisher of the schedule; not passed on",
    attribution="The national tariff schedules that were added.",
    files="CSV with importer, exporter (WLD for everybody), year, hs (6 to 12 digits), rate in %",
    read=read,
    layouts=LAYOUTS,
    builds="tariffs as levied of detente data build icio-YEAR, with HS6 flows in the store",
)
KOREA = Source(
    title="Korea, tariff by item and agreement",
    licence="Korea Open Government Licence, type 1 (attribution)",
    attribution="Korea Customs Service, tariff by item (public data portal 15051179).",
    files="the portal's CSV or Excel file of a year, or the table of applicable rates (hs10, mfn, "
    "applied_cn, ...) as Parquet or CSV",
    read=read_korea,
    layouts=KOREAN_LAYOUTS,
    builds="Korea's tariffs as levied in detente data build icio-YEAR, with HS6 flows in the store",
)
