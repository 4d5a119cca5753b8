"""Questions as cards: what is asked, the command whole, the call of Python, and what comes out."""

import re
import shlex
from functools import cache
from typing import Any

from detente.commands.asks import Ask, flag, option_of, QUESTIONS

from .tables import ROOT


PAGE = ROOT / "docs" / "how-to" / "interview.md"
"""The page of questions: a table whose rows have a command whole, and one line of its answer."""
_HEAD = "| | what is asked | command | Python | one line of what comes out |"
_TABLE = re.compile(rf"^{re.escape(_HEAD)}\n\|[-|]+\|\n((?:\|.*\|\n)+)", re.MULTILINE)
_NOT_VALUES = {"output", "out", "chart", "brief"}
"""Options of every command that are no part of the question."""


def in_place_of_tables(markdown: str) -> str:
    """The page with a card for every row of its tables of questions."""
    return _TABLE.sub(lambda table: "\n".join(map(_card, _rows(table[1]))), markdown)


def of_every_question() -> str:
    """A card for each question there is, by its command."""
    return "\n".join(_described(name, kind) for name, kind in QUESTIONS.items())


def asked(line: str) -> Ask | None:
    """The question that a command asks, as the program reads it; none where it is no question."""
    import typer

    from detente._document import checked
    from detente.cli import app

    _, name, *arguments = shlex.split(line)
    if name not in QUESTIONS:
        return None
    command: Any = typer.main.get_command(app)
    given = command.commands[name].make_context(name, arguments).params
    values = {
        field: value
        for field, value in given.items()
        if field not in _NOT_VALUES and value not in (None, [], ())
    }
    return checked(QUESTIONS[name], values, name)


def call_of(name: str, ask: Ask) -> str:
    """The same question in Python."""
    given = {
        field: getattr(ask, field)
        for field, info in type(ask).model_fields.items()
        if getattr(ask, field) != info.default
    }
    words = [f"{field}={_written(value)}" for field, value in given.items()]
    return f"detente.ask({', '.join([repr(name), *words])})".replace("'", '"')


@cache
def examples() -> tuple[str, ...]:
    """The commands on the page of questions, in its order."""
    text = PAGE.read_text(encoding="utf-8")
    return tuple(dict.fromkeys(re.findall(r"`(detente [^`]+)`", text)))


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in row[1:-1].split("|")] for row in table.splitlines()]


def _card(row: list[str]) -> str:
    _, question, command, call, said = row
    line = command.strip("`")
    ask = asked(line)
    needs = ask.needs if ask is not None else ""
    return _boxed(
        f"### {question}",
        f"```sh\n{line}\n```",
        f"**Needs** {needs}." if needs else "",
        said,
        f"```python\n{call.strip('`')}\n```",
    )


def _described(name: str, kind: type[Ask]) -> str:
    line = next((one for one in examples() if one.split()[1] == name), "")
    if not line:
        raise ValueError(f"{PAGE.name} has no command of the question '{name}'.")
    ask = asked(line)
    assert ask is not None
    said = " ".join((kind.__doc__ or "").split())
    return _boxed(
        f"### `detente {_usage(name, kind)}`",
        said,
        f"```sh\n{line}\n```",
        f"**Needs** {ask.needs}." if ask.needs else "",
        f"```python\n{call_of(name, ask)}\n```",
        "With `--chart FILE` it draws its answer." if kind.PICTURED else "",
    )


def _boxed(*parts: str) -> str:
    """Paragraphs in a box, which is nothing but a box where a builder knows no style."""
    inside = "\n\n".join(part for part in parts if part)
    return f'<div class="card" markdown="1">\n\n{inside}\n\n</div>\n'


def _usage(name: str, kind: type[Ask]) -> str:
    """The command with what must be given."""
    words = [name]
    for field, info in kind.model_fields.items():
        option = option_of(info)
        if option.by_place and info.is_required():
            words.append(option.value)
        elif info.is_required():
            words += [option.name or flag(field), option.value]
    return " ".join(words)


def _written(value: Any) -> str:
    return repr(str(value)) if hasattr(value, "suffix") else repr(value)
