"""The folder of one paper's data, or a skip that names it."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def paper(raw_directory: Path) -> Callable[[str], Path]:
    def folder(name: str) -> Path:
        place = raw_directory / "replication" / name
        if not place.is_dir():
            pytest.skip(f"the data of {name} are not here")
        return place

    return folder
