"""Answers in the encoding of any terminal, and files that are whole or not there."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from detente import cli, commands
from detente._core import OutcomeError, whole_file
from detente.cli._streams import PLAIN, plain
from detente.data.store import Store
from detente.export.rows import in_commas


FAR_EAST = ("cp949", "cp936", "cp932")
PAGES = (*FAR_EAST, "cp950", "cp437", "cp850", "cp1252", "koi8-r", "latin-1", "ascii", "utf-16")
Run = Callable[..., tuple[int, bytes, bytes]]


@pytest.fixture
def detente(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command with streams of an encoding, strict as Python makes them; the bytes it wrote."""
    monkeypatch.setenv("COLUMNS", "100")

    def run(encoding: str, *arguments: str) -> tuple[int, bytes, bytes]:
        out, err = io.BytesIO(), io.BytesIO()
        with monkeypatch.context() as patched:
            for name, raw in (("stdout", out), ("stderr", err)):
                patched.setattr(sys, name, io.TextIOWrapper(raw, encoding=encoding))
            patched.setattr(sys, "argv", ["detente", *arguments])
            with pytest.raises(SystemExit) as stop:
                cli.main()
            sys.stdout.flush()
            sys.stderr.flush()
            return int(stop.value.code or 0), out.getvalue(), err.getvalue()

    return run


def process(
    *arguments: str, home: Path, encoding: str = "", stdout: int | None = subprocess.PIPE,
    environment: Mapping[str, str] | None = None,
) -> "subprocess.CompletedProcess[bytes]":  # fmt: skip
    """The command in a process of its own."""
    others = {"DETENTE_HOME": str(home), **(environment or {})}
    if encoding:
        others["PYTHONIOENCODING"] = encoding
    command = [sys.executable, "-c", "from detente.cli import main; main()", *arguments]
    return subprocess.run(
        command, stdout=stdout, stderr=subprocess.PIPE, env={**os.environ, **others}, check=False
    )


@pytest.mark.parametrize("encoding", PAGES)
def test_c31_a_balance_in_any_code_page(detente: Run, encoding: str) -> None:
    code, out, err = detente(encoding, "balance", "KOR", "CHN", "--years", "2017:2018")
    text = out.decode(encoding)
    assert (code, err) == (0, b"")
    (year,) = [line for line in text.splitlines() if line.strip("| ").startswith("2017")]
    assert year.replace("|", " ").split()[1:3] == ["142.1", "97.9"]


def test_c31_a_redirected_process_in_korean(home: Path) -> None:
    ended = process("balance", "KOR", "CHN", "--years", "2023", home=home, encoding="cp949")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert "-18.0r" in ended.stdout.decode("cp949")


# Further inputs of the kind

ASKED = {
    "scenarios": ("scenarios",),
    "worlds": ("data", "list"),
    "sources": ("data", "sources"),
    "events": ("timeline", "KOR", "CHN"),
    "dependence": ("dependence", "KOR", "--on", "CHN"),
    "a year on track": ("track", "KOR", "CHN", "--through", "2025-11", "--balance", "-10.4"),
    "help": ("balance", "--help"),
    "equations": ("gravity", "--help"),
}


@pytest.mark.parametrize("encoding", ["cp949", "cp437", "ascii"])
@pytest.mark.parametrize("arguments", ASKED.values(), ids=ASKED.keys())
def test_every_command_is_written_in_every_page(
    detente: Run, encoding: str, arguments: tuple[str, ...]
) -> None:
    code, out, err = detente(encoding, *arguments)
    assert (code, err) == (0, b"")
    assert out.decode(encoding).strip()


@pytest.mark.parametrize("encoding", ["cp949", "cp1252", "ascii", "utf-16"])
@pytest.mark.parametrize("arguments", [("timeline", "KOR", "CHN"), ("data", "sources")])
def test_json_says_the_same_in_every_encoding(
    detente: Run, encoding: str, arguments: tuple[str, ...]
) -> None:
    code, out, _ = detente(encoding, *arguments, "--format", "json")
    _, in_unicode, _ = detente("utf-8", *arguments, "--format", "json")
    assert code == 0
    assert json.loads(out.decode(encoding)) == json.loads(in_unicode)


@pytest.mark.parametrize("encoding", [*FAR_EAST, "cp437", "ascii"])
def test_a_refusal_is_one_sentence_in_any_code_page(detente: Run, encoding: str) -> None:
    code, _, err = detente(encoding, "data", "add", "wdi", "Übersicht – año 2024.csv")
    assert code == 2
    (line,) = err.decode(encoding).splitlines()
    assert line.startswith("detente: there is no file at ")


def test_the_name_of_a_file_that_is_no_text_is_no_traceback(detente: Run) -> None:
    """A name in another encoding comes in with surrogates, which UTF-8 cannot write either."""
    code, _, err = detente("utf-8", "data", "add", "wdi", os.fsdecode(b"\xb1\xb9.csv"))
    assert (code, err) == (2, b"detente: there is no file at ??.csv.\n")


def test_the_locale_c_without_utf_8_mode(home: Path) -> None:
    plain_c = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ended = process("balance", "KOR", "CHN", "--years", "2023", home=home, environment=plain_c)
    assert ended.returncode == 0 and b"-18.0r" in ended.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("arguments", [("data", "sources", "--format", "json"), ("--help",)])
def test_a_full_disk_is_one_sentence(home: Path, arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = process(*arguments, home=home, stdout=full.fileno())
    assert ended.returncode == 2
    assert ended.stderr == b"detente: the output cannot be written: No space left on device.\n"


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_pipe_that_is_closed_early_is_quiet(home: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = process("data", "sources", "--format", "json", home=home, stdout=writing)
    finally:
        os.close(writing)
    assert ended.stderr == b""


def test_a_name_in_brackets_is_no_markup(detente: Run, home: Path) -> None:
    row = {"country": "KOR", "indicator": "gdp", "year": 2020, "value": 1.0, "unit": "US$"}
    about = {"licence": "as stated [/terms]", "attribution": "an office"}
    Store.open().put("wdi", "[/bold]", {"indicators": pd.DataFrame([row])}, about)
    code, out, _ = detente("utf-8", "data", "list")
    assert code == 0 and "wdi [/bold]" in out.decode() and "as stated [/terms]" in out.decode()


@pytest.mark.parametrize(
    ("sign", "twin"),
    [("−", "-"), ("–", "-"), ("×", "x"), ("…", "..."), ("→", "->"), ("─", "-"), ("│", "|"),
     ("┼", "+"), ("é", "e"), ("½", "1/2"), ("\xa0", " "), ("σ", "sigma"), ("≥", ">="),
     ("가", "?"), ("\udcb1", "?")],
)  # fmt: skip
def test_signs_have_plain_twins(sign: str, twin: str) -> None:
    assert plain(sign) == twin
    assert sign.encode("ascii", PLAIN).decode() == twin


# Files are whole or not there


def test_a_file_is_whole_or_not_there(home: Path) -> None:
    place = home / "rows.csv"

    def fails_half_way() -> None:
        with whole_file(place) as new:
            new.write_text("year,va")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        fails_half_way()
    assert list(home.iterdir()) == []
    with whole_file(place) as new:
        new.write_text("year,value\n")
        assert not place.exists()
    assert [path.name for path in home.iterdir()] == ["rows.csv"]
    assert place.read_text() == "year,value\n"


def test_a_disk_that_fills_up_leaves_no_half_of_a_table(
    detente: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    code, _, err = detente("utf-8", "balance", "KOR", "CHN", "--out", "rows.csv")
    assert code == 2
    assert err == b"detente: rows.csv cannot be written: No space left on device.\n"
    assert [path.name for path in home.iterdir()] == []


@pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
def test_a_process_at_its_limit_leaves_no_half_of_a_picture(home: Path) -> None:
    """The real thing: the system refuses after 2,048 bytes."""
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "from detente.commands._files import write_bytes; from pathlib import Path;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048));"
        "write_bytes(b'x' * 10_000, Path('picture.svg'))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert b"OutcomeError: picture.svg cannot be written: File too large." in ended.stderr
    assert list(home.iterdir()) == []


def test_a_file_in_a_directory_that_is_not_there_is_a_sentence(home: Path) -> None:
    with pytest.raises(OutcomeError, match="cannot be written: No such file or directory"):
        commands.write_text("a", home / "none" / "rows.csv")


# Text in a table is no formula


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1",
     "=HYPERLINK(\"http://example.org\")", "＝1+1", "-"],
)  # fmt: skip
def test_text_is_no_formula_to_a_spreadsheet(home: Path, text: str) -> None:
    rows = pd.DataFrame({"name": [text, "exports"], "value": [-1.5, 2.0], "share": ["-3.5%", "+4"]})
    commands.write_text(in_commas(rows), home / "rows.csv")
    with (home / "rows.csv").open(newline="", encoding="utf-8") as file:
        written = list(csv.reader(file))
    shown = text.replace("\r", "\n")
    assert written[1:] == [[f"'{shown}", "-1.5", "-3.5%"], ["exports", "2.0", "+4"]]


def test_a_carriage_return_begins_no_cell_of_its_own(home: Path) -> None:
    rows = pd.DataFrame({"name": ["Korea\r=1+1"], "value": [1.0]})
    commands.write_text(in_commas(rows), home / "rows.csv")
    with (home / "rows.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [["name", "value"], ["Korea\n=1+1", "1.0"]]


def test_numbers_dates_and_gaps_are_written_as_they_are(home: Path) -> None:
    rows = pd.DataFrame(
        {"period": pd.to_datetime(["2023-01-01"] * 2), "value": [-1.0, None], "flag": [True, False],
         "whole": [-3, 4], "note": [None, "−18.0"]}
    )  # fmt: skip
    commands.write_text(in_commas(rows), home / "rows.csv")
    assert (home / "rows.csv").read_text("utf-8") == rows.to_csv(index=False)


def test_a_claim_that_is_a_formula_is_written_as_text(detente: Run, home: Path) -> None:
    (home / "text.txt").write_text("=HYPERLINK(1) China: $124.8 billion, 2023.")
    code, _, err = detente("utf-8", "check", "text.txt", "--out", "rows.csv")
    assert (code, err) == (0, b"")
    with (home / "rows.csv").open(newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not any(cell.startswith("=") for cell in cells)
