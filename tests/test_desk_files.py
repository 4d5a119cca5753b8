"""Files that are dropped into a desk: what moves, what is opened, and what is refused."""

import copy
import json
import subprocess
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w

from detente import commands
from detente.calibrate.baseline import load_baseline
from detente.commands.desks import _on_desk
from detente.desk import page
from detente.desk.page import carried_by
from detente.scenario import available, load_scenario, to_toml
from detente.simulation import simulate

from . import twin


HERE = Path(page.__file__).parent
A, B = "china-korea/services-opening", "china-korea/truce-broken"
SAME_POINTS = 1e-7
pytestmark = pytest.mark.skipif(not twin.node(), reason="no node here to open files in the page")


@cache
def carried(*names: str) -> dict[str, Any]:
    return json.loads(page.inert(carried_by([_on_desk(name, [], None) for name in names])))


def dropped(
    place: Path,
    files: list[tuple[str, str]],
    *names: str,
    tomls: list[str] | None = None,
    address: str = "",
) -> dict[str, Any]:
    given, answers = place / "given.json", place / "taken.json"
    request = {"carried": carried(*names), "files": files, "tomls": tomls or [], "address": address}
    given.write_text(json.dumps(request), encoding="utf-8")
    words = [twin.node(), Path(__file__).with_name("drop.mjs"), HERE, given, answers]
    subprocess.run([str(word) for word in words], check=True)
    return json.loads(answers.read_text(encoding="utf-8"))


# Compiled scenarios


def test_a_compiled_file_is_opened_beside_what_is_shown(tmp_path: Path) -> None:
    file = commands.write_desk(B, ["horizon=short"], None, tmp_path / "other.json")
    text = file.read_text(encoding="utf-8")
    opened = dropped(tmp_path, [("other.json", text)], A)["taken"][0]
    outcome = simulate(load_baseline("compact-2022"), load_scenario(B, ["horizon=short"]))
    np.testing.assert_allclose(opened["welfare"], outcome.welfare, rtol=0, atol=SAME_POINTS)
    assert opened["scenarios"] == 2
    assert opened["address"].split("&")[0] == "scenario=china-korea%2Ftruce-broken"
    assert "beside=china-korea%2Fservices-opening" in opened["address"]
    assert opened["command"] == f"detente run {B} --set horizon=short"


def test_what_a_page_saves_it_opens_where_the_sliders_were(tmp_path: Path) -> None:
    address = "services.stri_cut=0.5&horizon=short"
    saved = dropped(tmp_path, [], A, address=address)["saved"]
    again = dropped(tmp_path, [("saved.json", saved)], A)["taken"][0]
    # The scenario is in the page already: nothing is added, the sliders move.
    assert (again["scenarios"], again["address"]) == (1, address)
    beside = dropped(tmp_path, [("saved.json", saved)], B)["taken"][0]
    assert beside["scenarios"] == 2 and beside["welfare"] == again["welfare"]
    other = json.loads(saved)
    other["desks"][0]["title"] = "Another"
    refused = dropped(tmp_path, [("other.json", json.dumps(other))], A)["taken"][0]["refused"]
    assert refused.startswith(f"this page has another scenario called '{A}'")


def _set(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(file: dict[str, Any]) -> None:
        held: Any = file
        for name in path[:-1]:
            held = held[name]
        held[path[-1]] = to

    return change


SHORT, HUGE = {"float64": "AAAAAAAA8D8="}, {"int32": "////fw=="}
WORLD = ("desks", 0, "world")
HOSTILE = [
    (_set("version", to="0.0.0"), "was written by another version"),
    (_set("form", to=99), "was written by another version"),
    (_set("desks", to={}), "is no file of a desk"),
    (_set("desks", 0, to=None), "is damaged"),
    (_set("desks", 0, "command", to="detente run x; rm -rf ."), "its command is not"),
    (_set("desks", 0, "command", to="detente run $(x)"), "its command is not"),
    (_set("desks", 0, "command", to="detente run x\nrm y"), "its command is not"),
    (_set("desks", 0, "title", to=7), "its title is not"),
    (_set("desks", 0, "title", to="x\u202ey"), "its title is not"),
    (_set("desks", 0, "question", to="x" * 30000), "its question is not"),
    (_set("desks", 0, "countries", 0, "name", to="=1+1"), "its names is not"),
    (_set("desks", 0, "countries", 0, "name", to="<img src=x>"), "its names is not"),
    (_set("desks", 0, "countries", to=[]), "its names is not"),
    (_set("desks", 0, "focus", to=[99]), "its focus is not"),
    (_set(*WORLD, "trade", to=SHORT), "its trade is not"),
    (_set(*WORLD, "trade", to=[1, 2]), "its trade is not"),
    (_set(*WORLD, "trade", to={"float64": "%%%"}), "its form is not"),
    (_set(*WORLD, "countries", to=1e9), "its world is not"),
    (_set("desks", 0, "horizons", "long", "theta", to=SHORT), "its theta is not"),
    (_set("desks", 0, "horizon", to="toString"), "its horizons is not"),
    (
        _set("desks", 0, "horizons", "3", "closure", "staggered", "years", to=10**9),
        "its closure is",
    ),
    (_set("desks", 0, "wedges", to={"log_cost": {"at": HUGE, "to": SHORT}}), "its wedges is not"),
    (_set("desks", 0, "wedges", to={"__proto__": {"at": HUGE, "to": SHORT}}), "its wedges is not"),
    (_set("desks", 0, "directions", 0, "sliders", 0, "low", to=9), "its sliders is not"),
    (_set("desks", 0, "fixed", to={"constructor": ["x"]}), "its policies is not"),
]


def test_a_damaged_or_hostile_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    whole = json.loads(json.dumps(carried(B)))
    saved = json.loads(dropped(tmp_path, [], B)["saved"])
    files = [("x.json", "{" * 10), ("x.json", "x" * 9_000_000), ("x.json", "[1]")]
    for change, _ in HOSTILE:
        file = copy.deepcopy(saved)
        change(file)
        files.append(("x.json", json.dumps(file)))
    assert {"form", "version", "pool", "desks"} <= whole.keys()
    taken = dropped(tmp_path, [*files, ("x.json", json.dumps(saved))], A)["taken"]
    assert "is no file of a desk" in taken[0]["refused"]
    assert "is too large" in taken[1]["refused"]
    assert "is no file of a desk" in taken[2]["refused"]
    for one, (_, said) in zip(taken[3:-1], HOSTILE, strict=True):
        assert said in one.get("refused", "it was opened"), said
    # As it was saved, the same file is opened.
    assert taken[-1]["status"] == "solved"


def test_the_sentences_of_a_file_are_not_those_of_the_page(tmp_path: Path) -> None:
    file = json.loads(dropped(tmp_path, [], B)["saved"])
    assert not {"say", "status"} & file["desks"][0].keys()
    file["desks"][0]["say"] = {"desk": {"fixed": "x"}}
    taken = dropped(tmp_path, [("x.json", json.dumps(file))], A)["taken"][0]
    assert taken["status"] == "solved"


def test_no_module_of_the_page_reads_text_as_code_or_markup() -> None:
    doors = ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function(",
             "setAttribute(\"on", "srcdoc", "createContextualFragment", "fetch(", "XMLHttp",
             "javascript:", "import(")  # fmt: skip
    assert not [door for door in doors if door in page.bundle()]


# TOML


def _moved(name: str, **changes: Any) -> str:
    document = tomllib.loads(to_toml(load_scenario(name)))
    for path, value in changes.items():
        *above, last = path.split("__")
        held = document
        for one in above:
            held = held[one]
        held[last] = value
    return tomli_w.dumps(document)


def test_other_numbers_in_a_file_move_the_sliders(tmp_path: Path) -> None:
    edited = available()[A].read_text(encoding="utf-8")
    edited = edited.replace("stri_cut = 0.25", 'stri_cut = "35%"').replace(
        'horizon = "long"', 'horizon = "short" # at once'
    )
    files = [
        ("kept.toml", to_toml(load_scenario(A))),
        ("moved.toml", _moved(A, policies__services__stri_cut=0.5, horizon=3, title="Mine")),
        ("edited.toml", edited),
        ("off.toml", _moved(B, policies__threat__enabled=False)),
        ("written.toml", available()[B].read_text(encoding="utf-8")),
    ]
    kept, moved, by_hand, off, itself = dropped(tmp_path, files, A, B)["taken"]
    assert not [one for one in (kept, moved, by_hand, off, itself) if "refused" in one]
    assert kept["address"] == "" and itself["address"] == "scenario=china-korea%2Ftruce-broken"
    assert moved["address"] == "services.stri_cut=0.5&horizon=3"
    assert by_hand["address"] == "services.stri_cut=0.35&horizon=short"
    assert off["address"] == "scenario=china-korea%2Ftruce-broken&threat.enabled=0"
    world = load_baseline("compact-2022")
    for taken, (name, text) in zip(
        (moved, by_hand, off), (files[1], files[2], files[3]), strict=True
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        outcome = simulate(world, load_scenario(tmp_path / name))
        np.testing.assert_allclose(taken["welfare"], outcome.welfare, rtol=0, atol=SAME_POINTS)


REFUSED = [
    ({"policies__services__to": ["JPN"]}, "changes 'policies.services.to', which no slider"),
    ({"policies__services__kind": "summit"}, "is none of the scenarios of this page"),
    ({"policies__services__stri_cut": 1.5}, "sets 'policies.services.stri_cut' beyond the slider"),
    ({"policies__services__stri_cut": "a lot"}, "sets 'policies.services.stri_cut' beyond"),
    ({"policies__services__enabled": 1}, "sets 'policies.services.enabled' beyond"),
    ({"adjustment__labour_supply": 0.5}, "changes 'adjustment.labour_supply', which no slider"),
    ({"horizon": 7}, "changes 'horizon', which no slider"),
    ({"baseline": "compact-2014"}, "changes 'baseline', which no slider"),
    ({"policies__more": {"kind": "tariff"}}, "is none of the scenarios of this page"),
]


def test_a_file_that_changes_more_than_numbers_is_refused_with_a_command(tmp_path: Path) -> None:
    files = [("my file.toml", _moved(A, **changes)) for changes, _ in REFUSED]
    taken = dropped(tmp_path, files, A)["taken"]
    for one, (_, said) in zip(taken, REFUSED, strict=True):
        assert said in one.get("refused", "it was taken"), said
        assert "'detente desk 'my file.toml''" in one["refused"]


READ = [
    'a = 1\n[b.c]\nd = "x\\ty\\u00e9"\ne = \'c:\\x\' # z\nf = [1, 2.5,\n  [true, "]"], # y\n]\n',
    'a = """\nOne \\\n   two \\\\\n"x" """\n"k k" = -1_000e-2\n[x]\ny.z = +0.5\n',
    "a = []\nb = 0\nc = -0.25\n",
    'a = [{ b = 1, c = "x, }" }, {d = [true]}]\n',
]
NOT_READ = [
    "a = {b = 1}", "[[a]]\nb = 1", "a = 2024-01-01", "a = 0x10", "a = inf", "a = 1.", "a = 01",
    "a = 1\na = 2", "[a]\n[a]", "a", "= 1", "a = ", 'a = "x', "a = [1, 2", "a = 1 b = 2", "a = tru",
    'a = "\\q"', "a = '''x'''", "[a", "a = 1__0", "a = 12:30:00", "a = [1 2]", "a = 'x\ny'", "a = [{b = 1,}]",
    "a = [{b = 1, b = 2}]",
]  # fmt: skip


def _flat(table: dict[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in table.items():
        flat |= (
            _flat(value, f"{above}{name}.") if isinstance(value, dict) else {above + name: value}
        )
    return flat


def test_toml_is_read_as_python_reads_it_or_refused(tmp_path: Path) -> None:
    """Every file of the library, every one that is written, and what this page does not read."""
    written = [path.read_text(encoding="utf-8") for path in available().values()]
    written += [to_toml(load_scenario(name)) for name in available()]
    read = dropped(tmp_path, [], A, tomls=[*READ, *written, *NOT_READ])["read"]
    expected = [_flat(tomllib.loads(text)) for text in (*READ, *written)]
    as_read = read[: len(expected)]
    assert as_read[: len(READ)] == expected[: len(READ)]
    refused = [one for one in as_read if "refused" in one]
    for one, other in zip(as_read, expected, strict=True):
        assert one == other or "refused" in one
    # Only those with tables in a list or in a line.
    assert len(refused) < len(as_read) / 4
    for text, one in zip(NOT_READ, read[len(expected) :], strict=True):
        assert "of file is not read here" in one.get("refused", ""), text
