"""A page of HTML in one file, or a card of a notebook: no network, and no program of its own."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import Any, TYPE_CHECKING

from .._card import card
from ._format import unbroken
from .charts import svg
from .pages import environment
from .section import Figure, lines_of, Page, Part, Section, Words


if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup


def html(page: Page) -> str:
    """A page with its pictures drawn inside it."""
    return _rendered(page, "page.html.j2")


def card_of(page: Page) -> str:
    """A page as a card of a notebook: it leaves the notebook's own styles as they are."""
    return card(page.title, page.setting, _rendered(page, "card.html.j2"))


def _rendered(page: Page, template: str) -> str:
    from .. import __version__

    every = Section([*([page.figure] if page.figure else []), page.body, *page.annex])
    drawn = {id(one): number for number, one in enumerate(_figures(every), start=1)}
    return _template(template).render(
        page=page,
        body=[*_blocks(page.body, 2)],
        annex=[*_blocks(Section(page.annex), 2)],
        # Where there is but one figure no text has to tell it from another.
        number=lambda figure: drawn[id(figure)] if len(drawn) > 1 else None,
        draw=lambda figure, at: _drawn(
            figure.panels[at].specification, f"f{drawn[id(figure)]}p{at}"
        ),
        version=__version__,
    )


def _drawn(specification: Mapping[str, Any], prefix: str) -> str:
    """A chart whose description is said by what is around it, and no mark of it one by one."""
    return svg(dict(specification), prefix).replace("<svg ", '<svg aria-hidden="true" ', 1)


def _figures(section: Section) -> Iterator[Figure]:
    for part in section.parts:
        if isinstance(part, Section):
            yield from _figures(part)
        elif isinstance(part, Figure):
            yield part


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
    return "text" if isinstance(part, str | Section) else type(part).__name__.lower()


@cache
def _template(name: str) -> "jinja2.Template":
    pages = environment()
    pages.filters |= {"lines": lines_of, "prose": _prose}
    return pages.get_template(name)


def _prose(text: str | Words) -> "Markup":
    """A text with its units tied to their numbers and its web addresses as links; else escaped."""
    from markupsafe import escape, Markup

    plain = unbroken(text.text if isinstance(text, Words) else text)
    # Within words alone: a command in a sentence keeps the quotes that a shell needs.
    plain = re.sub(r"(?<=\w)'(?=\w)", "’", plain)
    parts = re.split(r"(https?://[^\s<>\"']+[^\s<>\"'.,;:)\]])", plain)
    return Markup("").join(
        Markup('<a href="{0}">{0}</a>').format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )
