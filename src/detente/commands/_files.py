"""What commands share: new files, never over old ones, and the world that was named."""

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from pathlib import Path

from .._core import OutcomeError, whole_file
from ..export import form_of, FORMS, is_picture, places_of
from .asks import Ask, named


Progress = Callable[[str], None]
"""Takes a few words on what is being done now."""
OF_FILES = {".xls", ".nc", ".toml", ".txt"}
"""How names of files end that a directory has no more than those of an export."""
_DEVICE = re.compile(r"(?i:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[1-9¹²³]) *(?:\.|$)")
_NO_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


def quiet(done: str) -> None:
    """Progress that nobody looks at."""


def plain_name(name: str) -> str:
    """A name with dashes in place of dots and of signs that no file can have on Windows.

    >>> plain_name("china-korea/phase-two")
    'china-korea-phase-two'
    """
    return _NO_NAME.sub("-", name.replace(".", "-"))


def refuse_name(path: Path) -> None:
    """Raise `OutcomeError` where Windows could not keep a file of that name.

    On every system: a run or an answer is handed on, and what asks for it has one behaviour.
    """
    why = ""
    if _DEVICE.match(path.name):
        why = f"Windows keeps the name '{path.name.partition('.')[0].strip()}' for a device"
    elif sign := _NO_NAME.search(path.name):
        why = f"no name on Windows may hold {sign[0]!r}"
    elif path.name.endswith((".", " ")) and path.name != "..":
        why = "no name on Windows may end in a dot or a space"
    if why:
        raise OutcomeError(f"{path} cannot be written: {why}, and files are handed on.")


def refuse_existing(*paths: Path) -> None:
    """Raise `OutcomeError` for the first place that is taken, or where nothing can be written."""
    for path in paths:
        refuse_name(path)
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
    for new in takewhile(lambda one: not one.exists(), (path, *path.parents)):
        refuse_name(new)
    suffix = path.suffix.lower()
    if suffix in OF_FILES | FORMS.keys() and not path.exists():
        then = (
            f"; 'detente export DIR --out {path}' then writes the file" if suffix in FORMS else ""
        )
        raise OutcomeError(
            f"a run is written into a directory, and {path} has the name of a file; leave "
            f"'{path.suffix}' out{then}."
        )
    if path.exists():
        raise OutcomeError(f"{path} exists already; choose another place, nothing was written.")
    above = next(one for one in path.absolute().parents if one.exists())
    if not above.is_dir():
        raise OutcomeError(f"{path} cannot be written: {above} is a file.")
    if not os.access(above, os.W_OK | os.X_OK):
        raise OutcomeError(f"{path} cannot be written: {above} does not allow it.")


def refuse_form(path: Path, ask: Ask | None = None) -> None:
    """Raise `OutcomeError` for a file that cannot be written, before anything is computed."""
    refuse_existing(path)
    form_of(path)
    if ask is not None and is_picture(path) and (ask.unpictured or not ask.PICTURED):
        why = ask.unpictured or f"'{named(ask)}' has no picture"
        raise OutcomeError(f"{why}; give {path} another suffix, such as '.xlsx'.")
    refuse_existing(*places_of(path)[1:])


def on_baseline(overrides: Sequence[str], baseline: str | None) -> list[str]:
    """The changes of a scenario with the world that was named, if one was, as the last of them."""
    return [*overrides, *([] if baseline is None else [f"baseline={json.dumps(baseline)}"])]


def write_text(text: str, path: Path) -> None:
    """Write a new file of text, in UTF-8."""
    write_bytes(text.encode(errors="replace"), path)


def write_bytes(content: bytes, path: Path) -> None:
    """Write a new file, whole or not at all."""
    refuse_existing(path)
    try:
        with whole_file(path) as new:
            new.write_bytes(content)
    except OSError as error:
        raise OutcomeError(f"{path} cannot be written: {error.strerror}.") from error


def write_files(files: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """Write new files, all of them or none; returns where they are."""
    written: list[Path] = []
    try:
        for path, content in files.items():
            write_bytes(content, path)
            written.append(path)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return tuple(written)
