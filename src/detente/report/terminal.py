"""Tables for the terminal: columns of words at the left, of figures at the right."""

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import OverflowMethod
from rich.table import Table
from rich.text import Text


def table_of(
    *headings: str,
    words: int = 1,
    no_wrap: bool = False,
    overflow: OverflowMethod = "ellipsis",
    **look: Any,
) -> Table:
    """A table whose first columns, `words` of them, are of words; `look` is what else it is given.

    Columns of another kind are added to one that is made without headings.
    """
    left: dict[str, Any] = {"title_justify": "left", "caption_justify": "left"}
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, **left, **look)
    for place, heading in enumerate(headings):
        justify = "left" if place < words else "right"
        table.add_column(heading, justify=justify, no_wrap=no_wrap, overflow=overflow)
    return table


def listed(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A table of texts; brackets in the name of a file are no markup."""
    table = table_of(*headings, words=len(headings))
    for row in rows:
        table.add_row(*map(Text, row))
    return table
