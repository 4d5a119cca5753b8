"""Who is the first partner: by year and by month, in exports, imports and both together."""

import pandas as pd

from ..data.bases import HARMONISED


RIVALS = ("USA", "CHN")
"""Whose order is in dispute, and what a monthly rank needs at least."""
COLUMNS = ["when", "frequency", "flow", "partner", "value", "share", "rank", "basis"]
_REST = ("ROW", "WLD")


def by_year(flows: pd.DataFrame) -> pd.DataFrame:
    """Partners ranked by year: rows of year, partner, flow and value (million US$, harmonised).

    Shares are of all partners, the rest of the world included; it has no rank itself.
    """
    named = flows.rename(columns={"year": "when"}).assign(frequency="year", basis=HARMONISED)
    return _ranked(named)


def by_month(months: pd.DataFrame) -> pd.DataFrame:
    """Partners ranked by month, on the country's own customs, where several are stored.

    A share is of the partners stored, unless WLD is one of them.
    """
    frame = months.assign(
        when=pd.to_datetime(months.period).dt.strftime("%Y-%m"), frequency="month"
    )
    ranks = _ranked(frame)
    several = ranks.groupby(["when", "flow"]).partner.transform("nunique") > 1
    return ranks.loc[several].reset_index(drop=True)


def _ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """Shares and ranks within each time and flow; both flows together are a third."""
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    keys = ["when", "frequency", "partner", "basis"]
    sides = rows.groupby([*keys, "flow"], as_index=False).value.sum()
    wide = sides.pivot_table(index=keys, columns="flow", values="value")
    wide = wide.reindex(columns=["exports", "imports"])
    both = wide.dropna().sum(axis=1).rename("value").reset_index().assign(flow="total")
    every = pd.concat([sides, both], ignore_index=True)
    by = ["when", "basis", "flow"]
    world = every.loc[every.partner == "WLD"].set_index(by).value
    parts = every.loc[every.partner != "WLD"]
    sums = parts.groupby(by).value.transform("sum")
    known = world.reindex(pd.MultiIndex.from_frame(parts[by])).to_numpy()
    parts = parts.assign(share=parts.value / sums.where(pd.isna(known), known))
    ranked = parts.value.where(~parts.partner.isin(_REST))
    keyed = parts.assign(ranked=ranked).groupby(by).ranked
    return parts.assign(rank=keyed.rank(ascending=False, method="min"))[COLUMNS]


def untestable_ranks(country: str, ranks: pd.DataFrame) -> list[str]:
    """What the stored series cannot tell about ranks, and what would be needed."""
    said = []
    have = {
        frequency: set(ranks.loc[ranks.frequency == frequency, "partner"])
        for frequency in ("year", "month")
    }
    wanted = [code for code in RIVALS if code != country]
    if not have["year"]:
        said.append(
            f"Partner ranks of {country} by year: untestable, no harmonised flows are stored; "
            "add them with 'detente data add icio FILE'."
        )
    lacking = [code for code in wanted if code not in have["month"]]
    if lacking:
        said.append(
            f"Partner rank of {country} by month: untestable, monthly trade with "
            f"{' and '.join(wanted)} is needed, and for {' and '.join(lacking)} there is none "
            "beside another partner's."
        )
    return said
