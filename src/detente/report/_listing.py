"""Plain tables of names and what they are."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text


def listed(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A table of texts; brackets in the name of a file are no markup."""
    table = Table(*headings, box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*map(Text, row))
    return table
