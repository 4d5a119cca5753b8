"""A tariff schedule in words: its lines where they are few, else how many and how far they go."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..selection import (
    acting,
    are_many,
    countries_in_words,
    country_mask,
    Everyone,
    Names,
    sectors_in_words,
)
from ._prose import before_and_after, mean_rate, number, percent, points
from .schedule import overlaid


if TYPE_CHECKING:
    from ..world import Baseline
    from .tariffs import Tariff, TariffLine

# A schedule of no more lines than this is told in full.
_TOLD = 30
# So many exporters are named; more are counted.
_NAMED = 6


def schedule_in_words(policy: "Tariff", baseline: "Baseline", year: int | None) -> str:
    """A sentence on who changes which tariffs on whom, and by how much."""
    first, *others = policy.lines
    steps = policy.steps(year)
    if len(policy.lines) > _TOLD:
        return _reach(policy, baseline, steps)
    alike = all((one.importer, one.sector) == (first.importer, first.sector) for one in others)
    changes = [line.change for line in policy.lines if line.change is not None]
    if not alike or len(changes) < len(policy.lines):
        told = "; ".join(_line_in_words(line, baseline) for line in policy.lines)
        return f"tariffs are set line by line{steps}: {told}."
    added = "; ".join(
        f"{_exporter(line, at, baseline)} {100 * change:+.10g}"
        for at, (line, change) in enumerate(zip(policy.lines, changes, strict=True))
    )
    who = _changes((first.importer,), baseline)
    what = sectors_in_words(_named(first.sector), baseline)
    return f"{who} on {what}{steps}, in percentage points by origin: {added}."


def _changes(importers: Names | Everyone, baseline: "Baseline") -> str:
    whose = "its tariffs" if not are_many(importers, baseline) else "their tariffs"
    named = "all" if "all" in importers else importers
    return f"{acting(named, baseline, 'changes', 'change')} {whose}"


def _exporter(line: "TariffLine", at: int, baseline: "Baseline") -> str:
    """Later lines win, so that a first one on all is on those that no later one names."""
    if line.exporter == "all" and at == 0:
        return "all other countries"
    return countries_in_words(_named(line.exporter), baseline)


def _reach(policy: "Tariff", baseline: "Baseline", steps: str) -> str:
    lines, importers = policy.lines, _once(policy.lines, lambda line: line.importer)
    rates = [line.rate for line in lines if line.rate is not None]
    changes = [line.change for line in lines if line.change is not None]
    sizes = [f"to rates of {_span(rates)} %"] if rates else []
    sizes += [f"by {_span(changes)} percentage points"] if changes else []
    before = np.asarray(baseline.economy.tariff)
    after = overlaid(before, lines, baseline)
    averages = before_and_after(
        *(mean_rate(rate, after != before, baseline) for rate in (before, after))
    )
    who = f"{len(importers)} countries change their tariffs"
    if len(importers) <= _NAMED:
        who = _changes(importers, baseline)
    return (
        f"{who} on imports from {_exporters(lines, baseline)}, "
        f"{len(lines):,} lines set one by one{steps}, "
        f"{' and '.join(sizes)}{averages and f', {averages}'}."
    )


def _exporters(lines: "Sequence[TariffLine]", baseline: "Baseline") -> str:
    names = _once(lines, lambda line: line.exporter)
    if len(names) <= _NAMED and "all" not in names:
        return countries_in_words(names, baseline)
    everyone = "all" in names
    count = len(baseline.countries) - 1 if everyone else country_mask(baseline, names).sum()
    return f"{count} countries"


def _once(lines: "Sequence[TariffLine]", part: Callable[["TariffLine"], str]) -> Names:
    return tuple(dict.fromkeys(map(part, lines)))


def _span(sizes: list[float]) -> str:
    low, high = 100 * min(sizes), 100 * max(sizes)
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def _line_in_words(line: "TariffLine", baseline: "Baseline") -> str:
    where = (
        f"{countries_in_words(_named(line.importer), baseline)} on "
        f"{sectors_in_words(_named(line.sector), baseline)} from "
        f"{countries_in_words(_named(line.exporter), baseline)}"
    )
    if line.rate is not None:
        return f"{where} to {percent(line.rate)}"
    change = line.change or 0.0
    return f"{where} {'down' if change < 0 else 'up'} by {points(abs(change))}"


def _named(name: str) -> Names | Everyone:
    return "all" if name == "all" else (name,)
