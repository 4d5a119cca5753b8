"""Every question is data: one request, one answer, one command, described column by column."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest
import typer
from pydantic import ValidationError

from detente import commands
from detente._core import ScenarioError
from detente.about import About
from detente.cli import app
from detente.cli._options import flag
from detente.cli.questions import _flag
from detente.commands._answer import Answer
from detente.commands.asks import Ask, Balance, Exposure, Leverage, Option, QUESTIONS
from detente.report import Section
from detente.schema import column, columns, variables

from . import test_cli
from .test_cli import assert_refused, Run


detente = test_cli.detente
COMMANDS = typer.main.get_command(app).commands  # pyright: ignore[reportAttributeAccessIssue]
NO_QUESTIONS = {
    "run", "desk", "export", "note", "scenarios", "verify", "data", "show", "new", "open", "doctor", "help",
}  # fmt: skip
UNITS = {
    "", "1", "1/year", "US$", "log odds", "log points", "million US$", "percent", "percent of GDP",
    "percentage points", "years",
}  # fmt: skip
WORDS = {
    "country": "KOR", "partner": "CHN", "sender": "CHN", "target": "KOR", "scenario": "nothing",
    "of": "welfare.KOR", "players": "USA", "index": "index.csv", "first": "a", "second": "b",
}  # fmt: skip


def asked(kind: type[Ask]) -> list[str]:
    """The words of a command that asks it, with what it needs and nothing else."""
    words = []
    for name, info in kind.model_fields.items():
        if info.is_required():
            by_place = any(isinstance(one, Option) and one.by_place for one in info.metadata)
            words += [WORDS[name]] if by_place else [_flag(name, info), WORDS[name]]
    return words


def test_every_question_is_a_command_and_has_an_answer() -> None:
    assert set(COMMANDS) == {*QUESTIONS, *NO_QUESTIONS}
    for name in QUESTIONS:
        assert callable(getattr(commands, name)) and getattr(commands, name).__doc__


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_field_is_an_option_that_is_described(name: str) -> None:
    fields = QUESTIONS[name].model_fields
    assert all(info.description for info in fields.values())
    offered = {parameter.name for parameter in COMMANDS[name].params}
    assert set(fields) <= offered <= {*fields, "output", "out", "chart", "brief", "help"}
    assert COMMANDS[name].help.startswith(str(QUESTIONS[name].__doc__).strip().split("\n")[0])


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_file_that_is_there_is_refused_before_anything_is_computed(
    name: str, detente: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = home / "kept.csv"
    kept.write_text("mine\n")
    monkeypatch.setattr(commands, "answer", lambda *_: pytest.fail("it was computed"))
    words = [name, *asked(QUESTIONS[name]), *(["--ledger"] if name == "check" else [])]
    assert_refused(detente(*words, "--out", "kept.csv"), "kept.csv exists already")
    if QUESTIONS[name].PICTURED and name != "episode":
        (home / "kept.svg").write_text("mine\n")
        assert_refused(detente(*words, "--chart", "kept.svg"), "kept.svg exists already")
        assert_refused(detente(*words, "--chart", "kept.gif"), "kept.gif")
    assert kept.read_text() == "mine\n"


def test_requests_are_frozen_and_know_their_fields() -> None:
    ask = Balance(country="KOR", partner="CHN")
    with pytest.raises(ValidationError):
        ask.country = "JPN"  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(ValidationError):
        Balance.model_validate({"country": "KOR", "partner": "CHN", "yeers": "2020:2021"})


def test_the_same_request_plays_in_python(detente: Run) -> None:
    fields = {"country": "KOR", "partner": "CHN", "years": "2018:2022"}
    answer = commands.ask("balance", **fields)
    assert answer.document == commands.answer(Balance(**fields)).document
    printed = detente("balance", "KOR", "CHN", "--years", "2018:2022", "--format", "json").out
    assert json.loads(answer.document) == json.loads(printed)


def test_a_question_or_a_field_that_is_none_is_named() -> None:
    with pytest.raises(ScenarioError, match="no question 'balence'; did you mean 'balance'"):
        commands.ask("balence", country="KOR", partner="CHN")
    with pytest.raises(ScenarioError, match=r"balance: .*'yeers'.*'years'"):
        commands.ask("balance", country="KOR", partner="CHN", yeers="2018:2022")
    with pytest.raises(ScenarioError, match="balance: 'partner' is missing"):
        commands.ask("balance", country="KOR")


@pytest.mark.parametrize(
    ("kind", "given", "in_python", "in_words"),
    [
        (Leverage, {"cheapest": True, "credible": True}, "`cheapest`, `frontier`", "--cheapest, --frontier"),
        (Leverage, {"rents": "importer"}, "with `cut`", "with --cut"),
        (Leverage, {"cut": 0.5, "markup": 0.2}, "one size; give `cut` or `markup`", "one size; give --cut or --markup"),
        (Exposure, {"deficits": "removed", "of_scenario": "x"}, "`deficits` changes nothing with `of_scenario`", "--deficits changes nothing with --of-scenario"),
        (Exposure, {"overrides": ("a=1",)}, "`overrides` changes nothing here", "--set changes nothing here"),
    ],
)  # fmt: skip
def test_a_contradiction_is_said_in_the_words_of_the_face(
    kind: type[Ask], given: dict, in_python: str, in_words: str, detente: Run
) -> None:
    needed = {"country": "KOR"} if kind is Exposure else {"sender": "CHN", "target": "KOR"}
    with pytest.raises(ScenarioError, match=re.escape(in_python)):
        kind.model_validate(needed | given)
    options = []
    for name, value in given.items():
        option = _flag(name, kind.model_fields[name])
        values = () if value is True else value if isinstance(value, tuple) else (value,)
        options += [option, *map(str, values)]
    name = next(name for name, one in QUESTIONS.items() if one is kind)
    assert_refused(detente(name, *needed.values(), *options), in_words)


def test_fields_in_sentences_are_fields() -> None:
    """What stands in backticks in a message is a field of some question, or of `data`."""
    root = Path(commands.__file__).parents[1]
    fields = {name for kind in QUESTIONS.values() for name in kind.model_fields}
    named = set()
    for path in root.rglob("*.py"):
        text = re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        named |= set(re.findall(r"""["'][^"'\n]*`(\w+)`[^"'\n]*["']""", text))
    assert {"start", "so_far", "bilateral"} <= named
    assert named <= fields | {"all", "sources"}, named - fields
    assert flag("of_scenario") == "--of-scenario"


def test_every_question_is_asked_by_some_test() -> None:
    """Whatever holds of every answer (`conftest.py`) is seen only where it is asked."""
    here = Path(__file__)
    texts = [one.read_text("utf-8") for one in here.parent.rglob("*.py") if one != here]
    asked = {name for name in QUESTIONS for text in texts
             if re.search(rf"""(?:[(\[]|"detente", )\s*["']{name}["' ]|\b{QUESTIONS[name].__name__}\(""", text)}  # fmt: skip
    assert asked == set(QUESTIONS)


def test_a_question_that_writes_is_noticed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`conftest.py` asks it of every answer; `test_layers.py` of every module."""
    kept = commands.balance

    def writing(ask: Balance, progress: object) -> Answer:
        (home / "left.txt").write_text("x")
        return kept(ask)

    monkeypatch.setattr(commands, "balance", writing)
    with pytest.raises(AssertionError, match="writes nothing"):
        commands.answer(Balance(country="KOR", partner="CHN", years="2018:2022"))


def test_an_answer_to_a_question_to_a_world_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Answer(Section([]), About(own={"sides": ["KOR", "CHN"]}))
    monkeypatch.setattr(commands, "patience", lambda ask, progress: made)
    with pytest.raises(LookupError, match="'patience' says neither its world nor its basis"):
        commands.ask("patience", country="KOR", partner="CHN")


# --- The dictionary -------------------------------------------------------------------------------


def test_the_dictionary_is_well_formed() -> None:
    tables = {one.where for one in columns().values()}
    assert {where.partition(".")[0] for where in tables} <= {"", "about", *QUESTIONS}
    for one in columns().values():
        assert one.description and not one.description.endswith("."), one
        assert one.unit in UNITS, one
        assert one.basis in ("", "book", "world"), one
        assert not re.search(r"_(low|high)$", one.name) or one.where or one.name in ("ended_low", "ended_high", "warm_low", "warm_high"), one  # fmt: skip


def test_ends_of_intervals_codes_and_variables_are_found() -> None:
    assert column("leverage", "rows", "self_cost_high") == columns()["", "self_cost"]
    assert column("bargain", "openings", "alone_KOR") == columns()["", "alone_<country>"]
    patience = column("patience", "hazards", "years")
    assert patience is not None and patience.unit == "years"
    real = column("path", "rows", "real_wage")
    assert real is not None and real.unit == variables()["real_wage"].unit
    assert column("path", "rows", "no_such_column") is None


def test_an_answer_with_a_column_that_is_not_described_is_not_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = pd.DataFrame({"value": [1.0], "guess": [2.0]})
    made = Answer(Section([]), About(own={"country": "KOR", "mood": "good"}), {"rows": rows})
    monkeypatch.setattr(commands, "balance", lambda ask, progress: made)
    with pytest.raises(LookupError, match=r"describe about\.mood, rows\.guess of 'balance'"):
        commands.answer(Balance(country="KOR", partner="CHN"))


@pytest.mark.parametrize(
    ("column", "cells"),
    [("value", [1.0, math.nan]), ("value", [math.inf, 2.0]), ("estimate", ["of the year", -math.inf])],
    ids=["missing", "infinite", "infinite among words"],
)  # fmt: skip
def test_an_answer_that_lacks_a_number_is_noticed(
    column: str, cells: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside the gaps of a year, which are meant."""
    rows = pd.DataFrame({column: pd.Series(cells), "exports": [1.0, math.nan]})
    made = Answer(Section([]), About(own={"country": "KOR"}), {"balances": rows})
    monkeypatch.setattr(commands, "balance", lambda ask, progress: made)
    ask = Balance(country="KOR", partner="CHN")
    with pytest.raises(AssertionError, match=rf"'balances\.{column}'"):
        commands.answer(ask)
    unsolved = replace(made, solved=False)
    monkeypatch.setattr(commands, "balance", lambda ask, progress: unsolved)
    assert not commands.answer(ask).solved


def test_where_a_number_may_be_missing_is_said() -> None:
    for one in columns().values():
        assert not one.missing or re.match(r"(where|for) [^.]+$", one.missing), one
    assert column("timeline", "trade", "imports") != column("exposure", "sectors", "imports")


def test_choices_are_written_as_they_are_read() -> None:
    forms = get_args(Leverage.model_fields["form"].annotation)
    assert forms == ("buying", "selling", "both", "all")
