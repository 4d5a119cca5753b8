"""Tables of gravity estimates: one column for each specification, errors in brackets below."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, TYPE_CHECKING

import pandas as pd

from .._core import figure
from ._format import MISSING
from .section import Section, Table, table_of


if TYPE_CHECKING:
    from ..gravity import Estimate


COLUMNS = 5
"""Specifications beside each other on one terminal."""
NAMED = 8
"""Pairs that a note names before it counts the rest."""


def gravity_table(estimates: Sequence["Estimate"], theta: float | None = None) -> Section:
    """Coefficients with their clustered errors, sample, fit, seconds, and what was left out."""
    starts = range(0, len(estimates), COLUMNS)
    tables = [_beside(estimates[first : first + COLUMNS], theta) for first in starts]
    foot = "Errors in brackets are clustered by pair, without a correction for small samples."
    return Section([*tables, *_notes(estimates), foot])


def _beside(estimates: Sequence["Estimate"], theta: float | None) -> Table:
    terms = dict.fromkeys(term for one in estimates for term in one.specification.regressors)
    rows = [(term, *(_cell(one, term) for one in estimates)) for term in terms]
    rows += [
        (label, *values)
        for label, values in _summary(estimates, theta).items()
        if any(value != MISSING for value in values)
    ]
    return table_of(("", *(one.specification.name for one in estimates)), rows)


def _summary(estimates: Sequence["Estimate"], theta: float | None) -> dict[str, list[str]]:
    facts = [gravity_facts(one, theta) for one in estimates]
    pair = lambda value: MISSING if value is None else _with_error(*value)
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
        "rows_left_out": dict(one.rows_left_out),
        "terms": {term: _term(one, term) for term in (*one.terms, *one.dropped)},
        "notes": list(one.notes),
    }
    known = lambda *terms: not set(terms) & set(one.dropped)
    if asked.total and known(*asked.total):
        facts["total"] = _numbers(*one.total(asked.total))
    if asked.change and known(*asked.change):
        facts["change_percent"] = _numbers(*one.percent_change(*asked.change))
    added = asked.total or ("rta",)
    if theta is not None and "rta" in asked.regressors and known(*added):
        effect, error = one.total(added)
        equivalent = ad_valorem_equivalent(effect, theta), ad_valorem_error(effect, error, theta)
        facts["tariff_equivalent"] = _numbers(*(100.0 * value for value in equivalent))
    return facts


def _term(one: "Estimate", term: str) -> dict[str, Any]:
    if term in one.dropped:
        return {"estimate": None, "standard_error": None, "reason": one.dropped[term]}
    estimate, error = _numbers(one[term], one.error(term))
    return {"estimate": estimate, "standard_error": error}


def _numbers(value: float, error: float) -> tuple[float, float | None]:
    """A number and its error, which JSON has as null where there is none."""
    return value, None if math.isnan(error) else error


def gravity_frame(estimates: Sequence["Estimate"]) -> pd.DataFrame:
    """Every term of every specification, a row each."""
    return pd.concat([one.table() for one in estimates], ignore_index=True)


def _cell(one: "Estimate", term: str) -> str:
    if term in one.dropped:
        return MISSING
    return _with_error(one[term], one.error(term)) if term in one.terms else ""


def _with_error(value: float, error: float | None) -> str:
    known = error is not None and not math.isnan(error)
    return f"{figure(value, '.3f')}\n({f'{error:.3f}' if known else MISSING})"


def _notes(estimates: Sequence["Estimate"]) -> list[str]:
    """What was left out, said once for all that left out the same."""
    by_note: dict[str, list[str]] = {}
    for one in estimates:
        for note in (*_rows_left_out(one), *_terms_left_out(one), *one.notes):
            by_note.setdefault(note, []).append(one.specification.name)
    return [f"{', '.join(names)}: {note}" for note, names in by_note.items()]


def _rows_left_out(one: "Estimate") -> list[str]:
    """A sentence for every reason; of pairs that never trade their names."""
    from ..gravity.specification import NEVER_TRADE

    shown = ", ".join(one.left_out[:NAMED])
    more = len(one.left_out) - NAMED
    pairs = f"{shown}{f' and {more} more' if more > 0 else ''}"
    said = []
    for reason, count in one.rows_left_out.items():
        rows, are = f"{count:,} row{'s' * (count > 1)}", "are" if count > 1 else "is"
        if reason == NEVER_TRADE:
            said.append(f"{rows} of pairs that never trade {are} left out ({pairs}).")
        else:
            said.append(f"{rows} {are} left out because {reason}.")
    return said


def _terms_left_out(one: "Estimate") -> list[str]:
    return [f"{term} has no estimate: {reason}." for term, reason in one.dropped.items()]


def elasticities_table(rows: Any, published: Mapping[str, float]) -> Section:
    """Estimated elasticities by sector beside the published median, and which are usable."""
    headings = "sector", "theta", "error", "rows", "clusters", "seconds", "published", "used?"
    cells = [
        (
            row["sector"],
            *(figure(row[name], ".2f") if row["theta"] == row["theta"] else MISSING
              for name in ("theta", "standard_error")),
            f"{row['rows']:,}",
            f"{row['clusters']:,}",
            f"{row['seconds']:.1f}",
            f"{published[row['sector']]:.2f}",
            "yes" if row["usable"] else f"no: {row['reason']}",
        )
        for row in rows.to_dict("records")
    ]  # fmt: skip
    good = int(rows["usable"].sum())
    foot = (
        f"{good} of {len(rows)} are usable: at least 1.96 errors above zero and at most 20. Where "
        "one is not, the set has the median of the published estimates."
    )
    return Section([table_of(headings, cells, words=len(headings)), foot])
