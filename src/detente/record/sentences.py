"""Where concepts of dependence disagree, in one sentence each."""

import pandas as pd


APART = 1.25
"""Two shares are called different beyond this ratio: rounding and imputation are well inside it."""
MOVED = 0.005
"""A share has moved by more than this (half a point) before its direction is said to differ."""
_FIELDS = {
    "inputs": ("supplies {face} of {country}'s inputs", "stands behind {look} of them"),
    "spending": (
        "sells {face} of what {country} buys for final use",
        "earns {look} of the value added in it",
    ),
    "sales": (
        "buys {face} of {country}'s output",
        "is where {look} of {country}'s value added ends up",
    ),
}
_SIDES = {"exports": "exports", "imports": "imports", "total": "trade both ways"}


def disagreements(
    country: str, partner: str | None, shares: pd.DataFrame, ranks: pd.DataFrame
) -> list[str]:
    """One sentence for every pair of concepts that answers differently, in a fixed order."""
    partner = partner or _first(shares)
    return [
        *_through(country, partner, shares),
        *_sides(country, partner, shares),
        *_moves(country, partner, ranks),
        *_months(country, ranks),
    ]


def _first(shares: pd.DataFrame) -> str:
    total = shares.loc[(shares.concept == "face value") & (shares.measure == "total")]
    return str(total.loc[total["rank"].idxmin(), "partner"])


def _cell(shares: pd.DataFrame, concept: str, measure: str, partner: str) -> pd.Series:
    chosen = (shares.concept == concept) & (shares.measure == measure)
    return shares.loc[chosen & (shares.partner == partner)].iloc[0]


def _through(country: str, partner: str, shares: pd.DataFrame) -> list[str]:
    """Face value against look-through, measure by measure."""
    said = []
    for measure, (at_face, behind) in _FIELDS.items():
        face = _cell(shares, "face value", measure, partner)
        look = _cell(shares, "look-through", measure, partner)
        low, high = sorted([face.share, look.share])
        if not high > APART * low:
            continue
        words = {"country": country, "face": _percent(face.share), "look": _percent(look.share)}
        more = "more" if look.share > face.share else "less"
        said.append(
            f"{partner} {at_face.format(**words)} at face value and {behind.format(**words)} "
            f"when the chain is looked through: {more} dependence than it seems."
        )
    return said


def _sides(country: str, partner: str, shares: pd.DataFrame) -> list[str]:
    """The rank by exports, by imports and by both."""
    places = {m: _cell(shares, "face value", m, partner)["rank"] for m in _SIDES}
    if len(set(places.values())) == 1 or any(pd.isna(place) for place in places.values()):
        return []
    words = [f"no. {place:.0f} by {_SIDES[measure]}" for measure, place in places.items()]
    return [f"{partner} is {country}'s partner {', '.join(words[:-1])} and {words[-1]}."]


def _moves(country: str, partner: str, ranks: pd.DataFrame) -> list[str]:
    """Shares that moved in opposite directions over the stored years."""
    yearly = ranks.loc[(ranks.frequency == "year") & (ranks.partner == partner)]
    if yearly.empty:
        return []
    share = yearly.set_index(["when", "flow"]).share
    # From the peak of exports: a rise and a fall over the whole span would hide each other.
    first, last = share.xs("exports", level="flow").idxmax(), yearly.when.max()
    change = {flow: share[last, flow] - share[first, flow] for flow in ("exports", "imports")}
    if change["exports"] * change["imports"] >= 0 or min(map(abs, change.values())) < MOVED:
        return []
    words = [
        f"{'fell' if moved < 0 else 'rose'} from {_percent(share[first, flow])} to "
        f"{_percent(share[last, flow])} of {flow}"
        for flow, moved in change.items()
    ]
    return [f"From {first} to {last} {partner} {words[0]} of {country} and {words[1]}."]


def _months(country: str, ranks: pd.DataFrame) -> list[str]:
    """The latest year in which the first partner of the year is not that of every month."""
    monthly = ranks.loc[ranks.frequency == "month"]
    monthly = monthly.assign(year=monthly.when.astype(str).str[:4])
    said = {}
    for (flow, year), rows in monthly.groupby(["flow", "year"]):
        first = str(rows.groupby("partner").value.sum().idxmax())
        others = rows.loc[(rows["rank"] == 1) & (rows.partner != first)]
        if others.empty:
            continue
        when = [f"{row['partner']} in {row['when']}" for row in others.to_dict("records")]
        said[flow] = (
            f"In {year} {first} is {country}'s first partner by {_SIDES[str(flow)]} over the "
            f"stored months together, and not in each: {', '.join(when)}."
        )
    return list(said.values())


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
