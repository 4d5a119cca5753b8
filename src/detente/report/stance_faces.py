"""A stance game whole: its sections, its tables for programs, and its picture."""

import math
from typing import Any, TYPE_CHECKING

from .charts import GAIN, HAIRLINE, INK, LOSS, styled
from .section import Section
from .stance import stance_sections
from .stance_words import RUNS


if TYPE_CHECKING:
    import pandas as pd

    from ..geo.stance import Argument


WIDTH, ROW = 620, 26
"""Of the picture, in pixels."""


def stance_table(argument: "Argument") -> Section:
    """The whole argument."""
    about = argument.about
    world = f"{about.baseline} ({about.baseline_year})"
    head = f"{about['title']}: {world}, {RUNS[about.horizon]}"
    return Section([about.question, *stance_sections(argument)], head)


def stance_tables(argument: "Argument") -> "dict[str, pd.DataFrame]":
    """Every number and every table; politics never inside welfare."""
    return {
        "numbers": argument.numbers, "equilibria": argument.equilibria, "prices": argument.prices,
        "auction": argument.auction, "sectors": argument.sectors, "payoffs": argument.table,
    }  # fmt: skip


def stance_chart(argument: "Argument") -> dict[str, Any]:
    """Vega-Lite: what each action alone is worth, to the agent and to who takes it, with ranges."""
    import altair as alt

    about, rows = argument.about, _bars(argument)
    order = list(dict.fromkeys(row["action"] for row in rows))
    base = alt.Chart(alt.InlineData(values=rows))
    y = alt.Y("action:N", sort=order, axis=alt.Axis(title=None, labelLimit=300))
    # Few ticks, each label under its own: numbers of three digits meet in panels this narrow.
    axis = alt.Axis(title="% of real income", gridColor=HAIRLINE, tickCount=4, labelFlush=False)
    x = alt.X("value:Q", axis=axis)
    colour = alt.condition("datum.value >= 0", alt.value(GAIN), alt.value(LOSS))
    bars = base.mark_bar(height=12).encode(x=x, y=y, color=colour)
    ranges = base.mark_rule(color=INK).encode(x="low:Q", x2="high:Q", y=y)
    layers = [bars, ranges] if about.draws else [bars]
    panels = alt.layer(*layers).properties(width=WIDTH // 3, height=ROW * len(order))
    chart = panels.facet(
        column=alt.Column("country:N", sort=[row["country"] for row in rows],
                          header=alt.Header(title=None, labelFontWeight="bold"))
    ).resolve_scale(x="independent")  # fmt: skip
    subtitle = f"{about.baseline}, {RUNS[about.horizon]}; each panel has its own scale"
    if about.draws:
        subtitle += "; lines hold nine tenths of the draws"
    title = {"text": "What each action alone is worth", "subtitle": subtitle}
    return styled(chart.properties(title=title))


def _bars(argument: "Argument") -> list[dict[str, Any]]:
    worth = argument.numbers.loc[argument.numbers.kind == "worth"]
    names = argument.about["names"]
    rows = []
    for country in (argument.about["agent"], *argument.about["principals"]):
        for row in worth.loc[worth["where"] == country].to_dict("records"):
            code, _, action = str(row["of"]).partition(".")
            if action == next(iter(argument.game.players[code].actions)):
                continue
            known = not math.isnan(row["low"])
            rows.append(
                {
                    "action": f"{names[code]} {argument.game.players[code].actions[action].title}",
                    "country": names[country],
                    "value": row["value"],
                    "low": row["low"] if known else None,
                    "high": row["high"] if known else None,
                }
            )
    return rows
