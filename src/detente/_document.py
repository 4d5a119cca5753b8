"""A request and the TOML file it is in: found by name or path, read, changed by `--set`, checked.

Whatever is requested, what is wrong with the file is said in one sentence.
"""

import csv
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, get_args, get_origin, Literal, TypeVar, Union

from pydantic import BaseModel, ConfigDict, model_validator, ValidationError

from . import library
from ._core import is_place, nearest, ScenarioError, too_large
from ._refusal import Kinds, refusal
from .names import choice, endings


Model = TypeVar("Model", bound=BaseModel)
MOST_BYTES = 32_000_000
"""Of a document: a schedule of a line for every cell of the largest world is smaller."""
MOST_LEVELS = 20
OTHERS = {
    "scenarios": "a scenario: 'detente run",
    "games": "a game: 'detente stance --game",
    "episodes": "an episode: 'detente episode",
}
"""What the folders of the library hold, and the words before a name that ask about one."""
_TOO_DEEP = f"nests tables and lists more than {MOST_LEVELS} levels deep; a scenario needs five."


class Request(BaseModel):
    """A part of a file of the user: unknown keys are refused and values never change."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False
    )

    @model_validator(mode="before")
    @classmethod
    def _choices_meant(cls, given: Any) -> Any:
        """A choice in any case is the choice that is meant, and one name a list of one."""
        if not isinstance(given, Mapping):
            return given
        meant = {name: _meant(cls, str(name), value) for name, value in given.items()}
        return {name: _listed(cls, str(name), value) for name, value in meant.items()}


def _meant(model: type[BaseModel], name: str, given: Any) -> Any:
    """The choice that is written, or each of several; what is none stays as it is."""
    if isinstance(given, list | tuple):
        valid = _choices(model, name, several=True)
        return [choice(one, valid) or one if isinstance(one, str) else one for one in given]
    return (choice(given, _choices(model, name)) or given) if isinstance(given, str) else given


def _listed(model: type[BaseModel], name: str, given: Any) -> Any:
    """One name where several may be, as a list of it; a choice stays what it is."""
    if not isinstance(given, str) or given in _choices(model, name):
        return given
    return [given] if _takes_several(model, name) else given


@cache
def _takes_several(model: type[BaseModel], name: str) -> bool:
    """Whether a field holds words, any number of them."""
    if name not in model.model_fields:
        return False
    kind = model.model_fields[name].annotation
    return any(one == tuple[str, ...] for one in (kind, *get_args(kind)))


@cache
def _choices(model: type[BaseModel], name: str, *, several: bool = False) -> tuple[str, ...]:
    """The words among which a field chooses, or each of several in it; none where it does not.

    "all" in the place of a list is a choice; in a list it may be a code.
    """
    if name not in model.model_fields:
        return ()
    return tuple(_literals(model.model_fields[name].annotation, several))


def _literals(kind: Any, several: bool) -> Iterator[str]:
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal and not several:
        yield from (one for one in inner if isinstance(one, str))
    elif origin in (Union, UnionType, Annotated):
        for one in inner:
            yield from _literals(one, several)
    elif origin is tuple and several:
        for one in inner:
            yield from _literals(one, False)


def in_library(folder: str) -> dict[str, Path]:
    """The files of a folder of the library, by name."""
    root = library.path(folder)
    paths = sorted(root.rglob("*.toml"))
    return {path.relative_to(root).with_suffix("").as_posix(): path for path in paths}


def find(reference: str | Path, folder: str, kind: str) -> tuple[Path, str]:
    """The file of that name in the library, or at that path, and the name to print for it.

    A name of the library may be in any case, or be its last words where only one ends in them.
    `kind` is what it is called where there is none: `ScenarioError`, with the nearest name.
    """
    library = in_library(folder)
    if str(reference) in library:
        return library[str(reference)], str(reference)
    path = Path(reference)
    if path.is_file():
        return path, path.stem
    if path.suffix == ".toml" or is_place(str(reference)):
        raise ScenarioError(f"there is no {kind} file at {path}.")
    meant = endings(str(reference), library)
    if len(meant) > 1:
        several = " or ".join(map(repr, meant[:4]))
        raise ScenarioError(f"the {kind} '{reference}' may be {several}; write one of them.")
    if not meant:
        raise ScenarioError(_unknown(str(reference), folder, kind))
    return library[meant[0]], meant[0]


def _unknown(reference: str, folder: str, kind: str) -> str:
    """That there is none of that name, with what has it elsewhere or the nearest name."""
    for other, what in OTHERS.items():
        if other != folder and (meant := endings(reference, in_library(other))):
            return f"there is no {kind} '{reference}', but {what} {meant[0]}'."
    hints = [nearest(reference, in_library(one)) for one in (folder, *OTHERS)]
    near = next((one for one in hints if one.startswith("did you mean")), hints[0])
    return f"there is no {kind} '{reference}'; {near}"


def name_of(reference: str, folder: str, kind: str) -> str:
    """The name in the library that is meant, or the path as it stands; raises as `find` does."""
    path, name = find(reference, folder, kind)
    return name if in_library(folder).get(name) == path else reference


def read(path: Path, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """The document in a file; raises `ScenarioError` where it is not TOML, or cannot be one."""
    try:
        if reason := too_large(path, MOST_BYTES):
            raise ScenarioError(f"{path} is too large: {reason}.")
        # Editors on Windows put a byte-order mark in front.
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=parse_float)
    except ValueError as error:
        # Beside what is not TOML, a whole number of thousands of digits.
        raise ScenarioError(f"{path} is not valid TOML: {str(error).split(';')[0]}.") from error
    except RecursionError as error:
        raise ScenarioError(f"{path} {_TOO_DEEP}") from error
    except OSError as error:
        raise ScenarioError(f"{path} cannot be read: {error.strerror}.") from error
    if _deeper_than(document, MOST_LEVELS):
        raise ScenarioError(f"{path} {_TOO_DEEP}")
    return document


def rows_of(path: Path, what: str) -> list[dict[str, str]]:
    """The rows of a CSV file; raises `ScenarioError` where it is none, with `what` it should be."""
    if not path.is_file():
        raise ScenarioError(f"there is no {what} at {path}.")
    if reason := too_large(path, MOST_BYTES):
        raise ScenarioError(f"{path} is too large: {reason}.")
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file, restval=""))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ScenarioError(f"{path} is not a CSV file in UTF-8.") from error
    except OSError as error:
        raise ScenarioError(f"{path} cannot be read: {error.strerror}.") from error
    for line, row in enumerate(rows, start=2):
        if None in row:
            raise ScenarioError(f"{path} has more cells in line {line} than in its head.")
    return rows


def _deeper_than(document: Any, most: int) -> bool:
    """Whether tables and lists stand in one another more than so many levels deep."""
    level: list[Any] = [document]
    for _ in range(most):
        inside = [one.values() if isinstance(one, dict) else one for one in level]
        level = [one for held in inside for one in held if isinstance(one, dict | list)]
        if not level:
            return False
    return True


def override(document: dict[str, Any], text: str, model: type[BaseModel], inside: str) -> None:
    """Set one value by `PATH=VALUE`, its path from the top of the document.

    What is in the table `inside`, such as a policy, is known by its own name too.
    """
    path, equals, value = text.partition("=")
    if not equals:
        raise ScenarioError(f"'{text}' changes no value: write it as PATH=VALUE.")
    keys = path.strip().split(".")
    if keys[0] not in model.model_fields:
        held = document.get(inside)
        named = list(held) if isinstance(held, dict) else []
        if keys[0] not in named:
            valid = nearest(keys[0], [*named, *model.model_fields])
            raise ScenarioError(f"there is nothing called '{keys[0]}' to set; {valid}")
        keys = [inside, *keys]
    table: Any = document
    for key in keys[:-1]:
        table = table.setdefault(key, {})
        if not isinstance(table, dict):
            raise ScenarioError(f"'{path}' cannot be set: '{key}' is not a table.")
    table[keys[-1]] = value_in(value.strip())


def value_in(text: str) -> Any:
    """A TOML value, or the text itself, so that a name needs no quotes."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    except (ValueError, RecursionError) as error:
        raise ScenarioError(f"'{text[:20]}…' is no value that can be set.") from error


def checked(
    model: type[Model], document: Mapping[str, Any], where: str, kinds: Kinds | None = None
) -> Model:
    """The document as a request; raises `ScenarioError` with one sentence where it is none.

    `kinds` are the models of the tables in it that say their `kind`.
    """
    try:
        return model.model_validate(document)
    except ValidationError as error:
        sentence = " ".join(refusal(error, document, model, kinds or {}).split())
        raise ScenarioError(f"{where}: {sentence}") from error
