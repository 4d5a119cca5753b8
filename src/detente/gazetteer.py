"""The worlds there are, where their files lie, and what each calls its countries and sectors.

Only the labels of a file are read, without the engine, so that a name is checked at once.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from . import library
from ._core import BaselineError, is_place, nearest, user_data_directory
from .names import fold, Kind, Names


TRAVEL = "-travel"
"""How the name of a world ends that has travel laid over it."""


@dataclass(frozen=True)
class World:
    """The names of one world."""

    countries: Names
    sectors: Names


def available() -> dict[str, Path]:
    """The baselines that can be named, and the file of each: shipped first, then built."""
    built = user_data_directory() / "baselines"
    paths = [*sorted(built.glob("*.nc")), *sorted(library.path("baselines").glob("*.nc"))]
    return {path.stem: path for path in paths}


def world_name(written: str) -> str:
    """The name of the world that is meant, in any case; a file, or what is none, as it stands."""
    if Path(written).is_file():
        return written
    names = {fold(name): name for name in available()}
    names |= {fold(f"{name}{TRAVEL}"): f"{name}{TRAVEL}" for name in names.values()}
    return names.get(fold(written), written)


def find_baseline(reference: str | Path) -> Path:
    """The file that holds a baseline, by name or by path."""
    names = available()
    if (name := world_name(str(reference))) in names:
        return names[name]
    path = Path(reference)
    if path.is_file():
        return path
    if path.suffix or len(path.parts) > 1 or is_place(str(reference)):
        raise BaselineError(f"there is no baseline file at {path}.")
    laid_over = [f"{name}{TRAVEL}" for name in names]
    raise BaselineError(
        f"there is no baseline '{reference}'; {nearest(str(reference), [*names, *laid_over])} "
        "Full worlds are built from their sources with 'detente data build NAME'."
    )


def plain_name(reference: str | Path) -> str | None:
    """The world that a name with `-travel` is laid over; none where a file has the name itself."""
    name = world_name(str(reference))
    plain = name.removesuffix(TRAVEL)
    is_name = plain != name and not Path(plain).suffix and len(Path(plain).parts) == 1
    return plain if is_name and name not in available() else None


def world(reference: str) -> World | None:
    """The names of a world, by its name or file; none where it cannot be read so far."""
    known = available()
    path = known.get(reference) or known.get(reference.removesuffix(TRAVEL)) or Path(reference)
    try:
        return _read(path, path.stat().st_mtime_ns, reference)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Whoever reads the file itself says what is wrong with it.
        return None


@cache
def _read(path: Path, changed: int, reference: str) -> World:
    """The names in a file that is as it was when it changed last."""
    from scipy.io import netcdf_file

    with netcdf_file(path, mmap=False) as file:
        name = reference if reference.endswith(TRAVEL) else _text(file._attributes["name"])
        return World(_names(file, "country", name), _names(file, "sector", name))


def _names(file: Any, kind: Kind, where: str) -> Names:
    codes = _texts(file, kind)
    labels = _texts(file, f"{kind}_name") or codes
    groups = json.loads(_text(file._attributes.get(f"{kind}_groups", "{}")))
    if not codes or len(set(codes)) < len(codes):
        raise ValueError("no baseline")
    return Names(kind, where, codes, dict(zip(codes, labels, strict=True)), tuple(groups))


def _texts(file: Any, name: str) -> tuple[str, ...]:
    """The words of a variable of characters; none where there is none."""
    if name not in file.variables:
        return ()
    return tuple(_text(row.tobytes()) for row in file.variables[name][:])


def _text(held: bytes | str) -> str:
    return held.decode().rstrip("\0 ") if isinstance(held, bytes) else held
