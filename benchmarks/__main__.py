"""Time the engine and its rivals, print the figures, and write `docs/reference/benchmarks.md`.

Every world and every rival runs in a process of its own, one after another. The page is written
only where every task was tried, so that no part of a run passes for the whole. `--only` runs some
of the tasks and writes no page; `--results FOLDER` keeps what was measured, and `--render` makes
the page from such a folder again.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .clock import load, machine
from .page import page


ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "benchmarks.md"
WORLDS = ("synthetic-5x3", "compact-2022", "nafta-1993", "world-2022", "synthetic-265x170")
SHARED = ("compact-2022", "nafta-1993", "world-2022")
# Seconds before a task is stopped: a world or a desk, and a rival.
WORLD_LIMIT, RIVAL_LIMIT = 600, 120


def tasks() -> Iterator[str]:
    """Worlds first: rivals read what they leave."""
    for name in WORLDS:
        yield f"world:{name}"
        yield f"again:{name}"
    for name in SHARED:
        for variant in ("tuned", "published"):
            for threads in ("1", "all"):
                yield f"nested:{variant}:{name}:{threads}"
    yield from ("desk:quiet", "desk:busy")
    yield from ("gravity:exact", "gravity:packaged")
    yield from ("puremacro:static", "puremacro:model:compact-2022", "puremacro:model:nafta-1993")


def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    reader.add_argument("--only", help="run the tasks whose names hold this, and write no page")
    reader.add_argument("--results", type=Path, help="a folder to keep the measurements in")
    reader.add_argument("--render", action="store_true", help="run nothing; render --results")
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (asked.results or Path(scratch)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        if not asked.render:
            chosen = [task for task in tasks() if not asked.only or asked.only in task]
            _measure(chosen, folder, Path(scratch) / "compiled")
        if asked.only:
            return
        missing = [task for task in tasks() if not _tried(folder, task)]
        if missing:
            print(f"no page is written: {', '.join(missing)} did not run", file=sys.stderr)
            return
        text = page(_results(folder))
    print(text)
    PAGE.write_text(text, encoding="utf-8")
    print(f"written to {PAGE.relative_to(ROOT)}", file=sys.stderr)


def _measure(chosen: list[str], folder: Path, compiled: Path) -> None:
    start = time.perf_counter()
    about = machine() | {"load before": load()}
    for task in chosen:
        print(f"{task:40}", end="", flush=True, file=sys.stderr)
        print(_run(task, folder, compiled), file=sys.stderr)
    about |= {"load after": load(), "seconds": time.perf_counter() - start}
    (folder / "machine.json").write_text(json.dumps(about, indent=1), encoding="utf-8")


def _run(task: str, folder: Path, compiled: Path) -> str:
    """One process; what it leaves is on disk. Returns a line on how it went."""
    kind, *details = task.split(":")
    if kind in ("nested", "puremacro") and (reason := _no_world(details, folder)):
        return reason
    limit = WORLD_LIMIT if kind in ("world", "again", "desk") else RIVAL_LIMIT
    command = [sys.executable, "-m", "benchmarks.child", task, str(folder)]
    start = time.perf_counter()
    try:
        ended = subprocess.run(
            command, cwd=ROOT, env=_surroundings(task, compiled), timeout=limit,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        _note(folder, task, f"stopped after {limit} s")
        return f"stopped after {limit} s"
    if ended.returncode:
        last = (ended.stderr.strip().splitlines() or ["no message"])[-1]
        _note(folder, task, f"ended with status {ended.returncode}: {last}")
        return f"ended with status {ended.returncode}: {last}"
    return f"{time.perf_counter() - start:.1f} s"


def _surroundings(task: str, compiled: Path) -> dict[str, str]:
    """Compiled code kept where nothing was before; for rivals, the number of BLAS threads."""
    world = task.split(":")[1]
    added = {
        "JAX_COMPILATION_CACHE_DIR": str(compiled / world),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0.1",
        "MPLBACKEND": "agg",
    }
    if task.endswith(":1"):
        added |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return os.environ | added


def _no_world(details: list[str], folder: Path) -> str:
    """Why a rival that reads a world cannot run, or nothing."""
    needed = [detail for detail in details if detail in WORLDS]
    absent = [name for name in needed if not (folder / f"{name}.npz").exists()]
    return f"skipped: {absent[0]} is not here" if absent else ""


def _note(folder: Path, task: str, line: str) -> None:
    path = _path(folder, task)
    held = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(held | {"stopped": line}, indent=1), encoding="utf-8")


def _tried(folder: Path, task: str) -> bool:
    """Whether it ran, or what it reads is not on this machine: a page needs that of every task."""
    if _path(folder, task).exists():
        return True
    return any(
        "absent" in json.loads(_path(folder, f"world:{name}").read_text(encoding="utf-8"))
        for name in WORLDS
        if name in task.split(":") and _path(folder, f"world:{name}").exists()
    )


def _path(folder: Path, task: str) -> Path:
    return folder / f"{task.replace(':', '-')}.json"


def _results(folder: Path) -> dict[str, Any]:
    """By task, an empty record where nothing was measured."""
    read = lambda path: json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    measured = {task: read(_path(folder, task)) for task in tasks()}
    return measured | {"machine": read(folder / "machine.json")}


if __name__ == "__main__":
    main()
