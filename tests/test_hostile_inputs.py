"""Files that are too large, too deep or not what they say: one sentence, no room made for a lie."""

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from detente._core import BaselineError, OutcomeError, ScenarioError
from detente.calibrate.baseline import read_dataset
from detente.commands._files import refuse_existing
from detente.commands.runs import _claimed
from detente.outcome import load_outcome
from detente.scenario import load_scenario


HEAD = 'title = "t"\n[policies.p]\nkind = "tariff"\n'


def sparse(path: Path, size: int) -> Path:
    """A file that says it has so many bytes and takes none."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


def refused(path: Path, *overrides: str) -> str:
    with pytest.raises(ScenarioError) as raised:
        load_scenario(path, overrides)
    sentence = str(raised.value)
    assert "\n" not in sentence and len(sentence) < 400
    return sentence


@pytest.mark.parametrize("size", [10**9, 10**12, 33_000_000])
def test_a_scenario_of_a_gigabyte_is_not_read(size: int, tmp_path: Path) -> None:
    assert "is too large: it has" in refused(sparse(tmp_path / "s.toml", size))


DEEP = {
    "lists": "x = " + "[" * 5000 + "]" * 5000,
    "a few lists too many": "x = " + "[" * 30 + "]" * 30,
    "tables": "x = " + "{a = " * 3000 + "1" + "}" * 3000,
    "dotted keys": ".".join(["a"] * 3000) + " = 1",
    "headings": "[" + ".".join(["a"] * 40) + "]\nx = 1",
}


@pytest.mark.parametrize("case", DEEP)
def test_nests_without_end_are_refused(case: str, tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(DEEP[case] + "\n")
    assert "nests tables and lists more than 20 levels deep" in refused(path)


def test_numbers_of_thousands_of_digits_are_no_toml(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(f"year = {'9' * 6000}\n" + HEAD + "rate = 0.1\n")
    assert "is not valid TOML" in refused(path)
    path.write_text(HEAD + "rate = 0.1\n")
    assert "is no value that can be set" in refused(path, f"year={'9' * 6000}")


@pytest.mark.parametrize("seed", ["99999999999999999999", "9223372036854775807", "2147483648"])
def test_a_seed_that_no_outcome_can_hold_is_refused_first(seed: str, tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(HEAD + "rate = 0.1\n")
    sentence = refused(path, f"uncertainty.seed={seed}")
    assert "'uncertainty.seed' should be less than or equal to 2147483647" in sentence
    assert load_scenario(path, ["uncertainty.seed=2147483647"]).uncertainty.seed == 2**31 - 1


def test_schedules_that_are_too_large_or_ragged_are_refused(tmp_path: Path) -> None:
    path, lines = tmp_path / "s.toml", tmp_path / "lines.csv"
    path.write_text(HEAD + 'file = "lines.csv"\n')
    sparse(lines, 10**10)
    assert "lines.csv is too large" in refused(path)
    lines.write_text("importer,exporter,sector,rate\nKOR,CHN,goods,0.1\nKOR,JPN,goods,0,1\n")
    assert "more cells in line 3 than in its head" in refused(path)
    lines.write_bytes(b"importer,exporter,sector,rate\n" + b"x" * 200_000)
    assert "is not a CSV file" in refused(path)


# --- NetCDF ----------------------------------------------------------------------------------------


def netcdf(path: Path, lengths: tuple[int, ...], held: int = 64, kind: int = 6) -> Path:
    """A NetCDF-3 file of one variable whose header says what it likes about its dimensions."""
    name = lambda text: (
        struct.pack(">i", len(text)) + text.encode().ljust(-len(text) % 4 + len(text), b"\0")
    )
    size = 8
    for length in lengths:
        size *= length
    head = b"CDF\x02" + struct.pack(">i", 0) + struct.pack(">ii", 10, len(lengths))
    for place, length in enumerate(lengths):
        head += name(f"d{place}") + struct.pack(">i", length)
    head += struct.pack(">ii", 0, 0) + struct.pack(">ii", 11, 1) + name("trade")
    head += struct.pack(">i", len(lengths)) + struct.pack(f">{len(lengths)}i", *range(len(lengths)))
    head += (
        struct.pack(">ii", 0, 0) + struct.pack(">i", kind) + struct.pack(">i", min(size, 2**31 - 1))
    )
    path.write_bytes(head + struct.pack(">q", len(head) + 8) + b"\0" * held)
    return path


@pytest.mark.parametrize(
    "lengths", [(1_000_000, 1_000_000), (10_000, 10_000, 10_000), (2_000_000_000,), (9,), (-1, 5)]
)
def test_a_header_that_promises_what_is_not_there_is_refused(
    lengths: tuple[int, ...], tmp_path: Path
) -> None:
    path = netcdf(tmp_path / "w.nc", lengths)
    with pytest.raises(BaselineError, match=r"w\.nc is damaged: it cannot be read as NetCDF-3"):
        read_dataset(path)
    with pytest.raises(OutcomeError, match=r"w\.nc cannot be read as an outcome"):
        load_outcome(path)


def test_a_header_that_keeps_its_word_is_read(tmp_path: Path) -> None:
    assert read_dataset(netcdf(tmp_path / "w.nc", (2, 4))).trade.shape == (2, 4)


def test_a_baseline_of_many_gigabytes_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="is too large for a baseline: it has 10,000 MB"):
        read_dataset(sparse(tmp_path / "w.nc", 10**10))


# --- places for answers ----------------------------------------------------------------------------


def test_two_runs_of_one_second_have_a_directory_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with (
        _claimed(None, "one") as first,
        _claimed(None, "one") as second,
        _claimed(None, "one") as third,
    ):
        assert len({first, second, third}) == 3 and first.is_dir() and second.is_dir()


def test_a_run_that_fails_leaves_no_directory(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), _claimed(tmp_path / "a" / "b", "one") as place:
        assert place.is_dir()
        raise RuntimeError
    assert not list(tmp_path.iterdir())


def test_one_place_is_claimed_once(tmp_path: Path) -> None:
    with _claimed(tmp_path / "a", "one"):
        with pytest.raises(OutcomeError, match="exists already"), _claimed(tmp_path / "a", "one"):
            pass
        assert (tmp_path / "a").is_dir()


@pytest.mark.parametrize("name", ["x.xlsx", "x.csv", "x.XLSX", "x.html"])
def test_a_run_is_not_written_into_what_looks_like_a_file(name: str, tmp_path: Path) -> None:
    with (
        pytest.raises(OutcomeError, match="is written into a directory"),
        _claimed(tmp_path / name, "one"),
    ):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["nodir/x.csv", "file/x.csv"])
def test_places_that_cannot_be_are_refused_before_anything_is_computed(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutcomeError, match="cannot be written"):
        refuse_existing(tmp_path / name)
    refuse_existing(tmp_path / "x.csv")
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_device_is_one_sentence() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(
            [sys.executable, "-c", "from detente.cli import main; import sys; sys.argv=['detente','--version']; main()"],
            stdout=full, stderr=subprocess.PIPE, text=True, env=dict(os.environ), check=False,
        )  # fmt: skip
    assert ended.returncode == 2
    assert ended.stderr == "detente: the output cannot be written: No space left on device.\n"
