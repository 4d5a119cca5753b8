"""Rows in comma-separated text, and beside them what a Frictionless data package says of them."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd

from .material import Material
from .tidy import plain, TidyColumn, TidyTable


FORMULA = re.compile(r"[\s\x00]*[=+\-@＝＋－＠]|[\t\n]")
"""How a cell begins that a spreadsheet may compute; spaces before it do not prevent that."""
NUMBER = re.compile(r"[+-]?(\d[\d,]*\.?\d*|\.\d+)([eE][+-]?\d+)?\s?%?")
PACKAGE = "datapackage.json"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""Of every file of an archive, so that the same answer has the same bytes."""


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


def in_commas(frame: pd.DataFrame) -> str:
    """The rows as comma-separated text, every digit kept; no text in it is a formula."""
    words = frame.select_dtypes(exclude=["number", "bool", "datetime", "datetimetz"])
    shown = frame.copy()
    shown[words.columns] = words.map(lambda cell: without_formula(plain(cell)))
    shown = shown.rename(columns=without_formula)
    return shown.to_csv(index=False, lineterminator="\n")


def rows(material: Material) -> bytes:
    """The answer's rows; in UTF-8."""
    text = material.own_rows or in_commas(material.rows.frame)
    return text.encode(errors="replace")


def description(material: Material, name: str) -> bytes:
    """The data package of the one file of that name."""
    resource = _resource(material.rows, name)
    if material.own_rows.startswith("#"):
        resource["dialect"] = {"commentChar": "#"}
    return _written(_package(material, [resource]))


def archive(material: Material) -> bytes:
    """Every table as a file of its own in one zip, with the data package that describes them."""
    names = {table.name: f"{_slug(table.name)}.csv" for table in material.tables}
    resources = [_resource(table, names[table.name]) for table in material.tables]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        put = {PACKAGE: _written(_package(material, resources))}
        put |= {names[one.name]: in_commas(one.frame).encode(errors="replace")
                for one in material.tables}  # fmt: skip
        for name, content in put.items():
            file.writestr(zipfile.ZipInfo(name, _FIRST_DAY), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def beside(path: Path) -> Path:
    """Where the data package of a file of rows lies: `rows.datapackage.json` by `rows.csv`."""
    return path.with_suffix(f".{PACKAGE}")


def _package(material: Material, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """The descriptor; `about` is of ours, which the standard allows."""
    said = {
        "name": _slug(material.title) or "answer",
        "title": material.title,
        "description": " ".join(material.takeaways) or material.question,
        "created": material.date,
        "sources": [{"title": one} for one in material.sources],
        "licenses": [{"name": "notspecified", "title": material.licence}],
        "contributors": [{"title": material.maker, "role": "author"}],
        "about": dict(material.facts),
        "resources": resources,
    }
    return {
        name: value
        for name, value in said.items()
        if value and (name != "licenses" or material.licence)
    }


def _resource(table: TidyTable, path: str) -> dict[str, Any]:
    return {
        "name": _slug(table.name),
        "title": table.title,
        "path": path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": [_field(one) for one in table.columns], "missingValues": [""]},
    }


def _field(column: TidyColumn) -> dict[str, str]:
    said = {
        "name": str(without_formula(column.name)),
        "type": column.kind,
        "title": column.heading,
        "description": column.description,
        "unit": column.unit,
        "basis": column.basis,
    }
    return {name: text for name, text in said.items() if text}


def _slug(text: str) -> str:
    """A name as file systems and the standard take it."""
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._")[:80]


def _written(descriptor: dict[str, Any]) -> bytes:
    return (json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n").encode(errors="replace")
