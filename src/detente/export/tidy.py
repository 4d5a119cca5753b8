"""Tables as others read them: every column with its unit and meaning, a name beside every code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

import pandas as pd
from pandas.api import types

from ..data.concordance import compact_sectors, country_names
from ..schema import Column


Kind: TypeAlias = Literal["number", "integer", "boolean", "date", "datetime", "string"]
Describe: TypeAlias = Callable[[str], Column | None]
"""The row of the dictionary on a column; None where there is none."""
BASES = {"book": "of the row", "world": "of the world"}
_NO_COUNTRIES = {"sector", "sectors", "class", "product"}
"""Columns whose codes may look like those of countries: AUT is Austria, and motor vehicles."""


@dataclass(frozen=True, slots=True)
class TidyColumn:
    """What a column of a table holds."""

    name: str
    kind: Kind
    unit: str = ""
    basis: str = ""
    """Whose accounting it is: a book by name, `of the row`, or nothing."""
    description: str = ""

    @property
    def heading(self) -> str:
        """Its name in words, with its unit: `Equivalent variation (million US$)`."""
        words = self.name.replace("_", " ")
        unit = f" ({self.unit})" if self.unit not in ("", "1") else ""
        return words[:1].upper() + words[1:] + unit


@dataclass(frozen=True)
class TidyTable:
    """One table, its columns in order, each with what it holds."""

    name: str
    frame: pd.DataFrame
    columns: list[TidyColumn] = field(default_factory=list)

    @property
    def title(self) -> str:
        words = self.name.replace("_", " ")
        return words[:1].upper() + words[1:]


def tidy(
    name: str,
    table: "pd.DataFrame | pd.Series",
    describe: Describe,
    *,
    basis: str = "",
    countries: Mapping[str, str] | None = None,
    sectors: Mapping[str, str] | None = None,
    as_it_is: bool = False,
) -> TidyTable:
    """A table with names beside codes, its columns described; `basis` is that of its world.

    One that stays `as_it_is` gets no columns of names.
    """
    frame = table.to_frame(name).reset_index() if isinstance(table, pd.Series) else table
    frame = frame.reset_index(drop=True).rename(columns=str).rename_axis(columns=None)
    columns = [_column(name, values, describe(name), basis) for name, values in _series_of(frame)]
    if as_it_is:
        return TidyTable(name, frame, columns)
    named = {
        "sector": sectors or {code: said for code, (said, _) in compact_sectors().items()},
        "country": {**country_names(), **(countries or {})},
    }
    return _with_names(TidyTable(name, frame, columns), named)


def _series_of(frame: pd.DataFrame) -> list[tuple[str, pd.Series]]:
    return [(str(name), values) for name, values in frame.items()]


def _column(name: str, values: pd.Series, row: Column | None, basis: str) -> TidyColumn:
    if row is None:
        return TidyColumn(name, kind_of(values))
    whose = basis if row.basis == "world" and basis else BASES.get(row.basis, row.basis)
    return TidyColumn(name, kind_of(values), row.unit, whose, row.description)


def kind_of(values: pd.Series) -> Kind:
    """What the values are, those that are missing aside."""
    held = values.dropna()
    if held.empty:
        return "number" if types.is_float_dtype(values) else "string"
    if types.is_datetime64_any_dtype(held):
        return "date" if (held == held.dt.normalize()).all() else "datetime"
    inferred = types.infer_dtype(held)
    return _KINDS.get(inferred, "string")


_KINDS: Mapping[str, Kind] = {
    "boolean": "boolean",
    "integer": "integer",
    "floating": "number",
    "mixed-integer-float": "number",
    "decimal": "number",
}


def _with_names(table: TidyTable, named: Mapping[str, Mapping[str, str]]) -> TidyTable:
    """The same with a column of names after each column of codes that are all known."""
    frame, columns = table.frame, []
    for column, (_, values) in zip(table.columns, _series_of(table.frame), strict=True):
        columns.append(column)
        what = "sector" if column.name == "sector" else "country"
        names = {} if what == "country" and column.name in _NO_COUNTRIES else named[what]
        said = _names_of(values, names)
        label = f"{column.name}_name"
        if said is None or label in frame or _is_there(frame, said):
            continue
        frame = _inserted(frame, column.name, label, said)
        columns.append(TidyColumn(label, "string", description=f"The {what} of that code"))
    return replace(table, frame=frame, columns=columns)


def _inserted(frame: pd.DataFrame, after: str, label: str, values: pd.Series) -> pd.DataFrame:
    wider = frame.copy()
    wider.insert(int(wider.columns.get_loc(after)) + 1, label, values)  # pyright: ignore
    return wider


def _names_of(values: pd.Series, names: Mapping[str, str]) -> pd.Series | None:
    """Names of codes; None where some is no code, or there are none at all."""
    held = [one for one in values.dropna() if one != ""]
    if not held or not all(isinstance(one, str) and one in names for one in held):
        return None
    return values.map(lambda one: names.get(one, "") if isinstance(one, str) else "")


def _is_there(frame: pd.DataFrame, names: pd.Series) -> bool:
    """Whether a column of the table has these names already."""
    return any((frame[label].astype(object) == names.astype(object)).all() for label in frame)


def plain(value: Any) -> Any:
    """A cell as a number, a truth, a date or a text of Python; None where it is missing."""
    if isinstance(value, list | tuple | set | frozenset):
        return "; ".join(map(str, value))
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {one}" for name, one in value.items())
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Period):
        return str(value)
    return value.item() if hasattr(value, "item") else value
