"""Pictures of leverage: losses beside self-costs, sectors by cheapness, gains against exposure."""

from collections.abc import Mapping, Sequence
from typing import Any, TYPE_CHECKING

import numpy as np
import pandas as pd

from .._words import called, is_plural, listing, possessive
from .charts import COLOURS, HAIRLINE, INK, QUIET, styled
from .labels import FONT_SIZE, placed


if TYPE_CHECKING:
    from ..about import About
    from ..geo.leverage import Cheapest, Frontier, Leverage


WIDTH = 560
ROW = 17
PANE = (347.0, 320.0)
"""Pixels of one horizon of a frontier, across and down."""
_FORMS = {"buying": "stop buying", "selling": "stop selling", "both": "stop both"}


def leverage_chart(leverage: "Leverage", names: Mapping[str, str]) -> dict[str, Any]:
    """Bars of both sides' losses by horizon, with the interval where there are draws."""
    import altair as alt

    about = leverage.about
    target, sender = _sides(about, names)
    sides = {_lose([about["target"]], names): "threat_loss",
             _lose(about["senders"], names): "self_cost"}  # fmt: skip
    values = [
        {
            "threat": _threat(row), "side": side, "horizon": f"{row['horizon']} run",
            "loss": row[name], "low": row.get(f"{name}_low"), "high": row.get(f"{name}_high"),
        }
        for row in leverage.rows.to_dict("records")
        for side, name in sides.items()
    ]  # fmt: skip
    data = alt.InlineData(values=values)
    colours = alt.Scale(domain=list(sides), range=[COLOURS[1], COLOURS[0]])
    base = alt.Chart(data).encode(
        y=alt.Y("side:N", axis=None, sort=list(sides)),
        x=alt.X("loss:Q", axis=alt.Axis(title="percent of real income", gridColor=HAIRLINE)),
    )
    bars = base.mark_bar(height=ROW - 5).encode(
        color=alt.Color("side:N", scale=colours, legend=alt.Legend(title=None, orient="top"))
    )
    layers = [bars]
    if "threat_loss_low" in leverage.rows:
        layers.append(base.mark_rule(color=INK).encode(x="low:Q", x2="high:Q"))
    rows = alt.Row("threat:N", title=None, sort=None,
                   header=alt.Header(labelAngle=0, labelAlign="left", labelColor=INK))  # fmt: skip
    columns = alt.Column("horizon:N", title=None, sort=["long run", "short run"],
                         header=alt.Header(labelColor=QUIET))  # fmt: skip
    chart = alt.layer(*layers).properties(width=WIDTH / 2, height=2 * ROW)
    return _titled(
        chart.facet(row=rows, column=columns, spacing=8),
        f"What {sender} can threaten {target} with, and at what cost",
        _subtitle(about, "line: interval over draws" if "threat_loss_low" in leverage.rows else ""),
    )


def cheapest_chart(cheapest: "Cheapest", names: Mapping[str, str], top: int = 25) -> dict[str, Any]:
    """The loss a sector does for what it costs, the cheapest first."""
    import altair as alt

    about, rows = cheapest.about, cheapest.rows.head(top)
    target, sender = _sides(about, names)
    hit = set(about.own.get("hit_2017", ()))
    values = [
        {
            "sector": f"{about.sector(row['sector'])}, {row['direction']}",
            "ratio": row["closing_ratio"],
            "kind": "hit in 2017" if row["sector"] in hit else "other",
            "chosen": row["chosen"] > 1e-3,
        }
        for row in rows.to_dict("records")
    ]  # fmt: skip
    scale = alt.Scale(domain=["hit in 2017", "other"], range=[COLOURS[1], COLOURS[0]])
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y("sector:N", sort=None, axis=alt.Axis(title=None, labelLimit=340)),
        x=alt.X("ratio:Q", axis=alt.Axis(gridColor=HAIRLINE,
                                         title="loss over self-cost of closing the sector alone")),
    )  # fmt: skip
    bars = base.mark_bar(height=ROW - 5).encode(
        color=alt.Color("kind:N", scale=scale, legend=alt.Legend(title=None, orient="top"))
    )
    marks = base.transform_filter("datum.chosen").mark_point(
        shape="diamond", filled=True, color=INK, size=40, opacity=1
    )
    return _titled(
        alt.layer(bars, marks).properties(width=WIDTH, height=ROW * len(values)),
        f"Which sectors {sender} would choose against {target}",
        f"In the order of a small mark-up; a diamond: part of the optimum for "
        f"{about['budget']:g} % self-cost; {about.horizon} run, {about.baseline}",
    )


def frontier_chart(frontier: "Frontier", names: Mapping[str, str]) -> dict[str, Any]:
    """Gain of the target against what the scenario adds to the loss it can be threatened with."""
    import altair as alt

    about, rows = frontier.about, frontier.rows
    target, sender = _sides(about, names)
    panels = [_plane(rows, str(horizon), target) for horizon in rows.horizon.unique()]
    return _titled(
        alt.hconcat(*panels, spacing=24),
        f"What scenarios bring {target}, and what they add to {possessive(sender)} threat",
        f"On the dashed line a scenario adds to the loss what it brings; {about.baseline}, "
        f"{_FORMS[about['form']]} ({about['size']})",
    )


def _plane(rows: pd.DataFrame, horizon: str, target: str) -> Any:
    import altair as alt

    low, high = _range(rows)
    room = 0.12 * (high - low)
    across, up = (low - room, high + 3 * room), (low - room, high + room)
    values = _named(rows.loc[rows.horizon == horizon], across, up)
    axis = lambda title: alt.Axis(title=title, gridColor=HAIRLINE, tickCount=6)
    x = alt.X("added:Q", scale=alt.Scale(domain=list(across), nice=False),
              axis=axis(f"added to {target}'s loss, log points"))  # fmt: skip
    y = alt.Y("gain:Q", scale=alt.Scale(domain=list(up), nice=False),
              axis=axis(f"{target} gains, percent of real income"))  # fmt: skip
    base = alt.Chart(alt.InlineData(values=values)).encode(x=x, y=y)
    points = base.mark_point(filled=True, size=60, opacity=1, color=COLOURS[0])
    leads = base.transform_filter("datum.away").mark_rule(color=QUIET, strokeWidth=0.7)
    ends = alt.InlineData(values=[{"added": end, "gain": end} for end in (low, high)])
    line = alt.Chart(ends).mark_line(strokeDash=[4, 3], color=QUIET, strokeWidth=1)
    layers = (
        line.encode(x=x, y=y),
        leads.encode(x2="edge:Q", y2="middle:Q"),
        points,
        *(_words(base, side) for side in ("right", "left")),
    )
    title = {"text": f"{horizon} run", "fontSize": 11}
    return alt.layer(*layers).properties(width=PANE[0], height=PANE[1], title=title)


def _words(base: Any, side: str) -> Any:
    """The names that stand on that side of their points."""
    align = "left" if side == "right" else "right"
    marks = base.transform_filter(f"datum.side == '{side}'").mark_text(
        align=align, baseline="middle", fontSize=FONT_SIZE, color=INK
    )
    return marks.encode(x="edge:Q", y="middle:Q", text="scenario:N")


def _named(
    rows: pd.DataFrame, across: tuple[float, float], up: tuple[float, float]
) -> list[dict[str, Any]]:
    """Every scenario with the place of its name, in the units of the axes."""
    names = [(name or "as it is").rpartition("/")[2] for name in rows.scenario]
    wide, tall = (
        (end - start) / size for (start, end), size in zip((across, up), PANE, strict=True)
    )
    points = list(zip(rows.added_loss, rows.gain, strict=True))
    pixels = [((added - across[0]) / wide, (up[1] - gain) / tall) for added, gain in points]
    labels = placed(pixels, names, *PANE)
    return [
        {
            "scenario": name, "gain": gain, "added": added, "away": label.away,
            "side": label.side, "edge": across[0] + wide * label.edge,
            "middle": up[1] - tall * label.middle,
        }
        for name, (added, gain), label in zip(names, points, labels, strict=True)
    ]  # fmt: skip


def _range(rows: pd.DataFrame) -> tuple[float, float]:
    """The numbers of both axes, so that the line where a threat takes back a gain is straight."""
    both = rows[["gain", "added_loss"]].to_numpy()
    return float(np.min(both)), float(max(np.max(both), np.min(both) + 1e-6))


def _sides(about: "About", names: Mapping[str, str]) -> tuple[str, str]:
    """The target and the senders in words."""
    senders = listing([called(code, names) for code in about["senders"]])
    return called(about["target"], names), senders


def _lose(codes: Sequence[str], names: Mapping[str, str]) -> str:
    """The heading of what those countries lose."""
    several = len(codes) > 1 or is_plural(names.get(codes[0], ""))
    who = listing([called(code, names) for code in codes])
    return f"{who} {'lose' if several else 'loses'}"


def _threat(row: dict[str, Any]) -> str:
    rent = "" if row["rent"] == "none" else f", rent: {row['rent']}"
    return f"{_FORMS[row['form']]}{rent}"


def _subtitle(about: "About", more: str) -> str:
    after = f"after '{about['after_title']}'" if about["after"] else ""
    parts = [f"trade {about['size']}", after, f"{about.baseline}, exact real income", more]
    return "; ".join(part for part in parts if part)


def _titled(chart: Any, title: str, subtitle: str) -> dict[str, Any]:
    return styled(chart.properties(title={"text": title, "subtitle": subtitle}))
