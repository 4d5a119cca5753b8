"""Sections in Markdown, with tables as GitHub has them."""

import re
from collections.abc import Iterator

from .section import Cell, lines_of, Page, Part, Section, Table, Words


_SIGNS = re.compile(r"([\\`*_\[\]<>|~])")
_BEGINNING = re.compile(r"^(\s*)([-+#=]|\d+(?=[.)]))")


def markdown(page: Page) -> str:
    """A page in Markdown, its picture left out."""
    blocks = [f"# {_plain(page.title)}", *([_plain(page.setting)] if page.setting else [])]
    blocks += _blocks(page.body, 2)
    if page.facts:
        facts = (f"- {_plain(name)}: {_plain(text)}" for name, text in page.facts)
        blocks += ["## What it rests on", "\n".join(facts)]
    blocks += ["## How to reproduce this", f"```\n{page.command}\n```"]
    # Lines of a list stand under one another, all else is a block of its own.
    return re.sub(r"(?m)^(- .*)\n\n(?=- )", r"\1\n", "\n\n".join(blocks)) + "\n"


def _blocks(section: Section, depth: int) -> Iterator[str]:
    for part in section.parts:
        if isinstance(part, Section):
            yield f"{'#' * depth} {_plain(part.title)}"
            yield from _blocks(part, depth + 1)
        elif said := _table(part) if isinstance(part, Table) else _paragraph(part):
            yield said


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
