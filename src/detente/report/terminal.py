"""Sections for the terminal, by way of rich, which nothing else here knows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import fill
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.constrain import Constrain
from rich.table import Table as Drawn
from rich.text import Text

from .section import Cell, Code, Figure, lines_of, Look, Part, Section, Table, Terms, Words


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
        return Fitting(part)
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


@dataclass(frozen=True)
class Fitting:
    """A table where it fits, and else a list of its rows: no name and no digit is cut."""

    table: Table

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        fits = _least_width(self.table) <= options.max_width
        yield _table(self.table) if fits else Group(*_as_list(self.table))


def _least_width(table: Table) -> int:
    """The width in which figures stand whole and words are broken between words alone."""
    widths = []
    for place, column in enumerate(table.columns):
        lines = [
            line.text for row in table.rows if len(row) > place for line in lines_of(row[place])
        ]
        whole = _words(lines) if column.wraps else lines
        whole = [] if column.folds else whole
        widths.append(max(map(cell_len, [*whole, *_words([column.heading])]), default=0))
    return sum(widths) + table.gap * (len(widths) - 1)


def _words(lines: Iterable[str]) -> list[str]:
    return [word for line in lines for word in line.split()]


def _as_list(table: Table) -> Iterator[RenderableType]:
    """Each row as its words, and under them each figure with its heading."""
    if table.title:
        yield Text(table.title, style="bold")
    headings = _headings(table)
    for row in filter(None, table.rows):
        texts = [" ".join(line.text for line in lines_of(cell)) for cell in row]
        cells = list(zip(table.columns, headings, texts, strict=True))
        yield Text(" ".join(text for one, _, text in cells if text and not one.figures))
        for column, heading, text in cells:
            if column.figures and text:
                yield Text(f"  {heading}: {text}")
    if table.caption:
        yield Text(table.caption, style="table.caption")


def _headings(table: Table) -> list[str]:
    """Headings on one line; one that begins with an empty line stands under the heading before."""
    above, whole = "", []
    for column in table.columns:
        first, _, rest = column.heading.rpartition("\n")
        above = first.strip() or (above if column.heading.startswith("\n") else "")
        whole.append(" ".join(f"{above} {rest}".split()))
    return whole


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
