"""What an answer says, as paragraphs and tables of text: every renderer shows it, none computes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias


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


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, in order; the empty text is an empty line."""

    parts: Sequence["Part"]
    title: str = ""


Part: TypeAlias = str | Words | Table | Section


@dataclass(frozen=True)
class Page:
    """A section as a page of its own: what was asked, on which world, and its picture."""

    title: str
    body: Section
    setting: str = ""
    """The world, its horizon and its accounting basis."""
    command: str = ""
    facts: Sequence[tuple[str, str]] = ()
    picture: Mapping[str, Any] | None = None
    """Its specification in Vega-Lite."""


def table_of(
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    words: int = 1,
    wraps: bool = True,
    folds: bool = False,
    title: str = "",
    caption: str = "",
) -> Table:
    """A table whose first columns, `words` of them, are of words and the others of figures."""
    columns = [
        TableColumn(heading, figures=place >= words, wraps=wraps, folds=folds)
        for place, heading in enumerate(headings)
    ]
    return Table(columns, [*rows], title, caption)


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
