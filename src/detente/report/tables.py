"""A run in a few sentences and tables, and two outcomes side by side."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TYPE_CHECKING

import pandas as pd

from .._words import in_sentence
from ..given_elasticities import YOURS
from . import tariffs
from ._format import (
    BILLION,
    MISSING,
    sentence,
    signed,
    signed_fine_percent,
    signed_million,
    unbroken,
    UNCHANGED_PERCENT,
)
from ._frames import (
    country_frame,
    country_name,
    facts_of,
    is_drawn,
    leading_focus,
    moving_sectors,
    records,
)
from .answer import answer
from .section import Part, Section, Table, TableColumn, Words
from .uncertainty import driver_frame, has_intervals, interval_frame, leading_country, middle
from .volumes import moves_labour, real_gdp_note
from .wording import say


if TYPE_CHECKING:
    import xarray as xr


ROWS = 10
SECTOR_COUNTRIES = 2
INTERVAL_COUNTRIES = 3
SECTORS = 3
NAME_WIDTH, WIDE = 25, 44
"""Of a column of names on a terminal: beside many figures, and beside few."""
COLUMNS = {
    "welfare": ("Welfare\n%", 3, 1.0),
    "equivalent_variation": ("Worth\nUS$ bn", 3, BILLION),
    "real_gdp": ("Real\nGDP %", 3, 1.0),
    "total_employment": ("Jobs\n%", 3, 1.0),
    "real_wage": ("Real\nwage %", 3, 1.0),
    "exports": ("Exports\n%", 2, 1.0),
    "tariff_revenue": ("Tariffs\nUS$ m", 0, 1.0),
}
"""Column of the country frame, its heading, decimals, and what it is divided by."""


def summary_rows(outcome: "xr.Dataset", rows: int = ROWS) -> pd.DataFrame:
    """Focus countries, then the third countries with the largest welfare effect in US$."""
    return country_frame(outcome).head(rows)


def summary_table(outcome: "xr.Dataset") -> Section:
    """Countries, the sectors that move most, and the line that says under what conditions."""
    facts = facts_of(outcome)
    if not facts.solved:
        return Section([sentence(facts.status)])
    codes = leading_focus(outcome, SECTOR_COUNTRIES)
    return Section(
        [
            *_countries(outcome),
            *([_intervals(outcome)] if has_intervals(outcome) else []),
            *(_sectors(outcome, code) for code in codes),
            *_tariffs(outcome),
            *_footer(outcome),
        ]
    )


def summary(outcome: "xr.Dataset") -> Section:
    """The title, the answer, and under it the tables."""
    title = str(outcome.attrs.get("title", ""))
    if not facts_of(outcome).solved:
        return Section(["", answer(outcome)[0]], title)
    said = [*answer(outcome), *tariffs.against_direction(outcome)]
    lines = [part for line in said for part in (unbroken(line), "")]
    return Section(["", *lines, *summary_table(outcome).parts], title)


def _table(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[str | Words]], most: int
) -> Table:
    """A first column of names and right-aligned columns of figures."""
    first, *rest = headings
    # The names give way first: a cut number is no number.
    columns = [TableColumn(first, most=most)]
    columns += [TableColumn(heading, figures=True, wraps=False) for heading in rest]
    return Table(columns, [*rows], title)


def _bold(cells: Sequence[str]) -> list[Words]:
    return [Words(cell, "bold") for cell in cells]


def _countries(outcome: "xr.Dataset") -> list[Part]:
    frame, rows = summary_rows(outcome), []
    shown = {
        name: column
        for name, column in COLUMNS.items()
        if name != ("real_wage" if moves_labour(outcome) else "total_employment")
    }
    for row in records(frame):
        figures = (_figure(row[name], *column[1:]) for name, column in shown.items())
        cells = [row["name"], *figures]
        rows.append(_bold(cells) if row["focus"] else cells)
    headings = ["", *(heading for heading, _, _ in shown.values())]
    table = _table("Countries", headings, rows, NAME_WIDTH)
    left_out = len(country_frame(outcome)) - len(frame)
    if not left_out:
        return [table]
    under = f"{left_out} countries with smaller effects in US$ are not shown"
    return [replace(table, caption=under), ""]


def _figure(value: float, decimals: int, unit: float) -> str:
    return signed(0.0 if abs(value) < UNCHANGED_PERCENT else value / unit, decimals)


_ALSO_DRAWN = {"real_gdp": "real GDP", "real_wage": "real wage", "price_index": "consumer prices"}
"""What else has an interval, in the words of its row."""


def _intervals(outcome: "xr.Dataset") -> Table:
    """Welfare of the focus countries over the draws, and of the first by assumption."""
    title = f"How sure: welfare, and what else is named, in {middle(outcome)}"
    frame = interval_frame(outcome)
    codes = leading_focus(outcome, INTERVAL_COUNTRIES) or [leading_country(outcome)]
    rows: list[Sequence[str | Words]] = []
    for row in records(frame.loc[codes]):
        figures = [_figure(value, 3, 1.0) for value in _ranged(row, "welfare")]
        rows.append(_bold([row["name"], *figures]))
    name = country_name(outcome, leading_country(outcome))
    for variable, said in _ALSO_DRAWN.items():
        # An outcome of before has none of these.
        if f"{variable}_low" in outcome:
            here = outcome.sel(country=leading_country(outcome))
            ends = (f"{variable}_low", variable, f"{variable}_median", f"{variable}_high")
            rows.append([f"{name}: {said}", *(_figure(float(here[end]), 3, 1.0) for end in ends)])
    for row in records(driver_frame(outcome, leading_country(outcome))):
        side = f" ({row['side']})" if row["side"] else ""
        figures = [_figure(value, 3, 1.0) for value in _ranged(row, "own")]
        rows.append([f"{name}: {row['name']} alone{side}", *figures])
    return _table(title, ["", "From\n%", "Scenario\n%", "Median\n%", "To\n%"], rows, WIDE)


def _ranged(row: dict[str, Any], own: str) -> list[float]:
    """An interval with the scenario's own figure and the median in it."""
    return [row[name] for name in ("low", own, "median", "high")]


def _sectors(outcome: "xr.Dataset", country: str) -> Table:
    """The sectors that rise and fall most in volume, among those that matter."""
    frame = moving_sectors(outcome, country, SECTORS)
    ends = ("low", "high") if is_drawn(frame) else ()
    rows = [
        [
            row["name"], _figure(row["output"], 2, 1.0),
            *(_figure(row[end], 2, 1.0) for end in ends),
            signed_million(row["contribution"]), f"{row['share']:.1f}",
        ]
        for row in records(frame)
    ]  # fmt: skip
    title = f"{country_name(outcome, country)}: output of the sectors that move most"
    between = ["From\n%", "To\n%"] if ends else []
    headings = ["", "Volume\n%", *between, "Volume\nUS$ m", "Share\n%"]
    return _table(title, headings, rows, WIDE)


def _tariffs(outcome: "xr.Dataset") -> list[Part]:
    """Where duties move, as levied and by line, with the sector that most of it hangs on."""
    lines = tariffs.tariff_lines(outcome)
    if not lines:
        return []
    said = [Words(unbroken(line), "item") for line in lines]
    under = Words(tariffs.means(outcome), "dim")
    return [Words("Tariffs that move", "bold"), "", *said, "", under, ""]


def _footer(outcome: "xr.Dataset") -> list[Words]:
    facts = facts_of(outcome)
    whose = str(outcome.attrs.get("elasticities", ""))
    lines = [
        f"{facts.setting} · numeraire {facts.numeraire} · deficits: {facts.deficits}",
        *([f"Trade elasticities: {whose}."] if whose.startswith(YOURS) else []),
        "Welfare: exact change of real income. Worth: equivalent variation at baseline prices.",
        sentence(real_gdp_note(outcome)),
        "Sectors: volume of output; US$ at baseline prices; share of the country's output before.",
        *([f"From and to hold {middle(outcome)}."] if has_intervals(outcome) else []),
        f"{sentence(facts.status)} Certificate: {facts.certificate}.",
    ]
    return [Words(line, "dim") for line in lines]


def comparison_frame(outcome_a: "xr.Dataset", outcome_b: "xr.Dataset") -> pd.DataFrame:
    """Welfare (percent) and equivalent variation (million US$) of two outcomes, and B less A.

    Focus countries of either come first, then the largest differences; a country that only one
    of the two has is missing in the other.
    """
    measures = ["welfare", "equivalent_variation"]
    first, second = country_frame(outcome_a), country_frame(outcome_b)
    names = {**first["name"].to_dict(), **second["name"].to_dict()}
    frame = pd.DataFrame({"name": pd.Series(names)})
    for measure in measures:
        frame[f"{measure}_a"], frame[f"{measure}_b"] = first[measure], second[measure]
        frame[f"{measure}_difference"] = frame[f"{measure}_b"] - frame[f"{measure}_a"]
    frame["focus"] = [
        code in (*facts_of(outcome_a).focus, *facts_of(outcome_b).focus) for code in frame.index
    ]
    frame["size"] = frame["equivalent_variation_difference"].abs()
    frame = frame.sort_values(["focus", "size"], ascending=False, kind="stable")
    return frame.drop(columns="size")


def comparison(outcome_a: "xr.Dataset", outcome_b: "xr.Dataset") -> Section:
    """Two outcomes side by side: welfare, equivalent variation, and the difference of B from A."""
    unsolved = [
        f"{letter} has no figures: {sentence(facts_of(outcome).status)}"
        for letter, outcome in (("A", outcome_a), ("B", outcome_b))
        if not facts_of(outcome).solved
    ]
    if unsolved:
        return Section(unsolved)
    headings = ["", "A\n%", "B\n%", "B − A\n%", "A\nUS$ bn", "B\nUS$ bn", "B − A\nUS$ bn"]
    rows = []
    for row in records(comparison_frame(outcome_a, outcome_b).head(ROWS)):
        figures = [
            _figure(row[f"{measure}_{side}"], 3, unit)
            for measure, unit in (("welfare", 1.0), ("equivalent_variation", BILLION))
            for side in ("a", "b", "difference")
        ]
        cells = [row["name"], *figures]
        rows.append(_bold(cells) if row["focus"] else cells)
    table = _table("Welfare, and what it is worth", headings, rows, NAME_WIDTH)
    lead = [sentence(line) for line in _both(outcome_a, outcome_b)]
    return Section([*lead, table, *_compared(outcome_a, outcome_b)])


def _both(outcome_a: "xr.Dataset", outcome_b: "xr.Dataset") -> Iterable[str]:
    """What each brings the countries in focus, the first of them, that are in both."""
    for row in records(comparison_frame(outcome_a, outcome_b).head(SECTOR_COUNTRIES)):
        figures = row["welfare_a"], row["welfare_b"]
        if row["focus"] and not any(map(math.isnan, figures)):
            first, second = (signed_fine_percent(one) for one in figures)
            yield say("compare.both", country=in_sentence(row["name"]), first=first, second=second)


def _compared(outcome_a: "xr.Dataset", outcome_b: "xr.Dataset") -> list[Words]:
    """What A and B are, and whether they differ in more than policy."""
    lines = [
        f"{letter}: {outcome.attrs.get('title', MISSING)} ({facts_of(outcome).setting})"
        for letter, outcome in (("A", outcome_a), ("B", outcome_b))
    ]
    hashes = {str(outcome.attrs.get("baseline_hash")) for outcome in (outcome_a, outcome_b)}
    if len(hashes) > 1:
        lines.append("The baselines differ: B − A mixes the change of data with that of policy.")
    return [Words(line, "dim") for line in lines]
