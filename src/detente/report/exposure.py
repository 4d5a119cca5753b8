"""Tables of exposure: friends and enemies, pairs of others, sectors, years, and third parties."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .._words import in_sentence
from ._format import money, signed
from .section import Section, Table, table_of


if TYPE_CHECKING:
    from ..geo import Exposure, ThirdParties


PER_TEN = 10.0
"""Effects are printed for ten percent, so that most of them have a digit."""
DECIMALS = 3
DEFICITS = {
    "fixed": "trade deficits fixed",
    "proportional": "deficits a fixed multiple of own income",
    "removed": "without trade deficits",
}


def exposure_table(exposure: "Exposure", top: int = 10) -> Section:
    """Partners ranked, pairs of others, and sectors of the partners that were named."""
    about = exposure.about
    named = dict.fromkeys(map(str, exposure.sectors.partner))
    sectors = [_by_sector(exposure, partner, top) for partner in named]
    foot = (
        f"Exact derivatives of the equilibrium; {about.baseline}, "
        f"{about.baseline_year}, {about.basis} basis, {DEFICITS[about['deficits']]}."
    )
    return Section([_own(exposure), _partners(exposure, top), _pairs(exposure), *sectors, foot])


def _own(exposure: "Exposure") -> str:
    own = exposure.partners.loc[exposure.partners.partner == exposure.country].set_index("horizon")
    value = {one: signed(PER_TEN * own.from_its_growth[one], 2) for one in own.index}
    name = str(own["name"].iloc[0])
    return (
        f"Real income of {in_sentence(name)}, %, when productivity rises by 10 % in all sectors of "
        f"a partner. Its own: {value['short']} (short), {value['long']} (long). Growth of a "
        "country helps where the sign is plus (a friend in the sense of Kleinman, Liu and "
        "Redding) and hurts where it is minus. To first order: ten times the effect of 1 %."
    )


def _partners(exposure: "Exposure", top: int) -> Table:
    shown = []
    rows = exposure.partners.loc[exposure.partners.partner != exposure.country]
    short, long = (rows.loc[rows.horizon == one].set_index("partner") for one in ("short", "long"))
    ranked = long.sort_values("from_its_growth", ascending=False)
    for place, row in enumerate(ranked.reset_index().to_dict("records")):
        # The first ones, and everyone whose growth hurts.
        if place < top or row["from_its_growth"] < 0:
            then = short.loc[row["partner"]]
            effects = (then.from_its_growth, row["from_its_growth"], then.from_ours,
                       row["from_ours"])  # fmt: skip
            shown.append((row["name"], *map(_ten, effects)))
    headings = ("partner", "its growth\nhelps us\nshort", "its growth\nhelps us\nlong",
                "our growth\nhelps it\nshort", "our growth\nhelps it\nlong")  # fmt: skip
    return table_of(headings, shown)


def _pairs(exposure: "Exposure", top: int = 4) -> Table:
    """What happens to the country when two others trade more cheaply."""
    cuts, country = exposure.cuts, exposure.country
    cuts = cuts.loc[(cuts.one != country) & (cuts.other != country)]
    both = cuts.loc[cuts.horizon == "long"].merge(
        cuts.loc[cuts.horizon == "short"], on=["one", "other"], suffixes=("", "_short")
    )
    both = both.sort_values("effect")
    helped = both.loc[both.effect > 0].tail(top).iloc[::-1]
    return table_of(
        ("10 % cheaper trade between", "short", "long"),
        (
            (f"{row['one']} and {row['other']}", _ten(row["effect_short"]), _ten(row["effect"]))
            for row in pd.concat([both.head(top), helped]).to_dict("records")
        ),
    )


def _by_sector(exposure: "Exposure", partner: str, top: int) -> Table:
    rows = exposure.sectors
    rows = rows[(rows.partner == partner) & (rows.horizon == "long")]
    rows = rows.loc[rows.its_growth.abs().sort_values(ascending=False).index].head(top)
    effects = ("its_growth", "imports", "exports")
    return table_of(
        (f"{partner} by sector, long", "its growth", "cheaper\nimports", "cheaper\nexports"),
        ((row["name"], *(_ten(row[name]) for name in effects)) for row in rows.to_dict("records")),
    )


def by_year_table(rows: pd.DataFrame) -> Section:
    """Exposure and trade share of each year, a pair of columns for every partner."""
    partners = list(dict.fromkeys(rows.partner))
    headings = [f"{code}\n{kind}" for code in partners for kind in ("short", "long", "trade %")]
    table = []
    for year, now in rows.groupby("year"):
        cells = [str(year)]
        for code in partners:
            own = now[now.partner == code].set_index("horizon")
            cells += [_ten(own.exposure["short"]), _ten(own.exposure["long"]),
                      f"{100 * own.trade_share.iloc[0]:.1f}"]  # fmt: skip
        table.append(cells)
    country, deficits = rows.attrs["country"], DEFICITS[rows.attrs["deficits"]]
    foot = (
        f"Real income of {country}, %, for 10 % more productivity of the partner, to first order; "
        f"{deficits}. Flows and tariffs of each year ({rows.attrs['basis']} basis, goods by "
        f"sector, services as one), technology of {rows.attrs['technology']} in all. "
        f"trade %: its part of {country}'s exports and imports."
    )
    return Section([table_of(("year", *headings), table), foot])


def third_parties_table(parties: "ThirdParties", top: int = 8) -> Section:
    """Gains and losses by country, and whether they add to more than nothing."""
    short, first = (
        parties.countries.loc[parties.countries.horizon == one].set_index("country")
        for one in ("short", "long")
    )
    order = first.index[np.argsort(-first.equivalent_variation.abs().to_numpy(), kind="stable")]
    lead = [
        code for code in first.index if first.party[code] or code == parties.about.own.get("lead")
    ]
    shown = [*lead, *(code for code in order if code not in lead)]
    rows = [
        (
            f"{first['name'][code]}{' *' if first.party[code] else ''}",
            *(figure for one in (short, first) for figure in _gain(one.loc[code])),
            f"{100 * first.share_of_gains[code]:.1f}",
            f"{100 * first.share_of_income[code]:.1f}",
        )
        for code in shown[: len(lead) + top]
    ]
    headings = ("", "short run\nwelfare %", "short run\nUS$ m", "long run\nwelfare %",
                "long run\nUS$ m", "of all\ngains %", "of world\nincome %")  # fmt: skip
    lines = [_sum_sentence(row) for row in parties.sums.to_dict("records")]
    foot = (
        f"* a party, by the scenario's focus. Exact welfare; equivalent variation a year at prices "
        f"of {parties.about.baseline}, {parties.about.basis} basis; the last two columns are of "
        "the long horizon. Dollars are added one for one, whoever has them."
    )
    return Section([parties.about["title"], table_of(headings, rows), *lines, foot])


def _gain(row: pd.Series) -> tuple[str, str]:
    return signed(row.welfare, 4), signed(row.equivalent_variation, 0)


def _sum_sentence(row: dict) -> str:
    lead = f"{str(row['horizon']).capitalize()}: "
    if row["gainers"] == 0 and row["losers"] == 0:
        return f"{lead}nothing changes for anybody."
    words = "positive-sum" if row["total"] > 0 else "negative-sum"
    others = "gain" if row["of_third_parties"] > 0 else "lose"
    lost = row["lost_per_dollar"]
    rate = "" if pd.isna(lost) or not row["gainers"] else f", {_rate(lost)} for every dollar gained"
    gained = _moved(row["gainers"], "gain", row["gains"])
    return (
        f"{lead}{words}. {gained[:1].upper()}{gained[1:]}, "
        f"{_moved(row['losers'], 'lose', row['losses'])}{rate}; third parties together {others} "
        f"{money(row['of_third_parties'])}."
    )


def _moved(count: int, verb: str, amount: float) -> str:
    """How many gain or lose, and how much together.

    >>> _moved(11, "gain", 2780.0), _moved(1, "lose", 186.0), _moved(0, "gain", 0.0)
    ('11 gain US$ 2.78 billion', '1 loses US$ 186 million', 'none gains')
    """
    if not count:
        return f"none {verb}s"
    return f"{count} {verb}{'s' if count == 1 else ''} {money(amount)}"


def _rate(lost: float) -> str:
    """What is lost where a dollar is gained: in cents below a dollar, else in dollars.

    >>> _rate(0.36), _rate(3175.15)
    ('36 cents lost', 'US$ 3,175 lost')
    """
    return (
        f"{100 * lost:.0f} cents lost"
        if lost < 1
        else f"US$ {lost:,.{0 if lost > 10 else 2}f} lost"
    )


def exposure_frame(exposure: "Exposure") -> pd.DataFrame:
    """Every row of the answer, for a file: partners, pairs and sectors under one another."""
    parts = {"partner": exposure.partners, "pair": exposure.cuts, "sector": exposure.sectors}
    return pd.concat([part.assign(kind=kind) for kind, part in parts.items()], ignore_index=True)


def _ten(value: float) -> str:
    return signed(PER_TEN * float(value), DECIMALS)
