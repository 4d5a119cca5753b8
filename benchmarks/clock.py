"""Time, memory and the machine they were measured on. Imports nothing that is timed."""

import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, UTC
from pathlib import Path
from typing import Any


# A figure is the median of this many calls, or of as many as fit into the seconds.
MOST, SECONDS, LEAST = 20, 4.0, 3


@dataclass(frozen=True)
class Timing:
    """Seconds of the first call, and of the calls after it."""

    first: float
    median: float
    least: float
    laps: int


def timed(
    call: Callable[[], Any],
    wait: Callable[[Any], Any] = lambda value: value,
    *,
    most: int = MOST,
    least: int = LEAST,
    compiles: bool = True,
) -> tuple[Timing, Any]:
    """Time a call and its repeats, each waited for; the last value comes with it.

    Where nothing is compiled the first call counts like any other.
    """
    first, value = lap(call, wait)
    laps: list[float] = [] if compiles else [first]
    while len(laps) < least or (len(laps) < most and sum(laps) < SECONDS):
        seconds, value = lap(call, wait)
        laps.append(seconds)
    return Timing(first, statistics.median(laps), min(laps), len(laps)), value


def lap(call: Callable[[], Any], wait: Callable[[Any], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    value = wait(call())
    return time.perf_counter() - start, value


def peak_mb() -> float:
    """The most memory that this process ever held, in MB of 10^6 bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def load() -> float:
    """Processes that ran or waited to run, averaged over the last minute."""
    return os.getloadavg()[0]


def cores() -> int:
    """Those this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def machine() -> dict[str, Any]:
    return {
        "cpu": _cpu(),
        "cores": cores(),
        "system": f"{platform.system()} on {platform.machine()}",
        "python": platform.python_version(),
        "date": datetime.now(UTC).date().isoformat(),
        "commit": _commit(),
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "processor not named"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "processor not named"


def _commit() -> str:
    """The commit, and whether the engine differs from it."""
    git = lambda *words: subprocess.run(
        ["git", *words], cwd=Path(__file__).parent, capture_output=True, text=True, check=True
    ).stdout.strip()
    try:
        changed = git("status", "--porcelain", "--", "../src")
        return git("rev-parse", "--short", "HEAD") + " with changes in src" * bool(changed)
    except (OSError, subprocess.CalledProcessError):
        return "not under version control"
