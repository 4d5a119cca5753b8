"""Inter-country input-output tables, one file a year: OECD ICIO, editions of 2023 and 2025.

The file is one wide matrix of text. Rows are `AUS_A01_02` (economy and industry) and then `TLS`
(taxes less subsidies), `VA` and `OUT`; columns are the same industries, the categories of final
demand (`AUS_HFCE`) and `OUT`; million US$ at basic prices. The 2023 edition has 45 industries, the
2025 edition 50. Extended tables split China (CN1, CN2) and Mexico (MX1, MX2), which are merged
here. The industries tell the edition; the name of the file tells the year, and may tell the edition
beside it, as ICIO2023_2018.csv does. Published by the OECD, http://oe.cd/icio, CC BY 4.0.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Float

from ..._core import DataError
from .. import canonical
from ..concordance import table
from ..tables import read_parquet
from .economies import from_alpha2
from .layout import Layout
from .limits import refuse_endless_line, refuse_lying_parquet
from .matrix import check, Labels, Matrix, to_accounts, to_long, WORLD_OUTPUT
from .opened import is_parquet, refuse_wrong_kind
from .place import Words
from .source import CC_BY, Frame, ParsedFile, Progress, require_size, Source
from .wide import form_of, NumberForm
from .years import candidates, year_in_name


FINAL = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR", "P33", "NONRES", "FD")
"""Households, non-profit institutions, government, capital formation, inventories, purchases
abroad by residents; P33, NONRES and FD are what other editions call the last, and their sum."""
ACCOUNTS = ("TLS", "VA", "OUT")
MERGED = {"CN1": "CHN", "CN2": "CHN", "MX1": "MEX", "MX2": "MEX"}
RENAMED = {"C241_2431": "C24A", "C242_2432": "C24B", "C30X301": "C302T309"}
EDITIONS = {"2023": "icio", "2025": "icio_2025"}
"""The concordance that lists the industries of each edition."""
FORMER = {"C01T05AGR": "2016", "01T03": "2018", "D01T03": "2018", "01T02": "2021", "D01T02": "2021"}
"""What editions that are not read call their first industry."""
EXAMPLE = "2020_SML.csv"
ROW_BLOCK = 256
"""Lines read at once: a block of a full table is 8 MB."""


def industries_of(edition: str) -> tuple[str, ...]:
    """The industries of an edition, in the order of the source."""
    return tuple(row["code"] for row in table(f"industries_{EDITIONS[edition]}"))


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Tables of one or more years; each file is checked before the next is read."""
    return [_read_one(path, progress) for path in files]


def _read_one(path: Path, progress: Progress) -> ParsedFile:
    refuse_wrong_kind(path)
    if is_parquet(path):
        refuse_lying_parquet(path)
        return _repackaged(path)
    if not candidates(path.stem):
        year_in_name(path, EXAMPLE)
    parsed = _read_matrix(path, progress)
    edition = _edition(path, parsed.rows)
    year = year_in_name(path, EXAMPLE, before=int(edition))
    progress(f"checking {path.name}")
    check(path, parsed, FINAL)
    progress(f"laying out {path.name}")
    tables = {"io": to_long(parsed, year), "io_account": to_accounts(parsed, year)}
    return ParsedFile(edition, tables, str(year), {"unit": "million US$, basic prices"})


def _read_matrix(path: Path, progress: Progress) -> Matrix:
    """The file in blocks of lines, straight into one array."""
    refuse_endless_line(path)
    form, (first, *_) = form_of(path)
    header = [name.strip().strip('"') for name in first.split(form.separator)]
    if len(header) < 4:
        raise DataError(f"{path} has {len(header)} columns, and is not a table of the OECD.")
    _refuse_former(path, header[1:])
    names = _column_names(path, header[1:])
    labels: list[str] = []
    blocks: list[np.ndarray] = []
    for block in _blocks(path, form, len(header)):
        labels += [str(label).strip() for label in block.index]
        blocks.append(_numbers(path, block, len(labels) - len(block)))
        progress(f"reading {path.name}, line {len(labels) + 1}")
    return _assemble(path, labels, names, np.vstack(blocks))


def _blocks(path: Path, form: NumberForm, width: int) -> Iterator[Frame]:
    try:
        with pd.read_csv(
            path, index_col=0, skiprows=1, header=None, chunksize=ROW_BLOCK, low_memory=False,
            names=range(width), encoding="utf-8-sig", sep=form.separator, decimal=form.decimal,
            keep_default_na=False, na_values=[""],
        ) as reader:  # fmt: skip
            yield from reader
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        reason = str(error).removeprefix("Error tokenizing data. ").strip().splitlines()[0]
        raise DataError(f"{path} cannot be read as a table ({reason}).") from error


def _numbers(path: Path, block: Frame, before: int) -> Float[np.ndarray, "line column"]:
    """A block as floats; a cell that is no number, or missing, is named by line and column."""
    for place, kind in enumerate(block.dtypes):
        if kind.kind not in "fiu":
            words = block.iloc[:, place]
            numbers: Words = pd.to_numeric(words, errors="coerce")
            wrong = numbers.isna().to_numpy()
            line = int(np.flatnonzero(wrong)[0])
            raise DataError(
                f"{path}, line {before + line + 2}, column {place + 2}: "
                f"'{words.iloc[line]}' is not a number."
            )
    values = block.to_numpy(float)
    missing = ~np.isfinite(values)
    # The publisher leaves the cells of TLS and VA under the column of output empty.
    accounts = np.array([str(label).strip() in ACCOUNTS for label in block.index])
    missing[accounts, -1] = False
    if missing.any():
        line, place = (int(axis[0]) for axis in np.nonzero(missing))
        if not np.isnan(values[line, place]):
            raise DataError(
                f"{path}, line {before + line + 2}, column {place + 2}: the number is infinite."
            )
        raise DataError(
            f"{path}, line {before + line + 2}, column {place + 2}: the cell is empty or the line "
            "was cut off; fetch the file again."
        )
    return values


def _refuse_former(path: Path, header: Sequence[str]) -> None:
    """Raise for a table of an edition that is not read, and say which one it is."""
    codes = [name.partition("_")[2] for name in header]
    first = next((code for code in codes if code in FORMER), None)
    if first is not None:
        uses = set(FINAL) | {"", "NPISH", "GGFC", "DIRP"}
        raise DataError(
            f"{path} has {len(set(codes) - uses)} industries, which are not those of the editions "
            f"of 2023 (45) or 2025 (50): '{first}' is of the edition of {FORMER[first]}, which is "
            "not read."
        )


def _column_names(path: Path, header: Sequence[str]) -> list[str]:
    if not header or header[-1] not in ("OUT", "TOTAL"):
        raise DataError(
            f"{path} should end with the column 'OUT', and ends with '{header[-1]}': it is not a "
            "table of the editions of 2023 or 2025, or it was cut off."
        )
    return list(header[:-1])


def _assemble(path: Path, labels: list[str], names: list[str], values: np.ndarray) -> Matrix:
    """Industries apart from accounts, the parts of China and Mexico together."""
    _refuse_twice(path, labels)
    missing = [one for one in ACCOUNTS if one not in labels]
    if missing:
        raise DataError(
            f"{path} should have the rows TLS, VA and OUT, and has no {', '.join(missing)}: it is "
            "of another edition, or was cut off."
        )
    places = [place for place, label in enumerate(labels) if label not in ACCOUNTS]
    rows = _labels(path, [labels[place] for place in places])
    columns = _labels(path, names)
    flows = values[places, :-1]
    accounts = {one: values[labels.index(one), :-1] for one in ACCOUNTS}
    output = values[places, -1]
    merged = set(rows.countries) | set(columns.countries)
    if not merged & set(MERGED):
        return Matrix(rows, columns, flows, accounts, output)
    return _merge(Matrix(rows, columns, flows, accounts, output))


def _labels(path: Path, names: Sequence[str]) -> Labels:
    pairs = [name.partition("_")[::2] for name in names]
    wrong = next((n for n, (country, code) in zip(names, pairs, strict=True)
                  if not re.fullmatch(r"[A-Z][A-Z0-9]{2}", country) or not code), None)  # fmt: skip
    if wrong is not None:
        raise DataError(
            f"{path} has the label '{wrong}' where an economy and an industry such as "
            "AUS_C26 were expected."
        )
    _refuse_twice(path, names)
    unknown = next((one for one, _ in pairs if one not in _economies()), None)
    if unknown is not None:
        raise DataError(
            f"{path} has the unknown economy '{unknown}', which is neither of ISO 3166 nor a part "
            f"of an extended table ({', '.join(MERGED)})."
        )
    countries, codes = zip(*pairs, strict=True)
    return Labels(tuple(map(str, countries)), tuple(RENAMED.get(str(c), str(c)) for c in codes))


def _refuse_twice(path: Path, names: Sequence[str]) -> None:
    twice = next((name for name, times in Counter(names).items() if times > 1), None)
    if twice is not None:
        raise DataError(f"{path} has the label '{twice}' twice.")


@cache
def _economies() -> frozenset[str]:
    return frozenset([*from_alpha2().values(), *MERGED, "ROW"])


def _merge(parsed: Matrix) -> Matrix:
    """Sum what processing trade and firm size split, in the extended tables."""
    rows, row_of = _groups(parsed.rows)
    columns, column_of = _groups(parsed.columns)
    values = np.zeros((len(rows.codes), parsed.values.shape[1]))
    np.add.at(values, row_of, parsed.values)
    merged = np.zeros((len(rows.codes), len(columns.codes)))
    np.add.at(merged.T, column_of, values.T)
    return Matrix(
        rows, columns, merged,
        {one: np.bincount(column_of, account) for one, account in parsed.accounts.items()},
        np.bincount(row_of, parsed.output),
    )  # fmt: skip


def _groups(labels: Labels) -> tuple[Labels, np.ndarray]:
    keys = [
        (MERGED.get(country, country), code)
        for country, code in zip(labels.countries, labels.codes, strict=True)
    ]
    place = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    countries, codes = zip(*place, strict=True)
    return Labels(tuple(map(str, countries)), tuple(map(str, codes))), np.array(
        [place[key] for key in keys]
    )


def _edition(path: Path, rows: Labels) -> str:
    """The edition whose industries these are."""
    codes = set(rows.codes)
    for edition in EDITIONS:
        if codes == set(industries_of(edition)):
            return edition
    nearest = min(EDITIONS, key=lambda one: len(codes ^ set(industries_of(one))))
    odd = ", ".join(sorted(codes ^ set(industries_of(nearest)))[:4])
    raise DataError(
        f"{path} has {len(codes)} industries, which are not those of the editions of 2023 (45) or "
        f"2025 (50); the difference from {nearest} is {odd}."
    )


def _repackaged(path: Path) -> ParsedFile:
    """Flows of all uses together, as repackaged from the edition of 2025 with its extension."""
    wanted = ["year", "sector", "importer", "exporter", "value_musd"]
    here = canonical.schema_of(path)
    if not set(wanted) <= set(here):
        raise DataError(f"{path} should have the columns {', '.join(wanted)}, and does not.")
    frame = read_parquet(path, wanted).rename(
        columns={"importer": "destination", "exporter": "origin", "value_musd": "value"}
    )
    require_size(path, "flows of a year", float(frame.groupby("year")["value"].sum().median()),
                 *WORLD_OUTPUT)  # fmt: skip
    order = frame.sort_values(["year", "origin", "destination"], kind="stable")
    about = {"unit": "million US$, basic prices", "note": "inventories redistributed"}
    return ParsedFile("flows", {"flows": order}, "", about)


SOURCE = Source(
    title="OECD Inter-Country Input-Output tables",
    licence=CC_BY,
    attribution="OECD, Inter-Country Input-Output Tables, http://oe.cd/icio, CC BY 4.0.",
    files="YEAR_SML.csv or YEAR.csv of the editions of 2023 and 2025; flows.parquet as repackaged",
    read=read,
    layouts=(
        Layout(
            "inter-country tables of a year, 45 industries (2023) or 50 (2025)",
            {},
            seen="2018_SML.csv as users show it; tables of 2019 and 2022 repackaged",
        ),
    ),
    builds="detente data build icio-YEAR",
)
