"""A page of HTML, whole in itself: no network, no JavaScript."""

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Any, TYPE_CHECKING

from ._format import unbroken
from .pages import environment
from .picture import picture
from .section import lines_of, Page, Part, Section, Table, Words


if TYPE_CHECKING:
    import jinja2


def html(page: Page) -> str:
    """A page with its picture drawn inside it."""
    from .. import __version__

    drawn = "" if page.picture is None else picture(dict(page.picture), ".svg").decode()
    return _template().render(
        page=page, blocks=[*_blocks(page.body, 2)], drawn=drawn, version=__version__
    )


def _blocks(section: Section, depth: int) -> Iterator[tuple[str, Any]]:
    """What a template can show one after another, each with its kind."""
    for kind, parts in groupby(section.parts, _kind):
        if kind == "list":
            yield kind, [*parts]
            continue
        for part in parts:
            if isinstance(part, Section):
                yield f"h{min(depth, 3)}", part.title
                yield from _blocks(part, depth + 1)
            elif part:
                yield kind, part


def _kind(part: Part) -> str:
    if isinstance(part, Words):
        return {"item": "list", "bold": "heading", "dim": "note"}.get(part.look, "text")
    return "table" if isinstance(part, Table) else "text"


@cache
def _template() -> "jinja2.Template":
    pages = environment()
    pages.filters |= {"lines": lines_of, "unbroken": lambda text: unbroken(str(text))}
    return pages.get_template("page.html.j2")
