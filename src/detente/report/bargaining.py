"""The page of a bargain: who gains what, every opening, and what would change the agreement."""

from typing import Any, TYPE_CHECKING

import numpy as np
import pandas as pd

from .._words import first_small, listing, possessive
from ._format import fine_percent, miss, MISSING, number, sentence, signed, whole
from ._frames import HORIZONS, records
from .analyses import held_wedges
from .bargaining_sureness import how_sure_bargain
from .section import Section, Table, table_of
from .sureness import below, changes
from .wording import say


if TYPE_CHECKING:
    from ..about import About
    from ..geo.bargaining import Bargain


_SAME = 1e-4
"""Percent, or of a depth: below this two agreements are the same to a reader."""
_OUTSIDE = {"status quo": "status_quo", "boycott": "boycott"}


def bargain_table(bargain: "Bargain") -> Section:
    """Who gains what, every opening, and what would change the agreement."""
    about = bargain.about
    lead = [_agreed(bargain), *_gains(bargain), _on_the_table(about), *held_wedges(about)]
    lines = [*_blocked(bargain), *_asks(bargain), *_sweeps(bargain)]
    sure = [*how_sure_bargain(bargain), *map(sentence, lines), *_certificate(bargain)]
    compared = [] if bargain.compared.empty else [_compared(bargain)]
    tables = [_sides(bargain), *_openings(bargain), *compared]
    return Section([*map(sentence, lead), *tables, *sure])


def _on_the_table(about: "About") -> str:
    terms = about["terms"]
    outside = _OUTSIDE.get(terms["outside"], "scenario")
    return say(
        "bargain.setting",
        sectors=listing([first_small(about.sector(code)) for code in terms["sectors"]]),
        treatment=say("bargain.open_to_all" if terms["mfn"] else "bargain.open_to_each"),
        outside=say(f"bargain.outside.{outside}", scenario=terms["outside"]),
        world=about.baseline,
        run=HORIZONS[about.horizon],
    )


def _gains(bargain: "Bargain") -> list[str]:
    """What each side has of what is agreed."""
    about = bargain.about
    if not about["agreed"]:
        return []
    first, second = (
        changes(
            about, [row["side"]], row["welfare"], row["equivalent_variation"],
            (row["welfare_low"], row["welfare_high"]) if "welfare_low" in row else None,
            next_to=place > 0,
        )
        for place, row in enumerate(records(bargain.sides))
    )  # fmt: skip
    return [f"{first}; {second}"]


def _sides(bargain: "Bargain") -> Table:
    with_politics = bool((bargain.sides.politics != 0).any())
    politics = ["politics\n%"] if with_politics else []
    heads = ["US$\na head"] if "per_head" in bargain.sides else []
    # With politics and people there is no room for all, and the benchmark is in JSON.
    best = [] if politics and heads else ["best\nsum %"]
    rows = [
        (
            bargain.about.country(row["side"]),
            below(signed(row["welfare"], 4), row, "welfare"),
            below(signed(row["equivalent_variation"], 0), row, "equivalent_variation", whole),
            *([signed(row["per_head"], 0)] if heads else []),
            MISSING if np.isnan(row["share"]) else f"{row['share']:.1f}",
            *([signed(row["politics"], 4)] if with_politics else []),
            signed(row["surplus"], 4),
            *([signed(row["benchmark_welfare"], 4)] if best else []),
        )
        for row in records(bargain.sides)
    ]
    money = ("US$ million", *heads, "of\nboth %")
    headings = ("", "welfare %", *money, *politics, "surplus %", *best)
    return table_of(headings, rows, wraps="names")


def _openings(bargain: "Bargain") -> list[Table]:
    """What each side opens, sector by sector; tariffs are named as such."""
    about, tables = bargain.about, list[Table]()
    sides = about["sides"]
    headings = (f"worth to\n{about.country(side)} %" for side in sides)
    headings = ("sector", "depth", *headings, "refused\nalone by", "drops\nat %")
    for opener in dict.fromkeys(bargain.openings.opener):
        rows = []
        for row in records(bargain.openings.loc[bargain.openings.opener == opener]):
            alone = {side: signed(row[f"alone_{side}"], 4) for side in sides}
            alone[opener] = below(alone[opener], row, "own", _worth)
            rows.append(
                (
                    about.sector(row["sector"]) + (", tariff" if row["means"] == "tariff" else ""),
                    f"{row['depth']:.2f}",
                    *alone.values(),
                    _both(about, row["blocked_by"], "\nand ") or MISSING,
                    signed(row["drops_at"], 4),
                )
            )
        title = say("bargain.opens", many=about.many([opener]), country=about.country(opener))
        tables.append(table_of(headings, rows, title=title, wraps="names"))
    return tables


def _both(about: "About", codes: str, between: str) -> str:
    """One side or both of "KOR and CHN" by their names."""
    return between.join(about.country(code) for code in codes.split(" and ") if code)


def _worth(value: float) -> str:
    return number(value) if abs(value) >= 1 else signed(value, 4).removeprefix("+")


def _compared(bargain: "Bargain") -> Table:
    about = bargain.about
    sides, others = "first side,\nsecond side", "others,\nUS$ million"
    return table_of(
        ("compared", sides, "mean depths", "welfare %", others),
        (
            (
                about.spelled(row["treatment"]),
                f"{about.country(row['first'])},\n{about.country(row['second'])}",
                f"{row['first_depth']:.2f},\n{row['second_depth']:.2f}",
                f"{signed(row['first_welfare'], 3)},\n{signed(row['second_welfare'], 3)}",
                signed(row["others_equivalent_variation"], 0),
            )
            for row in records(bargain.compared)
        ),
    )  # fmt: skip


def _agreed(bargain: "Bargain") -> str:
    sides = bargain.about.called(*bargain.about["sides"])
    if not bargain.about["agreed"]:
        return say("bargain.nothing", sides=sides)
    depth = bargain.openings.depth
    whole, part = int((depth >= 1).sum()), int(((depth > 0) & (depth < 1)).sum())
    if whole == len(depth):
        return say("bargain.whole", sides=sides, all=whole)
    shut = len(depth) - whole - part
    return say("bargain.some", sides=sides, all=len(depth), whole=whole, part=part, shut=shut)


def _blocked(bargain: "Bargain") -> list[str]:
    """Which openings a side would refuse one by one, and what becomes of them together."""
    about = bargain.about
    refused = bargain.openings.loc[bargain.openings.blocked_by != ""]
    if refused.empty:
        return [say("bargain.none_blocked")]
    who = [
        say(
            "bargain.refuses",
            sides=listing([about.called(code) for code in names.split(" and ")]),
            count=(refused.blocked_by == names).sum(),
        )
        for names in dict.fromkeys(refused.blocked_by)
    ]
    shut = int((refused.depth == 0).sum())
    agreed = len(refused) - shut
    return [say("bargain.blocked", who=listing(who), agreed=agreed, shut=shut)]


def _asks(bargain: "Bargain") -> list[str]:
    about, said = bargain.about, []
    for row in records(bargain.asks):
        if not row["falls_at"]:
            continue
        moves = row["changes_at"]
        key = "none" if np.isnan(moves) else "at_once" if moves == 0 else "from"
        then = say(
            f"bargain.moves.{key}",
            opening=_opening(about, row["opening"]),
            least=fine_percent(moves) if key == "from" else "",
        )
        most, side = fine_percent(row["falls_at"]), about.called(row["side"])
        said.append(say("bargain.pays", side=side, most=most, then=then))
    return said


def _opening(about: "About", name: str) -> str:
    """An opening such as KOR.FIN by its names; nothing where none is named."""
    opener, _, sector = name.partition(".")
    return f"{possessive(about.called(opener))} opening of '{about.sector(sector)}'" if name else ""


def _sweeps(bargain: "Bargain") -> list[str]:
    about = bargain.about
    first, second = map(about.called, about["sides"])
    power, flight = bargain.power.iloc[[0, -1]], bargain.flight.iloc[[0, -1]]
    stronger = say("bargain.power", owner=possessive(first))
    lost = f"{flight.more_flight.iloc[-1]:g}"
    many = about.many(about["sides"][1:])
    return [
        _sweep(power, stronger, about),
        _sweep(flight, say("bargain.flight", many=many, country=second, lost=lost), about),
    ]


def _sweep(ends: pd.DataFrame, condition: str, about: "About") -> str:
    columns = ["first_depth", "second_depth", "first_gain", "second_gain"]
    if not ends.agreed.any():
        return say("bargain.sweep.nothing", condition=condition)
    # A side that opens nothing has no mean depth.
    moves = ends[columns].diff().iloc[-1].abs().fillna(0.0)
    if (moves < _SAME).all() and ends.agreed.all():
        return say("bargain.sweep.same", condition=condition)
    before, after = ends.iloc[0], ends.iloc[1]
    moved = [
        say(
            "bargain.sweep.side",
            owner=possessive(about.called(side)),
            gain=signed(before[f"{c}_gain"], 3),
            gains=signed(after[f"{c}_gain"], 3),
            depth=f"{before[f'{c}_depth']:.2f}",
            depths=f"{after[f'{c}_depth']:.2f}",
        )
        for side, c in zip(about["sides"], ("first", "second"), strict=True)
    ]
    return say("bargain.sweep.moves", condition=condition, moved="; ".join(moved))


def _certificate(bargain: "Bargain") -> list[str]:
    certificate: dict[str, Any] = bargain.about["certificate"]
    starts = certificate["log_nash_product_from_each_start"]
    lines = [sentence(say("bargain.reading"))]
    if starts:
        key = "starts" if len(starts) > 1 else "again"
        apart = miss(max(starts) - min(starts))
        spread = say(f"bargain.certificate.{key}", starts=len(starts), apart=apart)
        missed = miss(certificate["projected_gradient"])
        lines.append(sentence(say("bargain.certificate.missed", missed=missed, spread=spread)))
    return lines
