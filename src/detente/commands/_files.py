"""What commands share: new files, never over old ones, and the world that was named."""

import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .._core import OutcomeError, whole_file


if TYPE_CHECKING:
    import pandas as pd


Progress = Callable[[str], None]
"""Takes a few words on what is being done now."""
OF_FILES = frozenset(
    ".xlsx .xls .csv .json .html .nc .toml .pdf .docx .pptx .png .svg .md .txt".split()
)
"""How names of files end, which a directory may not promise to be."""
FORMULA = re.compile(r"[\s\x00]*[=+\-@＝＋－＠]|[\t\n]")
"""How a cell begins that a spreadsheet may compute; spaces before it do not prevent that."""
NUMBER = re.compile(r"[+-]?(\d[\d,]*\.?\d*|\.\d+)([eE][+-]?\d+)?\s?%?")


def quiet(done: str) -> None:
    """Progress that nobody looks at."""


def refuse_existing(*paths: Path) -> None:
    """Raise `OutcomeError` for the first place that is taken, or where nothing can be written."""
    for path in paths:
        if path.exists():
            raise OutcomeError(f"{path} exists already; choose another place, nothing was written.")
        try:
            with path.open("xb"):
                pass
            path.unlink()
        except OSError as error:
            raise OutcomeError(f"{path} cannot be written: {error.strerror}.") from error


def refuse_directory(path: Path) -> None:
    """Raise `OutcomeError` where no new directory of that name can be made, with those above it."""
    if path.suffix.lower() in OF_FILES and not path.exists():
        raise OutcomeError(
            f"a run is written into a directory, and {path} has the name of a file; leave "
            f"'{path.suffix}' out."
        )
    if path.exists():
        raise OutcomeError(f"{path} exists already; choose another place, nothing was written.")
    above = next(one for one in path.absolute().parents if one.exists())
    if not above.is_dir():
        raise OutcomeError(f"{path} cannot be written: {above} is a file.")
    if not os.access(above, os.W_OK | os.X_OK):
        raise OutcomeError(f"{path} cannot be written: {above} does not allow it.")


def on_baseline(overrides: Sequence[str], baseline: str | None) -> list[str]:
    """The changes of a scenario with the world that was named, if one was, as the last of them."""
    return [*overrides, *([] if baseline is None else [f"baseline={json.dumps(baseline)}"])]


def write_text(text: str, path: Path) -> None:
    """Write a new file of text, in UTF-8."""
    write_bytes(text.encode(errors="replace"), path)


def write_table(rows: "pd.DataFrame", path: Path) -> None:
    """Write a new file of comma-separated rows; no text in it is a formula to a spreadsheet."""
    words = rows.select_dtypes(exclude=["number", "bool", "datetime", "datetimetz"])
    shown = rows.copy()
    shown[words.columns] = words.map(without_formula)
    shown = shown.rename(columns=without_formula)
    write_text(shown.to_csv(index=False, lineterminator="\n"), path)


def without_formula(cell: object) -> object:
    """A cell with an apostrophe before it where a spreadsheet would compute its text.

    Numbers stay as they are, also those that are written as text.

    >>> [without_formula(cell) for cell in ("=1+1", "-1.5", -1.5, "exports")]
    ["'=1+1", '-1.5', -1.5, 'exports']
    """
    if not isinstance(cell, str):
        return cell
    # A bare carriage return is not quoted by every writer, and would begin a cell of its own.
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    return FORMULA.match(text) is not None and NUMBER.fullmatch(text.strip()) is None


def write_bytes(content: bytes, path: Path) -> None:
    """Write a new file, whole or not at all."""
    refuse_existing(path)
    try:
        with whole_file(path) as new:
            new.write_bytes(content)
    except OSError as error:
        raise OutcomeError(f"{path} cannot be written: {error.strerror}.") from error
