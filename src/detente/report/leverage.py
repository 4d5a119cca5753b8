"""The page of leverage: both sides' losses, their ratio, and what stands beside them."""

from collections.abc import Sequence
from functools import partial
from typing import Any, TYPE_CHECKING

import pandas as pd

from .._words import listing, possessive
from ._format import billions, MINUS, number, sentence
from ._frames import HORIZONS, records
from .section import Section, Table, table_of
from .sureness import allowing, below, changes, moves_most, within
from .uncertainty import observed_lines
from .wording import say


if TYPE_CHECKING:
    from ..about import About
    from ..geo.leverage import Leverage


FORMS = {"buying": "stop buying", "selling": "stop selling", "both": "stop both"}
unwrapped = partial(table_of, wraps=False)
HOLDERS = {"nobody": "nobody", "importer": "the importer", "exporter": "the exporter"}


def leverage_table(
    leverage: "Leverage", gap: pd.DataFrame | None, beside: pd.DataFrame, against: str = ""
) -> Section:
    """Loss of the target and of the sender side by side, with intervals where there are draws."""
    about = leverage.about
    target, sender = about.country(about["target"]), side_of(about)
    headings = ("threat", f"{target}\nloses %", f"{target}\nUS$ bn\n% of GDP",
                f"{sender}\nloses %", f"{sender}\nUS$ bn\n% of GDP", "ratio")  # fmt: skip
    rows = [
        (
            threat_of(row, "\n"), _with_ends(row, "threat_loss"), _money(row, "threat_loss"),
            _with_ends(row, "self_cost"), _money(row, "self_cost"), _with_ends(row, "ratio"),
        )
        for row in records(leverage.rows)
    ]  # fmt: skip
    parts = [*_lead(leverage), unwrapped(headings, rows)]
    parts += [] if gap is None else _gap(gap, about, against)
    parts += [] if beside.empty else _beside(beside, about)
    return Section([*parts, *_foot(leverage)])


def _lead(leverage: "Leverage") -> list[str]:
    """What the widest of the threats takes from each side, and how sure that is."""
    about, rows = leverage.about, leverage.rows
    widest = "both" if (rows.form == "both").any() else rows.form.iloc[0]
    leading = records(rows.loc[rows.form == widest])
    said = [sentence(_loses(about, row)) for row in leading]
    if "threat_loss_low" in rows:
        parts = "; ".join(_in_range(about, row) for row in leading)
        solved = round(leading[0]["draws_solved"] * (about.draws or 0))
        said.append(sentence(allowing(about, parts, solved)))
    return said


def _loses(about: "About", row: dict[str, Any]) -> str:
    sides = ([about["target"]], "threat_loss"), (about["senders"], "self_cost")
    target, sender = (
        changes(
            about, codes, -row[name], -row[f"{name}_usd"], _ends(row, name),
            next_to=name == "self_cost",
        )
        for codes, name in sides
    )  # fmt: skip
    run = HORIZONS[row["horizon"]]
    return say("leverage.lead", run=run, condition=_if(about, row), target=target, sender=sender)


def _ends(row: dict[str, Any], name: str) -> tuple[float, float] | None:
    return (-row[f"{name}_high"], -row[f"{name}_low"]) if f"{name}_low" in row else None


def _in_range(about: "About", row: dict[str, Any]) -> str:
    target = within(about, [about["target"]], row, "threat_loss")
    sender = within(about, about["senders"], row, "self_cost")
    return say("leverage.in_run", run=HORIZONS[row["horizon"]], parts=f"{target} and {sender}")


def _if(about: "About", row: dict[str, Any]) -> str:
    """The threat as a condition: who stops or restricts what."""
    what = sectors_of(about)
    stops = about["size"] == "prohibited"
    return say(
        f"leverage.{'stop' if stops else 'less'}.{row['form']}",
        sender=about.called(*about["senders"]),
        target=about.called(about["target"]),
        what=f" {what}" if what else "",
        in_what=f" in {what}" if what else "",
        size=about["size"],
        holder=HOLDERS.get(row["rent"], ""),
    )


def sectors_of(about: "About") -> str:
    """The sectors of a threat by their names; nothing where it is on all trade."""
    if about["sectors"] == "all":
        return ""
    return listing([f"'{about.sector(code)}'" for code in dict.fromkeys(about["sectors"])])


def _foot(leverage: "Leverage") -> list[str]:
    rows, about = leverage.rows, leverage.about
    lines = [say("leverage.exact", year=about.baseline_year, world=about.baseline)]
    if about["after"]:
        lines.insert(0, say("leverage.after", scenario=about["after_title"]))
    if (rows.self_cost < 0).any() or (rows.threat_loss < 0).any():
        lines.append(say("leverage.minus", minus=MINUS))
    if "threat_loss_low" in rows:
        lines += [say("leverage.ranges"), *_what_moves(leverage)]
    return [*map(sentence, lines), *observed_lines(about["evidence"], "the threats act on")]


def _what_moves(leverage: "Leverage") -> list[str]:
    """The assumptions behind each headline of the last row, the widest first."""
    about, drivers = leverage.about, leverage.drivers
    if drivers.empty:
        return []
    return moves_most(*of_the_last(drivers, about, ("threat_loss", "self_cost", "ratio")))


def of_the_last(
    drivers: pd.DataFrame, about: "About", names: Sequence[str]
) -> tuple[pd.DataFrame, str, dict[str, str]]:
    """The drivers of the last threat, and what its headlines are called in a sentence."""
    last, keys = drivers.iloc[-1], ["form", "horizon", "rent"]
    own = drivers.loc[(drivers[keys] == last[keys]).all(axis=1)]
    threat = f"{FORMS[str(last.form)]}, {HORIZONS[str(last.horizon)]}"
    words = {
        "threat_loss": ("loss_of", {"owner": _owner(about, [about["target"]])}),
        "self_cost": ("loss_of", {"owner": _owner(about, about.own.get("senders", ()))}),
        "ratio": ("ratio", {}),
    }
    said = {}
    for name in names:
        key, filled = words.get(name, ("loss_of", {"owner": _owner(about, [name])}))
        said[name] = say(f"leverage.{key}", threat=threat, **filled)
    return own, "headline", said


def _owner(about: "About", codes: Sequence[str]) -> str:
    return possessive(about.called(*codes))


def _gap(gap: pd.DataFrame, about: "About", against: str) -> list[Table | str]:
    target = about.country(about["target"])
    headings = ("gap between the two threats", f"{target}\nloses more by", "US$\nbn", "% of GDP")
    rows = [
        (
            threat_of(row), f"{number(row['gap'])} log points",
            billions(row["gap_usd"]), number(row["gap_gdp"]),
        )
        for row in records(gap)
    ]  # fmt: skip
    named = {"target": about.called(about["target"]), "other": about.called(against)}
    return [unwrapped(headings, rows), sentence(say("leverage.gap", **named))]


def _beside(beside: pd.DataFrame, about: "About") -> list[Table | str]:
    headings = ("for comparison", "closed-form\nbound", "wages\nfixed",
                "final goods\nalone", "index of\npower")  # fmt: skip
    names = ("look_through", "wages_fixed", "face", "international_power")
    rows = [
        (f"stop selling, {HORIZONS[row['horizon']]}", *(number(row[name]) for name in names))
        for row in records(beside)
    ]
    target, supplier = about.called(about["target"]), about.called(*about["senders"])
    foot = say("leverage.beside", owner=possessive(target), target=target, supplier=supplier)
    return [unwrapped(headings, rows), sentence(foot)]


def side_of(about: "About", between: str = "\n") -> str:
    """The senders over a column, one a line."""
    return between.join(map(about.country, about["senders"]))


def _money(row: dict[str, Any], name: str) -> str:
    return f"{billions(row[f'{name}_usd'])}\n{number(row[f'{name}_gdp'])}"


def threat_of(row: dict[str, Any], between: str = ", ") -> str:
    """The form and horizon; where the price rises, by how much and who keeps that."""
    said = f"{FORMS[row['form']]}{between}{HORIZONS[row['horizon']]}"
    if row["rent"] == "none":
        return said
    markup = f"price +{row['markup']:.0f} %, " if "markup" in row else ""
    return f"{said}\n{markup}kept\nby {HOLDERS[row['rent']]}"


def _with_ends(row: dict[str, Any], name: str) -> str:
    return below(number(row[name]), row, name)
