"""The stance game: its argument, and the page of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .. import report
from ..calibrate import baseline as baselines
from ..geo.stance import Argument, load_game, stance
from ._files import Progress, write_text


if TYPE_CHECKING:
    from ..geo.stance import Game


def argue_stance(
    game: str = "seoul",
    *,
    overrides: Sequence[str] = (),
    baseline: str | None = None,
    draws: int | None = None,
    progress: Progress = lambda step: None,
) -> Argument:
    """The argument of a game of the library or of a file, on its baseline or on another."""
    played: Game = load_game(game, overrides)
    if baseline is not None:
        played = played.model_copy(update={"baseline": baseline})
    world = baselines.load_baseline(played.baseline)
    return stance(played, world, draws=draws, progress=progress)


def write_stance_brief(found: Argument, command: str, path: Path) -> None:
    """Write the argument as one page of HTML into a new file."""
    write_text(report.stance_brief(found, command), path)
