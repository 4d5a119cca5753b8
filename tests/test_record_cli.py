"""The commands of the record from the outside: what a fresh machine answers, and how it refuses."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from detente import cli
from detente.data.store import Store


class Ended(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def detente(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> Run:
    """The command on a machine where nothing was added."""
    monkeypatch.setenv("COLUMNS", "110")

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["detente", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            cli.main()
        said = capsys.readouterr()
        return Ended(int(stop.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def months(home: Path) -> None:
    """A monthly source of Korea's customs, made up, in the user's store: 2001 to 2012."""
    index = pd.period_range("2001-01", "2012-12", freq="M")
    season = 1 + 0.1 * np.sin(np.arange(len(index)) * np.pi / 6)
    growth = 1.01 ** np.arange(len(index))
    rows = [
        pd.DataFrame(
            {
                "reporter": "KOR", "partner": "CHN", "flow": flow, "product": "total",
                "frequency": "M", "period": index.to_timestamp(), "value": level * season * growth,
                "basis": "korean customs", "status": "final",
            }
        )
        for flow, level in (("exports", 900.0), ("imports", 1000.0))
    ]  # fmt: skip
    store = Store.open(home / "home" / "store")
    about = {"licence": "made up", "attribution": "made up"}
    store.put("months", "1", {"trade": pd.concat(rows)}, about)


def test_the_balance_on_a_fresh_machine(detente: Run) -> None:
    said = detente("balance", "KOR", "CHN", "--years", "1992:2025")
    assert said.code == 0
    by_year = {line.split()[0]: line for line in said.out.splitlines() if line[:6].strip()}
    assert by_year["2018"].split()[1:4] == ["162.1", "106.5", "+55.6"]
    assert by_year["2023"].split()[1:5] == ["124.8", "142.8", "−18.0r", "162.5"]
    assert set(by_year["2020"].split()[1:]) == {"–"}
    assert "−32.5b" in by_year["2024"]
    assert "2025-01 to 2025-11, korean customs: −10.4" in said.out


def test_json_names_the_basis_of_every_balance(detente: Run) -> None:
    said = detente("balance", "KOR", "CHN", "--years", "2018:2025", "--format", "json")
    found = json.loads(said.out)
    assert found["about"]["unit"] == "million US$"
    for row in [*found["balances"], *found["reported_balances"]]:
        assert row["basis"]
    gap = [row for row in found["balances"] if row["year"] == 2020]
    assert gap and all(row["balance"] is None and row["status"] == "gap" for row in gap)


def test_files_are_written_once_and_never_over_others(detente: Run, home: Path) -> None:
    wanted = ("--out", "rows.csv", "--chart", "chart.svg")
    assert detente("balance", "KOR", "CHN", *wanted).code == 0
    rows = pd.read_csv(home / "rows.csv")
    assert {"year", "basis", "exports", "imports", "balance", "status"} <= set(rows)
    assert (home / "chart.svg").read_text().startswith("<svg")
    again = detente("balance", "KOR", "CHN", *wanted)
    assert again.code == 2 and "exists already" in again.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["balance", "KRO", "CHN"], "did you mean 'KOR'?"),
        (["balance", "KOR", "BRA"], "did you mean 'KOR-"),
        (["balance", "KOR", "CHN", "--years", "2025:1992"], "did you mean '1992:2025'?"),
        (["balance", "KOR", "CHN", "--years", "92"], "did you mean '1991:2024'?"),
        (["balance", "KOR", "CHN", "--years", "2030:2031"], "did you mean '1991:2024'?"),
        (["balance", "KOR", "CHN", "--chart", "a.pgn"], "did you mean '.png'"),
        (["track", "KOR", "CHN"], "no monthly trade of KOR-CHN is stored"),
        (["track", "KOR", "CHN", "--through", "2019-13"], "write it as in 2019-11"),
        (["dependence", "KRO"], "did you mean 'KOR'?"),
        (["dependence", "KOR", "--on", "CNH"], "did you mean 'CHN'?"),
        (["timeline", "KOR", "BRA"], "no event between KOR-BRA"),
        (["timeline", "KOR", "CHN", "--years", "1991:1992"], "in 1991:1992"),
    ],
)
def test_a_refusal_is_one_sentence_and_writes_nothing(
    detente: Run, home: Path, arguments: list[str], words: str
) -> None:
    said = detente(*arguments, "--out", "rows.csv")
    assert said.code == 2 and said.out == ""
    assert words in said.err and len(said.err.strip().splitlines()) == 1
    assert not (home / "rows.csv").exists()


@pytest.mark.usefixtures("months")
def test_a_year_is_tracked_to_its_chance_of_a_deficit(detente: Run) -> None:
    said = detente("track", "KOR", "CHN", "--through", "2012-06", "--format", "json")
    found = json.loads(said.out)
    assert found["about"]["basis"] == "korean customs" and found["about"]["through"] == "2012-06"
    rows = {(row["method"], row["flow"]): row for row in found["rows"]}
    shares = rows["seasonal shares", "balance"]
    assert shares["chance_of_deficit"] == 1.0
    assert abs(shares["estimate"] / shares["actual"] - 1) < 1e-6
    table = detente("track", "KOR", "CHN", "--through", "2012-06").out
    # Eleven past years cannot say that something is certain.
    assert ">92%" in table and "How many in a row" not in table


def test_a_balance_so_far_is_tracked_on_a_fresh_machine(detente: Run) -> None:
    """From means and spreads that ship; from the other side it is the same with the other sign."""
    asked = ("--through", "2025-11", "--format", "json")
    ours, theirs = (
        json.loads(detente("track", *pair, *asked, "--balance", so_far).out)["rows"][0]
        for pair, so_far in ((("KOR", "CHN"), "-10.4"), (("CHN", "KOR"), "10.4"))
    )
    assert ours["low"] < -10_400 < ours["high"] and ours["chance_of_deficit"] > 0.95
    assert theirs["basis"] == ours["basis"] == "korean customs"
    # Two sets of draws of one distribution; the spread of its ends is well below a tenth.
    assert theirs["estimate"] == pytest.approx(-ours["estimate"], rel=0.03)
    assert theirs["low"] == pytest.approx(-ours["high"], rel=0.03)
    other = detente("track", "KOR", "JPN", "--through", "2025-11", "--balance", "-10")
    assert other.code == 2 and "no monthly trade of KOR-JPN is stored" in other.err


def test_exports_alone_are_tracked_alone(detente: Run, home: Path) -> None:
    path = home / "partners.csv"
    months = [f"2026-{month:02d},{code},1000.0" for month in range(1, 8) for code in ("CHN", "USA")]
    path.write_text("\n".join(["month,partner,exports_musd", *months]) + "\n")
    assert detente("data", "add", "korea-exports", str(path)).code == 0
    said = detente("track", "KOR", "CHN")
    assert said.code == 0 and "7 months known" in said.out and "imports" in said.out
    assert "the balance cannot be told" in " ".join(said.out.split())
    rows = json.loads(detente("track", "KOR", "CHN", "--format", "json").out)["rows"]
    assert [row["flow"] for row in rows] == ["exports"]
    assert 11_000 < rows[0]["low"] < rows[0]["estimate"] < rows[0]["high"] < 14_000
    without = detente("track", "KOR", "USA")
    assert without.code == 2 and "no months of past years to tell their season by" in without.err
    part = detente("balance", "KOR", "CHN", "--years", "2024:2026")
    assert "2026-01 to 2026-07 (7 months), korean customs: exports 7.0" in part.out
    ranks = detente("dependence", "KOR", "--on", "CHN", "--format", "json")
    assert not any("by month" in one for one in json.loads(ranks.out)["about"]["untestable"])


@pytest.mark.usefixtures("months")
def test_a_press_report_is_enough_for_a_chance(detente: Run) -> None:
    said = detente("track", "KOR", "CHN", "--through", "2025-11", "--balance", "-10.4")
    assert said.code == 0 and "−10.4" in said.out
    assert "the balance of 2024 on the basis of korean customs is not stored" in " ".join(
        said.out.split()
    )
    month = detente("track", "KOR", "CHN", "--through", "2025-11")
    assert month.code == 2 and "did you mean 2012-12?" in month.err
    alone = detente("track", "KOR", "CHN", "--balance", "-10.4")
    assert alone.code == 2 and "--through" in alone.err


def test_dependence_on_a_fresh_machine_says_what_it_cannot_tell(detente: Run) -> None:
    said = detente("dependence", "KOR", "--on", "CHN", "--format", "json")
    found = json.loads(said.out)
    assert found["about"]["basis"] == "harmonised"
    assert len(found["about"]["untestable"]) == 2
    assert {row["basis"] for row in found["shares"]} == {"harmonised"}


def test_the_timeline_in_words_and_as_a_picture(detente: Run, home: Path) -> None:
    said = detente("timeline", "KOR", "CHN", "--years", "2014:2026", "--chart", "line.png")
    assert "Trade of the same years" in said.out and "basis of korean customs." in said.out
    assert said.code == 0 and "2025-12-12" in said.out
    assert (home / "line.png").read_bytes().startswith(b"\x89PNG")
    found = json.loads(detente("timeline", "KOR", "CHN", "--format", "json").out)
    assert all(row["source"] and row["actors"] for row in found["events"])
    assert {row["basis"] for row in found["trade"]} == {found["about"]["trade_basis"]}
