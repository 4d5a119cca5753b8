"""Tables of diversification: shares, wedges and premium, cover and threshold, paths and chances."""

import math
from typing import Any, TYPE_CHECKING

import pandas as pd

from .._words import possessive
from ._format import MISSING, sentence, signed
from .raw_materials import lists_parts, raw_material_frames, raw_materials_parts
from .section import Part, Section, Table, table_of
from .wording import say


if TYPE_CHECKING:
    from ..geo import Insurance, Paths, Strategy


FAR = 2100
"""A year after which a path is said not to arrive in this century."""


def diversification_table(strategy: "Strategy") -> Section:
    """When the share is below the target, what the wedge costs, and what it saves."""
    about = strategy.about
    lead = say(
        "diversify.lead",
        country=about.called(about["country"]),
        owner=possessive(about.called(about["supplier"])),
        below=f"{100 * about['below']:g}",
        by=about["by"],
        world=about.baseline,
        year=about.baseline_year,
        basis=about.basis,
    )
    raw = raw_materials_parts(strategy.raw, about["country"], about.country_names)
    parts = [sentence(lead), about.spelled(_items(strategy)), *raw]
    parts += _paths(strategy.paths)
    if len(strategy.lists):
        parts += lists_parts(strategy.lists, about["below"])
    if len(strategy.observed):
        parts += [about.spelled(_observed(strategy)), ""]
    parts += [_wedges(strategy.insurance), _cover(strategy.insurance)]
    parts += [about.spelled(_reading(strategy.insurance))]
    return Section([*parts, *([about["note"]] if about["note"] else [])])


def _paths(paths: "Paths") -> list[Part]:
    """The year in which the target is reached, by start and pace, and the chance of a pace."""
    paces = list(dict.fromkeys(zip(paths.paths.pace, paths.paths.per_year, strict=True)))
    letters = [chr(ord("A") + place) for place in range(len(paces))]
    years = []
    for what, rows in paths.paths.groupby("what", sort=False):
        first = rows.iloc[0]
        reached = (_year(value) for value in rows.reached)
        years.append((f"{what}, {first.year}", f"{100 * first.share:.0f} %", *reached))
    named = "; ".join(
        f"{letter} {name}, {pace:.2f}" for letter, (name, pace) in zip(letters, paces, strict=True)
    )
    foot = (
        f"Paces as published for 2018 to 2021, fall of the log odds per year: {named}. The chance "
        f"that a pace arrives by {paths.by} is ours: a further draw from these paces, log-normal; "
        "its range has a normal too, and each pace left out in turn. Lists alone: without the two "
        "single items."
    )
    headings = ("below the target in, at pace", "share", *letters)
    return [table_of(headings, years), _chances(paths), foot]


def _chances(paths: "Paths") -> Table:
    rows = []
    for row in paths.chances.to_dict("records"):
        cells = []
        for prefix in ("", "broad_"):
            value, low, high = (row[f"{prefix}{name}"] for name in ("chance", "lowest", "highest"))
            known = not math.isnan(value)
            cells += [f"{value:.2f}", f"{low:.2f}-{high:.2f}"] if known else [MISSING, MISSING]
        rows.append((row["what"], f"{row['needed']:.2f}", *cells))
    headings = ("chance of that pace", "needed", "all", "range\nof all", "lists\nalone",
                "range of\nlists alone")  # fmt: skip
    return table_of(headings, rows)


def _year(value: float) -> str:
    return f">{FAR}" if value > FAR else str(math.ceil(value - 1e-9))


def _observed(strategy: "Strategy") -> str:
    rows, about = strategy.observed, strategy.about
    rose = int((rows.per_year < 0).sum())
    return (
        f"Published paces are of products with a policy behind them. From {rows.attrs['first']} to "
        f"{rows.attrs['last']} the share of {about['supplier']} in imports of {about['country']} "
        f"rose in {rose} of {len(rows)} goods sectors (harmonised flows)."
    )


def _items(strategy: "Strategy") -> str:
    about = strategy.about
    if "items" not in about.own:
        return (
            "Products (HS): none stored; 'detente data add baci FILE' adds them. The published "
            "items below are single figures with their sources."
        )
    index = about["items"]
    return (
        f"Products: {about['item_level']} of {index['year']}, {index['products']:.0f} "
        f"imported; mean share of the leader {100 * index['mean_leader_share']:.1f} %, "
        f"weighted by value "
        f"{100 * index['weighted_leader_share']:.1f} %. {about['supplier']} has more than half "
        f"of {100 * index['supplier_above_half']:.1f} % of them; "
        f"{100 * index['all_criteria']:.1f} % meet all three criteria of GeoDep."
    )


def _wedges(insurance: "Insurance") -> Table:
    headings = ("wedge on", "kind", "share %", "wedge %\nprices fixed", "wedge %\nexact",
                "premium\n% a year", "premium\nUS$ million")  # fmt: skip
    rows = [
        (
            row["class"], row["kind"], f"{100 * row['share']:.1f}",
            f"{100 * row['wedge_at_fixed_prices']:.1f}", f"{100 * row['wedge']:.1f}",
            signed(row["premium"], 4), signed(row["premium_value"], 0),
        )
        for row in insurance.wedges.to_dict("records")
    ]  # fmt: skip
    title = "Premium of the smallest import wedge: long horizon, exact welfare"
    return table_of(headings, rows, words=2, title=title)


def _cover(insurance: "Insurance") -> Table:
    headings = ("cut-off of", "wedge", "horizon", "loss %\nbefore", "loss %\nafter",
                "loss %\ncovered", "pays above\na chance of")  # fmt: skip
    rows = [
        (
            row["class"], row["kind"], row["horizon"], f"{row['loss_before']:.3f}",
            f"{row['loss_after']:.3f}", signed(row["cover"], 4), _threshold(row["threshold"]),
        )
        for row in insurance.cover.to_dict("records")
    ]  # fmt: skip
    return table_of(
        headings,
        rows,
        words=2,
        title=insurance.about.spelled(f"Cover: {insurance.about['threat']}"),
    )


def _threshold(value: float) -> str:
    if math.isnan(value):
        return MISSING
    if value == 0:
        return "any chance"
    # At the horizon at which the wedge itself works, premium and cover are the same number.
    return "never" if value >= 1 - 1e-6 else f"{100 * value:.0f} % a year"


def _reading(insurance: "Insurance") -> str:
    said = [
        "Premium: what the wedge costs in every year; a minus is a gain. Cover: by how much it "
        "lowers the loss in a year of a cut-off. The insurance pays where the chance of a cut-off "
        "per year is above premium over cover; no chance is estimated here.",
    ]
    if (insurance.wedges.premium < 0).any():
        said.append(
            "A tariff whose revenue is kept improves the terms of trade, so its premium can be "
            f"negative: {insurance.about['supplier']} is taken not to answer it."
        )
    if insurance.about["prohibited"]:
        said.append(
            "At the long horizon a wedge covers exactly its own premium: where all adjusts anyway, "
            "adjusting before brings nothing. What it saves is the short run."
        )
    return " ".join(said)


def diversification_document(strategy: "Strategy") -> dict[str, Any]:
    """Every frame of the answer by name, for JSON."""
    insured = strategy.insurance
    frames = {
        "shares": insured.shares, "wedges": insured.wedges, "cover": insured.cover,
        "paths": strategy.paths.paths, "chances": strategy.paths.chances,
        "observed": strategy.observed, "items": strategy.items, "lists": strategy.lists,
    }  # fmt: skip
    frames |= raw_material_frames(strategy.raw)
    return {name: _finite(frame) for name, frame in frames.items()}


def _finite(frame: pd.DataFrame) -> pd.DataFrame:
    """JSON has no infinity: a path that never arrives, or a threshold never met, is null."""
    return frame.replace([math.inf, -math.inf], math.nan)
