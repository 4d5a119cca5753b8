"""What this installation is and has, for whoever asks why something is not there."""

import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from .. import __version__, gazetteer
from .._core import user_data_directory
from ..report.section import Section


def doctor() -> dict[str, str]:
    """Facts in words: versions, places and whether they can be written, worlds, devices."""
    import jax

    cache = Path(platformdirs.user_cache_dir("detente", appauthor=False))
    compiled = os.environ.get("JAX_COMPILATION_CACHE_DIR", str(cache / "compiled"))
    places = {
        "data": user_data_directory(), "cache": Path(compiled), "here": Path.cwd(),
    }  # fmt: skip
    return {
        "détente": f"{__version__}, in {Path(__file__).parents[1]}",
        "Python": f"{platform.python_version()}, {sys.executable}",
        "system": f"{platform.platform()}, {os.cpu_count()} cores",
        "encoding": getattr(sys.stdout, "encoding", None) or "none",
        "JAX": f"{jax.__version__}, on {', '.join(map(str, jax.devices()))}",
        **{name: f"{path}, {_state(path)}" for name, path in places.items()},
        "worlds": ", ".join(_worlds()),
        "sources": _stored(),
    }


def report_of(facts: dict[str, str]) -> Section:
    """The facts, one to a line."""
    return Section([f"{name}: {fact}" for name, fact in facts.items()])


def _state(path: Path) -> str:
    """Whether it can be written, or made where it is not there yet."""
    place = next((one for one in (path, *path.parents) if one.exists()), path)
    allowed = os.access(place, os.W_OK)
    if place == path:
        return f"{_size(path)}, can be written" if allowed else "cannot be written"
    return "not there yet, can be made" if allowed else "not there, and cannot be made"


def _size(path: Path) -> str:
    """The bytes of the files directly in it and one level below."""
    files = [one for pattern in ("*", "*/*") for one in path.glob(pattern) if one.is_file()]
    return f"{len(files)} files of {sum(one.stat().st_size for one in files) / 1e6:.1f} MB"


def _worlds() -> Iterator[str]:
    for name, path in gazetteer.available().items():
        unread = "" if gazetteer.world(name) else "cannot be read, "
        yield f"{name} ({unread}{path.stat().st_size / 1e6:.1f} MB)"


def _stored() -> str:
    from ..data.store import Store

    names = dict.fromkeys(entry.source for entry in Store.open().contents())
    return ", ".join(names) or "nothing has been added"
