"""A stance game as a page with sliders: the answer to the same request as `stance`."""

import shlex
from pathlib import Path

from .._core import OutcomeError
from .._document import in_library, read
from ..calibrate import baseline as baselines
from ..desk.table import AtTable, table_page
from ..geo.stance import load_game
from ..geo.stance.game import LIBRARY
from ..names import endings
from ..scenario import LIBRARY as SCENARIOS
from ._files import on_baseline, refuse_existing, write_text
from .asks import Stance


USUAL = Stance().game


def is_game(reference: str) -> bool:
    """Whether a game of the library or a file with players is meant; a scenario goes first."""
    if endings(reference, in_library(SCENARIOS)):
        return False
    path = Path(reference)
    return (
        "players" in read(path) if path.is_file() else bool(endings(reference, in_library(LIBRARY)))
    )


def write_table(ask: Stance, path: Path) -> Path:
    """Write the page of a game into a new file, and return where it is.

    Raises `OutcomeError` for a file that is there or is no page, and `ScenarioError` for what a
    game or its world does not have.
    """
    if path.suffix.lower() != ".html":
        raise OutcomeError(f"the desk of a game is a page; give {path} the suffix '.html'.")
    refuse_existing(path)
    game = load_game(ask.game, ask.changes)
    if ask.baseline is not None:
        game = game.model_copy(update={"baseline": ask.baseline})
    settings = tuple(on_baseline(ask.changes, ask.baseline))
    world = baselines.load_baseline(game.baseline)
    write_text(table_page(AtTable(game, world, command_of_stance(ask), ask.game, settings)), path)
    return path


def command_of_stance(ask: Stance) -> str:
    """The words that ask about the game again without draws, as a shell takes them."""
    parts = ["detente", "stance", *([] if ask.game == USUAL else ["--game", ask.game])]
    for override in ask.overrides:
        parts += ["--set", override]
    parts += [] if ask.baseline is None else ["--baseline", ask.baseline]
    return shlex.join([*parts, "--draws", "0"])
