"""Tables for bargaining, patience and conflict: payoffs, thresholds, and what they rest on."""

from typing import Any, TYPE_CHECKING

import numpy as np
import pandas as pd

from .._words import listing
from ._format import miss, MISSING, number, signed, whole
from ._frames import HORIZONS
from .bargaining_sureness import how_sure_bargain
from .section import Section, Table, table_of
from .sureness import below


if TYPE_CHECKING:
    from ..about import About
    from ..geo.bargaining import Bargain
    from ..geo.conflict import Conflict
    from ..geo.patience import Patience


_SAME = 1e-4
"""Percent, or of a depth: below this two agreements are the same to a reader."""


def bargain_table(bargain: "Bargain") -> Section:
    """Who gains what, every opening, and what would change the agreement."""
    lines = [_agreed(bargain), *how_sure_bargain(bargain), *_blocked(bargain), *_asks(bargain)]
    lines += [*_sweeps(bargain), *_certificate(bargain)]
    compared = [] if bargain.compared.empty else [_compared(bargain.compared)]
    return Section([_heading(bargain), _sides(bargain), _openings(bargain), *compared, *lines])


def _heading(bargain: "Bargain") -> str:
    about, terms = bargain.about, bargain.about["terms"]
    treatment = "open to everyone" if terms["mfn"] else "open to each other alone"
    return (
        f"{listing(about['sides'])}: {', '.join(terms['sectors'])}, {treatment}; "
        f"{about.baseline}, {HORIZONS[about.horizon]}. Without an agreement: "
        f"{terms['outside']}."
    )


def _sides(bargain: "Bargain") -> Table:
    with_politics = bool((bargain.sides.politics != 0).any())
    politics = ["politics\n%"] if with_politics else []
    heads = ["US$\na head"] if "per_head" in bargain.sides else []
    # With politics and people there is no room for all, and the benchmark is in JSON.
    best = [] if politics and heads else ["best\nsum %"]
    rows = [
        (
            row["side"],
            below(signed(row["welfare"], 4), row, "welfare"),
            below(signed(row["equivalent_variation"], 0), row, "equivalent_variation", whole),
            *([signed(row["per_head"], 0)] if heads else []),
            MISSING if np.isnan(row["share"]) else f"{row['share']:.1f}",
            *([signed(row["politics"], 4)] if with_politics else []),
            signed(row["surplus"], 4),
            *([signed(row["benchmark_welfare"], 4)] if best else []),
        )
        for row in bargain.sides.to_dict("records")
    ]
    money = ("US$ million", *heads, "of\nboth %")
    return table_of(("", "welfare %", *money, *politics, "surplus %", *best), rows)


def _openings(bargain: "Bargain") -> Table:
    sides = bargain.about["sides"]
    # A row with an interval has a second line anyway, and no column to spare.
    drawn = "own_low" in bargain.openings
    between, tariff = ("\n", "\ntariff") if drawn else (" ", " (tariff)")
    rows = []
    for row in bargain.openings.to_dict("records"):
        alone = {side: signed(row[f"alone_{side}"], 4) for side in sides}
        alone[row["opener"]] = below(alone[row["opener"]], row, "own", _worth)
        rows.append(
            (
                row["opener"],
                row["sector"] + (tariff if row["means"] == "tariff" else ""),
                f"{row['depth']:.2f}",
                *alone.values(),
                row["blocked_by"].replace(" and ", f"{between}and ") or MISSING,
                signed(row["drops_at"], 4),
            )
        )
    headings = (f"alone, to\n{side} %" for side in sides)
    return table_of(("opens", "sector", "depth", *headings, "blocked\nby", "drops\nat %"), rows)


def _worth(value: float) -> str:
    return number(value) if abs(value) >= 1 else signed(value, 4).removeprefix("+")


def _compared(rows: pd.DataFrame) -> Table:
    return table_of(
        ("compared", "sides", "mean depths", "welfare %", "others, US$ million"),
        (
            (
                row["treatment"],
                f"{row['first']}, {row['second']}",
                f"{row['first_depth']:.2f}, {row['second_depth']:.2f}",
                f"{signed(row['first_welfare'], 3)}, {signed(row['second_welfare'], 3)}",
                signed(row["others_equivalent_variation"], 0),
            )
            for row in rows.to_dict("records")
        ),
    )


def _agreed(bargain: "Bargain") -> str:
    if not bargain.about["agreed"]:
        return "No depth was found that both prefer to no agreement: nothing is agreed."
    depth = bargain.openings.depth
    whole, part = int((depth >= 1).sum()), int(((depth > 0) & (depth < 1)).sum())
    return (
        f"Of {len(depth)} openings {whole} are agreed whole, {part} in part, "
        f"{len(depth) - whole - part} not at all. Depth 1 is the whole gap or tariff."
    )


def _blocked(bargain: "Bargain") -> list[str]:
    """Which openings a side would refuse one by one, and what becomes of them together."""
    refused = bargain.openings.loc[bargain.openings.blocked_by != ""]
    if refused.empty:
        return ["Alone, every opening is worth more than nothing to both: nothing blocks."]
    who = [f"{(refused.blocked_by == names).sum()} to {names}" for names in _distinct(refused)]
    shut = int((refused.depth == 0).sum())
    if len(refused) == 1:
        fate = "stays shut" if shut else "is agreed, in whole or part"
        return [
            f"Alone, 1 opening is worth less than nothing: {listing(who)}. By itself it is "
            f"blocked; together it {fate}."
        ]
    return [
        f"Alone, {len(refused)} openings are worth less than nothing: {listing(who)}. Those sides "
        f"block them one by one; together {len(refused) - shut} are agreed, in whole or part, and "
        f"{shut} stay shut."
    ]


def _distinct(refused: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(refused.blocked_by))


def _asks(bargain: "Bargain") -> list[str]:
    said = []
    for row in bargain.asks.to_dict("records"):
        if not row["falls_at"]:
            continue
        lead = (
            f"{row['side']} would pay up to {row['falls_at']:.4f} % of its income for linked asks"
        )
        moves = row["changes_at"]
        if np.isnan(moves):
            said.append(f"{lead}; no opening moves before that.")
        elif moves == 0:
            said.append(f"{lead}; {row['opening']} moves with the first of it.")
        else:
            said.append(f"{lead}; {row['opening']} moves from {moves:.4f} %.")
    return said


def _sweeps(bargain: "Bargain") -> list[str]:
    first, second = bargain.about["sides"]
    power, flight = bargain.power.iloc[[0, -1]], bargain.flight.iloc[[0, -1]]
    return [
        _sweep(power, f"With bargaining power of {first} from 0.1 to 0.9", first, second),
        _sweep(
            flight,
            f"With {flight.more_flight.iloc[-1]:g} % of income more to lose for {second} "
            "without an agreement",
            first,
            second,
        ),
    ]


def _sweep(ends: pd.DataFrame, lead: str, first: str, second: str) -> str:
    columns = ["first_depth", "second_depth", "first_gain", "second_gain"]
    if not ends.agreed.any():
        return f"{lead}, nothing is agreed either."
    # A side that opens nothing has no mean depth.
    moves = ends[columns].diff().iloc[-1].abs().fillna(0.0)
    if (moves < _SAME).all() and ends.agreed.all():
        return f"{lead}, the agreement is the same."
    before, after = ends.iloc[0], ends.iloc[1]
    moved = (
        f"{side}: mean depth {before[f'{c}_depth']:.2f} to {after[f'{c}_depth']:.2f}, "
        f"gain {signed(before[f'{c}_gain'], 3)} to {signed(after[f'{c}_gain'], 3)} %"
        for side, c in ((first, "first"), (second, "second"))
    )
    return f"{lead}: {'; '.join(moved)}."


def _certificate(bargain: "Bargain") -> list[str]:
    certificate: dict[str, Any] = bargain.about["certificate"]
    starts = certificate["log_nash_product_from_each_start"]
    lines = [
        "Welfare: exact, 100 times the log change of real income against no opening. US$: the "
        "equivalent variation, a year. Surplus: over "
        "the outside option, politics included. Best sum: most US$ together. Drops at: political "
        "cost to the opener, % of income, at which the opening leaves the agreement."
    ]
    if starts:
        apart = miss(max(starts) - min(starts))
        spread = f"{len(starts)} starts end {apart} from one another"
        beside = "it was found again from itself while the other deal stands"
        lines.append(
            f"Certificate: the projected gradient is {miss(certificate['projected_gradient'])}; "
            f"{spread if len(starts) > 1 else beside}."
        )
    return lines


def patience_table(patience: "Patience") -> Section:
    """The cells, the critical discount factors, and what the record says of freezes."""
    about = patience.about
    wanted = ("cooperate", "deviate", "soft", "punish")
    cells = table_of(
        ("% of income a year", *wanted),
        (
            (row["side"], *(signed(_tidy(row[name]), 4) for name in wanted))
            for row in patience.cells.to_dict("records")
        ),
    )
    lines = [
        "Percent: 100 times the log change of real income against the baseline. "
        "Cooperate: both open; deviate: the other alone does; soft: neither; punish: "
        f"{about['sides'][1]} holds back travel and culture purchases. Critical: the lowest yearly "
        "discount factor that sustains cooperation. Resisted: the largest yearly gain beside trade "
        f"for which nobody deviates at {about['discount']:g}, punished by soft for good.",
        f"The record has {about['events']} changes of state from {about['observed'][0]} to "
        f"{about['observed'][1]}, one of each kind: the intervals are exact and wide.",
    ]
    parts = [_setting(about), cells, _critical(patience), _hazards(patience), _thaw(patience)]
    return Section([*parts, _values(patience), *lines])


def _setting(about: "About") -> str:
    return (
        f"{listing(about['sides'])}: {', '.join(about['sectors'])} opened to a depth of "
        f"{about['depth']:g}; {about.baseline}, {HORIZONS[about.horizon]}."
    )


def _critical(patience: "Patience") -> Table:
    rows = patience.critical
    lengths = rows.years.unique().tolist()
    names = ["for good" if np.isinf(years) else _years(years) for years in lengths]
    table = []
    kept = patience.temptation.loc[patience.temptation.discount == patience.about["discount"]]
    for side in patience.about["sides"]:
        for kind in rows.punishment.unique():
            own = rows.loc[(rows.side == side) & (rows.punishment == kind), "discount"]
            values = ["never" if np.isnan(value) else f"{value:.3f}" for value in own]
            most = kept.loc[(kept.side == side) & (kept.punishment == kind), "resisted"]
            table.append((f"{side}, {kind}", *values, signed(float(most.iloc[0]), 3)))
    return table_of(("critical", *names, "resisted %"), table)


def _hazards(patience: "Patience") -> Table:
    return table_of(
        ("change of state", "events", "years seen", "a year", "95 % interval"),
        (
            (
                f"{row['from']} to {row['to']}",
                str(row["events"]),
                f"{row['years']:.1f}",
                f"{row['hazard']:.2f}",
                f"{row['low']:.3f} to {row['high']:.2f}",
            )
            for row in patience.hazards.to_dict("records")
        ),
    )


def _thaw(patience: "Patience") -> Table:
    return table_of(
        ("after a freeze", "ended", "interval", "warm", "range"),
        (
            (
                _years(row["years"]),
                _chance(row["ended"]),
                f"{_chance(row['ended_low'])} to {_chance(row['ended_high'])}",
                _chance(row["warm"]),
                f"{_chance(row['warm_low'])} to {_chance(row['warm_high'])}",
            )
            for row in patience.thaw.to_dict("records")
        ),
    )


def _values(patience: "Patience") -> Table:
    return table_of(
        ("present value, % of a year's income", "central", "range over hazards"),
        (
            (
                f"{row['side']}, {row['state']} today",
                signed(row["value"], 3),
                f"{signed(row['low'], 3)} to {signed(row['high'], 3)}",
            )
            for row in patience.value.to_dict("records")
        ),
    )


def conflict_table(conflict: "Conflict") -> Section:
    """Losses from war by world, the stakes, and the shocks at which peace becomes unlikely."""
    about = conflict.about
    losses = table_of(
        ("world", "side", "loss, log points", "US$ billion a year"),
        (
            (row["world"], row["side"], f"{row['loss']:.3f}", f"{row['loss_dollars'] / 1000:,.1f}")
            for row in conflict.sides.to_dict("records")
        ),
    )
    levels = conflict.thresholds.settle.unique()
    table = table_of(
        ("shocks v, log points, at P(settle)", *(f"{level:g}" for level in levels)),
        (
            (str(world), *(f"{shock:.3f}" for shock in own.shock))
            for world, own in conflict.thresholds.groupby("world", sort=False)
        ),
    )
    head = f"{listing(about['pair'])}, {about.baseline}, {HORIZONS[about.horizon]}."
    return Section([head, losses, table, *_conflict_lines(about)])


def _conflict_lines(about: "About") -> list[str]:
    war, stakes = about["war"], about["opportunity_cost"]
    own = (
        "trade between the two stops"
        if war["bilateral"] is None
        else f"trade between the two costs {100 * war['bilateral']:g} % more"
    )
    lines = [
        f"War, as declared: {own}, and that with others costs "
        f"{100 * war['multilateral']:g} % more.",
    ]
    before = stakes["before"]
    for world, stake in stakes.items():
        lines.append(
            f"G in the world '{world}': {stake:.3f} log points (losses of both sides, added)."
        )
        if world != "before":
            less = stake < before
            lines.append(
                f"'{world}' {'lowers' if less else 'raises'} what a war would destroy by "
                f"{abs(before - stake):.3f}, and so, for shocks of any size that can lead to war, "
                f"{'raises' if less else 'lowers'} the chance of escalation."
            )
    lines.append(
        "Losses: 100 times the log change of a side's own real income, a year; a log point of "
        "each side counts alike. v is the largest private gain from "
        "war in the same unit; it is not estimated. The bargaining is our functional form: uniform "
        "shocks, split the difference."
    )
    return lines


def _years(count: float) -> str:
    return "1 year" if count == 1 else f"{count:g} years"


def _chance(value: float) -> str:
    """A chance in hundredths; one that is not certain is never printed as if it were."""
    if value < 0.005:
        return "<0.01"
    return ">0.99" if value > 0.995 else f"{value:.2f}"


def _tidy(value: float) -> float:
    return 0.0 if abs(value) < 1e-9 else value
