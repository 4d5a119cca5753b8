"""Pictures of exposure: partners as bars, years as lines, and paths of shares against a target."""

from collections.abc import Mapping
from typing import Any, TYPE_CHECKING

import pandas as pd

from .._words import called
from .charts import COLOURS, HAIRLINE, INK, QUIET, styled
from .exposure import DEFICITS, PER_TEN


if TYPE_CHECKING:
    from ..geo import Exposure, Paths, ThirdParties


WIDTH, HEIGHT = 480, 260
MOST = 20
"""Bars of partners, those with the largest effects."""
PANELS = 4
"""Of shares on their paths; the table has them all, and a page its words in sight."""


def exposure_chart(exposure: "Exposure") -> dict[str, Any]:
    """The Vega-Lite specification: a bar for every partner, short and long beside each other."""
    import altair as alt

    rows = exposure.partners.loc[exposure.partners.partner != exposure.country]
    long = rows.loc[rows.horizon == "long"].set_index("name").from_its_growth
    order = long.loc[long.abs().sort_values(ascending=False).index[:MOST]].sort_values()
    shown = rows.loc[rows["name"].isin(list(order.index))]
    values = [
        {
            "partner": row["name"],
            "horizon": row["horizon"],
            "effect": PER_TEN * row["from_its_growth"],
        }
        for row in shown.to_dict("records")
    ]
    bars = alt.Chart(alt.InlineData(values=values)).mark_bar().encode(
        y=alt.Y("partner:N", sort=list(order.index)[::-1], axis=alt.Axis(title=None)),
        yOffset=alt.YOffset("horizon:N", sort=["short", "long"]),
        x=alt.X("effect:Q", axis=alt.Axis(title="Real income, %", gridColor=HAIRLINE)),
        color=_colour("horizon", ["short", "long"]),
    )  # fmt: skip
    about = exposure.about
    names = dict(zip(exposure.partners.partner, exposure.partners["name"], strict=True))
    whose = called(exposure.country, names)
    title = {
        "text": f"What ten percent more productivity elsewhere is worth to {whose}",
        "subtitle": f"First order; {about.baseline} ({about.basis} basis), "
        f"{DEFICITS[about['deficits']]}",
    }
    return styled(bars.properties(width=WIDTH, height=alt.Step(9), title=title))


def third_parties_chart(parties: "ThirdParties") -> dict[str, Any]:
    """The Vega-Lite specification: equivalent variation of those it moves most, both horizons."""
    import altair as alt

    rows = parties.countries
    size = rows.groupby("name").equivalent_variation.apply(lambda values: values.abs().max())
    kept = size.sort_values(ascending=False).index[:12]
    long = rows.loc[rows.horizon == "long"].set_index("name").equivalent_variation
    order = long.loc[list(kept)].sort_values(ascending=False)
    values = [
        {"country": row["name"], "horizon": row["horizon"], "value": row["equivalent_variation"]}
        for row in rows.loc[rows["name"].isin(list(kept))].to_dict("records")
    ]
    bars = alt.Chart(alt.InlineData(values=values)).mark_bar().encode(
        y=alt.Y("country:N", sort=list(order.index), axis=alt.Axis(title=None)),
        yOffset=alt.YOffset("horizon:N", sort=["short", "long"]),
        x=alt.X(
            "value:Q",
            axis=alt.Axis(title="Equivalent variation, US$ million a year", gridColor=HAIRLINE),
        ),
        color=_colour("horizon", ["short", "long"]),
    )  # fmt: skip
    title = {
        "text": parties.about["title"],
        "subtitle": f"{parties.about.baseline}, {parties.about.basis} basis; the twelve that it "
        "moves most",
    }
    return styled(bars.properties(width=WIDTH, height=alt.Step(9), title=title))


def by_year_chart(rows: pd.DataFrame, names: Mapping[str, str]) -> dict[str, Any]:
    """The Vega-Lite specification: exposure by year, a panel for each horizon."""
    import altair as alt

    partners = [names.get(code, code) for code in dict.fromkeys(rows.partner)]
    values = [
        {
            **row,
            "exposure": PER_TEN * row["exposure"],
            "horizon": f"{row['horizon']} horizon",
            "partner": names.get(row["partner"], row["partner"]),
        }
        for row in rows.drop(columns="trade_share").to_dict("records")
    ]
    lines = alt.Chart(alt.InlineData(values=values)).mark_line(
        strokeWidth=2, point=alt.OverlayMarkDef(size=22)
    ).encode(
        x=_years(int(rows.year.min()), int(rows.year.max())),
        y=alt.Y("exposure:Q", axis=alt.Axis(title="Real income, %", gridColor=HAIRLINE)),
        color=_colour("partner", partners),
    ).properties(width=WIDTH // 2, height=HEIGHT)  # fmt: skip
    panels = lines.facet(
        column=alt.Column("horizon:N", title=None, sort=["short horizon", "long horizon"])
    )
    country = called(rows.attrs["country"], names)
    title = {
        "text": f"What ten percent more productivity of partners is worth to {country}",
        "subtitle": f"Flows of each year ({rows.attrs['basis']} basis), one technology, "
        f"{DEFICITS[rows.attrs['deficits']]}",
    }
    return styled(panels.properties(title=title))


def paths_chart(paths: "Paths", country: str, names: Mapping[str, str]) -> dict[str, Any]:
    """The Vega-Lite specification: the largest shares in a country's imports at published paces.

    A panel for each, with the pace of each line and the target as a rule.
    """
    import altair as alt

    from ..geo.logit_path import share_in

    largest = paths.chances.nlargest(PANELS, "share").what
    shown = paths.paths.loc[paths.paths.what.isin(largest)]
    values = [
        {
            "what": f"{row['what']} ({100 * row['share']:.0f} % in {row['year']})",
            "pace": row["pace"],
            "year": year,
            "share": 100 * share_in(row["share"], row["per_year"], float(year - row["year"])),
        }
        for row in shown.to_dict("records")
        for year in range(row["year"], paths.by + 6)
    ]
    starts = list(dict.fromkeys(value["what"] for value in values))
    paces = list(dict.fromkeys(paths.paths.pace))
    base = alt.Chart(alt.InlineData(values=values))
    first = min(value["year"] for value in values)
    lines = base.mark_line(strokeWidth=2).encode(
        x=_years(first, paths.by + 5),
        y=alt.Y(
            "share:Q", scale=alt.Scale(domain=[0, 100]),
            axis=alt.Axis(title="Share in imports, %", gridColor=HAIRLINE),
        ),
        color=_colour("pace", paces, columns=2),
    )  # fmt: skip
    target = base.mark_rule(color=INK, strokeDash=[4, 3]).encode(y=alt.datum(100 * paths.below))
    due = base.mark_rule(color=QUIET, strokeDash=[2, 3]).encode(x=alt.datum(paths.by))
    panels = alt.layer(lines, target, due).properties(width=WIDTH // 2, height=HEIGHT // 2)
    chart = panels.facet(
        facet=alt.Facet("what:N", title=None, sort=starts), columns=2,
        title={
            "text": f"{_leading(paths)} in imports of {called(country, names)} at published paces",
            "subtitle": f"Log odds fall at paces published for 2018 to 2021; dashed: "
            f"{100 * paths.below:g} % and {paths.by}. Not a forecast",
        },
    )  # fmt: skip
    return styled(chart)


def _leading(paths: "Paths") -> str:
    """Which of the shares are drawn."""
    return f"The {PANELS} largest shares" if len(paths.chances) > PANELS else "Shares"


def _years(first: int, last: int) -> Any:
    import altair as alt

    axis = alt.Axis(format="d", title=None, grid=False, tickMinStep=1, tickCount=6)
    return alt.X("year:Q", axis=axis, scale=alt.Scale(domain=[first, last], nice=False))


def _colour(field: str, names: list[str], columns: int = 6) -> Any:
    import altair as alt

    scale = alt.Scale(domain=names, range=list(COLOURS[: len(names)]))
    legend = alt.Legend(title=None, orient="top", labelLimit=320, columns=columns)
    return alt.Color(f"{field}:N", scale=scale, legend=legend)
