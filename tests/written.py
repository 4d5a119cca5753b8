"""What Python writes to the disk meanwhile, caches and a library's own settings aside."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path


CACHES = ("__pycache__", ".pytest_cache", "matplotlib", str(Path("detente", "compiled")))
CHANGES = {"os.mkdir", "os.rename", "os.link", "os.symlink", "os.truncate"}
_heard: list[list[str]] = []
"""A list for each time that is watched; a hook stays for good, and tells nobody where none is."""


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if not _heard or (event != "open" and event not in CHANGES):
        return
    path = str(arguments[0])
    if event == "open":
        _, mode, flags = arguments
        opened = int(flags) & (os.O_WRONLY | os.O_RDWR) if isinstance(flags, int) else 0
        if not opened and not set(str(mode or "")) & set("wxa+"):
            return
    if not any(cache in path for cache in CACHES):
        _heard[-1].append(f"{event} {path}")


@cache
def _listen() -> None:
    sys.addaudithook(_hear)


@contextmanager
def written() -> Iterator[list[str]]:
    """Every file that is opened for writing, made, moved or linked within the block."""
    _listen()
    _heard.append([])
    try:
        yield _heard[-1]
    finally:
        _heard.pop()
