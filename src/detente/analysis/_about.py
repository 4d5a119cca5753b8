"""Which world an answer was computed on."""

from typing import Any

from ..world import Baseline


def identity(baseline: Baseline) -> dict[str, Any]:
    """Name, year and accounting basis of a baseline, as a simulated outcome has them."""
    about = baseline.about
    return {
        "baseline": baseline.name,
        "baseline_year": str(about.get("year", "")),
        "basis": str(about.get("basis", "as in the baseline")),
    }
