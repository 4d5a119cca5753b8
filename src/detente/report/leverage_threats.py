"""Tables about one threat: its cheapest sectors, who bears it, what adds to it, when it works."""

from typing import Any, TYPE_CHECKING

import pandas as pd

from ._format import BILLION, billions, level, miss, MISSING, number, signed
from .leverage import FORMS, leverage_table, senders, threat_of, unwrapped
from .section import Section
from .sureness import below, drawn, ends, left_out, moves_most, of_draws


if TYPE_CHECKING:
    from ..about import About
    from ..geo.leverage import Cheapest, Coalition, Credibility, Frontier, Leverage


def cheapest_table(cheapest: "Cheapest", top: int = 12) -> Section:
    """The sectors by what they do for what they cost, and the mark-ups of the optimum."""
    about = cheapest.about
    target, sender = about["target"], senders(about)
    headings = ("", "trade\nUS$ bn", f"{target} loses\nper 1 %", f"{sender} loses\nper 1 %",
                "ratio", "closing:\nratio", "chosen\nmark-up %")  # fmt: skip
    rows = [
        (
            f"{row['sector']} {row['direction']}", f"{row['trade'] / BILLION:,.2f}",
            level(row["target_slope"], 5), level(row["sender_slope"], 6),
            number(row["slope_ratio"]), number(row["closing_ratio"]), _markup(row["chosen"]),
        )
        for row in cheapest.rows.head(top).to_dict("records")
    ]  # fmt: skip
    rent = {"nobody": "burned", "importer": "kept by the importer"}.get(
        about["rent"], "kept by the exporter"
    )
    head = (
        f"{sender} over {target}, {about['form']}, {about.horizon} run, mark-up {rent}; "
        f"{about.baseline}. Loss in percent of real income for a mark-up of 1 %."
    )
    return Section([head, unwrapped(headings, rows), *_cheapest_foot(cheapest, top)])


def _cheapest_foot(cheapest: "Cheapest", top: int) -> list[str]:
    about = cheapest.about
    lines = [
        f"The largest threat for a self-cost of at most {about['budget']:g} %, mark-ups up to "
        f"{about['ceiling']:g} %: {about['target']} loses {number(about['threat_loss'])} %, "
        f"{senders(about)} {number(about['self_cost'])} %; at the margin the ratio is "
        f"{number(about['marginal_ratio'])}. A local optimum; first-order conditions are missed "
        f"by {miss(about['first_order'])}.",
        *_sure_of_the_optimum(cheapest),
        f"The first {min(top, len(cheapest.rows))} of {len(cheapest.rows)}; sectors in which the "
        "sender gains come first.",
    ]
    if "rank_correlation_2017" in about.own:
        value = about["rank_correlation_2017"]
        verdict = "the model picks" if value > 0 else "the model does not pick"
        lines.append(
            f"Rank correlation of this order with the sectors hit in 2017 "
            f"({', '.join(about['hit_2017'])}): {signed(value, 2)}; {verdict} what was picked."
        )
    return lines


def _sure_of_the_optimum(cheapest: "Cheapest") -> list[str]:
    about = cheapest.about
    if not about.draws or cheapest.drivers.empty:
        return left_out(about)
    target, sender = about["target"], senders(about)
    names = {"threat_loss": f"{target}'s loss, %", "self_cost": f"{sender}'s, %"}
    return [
        f"With these mark-ups held, not chosen again in each draw: {target} loses "
        f"{ends(about.own, 'threat_loss')} %, {sender} {ends(about.own, 'self_cost')} %, in "
        f"{of_draws(about)} of {drawn(about)}; rents and size are not drawn. The budget holds at "
        "the central values alone.",
        "What moves it most, one assumption at a time: "
        f"{moves_most(cheapest.drivers, 'headline', names)}.",
    ]


def _markup(percent: float) -> str:
    return MISSING if percent < 1e-3 else f"{percent:.1f}"


def losses_table(
    leverage: "Leverage",
    gap: pd.DataFrame | None,
    beside: pd.DataFrame,
    joint: "Coalition | None",
) -> Section:
    """Losses of both sides, and of a joint threat what is each member's."""
    parts = leverage_table(leverage, gap, beside).parts
    return Section([*parts, *([] if joint is None else coalition_table(joint).parts)])


def coalition_table(coalition: "Coalition") -> Section:
    """The joint threat against the sum of its parts, and every member's burden."""
    about = coalition.about
    rows = [
        (
            threat_of(row), below(number(row["joint"]), row, "joint"),
            number(row["sum_of_parts"]), number(row["beyond_parts"]), signed(row["shared"], 3),
        )
        for row in coalition.rows.to_dict("records")
    ]  # fmt: skip
    parts = ("joint threat", "together", "sum of\nparts", "beyond\nparts", "each left\nwith")
    borne = [
        (
            threat_of(row), row["member"],
            below(number(row["cost_joint"]), row, "cost_joint"),
            below(billions(row["cost_joint_usd"]), row, "cost_joint_usd", billions),
            number(row["cost_alone"]),
            signed(row["transfer_usd"] / BILLION, 1),
        )
        for row in coalition.burden.to_dict("records")
    ]  # fmt: skip
    burden = ("", "member", "loses in\nthe joint", "US$ bn", "alone", "receives\nUS$ bn")
    whole = (coalition.rows.shared >= 0).all()
    verdict = (
        "Transfers among the members can make each whole."
        if whole
        else "Where that is a loss, no transfers among the members alone can make each whole."
    )
    foot = (
        f"Log points of {about['target']}'s real income. 'Each left with': the change of every "
        f"member's real income, in log points, once transfers share it alike. {verdict}"
    )
    tables = unwrapped(parts, rows), unwrapped(burden, borne)
    return Section([*tables, foot, *_sure_of_the_joint(coalition)])


def _sure_of_the_joint(coalition: "Coalition") -> list[str]:
    about, drivers = coalition.about, coalition.drivers
    if not about.draws or drivers.empty:
        return left_out(about)
    last = drivers.iloc[-1]
    keys = ["form", "horizon", "rent"]
    own = drivers.loc[(drivers[keys] == last[keys]).all(axis=1)]
    who = [about["target"], *about["members"]]
    where = f"{FORMS[str(last.form)]}, {last.horizon} run"
    return [
        f"Below a number: {of_draws(about)} of {drawn(about)}; the joint threat is held, rents and "
        "size are not drawn. The sum of parts and the transfers are at the central values.",
        f"What moves the losses in the joint threat most, one assumption at a time ({where}): "
        f"{moves_most(own, 'headline', {code: code for code in who})}.",
    ]


def frontier_table(frontier: "Frontier") -> Section:
    """What each scenario brings to the target, and what it adds to the threat."""
    about = frontier.about
    target, sender = about["target"], senders(about)
    headings = ("", f"{target}\ngains %", f"{sender}\ngains %", f"{target}'s loss\nadded",
                f"{sender}'s cost\nadded", "ratio")  # fmt: skip
    rows = [
        (
            f"{(row['scenario'] or 'as it is').rpartition('/')[2]}\n{row['horizon']} run",
            change(row["gain"]), change(row["sender_gain"]),
            f"{number(row['threat_loss'])}\n{change(row['added_loss'])}",
            f"{number(row['self_cost'])}\n{change(row['added_cost'])}", number(row["ratio"]),
        )
        for row in frontier.rows.to_dict("records")
    ]  # fmt: skip
    head = f"{sender} over {target}: {FORMS[about['form']]} ({about['size']}); {about.baseline}"
    foot = (
        "Gains in percent of real income; losses from the threat after the scenario, and what the "
        "scenario adds to them, in log points."
    )
    return Section([head, unwrapped(headings, rows), foot])


def credibility_table(credibility: "Credibility", published: list[Any]) -> Section:
    """Year by year, and the thresholds."""
    about = credibility.about
    target, sender = about["target"], senders(about)
    headings = ("year", "trade\nelasticity", "labour\nimmobility", f"{target}\nloses",
                f"{sender}\nloses")  # fmt: skip
    rows = [
        (
            str(int(row["year"])), f"{row['relative_elasticity']:.2f}", f"{row['immobility']:.2f}",
            number(row["threat_loss"]), number(row["self_cost"]),
        )
        for row in credibility.path.to_dict("records")
    ]  # fmt: skip
    lines = [
        f"{target} complies if what is asked is worth less to it than {number(about['buys'])} % "
        f"of one year's real income, once: {about['years']} years at a discount factor of "
        f"{about['target_discount']:g}, carried out with a chance of {about['probability']:g}.",
        _carries_out(about, sender),
        "Log points of real income a year. Elasticities are over those of the long run; each year "
        "is an equilibrium of its own. Thresholds say what a value is compared with, not what it "
        "is.",
    ]
    lines += [
        f"Published of 2017, {one.who}: {_published(one)} % of GDP a year ({one.source}). "
        f"{one.reading}"
        for one in published
    ]
    head = f"{sender} over {target}: {FORMS[about['form']]}; {about.baseline}"
    return Section([head, unwrapped(headings, rows), *lines])


def _carries_out(about: "About", sender: str) -> str:
    if about["costs"] <= 0:
        return f"{sender} gains by carrying out: it needs no reputation to be believed."
    return (
        f"{sender} carries out if being believed later is worth at least "
        f"{number(about['reputation_needed'])} % of its real income every year, for ever, at a "
        f"discount factor of {about['sender_discount']:g}: the cost is {number(about['costs'])} % "
        "of one year's real income in all."
    )


def _published(one: Any) -> str:
    return f"{one.low:g}" if one.low == one.high else f"{one.low:g} to {one.high:g}"


def change(value: float) -> str:
    return "0" if abs(value) < 1e-9 else signed(value, 3)
