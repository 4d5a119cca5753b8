"""What an answer says, as text, tables and charts: every renderer shows it, none computes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias


REPRODUCTION = "How to reproduce this"
"""The heading of the last section of every page."""
Look: TypeAlias = Literal["", "bold", "dim", "item", "good", "bad", "odd"]
"""A heading or what is in focus, a note, one of a list, and three verdicts."""


@dataclass(frozen=True)
class Words:
    """A text that is more than a plain one."""

    text: str
    look: Look = ""


Cell: TypeAlias = str | Words | tuple[str | Words, ...]
"""What stands in a table; of several texts each has a line."""


@dataclass(frozen=True)
class TableColumn:
    """A column of words at the left or of figures at the right; widths are of a terminal."""

    heading: str = ""
    figures: bool = False
    wraps: bool = True
    folds: bool = False
    """Whether a word that is too long is broken rather than cut."""
    least: int | None = None
    most: int | None = None
    share: int | None = None
    """Its part of the width that others leave; the table is then as wide as the terminal."""

    @property
    def whole(self) -> bool:
        """Whether all that stands in it has one width, as dates have."""
        return self.least is not None and self.least == self.most


@dataclass(frozen=True)
class Table:
    """Rows under their headings; an empty row parts those above from those below."""

    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[Cell]]
    title: str = ""
    caption: str = ""
    gap: int = 3
    """Between two columns on a terminal."""

    @property
    def of_words(self) -> bool:
        """Whether more than names stand beside its figures."""
        return sum(not column.figures for column in self.columns) > 1


@dataclass(frozen=True)
class Chart:
    """One chart, a specification in Vega-Lite; where there is nothing to draw, the words for it."""

    specification: Mapping[str, Any] | None
    description: str
    """What it shows, for those who do not see it."""
    title: str = ""
    note: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Figure:
    """Panels that are read together, under one caption."""

    panels: Sequence[Chart]
    caption: str

    @property
    def in_words(self) -> list[str]:
        """What its panels show and what is said under them, where nothing can be drawn."""
        panels = [
            f"{one.title}. {one.empty}" if one.specification is None else one.description
            for one in self.panels
        ]
        return [*panels, self.caption]


@dataclass(frozen=True)
class Terms:
    """Terms and what each of them is."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Code:
    """Lines that are typed or kept as they are; with a summary they are folded away under it."""

    text: str
    summary: str = ""


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, in order; the empty text is an empty line."""

    parts: Sequence["Part"]
    title: str = ""


Part: TypeAlias = str | Words | Table | Figure | Terms | Code | Section


@dataclass(frozen=True)
class Program:
    """What moves a page in a browser; every other face, and paper, is without it."""

    policy: str
    """All that the page may do, as its `Content-Security-Policy`."""
    style: str
    data: str
    """JSON in which no element can begin or end."""
    script: str


@dataclass(frozen=True)
class Page:
    """A section as a page of its own, with what stands before it and what it rests on."""

    title: str
    body: Section
    setting: str = ""
    """The world, its horizon and its accounting basis."""
    question: str = ""
    lead: Sequence[Words] = ()
    """The answer in sentences, where it is not in the body."""
    figure: Figure | None = None
    """The picture of the whole answer."""
    annex: Sequence[Section] = ()
    """What it rests on in full, and how to ask again."""
    dated: str = ""
    """By which version it was computed, and on which day where that is known."""
    footer: str = ""
    program: Program | None = None


def table_of(
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    words: int = 1,
    wraps: bool | Literal["names"] = True,
    folds: bool = False,
    title: str = "",
    caption: str = "",
) -> Table:
    """A table whose first columns, `words` of them, are of words and the others of figures.

    Where names alone wrap, they have the room that unbroken figures with a small gap leave.
    """
    columns = [
        TableColumn(
            heading,
            figures=place >= words,
            wraps=place < words if wraps == "names" else wraps,
            folds=folds,
        )
        for place, heading in enumerate(headings)
    ]
    return Table(columns, [*rows], title, caption, gap=1 if wraps == "names" else Table.gap)


def listed(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Section:
    """A table of words alone."""
    return Section([table_of(headings, rows, words=len(headings))])


def items(lines: Sequence[str]) -> list[Part]:
    """A list where there is more than one line."""
    return [Words(line, "item") for line in lines] if len(lines) > 1 else [*lines]


def lines_of(cell: Cell) -> list[Words]:
    """The texts of a cell, one for each line."""
    texts = cell if isinstance(cell, tuple) else (cell,)
    whole = [Words(text) if isinstance(text, str) else text for text in texts]
    return [Words(line, one.look) for one in whole for line in one.text.split("\n")]
