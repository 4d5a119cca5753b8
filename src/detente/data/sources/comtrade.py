"""Goods trade as reported: UN Comtrade, its present and its former form of CSV. US$.

The present form has typeCode … primaryValue, the former Classification … Trade Value (US$). Rows of
all modes of transport, all customs procedures and no second partner are kept, so that nothing
counts twice. Free with attribution; passing on in bulk is restricted.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ..._core import DataError
from ..tables import read_parquet
from . import economies
from .former import columns_of, is_parquet, read_csv, require_values, translate, Words
from .source import Frame, one_by_one, Parsed, Progress, Source


PRESENT: Mapping[str, str] = {
    "reporterCode": "reporter", "partnerCode": "partner", "flowCode": "flow",
    "cmdCode": "product", "period": "period", "classificationCode": "classification",
    "primaryValue": "value",
}  # fmt: skip
FORMER: Mapping[str, str] = {
    "Reporter Code": "reporter", "Partner Code": "partner", "Trade Flow": "flow",
    "Commodity Code": "product", "Period": "period", "Classification": "classification",
    "Trade Value (US$)": "value",
}  # fmt: skip
WHOLE: Mapping[str, frozenset[str]] = {
    "partner2Code": frozenset({"0", ""}),
    "motCode": frozenset({"0", ""}),
    "customsCode": frozenset({"C00", ""}),
}
"""What stands for all second partners, modes of transport and customs procedures."""
FLOWS: Mapping[str, str] = {
    "X": "exports", "M": "imports", "Export": "exports", "Import": "imports",
    "Exports": "exports", "Imports": "imports",
}  # fmt: skip
OTHER_FLOWS = {"RX", "RM", "DX", "FM", "Re-Export", "Re-Import", "Re-Exports", "Re-Imports",
               "MIP", "XIP", "MOP", "XOP"}  # fmt: skip


def read(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Extracts of UN Comtrade, in either form."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> Parsed:
    if is_parquet(path):
        return _repackaged(path)
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        former = "Trade Value (US$)" in file.readline()
    names = FORMER if former else PRESENT
    value = "Trade Value (US$)" if former else "primaryValue"
    frame = read_csv(path, list(names), [value], optional=[*WHOLE, "netWgt", "Netweight (kg)"])
    require_values(path, frame, list(names))
    frame = frame.rename(columns=dict(names))
    table = _canonical(path, frame)
    classification = ", ".join(sorted(set(frame.classification)))
    return Parsed(classification, {"trade": table}, path.stem)


def _canonical(path: Path, frame: Frame) -> Frame:
    kept = frame[_whole(frame) & ~frame.flow.isin(OTHER_FLOWS)]
    unknown = set(kept.flow) - set(FLOWS)
    if unknown:
        raise DataError(f"{path} has the unknown trade flow '{sorted(unknown)[0]}'.")
    if kept.empty:
        raise DataError(f"{path} has no exports or imports of all modes of transport together.")
    numbers = {c: a.code for c, a in economies.areas("numeric").items() if a.code}
    table: Frame = pd.DataFrame(
        {
            "reporter": translate(path, kept.reporter, numbers),
            "partner": translate(path, kept.partner, numbers),
            "flow": kept.flow.map(FLOWS),
            "product": kept["product"].where(kept["product"].str.upper() != "TOTAL", "total"),
            "frequency": kept.period.str.len().map({4: "A", 6: "M"}),
            "period": kept.period.str[:4] + "-" + kept.period.str[4:6].where(
                kept.period.str.len() == 6, "01") + "-01",
            "value": kept["value"] / 1e6,
            "basis": "comtrade",
            "status": "final",
            "note": "UN Comtrade, " + kept.classification,
        }
    )  # fmt: skip
    if table.frequency.isna().any():
        raise DataError(f"{path} has a period that is neither YYYY nor YYYYMM.")
    same = ["reporter", "partner", "flow", "product", "period", "note"]
    twice = table.duplicated(same)
    if twice.any():
        first = table[twice].iloc[0]
        raise DataError(
            f"{path} has {first.flow} of {first.reporter} with {first.partner}, product "
            f"{first['product']}, {first.period}, twice: choose totals of all procedures."
        )
    return table


def _whole(frame: Frame) -> Words:
    keep = pd.Series(True, index=frame.index)
    for name, all_of_them in WHOLE.items():
        if name in frame:
            keep &= frame[name].fillna("").isin(all_of_them)
    return keep


def _repackaged(path: Path) -> Parsed:
    """By chapter, billion US$: year, reporter, partner, hs2, export_busd, import_busd."""
    wanted = ["year", "reporter", "partner", "hs2", "export_busd", "import_busd"]
    if not set(wanted) <= set(columns_of(path)):
        raise DataError(f"{path} should have the columns {', '.join(wanted)}, and does not.")
    frame = read_parquet(path, wanted)
    sides = [
        frame[["reporter", "partner"]].assign(
            product=frame.hs2.astype(str).str.zfill(2), flow=flow, value=frame[column] * 1000.0,
            period=frame.year.astype(str) + "-01-01", frequency="A", basis="comtrade",
            status="rounded", note="UN Comtrade, HS chapters",
        )
        for flow, column in (("exports", "export_busd"), ("imports", "import_busd"))
    ]  # fmt: skip
    return Parsed("HS chapters", {"trade": pd.concat(sides).dropna(subset="value")}, path.stem)


SOURCE = Source(
    title="UN Comtrade, trade as reported",
    licence="free with attribution; passing on in bulk is restricted",
    attribution="UN Comtrade Database, United Nations.",
    files="CSV of the present or the former interface",
    read=read,
)
