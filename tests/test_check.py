"""`detente check` from the outside, and the claims in the brief."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from detente import cli, commands
from detente.claims import judge, load_ledger
from detente.report.claims import (
    brief_claims,
    claims_of_scenario,
    reading_frame,
    reading_table,
    untested_claims,
)

from .claims_record import small_record


TEXT = (
    "In 2018 South Korea logged a record US$55.6 billion trade surplus with China.\n"
    "North Korean exports to China were $ 162.1 billion in 2018 [sic].\n"
)
LEDGER = """
id = "own"
title = "t"
publisher = "p"
published = "2026"
reliability = "r"

[[claims]]
id = "own-01"
kind = "number"
says = "A surplus of 55.6 billion [sic]."
speaker = "nobody"
quantity = { value = 55.6, unit = "billion US$", period = "2018" }
evidence = [
  { source = "Korean customs, stored", check = { kind = "value", observed = { reporter = "KOR", partner = "CHN", flow = "balance", basis = "korean customs", period = "2018" } } },
]
"""


class Ended(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def check(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process, in an empty directory, on the record that ships."""
    monkeypatch.setenv("COLUMNS", "160")
    (home / "text.txt").write_text(TEXT, encoding="utf-8")
    (home / "own.toml").write_text(LEDGER, encoding="utf-8")

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["detente", "check", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            cli.main()
        said = capsys.readouterr()
        return Ended(int(stop.value.code or 0), said.out, said.err)

    return run


def test_the_ledger_is_printed_with_counts_and_contradictions(check: Run) -> None:
    ended = check("--ledger")
    assert ended.code == 0
    assert "0-14" in ended.out and "X13" in ended.out and "published figure" in ended.out
    assert "pieces of evidence" in ended.out


def test_the_ledger_as_json(check: Run) -> None:
    whole = json.loads(check("--ledger", "--format", "json").out)
    assert len({one["claim"] for one in whole["evidence"]}) == 105
    assert len(whole["contradictions"]) == 14
    assert sum(whole["counts"]["evidence"].values()) == len(whole["evidence"])
    surplus = [one for one in whole["evidence"] if one["claim"] == "0-14"]
    assert [one["verdict"] for one in surplus] == ["agrees", "contradicts", "contradicts", "agrees"]
    assert "2013" in surplus[1]["found"]


def test_one_claim_by_name(check: Run) -> None:
    ended = check("--ledger", "--claim", "0-15")
    assert ended.code == 0 and "0-15" in ended.out and "0-14" not in ended.out


def test_a_ledger_of_ones_own(check: Run) -> None:
    ended = check("own.toml")
    assert ended.code == 0 and "agrees" in ended.out and "[sic]" in ended.out


def test_a_text(check: Run, home: Path) -> None:
    ended = check("text.txt", "--out", "rows.csv")
    assert ended.code == 0
    assert (
        "1 agree, 1 contradict, 1 cannot be tested; 1 probably meant something else." in ended.out
    )
    assert "Probably" in ended.out
    kept = pd.read_csv(home / "rows.csv")
    assert kept.probably.dropna().tolist() == ["South Korea"]
    rows = (home / "rows.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 4
    again = check("text.txt", "--out", "rows.csv")
    assert again.code == 2 and "exists already" in again.err


def test_a_text_by_the_name_of_its_file(check: Run, home: Path) -> None:
    (home / "few.txt").write_text("Trade grew 5% in 2023.", encoding="utf-8")
    assert len(commands.check_document("few.txt")) == len(commands.check_document(home / "few.txt"))


def test_a_text_as_json(check: Run) -> None:
    whole = json.loads(check("text.txt", "--format", "json", "--year", "2019").out)
    question = "Claims held against stored data"
    assert whole["about"] == {"question": question, "document": "text.txt", "year": 2019}
    assert [one["verdict"] for one in whole["rows"]] == [
        "agrees",
        "contradicts",
        "cannot be tested",
    ]
    assert whole["rows"][2]["probably"] == "South Korea"


BAD = {
    "nothing": ((), "name a FILE"),
    "both": (("text.txt", "--ledger"), "name a FILE"),
    "missing": (("gone.txt",), "it is not there"),
    "missing ledger": (("gone.toml",), "there is no ledger"),
    "unknown claim": (("--ledger", "--claim", "0-41"), "did you mean"),
    "claim of a text": (("text.txt", "--claim", "0-01"), "FILE is a text"),
    "directory": ((".",), "a directory"),
}


@pytest.mark.parametrize(("arguments", "said"), BAD.values(), ids=BAD)
def test_a_bad_request_is_one_sentence_and_status_2(
    check: Run, arguments: tuple[str, ...], said: str
) -> None:
    ended = check(*arguments)
    assert ended.code == 2 and ended.out == ""
    assert said in ended.err and ended.err.count("\n") == 1


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"<html>", b"a\0b", b"\xff\xfe\xfa"])
def test_what_is_no_text_is_one_sentence_and_status_2(
    check: Run, home: Path, content: bytes
) -> None:
    (home / "bad.txt").write_bytes(content)
    ended = check("bad.txt")
    assert ended.code == 2 and ended.out == "" and ended.err.count("\n") == 1


def test_a_text_without_quantities(check: Run, home: Path) -> None:
    (home / "calm.txt").write_text("Nothing happened.", encoding="utf-8")
    assert "No quantity" in check("calm.txt").out
    assert reading_frame([]).empty
    assert reading_table([]) is not None


def test_the_brief_has_the_tested_claims_of_its_countries() -> None:
    judged = judge(load_ledger(), small_record())
    rows = brief_claims(judged, ["KOR", "CHN"])
    names = [row["id"] for row in rows]
    assert "0-06" in names
    about = {one.claim.id: set(one.claim.countries) for one in judged}
    assert all(about[name] <= {"KOR", "CHN"} for name in names)
    assert all({v for v, _ in row["evidence"]} != {"cannot be tested"} for row in rows)
    untested = untested_claims(judged, ["KOR", "CHN"])
    assert untested and not set(untested) & set(names)
    assert brief_claims(judged, ["FRA"]) == []
    assert "0-17" in claims_of_scenario(judged, "china-korea/services-opening")
