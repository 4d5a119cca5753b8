"""One wide matrix of an input-output table: labels, the check of its accounts, the long tables."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Float

from ..._core import DataError
from .source import Frame, require_size


IMBALANCE = 0.005
"""Share of its output by which an account may miss it: the source closes far better, and a table
that has lost a line does not."""
SMALL = 1.0
"""Million US$ that never count as an imbalance: the rounding of tiny industries."""
WORLD_OUTPUT = (1e7, 1e9)
"""World output in million US$: 4e7 in 1995 and 2e8 in 2022, so that another unit shows."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Economy and industry or use of each row or column."""

    countries: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    rows: Labels
    columns: Labels
    values: Float[np.ndarray, "row column"]
    accounts: dict[str, Float[np.ndarray, " column"]]
    output: Float[np.ndarray, " row"]


def check(path: Path, parsed: Matrix, final: Sequence[str], small: float = SMALL) -> None:
    """Labels are complete; uses and costs of every industry add up to its output.

    `small` is the imbalance that never counts, in million US$.
    """
    _refuse_twice(path, parsed)
    industries = {*zip(parsed.rows.countries, parsed.rows.codes, strict=True)}
    columns = [*zip(parsed.columns.countries, parsed.columns.codes, strict=True)]
    unknown = [key for key in columns if key not in industries and key[1] not in final]
    if unknown:
        raise DataError(
            f"{path} has the column '{'_'.join(unknown[0])}', which is neither an industry of its "
            f"rows nor a category of final demand ({', '.join(final)})."
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
    for name, sums in (
        ("the uses of", parsed.values.sum(axis=1)),
        ("inputs, taxes and value added of", costs),
        ("the row OUT of", parsed.accounts["OUT"][own]),
    ):
        _refuse_imbalance(path, name, sums, parsed, small)


def _refuse_twice(path: Path, parsed: Matrix) -> None:
    for place, labels in (("row", parsed.rows), ("column", parsed.columns)):
        keys = Counter(zip(labels.countries, labels.codes, strict=True))
        for key, times in keys.items():
            if times > 1:
                raise DataError(f"{path} has the {place} '{'_'.join(key)}' {times} times.")


def _refuse_imbalance(
    path: Path, name: str, sums: np.ndarray, parsed: Matrix, small: float
) -> None:
    gap = np.abs(sums - parsed.output)
    allowed = np.maximum(IMBALANCE * np.abs(parsed.output), small)
    if (gap > allowed).any():
        worst = int((gap - allowed).argmax())
        label = f"{parsed.rows.countries[worst]}_{parsed.rows.codes[worst]}"
        raise DataError(
            f"{path}: {name} {label} add up to {sums[worst]:.6g} million US$, but its output is "
            f"{parsed.output[worst]:.6g}."
        )


def to_long(parsed: Matrix, year: int) -> Frame:
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


def to_accounts(parsed: Matrix, year: int) -> Frame:
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
