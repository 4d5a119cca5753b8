"""Goods trade as reported: UN Comtrade, in every form that its interfaces have given. US$.

Rows of all modes of transport, all customs procedures, all modes of supply and no second partner
are kept, so that nothing counts twice; what is only there in parts is refused. Free with
attribution; passing on in bulk is restricted.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ..._core import DataError
from ..bases import COMTRADE
from . import economies
from .layout import Layout
from .opened import open_table, SourceTable
from .place import FilePlace, Words
from .source import (
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


DIMENSIONS: Mapping[str, tuple[str, frozenset[str]]] = {
    "second": ("second partner", frozenset({"0", ""})),
    "transport": ("mode of transport", frozenset({"0", ""})),
    "customs": ("customs procedure", frozenset({"C00", ""})),
    "supply": ("mode of supply", frozenset({"0", ""})),
}
"""What else trade may be split by, in words, and what stands for all of it."""
PRESENT, FORMER, FORMER_API, CHAPTERS = LAYOUTS = (
    Layout(
        "UN Comtrade, the present interface",
        {
            "reporter": "reporterCode|reporter_code", "partner": "partnerCode|partner_code",
            "flow": "flowCode|flow_code", "product": "cmdCode|cmd_code", "period": "period",
            "classification": "classificationCode|classification_code",
        },
        {"value": "primaryValue|primary_value"},
        {
            "type": "typeCode|type_code", "frequency": "freqCode|freq_code",
            "level": "aggrLevel|aggr_level", "second": "partner2Code|partner_2_code|partner2_code",
            "transport": "motCode|mot_code", "customs": "customsCode|customs_code",
            "supply": "mosCode|mos_code",
        },
        {"weight": "netWgt|net_wgt", "cif": "cifvalue", "fob": "fobvalue"},
        encodings=("latin-1",),
        grouped=False,
        seen="downloads and answers of the interface since 2023",
    ),
    Layout(
        "UN Comtrade, the interface before 2023",
        {
            "reporter": "Reporter Code", "partner": "Partner Code", "flow": "Trade Flow",
            "product": "Commodity Code", "period": "Period", "classification": "Classification",
        },
        {"value": "Trade Value (US$)"},
        {
            "level": "Aggregate Level", "second": "2nd Partner Code",
            "transport": "Mode of Transport Code", "customs": "Customs Proc. Code",
        },
        {
            "weight": "Netweight (kg)", "cif": "CIF Trade Value (US$)",
            "fob": "FOB Trade Value (US$)",
        },
        encodings=("latin-1",),
        grouped=False,
        seen="downloads of the interface before 2023",
    ),
    Layout(
        "UN Comtrade, answers of the interface before 2023",
        {
            "reporter": "rtCode", "partner": "ptCode", "flow": "rgDesc", "product": "cmdCode",
            "period": "period", "classification": "pfCode",
        },
        {"value": "TradeValue"},
        {
            "level": "aggrLevel", "second": "ptCode2", "transport": "motCode",
            "customs": "cstCode",
        },
        {"weight": "NetWeight", "cif": "CIFValue", "fob": "FOBValue"},
        encodings=("latin-1",),
        grouped=False,
    ),
    Layout(
        "UN Comtrade by chapter, as repackaged",
        {"reporter": "reporter", "partner": "partner", "product": "hs2"},
        {"year": "year", "exports": "export_busd", "imports": "import_busd"},
        seen="the extract of trade between the USA and China, 1991-2023",
    ),
)  # fmt: skip
FLOWS: Mapping[str, str] = {
    "x": "exports", "export": "exports", "exports": "exports",
    "m": "imports", "import": "imports", "imports": "imports",
}  # fmt: skip
PARTS_OF_FLOWS = frozenset(
    {"rx", "rm", "dx", "fm", "mip", "xip", "mop", "xop", "re-export", "re-import", "re-exports",
     "re-imports", "domestic export", "foreign import"}
)  # fmt: skip
"""Flows that exports and imports already contain."""
ALL_PARTNERS = (0.0, 1e13)
"""US$: all exports of China in a year are 3.6e12."""
ONE_PARTNER = (0.0, 1e12)
"""US$: no country sells another so much in a year (Mexico to the USA: 5e11)."""
JUMP, SETTLED = 8.0, 20_000.0
"""Within a year, for totals of more than so many million US$: small ones move with one ship."""
KEYS = ["reporter", "partner", "flow", "product", "period"]


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Extracts of UN Comtrade, in any of its forms."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> ParsedFile:
    opened = open_table(path, LAYOUTS)
    if opened.layout is CHAPTERS:
        return ParsedFile("HS chapters", {"trade": _by_chapter(opened)}, path.stem, opened.about())
    place, frame = opened.place, opened.frame
    _refuse_shifted(place, frame)
    require_values(place, frame, [*opened.layout.text, "value"])
    require_codes(place, frame.classification, r"[A-Z]{1,4}\d{0,2}", "code of a classification")
    frame, parts = _whole(place, *_flows(place, _goods(place, frame)))
    table = _canonical(place, frame)
    known = table.dropna(subset=["reporter", "partner"])
    rests = _rests(frame, table)
    if known.empty:
        raise DataError(f"{path} has no trade between economies, only {rests}.")
    _check(place, known, frame["value"])
    classification = ", ".join(sorted(set(frame.classification)))
    about = (
        opened.about() | parts | ({"left out: areas that are no economy": rests} if rests else {})
    )
    return ParsedFile(classification, {"trade": _once(place, known)}, path.stem, about)


def _refuse_shifted(place: FilePlace, frame: Frame) -> None:
    """Raise where cells stand one column off: each line of a download ends with a comma more than
    its row of names, which some programs take for names of rows in front.
    """
    if "type" in frame and frame.type.isin(["A", "M"]).any():
        raise DataError(
            f"{place.path} has its cells one column off their names, as a program leaves them that "
            "takes the first column for names of rows; fetch the file again."
        )


def _goods(place: FilePlace, frame: Frame) -> Frame:
    if "type" not in frame or frame.type.isin(["C", ""]).all():
        return frame
    goods = frame[frame.type == "C"]
    if goods.empty:
        raise DataError(f"{place.path} has no trade in goods (typeCode C).")
    return goods


def _flows(place: FilePlace, frame: Frame) -> tuple[Frame, dict[str, str]]:
    """Exports and imports; and how many rows are of what these already contain."""
    named = frame.flow.str.casefold()
    parts = named.isin(PARTS_OF_FLOWS)
    unknown = ~parts & ~named.isin(FLOWS.keys())
    if unknown.any():
        line = frame.index[unknown.to_numpy().argmax()]
        raise DataError(f"{place.at(line)} has the unknown trade flow '{frame.flow[line]}'.")
    if parts.all():
        raise DataError(f"{place.path} has no exports or imports, only {frame.flow.iloc[0]}.")
    said = {"left out: re-exports and other parts of flows": _rows(parts)} if parts.any() else {}
    return frame[~parts].assign(flow=named.map(FLOWS)), said


def _rows(which: Words) -> str:
    count = int(which.sum())
    return f"{count} row" if count == 1 else f"{count:,} rows"


def _whole(place: FilePlace, frame: Frame, said: dict[str, str]) -> tuple[Frame, dict[str, str]]:
    """Rows of all modes and procedures together; parts of a sum that is not there are refused."""
    keep = pd.Series(True, index=frame.index)
    keys = ["reporter", "partner", "flow", "product", "period"]
    for name, (words, everything) in DIMENSIONS.items():
        if name in frame:
            part = ~frame[name].isin(everything)
            _refuse_parts_alone(place, frame, part, keys, words)
            said |= {f"left out: parts by {words}": _rows(part)} if part.any() else {}
            keep &= ~part
    if not keep.any():
        raise DataError(
            f"{place.path} has no row of all modes of transport and customs procedures together."
        )
    return frame[keep], said


def _refuse_parts_alone(
    place: FilePlace, frame: Frame, part: Words, keys: list[str], words: str
) -> None:
    sums = pd.MultiIndex.from_frame(frame.loc[~part, keys])
    alone = part & ~pd.MultiIndex.from_frame(frame[keys]).isin(sums)
    if alone.any():
        line = alone.index[alone.to_numpy().argmax()]
        raise DataError(
            f"{place.at(line)}: the {frame.flow[line]} of {frame['product'][line]} are split by "
            f"{words}, and there is no row for all of it; download the totals, too."
        )


def _canonical(place: FilePlace, frame: Frame) -> Frame:
    year, month = _period(place, frame)
    classification = frame.classification
    table: Frame = pd.DataFrame(
        {
            "reporter": economies.translate(place, frame.reporter),
            "partner": economies.translate(place, frame.partner),
            "flow": frame.flow,
            "product": _product(place, frame),
            "frequency": month.map(lambda one: "M" if one else "A"),
            "period": year + "-" + month.replace("", "01") + "-01",
            "value": frame["value"] / 1e6,
            "basis": COMTRADE,
            "status": "final",
            "note": "UN Comtrade, " + classification + _valued(frame),
        }
    )
    weight = frame.get("weight", pd.Series(float("nan"), index=frame.index))
    return table.assign(quantity=(weight / 1000.0).where(weight > 0))


def _period(place: FilePlace, frame: Frame) -> tuple[Words, Words]:
    """Years, and months that are empty for years."""
    parts = frame.period.str.extract(r"^((?:19|20)\d\d)(0[1-9]|1[0-2])?$")
    wrong = parts[0].isna()
    if "frequency" in frame:
        monthly = frame.frequency.str.upper() == "M"
        wrong |= monthly != parts[1].notna()
    if wrong.any():
        line = frame.index[wrong.to_numpy().argmax()]
        raise DataError(
            f"{place.at(line)}: the period '{frame.period[line]}' is neither a year, YYYY, nor a "
            "month, YYYYMM, as its frequency wants it."
        )
    return parts[0], parts[1].fillna("")


def _product(place: FilePlace, frame: Frame) -> Words:
    """Codes in capitals, `total` for all goods; a zero in front that a spreadsheet took is back."""
    code = frame["product"].str.upper()
    harmonised = frame.classification.str.upper().str.startswith("H") & code.str.isdigit()
    odd = harmonised & (code.str.len() % 2 == 1)
    code = code.where(~odd, "0" + code)
    wrong = ~code.str.fullmatch(r"TOTAL|\d[0-9A-Z]{0,9}")
    if "level" in frame:
        level = frame.level.where(frame.level.str.fullmatch("[246]"), "")
        wrong |= harmonised & (level != "") & (code.str.len().astype("str") != level)
    if wrong.any():
        line = frame.index[wrong.to_numpy().argmax()]
        raise DataError(
            f"{place.at(line)}: '{frame['product'][line]}' is no code of a product at its level."
        )
    return code.where(code != "TOTAL", "total")


def _valued(frame: Frame) -> Words:
    """What to say of imports that a reporter values free on board, against the custom."""
    if not {"cif", "fob"} <= set(frame):
        return ""
    fob = (frame.flow == "imports") & (frame.fob == frame["value"]) & (frame.cif != frame["value"])
    return fob.map({True: ", imports valued fob", False: ""})


def _rests(frame: Frame, table: Frame) -> str:
    """The areas that are no economy, with the sum of their totals where the file has totals."""
    rows = table["product"] == "total" if (table["product"] == "total").any() else slice(None)
    codes = frame.reporter.where(table.reporter.isna(), frame.partner)[rows]
    return economies.rests(codes, frame["value"][rows] / 1e6)


def _check(place: FilePlace, table: Frame, values: Words) -> None:
    """No value is out of the world, and no total jumps from one year to the next."""
    one = (table.partner != "WLD") & (table.partner != "EUN")
    what = "value of trade in US$"
    require_between(place, values[table.index[one]], ONE_PARTNER, what)
    require_between(place, values[table.index[~one]], ALL_PARTNERS, what)
    totals = table[(table["product"] == "total") & (table.frequency == "A")]
    totals = totals.assign(year=totals.period.str[:4].astype(int))
    refuse_jump(place, totals, ["reporter", "partner", "flow"], "trade", JUMP, SETTLED)


def _once(place: FilePlace, table: Frame) -> Frame:
    """Each flow once; a total that two classifications give alike is one."""
    same = table.duplicated([*KEYS, "value"]) & (table["product"] == "total")
    several = table.note.groupby([table[key] for key in KEYS]).transform("nunique") > 1
    table = table[~(same & several)]
    refuse_twice(place, table, KEYS, "trade")
    return table


def _by_chapter(opened: SourceTable) -> Frame:
    """By chapter, billion US$."""
    frame = opened.frame
    for name in ("reporter", "partner"):
        require_codes(opened.place, frame[name])
    require_codes(opened.place, frame["product"], r"\d{1,2}", "chapter of the HS")
    years = require_years(opened.place, frame.year)
    sides = []
    for flow in ("exports", "imports"):
        require_between(opened.place, frame[flow], (0.0, 1000.0), "value in billion US$")
        sides.append(
            frame[["reporter", "partner"]].assign(
                product=frame["product"].str.zfill(2), flow=flow, value=frame[flow] * 1000.0,
                period=years.astype("str") + "-01-01", frequency="A", basis=COMTRADE,
                status="rounded", note="UN Comtrade, HS chapters",
            )
        )  # fmt: skip
        refuse_twice(opened.place, sides[-1], KEYS, "trade")
    return pd.concat(sides).dropna(subset="value")


SOURCE = Source(
    title="UN Comtrade, trade as reported",
    licence="free with attribution; passing on in bulk is restricted",
    attribution="UN Comtrade Database, United Nations.",
    files="a download or an answer of the present or the former interface, as CSV or workbook",
    read=read,
    layouts=LAYOUTS,
)
