"""`detente data add`, `sources`, `list` and `build` as a user types them."""

import json
from pathlib import Path

import pytest

from detente import cli
from detente.data.sources import SOURCES
from tests import source_files as files


class Ran:
    """Exit status and what was printed."""

    def __init__(self, code: int, out: str, error: str) -> None:
        self.code, self.out, self.error = code, out, error


@pytest.fixture
def detente(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr("sys.argv", ["detente", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        printed = capsys.readouterr()
        return Ran(int(stopped.value.code or 0), printed.out, printed.err)

    return run


def test_a_table_is_added_listed_and_built(detente, home: Path) -> None:
    files.icio(home / "2018_SML.csv")
    added = detente("data", "add", "icio", "2018_SML.csv")
    assert added.code == 0
    assert "added icio 2023 2018: " in added.out
    assert "rows of io" in added.out and ", 2018-2018" in added.out
    assert "can be built now: detente data build icio-2018\n" in added.out
    listed = detente("data", "list")
    assert "icio-2018-compact" in listed.out and "to build" in listed.out
    assert "icio 2023 2018" in listed.out
    built = detente("data", "build", "icio-2018-compact", "--out", "mine.nc")
    assert built.code == 0 and (home / "mine.nc").is_file()
    rows = {row["name"] for row in json.loads(detente("data", "list", "--format", "json").out)}
    assert {"icio-2018", "world-2023-korean-books"} <= rows


def test_sources_are_listed_with_their_files_and_terms(detente, home: Path) -> None:
    (home / "ideal.csv").write_text(files.IDEAL)
    added = detente("data", "add", "ideal-points", "ideal.csv", "--format", "json")
    (row,) = json.loads(added.out)["added"]
    assert (row["licence"], row["tables"], list(row["files"])) == (
        "MIT",
        {"alignment": 2},
        ["ideal.csv"],
    )
    found = json.loads(detente("data", "sources", "--format", "json").out)
    assert set(found["sources"]) == set(SOURCES)
    assert found["stored"] == [row]
    assert "OECD Inter-Country Input-Output tables" in detente("data", "sources").out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "icioo", "a.csv"), "there is no source 'icioo'; did you mean 'icio'"),
        (("add", "wdi", "a.csv"), "there is no file at a.csv"),
        (("add", "wdi", "page.csv"), "page.csv is a web page, not data"),
        (("build", "icio-1999"), "'icio-1999' cannot be built: no table of the OECD is stored"),
        (
            ("build", "wiod-1994"),
            "no table of WIOD is stored; add tables with 'detente data add wiod",
        ),
        (("build", "adb-mrio"), "a world of 'adb-mrio' has a year; name it as in 'adb-mrio-2010'"),
        (("build", "world-2033-korean-books"), "did you mean 'world-2023-korean-books'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_status_two(
    detente,
    home: Path,
    arguments: tuple[str, ...],
    sentence: str,
) -> None:
    (home / "page.csv").write_text("<!DOCTYPE html>")
    done = detente("data", *arguments)
    assert done.code == 2
    assert sentence in done.error
    assert done.error.count("\n") == 1
    assert not (home / "home" / "store" / "catalog.json").exists()
