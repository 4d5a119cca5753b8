"""The pages of the documentation as a builder reads them: plain Markdown, with no marks of ours.

A page in `docs/` says `<!-- render: NAME ARGUMENT -->` where something of the package belongs, has
equations as ```` ```math ````, and tables of questions that are shown as cards.
"""

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from . import cards, equations, tables
from .public import with_public_paths


DOCS = tables.ROOT / "docs"
_MARK = re.compile(r"<!-- render: (\w+)(?: (\w+))? -->")


def render(markdown: str) -> str:
    """A page with what its marks stand for; `KeyError` names a mark that stands for nothing."""
    filled = _MARK.sub(lambda mark: _RENDERED[mark[1]](*filter(None, [mark[2]])), markdown)
    return with_public_paths(equations.set_in(cards.in_place_of_tables(filled)))


def write(folder: Path) -> None:
    """All of `docs/`, its pages rendered, into a folder of its own, which is emptied first."""
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(DOCS, folder)
    for page in folder.rglob("*.md"):
        page.write_text(render(page.read_text(encoding="utf-8")), encoding="utf-8")


_RENDERED: Mapping[str, Callable[..., str]] = {
    "variables": tables.variables,
    "columns": tables.columns,
    "about": tables.about,
    "policies": tables.policies,
    "library": tables.library,
    "stored": tables.stored,
    "bases": tables.bases,
    "sources": tables.sources,
    "layouts": tables.layouts,
    "keys": tables.keys,
    "commands": tables.commands,
    "modules": tables.modules,
    "questions": cards.of_every_question,
}
