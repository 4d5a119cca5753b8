"""The charts: the rows behind each as a pure function, one layout that draws them, and SVG.

Every chart is a table with bars: name, bar, and the figures printed beside it, so that no axis
has to be read and nothing depends on colour. Panels are as wide as a phone and stand in pairs on
paper.
"""

import re
import textwrap
from functools import cache
from typing import Any, TYPE_CHECKING

import pandas as pd

from ._format import signed_fine_percent, signed_million, signed_percent
from ._frames import country_frame, flow_frame, MATERIAL_SHARE, sector_frame, third_frame
from .uncertainty import driver_frame, interval_frame


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

WIDTH = 336
BARS = (140, 236)
"""Where the bars begin and end, in pixels."""
COLUMNS = (288, WIDTH)
"""Right edges of the two columns of figures, in pixels."""
NAME_WIDTH = 24
"""Characters of a name on one line."""
ROWS = 10
THIRD_ROWS = 8

PERCENT, MILLION = "%", "US$ million"
ENDS = ("from %", "to %")


def welfare_data(outcome: "xr.Dataset", measure: str, rows: int = ROWS) -> pd.DataFrame:
    """Focus countries, then the third countries with the largest `measure`, largest first.

    The measure is "welfare" (percent) or "equivalent_variation" (million US$).
    """
    frame = country_frame(outcome)
    focus = frame.loc[frame.focus].head(rows)
    size = frame.loc[~frame.focus, measure].abs()
    others = frame.loc[size.nlargest(max(rows - len(focus), 0)).index]
    chosen = pd.concat([focus, others]).sort_values(measure, ascending=False, kind="stable")
    return _bars(chosen, measure, "welfare", "equivalent_variation")


def third_data(outcome: "xr.Dataset", gaining: bool, rows: int = THIRD_ROWS) -> pd.DataFrame:
    """The third countries that gain, or lose, most in US$; the largest first."""
    frame = third_frame(outcome)
    worth = frame.equivalent_variation
    chosen = frame.loc[worth > 0 if gaining else worth < 0]
    order = chosen.equivalent_variation.abs().nlargest(rows).index
    return _bars(chosen.loc[order], "equivalent_variation", "welfare", "equivalent_variation")


def sector_data(outcome: "xr.Dataset", country: str, rows: int = ROWS) -> pd.DataFrame:
    """The sectors that contribute most to the change of a country's output, in order."""
    frame = sector_frame(outcome, country)
    frame = frame.loc[frame.share >= MATERIAL_SHARE]
    chosen = _both_ends(frame, "contribution", rows)
    return _bars(chosen.assign(focus=True), "contribution", "output", "contribution")


def flow_data(
    outcome: "xr.Dataset", origin: str, destination: str, rows: int = ROWS
) -> pd.DataFrame:
    """The sectors whose flow from one country to another changes most in US$, in order."""
    chosen = _both_ends(flow_frame(outcome, origin, destination), "change", rows)
    return _bars(chosen.assign(focus=True), "change", "percent", "change")


def interval_data(outcome: "xr.Dataset", rows: int = ROWS) -> pd.DataFrame:
    """Intervals of welfare, of focus countries and the third countries with the largest effects."""
    frame = interval_frame(outcome)
    size = frame.loc[~frame.focus, "welfare"].abs()
    focus = frame.loc[frame.focus].head(rows)
    others = frame.loc[size.nlargest(max(rows - len(focus), 0)).index]
    chosen = pd.concat([focus, others]).sort_values("welfare", ascending=False, kind="stable")
    return _ranges(chosen, chosen.welfare)


def driver_data(outcome: "xr.Dataset", country: str) -> pd.DataFrame:
    """Intervals of a country's welfare with one assumption drawn at a time, the widest first."""
    frame = driver_frame(outcome, country)
    frame["name"] = [str(name)[:1].upper() + str(name)[1:] for name in frame["name"]]
    own = float(outcome["welfare"].sel(country=country))
    return _ranges(frame.assign(focus=True), pd.Series(own, index=frame.index))


def _ranges(frame: pd.DataFrame, own: pd.Series) -> pd.DataFrame:
    """The rows of a chart whose bars begin at `start`, with a mark at the scenario's own value."""
    focus = frame.focus.astype(bool)
    return pd.DataFrame(
        {
            "name": frame["name"],
            "start": frame.low,
            "value": frame.high,
            "own": own,
            "million": [signed_fine_percent(number) for number in frame.low],
            "percent": [signed_fine_percent(number) for number in frame.high],
            "focus": focus,
            "colour": [GAIN if acted_on else PALE_GAIN for acted_on in focus],
        }
    )


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
    drawn = [name for name in ("start", "value") if name in panels[0]]
    values = [0.0, *(value for panel in panels for value in panel[drawn].to_numpy().ravel())]
    return min(values), max(values)


def bar_table(
    data: pd.DataFrame,
    span: tuple[float, float] | None = None,
    headings: tuple[str, str] = (MILLION, PERCENT),
) -> dict[str, Any]:
    """The Vega-Lite specification of one panel, from the rows of any `*_data` function.

    Panels that are read against each other are given one `span`.
    """
    rows = _placed(data, span or span_of(data))
    height = (29 if 2 in set(rows.lines) else 20) * len(rows)
    layout = _layout(headings, "own" in rows)
    return {**layout, "height": height, "datasets": {"rows": rows.to_dict("records")}}


def _placed(data: pd.DataFrame, span: tuple[float, float]) -> pd.DataFrame:
    """The rows with what the layout needs: order, wrapped name, weight, and the bar in pixels."""
    rows = data.reset_index(drop=True)
    rows["row"] = rows.index
    rows["label"] = [_two_lines(name) for name in rows["name"]]
    rows["lines"] = 1 + rows["label"].str.contains("\n").astype(int)
    rows["bold"] = rows.focus & (not rows.focus.all())
    low, high = span
    pixels = (BARS[1] - BARS[0]) / ((high - low) or 1.0)
    rows["zero"] = BARS[0] - low * pixels
    rows["end"] = BARS[0] + (rows.value - low) * pixels
    rows["begin"] = BARS[0] + (rows.start - low) * pixels if "start" in rows else rows.zero
    if "own" in rows:
        rows["mark"] = BARS[0] + (rows.own - low) * pixels
    return rows


def _two_lines(name: str) -> str:
    return "\n".join(textwrap.wrap(name, NAME_WIDTH, max_lines=2, placeholder=" …"))


@cache
def _layout(headings: tuple[str, str], marked: bool) -> dict[str, Any]:
    """The specification without its rows: Altair's checks are too slow to repeat per panel."""
    import altair as alt

    bars = [*_drawn_bars(), *(_marks() if marked else [])]
    chart = alt.layer(*_names(), *bars, *_figures(), *_header(headings)).properties(width=WIDTH)
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


def _figures() -> list["alt.Chart"]:
    import altair as alt

    return [
        _rows()
        .mark_text(align="right")
        .encode(y=_row(), x=alt.value(edge), text=alt.Text(field, type="nominal"))
        for field, edge in zip(("million", "percent"), COLUMNS, strict=True)
    ]


def _header(headings: tuple[str, str]) -> list["alt.Chart"]:
    """The unit above each column of figures, and a hairline under it."""
    import altair as alt

    first = "datum.row == 0"
    titles = [
        _rows(first)
        .mark_text(align="right", color=QUIET, fontSize=10)
        .encode(x=alt.value(edge), y=alt.value(-9), text=alt.value(unit))
        for unit, edge in zip(headings, COLUMNS, strict=True)
    ]
    line = _rows(first).mark_rule(color=HAIRLINE, strokeWidth=0.8)
    return [*titles, line.encode(x=alt.value(0), x2=alt.value(WIDTH), y=alt.value(-1))]


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
