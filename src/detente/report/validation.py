"""The validation table for the terminal and for programs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from .._core import with_minus
from ._document import document
from ._format import MISSING
from .section import Cell, Section, table_of, Words


if TYPE_CHECKING:
    from ..published import TargetCheck
    from ..validation import RowCheck


_SMALL = 0.01
_COUNTED = ("missed", "other_concept", "dropped", "not_computed")


def validation_frame(checks: Sequence["RowCheck"]) -> pd.DataFrame:
    """One row for each comparison; the range is over published elasticities, or 95 percent."""
    rows = []
    for one in checks:
        row, target = one.row, one.row.target
        lowest_highest = one.verdict.interval or (None, None)
        scenario = "" if row.side is None else row.side.scenario
        rows.append(
            (target.id, target.what, target.published, one.verdict.ours, *lowest_highest,
             target.unit, one.verdict.rule, one.verdict.outcome, one.reason, scenario,
             target.source, row.comparability)
        )  # fmt: skip
    names = [
        "target", "what", "published", "ours", "lowest", "highest", "unit", "passes if", "outcome",
        "reason", "scenario", "source", "comparability",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def validation_document(checks: Sequence["RowCheck"]) -> str:
    """JSON of every row with its source, and how many passed."""
    return document(
        {"passed": _count(checks, "pass"), **_others(checks)}, rows=validation_frame(checks)
    )


def validation_table(checks: Sequence["RowCheck"]) -> Section:
    """Every row, and why some miss, are no test, are dropped or were not computed."""
    table = table_of(
        ("", "what was published, what is found here, and when it passes", ""),
        ((one.row.target.id, _in_words(one), one.verdict.outcome) for one in checks),
        words=3,
    )
    counts = (
        f"{_count(checks, 'pass')} of {len(checks)} pass, {_count(checks, 'miss')} miss, "
        f"{_count(checks, 'other concept')} are of another concept than what was published, "
        f"{_count(checks, 'dropped')} are dropped, and {_count(checks, 'not computed')} were not "
        "computed. Ranges are over the published sets "
        "of trade elasticities, and over 90 % of the draws of an item's ranges; of observed "
        "flows, 95 %."
    )
    reasons = dict.fromkeys(
        f"{one.row.target.id}: {reason}"
        for one in checks
        if (reason := one.reason or one.row.target.other_concept or one.row.target.dropped)
    )
    return Section([table, counts, *reasons])


def _in_words(one: "RowCheck") -> Cell:
    target, verdict = one.row.target, one.verdict
    spread = "" if verdict.interval is None else f" ({' to '.join(map(_number, verdict.interval))})"
    lines = [
        f"published: {target.published}",
        f"here: {_number(verdict.ours)}{spread}, {target.unit}",
        _rule(verdict),
    ]
    return (Words(target.what, "bold"), *map(with_minus, lines))


def _rule(verdict: "TargetCheck") -> str:
    if verdict.target.dropped:
        return "no test any more"
    return (
        "no test: another quantity"
        if verdict.target.other_concept
        else (f"passes if {verdict.rule}")
    )


def _others(checks: Sequence["RowCheck"]) -> dict[str, int]:
    named = ("miss", "other concept", "dropped", "not computed")
    return {name: _count(checks, outcome) for name, outcome in zip(_COUNTED, named, strict=True)}


def _count(checks: Sequence["RowCheck"], outcome: str) -> int:
    return sum(one.verdict.outcome == outcome for one in checks)


def _number(value: float | None) -> str:
    if value is None:
        return MISSING
    # A loss that is small is not none.
    small = 0 < abs(value) < _SMALL
    return with_minus(f"{value:.1g}" if small else f"{value:.2f}")
