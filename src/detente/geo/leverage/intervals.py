"""How sure a headline is: its interval over draws, and the assumptions that move it most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from ...ensemble import Draws, sample, spread
from ...scenario import Scenario
from ...uncertainty import Uncertainty
from ...world import Baseline
from .losses import headline, HEADLINES, Sides


@dataclass(frozen=True)
class ThreatIntervals:
    """Of the threats in a batch of worlds: columns for their rows, and what moves them."""

    columns: list[dict[str, float]]
    """For each threat: `_low` and `_high` of every headline, and the share of draws solved."""
    drivers: list[dict[str, Any]]


def sureness(
    baseline: Baseline,
    worlds: Sequence[Scenario],
    sides: Sides,
    labels: Sequence[dict[str, Any]],
    progress: Callable[[str], None] = lambda done: None,
) -> ThreatIntervals:
    """Draw around the first world, which is the one without a threat, and solve all in each draw.

    Rents and sizes are what the question asks about, so they are held. What is drawn, and how far,
    is the first world's `uncertainty`.
    """
    answers = spread(baseline, worlds, draws(baseline, worlds), progress=progress)
    of = lambda welfare: headline(welfare, sides)
    ends = answers.interval(of)
    columns = []
    for threat in range(len(labels)):
        own: dict[str, float] = {}
        for at, name in enumerate(HEADLINES):
            own[f"{name}_low"] = float(ends.low[threat, at])
            own[f"{name}_high"] = float(ends.high[threat, at])
        columns.append(own | {"draws_solved": ends.solved})
    named = [
        {**{key: label[key] for key in _LABEL}, "headline": name}
        for label in labels
        for name in HEADLINES
    ]
    return ThreatIntervals(columns, answers.leading(of, named))


@dataclass(frozen=True)
class Ends:
    """Of some headlines of one question: their intervals, and what moves them."""

    low: Float[np.ndarray, " h"]
    high: Float[np.ndarray, " h"]
    drivers: list[dict[str, Any]]
    """By headline: its name, the assumption, low, high and width; three each, the widest first."""
    about: dict[str, Any]
    """How many draws there were, of what."""


def ends_of(
    baseline: Baseline,
    worlds: Sequence[Scenario],
    names: Sequence[str],
    of: Callable[[Float[np.ndarray, "d p n"]], Float[np.ndarray, "d h"]],
    progress: Callable[[str], None] = lambda done: None,
) -> Ends:
    """What draws make of headlines of these worlds' log welfare; threats are held as they are."""
    drawn = draws(baseline, worlds)
    answers = spread(baseline, worlds, drawn, progress=lambda done: progress(f"draw {done}"))
    ends = answers.interval(of)
    drivers = answers.leading(of, [{"headline": name} for name in names])
    about = {
        "draws": len(drawn), "level": drawn.level, "seed": worlds[0].uncertainty.seed,
        "draws_left_out": False, "draws_solved": round(ends.solved * len(drawn)),
        "assumptions": tuple(drawn.assumptions),
    }  # fmt: skip
    return Ends(ends.low, ends.high, drivers, about)


def draws(baseline: Baseline, worlds: Sequence[Scenario]) -> Draws:
    """The draws of a question about threats."""
    asked: Uncertainty = worlds[0].uncertainty
    hold = tuple(dict.fromkeys((*asked.hold, "rents", "size")))
    return sample(worlds, baseline, asked.model_copy(update={"hold": hold}))


_LABEL = ("form", "horizon", "rent")
_DRIVER = ["headline", "assumption", "low", "high", "width"]


def drivers_frame(rows: Sequence[dict[str, Any]], labels: Sequence[str] = _LABEL) -> pd.DataFrame:
    """One row for each headline and assumption, drawn alone."""
    return pd.DataFrame(list(rows), columns=[*labels, *_DRIVER])
