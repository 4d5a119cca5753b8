"""Inter-country input-output tables, one file a year: OECD ICIO, editions of 2023 and 2025.

The file is one wide matrix of commas. Rows are `AUS_A01_02` (economy and industry) and then `TLS`
(taxes less subsidies), `VA` and `OUT`; columns are the same industries, the categories of final
demand (`AUS_HFCE`) and `OUT`; million US$ at basic prices. The 2023 edition has 45 industries, the
2025 edition 50. Extended tables split China (CN1, CN2) and Mexico (MX1, MX2), which are merged
here. Published by the OECD, http://oe.cd/icio, CC BY 4.0.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Float

from .._core import DataError
from . import canonical
from .concordance import table
from .source import CC_BY, is_parquet, Parsed, Progress, refuse_wrong_kind, require_size, Source
from .tables import read_parquet


FINAL = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR", "P33", "NONRES", "FD")
"""Households, non-profit institutions, government, capital formation, inventories, purchases
abroad by residents; P33, NONRES and FD are what other editions call the last, and their sum."""
ACCOUNTS = ("TLS", "VA", "OUT")
MERGED = {"CN1": "CHN", "CN2": "CHN", "MX1": "MEX", "MX2": "MEX"}
RENAMED = {"C241_2431": "C24A", "C242_2432": "C24B", "C30X301": "C302T309"}
EDITIONS = {"2023": "icio", "2025": "icio_2025"}
"""The concordance that lists the industries of each edition."""
ROW_BLOCK = 256
"""Lines read at once: a block of a full table is 8 MB."""
IMBALANCE = 0.005
"""Share of its output by which an account may miss it: the source closes far better, and a table
that has lost a line does not."""
SMALL = 1.0
"""Million US$ that never count as an imbalance: the rounding of tiny industries."""
WORLD_OUTPUT = (1e7, 1e9)
"""World output in million US$: 4e7 in 1995 and 2e8 in 2022, so that another unit shows."""


@dataclass(frozen=True, slots=True)
class _Labels:
    """Economy and industry or use of each row or column."""

    countries: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    rows: _Labels
    columns: _Labels
    values: Float[np.ndarray, "row column"]
    accounts: dict[str, Float[np.ndarray, " column"]]
    output: Float[np.ndarray, " row"]


def industries_of(edition: str) -> tuple[str, ...]:
    """The industries of an edition, in the order of the source."""
    return tuple(row["code"] for row in table(f"industries_{EDITIONS[edition]}"))


def read(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Tables of one or more years; each file is checked before the next is read."""
    return [_read_one(path, progress) for path in files]


def _read_one(path: Path, progress: Progress) -> Parsed:
    refuse_wrong_kind(path)
    if is_parquet(path):
        return _repackaged(path)
    year = _year(path)
    parsed = _read_matrix(path, progress)
    edition = _edition(path, parsed.rows)
    progress(f"checking {path.name}")
    _check(path, parsed)
    progress(f"laying out {path.name}")
    tables = {"io": _long(parsed, year), "io_account": _accounts(parsed, year)}
    return Parsed(edition, tables, str(year), {"unit": "million US$, basic prices"})


def _year(path: Path) -> int:
    found = re.search(r"(?<!\d)(19|20)\d\d(?!\d)", path.stem)
    if found is None:
        raise DataError(
            f"the year of {path} is not in its name; keep the publisher's name, such as "
            "2020_SML.csv."
        )
    return int(found.group())


def _read_matrix(path: Path, progress: Progress) -> _Table:
    """The file in blocks of lines, straight into one array."""
    with path.open(encoding="utf-8-sig") as file:
        header = [name.strip().strip('"') for name in file.readline().rstrip("\r\n").split(",")]
    if len(header) < 4:
        raise DataError(f"{path} has {len(header)} columns, and is not a table of the OECD.")
    names, has_output = _column_names(path, header[1:])
    labels: list[str] = []
    blocks: list[np.ndarray] = []
    for block in _blocks(path, len(header)):
        labels += [str(label).strip() for label in block.index]
        blocks.append(_numbers(path, block, len(labels) - len(block)))
        progress(f"reading {path.name}, line {len(labels) + 1}")
    return _assemble(path, labels, names, np.vstack(blocks), has_output)


def _blocks(path: Path, width: int) -> Iterator[pd.DataFrame]:
    try:
        with pd.read_csv(
            path, index_col=0, skiprows=1, header=None, chunksize=ROW_BLOCK, low_memory=False,
            names=range(width), encoding="utf-8-sig",
        ) as reader:  # fmt: skip
            yield from reader
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        found = str(error).removeprefix("Error tokenizing data. ").strip().splitlines()[0]
        raise DataError(f"{path} cannot be read as a table of commas ({found}).") from error


def _numbers(path: Path, block: pd.DataFrame, before: int) -> Float[np.ndarray, "line column"]:
    """A block as floats; a cell that is no number, or missing, is named by line and column."""
    for place, kind in enumerate(block.dtypes):
        if kind.kind not in "fiu":
            words = block.iloc[:, place]
            wrong = pd.to_numeric(words, errors="coerce").isna().to_numpy()
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
        line, place = (int(found[0]) for found in np.nonzero(missing))
        raise DataError(
            f"{path}, line {before + line + 2}, column {place + 2}: the cell is empty or the line "
            "was cut off; fetch the file again."
        )
    return values


def _column_names(path: Path, header: Sequence[str]) -> tuple[list[str], bool]:
    names = list(header)
    has_output = bool(names) and names[-1] in ("OUT", "TOTAL")
    if not has_output:
        raise DataError(
            f"{path} should end with the column 'OUT', and ends with '{names[-1]}': it is not a "
            "table of the editions of 2023 or 2025, or it was cut off."
        )
    return names[:-1], has_output


def _assemble(
    path: Path, labels: list[str], names: list[str], values: np.ndarray, has_output: bool
) -> _Table:
    """Industries apart from accounts, the parts of China and Mexico together."""
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
        return _Table(rows, columns, flows, accounts, output)
    return _merge(_Table(rows, columns, flows, accounts, output))


def _labels(path: Path, names: Sequence[str]) -> _Labels:
    pairs = [name.partition("_")[::2] for name in names]
    wrong = next((n for n, (country, code) in zip(names, pairs, strict=True)
                  if not re.fullmatch(r"[A-Z][A-Z0-9]{2}", country) or not code), None)  # fmt: skip
    if wrong is not None:
        raise DataError(
            f"{path} has the label '{wrong}' where an economy and an industry such as "
            "AUS_C26 were expected."
        )
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise DataError(f"{path} has the label '{twice}' twice.")
    countries, codes = zip(*pairs, strict=True)
    return _Labels(tuple(countries), tuple(RENAMED.get(code, code) for code in codes))


def _merge(parsed: _Table) -> _Table:
    """Sum what processing trade and firm size split, in the extended tables."""
    rows, row_of = _groups(parsed.rows)
    columns, column_of = _groups(parsed.columns)
    values = np.zeros((len(rows.codes), parsed.values.shape[1]))
    np.add.at(values, row_of, parsed.values)
    merged = np.zeros((len(rows.codes), len(columns.codes)))
    np.add.at(merged.T, column_of, values.T)
    return _Table(
        rows, columns, merged,
        {one: np.bincount(column_of, account) for one, account in parsed.accounts.items()},
        np.bincount(row_of, parsed.output),
    )  # fmt: skip


def _groups(labels: _Labels) -> tuple[_Labels, np.ndarray]:
    keys = [
        (MERGED.get(country, country), code)
        for country, code in zip(labels.countries, labels.codes, strict=True)
    ]
    place = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    countries, codes = zip(*place, strict=True)
    return _Labels(countries, codes), np.array([place[key] for key in keys])


def _edition(path: Path, rows: _Labels) -> str:
    """The edition whose industries these are."""
    found = set(rows.codes)
    for edition in EDITIONS:
        if found == set(industries_of(edition)):
            return edition
    nearest = min(EDITIONS, key=lambda one: len(found ^ set(industries_of(one))))
    odd = ", ".join(sorted(found ^ set(industries_of(nearest)))[:4])
    raise DataError(
        f"{path} has {len(found)} industries, which are not those of the editions of 2023 (45) or "
        f"2025 (50); the difference from {nearest} is {odd}."
    )


def _check(path: Path, parsed: _Table) -> None:
    """Labels are complete; uses and costs of every industry add up to its output."""
    industries = {*zip(parsed.rows.countries, parsed.rows.codes, strict=True)}
    columns = [*zip(parsed.columns.countries, parsed.columns.codes, strict=True)]
    uses = {code for key in columns if key not in industries for code in [key[1]]}
    unknown = sorted(uses - set(FINAL))
    if unknown:
        raise DataError(
            f"{path} has the column '{unknown[0]}', which is neither an industry of its rows nor a "
            f"category of final demand ({', '.join(FINAL)})."
        )
    lost = industries - set(columns)
    if lost:
        raise DataError(f"{path} has no column for the industry {'_'.join(sorted(lost)[0])}.")
    places = {key: place for place, key in enumerate(columns)}
    own = [places[key] for key in zip(parsed.rows.countries, parsed.rows.codes, strict=True)]
    require_size(path, "output", float(parsed.output.sum()), *WORLD_OUTPUT)
    costs = parsed.values[:, own].sum(axis=0) + sum(
        parsed.accounts[one][own] for one in ("TLS", "VA")
    )
    for name, found in (
        ("the uses of", parsed.values.sum(axis=1)),
        ("inputs, taxes and value added of", costs),
        ("the row OUT of", parsed.accounts["OUT"][own]),
    ):
        _refuse_imbalance(path, name, found, parsed)


def _refuse_imbalance(path: Path, name: str, found: np.ndarray, parsed: _Table) -> None:
    gap = np.abs(found - parsed.output)
    allowed = np.maximum(IMBALANCE * np.abs(parsed.output), SMALL)
    if (gap > allowed).any():
        worst = int((gap - allowed).argmax())
        label = f"{parsed.rows.countries[worst]}_{parsed.rows.codes[worst]}"
        raise DataError(
            f"{path}: {name} {label} add up to {found[worst]:.6g} million US$, but its output is "
            f"{parsed.output[worst]:.6g}."
        )


def _long(parsed: _Table, year: int) -> pd.DataFrame:
    """Non-zero cells, those of a pair next to each other."""
    countries = list(dict.fromkeys(parsed.rows.countries))
    uses = list(dict.fromkeys(parsed.columns.codes))
    sectors = list(dict.fromkeys(parsed.rows.codes))
    destinations = list(dict.fromkeys(parsed.columns.countries))
    to = np.array([destinations.index(c) for c in parsed.columns.countries], np.int16)
    use = np.array([uses.index(c) for c in parsed.columns.codes], np.int16)
    sector = np.array([sectors.index(c) for c in parsed.rows.codes], np.int16)
    origin = np.array(parsed.rows.countries)
    pieces = [
        _block(parsed.values[origin == country], place, sector[origin == country], to, use)
        for place, country in enumerate(countries)
    ]
    from_, of, into, by, value = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    return pd.DataFrame(
        {
            "year": np.full(len(value), year, np.int32),
            "origin": pd.Categorical.from_codes(from_, countries),
            "origin_sector": pd.Categorical.from_codes(of, sectors),
            "destination": pd.Categorical.from_codes(into, destinations),
            "use": pd.Categorical.from_codes(by, uses),
            "value": value,
        }
    )


def _block(
    values: np.ndarray, origin: int, sector: np.ndarray, to: np.ndarray, use: np.ndarray
) -> tuple[np.ndarray, ...]:
    """The cells of one origin, ordered by destination."""
    row, column = np.nonzero(values)
    order = np.argsort(to[column], kind="stable")
    row, column = row[order], column[order]
    start = np.full(len(row), origin, np.int16)
    return start, sector[row], to[column], use[column], values[row, column]


def _accounts(parsed: _Table, year: int) -> pd.DataFrame:
    frames = [
        pd.DataFrame(
            {
                "year": year,
                "country": parsed.columns.countries,
                "sector": parsed.columns.codes,
                "item": item,
                "value": np.nan_to_num(values),
            }
        )
        for item, values in parsed.accounts.items()
    ]
    return pd.concat(frames, ignore_index=True)


def _repackaged(path: Path) -> Parsed:
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
    return Parsed("flows", {"flows": order}, "", about)


SOURCE = Source(
    title="OECD Inter-Country Input-Output tables",
    licence=CC_BY,
    attribution="OECD, Inter-Country Input-Output Tables, http://oe.cd/icio, CC BY 4.0.",
    files="YEAR_SML.csv or YEAR.csv of the editions of 2023 and 2025; flows.parquet as repackaged",
    read=read,
    builds="detente data build icio-YEAR",
)
