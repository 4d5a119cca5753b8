"""Where in a file something stands, for the sentence that names it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias


Words: TypeAlias = Any
"""A pandas series; the types of pandas do not say what its attributes are."""


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A file, and what its rows are called: lines of a text, rows of a sheet."""

    path: Path
    unit: str = "line"
    names: Mapping[str, str] = field(default_factory=dict)
    """What the file calls its columns, by our names for them."""

    def at(self, line: object) -> str:
        return f"{self.path}, {self.unit} {line}"

    def column(self, name: object) -> str:
        """A column as the file calls it."""
        return self.names.get(str(name), str(name))
