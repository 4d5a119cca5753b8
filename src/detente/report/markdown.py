"""Sections in Markdown, with tables as GitHub has them."""

import re
from collections.abc import Iterator

from .section import (
    Cell,
    Code,
    Figure,
    KeyFigure,
    lines_of,
    Page,
    Part,
    Section,
    Table,
    Terms,
    Words,
)


_SIGNS = re.compile(r"([\\`*_\[\]<>|~])")
_BEGINNING = re.compile(r"^(\s*)([-+#=]|\d+(?=[.)]))")


def markdown(page: Page) -> str:
    """A page in Markdown: its picture left out, the figures in its sections in words."""
    blocks = [
        f"# {_plain(page.title)}",
        *(_plain(one) for one in (page.question, page.setting) if one),
    ]
    blocks += [_paragraph(one) for one in page.lead]
    blocks += [_key(one) for one in page.key]
    blocks += [*_blocks(page.body, 2), *_blocks(Section(page.annex), 2)]
    # Lines of a list stand under one another, all else is a block of its own.
    return re.sub(r"(?m)^(- .*)\n\n(?=- )", r"\1\n", "\n\n".join(blocks)) + "\n"


def _key(figure: KeyFigure) -> str:
    return f"- **{_plain(figure.name)}: {_plain(figure.figure)}** {_plain('; '.join(figure.lines))}"


def _blocks(section: Section, depth: int) -> Iterator[str]:
    for part in section.parts:
        if isinstance(part, Section):
            yield f"{'#' * depth} {_plain(part.title)}"
            yield from _blocks(part, depth + 1)
        elif said := _block(part):
            yield said


def _block(part: Part) -> str:
    if isinstance(part, Table):
        return _table(part)
    if isinstance(part, Terms):
        return "\n".join(f"- {_plain(name)}: {_plain(text)}" for name, text in part.rows)
    if isinstance(part, Code):
        return _code(part)
    return (
        "\n\n".join(map(_paragraph, part.in_words))
        if isinstance(part, Figure)
        else _paragraph(part)
    )


def _code(part: Code) -> str:
    """Fenced by more ticks than stand anywhere in it."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", part.text)), default=0))
    summary = f"{_plain(part.summary)}\n\n" if part.summary else ""
    return f"{summary}{fence}\n{part.text.rstrip()}\n{fence}"


def _paragraph(part: Part) -> str:
    if isinstance(part, Words) and part.look == "item":
        return f"- {_plain(part.text)}"
    return _BEGINNING.sub(r"\1\\\2", _cell(part, " ")) if isinstance(part, str | Words) else ""


def _table(table: Table) -> str:
    headings = (_plain(column.heading) for column in table.columns)
    rows = [headings, ("--:" if column.figures else ":--" for column in table.columns)]
    rows += [[_cell(cell, "<br>") for cell in row] for row in table.rows if row]
    drawn = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
    title = f"**{_plain(table.title)}**\n\n" if table.title else ""
    return f"{title}{drawn}" + (f"\n\n{_plain(table.caption)}" if table.caption else "")


def _cell(cell: Cell, between: str) -> str:
    lines = (_strong(line) if line.look in ("bold", "bad", "odd") else _plain(line.text)
             for line in lines_of(cell))  # fmt: skip
    return between.join(line for line in lines if line)


def _strong(words: Words) -> str:
    return f"**{_plain(words.text)}**" if words.text else ""


def _plain(text: str) -> str:
    """A text in one line, with signs of Markdown as signs."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split("\n")).strip())
