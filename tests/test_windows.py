"""What Windows has its own way with, as far as it can be tried elsewhere."""

import ast
import errno
import ntpath
import re
import sys
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

import pandas as pd
import pytest

from detente import cli, commands
from detente._core import BaselineError, OutcomeError, ScenarioError
from detente._document import find, value_in
from detente.cli._streams import say
from detente.commands._files import plain_name, refuse_directory, refuse_existing
from detente.data.store import Store
from detente.gazetteer import find_baseline


SOURCE = sorted((Path(__file__).resolve().parents[1] / "src" / "detente").rglob("*.py"))
POSIX_ONLY = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog"}
NOT_THERE = {
    "fork", "kill", "killpg", "getuid", "geteuid", "getloadavg", "uname", "mkfifo", "chown",
    "SIGHUP", "SIGKILL", "SIGPIPE", "SIGALRM", "SIGUSR1", "SIGXFSZ", "alarm", "sched_getaffinity",
}  # fmt: skip
TAKEN = (
    "con", "CON.csv", "nul.xlsx", "Aux.txt.csv", "prn .csv", "com1.csv", "LPT9", "com¹.csv",
    "conin$.csv", "2022:2023.csv", "what?.csv", "a*b.csv", "a|b.csv", "<a>.csv", 'the "flip".csv',
    "a\tb.csv", "answer.", "answer.csv ", "C:\\data\\x.csv", "x.csv:stream",
)  # fmt: skip
FREE = (
    "console.csv", "com.csv", "COM10.csv", "nul-set.csv", "icon.csv", "Korea 2022 (1).csv",
    "réponse.csv", "한국.csv", ".hidden.csv", "a.b.csv", "auxiliary.csv", "answer",
)  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_a_name_that_windows_cannot_keep_is_refused_everywhere(name: str, tmp_path: Path) -> None:
    for refuse in (refuse_existing, refuse_directory):
        with pytest.raises(OutcomeError, match=r"cannot be written: .*Windows .*handed on\.$"):
            refuse(tmp_path / name)
    with pytest.raises(OutcomeError, match="Windows"):
        refuse_directory(tmp_path / name / "answer")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", FREE)
def test_a_name_that_it_keeps_is_not(name: str, tmp_path: Path) -> None:
    refuse_existing(tmp_path / name)
    refuse_directory(tmp_path / name.replace(".csv", ""))


@pytest.mark.parametrize("name", [one for one in (*TAKEN, *FREE) if "\\" not in one])
def test_python_says_the_same_of_every_name(name: str) -> None:
    """Since 3.13 of all of them; before, of devices alone."""
    if hasattr(ntpath, "isreserved"):
        assert ntpath.isreserved(name) == (name in TAKEN)
    elif not set(name) & set('<>:"|?*\t') and name[-1] not in ". ":
        assert PureWindowsPath(name).is_reserved() == (name in TAKEN)


def test_a_run_of_any_name_has_a_directory_of_a_name_that_it_keeps(tmp_path: Path) -> None:
    for name in TAKEN:
        refuse_directory(tmp_path / f"{plain_name(name)}-20260309-120000")


@pytest.mark.parametrize(
    "words",
    [
        ["balance", "KOR", "CHN", "--out", "con.csv"],
        ["balance", "KOR", "CHN", "--chart", "a:b.svg"],
        ["balance", "KOR", "CHN", "--brief", "what?.html"],
        ["run", "china-korea/services-opening", "--out", "runs/nul"],
        ["new", "prn.toml"],
    ],
)
def test_it_is_refused_before_anything_is_computed(
    words: list[str],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for asked in ("answer", "run"):
        monkeypatch.setattr(commands, asked, lambda *_, **__: pytest.fail("it was computed"))
    monkeypatch.setattr(sys, "argv", ["detente", *words])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    out, err = capsys.readouterr()
    assert (stop.value.code, out, err.count("\n")) == (2, "", 1)
    assert "Windows" in err and not list(home.iterdir())


@pytest.mark.parametrize(
    "place", ["C:\\data\\x", "C:/data/x", "c:x", "\\\\server\\share\\x", "/x/y"]
)
def test_a_path_from_a_drive_or_a_root_is_a_place_and_no_name(place: str, home: Path) -> None:
    with pytest.raises(ScenarioError, match=r"^there is no scenario file at "):
        find(place, "scenarios", "scenario")
    with pytest.raises(BaselineError, match=r"^there is no baseline file at "):
        find_baseline(place)


def test_a_path_with_backslashes_can_be_set() -> None:
    assert value_in(r"C:\data\new\x.csv") == r"C:\data\new\x.csv"


def test_a_name_of_the_library_may_have_backslashes() -> None:
    """As a shell that completes it would write it."""
    assert find("china-korea\\cjk", "scenarios", "scenario")[1] == "china-korea/cjk"


def test_a_pipe_that_nobody_reads_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows calls it an invalid argument."""

    def closed() -> None:
        say("an answer")
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(cli, "_status", closed)
    monkeypatch.setattr(cli, "give_up", lambda stream: None)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == cli.CLOSED


def test_the_store_can_be_written_without_locks(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    row = {"country": "KOR", "indicator": "gdp", "year": 2020, "value": 1.0, "unit": "US$"}
    about = {"licence": "as stated", "attribution": "an office"}
    Store.open().put("wdi", "2020", {"indicators": pd.DataFrame([row])}, about)
    assert [entry.source for entry in Store.open().contents()] == ["wdi"]


def _nodes(path: Path) -> Iterator[tuple[ast.AST, bool]]:
    """What a module is made of, and whether it is inside a `try`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tried = {
        inner for node in ast.walk(tree) if isinstance(node, ast.Try) for inner in ast.walk(node)
    }
    yield from ((node, node in tried) for node in ast.walk(tree))


def test_nothing_of_posix_alone_is_used_unguarded() -> None:
    for path in SOURCE:
        for node, is_tried in _nodes(path):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            assert is_tried or not POSIX_ONLY & set(names), path
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert node.value.id not in ("os", "signal") or node.attr not in NOT_THERE, path


def test_no_day_is_formatted_in_a_way_of_one_system() -> None:
    """A `-` or `#` before a letter of `strftime` is an error elsewhere, or another thing."""
    formats = re.compile(r"%[-#][a-zA-Z]\b")
    assert not [path for path in SOURCE if formats.search(path.read_text(encoding="utf-8"))]
