"""What is wrong is said in one sentence, and before the engine loads."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .wrong_inputs import commands, ENGINE


LIGHT = {
    "scenario": "import detente.scenario",
    "a scenario of the library": "import detente; detente.load_scenario('phase-two')",
    "policies": "import detente.policy",
    "the names of a world": "import detente.gazetteer as g; g.world('compact-2022').countries.read('kor')",
    "the command line": "import detente.cli",
}  # fmt: skip


def test_a_run_does_not_load_what_it_does_not_use() -> None:
    """Reading a text takes a second of regular expressions, sparse solvers half of one."""
    unused = [
        "detente.claims.reading",
        "detente.geo",
        "detente.record",
        "scipy.sparse.linalg",
        "altair",
    ]
    script = f"import sys, detente.commands.runs; print([n for n in {unused} if n in sys.modules])"
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize("case", LIGHT)
def test_names_are_read_without_the_engine(case: str) -> None:
    check = f"{LIGHT[case]}; import sys; sys.exit('jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str, str, bool]]:
    """What came of every wrong command, in one process that loads the engine last."""
    place = tmp_path_factory.mktemp("wrong")
    environment = {**os.environ, "DETENTE_HOME": str(place / "home"), "COLUMNS": "200"}
    words = [sys.executable, "-m", "tests.wrong_inputs", str(place)]
    root = Path(__file__).parents[1]
    done = subprocess.run(
        words, env=environment, cwd=root, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_every_wrong_command_was_tried(results: dict) -> None:
    assert set(results) == set(commands()) and len(results) > 200


@pytest.mark.parametrize("name", commands())
def test_a_wrong_command_ends_in_one_sentence(name: str, results: dict) -> None:
    code, out, err, engine = results[name]
    assert (code, out) == (2, ""), (out, err)
    assert err.startswith("detente: ") and err.endswith("\n") and err.count("\n") == 1, err
    assert "Traceback" not in err and len(err) > len("detente: ") + 10, err
    assert not engine or name.startswith(ENGINE), "the engine was loaded first"


@pytest.mark.parametrize("seconds", [0.2, 0.6, 1.5, 3.0])
def test_an_interrupt_says_nothing_and_leaves_nothing(seconds: float, tmp_path: Path) -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "detente", "run", "phase-two"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "DETENTE_HOME": str(tmp_path / "home")},
    )  # fmt: skip
    time.sleep(seconds)
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=60)
    assert (started.returncode, out, err) == (130, "", "")
    assert not list(tmp_path.rglob("*"))


SWALLOWED = """
import signal, sys, time
from detente._interrupts import end_at_once, raising

class Finalized:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

signal.signal(signal.SIGINT, end_at_once)
with raising():
    hook = sys.unraisablehook
    try:
        Finalized()
        time.sleep(20)
    except KeyboardInterrupt:
        print("cleared away")
assert sys.unraisablehook is not hook
"""


def test_an_interrupt_that_a_finalizer_swallows_is_raised_again() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SWALLOWED], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "cleared away\n", "")


@pytest.mark.parametrize("words", [["scenarios"], ["show", "icio", "--format", "json"], ["--help"]])
def test_a_pipe_that_is_closed_early_is_no_answer(words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "detente", *words],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("words", [["scenarios"], ["show", "compact-2022"], ["help"]])
def test_a_full_device_is_said(words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "detente", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == b"detente: the output cannot be written: No space left on device.\n"
