"""The table of leverage: both sides' losses, their ratio, and what stands beside them."""

from functools import partial
from typing import Any, TYPE_CHECKING

import pandas as pd

from .._words import listing
from ._format import billions, MINUS, number
from .section import Section, Table, table_of
from .sureness import below, moves_most, of_draws
from .uncertainty import observed_lines


if TYPE_CHECKING:
    from ..about import About
    from ..geo.leverage import Leverage


FORMS = {"buying": "stop buying", "selling": "stop selling", "both": "stop both"}
unwrapped = partial(table_of, wraps=False)
RENTS = {"none": "", "nobody": "burned", "importer": "importer", "exporter": "exporter"}
_HEADLINES = {"threat_loss": "threat loss, %", "self_cost": "self-cost, %", "ratio": "ratio"}


def leverage_table(leverage: "Leverage", gap: pd.DataFrame | None, beside: pd.DataFrame) -> Section:
    """Loss of the target and of the sender side by side, with intervals where there are draws."""
    about = leverage.about
    target, sender = about["target"], senders(about)
    headings = ("threat", f"{target}\nloses %", f"{target}, US$ bn\n% of GDP", f"{sender}\nloses %",
                f"{sender}, US$ bn\n% of GDP", "ratio")  # fmt: skip
    rows = [
        (
            threat_of(row, "\n"), _with_ends(row, "threat_loss"), _money(row, "threat_loss"),
            _with_ends(row, "self_cost"), _money(row, "self_cost"), _with_ends(row, "ratio"),
        )
        for row in leverage.rows.to_dict("records")
    ]  # fmt: skip
    parts = [_head(about), unwrapped(headings, rows)]
    parts += [] if gap is None else _gap(gap, target)
    parts += [] if beside.empty else _beside(beside, target, sender)
    return Section([*parts, *_foot(leverage)])


def _head(about: "About") -> str:
    named = listing(list(dict.fromkeys(about["sectors"])))
    what = "all trade" if about["sectors"] == "all" else f"trade in {named}"
    after = f", after {about['after']}" if about["after"] else ""
    return (
        f"{senders(about)} withdraws {what} with {about['target']} ({about['size']}){after}; "
        f"{about.baseline}, {about.baseline_year}"
    )


def _foot(leverage: "Leverage") -> list[str]:
    rows, about = leverage.rows, leverage.about
    lines = [
        "Exact real income, a year, against the same world without the threat; US$ and GDP of the "
        "baseline year. The ratio is of the two losses in logs."
    ]
    if (rows.self_cost < 0).any() or (rows.threat_loss < 0).any():
        lines.append(f"A minus ({MINUS}) is a gain: with rents kept, a side may gain by a threat.")
    if "threat_loss_low" in rows:
        lines.append(
            f"Below each number: {of_draws(about)} around it; "
            "rents and size are not drawn. The draws need not centre on the number."
        )
        lines += _what_moves(leverage.drivers)
    return [*lines, *observed_lines(about["evidence"], "the threats act on")]


def _what_moves(drivers: pd.DataFrame) -> list[str]:
    """The assumptions behind each headline of the last row, the widest first."""
    if drivers.empty:
        return []
    last = drivers.iloc[-1]
    own = drivers.loc[(drivers.form == last.form) & (drivers.horizon == last.horizon)
                      & (drivers.rent == last.rent)]  # fmt: skip
    where = f"{FORMS[str(last.form)]}, {last.horizon} run"
    moved = moves_most(own, "headline", _HEADLINES)
    return [f"What moves it most, one assumption at a time ({where}): {moved}."]


def _gap(gap: pd.DataFrame, target: str) -> list[Table | str]:
    headings = ("gap between the two threats", f"{target} loses\nmore by", "US$\nbn", "% of GDP")
    rows = [
        (
            threat_of(row), f"{number(row['gap'])} log points",
            billions(row["gap_usd"]), number(row["gap_gdp"]),
        )
        for row in gap.to_dict("records")
    ]  # fmt: skip
    foot = (
        "With threats alone, and no rewards, this is the flip threshold: how much the second "
        f"sender's side must be worth to {target} a year, in percent of real income, for the "
        "first one's threat not to decide."
    )
    return [unwrapped(headings, rows), foot]


def _beside(beside: pd.DataFrame, target: str, sender: str) -> list[Table | str]:
    headings = ("beside it, not the loss", "closed-form\nbound", "wages\nfixed",
                "final goods\nalone", "index of\npower")  # fmt: skip
    names = ("look_through", "wages_fixed", "face", "international_power")
    rows = [
        (f"stop selling, {row['horizon']}", *(number(row[name]) for name in names))
        for row in beside.to_dict("records")
    ]
    foot = (
        f"Log points of {target}'s real income, with wages and foreign costs fixed; the index is "
        f"{sender}'s import-dependence power over {target} in percent, no loss at all."
    )
    return [unwrapped(headings, rows), foot]


def senders(about: "About") -> str:
    return "+".join(about["senders"])


def _money(row: dict[str, Any], name: str) -> str:
    return f"{billions(row[f'{name}_usd'])}\n{number(row[f'{name}_gdp'])}"


def threat_of(row: dict[str, Any], between: str = ", ") -> str:
    """The form and horizon; where there is a rent, who keeps it, and the mark-up."""
    said = f"{FORMS[row['form']]}{between}{row['horizon']} run"
    rent = RENTS[row["rent"]]
    if not rent:
        return said
    markup = f", +{row['markup']:.0f} %" if "markup" in row else ""
    return f"{said}\nrent {rent}{markup}"


def _with_ends(row: dict[str, Any], name: str) -> str:
    return below(number(row[name]), row, name)
