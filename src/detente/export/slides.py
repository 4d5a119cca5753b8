"""PowerPoint slides: the answer, its picture, its tables and its sources, a slide for each."""

import datetime
import io
from collections.abc import Iterator, Sequence
from typing import Any, TYPE_CHECKING

from ..report.section import lines_of, Section, Table
from .credited import credited
from .material import Material
from .word import safe


if TYPE_CHECKING:
    from pptx.presentation import Presentation


WIDE, HIGH, EDGE, TOP, FOOT = 13.333, 7.5, 0.6, 1.45, 0.45
"""Of a slide, in inches: its sides, the margin, where the text begins, and its last line."""
MOST_ROWS, MOST_SLIDES = 12, 3
"""Rows on a slide, and slides for one table; of a longer table the first rows."""
TITLE, TEXT, CELL, NOTE = 26, 18, 11, 9
"""Sizes of type, in points."""
NARROW, BROAD = 7, 34
"""Of a column, in characters, at the least and at the most."""
BULLETS, TITLE_ONLY = 1, 5
"""Layouts of the template that comes with the library."""
MOST_SAID = 6
"""Sentences on the first slide; the notes under it have all."""


def slides(material: Material) -> bytes:
    """The answer as PowerPoint slides, 16 by 9; needs python-pptx."""
    import pptx
    from pptx.util import Inches

    show = pptx.Presentation()
    show.slide_width, show.slide_height = Inches(WIDE), Inches(HIGH)
    told = show.core_properties
    told.title, told.author = safe(material.title)[:255], material.maker
    told.created = told.modified = datetime.datetime.fromisoformat(material.date)
    _answer(show, material)
    _picture(show, material)
    for title, table in _tables(material.page.body, material.title):
        _table(show, title, table, material.credit)
    _origin(show, material)
    held = io.BytesIO()
    show.save(held)
    return held.getvalue()


def _slide(show: "Presentation", layout: int, title: str, credit: str) -> Any:
    from pptx.util import Inches, Pt

    slide: Any = show.slides.add_slide(show.slide_layouts[layout])
    head: Any = slide.shapes.title
    head.left, head.top = Inches(EDGE), Inches(0.35)
    head.width, head.height = Inches(WIDE - 2 * EDGE), Inches(1.0)
    _write(head.text_frame, [title], TITLE, bold=True)
    foot = slide.shapes.add_textbox(
        Inches(EDGE), Inches(HIGH - FOOT), Inches(WIDE - 2 * EDGE), Inches(FOOT)
    )
    _write(foot.text_frame, [credit], NOTE)
    foot.text_frame.paragraphs[0].font.size = Pt(NOTE)
    return slide


def _write(frame: Any, lines: Sequence[str], size: int, *, bold: bool = False) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap = True
    for place, line in enumerate(lines):
        text = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        text.text, text.alignment = safe(line), PP_ALIGN.LEFT
        text.font.size, text.font.bold = Pt(size), bold


def _answer(show: "Presentation", material: Material) -> None:
    from pptx.util import Inches

    said = [*material.takeaways] or [material.question]
    slide = _slide(show, BULLETS, material.title, material.credit)
    body = slide.placeholders[1]
    body.left, body.top = Inches(EDGE), Inches(TOP)
    body.width, body.height = Inches(WIDE - 2 * EDGE), Inches(HIGH - TOP - FOOT - 0.1)
    shown = [line for line in [material.page.setting, *said[:MOST_SAID]] if line]
    # Long sentences in small type are read; those that run over the edge are not.
    signs = sum(map(len, shown))
    _write(body.text_frame, shown, TEXT if signs < 700 else TEXT - 4 if signs < 1300 else TEXT - 7)
    slide.notes_slide.notes_text_frame.text = safe("\n".join([material.question, *said]))


def _picture(show: "Presentation", material: Material) -> None:
    from pptx.util import Inches

    if material.drawn is None:
        return
    slide = _slide(show, TITLE_ONLY, material.title, material.credit)
    room = Inches(WIDE - 2 * EDGE), Inches(HIGH - TOP - FOOT - 0.1)
    drawn = slide.shapes.add_picture(io.BytesIO(credited(material, ".png")), 0, Inches(TOP))
    scale = min(room[0] / drawn.width, room[1] / drawn.height)
    drawn.width, drawn.height = round(drawn.width * scale), round(drawn.height * scale)
    drawn.left = round((Inches(WIDE) - drawn.width) / 2)
    described = drawn._element._nvXxPr.cNvPr
    described.set("descr", safe(material.alternative))


def _tables(section: Section, title: str) -> Iterator[tuple[str, Table]]:
    """Every table under the heading that is nearest to it."""
    for part in section.parts:
        if isinstance(part, Section):
            yield from _tables(part, part.title or title)
        elif isinstance(part, Table):
            yield part.title or title, part


def _table(show: "Presentation", title: str, table: Table, credit: str) -> None:
    """The rows on as many slides as they need, up to the most; then a line on the others."""
    rows = [row for row in table.rows if row]
    most = min(len(rows), MOST_ROWS * MOST_SLIDES)
    for first in range(0, max(most, 1), MOST_ROWS):
        last = min(first + MOST_ROWS, most)
        part = "" if len(rows) <= MOST_ROWS else f" (rows {first + 1} to {last} of {len(rows):,})"
        slide = _slide(show, TITLE_ONLY, f"{title}{part}", credit)
        _grid(slide, table, rows[first:last])


def _grid(slide: Any, table: Table, rows: Sequence[Any]) -> None:
    from pptx.util import Inches

    headings = [" ".join(column.heading.split("\n")) for column in table.columns]
    texts = [headings, *([_cell(cell) for cell in row] for row in rows)]
    room = WIDE - 2 * EDGE
    shape = slide.shapes.add_table(
        len(texts),
        len(headings),
        Inches(EDGE),
        Inches(TOP),
        Inches(room),
        Inches(0.38 * len(texts)),
    )
    for column, width in zip(shape.table.columns, _widths(texts), strict=True):
        column.width = Inches(room * width)
    for place, cells in enumerate(texts):
        for cell, text, column in zip(
            shape.table.rows[place].cells, cells, table.columns, strict=False
        ):
            _put(cell, text, figures=column.figures, bold=place == 0)


def _cell(cell: Any) -> str:
    return "\n".join(line.text for line in lines_of(cell))


def _widths(texts: Sequence[Sequence[str]]) -> list[float]:
    """The part of the width for each column, by what stands in it."""
    count = len(texts[0])
    longest = [
        max(len(line) for row in texts if place < len(row) for line in row[place].split("\n"))
        for place in range(count)
    ]
    bounded = [min(max(one, NARROW), BROAD) for one in longest]
    return [one / sum(bounded) for one in bounded]


def _put(cell: Any, text: str, *, figures: bool, bold: bool) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Inches, Pt

    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.text = safe(text)
    for line in cell.text_frame.paragraphs:
        line.font.size, line.font.bold = Pt(CELL), bold
        line.alignment = PP_ALIGN.RIGHT if figures else PP_ALIGN.LEFT


def _origin(show: "Presentation", material: Material) -> None:
    """What it rests on, as a table of label and text."""
    from ..report.section import table_of

    facts = [(name, " ".join(text.split())) for name, text in material.facts]
    table = table_of(("What it rests on", ""), facts, words=2)
    _table(show, "How this was made", table, material.credit)
