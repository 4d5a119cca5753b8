"""What pydantic finds wrong with a file of the user's, in one clear sentence."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from ._core import nearest
from ._ratios import IMPLAUSIBLE, in_full


Kinds = Mapping[str, type[BaseModel]]


def refusal(
    error: ValidationError, document: Mapping[str, Any], model: type[BaseModel], kinds: Kinds
) -> str:
    """The plainest thing that pydantic found wrong, in a sentence of ours.

    `model` is what the document should be; `kinds` are the tables in it that say their `kind`.
    """
    detail = min(error.errors(), key=_plainness)
    place = _place(detail["loc"], document)
    if detail["type"] == "missing":
        place.append(str(detail["loc"][-1]))
    where = ".".join(place) or "the file"
    if detail["type"] == "extra_forbidden":
        valid = nearest(place[-1], _keys(place, document, model, kinds))
        return f"'{where}' is not a known key; {valid}"
    if detail["type"] == "union_tag_invalid":
        kind = str(detail.get("ctx", {}).get("tag"))
        return f"{where} has the unknown kind '{kind}'; {nearest(kind, kinds)}"
    if detail["type"] == "union_tag_not_found":
        return f"{where} does not say its kind; {nearest('', kinds)}"
    if detail["type"] == "missing":
        return f"'{where}' is missing."
    if detail["type"] == IMPLAUSIBLE:
        return in_full(f"'{where}'", detail["msg"])
    message = str(detail["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    message = _PLAIN.get(detail["type"], message)
    given = detail.get("input")
    shown = f", not {given!r}" if isinstance(given, str | int | float | bool) else ""
    sentence = f"'{where}' {message}{shown}"
    # A hint at valid names ends by itself.
    return sentence if sentence.endswith((".", "?")) else f"{sentence}."


# What pydantic says in the words of a programmer.
_PLAIN = {
    "tuple_type": 'should be a list of names, or "all" where everyone is meant',
    "dict_type": "should be a table",
    "string_type": "should be text",
    "float_type": "should be a number",
    "float_parsing": "should be a number",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "list_type": "should be a list",
    "model_type": "should be a table",
    "model_attributes_type": "should be a table",
}


def _plainness(detail: Any) -> int:
    """The plainer error first: a misspelt key explains a missing one, a wrong value other types."""
    kind = str(detail["type"])
    if kind == "extra_forbidden":
        return 0
    return 3 if kind.endswith("_type") else 2 if kind == "missing" else 1


def _place(location: Sequence[Any], document: Mapping[str, Any]) -> list[str]:
    """The path of a key as the user wrote it: pydantic's names of types are not in the document."""
    parts: list[str] = []
    node: Any = document
    for part in location:
        if isinstance(node, Mapping) and part in node:
            node = node[part]
        elif isinstance(node, list) and isinstance(part, int):
            node = node[part]
        else:
            continue
        parts.append(str(part))
    return parts


def _keys(
    place: Sequence[str], document: Mapping[str, Any], model: type[BaseModel], kinds: Kinds
) -> list[str]:
    """The keys that are valid where the unknown one was found."""
    here: type[BaseModel] | None = model
    node: Any = document
    for part in place[:-1]:
        if here is not None and part in here.model_fields:
            here = _model_in(here.model_fields[part].annotation)
        node = node[int(part)] if isinstance(node, list) else node[part]
        if isinstance(node, Mapping) and node.get("kind") in kinds:
            here = kinds[node["kind"]]
    return list(here.model_fields) if here is not None else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a field is, may be, or holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    models = (_model_in(argument) for argument in get_args(annotation))
    return next((model for model in models if model is not None), None)
