"""The command line from the outside: what it prints, what it writes, and how it ends."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, UTC
from pathlib import Path
from typing import NamedTuple

import pytest
import xarray as xr

from detente import cli
from detente.calibrate.baseline import load_baseline
from detente.commands import runs
from detente.ensemble import simulate_draws
from detente.outcome import load_outcome, save
from detente.scenario import available, load_scenario
from detente.simulation import simulate

from .test_baseline import BROKEN, with_value
from .worlds import dataset, economy, write


ROOT = Path(__file__).resolve().parents[1]
LIBRARY = "china-korea/services-both"
SMALL = """
title = "A levy"
question = "Who pays?"
baseline = "world.nc"
focus = ["KOR", "CHN"]

[policies.levy]
kind = "tariff"
importers = ["KOR"]
exporters = ["CHN"]
rate = 0.4

[policies.agreement]
kind = "free_trade_agreement"
members = ["KOR", "JPN"]
enabled = false
"""
FILES = {"scenario.toml", "outcome.nc", "record.json", "brief.html"}


class Ended(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def detente(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> Run:
    """The command in this process, in a directory with a world and a scenario of its own."""
    write(dataset(economy()), home / "world.nc")
    (home / "levy.toml").write_text(SMALL, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("DETENTE_RAW", raising=False)

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["detente", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            cli.main()
        said = capsys.readouterr()
        return Ended(int(stop.value.code or 0), said.out, said.err)

    return run


MAIN = "from detente.cli import main; main()"


def process(*arguments: str, cwd: Path, code: str = MAIN) -> Ended:
    """The command in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd, capture_output=True, text=True, check=False, timeout=120,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src"), "DETENTE_HOME": str(cwd / "home")},
    )  # fmt: skip
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def everything(place: Path) -> dict[str, bytes | None]:
    """All that lies under a directory, hidden files too."""
    return {
        path.relative_to(place).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(place.rglob("*"))
    }


def assert_refused(ended: Ended, *named: str) -> None:
    """Exit status 2 and one sentence on the error stream that names what was found."""
    assert ended.code == 2, ended
    assert ended.out == ""
    assert ended.err.startswith("detente: "), ended.err
    assert ended.err.count("\n") == 1 and ended.err.endswith("\n"), ended.err
    assert len(ended.err) > len("detente: ") + 10
    for name in named:
        assert name in ended.err, ended.err


BAD = {
    "a scenario that is not there": ((f"{LIBRARY}x",), (f"did you mean '{LIBRARY}'",)),
    "a file that is not there": (("nowhere.toml",), ("no scenario file at nowhere.toml",)),
    "a directory for a scenario": ((".",), ("there is no scenario '.'",)),
    "a country in focus": ((LIBRARY, "--set", 'focus=["KRO"]'), ("'KRO'", "'KOR'")),
    "a country in a policy": ((LIBRARY, "--set", 'china.to=["KRO"]'), ("policy 'china'", "'KRO'", "'KOR'")),
    "a sector": ((LIBRARY, "--set", 'china.sectors=["service"]'), ("'service'", "'services'")),
    "a policy area": ((LIBRARY, "--set", 'china.policy_areas=["Regulatory"]'), ("'Regulatory'", "policy area")),
    "a key": ((LIBRARY, "--set", "china.stri_cutt=0.1"), ("'policies.china.stri_cutt'", "'stri_cut'")),
    "a policy": ((LIBRARY, "--set", "chna.stri_cut=0.1"), ("'chna'", "'china'")),
    "a policy kind": ((LIBRARY, "--set", "china.kind=services"), ("unknown kind 'services'",)),
    "a share above one": ((LIBRARY, "--set", "china.stri_cut=1.1"), ("'policies.china.stri_cut'", "1.1")),
    "a share below zero": ((LIBRARY, "--set", "china.stri_cut=-0.1"), ("-0.1",)),
    "a tariff below -100 %": (("levy.toml", "--set", "levy.rate=-1.01"), ("greater than -1", "-1.01")),
    "a cut below -100 %": (
        ("levy.toml", "--set", "policies.x.kind=tariff", "--set", "policies.x.change=-2"),
        ("policy 'x'", "-100 %"),
    ),
    "no index for a policy that needs it": ((LIBRARY, "--baseline", "world.nc"), ("synthetic", "index")),
    "a setting without a value": ((LIBRARY, "--set", "china"), ("PATH=VALUE",)),
    "a baseline": ((LIBRARY, "--baseline", "compact-2023"), ("'compact-2023'", "'compact-2022'")),
    "a baseline file": ((LIBRARY, "--baseline", "nowhere.nc"), ("no baseline file at nowhere.nc",)),
    "an option": ((LIBRARY, "--fromat", "json"), ("--fromat", "--format")),
    "a format": ((LIBRARY, "--format", "xml"), ("'--format'", "'xml'", "'json'")),
    "a horizon": ((LIBRARY, "--horizon", "medium"), ("'--horizon'", "'medium'", "'long'")),
    "a horizon that is set": ((LIBRARY, "--set", "horizon=medium"), ("'horizon'", "'long'")),
    "no scenario": ((), ("SCENARIO",)),
    "too many scenarios": ((LIBRARY, LIBRARY), (LIBRARY,)),
    "an out that exists": ((LIBRARY, "--out", "."), ("exists already", "nothing was written")),
    "an out that is a file": (("levy.toml", "--out", "world.nc"), ("world.nc exists already",)),
    "an out under a file": (("levy.toml", "--out", "world.nc/run"), ("world.nc/run cannot be written",)),
    "an out under a file, as json": (("levy.toml", "--out", "world.nc/run", "--format", "json"), ("cannot be written",)),
}  # fmt: skip


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_run_is_one_sentence_and_writes_nothing(fault: str, detente: Run, home: Path) -> None:
    arguments, named = BAD[fault]
    before = everything(home)
    assert_refused(detente("run", *arguments), *named)
    assert everything(home) == before


@pytest.mark.parametrize("fault", BROKEN)
def test_a_bad_baseline_is_one_sentence_and_writes_nothing(
    fault: str, detente: Run, home: Path
) -> None:
    change, named = BROKEN[fault]
    write(change(dataset(economy())), home / "bad.nc")
    before = everything(home)
    assert_refused(detente("run", "levy.toml", "--baseline", "bad.nc"), "bad.nc", *named)
    assert everything(home) == before


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("frobnicate",), ("frobnicate",)),
        (("data", "build", "compact-2O22"), ("'compact-2O22'", "'compact-2022'")),
        (("data", "build", "compact-2022"), ("raw sources", "--sources")),
        (("data", "build", "compact-2022", "--sources", "nowhere"), ("nowhere",)),
        (("data", "build", "compact-2022", "--out", "world.nc"), ("world.nc exists already",)),
        (("compare", LIBRARY, "nonsense"), ("'nonsense'", "neither")),
        (("compare", "world.nc", LIBRARY), ("world.nc is not an outcome",)),
        (("compare", ".", LIBRARY), ("there is no outcome at",)),
        (("leverage", "CHN", "KOR", "--draws", "1"), ("'uncertainty.draws'", "2 or more")),
        (("stance", "--draws", "1"), ("two draws or more",)),
        (("conflict", "KOR", "CHN", "--decouple", "nan"), ("'decouple' should be a finite",)),
        (("conflict", "KOR", "CHN", "--decouple", "inf"), ("'decouple' should be a finite",)),
        (("conflict", "KOR", "CHN", "--bilateral", "nan"), ("'bilateral' should be a finite",)),
        (
            ("bargain", "--power", "2"),
            ("--power should be less than or equal to 1", "did you mean"),
        ),
        (("path", LIBRARY, "--from", "2026", "--to", "9999"), ("7974 years", "200 or fewer")),
        (("verify", "."), ("no record.json",)),
        (("verify", "nowhere"), ("nowhere",)),
    ],
)
def test_other_commands_refuse_in_one_sentence(arguments, named, detente: Run, home: Path) -> None:
    before = everything(home)
    assert_refused(detente(*arguments), *named)
    assert everything(home) == before


def _full(*arguments: object, **options: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


# The disk can fill at the first file, between files, at the last, and at the move into place.
FULL_AT = {
    "first file": lambda patch: patch.setattr(Path, "write_text", _full),
    "outcome": lambda patch: patch.setattr(runs, "save", _full),
    "record": lambda patch: patch.setattr(runs, "_write_record", _full),
    "move": lambda patch: patch.setattr(Path, "replace", _full),
}


@pytest.mark.parametrize("output", ["table", "json"])
@pytest.mark.parametrize("place", FULL_AT)
def test_a_full_disk_leaves_nothing_behind(
    place: str, output: str, detente: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(home)
    with monkeypatch.context() as patch:
        FULL_AT[place](patch)
        ended = detente("run", "levy.toml", "--out", "answer", "--format", output)
    assert_refused(ended, "answer cannot be written", os.strerror(errno.ENOSPC))
    assert everything(home) == before


LIMITED = """
import resource
from detente import cli
from detente.commands import runs
save = runs.save
def limited(outcome, path):
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    save(outcome, path)
runs.save = limited
cli.main()
"""


def test_a_limit_of_the_system_leaves_nothing_behind(detente: Run, home: Path) -> None:
    """The same by a real failure of write, which xarray could swallow while it closes its file."""
    before = everything(home)
    ended = process("run", "levy.toml", "--out", "answer", cwd=home, code=LIMITED)
    assert_refused(ended, "answer cannot be written", os.strerror(errno.EFBIG))
    assert everything(home) == before


def test_a_full_disk_leaves_no_parents_behind(detente: Run, home: Path, monkeypatch) -> None:
    before = everything(home)
    with monkeypatch.context() as patch:
        patch.setattr(runs, "save", _full)
        assert_refused(detente("run", "levy.toml"))
    assert everything(home) == before


def test_the_unfinished_run_of_another_process_is_left_alone(detente: Run, home: Path) -> None:
    (home / ".answer.part").mkdir()
    (home / ".answer.part" / "outcome.nc").write_text("half of it")
    detente("run", "levy.toml", "--out", "answer")
    assert (home / ".answer.part" / "outcome.nc").is_file()


def test_json_is_one_object_and_nothing_is_written(detente: Run, home: Path) -> None:
    before = everything(home)
    code, out, err = detente("run", "levy.toml", "--format", "json")
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    answer = json.loads(out)
    assert everything(home) == before
    expected = simulate(load_baseline("world.nc"), load_scenario("levy.toml"))
    for code in expected.country.values:
        assert answer["welfare"][code] == float(expected.welfare.sel(country=code))
    assert answer["welfare"]["KOR"] != 0
    assert answer["status"].startswith("Solved")
    assert (answer["baseline"], answer["horizon"]) == ("synthetic", "long")


def test_json_with_out_also_writes_the_run(detente: Run, home: Path) -> None:
    code, out, _ = detente("run", "levy.toml", "--format", "json", "--out", "some/where/answer")
    assert code == 0
    kept = home / "some" / "where" / "answer"
    assert {path.name for path in kept.iterdir()} == FILES
    assert json.loads(out)["welfare"]["KOR"] == float(load_outcome(kept).welfare.sel(country="KOR"))
    assert not [path for path in everything(home) if ".part" in path]
    record = json.loads((kept / "record.json").read_text())
    assert set(record["files"]) == FILES - {"record.json"}
    assert "<html" in (kept / "brief.html").read_text(encoding="utf-8")


def test_settings_reach_the_answer_and_the_files(detente: Run, home: Path) -> None:
    """What is kept is what was run, not what the file said before --set and --baseline."""
    changed = dataset(economy(1)).assign_attrs(name="another")
    write(changed, home / "another.nc")
    settings = ("--set", "levy.rate=0.1", "--set", "agreement.enabled=true", "--baseline", "another.nc")  # fmt: skip
    code, out, _ = detente("run", "levy.toml", *settings, "--format", "json", "--out", "answer")
    assert code == 0
    kept = load_scenario("answer/scenario.toml")
    assert kept.policies["levy"].rate == 0.1 and kept.policies["agreement"].enabled
    expected = simulate(load_baseline("another.nc"), kept)
    answer = json.loads(out)
    assert answer["baseline"] == "another"
    assert answer["welfare"]["JPN"] == float(expected.welfare.sel(country="JPN"))
    assert "levy.rate=0.1" in json.loads((home / "answer" / "record.json").read_text())["command"]
    assert detente("verify", "answer").code == 0


def test_a_table_says_where_the_brief_is(detente: Run, home: Path) -> None:
    code, out, err = detente("run", "levy.toml")
    assert (code, err) == (0, "")
    assert "A levy" in out and "KOR" in out
    (kept,) = (home / "runs").iterdir()
    assert {path.name for path in kept.iterdir()} == FILES
    brief = out.strip().splitlines()[-1].removeprefix("Brief: ")
    assert (home / brief).is_file() and (home / brief).parent == kept


def test_two_runs_in_the_same_second_do_not_collide(
    detente: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)

    monkeypatch.setattr(runs, "datetime", Stopped)
    assert [detente("run", "levy.toml").code for _ in range(3)] == [0, 0, 0]
    kept = sorted(path.name for path in (home / "runs").iterdir())
    assert len(kept) == 3
    assert all(name.startswith("levy-20300102-030405") for name in kept)


WALL = ("--set", "policies.wall.kind=trade_cost", "--set", "policies.wall.change=1e11%")


def test_an_equilibrium_that_was_not_found_ends_with_1(detente: Run, home: Path) -> None:
    code, out, err = detente("run", "levy.toml", *WALL, "--out", "answer")
    assert (code, err) == (1, "")
    assert "Not solved" in out
    assert "Not solved" in (home / "answer" / "brief.html").read_text(encoding="utf-8")


def test_an_equilibrium_that_was_not_found_is_json(detente: Run) -> None:
    # The test above has the draws, which end where the scenario is not solved itself.
    code, out, _ = detente(
        "run", "levy.toml", *WALL, "--set", "uncertainty.draws=0", "--format", "json"
    )
    assert code == 1
    answer = json.loads(out)
    assert answer["solved"] == 0 and answer["welfare"]["KOR"] is None


def _another_number(kept: Path) -> None:
    outcome = load_outcome(kept)
    outcome.welfare.values[0] += 1e-3
    save(outcome, kept / "outcome.nc")


def _another_byte(kept: Path, name: str, old: str, new: str) -> None:
    text = (kept / name).read_text(encoding="utf-8")
    assert old in text
    (kept / name).write_text(text.replace(old, new, 1), encoding="utf-8")


TAMPERED = {
    "outcome.nc": _another_number,
    "scenario.toml": lambda kept: _another_byte(kept, "scenario.toml", "A levy", "B levy"),
    "brief.html": lambda kept: _another_byte(kept, "brief.html", "levy", "Levy"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for one run, which is made by whichever test asks first."""
    return tmp_path_factory.mktemp("made") / "place"


@pytest.fixture
def kept(detente: Run, home: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run as it was made, with what it was made from: one for all that change or verify it."""
    sound = made.with_name("sound")
    if not sound.exists():
        shutil.copytree(home, made)
        monkeypatch.chdir(made)
        assert detente("run", "levy.toml", "--format", "json", "--out", "answer").code == 0
        made.rename(sound)
    shutil.rmtree(made, ignore_errors=True)
    shutil.copytree(sound, made)
    monkeypatch.chdir(made)
    return made / "answer"


def test_what_was_run_is_reproduced(detente: Run, kept: Path) -> None:
    code, out, err = detente("verify", kept)
    assert (code, err) == (0, "")
    assert out.startswith("Reproduced") and "made on" not in out


@pytest.mark.parametrize(("size", "agrees"), [(0.3, True), (3.0, False)])
def test_last_digits_of_another_python_are_no_difference(
    size: float, agrees: bool, detente: Run, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within the tolerance every number is reproduced; in either case the two versions are said."""
    made = json.loads((kept / "record.json").read_text())["python"]
    monkeypatch.setattr(runs.platform, "python_version", lambda: "3.99.0")
    exact = runs.simulate_draws

    def rounded(*asked):
        return exact(*asked) * (1 + size * runs.REPRODUCED)

    monkeypatch.setattr(runs, "simulate_draws", rounded)
    code, out, err = detente("verify", kept)
    assert (code == 0, err) == (agrees, "")
    assert out.startswith("Reproduced" if agrees else "Not reproduced: largest difference")
    assert f"made on Python {made} with JAX" in out and "recomputed on Python 3.99.0" in out


@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_changed_is_found(name: str, detente: Run, kept: Path) -> None:
    TAMPERED[name](kept)
    code, out, err = detente("verify", kept)
    assert (code, err) == (1, "")
    assert out.startswith("Not reproduced") and name in out
    assert [other for other in TAMPERED if other in out] == [name]


def test_another_tariff_is_found_in_the_numbers_too(detente: Run, kept: Path) -> None:
    _another_byte(kept, "scenario.toml", "0.4", "0.5")
    code, out, _ = detente("verify", kept)
    assert code == 1
    assert "scenario.toml" in out and "largest difference 0.0" not in out


def test_a_number_is_found_even_where_the_record_was_mended(detente: Run, kept: Path) -> None:
    """Hashes alone can be rewritten; the numbers are recomputed."""
    _another_number(kept)
    record = json.loads((kept / "record.json").read_text())
    record["files"]["outcome.nc"] = runs._hash_or_none(kept / "outcome.nc")
    (kept / "record.json").write_text(json.dumps(record))
    assert detente("verify", kept).code == 1


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda kept: (kept / "record.json").unlink(), ("no record.json",)),
        (lambda kept: (kept / "record.json").write_text("{"), ("not the record of a run",)),
        (lambda kept: (kept / "record.json").write_text("[]"), ("not the record of a run",)),
        (lambda kept: (kept / "scenario.toml").unlink(), ("no scenario.toml",)),
        (lambda kept: (kept / "outcome.nc").unlink(), ("there is no outcome",)),
        (
            lambda kept: write(
                with_value("trade", (0, 1, 0), 9.0)(dataset(economy())), kept.parent / "world.nc"
            ),
            ("world.nc' is not the one of this run",),
        ),
    ],
)
def test_what_cannot_be_recomputed_is_said(spoil, named, detente: Run, kept: Path) -> None:
    spoil(kept)
    assert_refused(detente("verify", kept), *named)


def test_a_record_that_lists_nothing_vouches_for_nothing(detente: Run, kept: Path) -> None:
    record = json.loads((kept / "record.json").read_text())
    (kept / "record.json").write_text(json.dumps(record | {"files": {}}))
    _another_byte(kept, "brief.html", "levy", "Levy")
    assert detente("verify", kept).code != 0


def test_a_run_is_reproduced_from_anywhere(
    detente: Run, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(kept)
    assert detente("verify", ".").code == 0


def test_a_comparison_is_the_difference_of_two_runs(detente: Run, kept: Path) -> None:
    assert detente("run", "levy.toml", "--set", "levy.rate=0.1", "--format", "json", "--out", "b").code == 0  # fmt: skip
    a, b = (load_outcome(kept.parent / name).welfare.sel(country="KOR") for name in ("answer", "b"))
    code, out, err = detente("compare", "answer", "b", "--format", "json")
    assert (code, err) == (0, "")
    korea = json.loads(out)["KOR"]
    # The table prints ten decimals.
    assert korea["welfare_a"] == pytest.approx(float(a), abs=1e-9)
    assert korea["welfare_difference"] == pytest.approx(float(b - a), abs=1e-9)
    code, out, err = detente("compare", "answer", "b/outcome.nc")
    assert (code, err) == (0, "")
    assert f"{float(a):+.3f}".replace("-", "−") in out


def test_a_comparison_plays_scenarios(detente: Run, home: Path) -> None:
    before = everything(home)
    code, out, _ = detente("compare", "levy.toml", "levy.toml", "--format", "json")
    assert code == 0
    assert {row["welfare_difference"] for row in json.loads(out).values()} == {0.0}
    code, out, _ = detente("compare", LIBRARY, "china-korea/services-mfn")
    assert code == 0 and "South Korea" in out
    assert everything(home) == before


def test_a_comparison_on_another_world_plays_both_there(detente: Run, kept: Path) -> None:
    home = kept.parent
    write(dataset(economy(1)), home / "other.nc")
    ask = ("compare", "levy.toml", "levy.toml", "--format", "json")
    here, there = (
        json.loads(detente(*ask, *more).out) for more in ((), ("--baseline", "other.nc"))
    )
    world = load_baseline(home / "other.nc")
    exact = simulate(world, load_scenario(home / "levy.toml")).welfare
    for code, row in there.items():
        assert row["welfare_a"] == pytest.approx(float(exact.sel(country=code)), abs=1e-7)
    assert there["KOR"]["welfare_a"] != here["KOR"]["welfare_a"]
    ended = detente("compare", "answer", "levy.toml", "--baseline", "other.nc")
    assert_refused(ended, "'answer' was played before")


def test_the_library_is_listed(detente: Run) -> None:
    code, out, _ = detente("scenarios")
    assert code == 0 and all(name in out for name in available())
    listed = json.loads(detente("scenarios", "--format", "json").out)
    assert list(listed) == list(available())
    assert listed[LIBRARY]["policies"]["china"]["stri_cut"] == 0.25


def test_worlds_are_listed_and_a_built_one_can_be_named(detente: Run, home: Path) -> None:
    built = home / "home" / "baselines"
    built.mkdir(parents=True)
    write(dataset(economy()), built / "mine.nc")
    code, out, _ = detente("data", "list")
    assert code == 0
    assert "compact-2022" in out and "mine" in out and "data build" in out
    rows = {row["name"]: row["path"] for row in json.loads(detente("data", "list", "--format", "json").out)}  # fmt: skip
    assert rows["mine"] == str(built / "mine.nc")
    assert rows["compact-2022"].endswith("compact-2022.nc")
    assert detente("run", "levy.toml", "--baseline", "mine", "--format", "json").code == 0


def test_the_version_is_printed(detente: Run) -> None:
    from detente import __version__

    assert detente("--version") == (0, f"detente {__version__}\n", "")


@pytest.mark.parametrize("arguments", [(), ("data",)])
def test_no_command_is_answered_with_the_help(arguments: tuple[str, ...], detente: Run) -> None:
    ended = detente(*arguments)
    assert "Usage" in ended.out
    assert ended.err == ""


HEAVY = ("jax", "xarray", "pandas", "numpy", "altair")
LOADED = f"""
import sys
from detente.cli import main
try:
    main()
finally:
    print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", ["--help", "run --help", "data list --help", "--version"])
def test_help_loads_nothing_heavy(arguments: str, tmp_path: Path) -> None:
    """Help must not wait seconds for modules that it does not use."""
    code, out, err = process(*arguments.split(), cwd=tmp_path, code=LOADED)
    assert (code, err) == (0, "[]\n")
    assert out.strip()


def test_a_process_keeps_its_streams_apart(detente: Run, home: Path) -> None:
    """As a user's pipe sees it: an answer on one stream, a refusal on the other."""
    code, out, err = process("run", "levy.toml", "--format", "json", cwd=home)
    assert (code, err) == (0, "")
    assert json.loads(out)["status"].startswith("Solved")
    assert_refused(process("run", "levy.toml", "--set", "levy.rate=-2", cwd=home), "levy.rate")


def test_an_outcome_file_is_what_the_api_returns(detente: Run, kept: Path) -> None:
    expected = simulate_draws(load_baseline("world.nc"), load_scenario("levy.toml"))
    xr.testing.assert_equal(load_outcome(kept), expected)
