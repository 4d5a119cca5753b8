"""Pages about one threat: its cheapest sectors, who bears it, what adds to it, when it works."""

from typing import Any, TYPE_CHECKING

import pandas as pd

from .._words import first_small, possessive, series
from ._format import BILLION, billions, level, miss, MISSING, number, sentence, signed
from ._frames import HORIZONS, records
from .leverage import FORMS, HOLDERS, leverage_table, of_the_last, side_of, threat_of, unwrapped
from .section import Section, table_of
from .sureness import allowing, below, changes_in_percent, drawn, left_out, moves_most, within
from .wording import say


if TYPE_CHECKING:
    from ..about import About
    from ..geo.leverage import Cheapest, Coalition, Credibility, Frontier, Leverage


def cheapest_table(cheapest: "Cheapest", top: int = 12) -> Section:
    """The sectors by what they do for what they cost, and the mark-ups of the optimum."""
    about = cheapest.about
    target, sender = about.country(about["target"]), side_of(about)
    headings = ("", "trade\nUS$ bn", f"{target}\nloses\nper 1 %", f"{sender}\nloses\nper 1 %",
                "ratio", "closing:\nratio", "chosen\nmark-up %")  # fmt: skip
    rows = [
        (
            f"{about.sector(row['sector'])}{_direction(about, row)}",
            f"{row['trade'] / BILLION:,.2f}",
            level(row["target_slope"], 5), level(row["sender_slope"], 6),
            number(row["slope_ratio"]), number(row["closing_ratio"]), _markup(row["chosen"]),
        )
        for row in records(cheapest.rows.head(top))
    ]  # fmt: skip
    return Section(
        [*_optimum(about), table_of(headings, rows, wraps="names"), *_cheapest_foot(cheapest, top)],
    )


def _optimum(about: "About") -> list[str]:
    """The largest threat for the budget, what it takes from each side, and how sure that is."""
    said = say(
        "leverage.optimum",
        ceiling=f"{about['ceiling']:g}",
        budget=f"{about['budget']:g}",
        sender=about.called(*about["senders"]),
        target=changes_in_percent(about, [about["target"]], -about["threat_loss"]),
        cost=changes_in_percent(about, about["senders"], -about["self_cost"], next_to=True),
    )
    ratio, missed = number(about["marginal_ratio"]), miss(about["first_order"])
    return [sentence(said), sentence(say("leverage.margin", ratio=ratio, missed=missed))]


def _cheapest_foot(cheapest: "Cheapest", top: int) -> list[str]:
    about, rows = cheapest.about, cheapest.rows
    head = say(
        "leverage.cheapest_head",
        run=HORIZONS[about.horizon],
        world=about.baseline,
        rent=say("leverage.kept_by", holder=HOLDERS[about["rent"]]),
    )
    shown = {"shown": min(top, len(rows)), "all": len(rows)}
    first = say("leverage.first_rows", sender=about.called(*about["senders"]), **shown)
    lines = [sentence(head), sentence(first), *_sure_of_the_optimum(cheapest)]
    if "rank_correlation_2017" in about.own:
        value = about["rank_correlation_2017"]
        verdict = say(f"leverage.picked_{'high' if value > 0 else 'low'}")
        hit = series([first_small(about.sector(code)) for code in about["hit_2017"]])
        picked = say("leverage.picked", sectors=hit, value=signed(value, 2), verdict=verdict)
        lines.append(sentence(picked))
    return lines


def _sure_of_the_optimum(cheapest: "Cheapest") -> list[str]:
    about = cheapest.about
    if not about.draws or cheapest.drivers.empty:
        return left_out(about)
    target_range = within(about, [about["target"]], about.own, "threat_loss")
    cost_range = within(about, about["senders"], about.own, "self_cost")
    target, sender = about.called(about["target"]), about.called(*about["senders"])
    owners = {
        "threat_loss": f"{possessive(target)} loss",
        "self_cost": f"{possessive(sender)} loss",
    }
    return [
        sentence(allowing(about, f"{target_range} and {cost_range}")),
        sentence(say("leverage.held")),
        *moves_most(cheapest.drivers, "headline", owners),
    ]


def _direction(about: "About", row: dict[str, Any]) -> str:
    """Where both directions are in the table, which."""
    return f", {row['direction']}" if about["form"] == "both" else ""


def _markup(percent: float) -> str:
    return MISSING if percent < 1e-3 else f"{percent:.1f}"


def losses_table(
    leverage: "Leverage",
    gap: pd.DataFrame | None,
    beside: pd.DataFrame,
    joint: "Coalition | None",
    against: str = "",
) -> Section:
    """Losses of both sides, and of a joint threat what is each member's."""
    parts = leverage_table(leverage, gap, beside, against).parts
    return Section([*parts, *([] if joint is None else coalition_table(joint).parts)])


def coalition_table(coalition: "Coalition") -> Section:
    """The joint threat against the sum of its parts, and every member's burden."""
    about = coalition.about
    rows = [
        (
            threat_of(row), below(number(row["joint"]), row, "joint"),
            number(row["sum_of_parts"]), number(row["beyond_parts"]), signed(row["shared"], 3),
        )
        for row in records(coalition.rows)
    ]  # fmt: skip
    parts = ("joint threat", "together", "sum of\nparts", "beyond\nparts", "each left\nwith")
    borne = [
        (
            threat_of(row, "\n"), about.country(row["member"]),
            below(number(row["cost_joint"]), row, "cost_joint"),
            below(billions(row["cost_joint_usd"]), row, "cost_joint_usd", billions),
            number(row["cost_alone"]),
            signed(row["transfer_usd"] / BILLION, 1),
        )
        for row in records(coalition.burden)
    ]  # fmt: skip
    burden = ("", "member", "loses in\nthe joint", "US$ bn", "alone", "receives\nUS$ bn")
    whole = (coalition.rows.shared >= 0).all()
    verdict = say("leverage.transfers" if whole else "leverage.no_transfers")
    owner = possessive(about.called(about["target"]))
    foot = sentence(say("leverage.joint", owner=owner, verdict=verdict))
    tables = unwrapped(parts, rows), unwrapped(burden, borne)
    return Section([*tables, foot, *_sure_of_the_joint(coalition)])


def _sure_of_the_joint(coalition: "Coalition") -> list[str]:
    about = coalition.about
    if not about.draws or coalition.drivers.empty:
        return left_out(about)
    level = f"{100 * about.level:g}"
    counted = say("sure.draws", solved=about.draws_solved or about.draws)
    who = [about["target"], *about["members"]]
    return [
        sentence(say("leverage.joint_ranges", level=level, draws=counted, varied=drawn(about))),
        *moves_most(*of_the_last(coalition.drivers, about, who)),
    ]


def frontier_table(frontier: "Frontier") -> Section:
    """What each scenario brings to the target, and what it adds to the threat."""
    about = frontier.about
    target, sender = about.country(about["target"]), side_of(about)
    headings = ("", f"{target}\ngains %", f"{sender}\ngains %", f"{target}:\nloss added",
                f"{sender}:\ncost added", "ratio")  # fmt: skip
    rows = [
        (
            f"{(row['scenario'] or 'as it is').rpartition('/')[2]}\n{HORIZONS[row['horizon']]}",
            change(row["gain"]), change(row["sender_gain"]),
            f"{number(row['threat_loss'])}\n{change(row['added_loss'])}",
            f"{number(row['self_cost'])}\n{change(row['added_cost'])}", number(row["ratio"]),
        )
        for row in records(frontier.rows)
    ]  # fmt: skip
    head = say(
        "leverage.frontier_head",
        sender=about.called(*about["senders"]),
        target=about.called(about["target"]),
        form=FORMS[about["form"]],
        size=about["size"],
        world=about.baseline,
    )
    foot = sentence(say("leverage.frontier"))
    return Section([sentence(head), unwrapped(headings, rows), foot])


def credibility_table(credibility: "Credibility", published: list[Any]) -> Section:
    """Year by year, and the thresholds."""
    about = credibility.about
    target, sender = about.country(about["target"]), side_of(about)
    headings = ("year", "trade\nelasticity", "labour\nimmobility", f"{target}\nloses",
                f"{sender}\nloses")  # fmt: skip
    rows = [
        (
            str(int(row["year"])), f"{row['relative_elasticity']:.2f}", f"{row['immobility']:.2f}",
            number(row["threat_loss"]), number(row["self_cost"]),
        )
        for row in records(credibility.path)
    ]  # fmt: skip
    complies = say(
        "leverage.complies",
        many=about.many([about["target"]]),
        target=about.called(about["target"]),
        value=number(about["buys"]),
        years=about["years"],
        discount=f"{about['target_discount']:g}",
        chance=f"{about['probability']:g}",
    )
    lines = [complies, _carries_out(about), say("leverage.by_year")]
    lines += [
        say(
            "leverage.published",
            who=about.called(one.who),
            value=_published(one),
            source=one.source,
            reading=one.reading,
        )
        for one in published
    ]
    head = say(
        "leverage.frontier_head",
        sender=about.called(*about["senders"]),
        target=about.called(about["target"]),
        form=FORMS[about["form"]],
        size=HORIZONS[about.horizon],
        world=about.baseline,
    )
    return Section([sentence(head), unwrapped(headings, rows), *map(sentence, lines)])


def _carries_out(about: "About") -> str:
    who = {"many": about.many(about["senders"]), "sender": about.called(*about["senders"])}
    if about["costs"] <= 0:
        return say("leverage.gains_by_it", **who)
    return say(
        "leverage.carries_out",
        value=number(about["reputation_needed"]),
        costs=number(about["costs"]),
        discount=f"{about['sender_discount']:g}",
        **who,
    )


def _published(one: Any) -> str:
    return f"{one.low:g}" if one.low == one.high else f"{one.low:g} to {one.high:g}"


def change(value: float) -> str:
    return "0" if abs(value) < 1e-9 else signed(value, 3)
