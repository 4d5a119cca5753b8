"""`.ci/run`: what it prints last, and when it fails; everything that it calls is played."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


RUN = Path(__file__).resolve().parents[1] / ".ci" / "run"
CLOSING = "===== 7 passed in 9.00s ====="
PYTHON = """case "$*" in
  *version_info*) echo {version};;
  *executable*) echo "$0";;
  --version) echo "Python {version}.9";;
  *durations*) echo tests/test_cheap.py;;
esac"""
MAKE = f"""echo "$*" >> made
case "$*" in
  test*.venv-newer*) echo "===== 3 passed in 1.00s ====="; exit $NEWER;;
  test*) echo "{CLOSING}"; exit $MAIN;;
  style*) exit $STYLE;;
esac"""

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or not shutil.which("bash"), reason="there is no bash here"
)


def played(place: Path, own: str, **statuses: int) -> tuple[int, list[str], str]:
    """The exit status of `.ci/run` where .venv has Python `own`, what it printed, and what it made."""
    programs = {
        ".venv/bin/python": PYTHON.format(version=own),
        "bin/python3.13": PYTHON.format(version="3.13"),
        "bin/pyenv": "exit 1",
        "bin/make": MAKE,
    }
    for name, text in programs.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(f"#!/usr/bin/env bash\n{text}\n")
        (place / name).chmod(0o755)
    (place / ".ci").mkdir()
    shutil.copy(RUN, place / ".ci" / "run")
    environment = os.environ | {"PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    environment |= {name: str(statuses.get(name, 0)) for name in ("MAIN", "NEWER", "STYLE")}
    told = subprocess.run(
        ["bash", str(place / ".ci" / "run")], env=environment, capture_output=True, text=True
    )
    return told.returncode, told.stdout.splitlines(), (place / "made").read_text()


@pytest.mark.parametrize("fails", ["", "MAIN", "NEWER", "STYLE"])
def test_it_fails_if_any_part_does_and_ends_on_the_whole_suite(fails: str, tmp_path: Path) -> None:
    status, lines, made = played(tmp_path, "3.11", **({fails: 3} if fails else {}))
    assert status == (3 if fails else 0)
    assert lines[-1] == CLOSING
    assert "Some of the tests again, on Python 3.13.9" in lines
    again = made.splitlines()[-1]
    assert "tests/test_cheap.py" in again and "tests/test_equilibrium.py" in again


def test_without_a_newer_python_it_says_so(tmp_path: Path) -> None:
    status, lines, made = played(tmp_path, "3.13")
    assert (status, lines[-1]) == (0, CLOSING)
    assert "There is no newer Python here: the tests ran on Python 3.13.9 alone." in lines
    assert ".venv-newer" not in made
