"""How a policy is said: numbers as they were given, rates before and after, sentences."""

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float

from .._core import with_minus
from .._words import first_large, first_small, series


if TYPE_CHECKING:
    from ..world import Baseline


WEIGHTED = "weighted by baseline trade"


def sentence(text: str) -> str:
    """A text with its first letter large and true minus signs."""
    return first_large(with_minus(text))


def number(value: float) -> str:
    """As many digits as were given."""
    return f"{value:.10g}"


def percent(share: float) -> str:
    """A share as a percentage, with as many digits as were given: 0.1331 is 13.31 %."""
    return f"{number(100 * share)} %"


def points(change: float) -> str:
    return f"{number(100 * change)} percentage points"


def more_or_less(change: float) -> str:
    """A relative change: 50 % more, 30 % less."""
    return f"{percent(abs(change))} {'less' if change < 0 else 'more'}"


def mean_rate(
    rate: Float[np.ndarray, "o d s"], cells: Bool[np.ndarray, "o d s"], baseline: "Baseline"
) -> float | None:
    """The mean over those flows, weighted by baseline trade; None where nothing is traded."""
    trade = np.where(cells, np.asarray(baseline.economy.trade), 0.0)
    return float((trade * rate).sum() / trade.sum()) if trade.sum() > 0 else None


def before_and_after(before: float | None, after: float | None) -> str:
    """A clause on mean rates; empty where nothing is traded."""
    if before is None or after is None:
        return ""
    return f"on average from {100 * before:.2f} % to {100 * after:.2f} %, {WEIGHTED}"


def by_sector(parts: Float[np.ndarray, " s"], baseline: "Baseline", decimals: int) -> list[str]:
    """Percentages of sectors, largest first: "13.5 % in air transport"; none that is zero."""
    order = np.argsort(-np.abs(parts), kind="stable")
    names = [first_small(baseline.sector_names.get(code, code)) for code in baseline.sectors]
    return [f"{100 * parts[at]:.{decimals}f} % in {names[at]}" for at in order if parts[at]]


def in_row(clauses: list[str]) -> str:
    """Clauses that have commas of their own."""
    return "; ".join(clauses) if len(clauses) > 2 else series(clauses)
