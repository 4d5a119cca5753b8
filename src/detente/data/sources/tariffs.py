"""Tariffs as published: WITS/TRAINS downloads, and rates by ICIO sector as repackaged from Teti.

WITS gives per cent by reporter, partner and product, with a duty type (AHS applied, MFN, BND
bound); TRAINS bulk files give MFN averages, or those of preferences, by product. Free with
attribution.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ..._core import DataError
from ..tables import read_parquet
from . import economies
from .former import (
    columns_of,
    is_parquet,
    read_csv,
    refuse_wrong_kind,
    require_values,
    translate,
    Words,
)
from .source import Frame, one_by_one, Parsed, Progress, Source


KINDS: Mapping[str, str] = {"AHS": "applied", "PRF": "applied", "MFN": "mfn", "BND": "bound"}
WITS: Mapping[str, str] = {
    "Reporter": "destination", "Partner": "origin", "Product": "sector", "Tariff Year": "year",
    "DutyType": "kind", "Simple Average": "rate",
}  # fmt: skip
TRAINS: Mapping[str, str] = {
    "Reporter_ISO_N": "destination", "ProductCode": "sector", "Year": "year",
    "SimpleAverage": "rate",
}  # fmt: skip
HIGHEST = 30.0
"""A rate of 3000 %: the highest tariffs of the source are near it, so beyond is another unit."""


def read(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Downloads of WITS, bulk files of TRAINS."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> Parsed:
    if is_parquet(path):
        raise DataError(f"{path} is not a CSV file of WITS or TRAINS.")
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        bulk = "SimpleAverage" in file.readline()
    names, edition = (TRAINS, "TRAINS") if bulk else (WITS, "WITS")
    year = "Year" if bulk else "Tariff Year"
    rate = "SimpleAverage" if bulk else "Simple Average"
    frame = read_csv(path, list(names), [year, rate], optional=["Partner"] if bulk else [])
    if not bulk:
        require_values(path, frame, list(names))
        frame = frame.rename(columns=dict(names))
        return Parsed(edition, {"tariffs": _canonical(path, frame)}, path.stem)
    return _bulk(path, frame)


def _bulk(path: Path, frame: Frame) -> Parsed:
    """MFN averages by HS6, or those of preferences where the file names a partner.

    Groups of partners (codes with a letter) are left out: who is in them is in no file of these.
    Products whose every line has a specific duty have no average and are left out too.
    """
    require_values(path, frame, [name for name in TRAINS if name != "SimpleAverage"])
    preferential = "Partner" in frame
    rows = frame.rename(columns={**TRAINS, "Partner": "origin"})
    alone = rows.origin.str.fullmatch(r"\d+") if preferential else ~rows.year.isna()
    kept = rows[alone & rows.rate.notna()].assign(kind="PRF" if preferential else "MFN")
    kept = kept if preferential else kept.assign(origin="0")
    about = {
        "rows_of_partner_groups": str(int((~alone).sum())),
        "rows_without_a_percentage": str(int((alone & rows.rate.isna()).sum())),
    }
    if kept.empty:
        raise DataError(f"{path} has no rate in per cent of a single partner.")
    return Parsed("TRAINS", {"tariffs": _canonical(path, kept)}, path.stem, about)


def _canonical(path: Path, frame: Frame) -> Frame:
    unknown = set(frame.kind) - set(KINDS)
    if unknown:
        raise DataError(f"{path} has the unknown duty type '{sorted(unknown)[0]}'.")
    numbers = {c: a.code for c, a in economies.areas("numeric").items() if a.code}
    table: Frame = frame.assign(
        destination=_place(path, frame.destination, numbers),
        origin=_place(path, frame.origin, numbers),
        kind=frame.kind.map(dict(KINDS)),
        rate=frame.rate / 100.0,
        year=frame.year.astype(int),
    )
    return checked(path, table)


def _place(path: Path, codes: Words, numbers: dict[str, str]) -> Words:
    """Alpha-3 codes as they are, numbers translated."""
    if codes.str.fullmatch(r"[A-Z]{3}").all():
        return codes
    return translate(path, codes, numbers)


def checked(path: Path, table: Frame) -> Frame:
    wrong = ~table.rate.between(0.0, HIGHEST)
    if wrong.any():
        row = table[wrong].iloc[0]
        raise DataError(
            f"{path}: the rate of {row.destination} on {row.origin}, {row.sector}, is "
            f"{row.rate:.4g} of the value; is the file in another unit?"
        )
    return table


def read_teti(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Rates by pair and ICIO sector: year, sector, importer, exporter, tariff (0.08 is 8 %)."""
    return [_read_teti_one(path, progress) for path in files]


def _read_teti_one(path: Path, progress: Progress) -> Parsed:
    refuse_wrong_kind(path)
    progress(f"reading {path.name}")
    wanted = ["year", "sector", "importer", "exporter", "tariff"]
    if is_parquet(path):
        if not set(wanted) <= set(columns_of(path)):
            raise DataError(f"{path} should have the columns {', '.join(wanted)}, and does not.")
        frame = read_parquet(path, wanted)
    else:
        frame = read_csv(path, wanted, ["year", "tariff"])
        require_values(path, frame, wanted)
    names = {"importer": "destination", "exporter": "origin", "tariff": "rate"}
    table: Frame = frame.rename(columns=names).assign(kind="applied").astype({"year": int})
    table = checked(path, table.sort_values(["year", "origin", "destination"], kind="stable"))
    return Parsed("by ICIO sector", {"tariffs": table})


SOURCE = Source(
    title="WITS and UNCTAD TRAINS, tariffs",
    licence="free with attribution",
    attribution="World Bank WITS; UNCTAD TRAINS.",
    files="CSV of a WITS query, or a bulk file of TRAINS (MFN or preferences)",
    read=read,
    builds="tariffs as levied of detente data build icio-YEAR, with HS6 flows in the store",
)
TETI = Source(
    title="Teti, Global Tariff Database, by ICIO sector",
    licence="free with citation; passing on is not confirmed",
    attribution="Teti, F. (2024), Missing Tariffs, Global Tariff Database.",
    files="year, sector, importer, exporter, tariff as Parquet or CSV",
    read=read_teti,
    builds="tariffs of detente data build icio-YEAR",
)
