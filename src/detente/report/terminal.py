"""Sections for the terminal, by way of rich, which nothing else here knows."""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import fill
from typing import Any

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.constrain import Constrain
from rich.table import Table as Drawn
from rich.text import Text

from .section import Cell, Code, Figure, Look, Part, Section, Table, Terms, Words


STYLES: dict[Look, str] = {
    "bold": "bold", "dim": "dim", "good": "green", "bad": "bold red", "odd": "bold yellow",
}  # fmt: skip


def terminal(section: Section, width: int | None = None) -> RenderableType:
    """A section as rich prints it, in as many columns as there are or in `width` of them."""
    title = [Text(section.title, style="bold")] if section.title else []
    return Constrain(Group(*title, *_parts(section)), width)


def _parts(section: Section) -> Iterator[RenderableType]:
    for part in section.parts:
        if isinstance(part, Section):
            yield Text(f"\n{part.title}", style="bold") if part.title else Text()
            yield from _parts(part)
        else:
            yield _part(part)


def _part(part: Part) -> RenderableType:
    if isinstance(part, Table):
        return _table(part)
    if isinstance(part, Terms):
        return _text(tuple(f"{name}: {text}" for name, text in part.rows))
    if isinstance(part, Code):
        return Text(part.text)
    if isinstance(part, Figure):
        return _text(tuple(part.in_words))
    if isinstance(part, Words) and part.look == "item":
        return Text(f"- {part.text}")
    return _Paragraph(_text(part)) if isinstance(part, str | Words) else terminal(part)


@dataclass(frozen=True)
class _Paragraph:
    """A text whose lines are not broken between a number and its unit, where rich would."""

    text: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        lines = self.text.plain.split("\n")
        broken = "\n".join(fill(one, options.max_width, **_AS_WRITTEN) for one in lines)
        yield Text(broken.replace("\u00a0", " "), style=self.text.style)


_AS_WRITTEN: Any = {
    "break_long_words": False, "break_on_hyphens": False, "replace_whitespace": False,
    "drop_whitespace": True,
}  # fmt: skip


def _text(cell: Cell) -> Text:
    """Texts as they are: brackets in the name of a file are no markup."""
    if isinstance(cell, tuple):
        return Text("\n").join(map(_text, cell))
    if isinstance(cell, Words):
        return Text(cell.text, style=STYLES.get(cell.look, ""))
    return Text(cell)


def _table(table: Table) -> Drawn:
    drawn = Drawn(
        box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, min(table.gap - 1, 1), 0, table.gap // 3),
        title=Text(table.title, style="bold") if table.title else None, title_justify="left",
        caption=Text(table.caption, style="table.caption") if table.caption else None,
        caption_justify="left",
        # Where the title is bold its headings are not.
        header_style="dim" if table.title else "bold",
        expand=any(column.share for column in table.columns),
    )  # fmt: skip
    for column in table.columns:
        drawn.add_column(
            Text(column.heading), justify="right" if column.figures else "left",
            no_wrap=not column.wraps, overflow="fold" if column.folds else "ellipsis",
            min_width=column.least, max_width=column.most, ratio=column.share,
        )  # fmt: skip
    for row in table.rows:
        drawn.add_row(*map(_text, row))
    return drawn
