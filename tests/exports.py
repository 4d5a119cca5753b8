"""What must hold of the files of any answer: read back by other libraries, they say what it says."""

import csv
import html as signs
import io
import json
import math
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import numpy as np
import openpyxl
import pandas as pd
import pptx
import pytest
import vl_convert

from detente import export, report
from detente.export.tidy import plain, TidyTable
from detente.report.section import Figure, Table, Terms


SAME = 1e-12
"""Relative: a double is written with all its digits, and read back as itself."""
PICTURES = (".png", ".svg", ".pdf")


def contents(material: export.Material, name: str) -> dict[str, bytes]:
    """The files of an answer by their names."""
    return {path.name: said for path, said in export.files_of(material, Path(name)).items()}


@contextmanager
def drawn_once() -> Iterator[None]:
    """The library that draws is asked once for the same picture, however many files have it."""

    def once(draw: Callable[..., Any]) -> Callable[..., Any]:
        made: dict[str, Any] = {}

        def drawn(picture: Any, **options: Any) -> Any:
            key = repr((picture, options))
            if key not in made:
                made[key] = draw(picture, **options)
            return made[key]

        return drawn

    with pytest.MonkeyPatch.context() as patch:
        for name in ("vegalite_to_svg", "svg_to_png"):
            patch.setattr(vl_convert, name, once(getattr(vl_convert, name)))
        yield


def assert_every_form(material: export.Material) -> None:
    """Every file of an answer holds its numbers, its units and where it is from."""
    with drawn_once():
        assert_files(material)


def assert_files(material: export.Material) -> None:
    assert_workbook(material)
    assert_rows(material)
    assert_archive(material)
    assert_document(material)
    assert_slides(material)
    assert contents(material, "x.json")["x.json"].decode() == material.document
    assert material.title in signs.unescape(contents(material, "x.html")["x.html"].decode())
    assert contents(material, "x.md")["x.md"].startswith(b"# ")
    if material.drawn is not None:
        assert_pictures(material)


def assert_workbook(material: export.Material) -> None:
    book = openpyxl.load_workbook(io.BytesIO(contents(material, "x.xlsx")["x.xlsx"]))
    assert book.sheetnames[0] == "About" and book.sheetnames[-1] == "Columns"
    assert len(book.sheetnames) == len(material.tables) + 2
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert about["Title"] == material.title and about["Made by"].startswith("détente ")
    for table, name in zip(material.tables, book.sheetnames[1:-1], strict=True):
        assert book[name].freeze_panes == "A2"
        assert [cell.value for cell in book[name][1]] == [one.heading for one in table.columns]
        rows = [[*row] for row in book[name].iter_rows(min_row=2, max_col=len(table.columns))]
        assert not [cell for row in rows for cell in row if cell.data_type == "f"]
        assert_same(table, [[cell.value for cell in row] for row in rows])
    told = {(row[0].value, row[2].value): row for row in book["Columns"].iter_rows(min_row=2)}
    assert len(told) == sum(len(table.columns) for table in material.tables)
    assert all(row[5].value for row in told.values()), [
        key for key, row in told.items() if not row[5].value
    ]


def assert_same(table: TidyTable, rows: list[list[object]]) -> None:
    """Cells that were read back are those of the table, numbers to the last digit."""
    rows = [row for row in rows if any(cell is not None for cell in row)]
    held = [row for row in table.frame.map(plain).astype(object).to_numpy().tolist()]
    held = [row for row in held if any(cell is not None and cell == cell for cell in row)]
    assert len(rows) == len(held)
    for got, wanted in zip(rows, held, strict=True):
        for one, other in zip(got, wanted, strict=True):
            assert same_cell(one, other), (table.name, one, other)


def same_cell(one: object, other: object) -> bool:
    if other is None or other == "" or other != other:
        return one is None
    if isinstance(other, int | float) and not math.isfinite(other):
        return one in ("infinite", "−infinite")
    if isinstance(other, int | float) and not isinstance(other, bool):
        return isinstance(one, int | float) and math.isclose(one, other, rel_tol=SAME)
    return one == other or str(one).strip() == str(other).strip()


def assert_rows(material: export.Material) -> None:
    """The file of rows, and the data package beside it."""
    files = contents(material, "x.csv")
    assert set(files) == {"x.csv", "x.datapackage.json"}
    told = json.loads(files["x.datapackage.json"])
    assert told["about"]["Title"] == material.title and told["created"] == material.date
    comment = told["resources"][0].get("dialect", {}).get("commentChar")
    assert_resource(told["resources"][0], files["x.csv"].decode(), material.rows, comment)


def assert_archive(material: export.Material) -> None:
    with zipfile.ZipFile(io.BytesIO(contents(material, "x.zip")["x.zip"])) as file:
        told = json.loads(file.read("datapackage.json"))
        paths = [one["path"] for one in told["resources"]]
        assert sorted(file.namelist()) == sorted(["datapackage.json", *paths])
        for resource, table in zip(told["resources"], material.tables, strict=True):
            assert_resource(resource, file.read(resource["path"]).decode(), table, None)


def assert_resource(resource: dict, text: str, table: TidyTable, comment: str | None) -> None:
    """Fields are those of the header; numbers are those of the table."""
    lines = [line for line in text.split("\n") if not (comment and line.startswith(comment))]
    header = next(csv.reader(lines))
    fields = resource["schema"]["fields"]
    assert [one["name"] for one in fields] == header
    assert all(one.get("description") for one in fields), [
        one for one in fields if not one.get("description")
    ]
    read = pd.read_csv(io.StringIO(text), comment=comment, keep_default_na=False, na_values=[""])
    assert len(read) == len(table.frame)
    for one in fields:
        if one["type"] in ("number", "integer"):
            held = table.frame[one["name"]].to_numpy(dtype=float, na_value=np.nan)
            np.testing.assert_allclose(read[one["name"]].to_numpy(float), held, rtol=SAME)


def words_of(document: bytes) -> tuple[str, list[list[list[str]]]]:
    """The paragraphs of a Word document, and the cells of its tables."""
    paper = docx.Document(io.BytesIO(document))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in paper.tables]
    return "\n".join(one.text for one in paper.paragraphs), tables


def count_in(section: report.Section, *kinds: type) -> int:
    """How many parts of these kinds it has, in sections of its own too."""
    inner = sum(
        count_in(part, *kinds) for part in section.parts if isinstance(part, report.Section)
    )
    return inner + sum(isinstance(part, kinds) for part in section.parts)


def assert_document(material: export.Material) -> None:
    content = contents(material, "x.docx")["x.docx"]
    said, tables = words_of(content)
    assert all(one in said for one in [material.title, *material.takeaways])
    assert len(tables) == count_in(material.page.body, Table, Terms) + 1
    assert {row[0] for row in tables[-1]} == {name for name, _ in material.facts}
    pictures = docx.Document(io.BytesIO(content)).inline_shapes
    figures = count_in(material.page.body, Figure)
    assert len(pictures) == figures + (material.drawn is not None)
    described = [one._inline.docPr.get("descr") for one in pictures]
    assert all(described) and (material.drawn is None or described[0] == material.alternative)


def assert_slides(material: export.Material) -> None:
    show = pptx.Presentation(io.BytesIO(contents(material, "x.pptx")["x.pptx"]))
    shapes = [shape for slide in show.slides for shape in slide.shapes]
    said = "\n".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
    assert material.title in said and said.count(material.credit) == len(show.slides)
    assert sum(shape.has_table for shape in shapes) >= count_in(material.page.body, Table) + 1
    inside = [0 <= shape.left and shape.left + shape.width <= show.slide_width for shape in shapes]
    assert all(inside)
    pictures = [shape for shape in shapes if shape.shape_type == 13]
    assert len(pictures) == (material.drawn is not None)
    assert all(one._element._nvXxPr.cNvPr.get("descr") == material.alternative for one in pictures)


def assert_pictures(material: export.Material) -> None:
    drawn = {suffix: contents(material, f"x{suffix}")[f"x{suffix}"] for suffix in PICTURES}
    assert drawn[".png"].startswith(b"\x89PNG") and drawn[".pdf"].startswith(b"%PDF")
    said = ElementTree.fromstring(drawn[".svg"].decode())
    words = " ".join(" ".join(one.itertext()) for one in said)
    assert all(word in words for word in material.credit.split())
    width, height = (float(said.attrib[side]) for side in ("width", "height"))
    assert said.attrib["viewBox"] == f"0 0 {width:g} {height:g}"
    pixels = docx.image.image.Image.from_blob(drawn[".png"])
    assert abs(pixels.px_width - 2 * width) <= 2 and abs(pixels.px_height - 2 * height) <= 2
