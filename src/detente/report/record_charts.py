"""Pictures of the record: balances by basis, and events over the trade series."""

from typing import Any, TYPE_CHECKING

import pandas as pd

from .._words import in_sentence, listing, possessive
from ._format import BILLION
from .charts import COLOURS, HAIRLINE, INK, QUIET, styled


if TYPE_CHECKING:
    import altair as alt

    from ..record import Pair


DIRECTIONS = {"thaw": COLOURS[0], "freeze": COLOURS[1], "neutral": QUIET}
SHAPES = {"thaw": "triangle-up", "freeze": "triangle-down", "neutral": "circle"}
WIDTH, HEIGHT = 720, 260
ROW = 16
"""Pixels of an event's row: one line of text, so that no label can touch another."""


def balance_chart(rows: pd.DataFrame, reported: pd.DataFrame, pair: "Pair") -> dict[str, Any]:
    """The Vega-Lite specification: a line for every basis, broken where a year is a gap."""
    import altair as alt

    country, partner = map(in_sentence, pair.names)
    bases = list(dict.fromkeys([*rows.basis, *_whole_years(reported).basis]))
    points = [
        {"year": int(row["year"]), "basis": row["basis"], "balance": _billion(row["balance"])}
        for row in rows.to_dict("records")
    ]
    base = alt.Chart(alt.InlineData(values=points)).encode(
        x=_years(int(rows.year.min()), int(rows.year.max())),
        y=alt.Y("balance:Q", axis=alt.Axis(title="US$ billion", gridColor=HAIRLINE)),
        color=_colour("basis", dict(zip(bases, COLOURS, strict=False))),
    )
    lines = base.mark_line(
        strokeWidth=2, point=alt.OverlayMarkDef(size=22), invalid="break-paths-filter-domains"
    )
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(color=INK).encode(y="zero:Q")
    chart = alt.layer(zero, lines, _alone(reported, rows, bases)).properties(
        width=WIDTH, height=HEIGHT,
        title={
            "text": f"{possessive(country)} balance of goods trade with {partner}",
            "subtitle": "By accounting basis; a gap is a year without a figure on that basis; "
            "diamonds are reported as a balance alone",
        },
    )  # fmt: skip
    return styled(chart)


def timeline_chart(
    happened: pd.DataFrame, annual: pd.DataFrame, pair: "Pair", basis: str
) -> dict[str, Any]:
    """The Vega-Lite specification: yearly trade on one basis above, an event in every row below."""
    import altair as alt

    first, last = _span(happened, annual)
    panels = [] if annual.empty else [_trade(annual, first, last, basis)]
    chart = alt.vconcat(*panels, _events(happened, first, last), spacing=6)
    chart = chart.resolve_scale(color="independent", shape="independent")
    named = f"{listing([*map(in_sentence, pair.names)])}: what happened"
    subtitle = "Up is a thaw, down a freeze, a circle neither; a bar is a date known to the year"
    return styled(chart.properties(title={"text": named, "subtitle": subtitle}))


def _span(happened: pd.DataFrame, annual: pd.DataFrame) -> tuple[int, int]:
    years = [*annual.year, *happened.when.dt.year]
    return int(min(years)), int(max(years))


def _trade(annual: pd.DataFrame, first: int, last: int, basis: str) -> Any:
    import altair as alt

    points = [
        {"time": f"{int(row['year'])}-07-01", "flow": flow, "value": _billion(row[flow])}
        for row in annual.to_dict("records")
        for flow in ("exports", "imports", "balance")
    ]
    base = alt.Chart(alt.InlineData(values=points)).encode(
        x=_time("time", first, last, labels=False),
        y=alt.Y("value:Q", axis=alt.Axis(title=f"US$ billion, {basis}", gridColor=HAIRLINE)),
    )
    colours = {"exports": COLOURS[2], "imports": COLOURS[3]}
    lines = base.transform_filter("datum.flow != 'balance'").mark_line(
        strokeWidth=2, point=alt.OverlayMarkDef(size=18), invalid="break-paths-filter-domains"
    )
    bars = base.transform_filter("datum.flow == 'balance'").mark_bar(
        color=HAIRLINE, size=max(WIDTH // (last - first + 1) - 6, 3), invalid="filter"
    )
    legend = _colour("flow", {**colours, "balance (bars)": HAIRLINE})
    return alt.layer(bars, lines.encode(color=legend)).properties(width=WIDTH, height=180)


def _events(happened: pd.DataFrame, first: int, last: int) -> Any:
    """A row per event: its mark at its date, its words on the side where there is room."""
    import altair as alt

    middle = pd.Timestamp(f"{(first + last) // 2}-07-01")
    rows = [
        {
            "row": place,
            "time": row["when"].strftime("%Y-%m-%d"),
            "from": f"{row['date'][:4]}-01-01" if row["precision"] == "year" else None,
            "to": f"{row['date'][:4]}-12-31" if row["precision"] == "year" else None,
            "direction": row["direction"],
            "words": f"{row['date']}  {row['event']}{_doubt(row['status'])}",
            "left": bool(row["when"] > middle),
        }
        for place, row in enumerate(happened.to_dict("records"))
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=_time("time", first, last, labels=True),
        y=alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.1)),
        color=_colour("direction", DIRECTIONS, legend=False),
    )
    marks = base.mark_point(filled=True, size=55, opacity=1).encode(
        shape=alt.Shape(
            "direction:N",
            scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values())),
            legend=None,
        )
    )
    spans = base.transform_filter("datum.from != null").mark_rule(strokeWidth=3, opacity=0.5)
    layers = [spans.encode(x=_time("from", first, last, labels=True), x2="to:T"), marks]
    for left, shift in ((False, 9), (True, -9)):
        words = base.transform_filter(f"datum.left == {str(left).lower()}")
        words = words.transform_calculate(start="datum.from == null ? datum.time : datum.from")
        words = words.transform_calculate(end="datum.to == null ? datum.time : datum.to")
        side = _time("start" if left else "end", first, last, labels=True)
        text = words.mark_text(
            align="right" if left else "left", dx=shift, fontSize=10.5, color=INK
        )
        layers.append(text.encode(x=side, text="words:N", color=alt.value(INK)))
    return alt.layer(*layers).properties(width=WIDTH, height=ROW * max(len(rows), 1))


def _doubt(status: str) -> str:
    return " [contradicted]" if status == "contradicted" else ""


def _alone(reported: pd.DataFrame, rows: pd.DataFrame, bases: list[str]) -> "alt.Chart":
    """Balances of whole years that were published without their flows, within the span."""
    import altair as alt

    whole = _whole_years(reported)
    values = [
        {"year": int(row["first"][:4]), "basis": row["basis"], "balance": _billion(row["balance"])}
        for row in whole.to_dict("records")
        if rows.year.min() <= int(row["first"][:4]) <= rows.year.max()
    ]
    chart = alt.Chart(alt.InlineData(values=values)).mark_point(
        shape="diamond", size=70, filled=True, opacity=1
    )
    colour = _colour("basis", dict(zip(bases, COLOURS, strict=False)))
    return chart.encode(x="year:Q", y="balance:Q", color=colour)


def _whole_years(reported: pd.DataFrame) -> pd.DataFrame:
    starts, ends = reported["first"].str.endswith("-01"), reported["last"].str.endswith("-12")
    return reported.loc[starts & ends]


def _years(first: int, last: int) -> "alt.X":
    import altair as alt

    axis = alt.Axis(format="d", title=None, grid=False, tickMinStep=1)
    return alt.X("year:Q", axis=axis, scale=alt.Scale(domain=[int(first), int(last)], nice=False))


def _time(field: str, first: int, last: int, *, labels: bool) -> "alt.X":
    import altair as alt

    ends = [{"year": first}, {"year": last + 1}]
    steps = {"interval": "year", "step": 2}
    axis = alt.Axis(format="%Y", title=None, labels=labels, ticks=labels, tickCount=steps)
    axis = alt.Axis(**axis.to_dict(), grid=True, gridColor=HAIRLINE, gridOpacity=0.5)
    return alt.X(f"{field}:T", axis=axis, scale=alt.Scale(domain=ends, nice=False, padding=0))


def _colour(field: str, colours: dict[str, str], *, legend: bool = True) -> "alt.Color":
    import altair as alt

    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    shown = alt.Legend(title=None, orient="top", labelLimit=300) if legend else None
    return alt.Color(f"{field}:N", scale=scale, legend=shown)


def _billion(million: float) -> float | None:
    return None if pd.isna(million) else float(million) / BILLION
