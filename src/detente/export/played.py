"""The tables of a scenario that was played: countries, sectors, flows, and their intervals."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from ..schema import Column, variables
from .tidy import tidy, TidyTable


if TYPE_CHECKING:
    import xarray as xr


BY_DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "countries": ("country",),
    "sectors": ("country", "sector"),
    "flows": ("origin", "destination", "sector"),
    "balances": ("country", "partner"),
    "account": ("side", "item"),
    "elasticities": ("publication", "country"),
    "drivers": ("assumption", "country"),
}
"""A table for the variables of each combination of dimensions; their intervals stand among them."""
_CHANGES = {"flows": "trade", "balances": "balance"}
_LABELS = {
    "origin": "Country code of who sells",
    "destination": "Country code of who buys",
    "country": "Country code",
    "partner": "Country code of the partner",
    "sector": "Sector code",
    "publication": "Whose elasticities of trade",
    "assumption": "The assumption that alone is drawn",
    "assumption_name": "The same in words",
    "side": "Exports or imports of the country to or from its partner, or its balance",
    "item": "Sector code, a group of sectors, or their total",
    "item_name": "The same in words",
    "change": "What is after less what was before, in the numeraire",
}


def tables_of(outcome: "xr.Dataset") -> list[TidyTable]:
    """Every variable of an outcome, in a table of those that have the same dimensions."""
    return [*_tables(outcome)]


def _tables(outcome: "xr.Dataset") -> Iterator[TidyTable]:
    basis = str(outcome.attrs.get("basis", ""))
    names = {dim: _names(outcome, dim) for dim in ("country", "sector")}
    for table, dims in BY_DIMENSIONS.items():
        frame = _frame(outcome, dims)
        if frame is None:
            continue
        if table in _CHANGES:
            before, after = (f"{_CHANGES[table]}_{moment}" for moment in ("before", "after"))
            frame["change"] = frame[after] - frame[before]
        if table == "account":
            pair = {name: str(outcome.attrs[f"account_{name}"]) for name in ("country", "partner")}
            frame = frame.assign(**pair)[[*pair, *frame.columns]]
        yield tidy(
            table, frame, lambda name: _column(name), basis=basis,
            countries=names["country"], sectors=names["sector"],
        )  # fmt: skip


def _frame(outcome: "xr.Dataset", dims: tuple[str, ...]) -> pd.DataFrame | None:
    held = [str(name) for name, data in outcome.data_vars.items() if set(data.dims) == set(dims)]
    if not held:
        return None
    # Names of countries and sectors are put beside every code later on.
    unnamed = [f"{dim}_name" for dim in dims if dim not in ("assumption", "item")]
    chosen = outcome[held].drop_vars(unnamed, errors="ignore").transpose(*dims)
    frame = chosen.to_dataframe(dim_order=[*dims]).reset_index()
    named = [str(name) for name in frame.columns.difference([*dims, *held])]
    return frame.loc[:, [*dims, *named, *held]].astype({dim: str for dim in dims})


def _names(outcome: "xr.Dataset", dim: str) -> dict[str, str]:
    if f"{dim}_name" not in outcome.coords:
        return {}
    codes, names = (outcome[one].values.astype(str).tolist() for one in (dim, f"{dim}_name"))
    return dict(zip(codes, names, strict=True))


def _column(name: str) -> Column | None:
    if name in _LABELS:
        unit, basis = ("million US$", "world") if name == "change" else ("", "")
        return Column(name, "", unit, basis, "", _LABELS[name])
    row = variables().get(name)
    if row is None:
        return None
    return Column(name, "", row.unit, "world" if row.basis else "", "", row.description)
