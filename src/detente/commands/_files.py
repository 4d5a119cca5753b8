"""Writing new files, and never over old ones."""

from collections.abc import Callable
from pathlib import Path

from .._core import OutcomeError


Progress = Callable[[str], None]


def refuse_existing(*paths: Path) -> None:
    """Raise `OutcomeError` for the first place that is taken."""
    for path in paths:
        if path.exists():
            raise OutcomeError(f"{path} exists already; choose another place, nothing was written.")


def write_text(text: str, path: Path) -> None:
    """Write a new file of text."""
    write_bytes(text.encode(), path)


def write_bytes(content: bytes, path: Path) -> None:
    """Write a new file."""
    refuse_existing(path)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise OutcomeError(f"{path} cannot be written: {error.strerror}.") from error
