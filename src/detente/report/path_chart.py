"""The path of a scenario as a picture: welfare by year, a line for each country in focus."""

import math
from collections.abc import Sequence
from typing import Any, TYPE_CHECKING

from ._frames import HORIZONS
from .charts import COLOURS, HAIRLINE, INK, styled


if TYPE_CHECKING:
    import xarray as xr


WIDTH, HEIGHT = 480, 260


def path_chart(path: "xr.Dataset", countries: Sequence[str]) -> dict[str, Any]:
    """Exact welfare by year in percent, as Vega-Lite; every line is named where it ends."""
    shown = list(countries)[: len(COLOURS)]
    names = path.country_name.sel(country=shown).values.tolist()
    rows = [
        {
            "year": int(year),
            "country": name,
            "welfare": _solved(float(path.welfare.sel(year=year, country=code))),
        }
        for code, name in zip(shown, names, strict=True)
        for year in path.year.values
    ]
    about = path.attrs
    setting = f"{about['baseline']} · {HORIZONS[about['horizon']]} · {about['basis']} basis"
    title = {"text": about["title"], "subtitle": setting}
    return _specification(rows, names, title)


def _solved(welfare: float) -> float | None:
    """A year without an equilibrium is a gap in the line."""
    return welfare if math.isfinite(welfare) else None


def _specification(
    rows: list[dict[str, Any]], names: list[str], title: dict[str, str]
) -> dict[str, Any]:
    import altair as alt

    last = max(row["year"] for row in rows)

    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("year:Q", axis=alt.Axis(format="d", title=None, grid=False, tickMinStep=1)),
        y=alt.Y("welfare:Q", axis=alt.Axis(title="Exact welfare, %", gridColor=HAIRLINE)),
        color=alt.Color(
            "country:N", scale=alt.Scale(domain=names, range=list(COLOURS)), legend=None
        ),
    )
    lines = base.mark_line(
        strokeWidth=2, point=alt.OverlayMarkDef(size=18), invalid="break-paths-filter-domains"
    )
    ends = base.transform_filter(alt.datum.year == last)
    labels = ends.mark_text(align="left", dx=8, fontSize=11, invalid="filter").encode(
        text="country:N"
    )
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(color=INK).encode(y="zero:Q")
    chart = alt.layer(zero, lines, labels).properties(width=WIDTH, height=HEIGHT, title=title)
    return styled(chart)
