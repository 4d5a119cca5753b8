"""The sentences of an answer, all in `sentences.toml` or in a translation of it."""

import os
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from .. import library
from .._core import DataError, nearest, TRANSLATION


def say(key: str, *, many: object = False, **filled: object) -> str:
    """The sentence of that name, such as "lead.when", filled in; `many` for a plural subject."""
    template: Any = templates()
    for part in key.split("."):
        template = template[part]
    if isinstance(template, dict):
        template = template["many" if many else "one"]
    return template.format(**filled)


def templates() -> dict[str, Any]:
    """The templates by their names, in the language that is asked for."""
    return sentences(os.environ.get(TRANSLATION))


@cache
def sentences(translation: str | None) -> dict[str, Any]:
    """The templates by their names: those that ship, or all of them from a file of a translation.

    A translation is whole or refused (`DataError`): an answer in two languages, or one that left a
    number out, would be worse than one in English. What English has for one and for many may be one
    template in a language that says both alike.
    """
    english = library.sentences("sentences.toml")
    if not translation:
        return english
    path = Path(translation).absolute()
    try:
        ours = library.sentences(path)
    except OSError as error:
        raise DataError(f"the sentences in {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise DataError(f"the sentences in {path} are not TOML in UTF-8: {error}.") from error
    _refuse_other(path, dict(_templates(english)), dict(_templates(ours)))
    return ours


def _refuse_other(path: Path, english: dict[str, str], ours: dict[str, str]) -> None:
    for key, template in english.items():
        one = ours.get(key, ours.get(_parent(key), ""))
        if not one:
            raise DataError(f"the sentences in {path} lack '{key}', which is '{template}'.")
        try:
            there, wanted = _filled(one), _filled(template)
        except ValueError as error:
            raise DataError(f"the sentence '{key}' in {path} cannot be filled: {error}.") from error
        if there != wanted:
            odd = sorted(there ^ wanted)[0]
            does = "does not say" if odd in wanted else "asks for"
            raise DataError(
                f"the sentence '{key}' in {path} {does} {{{odd}}}; it is '{template}' in English."
            )
    known = {*english, *(_parent(key) for key in english)}
    if unknown := sorted(set(ours) - known):
        raise DataError(
            f"{path} has the sentence '{unknown[0]}', and there is none of that name; "
            f"{nearest(unknown[0], english)}"
        )


def _parent(key: str) -> str:
    """Where a template for one or for many hangs; the key itself for all others."""
    room, _, last = key.rpartition(".")
    return room if last in ("one", "many") else key


def _filled(template: str) -> set[str]:
    """The names of what is filled into a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def _templates(room: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, inside in room.items():
        if isinstance(inside, dict):
            yield from _templates(inside, f"{above}{name}.")
        else:
            yield f"{above}{name}", str(inside)
