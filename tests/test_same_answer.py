"""The same command gives the same answer and exit status on one core and on two.

A search that rounding decides answers one machine and refuses another. What rounding does is put
in by hand as well: a relative 1e-13 on every loss and slope, far more than another order of adding
up makes of them.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest

import detente
from detente.commands.asks import QUESTIONS
from detente.geo.leverage import nothing, Threat
from detente.geo.leverage.optimum import _Valued, optimum, Search
from detente.geo.leverage.wedges import losses_and_slopes, pressure, reachable
from detente.world import Baseline

from .conftest import QUICK_TO_COMPILE


ROOT = Path(__file__).resolve().parents[1]
_FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^(?:\$ )?detente ([a-z].*?)(?:\s+#.*)?$", re.MULTILINE)
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
ROUNDING = 1e-13
Evaluate = Callable[[_Valued, np.ndarray], tuple[np.ndarray, np.ndarray]]

SEARCHING = ("leverage", "stance", "bargain", "tariffs")
"""Verbs whose answer hangs on which bound binds or which of two is larger."""
SOLVING = ("run", "decompose", "exposure", "conflict", "diversify", "sensitivity", "compare")
WITHOUT_DRAWS = {"run", *(name for name, ask in QUESTIONS.items() if "draws" in ask.model_fields)}
"""Those that take draws; what a draw is does not hang on threads."""
STAMP = re.compile(r"\b\d{8}-\d{6}\b")
"""The day and the second in the name of a run."""
MADE_FIRST = re.compile(
    r"\.(toml|nc|csv|txt|svg|html|png|xlsx)\b|\bRUN\b|\b[A-Z]\b|FILE|DIR|…|SCENARIO"
)


def printed_commands() -> list[str]:
    """The commands of the documentation, as printed, without what follows a comment sign."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    blocks = [block for page in pages for block in _FENCE.findall(page.read_text(encoding="utf-8"))]
    found = [line for block in blocks for line in _COMMAND.findall(block)]
    return list(dict.fromkeys(line.strip() for line in found))


def asked(command: str) -> list[str]:
    """Its words, without draws where it would take them."""
    words = shlex.split(command)
    if "--draws" in words:
        words[words.index("--draws") + 1] = "0"
    elif words[0] in WITHOUT_DRAWS:
        words += ["--draws", "0"]
    return words


def computing() -> list[str]:
    """The commands that need nothing to be made first and ask the model."""
    plain = [one for one in printed_commands() if not MADE_FIRST.search(one)]
    return [one for one in plain if one.split()[0] in SEARCHING + SOLVING]


def chosen() -> list[str]:
    """The cheapest mark-ups of all pages and the first command of each verb."""
    first = {one.split()[0]: one for one in reversed(computing())}
    return [one for one in computing() if "--cheapest" in one or one in first.values()]


def further() -> list[str]:
    """A second command of the two verbs that search most: all take twenty minutes of a core.

    Not the openings of goods with a boycott to lose, which take a minute and a half alone.
    """
    searching = [one for one in computing() if one.split()[0] in ("leverage", "bargain")]
    searching = [one for one in searching if "--outside" not in one]
    others = [one for one in searching if one not in chosen()]
    return list({one.split()[0]: one for one in reversed(others)}.values())


def answers(commands: list[str], cores: int, home: Path) -> list[tuple[int, str, str]]:
    few = str(cores)
    environment = os.environ | {
        "DETENTE_HOME": str(home), "XDG_DATA_HOME": str(home), "COLUMNS": "100",
        # From a place of their own: a run that is kept lies where the command is given.
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": few, "OPENBLAS_NUM_THREADS": few, "MKL_NUM_THREADS": few,
        # As users have it, and as the other tests do on one thread.
        "XLA_FLAGS": "" if cores > 1 else f"--xla_cpu_multi_thread_eigen=false {QUICK_TO_COMPILE}",
    }  # fmt: skip
    told = subprocess.run(
        [sys.executable, "-m", "tests.threads", few],
        input=json.dumps([asked(one) for one in commands]),
        capture_output=True, text=True, check=True, cwd=home, env=environment,
    )  # fmt: skip
    return json.loads(told.stdout)


def said(command: str, text: str) -> list[str]:
    """Its lines without what no answer hangs on: when it was run, and digits past the eighth."""
    text = STAMP.sub("STAMP", text)
    if "json" in command:
        text = re.sub(r"-?\d+\.\d+(e[+-]?\d+)?", lambda one: f"{round(float(one[0]), 8):.7g}", text)
    return text.splitlines()


def hold_on_any_number_of_cores(commands: list[str], home: Path) -> None:
    """Every command that does not is named, with the first line in which its answers differ."""
    one, two = (answers(commands, cores, home) for cores in (1, 2))
    wrong = {}
    for command, left, right in zip(commands, one, two, strict=True):
        told = [said(command, status[1]) for status in (left, right)]
        if left[0] or right[0]:
            wrong[command] = (left[2], right[2])
        elif told[0] != told[1]:
            wrong[command] = next(
                (pair for pair in zip(*told, strict=False) if pair[0] != pair[1]), ("", "")
            )
    assert not wrong


two_cores = pytest.mark.skipif(CORES < 2, reason="there is one core here")


@two_cores
def test_commands_answer_alike_on_one_core_and_on_two(home: Path) -> None:
    commands = chosen()
    assert sum("--cheapest" in one for one in commands) >= 2
    assert {one.split()[0] for one in commands} == {*SEARCHING, *SOLVING}
    # In one pair of processes, which load and compile what the commands share once.
    hold_on_any_number_of_cores([*commands, *further()], home)


@pytest.fixture(scope="module")
def compact() -> Baseline:
    return detente.load_baseline("compact-2022")


def searched(base: Baseline, sender: str, target: str, budget: float) -> Search:
    threat = Threat.model_validate({"senders": (sender,), "target": target, "form": "buying"})
    world = pressure(base, threat, nothing())
    open_to = reachable(base, threat, world)
    _, slopes, _ = losses_and_slopes(world, jnp.zeros(open_to.shape))
    return Search(
        world, open_to, np.asarray(slopes), -np.log1p(-budget / 100), float(np.log1p(1.0))
    )


def rounded(exact: Evaluate, seed: int) -> Evaluate:
    """The same values with other last digits."""
    draws = np.random.default_rng(seed)

    def evaluate(self: _Valued, cut: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        losses, slopes = exact(self, cut)
        noise = [1 + ROUNDING * draws.standard_normal(one.shape) for one in (losses, slopes)]
        return losses * noise[0], slopes * noise[1]

    return evaluate


# The first is the command of the pages; before, the others were refused for some roundings or all.
@pytest.mark.parametrize(
    ("sender", "target", "budget"),
    [
        ("CHN", "KOR", 0.01),
        ("CHN", "TWN", 0.005),
        ("CHN", "TWN", 0.001),
        ("JPN", "KOR", 0.001),
        ("CHN", "KOR", 0.001),
    ],
)
def test_cheapest_mark_ups_do_not_hang_on_the_last_digits(
    sender: str, target: str, budget: float, compact: Baseline, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = searched(compact, sender, target, budget)
    losses = [optimum(search).losses]
    exact = _Valued._evaluate
    for seed in range(4):
        monkeypatch.setattr(_Valued, "_evaluate", rounded(exact, seed))
        losses.append(optimum(search).losses)
    np.testing.assert_allclose(losses, np.tile(losses[0], (len(losses), 1)), rtol=1e-4)
    # All of the budget is spent, and no more.
    np.testing.assert_allclose([one[1] for one in losses], search.budget, rtol=2e-4)
