"""What the pages say can be asked, on a machine that has what ships and no more.

A card whose question needs data says so, and there it is refused with one sentence; every other
runs. Of those that ask the model one command of each verb is run, without draws: its scenarios are
played in the tests of the library.
"""

import re
import shlex

import pytest

from detente.commands.asks import OnAWorld, QUESTIONS
from tools.pages import cards

from . import test_cli
from .test_cli import Run
from .test_same_answer import asked, chosen as on_one_core_and_on_two, CORES


detente = test_cli.detente
LINES = [line for line in cards.examples() if cards.asked(line) is not None]
MARKED = [line for line in LINES if cards.asked(line).needs]  # pyright: ignore[reportOptionalMemberAccess]
UNMARKED = [line for line in LINES if line not in MARKED]


def verb(line: str) -> str:
    return line.split()[1]


def chosen() -> list[str]:
    """The first command of each verb, and all that ask the record.

    What is played on one core and on two, in a home of its own, is not played a third time.
    """
    first = {verb(line): line for line in reversed(UNMARKED)}
    of_the_record = [line for line in UNMARKED if not issubclass(QUESTIONS[verb(line)], OnAWorld)]
    played = on_one_core_and_on_two() if CORES > 1 else []
    every = dict.fromkeys([*first.values(), *of_the_record])
    return [line for line in every if line.removeprefix("detente ") not in played]


def test_every_question_has_a_command_on_the_page() -> None:
    assert {verb(line) for line in LINES} == set(QUESTIONS)
    assert {verb(line) for line in MARKED} == {
        "episode", "risk", "gravity", "elasticities", "check",
    }  # fmt: skip


@pytest.mark.parametrize("line", MARKED)
def test_what_is_marked_is_refused_in_one_sentence(line: str, detente: Run) -> None:
    code, out, err = detente(*shlex.split(line)[1:])
    assert (code, out) == (2, "")
    assert err.count("\n") == 1 and "Traceback" not in err


@pytest.mark.parametrize("line", chosen())
def test_what_is_not_marked_runs(line: str, detente: Run) -> None:
    code, out, err = detente(*asked(line.removeprefix("detente ")))
    assert (code, err) == (0, "") and out


@pytest.mark.parametrize("line", LINES)
def test_the_call_of_python_on_a_card_asks_the_same(line: str) -> None:
    ask = cards.asked(line)
    assert ask is not None
    given = eval(cards.call_of(verb(line), ask), {"detente": _Recorder})
    assert type(ask).model_validate(given) == ask


def test_each_question_is_a_card_and_each_row_of_the_page_is_one() -> None:
    every = cards.of_every_question()
    assert every.count('<div class="card"') == len(QUESTIONS)
    page = cards.PAGE.read_text(encoding="utf-8")
    shown = cards.in_place_of_tables(page)
    rows = [line for line in page.splitlines() if re.match(r"\| [A-E]\d \|", line)]
    assert shown.count('<div class="card"') == len(rows) > 40
    assert not [line for line in shown.splitlines() if line in rows]
    commands = [line for line in LINES if f"`{line}`" in "\n".join(rows)]
    assert not [line for line in commands if f"```sh\n{line}\n```" not in shown]


class _Recorder:
    """In place of the package: what a call was given."""

    @staticmethod
    def ask(question: str, **fields: object) -> dict[str, object]:
        assert question in QUESTIONS
        return fields
