"""How trade answers a month of more risk: a table, and a line with its band for each flow."""

from collections.abc import Mapping
from typing import Any, TYPE_CHECKING

import numpy as np
import pandas as pd

from .._words import called, possessive
from ._format import signed
from .charts import COLOURS, HAIRLINE, QUIET, styled
from .section import Section, table_of


if TYPE_CHECKING:
    from ..geo.risk import Risk


WEAK = 10.0
"""The rule of thumb of Staiger and Stock (1997) for one instrument."""
SHOWN = (0, 3, 6, 12)
WIDTH, HEIGHT = 480, 180


def risk_table(risk: "Risk", names: Mapping[str, str]) -> Section:
    """Responses by month, what lasts over a year, and the wedge that would bring it about."""
    first = f"% of the flow,\n{100 * risk.about.level:g} % interval"
    flows, wedges = risk.wedges.flow.tolist(), _rows(risk)
    by_flow = risk.projection.responses.set_index(["flow", "month"])
    rows = [
        (
            "the same month" if month == 0 else f"{month} months on",
            *(_percent(by_flow.loc[(flow, month)]) for flow in flows),
        )
        for month in SHOWN
    ]
    rows += [
        (),
        (
            "over a year, for one\nstandard deviation",
            *(_range(row["effect"], row["low"], row["high"]) for row in wedges),
        ),
        (
            "as a cost of trade",
            *(_range(row["cost"], row["cost_low"], row["cost_high"]) for row in wedges),
        ),
    ]
    return Section(
        [table_of((first, *(f"{flow}\n" for flow in flows)), rows), *_lines(risk, names)]
    )


def _lines(risk: "Risk", names: Mapping[str, str]) -> list[str]:
    about = risk.about
    country, partner = (called(about[side], names) for side in ("country", "partner"))
    theta = ", ".join(f"{row['flow']} {row['theta']:.2g}" for row in _rows(risk))
    said = [
        f"{possessive(country)} trade in goods with {partner} ({about.basis}), "
        f"{about['months']} months from {about['first']} to {about['last']}. Above, after a month "
        f"in which '{about['index']}' is one standard deviation "
        f"({about['index_deviation']:.4g}) higher than its past and the season would have it.",
        "The cost is what would move the flow as much at fixed prices, with the trade "
        f"elasticities of {about.baseline} ({theta}); a scenario takes it as "
        "'policy_uncertainty'.",
        "What moved with the index for other reasons is in the figure, and so are the measures it "
        "foretold: do not add it to a boycott or a tariff that is a policy of its own.",
    ]
    both_signs = risk.wedges.loc[risk.wedges.low * risk.wedges.high < 0, "flow"]
    if len(both_signs):
        said.append(f"The year's interval holds zero for {' and '.join(both_signs)}.")
    weak = risk.wedges.loc[risk.wedges.strength < WEAK, "flow"]
    if len(weak):
        said.append(
            f"For {' and '.join(weak)} the month says little of the year that follows (F below "
            f"{WEAK:g}): the last two rows are not to be relied on."
        )
    return said


def _rows(risk: "Risk") -> list[dict[str, Any]]:
    return [
        {str(name): value for name, value in row.items()} for row in risk.wedges.to_dict("records")
    ]


def risk_frame(risk: "Risk") -> pd.DataFrame:
    """Every response, percent; `month` 0 to 12, and the year as a whole under `over a year`."""
    by_month = [
        {
            "flow": row["flow"], "month": row["month"],
            "effect": 100 * np.expm1(row["response"]),
            "low": 100 * np.expm1(row["low"]), "high": 100 * np.expm1(row["high"]),
        }
        for row in risk.projection.responses.to_dict("records")
    ]  # fmt: skip
    year = [row | {"month": "over a year"} for row in _rows(risk)]
    return pd.DataFrame([*by_month, *year])


def risk_chart(risk: "Risk", names: Mapping[str, str]) -> dict[str, Any]:
    """The Vega-Lite specification: a panel for each flow, a line by month and its band."""
    import altair as alt

    frame = risk_frame(risk)
    months = frame.loc[frame.month != "over a year"]
    values = months[["flow", "month", "effect", "low", "high"]].to_dict("records")
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X("month:Q", axis=alt.Axis(title="Months since", tickMinStep=1, grid=False)),
    )
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(color=QUIET).encode(y="zero:Q")
    panels = []
    for flow, colour in zip(risk.wedges.flow, COLOURS, strict=False):
        chosen = base.transform_filter(alt.datum.flow == flow)
        band = chosen.mark_area(opacity=0.2, color=colour).encode(
            y=alt.Y("low:Q", axis=alt.Axis(title="% of the flow", gridColor=HAIRLINE)), y2="high:Q"
        )
        line = chosen.mark_line(strokeWidth=2, color=colour).encode(y="effect:Q")
        name = {"text": flow.capitalize(), "fontSize": 12, "anchor": "start"}
        panels.append(alt.layer(band, zero, line).properties(
            width=WIDTH, height=HEIGHT, title=name
        ))  # fmt: skip
    about = risk.about
    country, partner = (called(about[side], names) for side in ("country", "partner"))
    title = {
        "text": f"{possessive(country)} trade with {partner} after a month of more risk",
        "subtitle": f"One standard deviation of '{about['index']}'; "
        f"{100 * about.level:g} % interval; {about.basis}, "
        f"{about['first']} to {about['last']}",
    }
    chart = alt.vconcat(*panels).resolve_scale(y="shared").properties(title=title)
    return styled(chart)


def _percent(row: pd.Series) -> str:
    return _range(*(100 * float(np.expm1(row[name])) for name in ("response", "low", "high")))


def _range(value: float, low: float, high: float) -> str:
    return f"{signed(value, 1)} ({signed(low, 1)} to {signed(high, 1)})"
