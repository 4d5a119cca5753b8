"""Every question as a command: its fields are the options, its docstrings the help."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, Literal, TYPE_CHECKING

import typer
from pydantic.fields import FieldInfo

from .. import commands, report
from .._core import DetenteError, ScenarioError
from .._document import checked
from .._ratios import Range
from ..commands.asks import Ask, Option, QUESTIONS
from ._console import console, waiting
from ._options import app, chosen, Face, flag, in_words_of_options, Out, OutputFace
from ._streams import say, say_json
from .completion import completing


if TYPE_CHECKING:
    from ..commands._answer import Answer


Chart = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A new picture: .svg, .png, .pdf, .html or .json."),
]
Brief = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A new page of the whole answer: .html or .md."),
]


def offer(name: str, kind: type[Ask]) -> None:
    """Add a question to the program as a command of that name."""

    def command(**given: Any) -> None:
        faces = {face: given.pop(face, None) for face in ("output", "out", "chart", "brief")}
        with _in_own_words(kind):
            values = {field: value for field, value in given.items() if value not in (None, [])}
            _answer(checked(kind, values, name), **faces)

    parameters = [_parameter(field, kind.model_fields[field]) for field in _in_order(kind)]
    parameters += [
        _keyword("output", OutputFace, Face.table),
        _keyword("out", Out, None),
        *([_keyword("chart", Chart, None)] if kind.PICTURED else []),
        _keyword("brief", Brief, None),
    ]
    command.__signature__ = inspect.Signature(parameters)  # pyright: ignore[reportFunctionMemberAccess]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    command.__doc__ = kind.__doc__
    app.command(name)(command)


def _answer(
    ask: Ask, output: Face, out: Path | None, chart: Path | None, brief: Path | None
) -> None:
    """Refuse files that are there or cannot be drawn, and names; compute; then write and print."""
    if chart is not None:
        if ask.unpictured:
            raise ScenarioError(f"{ask.unpictured}; leave --chart out.")
        report.format_of(chart)
    if brief is not None:
        report.format_of(brief, "page", report.PAGES)
    if out is not None:
        commands.refuse_form(out, ask)
    commands.refuse_existing(*(file for file in (chart, brief) if file is not None))
    with waiting(ask.doing) as say:
        answer = commands.answer(ask, say)
    if out is not None:
        commands.export(answer, out)
    _print(ask, answer, output)
    if chart is not None:
        commands.write_picture(answer, chart)
    if brief is not None:
        commands.write_brief(ask, answer, brief)
    if not answer.solved:
        raise typer.Exit(1)


def _print(ask: Ask, answer: "Answer", output: Face) -> None:
    if output is Face.json:
        say_json(answer.document)
    elif output is Face.markdown:
        say(report.markdown(commands.page(ask, answer)).rstrip())
    else:
        console().print(report.terminal(answer.page))


@contextmanager
def _in_own_words(kind: type[Ask]) -> Iterator[None]:
    """Sentences about fields, which stand in backticks, as sentences about options."""
    try:
        yield
    except DetenteError as error:
        named = {name: _flag(name, info) for name, info in kind.model_fields.items()}
        raise type(error)(in_words_of_options(str(error), named)) from error


def _in_order(kind: type[Ask]) -> list[str]:
    """What is known by its place first, then what is the question's own, then its setting."""
    fields = kind.model_fields
    return sorted(
        fields,
        key=lambda name: (not _option(fields[name]).by_place, name not in kind.__annotations__),
    )


def _parameter(name: str, info: FieldInfo) -> inspect.Parameter:
    """A field as an argument or an option."""
    option, (kind, metadata) = _option(info), _inside(info)
    words: dict[str, Any] = {"help": info.description, "metavar": option.value or None}
    words |= completing(option.names)
    if get_origin(kind) is Literal:
        words, kind = words | chosen(get_args(kind)), str
    for one in metadata:
        bounds = getattr(getattr(one, "func", None), "__self__", None)
        if isinstance(bounds, Range):
            words |= {"parser": bounds.option(_flag(name, info)), "metavar": "FLOAT"}
        elif kind is int:
            limits = {"min": getattr(one, "ge", None), "max": getattr(one, "le", None)}
            words |= {key: limit for key, limit in limits.items() if limit is not None}
    default = inspect.Parameter.empty if info.is_required() else info.get_default()
    if get_origin(kind) is tuple:
        kind, default = list[get_args(kind)[0]], default if info.is_required() else None
    made = typer.Argument(**words) if option.by_place else typer.Option(_flag(name, info), **words)
    return _keyword(name, Annotated[kind | None if default is None else kind, made], default)


def _keyword(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )


def _option(info: FieldInfo) -> Option:
    return next((one for one in info.metadata if isinstance(one, Option)), Option())


def _flag(name: str, info: FieldInfo) -> str:
    """How a person names the field: its option, or what stands for it by its place."""
    option = _option(info)
    if option.by_place:
        return option.value.rstrip(".")
    return option.name or flag(name)


def _inside(info: FieldInfo) -> tuple[Any, list[Any]]:
    """The type of a field that may be missing, and what is said of it."""
    kinds = get_args(info.annotation)
    kind = info.annotation
    if NoneType in kinds:
        kind = next(one for one in kinds if one is not NoneType)
    if get_origin(kind) is Annotated:
        return get_args(kind)[0], [*info.metadata, *get_args(kind)[1:]]
    return kind, info.metadata


for _name, _kind in QUESTIONS.items():
    offer(_name, _kind)
