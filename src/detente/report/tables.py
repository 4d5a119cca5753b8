"""Tables for the terminal, and two outcomes side by side."""

from typing import TYPE_CHECKING

import pandas as pd
from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from . import tariffs
from ._format import BILLION, MISSING, sentence, signed, signed_million, unbroken, UNCHANGED_PERCENT
from ._frames import (
    country_frame,
    country_name,
    facts_of,
    leading_focus,
    moving_sectors,
    records,
)
from .answer import answer
from .terminal import table_of
from .uncertainty import driver_frame, has_intervals, interval_frame, leading_country, middle


if TYPE_CHECKING:
    import xarray as xr


ROWS = 10
SECTOR_COUNTRIES = 2
INTERVAL_COUNTRIES = 3
SECTORS = 3
NAME_WIDTH = 25
COLUMNS = {
    "welfare": ("Welfare\n%", 3, 1.0),
    "equivalent_variation": ("Worth\nUS$ bn", 3, BILLION),
    "real_wage": ("Real\nwage %", 3, 1.0),
    "price_index": ("Prices\n%", 3, 1.0),
    "exports": ("Exports\n%", 2, 1.0),
    "tariff_revenue": ("Tariffs\nUS$ m", 0, 1.0),
}
"""Column of the country frame, its heading, decimals, and what it is divided by."""


def summary_rows(outcome: "xr.Dataset", rows: int = ROWS) -> pd.DataFrame:
    """Focus countries, then the third countries with the largest welfare effect in US$."""
    return country_frame(outcome).head(rows)


def summary_table(outcome: "xr.Dataset") -> RenderableType:
    """Countries, the sectors that move most, and the line that says under what conditions."""
    facts = facts_of(outcome)
    if not facts.solved:
        return Text(sentence(facts.status))
    codes = leading_focus(outcome, SECTOR_COUNTRIES)
    return Group(
        _countries(outcome),
        *([_intervals(outcome)] if has_intervals(outcome) else []),
        *(_sectors(outcome, code) for code in codes),
        *_tariffs(outcome),
        _footer(outcome),
    )


def render_terminal(outcome: "xr.Dataset", width: int = 80) -> Group:
    """The title, the answer, and under it the tables."""
    title = Text(str(outcome.attrs.get("title", "")), style="bold")
    if not facts_of(outcome).solved:
        return Group(title, Text(), Text(answer(outcome)[0]))
    said = [
        Constrain(Padding(Text(unbroken(line)), (0, 0, 1, 0)), width) for line in answer(outcome)
    ]
    said += [
        Constrain(Padding(Text(unbroken(line)), (0, 0, 1, 0)), width)
        for line in tariffs.against_direction(outcome)
    ]
    return Group(title, Text(), *said, Constrain(summary_table(outcome), width))


def _table(title: str, headings: list[str]) -> Table:
    """A first column of names and right-aligned columns of figures."""
    table = table_of(title=title, title_style="bold", header_style="dim")
    first, *rest = headings
    # The names give way first: a cut number is no number.
    table.add_column(first, max_width=NAME_WIDTH, overflow="ellipsis")
    for heading in rest:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _countries(outcome: "xr.Dataset") -> Table:
    frame = summary_rows(outcome)
    table = _table("Countries", ["", *(heading for heading, _, _ in COLUMNS.values())])
    for row in records(frame):
        figures = [
            _figure(row[name], decimals, unit) for name, (_, decimals, unit) in COLUMNS.items()
        ]
        table.add_row(row["name"], *figures, style="bold" if row["focus"] else "")
    left_out = len(country_frame(outcome)) - len(frame)
    if left_out:
        table.caption = f"{left_out} countries with smaller effects in US$ are not shown\n"
    return table


def _figure(value: float, decimals: int, unit: float) -> str:
    return signed(0.0 if abs(value) < UNCHANGED_PERCENT else value / unit, decimals)


def _intervals(outcome: "xr.Dataset") -> Table:
    """Welfare of the focus countries over the draws, and of the first by assumption."""
    title = f"How sure: welfare in {middle(outcome)}"
    table = _table(title, ["", "From\n%", "Median\n%", "To\n%"])
    table.columns[0].max_width = 44
    frame = interval_frame(outcome)
    codes = leading_focus(outcome, INTERVAL_COUNTRIES) or [leading_country(outcome)]
    for row in records(frame.loc[codes]):
        figures = [_figure(row[end], 3, 1.0) for end in ("low", "median", "high")]
        table.add_row(row["name"], *figures, style="bold")
    name = country_name(outcome, leading_country(outcome))
    for row in records(driver_frame(outcome, leading_country(outcome))):
        ends = [_figure(row[end], 3, 1.0) for end in ("low", "high")]
        table.add_row(f"{name}: {row['name']} alone", ends[0], "", ends[1])
    return table


def _sectors(outcome: "xr.Dataset", country: str) -> Table:
    """The sectors that rise and fall most in volume, among those that matter."""
    headings = ["", "Volume\n%", "\nUS$ m", "Share\n%"]
    name = country_name(outcome, country)
    table = _table(f"{name}: output of the sectors that move most", headings)
    table.columns[0].max_width = 44
    for row in records(moving_sectors(outcome, country, SECTORS)):
        change = _figure(row["output"], 2, 1.0)
        table.add_row(
            row["name"], change, signed_million(row["contribution"]), f"{row['share']:.1f}"
        )
    return table


def _tariffs(outcome: "xr.Dataset") -> list[RenderableType]:
    """Where duties move, as levied and by line, with the sector that most of it hangs on."""
    lines = tariffs.tariff_lines(outcome)
    if not lines:
        return []
    said = [Padding(Text(unbroken(line)), (0, 0, 0, 1)) for line in lines]
    under = Text(f"{tariffs.means(outcome)}\n", style="dim")
    return [Text("Tariffs that move\n", style="bold"), *said, Text(), under]


def _footer(outcome: "xr.Dataset") -> Text:
    facts = facts_of(outcome)
    lines = [
        f"{facts.setting} · numeraire {facts.numeraire} · deficits: {facts.deficits}",
        "Welfare: exact change of real income. Worth: equivalent variation at baseline prices.",
        "Sectors: volume of output; US$ at baseline prices; share of the country's output before.",
        f"{sentence(facts.status)} Certificate: {facts.certificate}.",
    ]
    return Text("\n".join(lines), style="dim")


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


def comparison(outcome_a: "xr.Dataset", outcome_b: "xr.Dataset") -> RenderableType:
    """Two outcomes side by side: welfare, equivalent variation, and the difference of B from A."""
    unsolved = [
        f"{letter} has no figures: {sentence(facts_of(outcome).status)}"
        for letter, outcome in (("A", outcome_a), ("B", outcome_b))
        if not facts_of(outcome).solved
    ]
    if unsolved:
        return Text("\n".join(unsolved))
    headings = ["", "A\n%", "B\n%", "B − A\n%", "A\nUS$ bn", "B\nUS$ bn", "B − A\nUS$ bn"]
    table = _table("Welfare, and what it is worth", headings)
    frame = comparison_frame(outcome_a, outcome_b)
    for row in records(frame.head(ROWS)):
        figures = [
            _figure(row[f"{measure}_{side}"], 3, unit)
            for measure, unit in (("welfare", 1.0), ("equivalent_variation", BILLION))
            for side in ("a", "b", "difference")
        ]
        table.add_row(row["name"], *figures, style="bold" if row["focus"] else "")
    return Group(table, _compared(outcome_a, outcome_b))


def _compared(outcome_a: "xr.Dataset", outcome_b: "xr.Dataset") -> Text:
    """What A and B are, and whether they differ in more than policy."""
    lines = [
        f"{letter}: {outcome.attrs.get('title', MISSING)} ({facts_of(outcome).setting})"
        for letter, outcome in (("A", outcome_a), ("B", outcome_b))
    ]
    hashes = {str(outcome.attrs.get("baseline_hash")) for outcome in (outcome_a, outcome_b)}
    if len(hashes) > 1:
        lines.append("The baselines differ: B − A mixes the change of data with that of policy.")
    return Text("\n".join(lines), style="dim")
