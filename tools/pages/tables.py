"""Tables of the reference pages, made from the package: nothing is written down twice."""

import ast
import csv
import enum
import json
import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from detente.schema import Column, columns as described, of_kind


ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "detente"


def variables(kind: str) -> str:
    """The variables of a `baseline` or of an `outcome`."""
    rows = []
    for row in of_kind(kind).values():
        text = row.description + ("." if row.required else ". Optional.")
        text += " Carries its accounting basis." * bool(row.basis)
        text += f" See {row.reference}." * bool(row.reference)
        rows.append([f"`{row.name}`", " × ".join(row.dims), row.unit, text])
    return table(["variable", "dimensions", "unit", "meaning"], rows)


def columns() -> str:
    """The columns of the tables of answers."""
    return _described("column", [one for one in described().values() if "about" not in one.where])


def about() -> str:
    """What answers say that they rest on, of all questions first."""
    terms = [one for one in described().values() if "about" in one.where]
    return _described("term", sorted(terms, key=lambda one: one.where))


def _described(what: str, entries: Sequence[Column]) -> str:
    rows = [
        [f"`{one.name}`", one.where.removesuffix(".about").replace("about", "") or "every",
         one.unit, f"{one.description}." + " Has an accounting basis." * bool(one.basis)
         + f" Missing {one.missing}." * bool(one.missing)]
        for one in entries
    ]  # fmt: skip
    return table([what, "in answers to", "unit", "meaning"], rows)


def stored() -> str:
    """The columns of every canonical table of the store."""
    from detente.data.canonical import canonical

    sections = []
    for name, columns in canonical().items():
        rows = [
            [f"`{one.name}`", one.type.lower(), one.unit, one.description + "." * one.required
             + ". Optional." * (not one.required)]
            for one in columns
        ]  # fmt: skip
        sections.append(f"### `{name}`\n\n{table(['column', 'type', 'unit', 'meaning'], rows)}")
    return "\n\n".join(sections)


def bases() -> str:
    """Every book that a row of trade may stand in."""
    from detente.data.bases import BASES

    return table(
        ["basis", "what it is"], [[f"`{one.name}`", one.description] for one in BASES.values()]
    )


def sources() -> str:
    """Every public source that can be added."""
    from detente.data.sources import SOURCES

    rows = [[f"`{name}`", one.title, one.files, one.licence] for name, one in SOURCES.items()]
    return table(["source", "what it is", "files", "terms"], rows)


def layouts() -> str:
    """What is known of the layout of every file that can be added, and where it was seen."""
    from detente.data.sources import SOURCES

    rows = [
        [f"`{name}`", layout.name, ", ".join(f"`{one}`" for one in _columns(layout)),
         layout.seen or "nowhere yet: not tried on a published file"]
        for name, source in SOURCES.items()
        for layout in source.layouts
    ]  # fmt: skip
    return table(["source", "layout", "columns that tell it", "seen in"], rows)


def _columns(layout: Any) -> list[str]:
    """The publisher's names of the needed columns, at most eight; the first of each."""
    names = [names.split("|")[0] for _, names in layout.required()]
    return names if len(names) <= 8 else [*names[:7], "…"]


def policies() -> str:
    """Every kind of policy with its own keys."""
    from detente.policy import Instrument, POLICY_KINDS

    sections = []
    for kind, model in POLICY_KINDS.items():
        schema = model.model_json_schema()
        own = [name for name in schema["properties"] if name not in Instrument.model_fields]
        intro = str(model.__doc__ or "")
        keys = _keys(schema, [name for name in own if name != "kind"])
        sections.append(f"### `{kind}`\n\n{paragraphs(intro)}\n\n{keys}")
    return "\n\n".join(sections)


def keys(model: str) -> str:
    """The keys of one table of a file: `Scenario`, `Instrument`, `Adjustment`, `Game`, …"""
    from detente import adjustment, given_elasticities, policy, scenario, uncertainty
    from detente.geo.stance import game

    rooms = (policy, adjustment, uncertainty, given_elasticities, scenario, game)
    schema = next(getattr(room, model) for room in rooms if hasattr(room, model))
    described = schema.model_json_schema()
    return _keys(described, described["properties"])


def library() -> str:
    """The scenarios that ship, under their subjects, with the answers kept beside them."""
    from detente.adjustment import horizon_in_words
    from detente.commands import by_subject, list_scenarios
    from detente.scenario import available

    files, sections = available(), []
    for subject, scenarios in by_subject(list_scenarios()).items():
        rows = [
            [f"`{one.name}`", f"{one.title}. {one.question}", f"`{one.baseline}`",
             horizon_in_words(one.horizon),
             _welfare(files[one.name].with_suffix(".expected.csv"), one.focus)]
            for one in scenarios
        ]  # fmt: skip
        head = ["scenario", "what happens, and what is asked", "world", "horizon", "welfare, %"]
        sections.append(f"## {subject}\n\n{table(head, rows)}")
    return "\n\n".join(sections)


def _welfare(path: Path, focus: Iterable[str]) -> str:
    """Welfare of the countries in focus, as kept beside a scenario."""
    with path.open(newline="", encoding="utf-8") as file:
        kept = {
            row["label"]: float(row["value"])
            for row in csv.DictReader(file)
            if row["variable"] == "welfare"
        }
    return ", ".join(f"{code} {_plain(kept[code])}" for code in focus)


def _plain(value: float) -> str:
    """Two significant digits, with a sign and without an exponent."""
    decimals = 2 if value == 0 else max(1 - math.floor(math.log10(abs(value))), 0)
    return f"{value:+.{decimals}f}".replace("-", "−")


def commands() -> str:
    """Every command with its arguments and options."""
    import typer

    from detente.cli import app

    return "\n\n".join(_commands(typer.main.get_command(app), "detente"))


def _commands(command: Any, path: str) -> Iterable[str]:
    subcommands: Mapping[str, Any] = getattr(command, "commands", {})
    if not subcommands:
        rows = [
            [_option(parameter), (getattr(parameter, "help", None) or "").strip()]
            for parameter in command.params
            if "--help" not in parameter.opts
        ]
        options = f"\n\n{table(['argument', 'meaning'], rows)}" if rows else ""
        yield f"### `{path}`\n\n{paragraphs(command.help or '')}{options}"
    for name, subcommand in subcommands.items():
        yield from _commands(subcommand, f"{path} {name}")


def tree() -> str:
    """The modules and packages of the top level, the ground floor first, and packages in them."""
    rows = []
    for name in layers():
        package = SOURCE / name
        # `library/` holds the files that `library.py` knows the places of, and no modules.
        if not (package / "__init__.py").is_file():
            rows.append((f"{name}.py", package.with_suffix(".py")))
            continue
        for init in sorted(package.rglob("__init__.py")):
            inside = init.parent.relative_to(SOURCE).parts
            rows.append(("  " * (len(inside) - 1) + f"{inside[-1]}/", init))
    width = max(len(name) for name, _ in rows) + 1
    return "\n".join(f"  {name:<{width}} {_summary(path)}" for name, path in rows)


def layers() -> list[str]:
    """What `pyproject.toml` says may import what, from those that may import nothing upwards."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    rows = next(one["layers"] for one in contracts if one["type"] == "layers")
    names = [name.strip() for row in reversed(rows) for name in row.split("|")]
    return [name.removeprefix("detente.") for name in names]


def modules() -> str:
    """Every module under its package, with what each says of itself."""
    sections = []
    for init in sorted(SOURCE.rglob("__init__.py")):
        package = init.parent
        beside = [path for path in sorted(package.glob("*.py")) if path != init]
        said = [[f"`{path.stem}`", _summary(path)] for path in beside]
        name = ".".join(package.relative_to(SOURCE.parent).parts)
        sections.append(
            f"## `{name}`\n\n{_summary(init)}\n\n{table(['module', 'what it is'], said)}"
        )
    return "\n\n".join(sections)


def _summary(path: Path) -> str:
    """The first paragraph of a module's docstring; `ValueError` where it has none."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if not said:
        raise ValueError(f"{path} does not say what it is: it has no docstring.")
    return " ".join(said.split("\n\n")[0].split())


def _option(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{parameter.metavar or parameter.name.upper()}`"
    chosen = parameter.default
    choices = [str(choice) for choice in type(chosen)] if isinstance(chosen, enum.Enum) else []
    value = parameter.metavar or " or ".join(choices)
    return ", ".join(f"`{spelling} {value}`".replace(" `", "`") for spelling in parameter.opts)


def _keys(schema: Mapping[str, Any], names: Iterable[str]) -> str:
    required = schema.get("required", ())
    rows = []
    for name in names:
        field = schema["properties"][name]
        default = "required" if name in required else _default(field.get("default"))
        rows.append([f"`{name}`", _type(field), default, field.get("description", "")])
    return table(["key", "value", "default", "meaning"], rows)


def _default(value: Any) -> str:
    if value in (None, "", [], ()):
        return "none"
    if isinstance(value, dict):
        return "those of its keys"
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _type(field: Mapping[str, Any]) -> str:
    """What a value may be, in words."""
    if "anyOf" in field:
        kinds = [_type(option) for option in field["anyOf"] if option.get("type") != "null"]
        return " or ".join(kinds)
    if "const" in field:
        return f'`"{field["const"]}"`'
    if "enum" in field:
        return " or ".join(f'`"{value}"`' for value in field["enum"])
    if "$ref" in field:
        return "table"
    if field.get("type") == "array":
        if some := field.get("prefixItems"):
            return f"list of {len(some)} numbers"
        return f"list of {_type(field['items']).replace('table', 'tables')}"
    if field.get("type") == "object":
        return "table"
    words = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    return words.get(field.get("type", ""), "number") + _bounds(field)


def _bounds(field: Mapping[str, Any]) -> str:
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    parts = [f"{sign} {field[name]:g}" for name, sign in signs.items() if name in field]
    return f" {', '.join(parts)}" if parts else ""


def paragraphs(text: str) -> str:
    """A docstring without its indentation."""
    return "\n".join(line.strip() for line in text.strip().splitlines())


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """Rows of finished text as a table of Markdown."""
    cells = [head, ["---"] * len(head), *rows]
    safe = [[" ".join(cell.split()).replace("|", "\\|") for cell in row] for row in cells]
    return "\n".join(f"| {' | '.join(row)} |" for row in safe)
