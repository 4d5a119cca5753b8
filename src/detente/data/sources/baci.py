"""Goods trade by product, reconciled between both sides: CEPII BACI, one file a year.

Columns t (year), i (exporter), j (importer), k (HS6), v (thousand US$, fob), q (tonnes).
Gaulier and Zignago (2010), Etalab Open Licence 2.0.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ..._core import DataError
from ..bases import HARMONISED
from . import economies
from .layout import Layout
from .opened import open_table, SourceTable
from .place import FilePlace, Words
from .source import (
    ETALAB,
    Frame,
    ParsedFile,
    Progress,
    refuse_twice,
    require_between,
    require_codes,
    require_size,
    require_values,
    Source,
)
from .typed import open_typed


NAME = re.compile(r"BACI_(HS\d\d)_Y(\d{4})_(V\d{6}[a-z]?)", re.IGNORECASE)
REPACKAGED = re.compile(r"(hs\d\d)_(\d{4})_(v\d{6}[a-z]?)", re.IGNORECASE)
WORLD_TRADE = (1e6, 1e8)
"""World goods trade of a year in million US$: 5e6 in 1995, 2.2e7 in 2023."""
LARGEST = (0.0, 1e9)
"""Thousand US$: no country sells another so much of one product, or in all, in a year."""
YEAR, TOTALS = LAYOUTS = (
    Layout(
        "a year of BACI",
        {"i": "i", "j": "j", "k": "k"},
        {"t": "t", "v": "v", "q": "q"},
        grouped=False,
        seen="releases 202001 to 202501",
    ),
    Layout(
        "totals of pairs of BACI, as repackaged",
        {"reporter": "exporter", "partner": "importer"},
        {"value": "value_kusd"},
        without=("product", "year"),
        seen="the totals of 2023",
    ),
)
LIST = (
    Layout(
        "the list of country codes of BACI",
        {"code": "country_code", "letters": "country_iso3|iso_3digit_alpha"},
        optional_text={"name": "country_name|country_name_full"},
        encodings=("latin-1",),
        seen="the lists of releases 202001 to 202501",
    ),
)


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Years of BACI. The list of country codes that comes with them may be among the files."""
    lists = [path for path in files if "country" in path.name.lower()]
    tables = [path for path in files if path not in lists]
    if not tables:
        raise DataError(
            "the list of country codes came without a file BACI_HS.._Y...._V.......csv."
        )
    own: dict[str, str] = {}
    for path in lists:
        own |= _list(path)
    return [_read_one(path, own, progress) for path in tables]


def _list(path: Path) -> dict[str, str]:
    """Letters of the publisher's own list, for codes that are not known here.

    Its S19 or N/A for what has no letters there, as Taiwan, stands behind the letters known here;
    letters of another economy are refused.
    """
    opened = open_table(path, LIST)
    frame, known = opened.frame, economies.areas("numeric")
    letters = {area.code for area in known.values() if area.kind == "economy"}
    own: dict[str, str] = {}
    for line, code, said in zip(frame.index, frame.code, frame.letters, strict=True):
        area = known.get(code.strip().lstrip("0"))
        if area is None and re.fullmatch("[A-Z]{3}", said) and said not in letters:
            own[code] = said
        elif said in letters and (area is None or area.code not in (said, "")):
            name = "no economy" if area is None else f"{area.name} ({area.code})"
            raise DataError(
                f"{opened.place.at(line)}: the list gives the code {code} to {said}, and it is "
                f"that of {name}; is the list damaged?"
            )
    return own


def _read_one(path: Path, own: Mapping[str, str], progress: Progress) -> ParsedFile:
    _refuse_products(path)
    progress(f"reading {path.name}")
    opened = open_typed(path, LAYOUTS[:1]) or open_table(path, LAYOUTS)
    if opened.layout is TOTALS:
        return _repackaged(opened)
    classification, year, version = _named(path, NAME, "BACI_HS17_Y2023_V202501.csv")
    frame, place = opened.frame, opened.place
    require_values(place, frame, ["t", "i", "j", "k", "v"])
    if (frame.t != year).any():
        other = frame.t[frame.t != year].iloc[0]
        raise DataError(f"{path} holds the year {other:g}, and its name says {year}.")
    require_between(place, frame.v, LARGEST, "value in thousand US$")
    require_between(place, frame.q, (0.0, 1e12), "weight in tonnes")
    require_size(path, "trade", float(frame.v.sum()) / 1000, *WORLD_TRADE)
    table, rests = _canonical(place, frame, own)
    about = opened.about() | ({"left out: areas that are no economy": rests} if rests else {})
    done = stated(table, year, classification)
    return ParsedFile(f"{classification} {version}", {"trade": done}, str(year), about)


def _refuse_products(path: Path) -> None:
    if path.name.lower().startswith("product_codes"):
        raise DataError(
            f"{path} is the list of products, which is not needed; add the files of years, and "
            "the list of country codes."
        )


def _named(path: Path, pattern: re.Pattern[str], example: str) -> tuple[str, int, str]:
    """Classification, year and version in the name of a file."""
    named = pattern.search(path.stem)
    if named is None:
        raise DataError(
            f"the classification, year and version of {path} are not in its name; keep the "
            f"publisher's name, such as {example}."
        )
    return named.group(1).upper(), int(named.group(2)), named.group(3)


def _canonical(place: FilePlace, frame: Frame, own: Mapping[str, str]) -> tuple[Frame, str]:
    """Products and totals of pairs, and the rests that are left out, with their sums."""
    kinds = frame.k.astype("category")
    products = kinds.cat.rename_categories(_six(place, kinds))
    rows: Frame = pd.DataFrame(
        {
            "reporter": _economy(place, frame.i, own),
            "partner": _economy(place, frame.j, own),
            "product": products,
            "value": frame.v / 1000.0,
            "quantity": frame.q,
        },
        index=frame.index,
    )
    known = rows.dropna(subset=["reporter", "partner"])
    refuse_twice(place, known, ["reporter", "partner", "product"], "a flow")
    pairs = known.groupby(["reporter", "partner"], observed=True)["value"].sum().reset_index()
    # One set of categories for both, so that millions of rows stay numbers.
    kinds = [*products.cat.categories, "total"]
    known = known.assign(product=known["product"].cat.set_categories(kinds))
    pairs["product"] = pd.Categorical(["total"] * len(pairs), kinds)
    return pd.concat([known, pairs], ignore_index=True), _rests(frame, rows)


def _six(place: FilePlace, codes: Words) -> list[str]:
    """Codes of products with the zero in front that some editions and spreadsheets leave out."""
    whole = [f"{one:0>6}" for one in codes.cat.categories]
    for code, full in zip(codes.cat.categories, whole, strict=True):
        if len(code) < 5 or not re.fullmatch("[0-9A-Z]{6}", full):
            line = codes.index[int(np.argmax(codes == code))]
            raise DataError(f"{place.at(line)}: '{code}' is no product of the HS in six digits.")
    return whole


def _economy(place: FilePlace, codes: Words, own: Mapping[str, str]) -> pd.Categorical:
    """Economies by their numbers, each looked up once; nothing for rests."""
    kinds = codes.astype("category")
    first = pd.Series(kinds.cat.codes.to_numpy(), index=kinds.index).drop_duplicates()
    words = pd.Series(kinds.cat.categories[first], index=first.index, dtype="str")
    here = words.isin(own.keys())
    areas = pd.Series(words.map(own), index=words.index, dtype=object)
    areas[~here] = economies.translate(place, words[~here])
    letters = pd.Series(areas.to_numpy(), index=first.to_numpy()).sort_index()
    return pd.Categorical(letters.to_numpy()[kinds.cat.codes])


def _rests(frame: Frame, rows: Frame) -> str:
    lost = rows.reporter.isna() | rows.partner.isna()
    left, row = frame[lost], rows[lost]
    codes = left.i.astype("str").where(row.reporter.isna(), left.j.astype("str"))
    return economies.rests(codes, row["value"])


def stated(rows: Frame, year: int, classification: str) -> Frame:
    """Rows of pair, product and value as the canonical table."""
    constants = {
        "flow": "exports",
        "frequency": "A",
        "period": f"{year}-01-01",
        "basis": HARMONISED,
        "status": "final",
        "note": f"BACI, {classification}; reporter is the exporter",
    }
    same = np.zeros(len(rows), np.int8)
    return rows.assign(
        **{name: pd.Categorical.from_codes(same, [value]) for name, value in constants.items()}
    )


def _repackaged(opened: SourceTable) -> ParsedFile:
    """Totals of pairs; the classification, the year and the version are in the name."""
    example = "baci_hs22_2023_v202501_totals.parquet"
    classification, year, version = _named(opened.path, REPACKAGED, example)
    place, frame = opened.place, opened.frame
    require_values(place, frame, ["reporter", "partner", "value"])
    require_codes(place, frame.reporter)
    require_codes(place, frame.partner)
    require_between(place, frame["value"], LARGEST, "value in thousand US$")
    refuse_twice(place, frame, ["reporter", "partner"], "a flow")
    rows = frame.assign(product="total", value=frame["value"] / 1000.0)
    require_size(opened.path, "trade", float(rows["value"].sum()), *WORLD_TRADE)
    edition = f"{classification} {version.upper()}, totals"
    done = stated(rows, year, classification)
    return ParsedFile(edition, {"trade": done}, str(year), opened.about())


SOURCE = Source(
    title="CEPII BACI, goods trade by product",
    licence=ETALAB,
    attribution="CEPII, BACI (Gaulier and Zignago 2010), Etalab Open Licence 2.0.",
    files="BACI_HSxx_Yyear_Vversion.csv, with country_codes_Vversion.csv if at hand",
    read=read,
    builds="pair totals for detente data build world-2023-korean-books",
    layouts=LAYOUTS,
)
