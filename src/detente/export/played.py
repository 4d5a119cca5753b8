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
        yield tidy(
            table, frame, lambda name: _column(name), basis=basis,
            countries=names["country"], sectors=names["sector"],
        )  # fmt: skip


def _frame(outcome: "xr.Dataset", dims: tuple[str, ...]) -> pd.DataFrame | None:
    held = [str(name) for name, data in outcome.data_vars.items() if set(data.dims) == set(dims)]
    if not held:
        return None
    chosen = outcome[held].reset_coords(drop=True).transpose(*dims)
    frame = chosen.to_dataframe(dim_order=[*dims]).reset_index()
    return frame.astype({dim: str for dim in dims})


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
