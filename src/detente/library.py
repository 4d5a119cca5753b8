"""The files that ship with the package: where they are, and how their tables are read."""

import csv
import tomllib
from pathlib import Path
from typing import Any, TYPE_CHECKING


if TYPE_CHECKING:
    import xarray as xr


def path(name: str | Path) -> Path:
    """Where a file or folder of the library is, such as `record/events.csv`."""
    return Path(__file__).parent / "library" / name


def table(name: str | Path) -> list[dict[str, str]]:
    """The rows of a CSV table of the library; one that stands elsewhere by its whole path."""
    with path(name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def sentences(name: str | Path) -> dict[str, Any]:
    """Texts by their names, from a TOML file of the library; of one elsewhere by its whole path."""
    return tomllib.loads(path(name).read_text(encoding="utf-8-sig"))


def dataset(name: str | Path) -> "xr.Dataset":
    """The labelled arrays of a NetCDF table of the library, in memory."""
    import xarray as xr

    return xr.load_dataset(path(name), engine="scipy", mmap=False)
