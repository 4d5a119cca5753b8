"""Goods trade by product, reconciled between both sides: CEPII BACI, one file a year.

Columns t (year), i (exporter), j (importer), k (HS6), v (thousand US$, fob), q (tonnes).
Gaulier and Zignago (2010), Etalab Open Licence 2.0.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ..._core import DataError
from ..tables import read_parquet
from . import economies
from .former import (
    columns_of,
    is_parquet,
    read_csv,
    refuse_cut_off,
    refuse_wrong_kind,
    require_values,
    translate,
    Words,
)
from .source import ETALAB, Frame, Parsed, Progress, require_size, Source


NAME = re.compile(r"BACI_(HS\d\d)_Y(\d{4})_(V\d{6}\w?)", re.IGNORECASE)
TYPES = {"t": "int32", "i": "int32", "j": "int32", "k": "string", "v": "float64"}
WORLD_TRADE = (1e6, 1e8)
"""World goods trade of a year in million US$: 5e6 in 1995, 2.2e7 in 2023."""
NUMBERS = ("t", "v", "q")


def read(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Years of BACI. The list of country codes that comes with them may be among the files."""
    codes = dict({c: a.code for c, a in economies.areas("numeric").items() if a.code})
    tables = [path for path in files if not path.name.lower().startswith("country_codes")]
    for path in set(files) - set(tables):
        listed = read_csv(path, ["country_code", "country_iso3"])
        codes |= dict(zip(listed.country_code, listed.country_iso3, strict=True))
    if not tables:
        raise DataError(
            "the list of country codes came without a file BACI_HS.._Y...._V.......csv."
        )
    return [_read_one(path, codes, progress) for path in tables]


def _read_one(path: Path, codes: dict[str, str], progress: Progress) -> Parsed:
    refuse_wrong_kind(path)
    if is_parquet(path):
        return _repackaged(path)
    named = NAME.search(path.stem)
    if named is None:
        raise DataError(
            f"the classification, year and version of {path} are not in its name; keep the "
            "publisher's name, such as BACI_HS17_Y2023_V202501.csv."
        )
    classification, year, version = named.group(1).upper(), int(named.group(2)), named.group(3)
    progress(f"reading {path.name}")
    refuse_cut_off(path)
    frame = _read_rows(path)
    if (frame.t != year).any():
        found = int(frame.t[frame.t != year].iloc[0])
        raise DataError(f"{path} holds the year {found}, and its name says {year}.")
    require_size(path, "trade", float(frame.v.sum()) / 1000, *WORLD_TRADE)
    table = _canonical(path, frame, codes, classification)
    return Parsed(f"{classification} {version}", {"trade": table}, str(year))


def _read_rows(path: Path) -> Frame:
    """Typed at once, which is fast; where that fails, as text, to find the line at fault."""
    try:
        frame = pd.read_csv(path, dtype={**TYPES, "k": "category"}, skipinitialspace=True)
        if {*TYPES, "q"} <= set(frame.columns) and frame.q.dtype.kind in "fi":
            if not frame[["k", "v"]].isna().to_numpy().any():
                return frame
    except (ValueError, pd.errors.ParserError):
        pass
    text = read_csv(path, ["t", "i", "j", "k", "v", "q"], NUMBERS)
    require_values(path, text, ["t", "i", "j", "k", "v"])
    return text.assign(t=text.t.astype(int), k=text.k.astype("category"))


def _canonical(path: Path, frame: Frame, codes: dict[str, str], classification: str) -> Frame:
    products = frame.k.cat.rename_categories([f"{one:0>6}" for one in frame.k.cat.categories])
    rows: Frame = pd.DataFrame(
        {
            "reporter": _economy(path, frame.i, codes),
            "partner": _economy(path, frame.j, codes),
            "product": products,
            "value": frame.v / 1000.0,
            "quantity": frame.q.astype(float),
        }
    )
    if rows.duplicated(["reporter", "partner", "product"]).any():
        raise DataError(f"{path} has a flow of one product twice.")
    pairs = rows.groupby(["reporter", "partner"], observed=True)["value"].sum().reset_index()
    # One set of categories for both, so that millions of rows stay numbers.
    kinds = [*products.cat.categories, "total"]
    rows["product"] = products.cat.set_categories(kinds)
    pairs["product"] = pd.Categorical(["total"] * len(pairs), kinds)
    both = pd.concat([rows, pairs], ignore_index=True)
    return stated(both, int(frame.t.iloc[0]), classification)


def _economy(path: Path, numbers: Words, codes: dict[str, str]) -> pd.Categorical:
    kinds = numbers.astype("category")
    known = translate(path, pd.Series(kinds.cat.categories.astype(str)), codes)
    return pd.Categorical(known.to_numpy()[kinds.cat.codes])


def stated(rows: Frame, year: int, classification: str) -> Frame:
    """Rows of pair, product and value as the canonical table."""
    constants = {
        "flow": "exports",
        "frequency": "A",
        "period": f"{year}-01-01",
        "basis": "harmonised",
        "status": "final",
        "note": f"BACI, {classification}; reporter is the exporter",
    }
    same = np.zeros(len(rows), np.int8)
    return rows.assign(
        **{name: pd.Categorical.from_codes(same, [value]) for name, value in constants.items()}
    )


def _repackaged(path: Path) -> Parsed:
    """Totals of pairs: exporter, importer, value_kusd; the year and version are in the name."""
    wanted = ["exporter", "importer", "value_kusd"]
    named = re.search(r"(hs\d\d)_(\d{4})_(v\d{6})", path.stem, re.IGNORECASE)
    if not set(wanted) <= set(columns_of(path)) or named is None:
        raise DataError(f"{path} should have the columns {', '.join(wanted)} and a dated name.")
    frame = read_parquet(path, wanted)
    rows: Frame = pd.DataFrame(
        {
            "reporter": frame.exporter,
            "partner": frame.importer,
            "product": "total",
            "value": frame.value_kusd / 1000.0,
        }
    )
    require_size(path, "trade", float(rows["value"].sum()), *WORLD_TRADE)
    classification, year, version = named.group(1).upper(), int(named.group(2)), named.group(3)
    edition = f"{classification} {version.upper()}, totals"
    return Parsed(edition, {"trade": stated(rows, year, classification)}, str(year))


SOURCE = Source(
    title="CEPII BACI, goods trade by product",
    licence=ETALAB,
    attribution="CEPII, BACI (Gaulier and Zignago 2010), Etalab Open Licence 2.0.",
    files="BACI_HSxx_Yyear_Vversion.csv, with country_codes_Vversion.csv if at hand",
    read=read,
    builds="pair totals for detente data build world-2023-korean-books",
)
