"""Episodes: dated events, fitted and held against what was published."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from .. import episodes
from ._files import Progress


def play_episode(
    name: str,
    *,
    overrides: Sequence[str] = (),
    baseline: str | None = None,
    sources: Path | None = None,
    progress: Progress = lambda step: None,
) -> episodes.Findings:
    """Fit an episode, predict from it, and compare with the published values."""
    episode = episodes.load_episode(name, overrides)
    setting = episodes.Setting(baseline or episode.baseline, sources)
    return episodes.play(episode, replace(setting, progress=progress))


def list_episodes() -> list[episodes.Episode]:
    """The episodes of the library."""
    return [episodes.load_episode(name) for name in episodes.available()]
