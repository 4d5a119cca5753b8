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
from ..tables import read_parquet
from . import workbook
from .former import columns_of, is_parquet, read_csv, require_values, to_numbers, Words
from .source import Frame, one_by_one, Parsed, Progress, Source
from .tariffs import checked


LINE = r"\d{6,12}"
EVERYBODY = "WLD"
PLAIN = ("importer", "exporter", "year", "hs", "rate")
CUSTOMS: Mapping[str, str] = {
    "품목번호": "line", "관세율구분": "rate_class", "관세율": "rate", "적용개시일": "start",
}  # fmt: skip
ATLAS: Mapping[str, tuple[str, ...]] = {
    "applied_cn": ("CHN",), "applied_us": ("USA",), "applied_in": ("IND",),
    "applied_vn": ("VNM",), "applied_ca": ("CAN",), "applied_eu": ("EU27", "GBR"),
    "applied_asean": ("BRN", "IDN", "KHM", "LAO", "MMR", "MYS", "PHL", "SGP", "THA"),
}  # fmt: skip
"""Column of the table of applicable rates, and whose goods it is about."""


def read(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Schedules in the plain form, one or several importers and years a file."""
    return one_by_one(files, progress, _read_plain)


def _read_plain(path: Path) -> Parsed:
    frame = read_csv(path, PLAIN, ["year", "rate"])
    require_values(path, frame, ["importer", "exporter", "year", "hs"])
    for name in ("importer", "exporter"):
        wrong = ~frame[name].str.fullmatch(r"[A-Z]{3}")
        if wrong.any():
            found = frame.loc[wrong, name].iloc[0]
            raise DataError(
                f"{path}: '{found}' in the column '{name}' is no ISO 3166 alpha-3 code, nor WLD."
            )
    rows = frame.rename(columns={"importer": "destination", "exporter": "origin", "hs": "line"})
    return _parsed(path, "plain", rows.assign(year=rows.year.astype(int)))


def read_korea(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """The tariff by item of the Korea Customs Service, or the table of applicable rates."""
    return one_by_one(files, progress, _read_korea_one)


def _read_korea_one(path: Path) -> Parsed:
    if is_parquet(path) or "applied_cn" in _first_line(path):
        return _read_atlas(path)
    text = _customs_rows(path)
    known = {row["rate_class"]: row for row in table("korea_rate_classes")}
    others = sorted(set(text.rate_class) - set(known))
    year = int(text.start.str[:4].mode().iloc[0])
    # The last rate of the year stands for a line whose rate changes within it.
    latest = text[text.start.str[:4] == str(year)].sort_values("start", kind="stable")
    latest = latest.drop_duplicates(["line", "rate_class"], keep="last")
    wide = latest.pivot(index="line", columns="rate_class", values="rate")
    agreements = [
        (wide[name], members)
        for name in wide.columns
        if (members := known.get(name, {}).get("origins", "").split())
    ]
    rows = _stacked(_without_agreement(wide), agreements, year)
    about = {"classes_left_out": " ".join(others)} if others else {}
    return _parsed(path, "Korea Customs Service", rows, about)


def _first_line(path: Path) -> str:
    if path.suffix.lower() == ".xlsx":
        return ""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return file.readline()


def _customs_rows(path: Path) -> Frame:
    if path.suffix.lower() == ".xlsx":
        head, *cells = workbook.rows(path)
        lacking = [name for name in CUSTOMS if name not in head]
        if lacking:
            raise DataError(f"{path} should have the column '{lacking[0]}', and has none.")
        width = len(head)
        frame: Frame = pd.DataFrame([(row + [""] * width)[:width] for row in cells], columns=head)
        frame = frame[list(CUSTOMS)].replace("", None).dropna(how="all").reset_index(drop=True)
        frame["관세율"] = to_numbers(path, frame["관세율"])
    else:
        frame = read_csv(path, list(CUSTOMS), ["관세율"], encoding=_encoding(path))
    require_values(path, frame, ["품목번호", "관세율구분", "적용개시일"])
    return frame.rename(columns=dict(CUSTOMS)).assign(
        start=lambda rows: rows.start.str.replace(r"\D", "", regex=True)
    )


def _encoding(path: Path) -> str:
    """The portal's files are in either; what is not UTF-8 is the Korean code page."""
    try:
        path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return "cp949"
    return "utf-8-sig"


def _without_agreement(wide: Frame) -> Words:
    """The rate on everybody else, by the order of precedence of article 50 of the Customs Act.

    The quota tariff, else the adjustment tariff, else the basic rate; a concession where it is
    lower; the concession on farm products beyond the quota even where it is higher.
    """
    nothing = pd.Series(float("nan"), index=wide.index)
    rate = {name: wide.get(name, nothing) for name in ("A", "L", "P3", "C", "F", "W2")}
    domestic = rate["P3"].fillna(rate["L"]).fillna(rate["A"])
    lower = pd.concat([domestic, rate["C"], rate["F"]], axis=1).min(axis=1)
    return rate["W2"].where(rate["W2"].notna() & rate["P3"].isna(), lower)


def _read_atlas(path: Path) -> Parsed:
    wanted = ["year", "hs10", "mfn"]
    if is_parquet(path):
        here = columns_of(path)
        lacking = [name for name in wanted if name not in here]
        if lacking:
            raise DataError(f"{path} should have the column '{lacking[0]}', and has none.")
        frame = read_parquet(path, [*wanted, *(name for name in ATLAS if name in here)])
    else:
        here = _first_line(path).strip().split(",")
        numbers = ["year", "mfn", *(name for name in ATLAS if name in here)]
        frame = read_csv(path, [*wanted, *numbers[2:]], numbers)
    parts = []
    for year, one in frame.astype({"hs10": str}).groupby("year"):
        by_line = one.set_index("hs10")
        agreements = [(by_line[name], ATLAS[name]) for name in ATLAS if name in by_line]
        parts.append(_stacked(by_line.mfn, agreements, int(str(year).split(".")[0])))
    return _parsed(path, "applicable rates", pd.concat(parts, ignore_index=True))


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


def _parsed(
    path: Path, edition: str, rows: Frame, about: Mapping[str, str] | None = None
) -> Parsed:
    codes = rows.line.astype(str).str.replace(r"[.\-\s]", "", regex=True)
    wrong = ~codes.str.fullmatch(LINE)
    if wrong.any():
        raise DataError(
            f"{path}: '{rows.line[wrong].iloc[0]}' is no tariff line of six digits or more; "
            "has a spreadsheet taken away the zeros in front?"
        )
    frame: Frame = rows.assign(
        sector=codes, rate=rows.rate / 100.0,
        kind=rows.origin.map(lambda code: "mfn" if code == EVERYBODY else "applied"),
    )  # fmt: skip
    known = frame[frame.rate.notna()]
    if known.empty:
        raise DataError(f"{path} has no line with a rate in per cent.")
    about = {**(about or {}), "lines_without_a_percentage": str(len(frame) - len(known))}
    # Of two rates of one line on one origin the importer may claim the lower.
    keys = ["year", "origin", "destination", "sector", "kind"]
    lowest = known.groupby(keys, as_index=False)["rate"].min()
    return Parsed(edition, {"tariffs": checked(path, lowest)}, path.stem, about)


SOURCE = Source(
    title="Tariff schedules line by line",
    licence="that of the publisher of the schedule; not passed on",
    attribution="The national tariff schedules that were added.",
    files="CSV with importer, exporter (WLD for everybody), year, hs (6 to 12 digits), rate in %",
    read=read,
    builds="tariffs as levied of detente data build icio-YEAR, with HS6 flows in the store",
)
KOREA = Source(
    title="Korea, tariff by item and agreement",
    licence="Korea Open Government Licence, type 1 (attribution)",
    attribution="Korea Customs Service, tariff by item (public data portal 15051179).",
    files="the portal's CSV or Excel file of a year, or the table of applicable rates (hs10, mfn, "
    "applied_cn, ...) as Parquet or CSV",
    read=read_korea,
    builds="Korea's tariffs as levied in detente data build icio-YEAR, with HS6 flows in the store",
)
