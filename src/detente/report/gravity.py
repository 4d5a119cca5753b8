"""Tables of gravity estimates: one column for each specification, errors in brackets below."""

from collections.abc import Mapping, Sequence
from typing import Any, TYPE_CHECKING

import pandas as pd
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ._format import MISSING


if TYPE_CHECKING:
    from ..gravity import Estimate


COLUMNS = 5
"""Specifications beside each other on one terminal."""
NAMED = 8
"""Pairs that a note names before it counts the rest."""


def gravity_table(estimates: Sequence["Estimate"], theta: float | None = None) -> RenderableType:
    """Coefficients with their clustered errors, sample, fit, seconds, and what was left out."""
    parts: list[RenderableType] = []
    for first in range(0, len(estimates), COLUMNS):
        parts.append(_beside(estimates[first : first + COLUMNS], theta))
    foot = "Errors in brackets are clustered by pair, without a correction for small samples."
    return Group(*parts, *map(Text, _notes(estimates)), Text(foot))


def _beside(estimates: Sequence["Estimate"], theta: float | None) -> Table:
    table = Table("", box=box.SIMPLE_HEAD, pad_edge=False)
    for one in estimates:
        table.add_column(one.specification.name, justify="right")
    for term in dict.fromkeys(term for one in estimates for term in one.terms):
        table.add_row(term, *(_cell(one, term) for one in estimates))
    for label, values in _summary(estimates, theta).items():
        if any(value != MISSING for value in values):
            table.add_row(label, *values)
    return table


def _summary(estimates: Sequence["Estimate"], theta: float | None) -> dict[str, list[str]]:
    facts = [gravity_facts(one, theta) for one in estimates]
    pair = lambda value: MISSING if value is None else f"{value[0]:.3f}\n({value[1]:.3f})"
    return {
        "total": [pair(fact.get("total")) for fact in facts],
        "change, percent": [pair(fact.get("change_percent")) for fact in facts],
        "tariff equivalent, percent": [pair(fact.get("tariff_equivalent")) for fact in facts],
        "rows": [f"{one.rows:,}" for one in estimates],
        "clusters": [f"{one.clusters:,}" for one in estimates],
        "R squared": [f"{one.fit:.3f}" for one in estimates],
        "seconds": [f"{one.seconds:.1f}" for one in estimates],
    }


def gravity_facts(one: "Estimate", theta: float | None = None) -> dict[str, Any]:
    """What JSON says of an estimate: terms, totals, sample, and the tariff equivalent at `theta`.

    The tariff equivalent, in percent with its error, is that of the total, or of `rta` alone.
    """
    from ..gravity import ad_valorem_equivalent, ad_valorem_error

    asked = one.specification
    facts: dict[str, Any] = {
        "title": asked.title,
        "source": asked.source,
        "estimator": asked.estimator,
        "effects": list(asked.effects),
        "years": list(one.years),
        "rows": one.rows,
        "clusters": one.clusters,
        "r_squared": one.fit,
        "seconds": round(one.seconds, 3),
        "left_out": list(one.left_out),
        "terms": {
            term: {"estimate": one[term], "standard_error": one.error(term)} for term in one.terms
        },
    }
    if asked.total:
        facts["total"] = one.total(asked.total)
    if asked.change:
        facts["change_percent"] = one.percent_change(*asked.change)
    if theta is not None and "rta" in one.terms:
        effect, error = one.total(asked.total or ("rta",))
        equivalent = ad_valorem_equivalent(effect, theta), ad_valorem_error(effect, error, theta)
        facts["tariff_equivalent"] = tuple(100.0 * value for value in equivalent)
    return facts


def gravity_frame(estimates: Sequence["Estimate"]) -> pd.DataFrame:
    """Every term of every specification, a row each."""
    return pd.concat([one.table() for one in estimates], ignore_index=True)


def _cell(one: "Estimate", term: str) -> str:
    if term not in one.terms:
        return ""
    return f"{one[term]:.3f}\n({one.error(term):.3f})"


def _notes(estimates: Sequence["Estimate"]) -> list[str]:
    """What was left out, said once for all that left out the same."""
    found: dict[str, list[str]] = {}
    for one in estimates:
        if one.left_out:
            shown = ", ".join(one.left_out[:NAMED])
            more = len(one.left_out) - NAMED
            pairs = f"{shown}{f' and {more} more' if more > 0 else ''}"
            note = f"{one.separated} rows of pairs that never trade are left out ({pairs})."
            found.setdefault(note, []).append(one.specification.name)
    return [f"{', '.join(names)}: {note}" for note, names in found.items()]


def elasticities_table(rows: Any, published: Mapping[str, float]) -> RenderableType:
    """Estimated elasticities by sector beside the published median, and which are usable."""
    table = Table(
        "sector", "theta", "error", "rows", "clusters", "seconds", "published", "used?",
        box=box.SIMPLE_HEAD, pad_edge=False,
    )  # fmt: skip
    for row in rows.to_dict("records"):
        known = row["theta"] == row["theta"]
        table.add_row(
            row["sector"],
            f"{row['theta']:.2f}" if known else MISSING,
            f"{row['standard_error']:.2f}" if known else MISSING,
            f"{row['rows']:,}",
            f"{row['clusters']:,}",
            f"{row['seconds']:.1f}",
            f"{published[row['sector']]:.2f}",
            "yes" if row["usable"] else f"no: {row['reason']}",
        )
    good = int(rows["usable"].sum())
    foot = Text(
        f"{good} of {len(rows)} are usable: at least 1.96 errors above zero and at most 20. Where "
        "one is not, the set has the median of the published estimates."
    )
    return Group(table, foot)
