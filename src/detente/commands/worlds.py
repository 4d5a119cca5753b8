"""The worlds that can be named: shipped, built, or to be built."""

import os
from pathlib import Path
from typing import Any

from .._core import DataError, nearest, user_data_directory
from ..calibrate import baseline as baselines
from ._files import Progress, refuse_existing


def list_baselines() -> list[dict[str, Any]]:
    """Every world that can be named: where it is, or that it can be built."""
    from ..calibrate.worlds import WORLDS

    found = baselines.available()
    rows = [
        {"name": name, "title": recipe.title, "path": found.get(name)}
        for name, recipe in WORLDS.items()
    ]
    others = [name for name in found if name not in WORLDS]
    return rows + [
        {"name": name, "title": "built by the user", "path": found[name]} for name in others
    ]


def build_baseline(
    name: str, *, sources: Path | None = None, out: Path | None = None, progress: Progress
) -> Path:
    """Build a world from raw sources into the user's data directory, or into the file `out`."""
    from ..calibrate.worlds import build_world, WORLDS

    if name not in WORLDS:
        raise DataError(f"there is no recipe for the world '{name}'; {nearest(name, WORLDS)}")
    target = out or user_data_directory() / "baselines" / f"{name}.nc"
    if out is not None:
        refuse_existing(out)
    dataset = build_world(name, sources or raw_directory(), progress)
    temporary = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        baselines.write_dataset(dataset, temporary)
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise DataError(f"{target} cannot be written: {error.strerror}.") from error
    return target


def raw_directory() -> Path:
    """Where the raw sources are: `DETENTE_RAW`, or beside the working directory."""
    chosen = os.environ.get("DETENTE_RAW")
    places = [Path(chosen)] if chosen else [Path("shared/data"), Path("../shared/data")]
    for place in places:
        if place.is_dir():
            return place
    raise DataError(
        "the raw sources were not found; name their directory with --sources or DETENTE_RAW."
    )
