"""The worlds that can be named: shipped, built, or to be built."""

from pathlib import Path
from typing import Any

from .._core import DataError, nearest, user_data_directory
from ..calibrate import baseline as baselines
from ..gazetteer import available, TRAVEL
from ._files import Progress, refuse_existing


def list_baselines() -> list[dict[str, Any]]:
    """Every world that can be named: where it is, or that it can be built.

    Those with travel laid over are computed when they are read, from the file that they name.
    """
    from ..calibrate.from_store import recipes
    from ..calibrate.worlds import WORLDS
    from ..data.store import Store

    paths = available()
    titles = {name: recipe.title for name, recipe in WORLDS.items()} | recipes(Store.open())
    rows = [
        {"name": name, "title": title, "path": paths.get(name)} for name, title in titles.items()
    ]
    others = [name for name in paths if name not in titles]
    rows += [{"name": name, "title": "built by the user", "path": paths[name]} for name in others]
    return rows + [
        {"name": f"{name}{TRAVEL}", "title": f"{name} with travel laid over", "path": paths[name]}
        for name in WORLDS
        if name in paths
    ]


def build_baseline(
    name: str, *, sources: Path | None = None, out: Path | None = None, progress: Progress
) -> Path:
    """Build a world into the user's data directory, or into the file `out`.

    Worlds with a recipe come from raw sources; `icio-YEAR`, `icio-YEAR-compact`, `wiod-YEAR` and
    `adb-mrio-YEAR` from the store.
    """
    from ..calibrate.from_store import is_of_the_store, TABLES
    from ..calibrate.worlds import WORLDS

    plain = name.removesuffix(TRAVEL)
    if plain != name and (plain in WORLDS or is_of_the_store(plain)):
        raise DataError(
            f"'{name}' is computed when it is read and needs no building; it is laid over "
            f"'{plain}', which 'detente data build {plain}' builds."
        )
    if name in TABLES:
        raise DataError(f"a world of '{name}' has a year; name it as in '{name}-2010'.")
    if name not in WORLDS and not is_of_the_store(name):
        raise DataError(f"there is no recipe for the world '{name}'; {nearest(name, WORLDS)}")
    target = out or user_data_directory() / "baselines" / f"{name}.nc"
    if out is not None:
        refuse_existing(out)
    dataset = _build(name, sources, progress)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        baselines.write_dataset(dataset, target)
    except OSError as error:
        raise DataError(f"{target} cannot be written: {error.strerror}.") from error
    return target


def _build(name: str, sources: Path | None, progress: Progress) -> Any:
    from ..calibrate.from_store import build_from_store, is_of_the_store
    from ..calibrate.worlds import build_world
    from ..data.store import Store
    from ..data.tables import raw_directory

    if is_of_the_store(name):
        return build_from_store(name, Store.open(), progress)
    return build_world(name, raw_directory(sources), progress)
