"""The figures of the brief: which panels stand together, on what scale, under what caption."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TYPE_CHECKING

import pandas as pd

from ..account import main_pair
from . import charts
from ._format import signed_million, UNCHANGED_PERCENT
from ._frames import (
    country_name,
    facts_of,
    leading_focus,
    MATERIAL_SHARE,
    meaning_of_marks,
    records,
    third_frame,
)
from .answer import finding
from .section import Chart, Figure
from .uncertainty import has_intervals, leading_country, middle


if TYPE_CHECKING:
    import xarray as xr


SECTOR_COUNTRIES = 2
WELFARE_ROWS = 8


def figures(outcome: "xr.Dataset") -> dict[str, Figure]:
    """The figures by name, in the order of the page; one that would be empty is left out."""
    drawn = {name: draw(outcome) for name, draw in FIGURES.items()}
    return {name: figure for name, figure in drawn.items() if figure is not None}


def _panel(
    title: str,
    note: str,
    data: pd.DataFrame,
    span: tuple[float, float] | None = None,
    empty: str = "",
    headings: tuple[str, str] = (charts.MILLION, charts.PERCENT),
) -> Chart:
    """A chart of bars; the headings stand above its two columns of figures."""
    drawn = charts.bar_table(data, span, headings) if len(data) else None
    return Chart(drawn, _in_words(title, note, data, headings), title, note, empty)


def _figure(outcome: "xr.Dataset", panels: Sequence[Chart], caption: str) -> Figure:
    return Figure(panels, f"{caption} {facts_of(outcome).setting}.")


def _in_words(title: str, note: str, data: pd.DataFrame, headings: tuple[str, str]) -> str:
    first, second = headings
    rows = [f"{row['name']}: {row['million']} {first}, {row['percent']} {second}{_ends(row)}"
            for row in records(data)]  # fmt: skip
    return f"Bar chart. {title}. {note}. {'; '.join(rows)}."


def _ends(row: Mapping[str, Any]) -> str:
    """The range of a bar in US$, in words."""
    if "low" not in row or "range" in row:
        return ""
    low, high = (signed_million(row[end]) for end in ("low", "high"))
    return f", between {low} and {high} US$ million"


def _ranges(outcome: "xr.Dataset", *panels: pd.DataFrame) -> str:
    """What the lines over bars are, in a caption; nothing where none is drawn."""
    drawn = any("low" in data for data in panels)
    return f" Lines over the bars hold {middle(outcome)}." if drawn else ""


def _welfare(outcome: "xr.Dataset") -> Figure:
    """The chart of the whole answer, its title what it shows."""
    data = charts.headline_data(outcome, WELFARE_ROWS)
    drawn = has_intervals(outcome)
    headings = (charts.MILLION, charts.PERCENT, "range, %" if drawn else "")
    note = "Change of real income; bars in percent"
    if drawn:
        note += f", lines over them hold {middle(outcome)}"
    title = finding(outcome)
    specification = charts.bar_table(data, None, headings, charts.WIDE)
    said = _in_words(title, note, data, (charts.MILLION, charts.PERCENT))
    caption = (
        "Exact change of real income, and its equivalent variation at "
        f"{facts_of(outcome).year} prices. Countries whose bar would not be seen are left out."
    )
    return _figure(outcome, (Chart(specification, said, title, note),), caption)


def _intervals(outcome: "xr.Dataset") -> Figure | None:
    if not has_intervals(outcome):
        return None
    country = leading_country(outcome)
    title = f"{country_name(outcome, country)}: what the range comes from, one assumption at a time"
    note = (
        "Change of real income; bars are ranges in percent, the line is the scenario's own figure"
    )
    data = charts.driver_data(outcome, country)
    drawn = charts.bar_table(data, None, charts.ENDS, charts.WIDE_RANGES)
    caption = (
        f"Exact change of real income in {middle(outcome)} of one assumption, the others as in the "
        "scenario. The ranges that are drawn from stand in the scenario file."
    )
    rows = [f"{row['name']}: {row['million']} to {row['percent']} %"
            f"{', ' if row['side'] else ''}{row['side']}" for row in records(data)]  # fmt: skip
    described = f"Bar chart. {title}. {note}. {'; '.join(rows)}."
    return _figure(outcome, (Chart(drawn, described, title, note),), caption)


def _sectors(outcome: "xr.Dataset") -> Figure | None:
    codes = leading_focus(outcome, SECTOR_COUNTRIES)
    data = [charts.sector_data(outcome, code) for code in codes]
    panels = tuple(
        _panel(
            country_name(outcome, code),
            "Volume of output by sector; bars in US$",
            rows,
            empty="No sector's output moves.",
        )
        for code, rows in zip(codes, data, strict=True)
    )
    caption = (
        "Change of the volume of gross output, valued at baseline prices and ordered by what it "
        f"contributes to the country's total. Sectors below {MATERIAL_SHARE} % of the country's "
        f"output are left out. Each panel has its own scale.{_ranges(outcome, *data)}"
    )
    return _figure(outcome, panels, caption) if panels else None


def _flows(outcome: "xr.Dataset") -> Figure | None:
    pair = main_pair(outcome)
    if pair is None:
        return None
    data = [charts.flow_data(outcome, *route) for route in (pair, (pair[1], pair[0]))]
    names = [country_name(outcome, code) for code in pair]
    panels = tuple(
        _panel(
            f"{seller} to {buyer}",
            "Exports by sector; bars in US$",
            rows,
            charts.span_of(*data),
            empty="No flow changes.",
        )
        for rows, (seller, buyer) in zip(data, (names, names[::-1]), strict=True)
    )
    caption = (
        "Change of the flow at producer prices, in the numeraire "
        f"({facts_of(outcome).numeraire}), for the sectors that change most in US$. "
        f"Both panels have one scale.{_ranges(outcome, *data)}"
    )
    marks = meaning_of_marks(name for rows in data for name in rows["name"])
    caption = f"{caption} {marks}".rstrip()
    return _figure(outcome, panels, caption)


def _thirds(outcome: "xr.Dataset") -> Figure | None:
    thirds = third_frame(outcome)
    if thirds.empty or thirds.welfare.abs().max() < UNCHANGED_PERCENT:
        return None
    largest = float(thirds.equivalent_variation.abs().max())
    worth = thirds.equivalent_variation
    counts = (int((worth > 0).sum()), int((worth < 0).sum()))
    panels = (
        _panel(
            f"Countries that gain: {counts[0]}",
            "The largest gains; bars in US$ a year",
            charts.third_data(outcome, gaining=True),
            (0.0, largest),
            "None gains.",
        ),
        _panel(
            f"Countries that lose: {counts[1]}",
            "The largest losses; bars in US$ a year",
            charts.third_data(outcome, gaining=False),
            (-largest, 0.0),
            "None loses.",
        ),
    )
    caption = (
        "Equivalent variation and exact change of real income of countries that the scenario "
        "does not act on. Both panels have one scale, which is not that of the first figure."
    )
    return _figure(outcome, panels, caption)


FIGURES: Mapping[str, Callable[["xr.Dataset"], Figure | None]] = {
    "welfare": _welfare,
    "intervals": _intervals,
    "sectors": _sectors,
    "flows": _flows,
    "thirds": _thirds,
}
"""Each has its place in a section of `brief.py`, by its name."""
