"""Monthly trade as national customs publish it: Korea, the United States, Japan.

Korea Customs Service, by way of KOSIS or its own pages: one row per partner and month, thousand
US$. US Census Bureau: one table per partner, million US$. Ministry of Finance of Japan: thousand
yen, translated at the mean of the daily rates of the month, which come as a second file.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ..._core import DataError, nearest
from ..concordance import country_names
from . import economies
from .former import read_csv, refuse_wrong_kind, require_values, Words
from .source import Frame, Parsed, Progress, Source


KOREAN: Mapping[str, tuple[str, ...]] = {
    "partner": ("partner", "Country", "국가", "국가명", "국가별", "Item", "국가별(1)"),
    "month": ("month", "Period", "기간", "시점", "Year/Month"),
    "exports": ("exports_kusd", "Exp. Value", "Export Value", "수출금액", "수출 금액", "수출"),
    "imports": ("imports_kusd", "Imp. Value", "Import Value", "수입금액", "수입 금액", "수입"),
}
"""What the publisher's pages call each column."""
LARGEST_MONTH = 1e5
"""Million US$: no country sells another 100 billion in a month, so that a larger value is in
another unit (the largest seen is near 60 billion)."""
SMALLEST_MEAN = 0.01
"""Million US$ in the mean month of a file; below it values are in another unit."""
NAMES = {
    "china, peoples' republic of": "CHN", "china": "CHN", "korea": "KOR", "korea, rep.": "KOR",
    "republic of korea": "KOR", "japan": "JPN", "united states": "USA", "viet nam": "VNM",
    "vietnam": "VNM", "taiwan": "TWN", "hong kong": "HKG", "russian federation": "RUS",
    "total": "WLD", "총계": "WLD", "합계": "WLD",
}  # fmt: skip
MONTHS = {name: number for number, name in enumerate(
    ("january", "february", "march", "april", "may", "june", "july", "august", "september",
     "october", "november", "december"), start=1)}  # fmt: skip


def read_korea(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Korea's exports and imports by partner and month, thousand US$."""
    return [_read_korea_one(path, progress) for path in files]


def _read_korea_one(path: Path, progress: Progress) -> Parsed:
    refuse_wrong_kind(path)
    progress(f"reading {path.name}")
    encoding = _encoding(path)
    here = _header(path, encoding)
    chosen = {ours: _name(path, ours, here) for ours in KOREAN}
    frame = read_csv(
        path, list(chosen.values()), [chosen["exports"], chosen["imports"]], encoding=encoding
    ).rename(columns={name: ours for ours, name in chosen.items()})
    require_values(path, frame, ["partner", "month"])
    frame = frame.assign(partner=_partners(path, frame.partner), month=months(path, frame.month))
    for flow in ("exports", "imports"):
        frame[flow] = frame[flow] / 1000.0
    _check(path, frame)
    table = _canonical(frame, "KOR", "korean customs", "Korea Customs Service")
    return Parsed("monthly", {"trade": table}, path.stem)


def read_us(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """US trade with China by month, million US$: month, exports_musd, imports_musd."""
    return [_read_us_one(path, progress) for path in files]


def _read_us_one(path: Path, progress: Progress) -> Parsed:
    progress(f"reading {path.name}")
    names = ["month", "exports_musd", "imports_musd"]
    frame = read_csv(path, names, names[1:])
    require_values(path, frame, names)
    frame = pd.DataFrame(
        {
            "partner": _partner_in_name(path, "usa"),
            "month": months(path, frame.month),
            "exports": frame.exports_musd,
            "imports": frame.imports_musd,
        }
    )
    _check(path, frame)
    table = _canonical(frame, "USA", "us customs", "US Census Bureau, not seasonally adjusted")
    return Parsed("monthly", {"trade": table}, path.stem)


def read_japan(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Japan's trade by month, thousand yen, with a file of daily rates (Date, …, JPY, …)."""
    rates = [path for path in files if "JPY" in _header(path, _encoding(path))]
    tables = [path for path in files if path not in rates]
    if len(rates) != 1 or not tables:
        raise DataError(
            "trade of Japan is in yen: add it together with one file of daily exchange rates that "
            "has the columns Date and JPY (yen per US$)."
        )
    daily = read_csv(rates[0], ["Date", "JPY"], ["JPY"])
    when = pd.to_datetime(daily.Date, format="%d-%b-%Y", errors="coerce")
    yen = daily.JPY.groupby(when.dt.strftime("%Y-%m-01")).mean()
    return [_read_japan_one(path, yen, progress) for path in tables]


def _read_japan_one(path: Path, yen: Words, progress: Progress) -> Parsed:
    progress(f"reading {path.name}")
    names = ["month", "exports_kjpy", "imports_kjpy"]
    frame = read_csv(path, names, names[1:])
    require_values(path, frame, names)
    month = months(path, frame.month)
    rate = month.map(yen)
    if rate.isna().any():
        raise DataError(f"there is no exchange rate for {month[rate.isna()].iloc[0]}.")
    frame = pd.DataFrame(
        {
            "partner": _partner_in_name(path, "japan"),
            "month": month,
            "exports": frame.exports_kjpy / rate / 1000.0,
            "imports": frame.imports_kjpy / rate / 1000.0,
        }
    )
    _check(path, frame)
    note = "Ministry of Finance of Japan, yen at the mean rate of the month"
    table = _canonical(frame, "JPN", "japanese customs", note).assign(status="derived")
    return Parsed("monthly", {"trade": table}, path.stem)


def _canonical(frame: Frame, reporter: str, basis: str, note: str) -> Frame:
    sides = [
        pd.DataFrame(
            {
                "reporter": reporter, "partner": frame.partner, "flow": flow, "product": "total",
                "frequency": "M", "period": frame.month, "value": frame[flow], "basis": basis,
                "status": "final", "note": note,
            }
        )
        for flow in ("exports", "imports")
    ]  # fmt: skip
    return pd.concat(sides, ignore_index=True).dropna(subset="value")


def _check(path: Path, frame: Frame) -> None:
    twice = frame.duplicated(["partner", "month"])
    if twice.any():
        row = frame[twice].iloc[0]
        raise DataError(f"{path} has {row.partner} in {row.month[:7]} twice.")
    for flow in ("exports", "imports"):
        largest = float(frame[flow].max())
        if largest > LARGEST_MONTH or float(frame[flow].mean()) < SMALLEST_MEAN:
            raise DataError(
                f"{path}: {flow} of up to {largest:.4g} million US$ in a month cannot be; is the "
                "file in another unit?"
            )


def _partners(path: Path, names: Words) -> Words:
    known = {name.casefold(): code for code, name in country_names().items() if len(code) == 3}
    known |= (
        NAMES
        | {c: a.code for c, a in economies.areas("korean").items()}
        | {code.casefold(): code for code in country_names()}
    )
    found = names.str.strip().str.casefold().map(known)
    if found.isna().any():
        place = int(found.isna().to_numpy().argmax())
        raise DataError(
            f"{path}, line {place + 2}: '{names.iloc[place]}' is not the name of a known economy; "
            f"{nearest(str(names.iloc[place]), known)}"
        )
    return found


def months(path: Path, words: Words) -> Words:
    """2001-01, 2001/01, 2001.01, 200101 or January 2001, as the first day of the month."""
    found = words.map(_month)
    if found.isna().any():
        place = int(found.isna().to_numpy().argmax())
        raise DataError(f"{path}, line {place + 2}: '{words.iloc[place]}' is not a month.")
    return found


def _month(word: str) -> str | None:
    digits = re.fullmatch(r"\s*(\d{4})[-/. ]?(\d{1,2})\s*월?", word)
    if digits and 1 <= int(digits.group(2)) <= 12:
        return f"{digits.group(1)}-{int(digits.group(2)):02d}-01"
    name, _, year = word.strip().casefold().partition(" ")
    if name in MONTHS and re.fullmatch(r"\d{4}", year):
        return f"{year}-{MONTHS[name]:02d}-01"
    return None


def _partner_in_name(path: Path, reporter: str) -> str:
    """The publisher has one table per partner, which only the name of the file says."""
    known = {"china": "CHN", "korea": "KOR", "japan": "JPN", "us": "USA", "taiwan": "TWN"}
    words = path.stem.lower().split("_")
    found = [known[word] for word in words if word in known and word not in (reporter, "us")]
    if not found:
        raise DataError(f"the partner is not in the name of {path}; name it, such as us_china.csv.")
    return found[-1]


def _name(path: Path, ours: str, here: Sequence[str]) -> str:
    for name in KOREAN[ours]:
        if name in here:
            return name
    raise DataError(
        f"{path} should have one of the columns {', '.join(KOREAN[ours])}, and has none; "
        f"{nearest(KOREAN[ours][0], here)}"
    )


def _encoding(path: Path) -> str:
    """Korean pages still come in EUC-KR as well as in UTF-8."""
    refuse_wrong_kind(path)
    with path.open("rb") as file:
        start = file.read(4096)
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        # A cut within a character at the end of what was read is no sign of another encoding.
        return "utf-8-sig" if error.start > len(start) - 4 else "cp949"
    return "utf-8-sig"


def _header(path: Path, encoding: str) -> list[str]:
    with path.open(encoding=encoding, errors="replace") as file:
        return [name.strip().strip('"') for name in file.readline().strip().split(",")]


KOREA = Source(
    title="Korea Customs Service by way of KOSIS, monthly",
    licence="Korean public data with attribution; to be confirmed before passing on",
    attribution="Korea Customs Service; KOSIS.",
    files="CSV with partner, month, exports and imports in thousand US$",
    read=read_korea,
)
UNITED_STATES = Source(
    title="US Census Bureau, monthly",
    licence="public domain",
    attribution="US Census Bureau.",
    files="month, exports_musd, imports_musd; the partner in the file's name",
    read=read_us,
)
JAPAN = Source(
    title="Ministry of Finance of Japan, monthly",
    licence="Public Data License, attribution",
    attribution="Ministry of Finance Japan, trade statistics; exchange rates: IMF.",
    files="month, exports_kjpy, imports_kjpy, and a file of daily rates with Date and JPY",
    read=read_japan,
)
