"""What commands print, and the line that says they are at work."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from ._streams import is_unicode, say_json


def console() -> Any:
    from rich.console import Console

    return Console()


def print_table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from ..report import listed, terminal

    console().print(terminal(listed(headings, rows)))


def print_groups(groups: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """A name and what it is, line by line under headings; names are never cut."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for number, (heading, rows) in enumerate(groups.items()):
        if number:
            table.add_row()
        table.add_row(Text(heading, style="bold"))
        for name, text in rows:
            table.add_row(Text(f"  {name}"), Text(text))
    console().print(table)


def print_json(outcome: Any) -> None:
    from ..outcome import to_nested

    say_json(json.dumps(to_nested(outcome), allow_nan=False))


class waiting:
    """A line on the error stream that says what is being done, if a person is looking."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> Any:
        from rich.console import Console

        console = Console(stderr=True)
        spinner = "dots" if is_unicode(sys.stderr) else "line"
        self.status = (
            console.status(f"{self.what} …", spinner=spinner) if console.is_terminal else None
        )
        if self.status is not None:
            self.status.start()
        return self._say

    def __exit__(self, *error: object) -> None:
        if self.status is not None:
            self.status.stop()

    def _say(self, step: str) -> None:
        if self.status is not None:
            self.status.update(f"{self.what}: {step} …")
