"""Tables of exposure: friends and enemies, pairs of others, sectors, years, and third parties."""

from collections.abc import Mapping
from typing import Any, TYPE_CHECKING

import numpy as np
import pandas as pd

from .._words import called, possessive, series
from ._format import MISSING, money, sentence, signed, signed_percent
from ._frames import HORIZONS, records
from .section import Section, Table, table_of
from .wording import say


if TYPE_CHECKING:
    from ..geo import Exposure, ThirdParties


PER_TEN = 10.0
"""Effects are printed for ten percent, so that most of them have a digit."""
DECIMALS = 3
DEFICITS = {
    "fixed": "trade deficits fixed",
    "proportional": "deficits a fixed multiple of own income",
    "saving": "deficits fixed parts of the world's saving",
    "removed": "without trade deficits",
}


def exposure_table(
    exposure: "Exposure", balanced: "Exposure | None" = None, top: int = 10
) -> Section:
    """Partners ranked, pairs of others, and sectors of the partners that were named.

    `balanced` is the same without trade deficits, of which partners are shown beside.
    """
    about = exposure.about
    named = dict.fromkeys(map(str, exposure.sectors.partner))
    sectors = [_by_sector(exposure, partner, top) for partner in named]
    foot = say(
        "exposure.reading",
        world=about.baseline,
        year=about.baseline_year,
        basis=about.basis,
        deficits=DEFICITS[about["deficits"]],
    )
    lead = [sentence(line) for line in [*_lead(exposure), *_turned(exposure, balanced)]]
    tables = [_partners(exposure, balanced, top), _pairs(exposure), *sectors]
    return Section([*lead, *tables, sentence(foot)])


def _lead(exposure: "Exposure") -> list[str]:
    """Whose growth helps most, whose hurts, and what growth at home does."""
    rows, about = exposure.partners.set_index("partner"), exposure.about
    short, long = (
        PER_TEN * rows.loc[rows.horizon == one].from_its_growth for one in ("short", "long")
    )
    own, country = exposure.country, about.called(exposure.country)
    others = long.drop(own)
    hurting = [about.called(str(code)) for code in others.index[others < 0]]
    said = {
        code: {"long": signed_percent(long[code]), "short": signed_percent(short[code])}
        for code in (own, str(others.idxmax()))
    }
    best = str(others.idxmax())
    return [
        say(
            f"exposure.{'most' if others[best] > 0 else 'none_helps'}",
            partner=about.called(best),
            country=country,
            **said[best],
        ),
        say(
            f"exposure.{'hurts' if hurting else 'none_hurts'}",
            partners=series(hurting),
            country=country,
        ),
        say("exposure.own", country=country, **said[own]),
    ]


def _pair(exposure: "Exposure", row: dict[str, Any]) -> str:
    return f"{exposure.about.country(row['one'])} and {exposure.about.country(row['other'])}"


def _turned(exposure: "Exposure", balanced: "Exposure | None") -> list[str]:
    """Of whose growth the sign hangs on what is assumed of trade deficits."""
    if balanced is None:
        return []
    with_them, without = (_long(one).from_its_growth for one in (exposure, balanced))
    turned = with_them.index[np.sign(with_them) != np.sign(without)]
    partners = series([exposure.about.called(str(code)) for code in turned])
    country = exposure.about.called(exposure.country)
    name = "turns" if partners else "does_not_turn"
    return [say(f"exposure.{name}", partners=partners, country=country)]


def _long(exposure: "Exposure") -> pd.DataFrame:
    """The other countries in the long run, by code."""
    rows = exposure.partners.loc[exposure.partners.partner != exposure.country]
    return rows.loc[rows.horizon == "long"].set_index("partner")


def _partners(exposure: "Exposure", balanced: "Exposure | None", top: int) -> Table:
    shown = []
    others = None if balanced is None else _long(balanced).from_its_growth
    rows = exposure.partners.loc[exposure.partners.partner != exposure.country]
    short, long = (rows.loc[rows.horizon == one].set_index("partner") for one in ("short", "long"))
    ranked = long.sort_values("from_its_growth", ascending=False)
    for place, row in enumerate(ranked.reset_index().pipe(records)):
        # The first ones, and everyone whose growth hurts.
        if place < top or row["from_its_growth"] < 0:
            then = short.loc[row["partner"]]
            effects = (then.from_its_growth, row["from_its_growth"], then.from_ours,
                       row["from_ours"])  # fmt: skip
            beside = [] if others is None else [_ten(float(others[row["partner"]]))]
            shown.append((row["name"], *map(_ten, effects), *beside))
    headings = ("partner", "its growth\nhelps us\nshort", "its growth\nhelps us\nlong",
                "our growth\nhelps it\nshort", "our growth\nhelps it\nlong")  # fmt: skip
    last = [] if others is None else ["its growth\nhelps us, long,\nno deficits"]
    return table_of((*headings, *last), shown)


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
            (_pair(exposure, row), _ten(row["effect_short"]), _ten(row["effect"]))
            for row in pd.concat([both.head(top), helped]).to_dict("records")
        ),
    )


def _by_sector(exposure: "Exposure", partner: str, top: int) -> Table:
    rows = exposure.sectors
    rows = rows[(rows.partner == partner) & (rows.horizon == "long")]
    rows = rows.loc[rows.its_growth.abs().sort_values(ascending=False).index].head(top)
    effects = ("its_growth", "imports", "exports")
    return table_of(
        (
            f"{exposure.about.country(partner)},\nlong run",
            "its growth",
            "cheaper\nimports",
            "cheaper\nexports",
        ),
        ((row["name"], *(_ten(row[name]) for name in effects)) for row in records(rows)),
    )


def by_year_table(rows: pd.DataFrame, names: Mapping[str, str]) -> Section:
    """Exposure and trade share of each year, three columns for every partner."""
    partners = list(dict.fromkeys(rows.partner))
    headings = [
        f"{names.get(code, code)}\n{kind}"
        for code in partners
        for kind in ("short", "long", "trade %")
    ]
    table = []
    for year, now in rows.groupby("year"):
        cells = [str(year)]
        for code in partners:
            own = now[now.partner == code].set_index("horizon")
            cells += [_ten(own.exposure["short"]), _ten(own.exposure["long"]),
                      f"{100 * own.trade_share.iloc[0]:.1f}"]  # fmt: skip
        table.append(cells)
    country = called(rows.attrs["country"], names)
    foot = say(
        "exposure.by_year",
        country=country,
        owner=possessive(country),
        deficits=DEFICITS[rows.attrs["deficits"]],
        basis=rows.attrs["basis"],
        technology=rows.attrs["technology"],
    )
    return Section([table_of(("year", *headings), table), sentence(foot)])


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
            _percent_or_missing(first.share_of_gains[code]),
            f"{100 * first.share_of_income[code]:.1f}",
        )
        for code in shown[: len(lead) + top]
    ]
    headings = ("", "short run\nwelfare %", "short run\nUS$ m", "long run\nwelfare %",
                "long run\nUS$ m", "of all\ngains %", "of world\nincome %")  # fmt: skip
    lines = [_sum_sentence(row) for row in records(parties.sums)]
    about = parties.about
    foot = sentence(say("exposure.parties", world=about.baseline, basis=about.basis))
    return Section([about["title"], *lines, table_of(headings, rows), foot])


def _gain(row: pd.Series) -> tuple[str, str]:
    return signed(row.welfare, 4), signed(row.equivalent_variation, 0)


def _sum_sentence(row: dict[str, Any]) -> str:
    run = HORIZONS[row["horizon"]]
    if row["gainers"] == 0 and row["losers"] == 0:
        return sentence(say("exposure.nothing", run=run))
    lost = row["lost_per_dollar"]
    said = say(
        "exposure.sum",
        run=run,
        gained=_moved(row["gainers"], "gain", row["gains"]),
        lost=_moved(row["losers"], "lose", row["losses"]),
        rate=""
        if pd.isna(lost) or not row["gainers"]
        else f", {_rate(lost)} for every dollar gained",
        sign="positive" if row["total"] > 0 else "negative",
        others="gain" if row["of_third_parties"] > 0 else "lose",
        amount=money(row["of_third_parties"]),
    )
    return sentence(said)


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


def _percent_or_missing(share: float) -> str:
    """A share in percent; of gains where nobody gains there is none."""
    return MISSING if np.isnan(share) else f"{100 * share:.1f}"
