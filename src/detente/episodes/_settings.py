"""Settings of an episode from the command line: one value at a time, of the kind it had."""

import math
from typing import Any

from .._core import ScenarioError
from .._document import value_in


def set_value(document: dict[str, Any], override: str) -> None:
    """Change one value of an episode's file by `PATH=VALUE`.

    Raises `ScenarioError` for a path that the file does not have, and for a value of another kind
    than the one in its place: the methods read them as they are.
    """
    path, equals, text = override.partition("=")
    *tables, key = path.strip().split(".")
    table: Any = document
    for name in tables:
        table = table.get(name) if isinstance(table, dict) else None
    if not equals:
        raise ScenarioError(f"'{override}' changes no value: write it as PATH=VALUE.")
    # What an episode leaves out is a list by name, to which any name may be added.
    open_ended = bool(tables) and tables[-1] == "excluded"
    if not isinstance(table, dict) or (key not in table and not open_ended):
        valid = ", ".join(table) if isinstance(table, dict) else ", ".join(document)
        raise ScenarioError(f"there is nothing called '{path}' to set here: {valid}.")
    value = value_in(text.strip())
    if key in table and not _alike(value, table[key]):
        raise ScenarioError(f"'{path}' should be {_kind(table[key])}, not {value!r}.")
    table[key] = value


_MANY = {"a number": "numbers", "text": "names", "a table": "tables", "a list": "lists"}


def _alike(value: Any, before: Any) -> bool:
    """Whether a value is of the kind that an episode's method reads in that place."""
    if isinstance(value, list) and isinstance(before, list):
        return not before or all(_alike(one, before[0]) for one in value)
    return _kind(value) == _kind(before)


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number" if math.isfinite(value) else "no number"
        case str():
            return "text"
        case list():
            return f"a list of {_MANY[_kind(value[0])]}" if value else "a list"
        case _:
            return "a table"
