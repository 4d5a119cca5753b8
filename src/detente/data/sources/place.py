"""Where in a file something stands, for the sentence that names it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias


Words: TypeAlias = Any
"""A pandas series; the types of pandas do not say what its attributes are."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file, and what its rows are called: lines of a text, rows of a sheet."""

    path: Path
    unit: str = "line"

    def at(self, line: object) -> str:
        return f"{self.path}, {self.unit} {line}"
