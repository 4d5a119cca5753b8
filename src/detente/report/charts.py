"""The charts: the rows behind each as a pure function, one layout that draws them, and SVG.

Every chart is a table with bars: name, bar, and the figures printed beside it, so that no axis
has to be read and nothing depends on colour. Panels are as wide as a phone and stand in pairs on
paper.
"""

import re
import textwrap
from dataclasses import dataclass
from functools import cache
from typing import Any, TYPE_CHECKING

import pandas as pd

from ._format import signed_fine_percent, signed_million, signed_percent
from ._frames import (
    country_frame,
    flow_frame,
    is_drawn,
    MARK,
    marked,
    MATERIAL_SHARE,
    sector_frame,
    third_frame,
)
from .uncertainty import driver_frame, has_intervals, interval_frame


if TYPE_CHECKING:
    import altair as alt
    import xarray as xr


# Okabe and Ito's blue and vermilion, told apart in every common kind of colour blindness; the
# pale ones are the same hues for the countries that the scenario does not act on.
GAIN, LOSS, PALE_GAIN, PALE_LOSS = "#0072b2", "#d55e00", "#8fbfdc", "#eeb48a"
COLOURS = (GAIN, LOSS, "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
"""Of lines and groups, by the same two authors."""
INK, QUIET, HAIRLINE = "#1c1c1c", "#5f6368", "#c9ccd1"
FONT = "Helvetica Neue, Helvetica, Arial, sans-serif"


@dataclass(frozen=True)
class Room:
    """How a table with bars is laid out, in pixels."""

    width: int
    bars: tuple[int, int]
    """Where the bars begin and end."""
    columns: tuple[tuple[str, int], ...]
    """The columns of figures: the field that each shows, and its right edge."""
    letters: int
    """Of a name on one line."""


NARROW = Room(336, (140, 236), (("million", 288), ("percent", 336)), 24)
WIDE_RANGES = Room(
    700, (230, 430), (("million", 484), ("central", 546), ("percent", 596), ("side", 700)), 40
)
WIDE = Room(700, (190, 452), (("million", 536), ("percent", 596), ("range", 700)), 32)
ROWS = 10
THIRD_ROWS = 8
VISIBLE = 0.05
"""Part of the longest bar below which a bar is not seen."""

PERCENT, MILLION = "%", "US$ million"
ENDS = ("from %", "scenario %", "to %", "")


def third_data(outcome: "xr.Dataset", gaining: bool, rows: int = THIRD_ROWS) -> pd.DataFrame:
    """The third countries that gain, or lose, most in US$; the largest first."""
    frame = third_frame(outcome)
    worth = frame.equivalent_variation
    chosen = frame.loc[worth > 0 if gaining else worth < 0]
    order = chosen.equivalent_variation.abs().nlargest(rows).index
    return _bars(chosen.loc[order], "equivalent_variation", "welfare", "equivalent_variation")


def sector_data(outcome: "xr.Dataset", country: str, rows: int = ROWS) -> pd.DataFrame:
    """The sectors that contribute most to the change of a country's output, in order.

    With draws the ends of each range as well, `low` and `high`, in million US$ as the bars.
    """
    frame = sector_frame(outcome, country)
    frame = frame.loc[frame.share >= MATERIAL_SHARE]
    chosen = _both_ends(frame, "contribution", rows)
    data = _bars(chosen.assign(focus=True), "contribution", "output", "contribution")
    ends = chosen[["low", "high"]].mul(chosen.output_before / 100.0, axis=0)
    return data.join(ends) if is_drawn(chosen) else data


def flow_data(
    outcome: "xr.Dataset", origin: str, destination: str, rows: int = ROWS
) -> pd.DataFrame:
    """The sectors whose flow from one country to another changes most in US$, in order.

    With draws the ends of each range as well, `low` and `high`.
    """
    chosen = moving_flows(outcome, origin, destination, rows)
    data = _bars(chosen.assign(focus=True), "change", "percent", "change")
    return data.join(chosen[["low", "high"]]) if is_drawn(chosen) else data


def moving_flows(
    outcome: "xr.Dataset", origin: str, destination: str, rows: int = ROWS
) -> pd.DataFrame:
    """The rows of `flow_frame` that change most in US$, in order; estimates carry a mark."""
    frame = flow_frame(outcome, origin, destination)
    pairs = zip(frame["name"], frame.estimated, strict=True)
    frame["name"] = [marked(name, estimated) for name, estimated in pairs]
    return _both_ends(frame, "change", rows)


def driver_data(outcome: "xr.Dataset", country: str) -> pd.DataFrame:
    """Intervals of a country's welfare with one assumption drawn at a time, the widest first.

    Bars begin at `start`; a mark, and `central` in words, is the scenario's own figure. `side` says
    whether all of the interval is on one side of that.
    """
    frame = driver_frame(outcome, country)
    return pd.DataFrame(
        {
            "name": [str(name)[:1].upper() + str(name)[1:] for name in frame["name"]],
            "start": frame.low,
            "value": frame.high,
            "own": frame.own,
            "million": [signed_fine_percent(number) for number in frame.low],
            "central": [signed_fine_percent(number) for number in frame.own],
            "percent": [signed_fine_percent(number) for number in frame.high],
            "side": frame.side,
            "focus": True,
            "colour": GAIN,
        }
    )


def headline_data(outcome: "xr.Dataset", rows: int = ROWS) -> pd.DataFrame:
    """Welfare of the focus countries and of whoever's bar would be seen beside theirs, in percent.

    With draws the ends of each range as well: `low`, `high`, and in words `range`.
    """
    frame = country_frame(outcome)
    seen = frame.welfare.abs() >= VISIBLE * frame.welfare.abs().max()
    chosen = frame.loc[frame.focus | seen].head(rows)
    chosen = chosen.sort_values("welfare", ascending=False, kind="stable")
    data = _bars(chosen, "welfare", "welfare", "equivalent_variation")
    data["percent"] = [signed_fine_percent(number) for number in chosen.welfare]
    data["range"] = ""
    if has_intervals(outcome):
        drawn = interval_frame(outcome).loc[chosen.index]
        data["low"], data["high"] = drawn.low, drawn.high
        data["range"] = [
            f"{signed_fine_percent(low)} to {signed_fine_percent(high)}"
            for low, high in zip(drawn.low, drawn.high, strict=True)
        ]
    return data


def _both_ends(frame: pd.DataFrame, measure: str, rows: int) -> pd.DataFrame:
    largest = frame.loc[:, measure].abs().nlargest(rows).index
    chosen = frame.loc[frame.index.isin(largest) & (frame[measure] != 0)]
    return chosen.sort_values(measure, ascending=False, kind="stable")


def _bars(frame: pd.DataFrame, measure: str, percent: str, million: str) -> pd.DataFrame:
    """The rows of a chart: what is drawn (`value`) and what is printed (`percent`, `million`)."""
    value, focus = frame[measure], frame.focus.astype(bool)
    colour = pd.Series(PALE_LOSS, index=frame.index)
    colour[value >= 0] = PALE_GAIN
    colour[focus & (value < 0)] = LOSS
    colour[focus & (value >= 0)] = GAIN
    return pd.DataFrame(
        {
            "name": frame["name"],
            "value": value,
            "percent": [signed_percent(number) for number in frame[percent]],
            "million": [signed_million(number) for number in frame[million]],
            "focus": focus,
            "colour": colour,
        }
    )


def span_of(*panels: pd.DataFrame) -> tuple[float, float]:
    """The ends of a scale on which all the panels' bars, and zero, can be drawn."""
    drawn = [name for name in ("start", "value", "low", "high") if name in panels[0]]
    values = [0.0, *(value for panel in panels for value in panel[drawn].to_numpy().ravel())]
    return min(values), max(values)


def bar_table(
    data: pd.DataFrame,
    span: tuple[float, float] | None = None,
    headings: tuple[str, ...] = (MILLION, PERCENT),
    room: Room = NARROW,
) -> dict[str, Any]:
    """The Vega-Lite specification of one panel, from the rows of any `*_data` function.

    Panels that are read against each other are given one `span`.
    """
    rows = _placed(data, span or span_of(data), room)
    height = (29 if 2 in set(rows.lines) else 20) * len(rows)
    layout = _layout(headings, room, tuple(name for name in ("own", "low") if name in rows))
    return {**layout, "height": height, "datasets": {"rows": rows.to_dict("records")}}


def _placed(data: pd.DataFrame, span: tuple[float, float], room: Room) -> pd.DataFrame:
    """The rows with what the layout needs: order, wrapped name, weight, and the bar in pixels."""
    rows = data.reset_index(drop=True)
    rows["row"] = rows.index
    rows["label"] = [_two_lines(name, room.letters) for name in rows["name"]]
    rows["lines"] = 1 + rows["label"].str.contains("\n").astype(int)
    rows["bold"] = rows.focus & (not rows.focus.all())
    low, high = span
    left, right = room.bars
    pixels = (right - left) / ((high - low) or 1.0)
    rows["zero"] = left - low * pixels
    rows["end"] = left + (rows.value - low) * pixels
    rows["begin"] = left + (rows.start - low) * pixels if "start" in rows else rows.zero
    for value, place in (("own", "mark"), ("low", "least"), ("high", "most")):
        if value in rows:
            rows[place] = left + (rows[value] - low) * pixels
    return rows


def _two_lines(name: str, letters: int) -> str:
    # A mark on the name is kept where the name is cut.
    cut = f" …{MARK}" if name.endswith(MARK) else " …"
    return "\n".join(textwrap.wrap(name, letters, max_lines=2, placeholder=cut))


@cache
def _layout(headings: tuple[str, ...], room: Room, marks: tuple[str, ...]) -> dict[str, Any]:
    """The specification without its rows: Altair's checks are too slow to repeat per panel."""
    import altair as alt

    bars = [*_drawn_bars(), *(layer for mark in marks for layer in _MARKS[mark]())]
    figures, header = _figures(room), _header(headings, room)
    chart = alt.layer(*_names(), *bars, *figures, *header).properties(width=room.width)
    chart = chart.configure(font=FONT, background="transparent", aria=False, padding=2)
    chart = chart.configure_view(stroke=None)
    return chart.configure_text(fontSize=11, color=INK, baseline="middle").to_dict()


def _rows(condition: str = "") -> "alt.Chart":
    import altair as alt

    chart = alt.Chart(alt.NamedData("rows"))
    return chart.transform_filter(condition) if condition else chart


def _row() -> "alt.Y":
    import altair as alt

    return alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.38, paddingOuter=0.19))


def _at(field: str, channel: str = "X") -> Any:
    """A position that the rows hold in pixels."""
    import altair as alt

    if channel == "X2":
        return alt.X2(field)
    return alt.X(field, type="quantitative", scale=None, axis=None)


def _names() -> list["alt.Chart"]:
    """Names at the left, one or two lines; bold where focus countries stand among others."""
    import altair as alt

    shift_of_lines = {1: 0.0, 2: -6.0}
    return [
        _rows(f"{'' if bold else '!'}datum.bold && datum.lines == {lines}")
        .mark_text(
            align="left",
            lineBreak="\n",
            lineHeight=12,
            fontWeight="bold" if bold else "normal",
            dy=shift,
        )
        .encode(y=_row(), x=alt.value(0), text="label:N")
        for bold in (True, False)
        for lines, shift in shift_of_lines.items()
    ]


def _drawn_bars() -> list["alt.Chart"]:
    import altair as alt

    colour = alt.Color("colour:N", scale=None, legend=None)
    bars = _rows().mark_bar(height={"band": 0.9})
    rule = _rows("datum.row == 0").mark_rule(color=INK, strokeWidth=0.8)
    return [
        bars.encode(y=_row(), x=_at("begin"), x2=_at("end", "X2"), color=colour),
        rule.encode(x=_at("zero")),
    ]


def _marks() -> list["alt.Chart"]:
    """A line across each bar, where the scenario's own value is."""
    tick = _rows().mark_tick(color=INK, thickness=2, height={"band": 1.0})
    return [tick.encode(y=_row(), x=_at("mark"))]


def _ranges_drawn() -> list["alt.Chart"]:
    """A line from one end of a range to the other, over the bar."""
    rule = _rows().mark_rule(color=INK, strokeWidth=1.2)
    return [rule.encode(y=_row(), x=_at("least"), x2=_at("most", "X2"))]


_MARKS = {"own": _marks, "low": _ranges_drawn}
"""What is drawn over the bars, by the field that asks for it."""


def _figures(room: Room) -> list["alt.Chart"]:
    import altair as alt

    return [
        _rows()
        .mark_text(align="right")
        .encode(y=_row(), x=alt.value(edge), text=alt.Text(field, type="nominal"))
        for field, edge in room.columns
    ]


def _header(headings: tuple[str, ...], room: Room) -> list["alt.Chart"]:
    """The unit above each column of figures, and a hairline under it."""
    import altair as alt

    first = "datum.row == 0"
    titles = [
        _rows(first)
        .mark_text(align="right", color=QUIET, fontSize=10)
        .encode(x=alt.value(edge), y=alt.value(-9), text=alt.value(unit))
        for unit, (_, edge) in zip(headings, room.columns, strict=True)
    ]
    line = _rows(first).mark_rule(color=HAIRLINE, strokeWidth=0.8)
    return [*titles, line.encode(x=alt.value(0), x2=alt.value(room.width), y=alt.value(-1))]


def styled(chart: Any) -> dict[str, Any]:
    """The specification of a chart with axes, in the type and the colours of all of them."""
    chart = chart.configure(font=FONT, background="white", padding=12)
    chart = chart.configure_title(anchor="start", color=INK, subtitleColor=QUIET, fontSize=13)
    chart = chart.configure_axis(labelColor=QUIET, titleColor=QUIET, domainColor=HAIRLINE)
    return chart.configure_view(stroke=None).to_dict()


def warm_up() -> None:
    """Load what drawing needs, so that it can happen while something else is being computed."""
    empty = pd.DataFrame(
        {"name": ["-"], "value": [1.0], "focus": [True], "percent": [""], "million": [""]}
    )
    svg(bar_table(empty), "warm")


def svg(specification: dict[str, Any], prefix: str) -> str:
    """The chart as SVG; `prefix` keeps its ids apart from those of other charts on the page."""
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(specification)
    drawn = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', drawn)
    drawn = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", drawn)
    return re.sub(r'(href=")#', rf"\1#{prefix}-", drawn)
