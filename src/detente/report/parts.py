"""What each policy of a scenario brings, as a page and as a picture; terms have the picture too."""

from collections.abc import Mapping, Sequence
from typing import Any, TYPE_CHECKING

import pandas as pd

from .._words import called, first_large, is_plural
from ._format import (
    fine_percent,
    money,
    sentence,
    signed_fine_percent,
    signed_million,
    UNCHANGED_PERCENT,
)
from ._frames import HORIZONS, records
from .analyses import decomposition_frame
from .charts import COLOURS, HAIRLINE, styled
from .section import Part, Section, Table, table_of, Terms


if TYPE_CHECKING:
    import xarray as xr

    from ..about import About
    from ..ensemble.parts import PolicyParts


WIDTH, BAR = 460, 12
_SHOWN = 4
"""Countries of the picture and the page."""


def parts_table(
    parts: "PolicyParts", countries: Sequence[str], names: Mapping[str, str]
) -> Section:
    """Each policy alone, left out and its fair share, for the countries in focus."""
    about = parts.about
    foot = (
        "Alone: no other policy is in force. Left out: all others are, against all together. Fair "
        "share: what the policy adds on average over all orders in which they may come (Shapley "
        "1953); shares add up to the whole. Exact welfare, percent of real income; US$ a year. "
        f"{about.baseline}, {about.baseline_year}, {HORIZONS[about.horizon]}, {about.basis} basis."
    )
    shown = list(countries)[:_SHOWN]
    lead = [_lead(parts, code, names) for code in shown[:1]]
    tables = [_of_country(parts, code, names) for code in shown]
    said: list[Part] = [*lead, *tables, Terms([*parts.words.items()]), foot]
    return Section(said)


def _lead(parts: "PolicyParts", code: str, names: Mapping[str, str]) -> str:
    """What all bring to a country, and which policy has most of it."""
    whole = parts.whole.set_index("country").loc[code]
    name, many = called(code, names), is_plural(names.get(code, ""))
    if abs(whole.welfare) < UNCHANGED_PERCENT:
        return sentence(f"the policies together leave the real income of {name} as it is")
    gains = ("gain" if many else "gains") if whole.welfare > 0 else ("lose" if many else "loses")
    shares = parts.rows.loc[parts.rows.country == code].set_index("policy").fair_share
    towards = shares if whole.welfare > 0 else -shares
    first = str(towards.idxmax())
    part = "most" if towards[first] > abs(whole.welfare) / 2 else "the largest part"
    return (
        f"{first_large(name)} {gains} {fine_percent(whole.welfare)} of real income, "
        f"{money(whole.equivalent_variation)} a year; {part} of it is the fair share of '{first}', "
        f"{signed_fine_percent(shares[first])} %."
    )


def _of_country(parts: "PolicyParts", code: str, names: Mapping[str, str]) -> Table:
    whole = parts.whole.set_index("country").loc[code]
    rows = [
        (
            str(row["policy"]),
            *(signed_fine_percent(row[kind]) for kind in ("alone", "left_out", "fair_share")),
            signed_million(row["fair_share_equivalent_variation"]),
        )
        for row in records(parts.rows.loc[parts.rows.country == code])
    ]
    total = signed_fine_percent(whole.welfare), signed_million(whole.equivalent_variation)
    headings = ("policy", "alone %", "left out %", "fair share %", "fair share, US$ million")
    title = first_large(called(code, names))
    return table_of(headings, [*rows, ("all together", "", "", *total)], title=title)


def parts_chart(
    parts: "PolicyParts", countries: Sequence[str], names: Mapping[str, str]
) -> dict[str, Any]:
    """The Vega-Lite specification: the fair share of every policy, for the countries in focus."""
    rows = parts.rows.rename(columns={"policy": "part", "fair_share": "value"})
    return _bars(rows, countries, names, parts.about, "Fair share, percent of real income")


def terms_chart(
    terms: "xr.Dataset", countries: Sequence[str], names: Mapping[str, str], about: "About"
) -> dict[str, Any]:
    """The Vega-Lite specification: the terms of exact welfare, for the countries in focus."""
    frame = decomposition_frame(terms)
    rows = frame.groupby(["term", "country"], sort=False).value.sum().reset_index()
    rows = rows.rename(columns={"term": "part"})
    rows = rows.assign(part=[str(one).replace("_", " ") for one in rows.part])
    return _bars(rows, countries, names, about, "Exact welfare, percentage points")


def _bars(
    rows: pd.DataFrame,
    countries: Sequence[str],
    names: Mapping[str, str],
    about: "About",
    axis: str,
) -> dict[str, Any]:
    import altair as alt

    shown = {code: first_large(called(code, names)) for code in list(countries)[:_SHOWN]}
    kept = rows.loc[rows.country.isin(list(shown))]
    order = [*dict.fromkeys(kept.part)]
    values = [
        {"part": row["part"], "country": shown[row["country"]], "value": row["value"]}
        for row in records(kept)
    ]
    domain = [*shown.values()]
    colour = alt.Color(
        "country:N",
        scale=alt.Scale(domain=domain, range=list(COLOURS[: len(domain)])),
        legend=alt.Legend(title=None, orient="top"),
    )
    chart = alt.Chart(alt.InlineData(values=values)).mark_bar(height=BAR - 2)
    chart = chart.encode(
        x=alt.X("value:Q", axis=alt.Axis(title=axis, gridColor=HAIRLINE)),
        y=alt.Y("part:N", sort=order, axis=alt.Axis(title=None, labelLimit=260)),
        yOffset=alt.YOffset("country:N", sort=domain),
        color=colour,
    )
    setting = f"{about.baseline} · {HORIZONS[about.horizon]} · {about.basis} basis"
    title = {"text": about["title"], "subtitle": setting}
    height = max(60, BAR * len(domain) * len(order) + 10 * len(order))
    return styled(chart.properties(width=WIDTH, height=height, title=title))
