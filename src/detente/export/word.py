"""A Word document: the answer, its picture, its tables and its origin, in Word's own styles."""

import datetime
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, TYPE_CHECKING

from ..report.picture import picture
from ..report.section import Cell, Figure, lines_of, Part, Section, Table, Terms, Words
from .credited import credited
from .material import Material


if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table as Grid


MOST_ROWS = 200
"""Of one table; of a longer one the first, and a line that says where all are."""
TABLE_STYLE, NOTE_STYLE = "Light List Accent 1", "Caption"
A4, MARGIN = (21.0, 29.7), 2.2
"""In centimetres."""
TYPE = 9
"""Of a table, in points."""
NAMES = 4.0
"""Width of the column of terms, in centimetres."""
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(material: Material) -> bytes:
    """The answer as a Word document; needs python-docx."""
    import docx

    paper = docx.Document()
    _prepare(paper, material)
    paper.add_heading(safe(material.title), 0)
    for line in (material.page.setting, material.question):
        if line and line != material.title:
            paper.add_paragraph(safe(line), "Subtitle")
    for sentence in material.takeaways:
        paper.add_paragraph(safe(sentence), "List Bullet")
    _picture(paper, material)
    _section(paper, material.page.body, 1, {*material.takeaways})
    _origin(paper, material)
    held = io.BytesIO()
    paper.save(held)
    return held.getvalue()


def safe(text: str) -> str:
    """A text without signs that no XML may hold."""
    return _NO_XML.sub("\ufffd", text)


def _prepare(paper: "Document", material: Material) -> None:
    from docx.shared import Cm, RGBColor

    told = paper.core_properties
    told.title, told.author = safe(material.title)[:255], material.maker
    told.comments = safe(material.credit)[:255]
    told.created = told.modified = datetime.datetime.fromisoformat(material.date)
    page = paper.sections[0]
    page.page_width, page.page_height = (Cm(side) for side in A4)
    page.left_margin = page.right_margin = Cm(MARGIN)
    note: Any = paper.styles[NOTE_STYLE]
    note.font.bold, note.font.color.rgb = False, RGBColor(0x55, 0x55, 0x55)


def _picture(paper: "Document", material: Material) -> None:
    if material.drawn is not None:
        _place(paper, credited(material, ".png"), material.title, material.alternative)


def _place(paper: "Document", content: bytes, title: str, description: str) -> None:
    """A picture, no wider than the text, with what it shows for those who do not see it."""
    from docx.shared import Cm

    drawn = paper.add_picture(io.BytesIO(content))
    widest = Cm(A4[0] - 2 * MARGIN)
    if drawn.width > widest:
        drawn.height, drawn.width = round(drawn.height * widest / drawn.width), widest
    drawn._inline.docPr.set("descr", safe(description))
    drawn._inline.docPr.set("title", safe(title))


def _section(paper: "Document", section: Section, depth: int, said: set[str]) -> None:
    """What the page says below its first sentences, which stand above as the answer."""
    for part in section.parts:
        if isinstance(part, Section):
            if part.title:
                paper.add_heading(safe(part.title), min(depth, 9))
            _section(paper, part, depth + 1, said)
        elif isinstance(part, Table):
            _table(paper, part)
        elif isinstance(part, Terms):
            _terms(paper, part.rows)
        elif isinstance(part, Figure):
            _figure(paper, part)
        elif text := _text(part):
            if text not in said:
                paper.add_paragraph(safe(text), _style(part))


def _text(part: Part) -> str:
    return " ".join(part.text.split() if isinstance(part, Words) else str(part).split())


def _style(part: Part) -> str:
    look = part.look if isinstance(part, Words) else ""
    return {"item": "List Bullet", "bold": "Heading 3", "dim": NOTE_STYLE}.get(look, "Normal")


def _table(paper: "Document", table: Table) -> None:
    """A table of Word's own, its header repeated on every page."""
    if table.title:
        paper.add_heading(safe(table.title), 3)
    rows = [row for row in table.rows if row]
    grid = paper.add_table(1, len(table.columns), TABLE_STYLE)
    headings = [" ".join(column.heading.split("\n")) for column in table.columns]
    _fill(grid.rows[0].cells, headings, table, header=True)
    _repeat_header(grid)
    for row in rows[:MOST_ROWS]:
        _fill(grid.add_row().cells, row, table)
    notes = [table.caption, *_left_out(len(rows))]
    paper.add_paragraph(safe(" ".join(note for note in notes if note)), NOTE_STYLE)


def _left_out(count: int) -> Iterator[str]:
    if count > MOST_ROWS:
        yield f"The first {MOST_ROWS} of {count:,} rows; a workbook (.xlsx) holds all."


def _repeat_header(grid: "Grid") -> None:
    from docx.oxml import OxmlElement

    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _fill(cells: Any, row: Any, table: Table, *, header: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for cell, said, column in zip(cells, row, table.columns, strict=False):
        text = cell.paragraphs[0]
        for place, (line, strong) in enumerate(_lines(said)):
            run = text.add_run(("\n" if place else "") + safe(line))
            run.font.size, run.bold = Pt(TYPE), strong or header
        if column.figures:
            text.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _lines(cell: Cell) -> Iterator[tuple[str, bool]]:
    """The lines of a cell, and which are bold."""
    for line in lines_of(cell):
        yield line.text, line.look in ("bold", "bad", "odd")


def _origin(paper: "Document", material: Material) -> None:
    """How it was made, on what it rests, and the words that make it again."""
    paper.add_heading("How this was made", 1)
    _terms(paper, material.facts)


def _terms(paper: "Document", rows: Sequence[tuple[str, str]]) -> None:
    from docx.shared import Cm, Pt

    grid = paper.add_table(0, 2, "Table Grid")
    grid.autofit = False
    widths = (Cm(NAMES), Cm(A4[0] - 2 * MARGIN - NAMES))
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    for term in rows:
        for cell, text, width in zip(grid.add_row().cells, term, widths, strict=True):
            cell.width = width
            cell.paragraphs[0].add_run(safe(text)).font.size = Pt(TYPE)


def _figure(paper: "Document", figure: Figure) -> None:
    """Each chart under its title, and what is said under all of them."""
    for chart in figure.panels:
        if chart.title:
            paper.add_heading(safe(chart.title), 3)
        if chart.specification is None:
            paper.add_paragraph(safe(chart.empty))
        else:
            drawn = picture(dict(chart.specification), ".png")
            _place(paper, drawn, chart.title, chart.description)
    paper.add_paragraph(safe(figure.caption), NOTE_STYLE)
