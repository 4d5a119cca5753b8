"""Pictures of a bargain and of the risk of conflict."""

from collections.abc import Mapping, Sequence
from typing import Any, TYPE_CHECKING

from .._words import called, listing
from ._frames import HORIZONS, records
from .charts import COLOURS, HAIRLINE, INK, QUIET, styled
from .peace import world_in_words


if TYPE_CHECKING:
    import altair as alt

    from ..geo.bargaining import Bargain
    from ..geo.conflict import Conflict


WIDTH, HEIGHT = 340, 300
ROW = 24
"""Pixels of an opening: two bars."""
_POINTS = {
    "agreement": "Nash agreement", "benchmark": "most US$ together", "outside": "no agreement",
}  # fmt: skip


def bargain_chart(bargain: "Bargain", names: Mapping[str, str]) -> dict[str, Any]:
    """The Vega-Lite specification: both gains and the frontier; every opening's worth to each."""
    import altair as alt

    about = bargain.about
    title = {
        "text": f"What {_named(about['sides'], names)} would agree to open",
        "subtitle": f"{about.baseline} · {HORIZONS[about.horizon]} · exact welfare, "
        "percent of real income",
    }
    chart = alt.hconcat(_plane(bargain, names), _bars(bargain, names), spacing=40).properties(
        title=title
    )
    return styled(chart.resolve_scale(color="independent", shape="independent"))


def conflict_chart(conflict: "Conflict", names: Mapping[str, str]) -> dict[str, Any]:
    """The Vega-Lite specification: the chance of escalation by the size of the shocks."""
    import altair as alt

    worlds = [world_in_words(world) for world in conflict.about["opportunity_cost"]]
    curve = records(conflict.curve)
    rows = [row | {"world": world_in_words(row["world"])} for row in curve]
    colour = alt.Color(
        "world:N",
        scale=alt.Scale(domain=worlds, range=list(COLOURS[: len(worlds)])),
        legend=alt.Legend(title=None, orient="top-left"),
    )
    lines = alt.Chart(alt.InlineData(values=rows)).mark_line(strokeWidth=2)
    chart = lines.encode(
        x=alt.X("shock:Q", axis=alt.Axis(title="Largest private gain from war, v, log points")),
        y=alt.Y(
            "escalate:Q",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(title="P(escalate)", gridColor=HAIRLINE),
        ),
        color=colour,
    )
    about = conflict.about
    title = {
        "text": f"Chance that {_named(about['pair'], names)} do not settle",
        "subtitle": f"{about.baseline} · {HORIZONS[about.horizon]} · v is not estimated",
    }
    return styled(chart.properties(width=480, height=260, title=title))


def _named(codes: Sequence[str], names: Mapping[str, str]) -> str:
    return listing([called(code, names) for code in codes])


def _plane(bargain: "Bargain", names: Mapping[str, str]) -> Any:
    """Gains of one side against those of the other."""
    import altair as alt

    first, second = (called(code, names) for code in bargain.about["sides"])
    points = bargain.frontier.to_dict("records")
    chosen = lambda *kinds: alt.InlineData(values=[p for p in points if p["kind"] in kinds])
    x = alt.X("first:Q", axis=alt.Axis(title=f"{first}, %", gridColor=HAIRLINE))
    y = alt.Y("second:Q", axis=alt.Axis(title=f"{second}, %", gridColor=HAIRLINE))
    place = {"x": x, "y": y}
    even = alt.Chart(chosen("even")).mark_line(color=QUIET, strokeDash=[4, 3]).encode(**place)
    edge = alt.Chart(chosen("frontier")).mark_line(
        color=COLOURS[0], strokeWidth=2, point=alt.OverlayMarkDef(size=18, color=COLOURS[0])
    )
    marks = alt.Chart(chosen(*_POINTS)).mark_point(
        size=110, filled=False, strokeWidth=2.5, opacity=1.0
    )
    kind = alt.Color(
        "what:N",
        scale=alt.Scale(domain=list(_POINTS.values()), range=[COLOURS[1], COLOURS[2], INK]),
        legend=alt.Legend(title=None, orient="bottom", columns=1),
    )
    named = [p | {"what": _POINTS[p["kind"]]} for p in points if p["kind"] in _POINTS]
    marks.data = alt.InlineData(values=named)
    shape = alt.Shape(
        "what:N",
        scale=alt.Scale(domain=list(_POINTS.values()), range=["circle", "cross", "square"]),
        legend=alt.Legend(title=None, orient="bottom", columns=1),
    )
    layers = (
        even,
        edge.encode(**place, order="first:Q"),
        marks.encode(**place, color=kind, shape=shape),
    )
    caption = {"text": "The frontier; dashed: all openings at one depth", "fontSize": 11}
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, title=caption)


def _opening(bargain: "Bargain", row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return f"{called(row['opener'], names)}: {bargain.about.sector(row['sector'])}"


def _bars(bargain: "Bargain", names: Mapping[str, str]) -> "alt.Chart":
    """What every opening is worth to either side, alone."""
    import altair as alt

    sides = bargain.about["sides"]
    rows = [
        {
            "opening": _opening(bargain, row, names),
            "side": called(side, names),
            "worth": row[f"alone_{side}"],
        }
        for row in bargain.openings.to_dict("records")
        for side in sides
    ]
    shown = [called(side, names) for side in sides]
    order = list(dict.fromkeys(row["opening"] for row in rows))
    chart = alt.Chart(alt.InlineData(values=rows)).mark_bar()
    encoded = chart.encode(
        y=alt.Y("opening:N", sort=order, axis=alt.Axis(title=None, labelLimit=340)),
        yOffset=alt.YOffset("side:N", sort=shown),
        x=alt.X("worth:Q", axis=alt.Axis(title="percent of real income", gridColor=HAIRLINE)),
        color=alt.Color(
            "side:N",
            scale=alt.Scale(domain=shown, range=[COLOURS[0], COLOURS[1]]),
            legend=alt.Legend(title="worth to", orient="bottom"),
        ),
    )
    caption = {"text": "Each whole opening alone", "fontSize": 11}
    return encoded.properties(width=WIDTH, height=ROW * len(order), title=caption)
