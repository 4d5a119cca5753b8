"""Tables of the record: balances by basis, where a year heads, dependence, and events."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from .._words import called, first_large, listing, possessive, spelled
from ..about import known_names
from ._format import BILLION, MISSING, sentence, signed
from .raw_materials import raw_materials_parts
from .section import Section, Table, table_of, TableColumn
from .wording import say


if TYPE_CHECKING:
    from ..about import About
    from ..record import DependenceTables, Pair, Revision


MARKS = {"preliminary": "p", "rounded": "r", "derived": "d", "reported": "b"}
PARTNERS = 5
SECTORS = 8


def balance_table(
    rows: pd.DataFrame,
    reported: pd.DataFrame,
    pair: "Pair",
    about: "About",
) -> Section:
    """Exports, imports and balance by year, a group of columns for every basis.

    `about` may hold the months of years that are not whole, balances over GDP, and figures on
    which two files disagree.
    """
    bases = list(dict.fromkeys(rows.basis))
    traded = set(rows.dropna(subset=["exports", "imports"], how="all").basis)
    alone = {basis for basis in bases if basis not in traded}
    columns = [TableColumn("year")]
    for basis in bases:
        above, _, below = spelled(str(basis), known_names()).rpartition(" ")
        flows = ("balance",) if basis in alone else ("exports", "imports", "balance")
        headings = [f"{above}\n{below}\n{flow}" for flow in flows]
        columns += [TableColumn(heading, figures=True, folds=True) for heading in headings]
    cells = []
    for year, now in rows.groupby("year"):
        by_basis = now.set_index("basis")
        figures = (_cells(by_basis.loc[b])[2 * (b in alone) :] for b in bases)
        cells.append((str(year), *(text for cells in figures for text in cells)))
    lines = [
        sentence(say("balance_of.reading", **_sides(pair), missing=MISSING)),
        sentence(say("balance_of.marks")),
        *_what_is_not_final(rows),
        *_alone(reported, rows),
        *_months_and_size(about, pair),
        *(one["sentence"] for one in about.own.get("replaced", ())),
    ]
    said = [spelled(line, known_names()) for line in lines]
    return Section([Table(columns, cells, gap=1), *said])


def _sides(pair: "Pair") -> dict[str, str]:
    """The two economies in a sentence, and whose balance it is."""
    country, partner = (called(code, known_names()) for code in (pair.country, pair.partner))
    return {"country": country, "partner": partner, "owner": possessive(country)}


def _pair(pair: "Pair") -> str:
    return f"{_sides(pair)['country']} and {_sides(pair)['partner']}"


def _cells(row: pd.Series) -> tuple[str, str, str]:
    mark = "" if pd.isna(row.balance) else MARKS.get(row.status, "")
    return _level(row.exports), _level(row.imports), f"{_balance(row.balance)}{mark}"


def _level(million: float) -> str:
    return MISSING if pd.isna(million) else f"{million / BILLION:,.1f}"


def _balance(million: float) -> str:
    return MISSING if pd.isna(million) else signed(million / BILLION, 1)


def _what_is_not_final(rows: pd.DataFrame) -> list[str]:
    """Figures with the same origin in one line, under the first of their years."""
    loose = rows.loc[rows.status.isin(list(MARKS))]
    told: dict[tuple[str, str, str], list[str]] = {}
    for row in loose.to_dict("records"):
        origin = (row["basis"], row["status"], row["note"] or row["sources"])
        told.setdefault(origin, []).append(str(row["year"]))
    return [
        f"{listing(years)}, {basis}, {status}: {note}."
        for (basis, status, note), years in told.items()
    ]


def _alone(reported: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """Those that no cell of the table shows."""
    shown = set(rows.loc[rows.status == "reported", "sources"])
    reported = reported.loc[~reported.source.isin(shown)]
    return [
        f"Reported as a balance alone: {row['first']} to {row['last']}, {row['basis']}: "
        f"{_balance(row['balance'])} ({row['status']}; {row['source']})."
        for row in reported.to_dict("records")
    ]


def _months_and_size(about: "About", pair: "Pair") -> list[str]:
    parts = [
        f"Part of a year: {row['first']} to {row['last']} ({row['months']} months), "
        f"{row['basis']}: {row['flow']} {_level(row['value'])}."
        for row in about.own.get("months", ())
    ]
    sizes = [
        f"The balance of {row['year']}, {row['basis']}, is {signed(100 * row['share'], 1)} % of "
        f"{_sides(pair)['owner']} GDP ({row['gdp_source']})."
        for row in about.own.get("share_of_gdp", ())
    ]
    return [*parts, *sizes]


def revision_sentence(revision: "Revision") -> str:
    """Which of the figures that disagree counts, and which did before; billion US$."""
    figures = (revision.counts, *revision.before)
    decimals = _telling_apart([figure.value for figure in figures])
    last, *before = (
        f"{figure.value / BILLION:,.{decimals}f} ({figure.file}, added {_minute(figure.added)})"
        for figure in figures
    )
    when = listing(list(revision.months)) if revision.months else str(revision.year)
    files = "two files" if len(before) == 1 else f"{len(figures)} files"
    return (
        f"{when}, {revision.basis}, {revision.flow}: of {files} that disagree, the one added later "
        f"counts: {last}, before {listing(before)}, billion US$."
    )


def _telling_apart(values: Sequence[float]) -> int:
    """The fewest decimals of a billion with which no two figures that disagree look the same."""
    enough = (n for n in range(1, 9) if len({round(v / BILLION, n) for v in values}) > 1)
    return next(enough, 9)


def _minute(time: str) -> str:
    return time[:16].replace("T", " ")


def track_table(track: pd.DataFrame, sentence: str, pair: "Pair") -> Section:
    """The year by each method, over what the sentence says of it."""
    about = track.attrs
    rows, last = [], ""
    for row in track.to_dict("records"):
        shown = _balance if row["flow"] == "balance" else _level
        figures = [shown(row[name]) for name in ("known", "estimate", "low", "high")]
        chance = _chance(row["chance_of_deficit"], about["resolution"])
        method = row["method"] if row["method"] != last else ""
        rows.append((method, row["flow"], *figures, chance, shown(row["actual"])))
        last = row["method"]
    interval = f"{about['level']:.0%} from", f"{about['level']:.0%} to"
    table = table_of(("", "", "known", "whole year", *interval, "deficit", "came to"), rows)
    head = (
        f"{_pair(pair)} through {about['through']}, {about['months']} months known, "
        f"{about['basis']}, US$ billion"
    )
    return Section([head, table, f"Past errors are those of {about['history']}. {sentence}"])


def track_sentence(track: pd.DataFrame, pair: "Pair") -> str:
    """Whether the year heads for a deficit, by every method that has an interval."""
    if not (track.flow == "balance").any():
        return _one_flow_sentence(track, pair)
    rows = track.loc[(track.flow == "balance") & track.chance_of_deficit.notna()]
    year, resolution = track.attrs["through"][:4], track.attrs["resolution"]
    said = [
        f"{_chance(row['chance_of_deficit'], resolution)} ({row['method']})"
        for row in rows.to_dict("records")
    ]
    return (
        f"The chance that {_sides(pair)['country']} ends {year} with a deficit against "
        f"{_sides(pair)['partner']} on the basis of {track.attrs['basis']} is {listing(said)}."
    )


def _one_flow_sentence(track: pd.DataFrame, pair: "Pair") -> str:
    year, basis, flow = track.attrs["through"][:4], track.attrs["basis"], track.flow.iloc[0]
    other = {"exports": "imports", "imports": "exports"}[flow]
    return (
        f"Only {flow} of {_sides(pair)['country']} are stored for {year} on the basis of {basis}: "
        f"the balance cannot be told. Add its {other} by month with 'detente data add "
        "korea-customs FILE', or give a balance so far."
    )


def streak_sentence(annual: pd.DataFrame, year: int, pair: "Pair", basis: str) -> str:
    """How many deficits in a row the stored years before this one make."""
    known = annual.loc[(annual.basis == basis) & (annual.year < year)].set_index("year").balance
    count = 0
    while known.get(year - 1 - count, float("nan")) < 0:
        count += 1
    before = year - 1 - count
    if before in known.index and not pd.isna(known[before]):
        ended = _balance(known[before])
        return f"A deficit would be no. {count + 1} in a row: the balance of {before} was {ended}."
    earlier = known.loc[known.index < before].dropna()
    last = f"; {earlier.index[-1]} was {_balance(earlier.iloc[-1])}" if len(earlier) else ""
    return (
        f"How many in a row cannot be told: the balance of {before} on the basis of {basis} is not "
        f"stored{last}."
    )


def _chance(chance: float, resolution: float) -> str:
    """A share of draws; beyond what so few past years can speak of it is bounded, not certain."""
    if pd.isna(chance):
        return MISSING
    if chance < resolution:
        return f"<{resolution:.0%}"
    if chance > 1.0 - resolution:
        return f">{1 - resolution:.0%}"
    return f"{chance:.0%}"


def evaluation_table(table: pd.DataFrame, sentence: str, pair: "Pair") -> Section:
    """Mean absolute error and coverage of the balance by months known, wins and losses shown."""
    about = table.attrs
    methods = list(dict.fromkeys(table.method))
    shown = table_of(
        ("months\nknown", *(f"{name}\nerror, coverage" for name in methods)),
        (
            (str(months), *map(_judged, (rows.set_index("method").loc[name] for name in methods)))
            for months, rows in table.groupby("months")
        ),
    )
    head = (
        f"{_pair(pair)}: every year from {about['first']} to {about['last']} "
        f"({about['years']} years) forecast from its first months, {about['basis']}: mean "
        f"absolute error of the balance, US$ billion, and how often the "
        f"{about['level']:.0%} interval held the truth"
    )
    return Section([head, shown, sentence])


def _judged(row: pd.Series) -> str:
    if pd.isna(row.covered):
        return f"{row.balance / BILLION:.2f}"
    mark = "+" if row.against_naive == "wins" else "−"
    return f"{row.balance / BILLION:.2f} {mark} {row.covered:4.0%}"


def evaluation_sentence(table: pd.DataFrame) -> str:
    """Where each method beats the naive rule and where it loses to it."""
    said = []
    for name, rows in table.loc[table.against_naive != ""].groupby("method", sort=False):
        lost = rows.loc[rows.against_naive == "loses", "months"]
        where = f", loses with {listing([str(month) for month in lost])} known" if len(lost) else ""
        said.append(f"{name} wins at {len(rows) - len(lost)} of {len(rows)}{where}")
    return f"+ wins and − loses against the same months of last year: {'; '.join(said)}."


def dependence_table(dependence: "DependenceTables") -> Section:
    """Shares by concept, concentration, ranks by year, and where the concepts disagree."""
    about = dependence.about
    head = sentence(
        say(
            "dependence.setting",
            world=about.baseline,
            year=about.baseline_year,
            basis=about.basis,
        )
    )
    said = [about.spelled(line) for line in (*dependence.disagreements, *dependence.untestable)]
    return Section(
        [
            *map(first_large, said),
            _shares(dependence),
            head,
            _concentration(dependence),
            *([_ranks(dependence)] if len(dependence.ranks) else []),
            *raw_materials_parts(dependence.raw, dependence.country, about.country_names),
        ]
    )


def _shares(dependence: "DependenceTables") -> Table:
    about = dependence.about
    total = dependence.shares.loc[(dependence.shares.measure == "total")]
    leading = total.nsmallest(PARTNERS, "rank").partner.tolist()
    own = [dependence.partner] if dependence.partner else []
    shown = [str(code) for code in dict.fromkeys([*own, *leading])]
    by_partner = dependence.shares.set_index(["concept", "measure", "partner"])
    kinds = dict.fromkeys((key[0], key[1]) for key in by_partner.index)
    return table_of(
        ("concept", "of", *(f"{about.country(code)}\n% (rank)" for code in shown)),
        ((*kind, *(_with_rank(by_partner.loc[(*kind, code)]) for code in shown)) for kind in kinds),
    )


def _with_rank(row: pd.Series) -> str:
    rank = float(row.to_dict()["rank"])
    place = "" if math.isnan(rank) else f" ({rank:.0f})"
    return f"{100 * row['share']:.1f}{place}"


def _concentration(dependence: "DependenceTables") -> Table:
    rows = dependence.concentration
    cells = [
        (
            row["name"], f"{row['hhi']:.2f}", dependence.about.country(row["leader"]),
            f"{100 * row['leader_share']:.0f}",
            f"{100 * row['weight']:.1f}",
        )
        for row in rows.head(SECTORS).to_dict("records")
    ]  # fmt: skip
    mean = float((rows.hhi * rows.weight).sum())
    cells.append(("all products, weighted", f"{mean:.2f}", "", "", "100.0"))
    headings = ("imports of", "concentration", "first", "its share %", "of imports %")
    return table_of(headings, cells)


def _ranks(dependence: "DependenceTables") -> Table:
    yearly = dependence.ranks.loc[dependence.ranks.frequency == "year"]
    ahead = yearly.loc[(yearly["rank"] == 1)]
    flows, table = ("exports", "imports", "total"), []
    for year, rows in ahead.groupby("when"):
        first = rows.drop_duplicates("flow").set_index("flow")
        cells = (
            f"{dependence.about.country(first.partner[flow])} {100 * first.share[flow]:.1f}"
            if flow in first.index
            else ""
            for flow in flows
        )
        table.append((str(year), *cells))
    return table_of(("year", *(f"first by {flow}" for flow in flows)), table)


def event_frame(happened: pd.DataFrame) -> pd.DataFrame:
    """Events as the columns of their file; actors are separated by semicolons."""
    return happened.drop(columns="when").assign(actors=[";".join(a) for a in happened.actors])


def timeline_table(happened: pd.DataFrame, basis: str) -> Section:
    """Events in order, each with its direction, its source and how far it is confirmed.

    `basis` is that of the trade beside them, empty where there is none.
    """
    columns = [
        TableColumn("date", least=10, most=10), TableColumn(least=1, most=1),
        TableColumn("actors", least=11, most=11), TableColumn("event", share=5),
        TableColumn("source", share=3),
    ]  # fmt: skip
    rows = []
    for row in happened.to_dict("records"):
        source = row["source"].replace("document ", "doc. ").replace("documents ", "docs. ")
        standing = "" if row["status"] == "confirmed" else f" ({row['status']})"
        actors = ", ".join(first_large(called(code, known_names())) for code in row["actors"])
        sign = _SIGNS[row["direction"]]
        rows.append((row["date"], sign, actors, row["event"], source + standing))
    foot = "▲ a thaw of the relations between the actors named, ▼ a freeze, ● neither."
    trade = f"Trade of the same years, in the picture and in JSON, is on the basis of {basis}."
    return Section([Table(columns, rows), foot, *([trade] if basis else [])])


_SIGNS = {"thaw": "▲", "freeze": "▼", "neutral": "●"}
