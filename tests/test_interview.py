"""What the page of questions says can be asked, can be: every command parses, every call binds."""

import ast
import inspect
import re
import shlex
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
import typer

import detente as package
from detente.cli import app
from detente.commands import list_episodes
from detente.commands.asks import QUESTIONS
from detente.geo.stance import load_game
from detente.scenario import available, load_scenario

from . import test_cli
from .test_cli import Run


detente = test_cli.detente
PAGE = (Path(__file__).parents[1] / "docs/how-to/interview.md").read_text(encoding="utf-8")
COMMANDS = list(dict.fromkeys(re.findall(r"`(detente [^`]+)`", PAGE)))
CALLS = list(dict.fromkeys(re.findall(r"`(detente\.[^`]+\))`", PAGE)))
CAPABILITIES = [*(f"{letter}{number}" for letter, last in zip("ABCDE", (5, 6, 5, 8, 4), strict=True)
                  for number in range(1, last + 1))]  # fmt: skip


def parsed(line: str) -> tuple[str, dict[str, Any]]:
    """The command's name and the values of its parameters, as the program itself reads them."""
    _, name, *arguments = shlex.split(line)
    command = typer.main.get_command(app).commands[name]  # pyright: ignore
    return name, command.make_context(name, arguments).params


def test_every_capability_has_a_line() -> None:
    named = set(re.findall(r"^\| ([A-E]\d) \|", PAGE, re.MULTILINE))
    assert named == set(CAPABILITIES)


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_read_and_its_names_are_known(line: str) -> None:
    name, values = parsed(line)
    for option in ("scenario", "of_scenario", "first", "second", "after"):
        reference = values.get(option)
        assert reference is None or reference in available()
    assert all(one in available() for one in values.get("frontier") or ())
    if name == "episode":
        assert values["name"] in {one.name for one in list_episodes()}
    if name == "stance":
        load_game(values["game"], values["overrides"] or ())
    elif values.get("overrides"):
        load_scenario(values["scenario"], values["overrides"])


@pytest.mark.parametrize("written", CALLS)
def test_every_call_binds(written: str) -> None:
    call = ast.parse(written, mode="eval").body
    for one in (node for node in ast.walk(call) if isinstance(node, ast.Call)):
        room, *names = ast.unparse(one.func).split(".")
        if room != "detente":
            continue
        function: Any = reduce(getattr, names, package)
        given = {str(word.arg): None for word in one.keywords}
        inspect.signature(function).bind(*[None] * len(one.args), **given)
        if function is package.commands.ask:
            question = ast.literal_eval(one.args[0])
            assert set(given) <= set(QUESTIONS[question].model_fields)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        # Tariffs as levied: what Korea loses in its terms of trade is more than its own cuts bring it.
        ("detente run china-korea/rcep", "South Korea loses 0.012"),
        ("detente tariffs USA --aim alone", "16.50"),
        ("detente balance KOR CHN --years 1992:2025", "+55.6"),
        ("detente timeline KOR CHN", "2015"),
        ("detente exposure KOR --of-scenario china-korea/goods-upgrade", "12 gain US$ 503 million"),
    ],
)
def test_what_the_page_says_comes_out(line: str, said: str, detente: Run) -> None:
    assert line in COMMANDS
    _, *arguments = shlex.split(line)
    draws = ["--draws", "0"] if arguments[0] == "run" else []
    code, out, err = detente(*arguments, *draws)
    assert (code, err) == (0, "")
    assert said in " ".join(out.split())


def test_the_counts_of_the_ledger_are_those_on_its_page(detente: Run) -> None:
    page = (Path(__file__).parents[1] / "docs/how-to/check.md").read_text(encoding="utf-8")
    printed = {line.strip() for line in detente("check", "--ledger").out.splitlines()}
    rows = re.findall(r"^ ((?:agrees|contradicts|cannot be tested|all) +\d+ +\d+)$", page, re.M)
    assert len(rows) == 4 and set(rows) <= printed
