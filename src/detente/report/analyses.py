"""Tables for the questions about an answer: what moves it, what it is made of, when, and who."""

from collections.abc import Sequence
from typing import Any, TYPE_CHECKING

import numpy as np
import pandas as pd

from .._words import first_small, listing
from ..pace import PUBLISHED
from ._format import sentence, signed, signed_fine_percent, UNCHANGED_PERCENT
from ._frames import HORIZONS, records
from .section import Section, table_of
from .sureness import changes_in_percent
from .volumes import moves_labour
from .wording import say


if TYPE_CHECKING:
    import xarray as xr

    from ..about import About


ROWS = 15
FEW = 2
"""Countries of which a path shows more than welfare."""
_BY = ("partner", "sector")


def sensitivity_table(rows: pd.DataFrame, about: "About", top: int = ROWS) -> Section:
    """The inputs that move the effect most, and what a tenth more of each does to it."""
    number = number_in_words(about["of"], about)
    if rows.empty:
        lead = say("sensitivity.nothing", number=number)
        return Section([sentence(lead), setting_line(about)])
    points = _points(about.unit)
    table = table_of(
        ("a tenth more of", "where", f"moves the effect by, {points}"),
        (
            (str(row["kind"]), _place(row, about), signed(row["effect"], 4))
            for row in records(rows.head(top))
        ),
        words=2,
    )
    first = records(rows.head(1))[0]
    head = say(
        "sensitivity.lead",
        number=number,
        difference=signed(about["difference"], 4),
        input=_input_in_words(first, about),
        effect=signed(first["effect"], 4),
        points=points,
    )
    foot = say("sensitivity.reading", shown=min(top, len(rows)), all=f"{len(rows):,}")
    return Section([sentence(head), table, f"{sentence(foot)} {setting_line(about)}"])


def number_in_words(of: str, about: "About") -> str:
    """A number such as welfare.KOR by the names of what it is of."""
    variable, *labels = of.split(".")
    between = " with " if variable.startswith("balance") else " to "
    countries = [about.called(one) for one in labels if one in about.country_names]
    sectors = [first_small(about.sector(one)) for one in labels if one not in about.country_names]
    return say(
        "sensitivity.number",
        variable=variable.removesuffix("_after").replace("_", " ").replace("gdp", "GDP"),
        of=" ".join([between.join(countries), *(f"in {name}" for name in sectors)]),
    )


def setting_line(about: "About") -> str:
    """What belongs under every figure: the world, the horizon and the accounting basis."""
    horizon = HORIZONS[about.horizon]
    world = f"{about.baseline}, {about.baseline_year}, {horizon}, {about.basis} basis."
    return " ".join([*map(sentence, held_wedges(about)), world])


def held_wedges(about: "About") -> list[str]:
    """That a question holds the wedges of policies that state quantities, where it does."""
    names = about.own.get("held_wedges", [])
    policies = listing([f"'{name}'" for name in names])
    return [say("held.wedge", many=len(names) > 1, policies=policies)] if names else []


def _points(unit: str) -> str:
    return "percentage points" if unit == "percent" else unit


_INPUTS = {
    "trade cost": "trade_cost",
    "tariff": "tariff",
    "trade elasticity": "trade_elasticity",
    "baseline flow": "baseline_flow",
    "input share": "input_share",
}
"""The kinds of inputs, and the sentences of them."""


def _input_in_words(row: dict[str, Any], about: "About") -> str:
    """An input inside a sentence: "the tariff on what South Korea sells to China of ..."."""
    kind = _INPUTS[str(row["kind"])]
    if kind == "baseline_flow" and row["origin"] == row["destination"]:
        kind = "baseline_flow_at_home"
    words = {
        place: about.called(row[place])
        for place in ("origin", "destination", "country")
        if isinstance(row[place], str)
    }
    products = {
        place: first_small(about.sector(row[place]))
        for place in ("input", "sector")
        if isinstance(row[place], str)
    }
    return say(f"sensitivity.{kind}", **words, **products)


def _place(row: dict[str, Any], about: "About") -> str:
    """Where an input sits, in the order a reader says it."""
    sector = about.sector(row["sector"])
    if row["kind"] == "input share":
        return f"{about.sector(row['input'])} in {sector}, {about.country(row['country'])}"
    if row["kind"] == "trade elasticity":
        return sector
    route = f"{about.country(row['origin'])} to {about.country(row['destination'])}"
    return f"{route}: {sector}"


def decomposition_table(
    terms: "xr.Dataset", countries: Sequence[str], about: "About", top: int = 6
) -> Section:
    """Terms by country, and the partners and sectors behind the first country's."""
    frame = _summed(terms).to_dataframe().loc[list(countries)]
    shown = [name for name in frame if name == "welfare" or (frame[name].abs() > 5e-7).any()]
    words = {name: name.replace("_", " ") for name in shown} | {"welfare": "welfare (exact)"}
    table = table_of(
        ("percentage points", *map(about.country, countries)),
        ((words[name], *(signed(frame[name][code], 4) for code in countries)) for name in shown),
    )
    first = countries[0]
    parts = frame.loc[first].drop("welfare")
    largest = str(parts.abs().idxmax())
    lead = say(
        "decompose.lead",
        changes=changes_in_percent(about, [first], float(frame.welfare[first])),
        term=largest.replace("_", " "),
        points=signed_fine_percent(float(parts[largest])),
    )
    cells = table_of(
        (f"{about.country(first)}: largest cells", "partner", "sector", "percentage points"),
        (
            (
                row["term"], about.country(row["partner"]), about.sector(row["sector"]),
                signed(row["value"], 4),
            )
            for row in records(_cells(terms, first).head(top))
        ),
        words=3,
    )  # fmt: skip
    foot = f"{sentence(say('decompose.reading'))} {setting_line(about)}"
    return Section([sentence(lead), table, cells, foot])


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


def path_table(path: "xr.Dataset", countries: Sequence[str], about: "About") -> Section:
    """Welfare by year of the countries in focus; of few also real GDP, and jobs where they move."""
    shown = _by_year(path, countries)
    columns = [(code, name) for code in countries for name in shown]
    table = table_of(
        ("year", *(f"{about.country(code)}\n{shown[name]}" for code, name in columns)),
        (
            (
                str(int(year)),
                *(_percent(float(now[name].sel(country=code))) for code, name in columns),
            )
            for year, now in ((year, path.sel(year=year)) for year in path.year.values)
        ),
    )
    welfare = path.welfare.sel(country=list(countries)).transpose("year", "country")
    solved = welfare.dropna("year", how="any")
    lead = []
    if solved.year.size:
        last = dict(zip(countries, solved.values[-1].tolist(), strict=True))
        parts = [
            changes_in_percent(about, [code], value, next_to=place > 0)
            for place, (code, value) in enumerate(last.items())
        ]
        year = int(solved.year.values[-1])
        lead = [sentence(say("path.lead", year=year, parts="; ".join(parts)))]
    reading = say("path.apart")
    if about["year_after_year"]:
        reading = say("path.year_after_year", reset=f"{100 * PUBLISHED.reset:.0f}")
    return Section([about["title"], *lead, table, f"{sentence(reading)} {setting_line(about)}"])


def _by_year(path: "xr.Dataset", countries: Sequence[str]) -> dict[str, str]:
    """The variables that a path shows of each country, with their headings."""
    shown = {"welfare": "welfare %"}
    if len(countries) <= FEW:
        shown["real_gdp"] = "real GDP %"
        if moves_labour(path):
            shown["total_employment"] = "jobs %"
    return shown


def _percent(value: float) -> str:
    return "0" if abs(value) < UNCHANGED_PERCENT else signed(value, 3)
