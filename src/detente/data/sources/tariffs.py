"""Tariffs as published: WITS/TRAINS downloads, and rates by ICIO sector as repackaged from Teti.

WITS gives per cent by reporter, partner and product, with a duty type (AHS applied, MFN, BND
bound); TRAINS bulk files give MFN averages, or those of preferences, by product. Free with
attribution.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ..._core import DataError
from ..concordance import economies as flow_economies, industries, SERVICES_TOTAL
from . import economies
from .layout import Layout
from .opened import open_table, SourceTable
from .place import FilePlace, Words
from .rates import (
    counted,
    one_rate_a_cell,
    refuse_first,
    require_codes,
    require_per_cent,
    require_products,
    require_within,
)
from .source import (
    Frame,
    one_by_one,
    ParsedFile,
    Progress,
    require_between,
    require_values,
    require_years,
    Source,
)  # fmt: skip


KINDS: Mapping[str, str] = {
    "AHS": "applied", "PRF": "applied", "PREF": "applied", "MFN": "mfn", "BND": "bound",
}  # fmt: skip
PREFERENTIAL = ("PRF", "PREF")
_TRAINS = {"nomenclature": "NomenCode", "destination": "Reporter_ISO_N", "sector": "ProductCode"}
_TRAINS_NUMBERS = {"year": "Year", "rate": "SimpleAverage"}
_TRAINS_SPAN = {"lowest": "Min_Rate", "highest": "Max_Rate"}
PREFERENCES = Layout(
    "the bulk download of preferences of TRAINS (AVEPref)",
    {**_TRAINS, "origin": "Partner"},
    _TRAINS_NUMBERS,
    optional_numbers=_TRAINS_SPAN,
    grouped=False,
    seen="bulk downloads of WITS, 1988 to 2023",
)
MOST_FAVOURED = Layout(
    "the bulk download of MFN rates of TRAINS (AVEMFN)",
    {**_TRAINS, "mark": "Nbr_Dutiable_Lines|TotalNoOfValidLines"},
    _TRAINS_NUMBERS,
    optional_numbers=_TRAINS_SPAN,
    without=("Partner", "Nbr_Pref_Lines", "Nbr_MFN_Lines"),
    grouped=False,
    seen="bulk downloads of WITS, 1988 to 2023",
)
QUERY = Layout(
    "a tariff query of WITS",
    {
        "destination": "Reporter", "origin": "Partner", "sector": "Product",
        "kind": "DutyType|Duty Type",
    },
    {"year": "Tariff Year", "rate": "Simple Average"},
    optional_text={"nomenclature": "Selected Nomen"},
    optional_numbers={"lowest": "Minimum Rate", "highest": "Maximum Rate"},
    grouped=False,
    seen="downloads of the advanced query (DataJobID) and its online help",
)  # fmt: skip
SERIES = Layout(
    "the series of the WITS interface for programs",
    {
        "destination": "REPORTER", "origin": "PARTNER", "sector": "PRODUCTCODE",
        "kind": "TARIFFTYPE", "nomenclature": "NOMENCODE",
    },
    {"year": "TIME_PERIOD", "rate": "OBS_VALUE"},
    optional_numbers={"lowest": "MIN_RATE", "highest": "MAX_RATE"},
    only={"OBS_VALUE_MEASURE": "SimpleAverage|", "FREQ": "A|"},
    grouped=False,
)  # fmt: skip
LAYOUTS = (PREFERENCES, MOST_FAVOURED, QUERY, SERIES)
TETI_LAYOUTS = (
    Layout(
        "rates by pair and ICIO sector",
        {"sector": "sector", "destination": "importer", "origin": "exporter"},
        {"year": "year", "rate": "tariff"},
        without=("hs6", "hs", "product", "unit"),
        grouped=False,
        seen="as repackaged from the Global Tariff Database, beta of 2024",
    ),
)
HIGHEST_BY_SECTOR = 2.0
"""Means by sector of the source reach 1.26 (food in Malaysia, 2011); rates in per cent are above
it."""


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Downloads of WITS, bulk files of TRAINS."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> ParsedFile:
    opened = open_table(path, LAYOUTS)
    place, bulk = opened.place, opened.layout in (PREFERENCES, MOST_FAVOURED)
    # A product of bulk files has no mean where every line of it has a specific duty.
    needed = {**opened.layout.text, **opened.layout.numbers}.keys() - {"mark"}
    require_values(place, opened.frame, sorted(needed - {"rate"} if bulk else needed))
    rows = _with_kind(opened, opened.frame)
    rows = rows.assign(year=require_years(place, rows.year))
    _require_products(place, rows)
    require_within(place, rows)
    group, unknown = _is_group(rows.origin), rows.rate.isna()
    alone = _located(place, rows[~group & ~unknown])
    rest, both = alone.origin.isna(), _also_applied(alone)
    kept = alone[~rest & ~both]
    if kept.empty:
        of_one = " of a single partner" if group.any() else ""
        raise DataError(f"{path} has no rate in per cent{of_one}.")
    require_per_cent(place, kept.rate, kept.kind != "applied")
    table = one_rate_a_cell(place, kept.assign(rate=kept.rate / 100.0))
    left_out = counted(
        {
            "rates on groups of partners, whose members the file does not name": group,
            "products without a rate in per cent": ~group & unknown,
            "rates on areas not specified": rest,
            "preferences beside the applied rate of the same cell": both,
        }
    )
    about = {**opened.about(), **left_out, **_nomenclatures(rows)}
    edition = "WITS" if opened.layout is QUERY else "TRAINS"
    return ParsedFile(edition, {"tariffs": table}, path.stem, about)


def _located(place: FilePlace, rows: Frame) -> Frame:
    """Rows with the letters of both ends; no reporter is the world or a rest."""
    ends = {name: economies.locate(place, rows[name]) for name in ("destination", "origin")}
    nobody = ends["destination"].isna() | (ends["destination"] == "WLD")
    refuse_first(place, rows.destination, nobody, "reporter of tariffs.")
    return rows.assign(**ends)


def _with_kind(opened: SourceTable, frame: Frame) -> Frame:
    """Rows with `kind` of the store and `preferential`; a bulk file has one kind of rates."""
    if opened.layout is MOST_FAVOURED:
        return frame.assign(kind="mfn", preferential=False, origin="0")
    if opened.layout is PREFERENCES:
        _refuse_preferences_for_all(opened.place, frame.origin)
        return frame.assign(kind="applied", preferential=True)
    duty = frame.kind.str.upper()
    refuse_first(opened.place, frame.kind, ~duty.isin(KINDS), f"duty type ({', '.join(KINDS)}).")
    return frame.assign(kind=duty.map(dict(KINDS)), preferential=duty.isin(PREFERENTIAL))


def _refuse_preferences_for_all(place: FilePlace, partners: Words) -> None:
    world = partners.str.fullmatch("0+|WLD")
    refuse_first(place, partners, world, "partner of a preference; is it a file of MFN rates?")


def _is_group(partners: Words) -> Words:
    """Beneficiaries together, such as A24 or ANDEAN: who is in them is in no file of these."""
    return partners.str.fullmatch(r"[A-Z]{1,2}\d{2,3}[A-Z]?|[A-Z]{4,}[A-Z\d ]*")


def _require_products(place: FilePlace, rows: Frame) -> None:
    """Products are of the Harmonized System but where the nomenclature is another (ISIC, SITC)."""
    named = rows.get("nomenclature", rows.sector.map(lambda _: ""))
    require_codes(place, named, r"[A-Z]{2}|[A-Z]\d|", "nomenclature.")
    require_products(place, rows.sector[named.str.fullmatch(r"H[S\d]|")])


def _also_applied(rows: Frame) -> Words:
    """Preferences beside the applied rate of the same cell, which is a mean over all its lines."""
    cell = [rows[name] for name in ("destination", "origin", "sector", "year")]
    applied = (rows.kind == "applied") & ~rows.preferential
    return rows.preferential & applied.groupby(cell).transform("any")


def _nomenclatures(rows: Frame) -> dict[str, str]:
    if "nomenclature" not in rows:
        return {}
    return {"nomenclatures": " ".join(sorted(set(rows.nomenclature) - {""}))}


def read_teti(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Rates by pair and ICIO sector: year, sector, importer, exporter, tariff (0.08 is 8 %)."""
    return one_by_one(files, progress, _read_teti_one)


def _read_teti_one(path: Path) -> ParsedFile:
    opened = open_table(path, TETI_LAYOUTS)
    frame, place = opened.frame, opened.place
    require_values(place, frame, list(frame))
    what = "tariff as a factor of one (0.08 is 8 %)"
    require_between(place, frame.rate, (0.0, HIGHEST_BY_SECTOR), what)
    known = {code for row in industries("icio") for code in row.flow_sectors} | {SERVICES_TOTAL}
    refuse_first(place, frame.sector, ~frame.sector.isin(known), "sector of the ICIO tables.")
    here = {one.code for one in economies.areas("iso").values()} | set(flow_economies())
    for name in ("destination", "origin"):
        refuse_first(place, frame[name], ~frame[name].isin(here), "code of an economy (ISO 3166).")
    rows = frame.assign(kind="applied", year=require_years(place, frame.year))
    table = one_rate_a_cell(place, rows)
    table = table.sort_values(["year", "origin", "destination"], kind="stable")
    return ParsedFile("by ICIO sector", {"tariffs": table}, about=opened.about())


SOURCE = Source(
    title="WITS and UNCTAD TRAINS, tariffs",
    licence="free with attribution",
    attribution="World Bank WITS; UNCTAD TRAINS.",
    files="CSV of a WITS query, or a bulk file of TRAINS (MFN or preferences)",
    read=read,
    builds="tariffs as levied of detente data build icio-YEAR, with HS6 flows in the store",
    layouts=LAYOUTS,
)
TETI = Source(
    title="Teti, Global Tariff Database, by ICIO sector",
    licence="free with citation; passing on is not confirmed",
    attribution="Teti, F. (2024), Missing Tariffs, Global Tariff Database.",
    files="year, sector, importer, exporter, tariff as Parquet or CSV",
    read=read_teti,
    builds="tariffs of detente data build icio-YEAR",
    layouts=TETI_LAYOUTS,
)
