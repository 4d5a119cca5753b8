"""Tables for the questions about an answer: what moves it, what it is made of, when, and who."""

from collections.abc import Mapping, Sequence
from typing import Any, TYPE_CHECKING

import numpy as np
import pandas as pd

from .._core import figure
from ._format import miss, signed, UNCHANGED_PERCENT
from ._frames import HORIZONS, records
from .section import Section, table_of


if TYPE_CHECKING:
    import xarray as xr


ROWS = 15
_BY = ("partner", "sector")


def sensitivity_table(rows: pd.DataFrame, top: int = ROWS) -> Section:
    """The inputs that move the answer most, and what a tenth more of each does to it."""
    answer, unit = rows.attrs["answer"], rows.attrs["unit"]
    table = table_of(
        ("", "of", f"effect, {_points(unit)}"),
        (
            (str(row["kind"]), _place(row), signed(row["effect"], 4))
            for row in records(rows.head(top))
        ),
    )
    head = f"{rows.attrs['of']} is {signed(answer, 4)} {unit}. A tenth more of each moves it:"
    foot = (
        f"To first order, one at a time; the largest {min(top, len(rows))} of {len(rows)}. "
        f"For a tariff it is a tenth more of one plus the rate. {_setting(rows.attrs)}"
    )
    return Section([head, table, foot])


def _setting(about: Mapping[Any, Any]) -> str:
    """What belongs under every figure: the world, the horizon and the accounting basis."""
    horizon = HORIZONS[about["horizon"]]
    return f"{about['baseline']}, {about['baseline_year']}, {horizon}, {about['basis']} basis."


def _points(unit: str) -> str:
    return "percentage points" if unit == "percent" else unit


def _place(row: dict[str, object]) -> str:
    """Where an input sits, in the order a reader says it."""
    if row["kind"] == "input share":
        return f"{row['input']} in {row['sector']}, {row['country']}"
    if row["kind"] == "trade elasticity":
        return str(row["sector"])
    return f"{row['origin']} to {row['destination']}, {row['sector']}"


def decomposition_table(terms: "xr.Dataset", countries: Sequence[str], top: int = 6) -> Section:
    """Terms by country, and the partners and sectors behind the first country's."""
    frame = _summed(terms).to_dataframe().loc[list(countries)]
    shown = [name for name in frame if name == "welfare" or (frame[name].abs() > 5e-7).any()]
    words = {name: name.replace("_", " ") for name in shown} | {"welfare": "welfare (exact)"}
    table = table_of(
        ("percentage points", *countries),
        ((words[name], *(signed(frame[name][code], 4) for code in countries)) for name in shown),
    )
    first = countries[0]
    cells = table_of(
        (f"{first}: largest cells", "partner", "sector", "percentage points"),
        (
            (row["term"], row["partner"], row["sector"], signed(row["value"], 4))
            for row in records(_cells(terms, first).head(top))
        ),
    )
    foot = f"Exact welfare, percent of real income. {_setting(terms.attrs)}"
    return Section([table, cells, foot])


def _summed(terms: "xr.Dataset") -> "xr.Dataset":
    over = {str(name): [dim for dim in data.dims if dim in _BY] for name, data in terms.items()}
    summed = terms.map(lambda data: data.sum(over[str(data.name)]), keep_attrs=True)
    return summed.assign(welfare=summed.to_dataarray().sum("variable"))


def _cells(terms: "xr.Dataset", country: str) -> pd.DataFrame:
    """The single cells of the bilateral terms, largest first."""
    frames = [
        data.sel(country=country, drop=True)
        .to_dataframe("value")
        .reset_index()
        .assign(term=str(name).replace("_", " "))
        for name, data in terms.items()
        if "partner" in data.dims
    ]
    rows = pd.concat(frames)
    return rows.iloc[np.argsort(-np.abs(rows.value.to_numpy()), kind="stable")]


def decomposition_frame(terms: "xr.Dataset") -> pd.DataFrame:
    """One row for every cell that is not zero."""
    frames = [
        data.to_dataframe("value").reset_index().assign(term=str(name))
        for name, data in terms.items()
    ]
    rows = pd.concat(frames)
    rows = rows.reindex(columns=["country", "term", "partner", "sector", "value"])
    return rows.loc[rows.value != 0]


def path_frame(path: "xr.Dataset") -> pd.DataFrame:
    """Every country variable by year."""
    wanted = [name for name, data in path.items() if data.dims == ("year", "country")]
    frame = path[wanted].reset_coords(drop=True).to_dataframe()
    return frame.reset_index()


def tariffs_frame(tariffs: "xr.Dataset") -> pd.DataFrame:
    """One row for every tariff that was chosen."""
    columns = ["tariff_before", "tariff", "imports_before", "imports"]
    frame = tariffs[columns].to_dataframe().reset_index()
    return frame.loc[frame.tariff.notna()]


def path_table(path: "xr.Dataset", countries: Sequence[str]) -> Section:
    """Welfare by year of the countries in focus."""
    welfare = path.welfare.sel(country=list(countries)).transpose("year", "country")
    table = table_of(
        ("year", *(f"{code}\nwelfare %" for code in countries)),
        (
            (str(year), *map(_percent, now))
            for year, now in zip(path.year.values, welfare.values.tolist(), strict=True)
        ),
    )
    foot = (
        "Exact welfare, percent of real income against the baseline year's economy; each year "
        f"solved on its own. {_setting(path.attrs)}"
    )
    return Section([path.attrs["title"], table, foot])


def tariffs_table(tariffs: "xr.Dataset") -> Section:
    """The chosen rates of every player, weighted by what they are levied on, and welfare."""
    players = list(tariffs.attrs["players"])
    headings = ("", "tariff before %", "chosen %", "lowest %", "highest %", "welfare %")
    table = table_of(headings, (_chosen(tariffs, code) for code in players))
    others = tariffs.welfare.drop_sel(country=players)
    worst = str(others.idxmin().item()) if others.size else ""
    lines = [
        "Before and chosen: means weighted by imports of the baseline. Welfare: exact, percent of "
        f"real income. {_setting(tariffs.attrs)}",
        f"First-order conditions are missed by {miss(tariffs.attrs['first_order'])} of a rate.",
    ]
    if worst:
        lost = signed(float(others.min()), 3)
        lines.insert(0, f"Of the other countries {worst} has the lowest welfare: {lost} %.")
    return Section([table, *lines])


def _chosen(tariffs: "xr.Dataset", code: str) -> tuple[str, ...]:
    own = tariffs.sel(destination=code)
    rates, before = own.tariff.values, own.imports_before.values
    traded = np.nan_to_num(own.imports.values) > 0
    ends = _mean(own.tariff_before.values, before), _mean(rates, before)
    figures = (*ends, rates[traded].min(), rates[traded].max())
    welfare = signed(float(tariffs.welfare.sel(country=code)), 3)
    return (code, *(figure(one, ".2f") for one in figures), welfare)


def _mean(values: np.ndarray, weights: np.ndarray) -> float:
    return float(np.average(np.nan_to_num(values), weights=np.nan_to_num(weights)))


def _percent(value: float) -> str:
    return "0" if abs(value) < UNCHANGED_PERCENT else signed(value, 3)
