"""The page of a stance game as one file: its solver, its numbers, and no network."""

from typing import Any, NamedTuple

from ..geo.stance import Game
from ..world import Baseline
from .page import bundle, inert, marked, policy_of, SOLVER, style_of
from .shelf import refuse_large, shelf
from .stance import stance_payload


GAME_SOLVER = (*SOLVER, "game", "cells")
"""Modules that the worker of a game runs too: without a document."""
GAME_PAGE = ("shelf", "pictures", "dom", "fields", "handon", "argue", "seating", "turning", "table")
"""In the order in which they stand in the page: each needs those before it alone."""
SECTIONS = ("lead", "stance", "desk", "game")
WORDS = ("undo", "link", "command", "held", "noscript", "controls", "answer")
"""Of the sentences, those that stand in the page before its script runs."""


class AtTable(NamedTuple):
    """A game, its world, and the words of a command line that asks about it."""

    game: Game
    baseline: Baseline
    command: str
    reference: str
    """Its name in the library, or its file."""
    settings: tuple[str, ...] = ()
    """The changes it is played with, as the command has them; the world that was named is one."""


def table_page(asked: AtTable) -> str:
    """The page of a game: the agent's table, best answers, equilibria and thresholds, by sliders.

    As strict as a scenario's page: data stand in a block of JSON, and the only script that may run
    is ours, by its hash. Raises as `stance_payload`, and `OutcomeError` for a page that is too
    large to be mailed.
    """
    from .. import __version__
    from ..report.pages import environment
    from ..report.wording import say, templates

    carried = carried_to_table(asked)
    (made,) = carried["desks"]
    script = bundle(GAME_PAGE, GAME_SOLVER)
    page = (
        environment()
        .get_template("table.html.j2")
        .render(
            title=asked.game.title,
            question=asked.game.question,
            setting=made["setting"],
            limits=asked.game.limits,
            policy=policy_of(script),
            version=__version__,
            style=marked(style_of("desk.css", "table.css")),
            desk=marked(inert(carried)),
            script=marked(script),
            words={word: say(f"desk.{word}") for word in WORDS},
            game=templates()["game"],
        )
    )
    refuse_large(page, len(made["plays"]))
    return page


def carried_to_table(asked: AtTable) -> dict[str, Any]:
    """What the page of a game carries."""
    made = stance_payload(asked.game, asked.baseline, asked.command)
    named = {
        "name": asked.game.name,
        "reference": asked.reference,
        "settings": [*asked.settings],
        "setting": f"{asked.baseline.name}, {made['year']}, {made['basis']} basis",
        "hash": str(asked.baseline.about["hash"])[:12],
    }
    # Beside what is pooled: a sentence of the game is called "same".
    return {**shelf([{**named, **made}]), "say": sections()}


def sections() -> dict[str, Any]:
    """The sentences that the page says itself."""
    from ..report.wording import templates

    return {name: templates()[name] for name in SECTIONS}
