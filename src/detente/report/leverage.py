"""Tables of leverage: losses beside self-costs, sectors, burdens, frontiers, thresholds."""

from typing import Any, TYPE_CHECKING

import numpy as np
import pandas as pd
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ._format import BILLION, listing, MINUS, MISSING, signed


if TYPE_CHECKING:
    from ..geo.leverage import Cheapest, Coalition, Credibility, Frontier, Leverage


FORMS = {"buying": "stop buying", "selling": "stop selling", "both": "stop both"}
RENTS = {"none": "", "nobody": "burned", "importer": "importer", "exporter": "exporter"}
_HEADLINES = {"threat_loss": "threat loss", "self_cost": "self-cost", "ratio": "ratio"}


def leverage_table(
    found: "Leverage", gap: pd.DataFrame | None, beside: pd.DataFrame
) -> RenderableType:
    """Loss of the target and of the sender side by side, with intervals where there are draws."""
    about = found.about
    target, sender = about["target"], _senders(about)
    table = _table(
        "threat", f"{target}\nloses %", "US$ bn\n% of GDP",
        f"{sender}\nloses %", "US$ bn\n% of GDP", "ratio",
    )  # fmt: skip
    for row in found.rows.to_dict("records"):
        table.add_row(
            _threat(row, "\n"), _with_ends(row, "threat_loss"), _money(row, "threat_loss"),
            _with_ends(row, "self_cost"), _money(row, "self_cost"), _with_ends(row, "ratio"),
        )  # fmt: skip
    parts: list[RenderableType] = [Text(_head(about)), table]
    parts += [] if gap is None else [_gap(gap, target)]
    parts += [] if beside.empty else [_beside(beside, target, sender)]
    return Group(*parts, *(Text(line) for line in _foot(found)))


def _head(about: dict[str, Any]) -> str:
    what = "all trade" if about["sectors"] == "all" else f"trade in {listing(about['sectors'])}"
    after = f", after {about['after']}" if about["after"] else ""
    return (
        f"{_senders(about)} withdraws {what} with {about['target']} ({about['size']}){after}; "
        f"{about['baseline']}, {about['baseline_year']}"
    )


def _foot(found: "Leverage") -> list[str]:
    rows, about = found.rows, found.about
    lines = [
        "Exact real income, a year, against the same world without the threat; US$ and GDP of the "
        "baseline year. The ratio is of the two losses in logs."
    ]
    if (rows.self_cost < 0).any() or (rows.threat_loss < 0).any():
        lines.append(f"A minus ({MINUS}) is a gain: with rents kept, a side may gain by a threat.")
    if "threat_loss_low" in rows:
        lines.append(
            f"Below each number: {100 * about['level']:g} % of {about['draws']} draws around it; "
            "rents and size are not drawn. The draws need not centre on the number."
        )
        lines += _what_moves(found.drivers)
    return lines


def _what_moves(drivers: pd.DataFrame) -> list[str]:
    """The assumptions behind each headline of the last row, the widest first."""
    if drivers.empty:
        return []
    last = drivers.iloc[-1]
    own = drivers.loc[(drivers.form == last.form) & (drivers.horizon == last.horizon)
                      & (drivers.rent == last.rent)]  # fmt: skip
    said = []
    for name, rows in own.groupby("headline", sort=False):
        parts = [f"{row['assumption']} {_number(row['low'])} to {_number(row['high'])}"
                 for row in rows.to_dict("records")]  # fmt: skip
        said.append(f"{_HEADLINES[str(name)]}: {', '.join(parts)}")
    where = f"{FORMS[str(last.form)]}, {last.horizon} run"
    return [f"What moves it most, one assumption at a time ({where}): {'; '.join(said)}."]


def _gap(gap: pd.DataFrame, target: str) -> RenderableType:
    table = _table("gap between the two threats", f"{target} loses\nmore by", "US$\nbn", "% of GDP")
    for row in gap.to_dict("records"):
        table.add_row(
            _threat(row), f"{_number(row['gap'])} log points",
            _bn(row["gap_usd"]), _number(row["gap_gdp"]),
        )  # fmt: skip
    foot = Text(
        "With threats alone, and no rewards, this is the flip threshold: how much the second "
        f"sender's side must be worth to {target} a year, in percent of real income, for the "
        "first one's threat not to decide."
    )
    return Group(table, foot)


def _beside(beside: pd.DataFrame, target: str, sender: str) -> RenderableType:
    table = _table(
        "beside it, not the loss", "closed-form\nbound", "wages\nfixed", "final goods\nalone",
        "index of\npower",
    )  # fmt: skip
    for row in beside.to_dict("records"):
        names = ("look_through", "wages_fixed", "face", "international_power")
        table.add_row(f"stop selling, {row['horizon']}", *(_number(row[name]) for name in names))
    foot = Text(
        f"Log points of {target}'s real income, with wages and foreign costs fixed; the index is "
        f"{sender}'s import-dependence power over {target} in percent, no loss at all."
    )
    return Group(table, foot)


def cheapest_table(found: "Cheapest", top: int = 12) -> RenderableType:
    """The sectors by what they do for what they cost, and the mark-ups of the optimum."""
    about = found.about
    target, sender = about["target"], _senders(about)
    table = _table(
        "", "trade\nUS$ bn", f"{target} loses\nper 1 %", f"{sender} loses\nper 1 %", "ratio",
        "closing it:\nratio", "chosen\nmark-up %",
    )  # fmt: skip
    for row in found.rows.head(top).to_dict("records"):
        table.add_row(
            f"{row['sector']} {row['direction']}", f"{row['trade'] / BILLION:,.2f}",
            f"{row['target_slope']:.5f}", f"{row['sender_slope']:.6f}".replace("-", MINUS),
            _number(row["slope_ratio"]), _number(row["closing_ratio"]), _markup(row["chosen"]),
        )  # fmt: skip
    rent = {"nobody": "burned", "importer": "kept by the importer"}.get(
        about["rent"], "kept by the exporter"
    )
    head = (
        f"{sender} over {target}, {about['form']}, {about['horizon']} run, mark-up {rent}; "
        f"{about['baseline']}. Loss in percent of real income for a mark-up of 1 %."
    )
    return Group(Text(head), table, *(Text(line) for line in _cheapest_foot(found, top)))


def _cheapest_foot(found: "Cheapest", top: int) -> list[str]:
    about = found.about
    lines = [
        f"The largest threat for a self-cost of at most {about['budget']:g} %, mark-ups up to "
        f"{about['ceiling']:g} %: {about['target']} loses {_number(about['threat_loss'])} %, "
        f"{_senders(about)} {_number(about['self_cost'])} %; at the margin the ratio is "
        f"{_number(about['marginal_ratio'])}. A local optimum; first-order conditions are missed "
        f"by at most {about['first_order']:.0e}.",
        f"The first {min(top, len(found.rows))} of {len(found.rows)}; sectors in which the sender "
        "gains come first.",
    ]
    if "rank_correlation_2017" in about:
        value = about["rank_correlation_2017"]
        verdict = "the model picks" if value > 0 else "the model does not pick"
        lines.append(
            f"Rank correlation of this order with the sectors hit in 2017 "
            f"({', '.join(about['hit_2017'])}): {signed(value, 2)}; {verdict} what was picked."
        )
    return lines


def _markup(percent: float) -> str:
    return MISSING if percent < 1e-3 else f"{percent:.1f}"


def coalition_table(found: "Coalition") -> RenderableType:
    """The joint threat against the sum of its parts, and every member's burden."""
    about = found.about
    table = _table("joint threat", "together", "sum of\nparts", "beyond\nparts", "each left\nwith")
    for row in found.rows.to_dict("records"):
        names = ("joint", "sum_of_parts", "beyond_parts")
        shared = signed(row["shared"], 3)
        table.add_row(_threat(row), *(_number(row[name]) for name in names), shared)
    burden = _table("", "member", "loses in\nthe joint", "US$ bn", "alone", "receives\nUS$ bn")
    for row in found.burden.to_dict("records"):
        burden.add_row(
            _threat(row), row["member"], _number(row["cost_joint"]), _bn(row["cost_joint_usd"]),
            _number(row["cost_alone"]), signed(row["transfer_usd"] / BILLION, 1),
        )  # fmt: skip
    whole = (found.rows.shared >= 0).all()
    verdict = (
        "Transfers among the members can make each whole."
        if whole
        else "Where that is a loss, no transfers among the members alone can make each whole."
    )
    foot = (
        f"Log points of {about['target']}'s real income. 'Each left with': the change of every "
        f"member's real income, in log points, once transfers share it alike. {verdict}"
    )
    return Group(table, burden, Text(foot))


def frontier_table(found: "Frontier") -> RenderableType:
    """What each scenario brings to the target, and what it adds to the threat."""
    about = found.about
    target, sender = about["target"], _senders(about)
    table = _table(
        "", f"{target}\ngains %", f"{sender}\ngains %", f"{target}'s loss\nadded",
        f"{sender}'s cost\nadded", "ratio",
    )  # fmt: skip
    for row in found.rows.to_dict("records"):
        name = (row["scenario"] or "as it is").rpartition("/")[2]
        table.add_row(
            f"{name}\n{row['horizon']} run", _change(row["gain"]), _change(row["sender_gain"]),
            f"{_number(row['threat_loss'])}\n{_change(row['added_loss'])}",
            f"{_number(row['self_cost'])}\n{_change(row['added_cost'])}", _number(row["ratio"]),
        )  # fmt: skip
    head = f"{sender} over {target}: {FORMS[about['form']]} ({about['size']}); {about['baseline']}"
    foot = (
        "Gains in percent of real income; losses from the threat after the scenario, and what the "
        "scenario adds to them, in log points."
    )
    return Group(Text(head), table, Text(foot))


def credibility_table(found: "Credibility", published: list[Any]) -> RenderableType:
    """Year by year, and the thresholds."""
    about = found.about
    target, sender = about["target"], _senders(about)
    table = _table("year", "trade\nelasticity", "labour\nimmobility", f"{target}\nloses",
                   f"{sender}\nloses")  # fmt: skip
    for row in found.path.to_dict("records"):
        table.add_row(
            str(int(row["year"])), f"{row['relative_elasticity']:.2f}", f"{row['immobility']:.2f}",
            _number(row["threat_loss"]), _number(row["self_cost"]),
        )  # fmt: skip
    lines = [
        f"{target} complies if what is asked is worth less to it than {_number(about['buys'])} % "
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
    head = f"{sender} over {target}: {FORMS[about['form']]}; {about['baseline']}"
    return Group(Text(head), table, *(Text(line) for line in lines))


def _carries_out(about: dict[str, Any], sender: str) -> str:
    if about["costs"] <= 0:
        return f"{sender} gains by carrying out: it needs no reputation to be believed."
    return (
        f"{sender} carries out if being believed later is worth at least "
        f"{_number(about['reputation_needed'])} % of its real income every year, for ever, at a "
        f"discount factor of {about['sender_discount']:g}: the cost is {_number(about['costs'])} % "
        "of one year's real income in all."
    )


def _published(one: Any) -> str:
    return f"{one.low:g}" if one.low == one.high else f"{one.low:g} to {one.high:g}"


def _senders(about: dict[str, Any]) -> str:
    return "+".join(about["senders"])


def _money(row: dict[str, Any], name: str) -> str:
    return f"{_bn(row[f'{name}_usd'])}\n{_number(row[f'{name}_gdp'])}"


def _threat(row: dict[str, Any], between: str = ", ") -> str:
    """The form and horizon; where there is a rent, who keeps it, and the mark-up."""
    said = f"{FORMS[row['form']]}{between}{row['horizon']} run"
    rent = RENTS[row["rent"]]
    if not rent:
        return said
    markup = f", +{row['markup']:.0f} %" if "markup" in row else ""
    return f"{said}\nrent {rent}{markup}"


def _with_ends(row: dict[str, Any], name: str) -> str:
    value = _number(row[name])
    if f"{name}_low" not in row:
        return value
    return f"{value}\n{_number(row[f'{name}_low'])}…{_number(row[f'{name}_high'])}"


def _number(value: float) -> str:
    """Three digits that matter, and a true minus."""
    if not np.isfinite(value):
        return MISSING
    size = abs(value)
    decimals = 1 if size >= 10 else 2 if size >= 1 else 3
    if size < 0.0005:
        return "0" if size < 1e-9 else f"{value:.0e}".replace("-", MINUS)
    return f"{value:,.{decimals}f}".replace("-", MINUS)


def _change(value: float) -> str:
    return "0" if abs(value) < 1e-9 else signed(value, 3)


def _bn(million: float) -> str:
    billion = million / BILLION
    return f"{billion:,.{1 if abs(billion) >= 1 else 2}f}".replace("-", MINUS)


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place == 0 else "right", no_wrap=True)
    return table
