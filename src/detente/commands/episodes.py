"""Episodes: dated events, fitted and held against what was published."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from .. import episodes, report
from ._answer import Answer
from ._files import Progress, quiet
from .asks import Episode


def episode(ask: Episode, progress: Progress = quiet) -> Answer:
    """An episode fitted, what is predicted from it, and what was published; without one a list."""
    if ask.name is None:
        return _listed()
    findings = play_episode(
        ask.name,
        overrides=ask.changes,
        baseline=ask.baseline,
        sources=ask.sources,
        progress=progress,
    )
    return Answer(
        report.episode_table(findings),
        rows=report.episode_frame(findings),
        chart=lambda: report.episode_chart(findings),
        own_document=report.episode_document(findings),
    )


def _listed() -> Answer:
    rows = [(one.name, one.title, ", ".join(one.data)) for one in list_episodes()]
    return Answer(
        report.listed(("name", "what happened", "raw data"), rows),
        tables={"episodes": pd.DataFrame(rows, columns=["name", "title", "data"])},
    )


def play_episode(
    name: str,
    *,
    overrides: Sequence[str] = (),
    baseline: str | None = None,
    sources: Path | None = None,
    progress: Progress = quiet,
) -> episodes.Findings:
    """Fit an episode, predict from it, and compare with the published values."""
    chosen = episodes.load_episode(name, overrides)
    setting = episodes.Setting(baseline or chosen.baseline, sources)
    return episodes.play(chosen, replace(setting, progress=progress))


def list_episodes() -> list[episodes.Episode]:
    """The episodes of the library."""
    return [episodes.load_episode(name) for name in episodes.available()]
