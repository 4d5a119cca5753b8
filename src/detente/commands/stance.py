"""The stance game and its argument."""

from .. import report
from ..calibrate import baseline as baselines
from ..geo.stance import load_game, stance as argue
from ._answer import Answer
from ._files import Progress, quiet
from .asks import Stance


def stance(ask: Stance, progress: Progress = quiet) -> Answer:
    """The argument of a game of the library or of a file, on its baseline or on another."""
    game = load_game(ask.game, ask.changes)
    if ask.baseline is not None:
        game = game.model_copy(update={"baseline": ask.baseline})
    argument = argue(
        game, baselines.load_baseline(game.baseline), draws=ask.draws, progress=progress
    )
    return Answer(
        report.stance_table(argument),
        argument.about,
        report.stance_tables(argument),
        chart=lambda: report.stance_chart(argument),
    )
