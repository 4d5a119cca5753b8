"""Any question answered, and its answer written to new files."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from .. import commands, report
from .._core import nearest, ScenarioError
from .._document import checked
from .._words import in_sentence, listing
from ..data.concordance import country_names
from ._answer import Answer
from ._files import Progress, quiet, write_text
from ._understood import understood
from .asks import Ask, command_of, named, OnAWorld, QUESTIONS


def answer(ask: Ask, progress: Progress = quiet) -> Answer:
    """The answer to a question; raises a `DetenteError` of one sentence where there is none.

    Every column of its tables is described in `columns.csv`, and a question to a world is answered
    on one: `LookupError` where that is not so.
    """
    name, ask = named(ask), understood(ask)
    reply: Answer = getattr(commands, name)(ask, progress)
    said = reply.about if reply.about.question else reply.about.adding(question=_title(ask))
    reply = replace(reply, about=said, ask=ask)
    if unknown := reply.undescribed(name):
        raise LookupError(f"columns.csv does not describe {', '.join(unknown)} of '{name}'")
    computed = isinstance(ask, OnAWorld) and ask.computes
    if computed and not (reply.about.basis or reply.own_document):
        raise LookupError(f"the answer to '{name}' says neither its world nor its basis")
    return reply


def _title(ask: Ask) -> str:
    """What was asked, of whom, in words where a name is known."""
    given: dict[str, Any] = {name: _in_words(value) for name, value in ask}
    key = "episodes" if given.get("name", "-") == "" else named(ask)
    title = report.say(f"title.{key}", **given)
    return title[:1].upper() + title[1:]


def _in_words(value: object) -> str:
    names = [
        str(one) for one in (value if isinstance(value, tuple) else (value,)) if one is not None
    ]
    return listing([in_sentence(country_names().get(name, name)) for name in names])


def ask(question: str, progress: Progress = quiet, **fields: Any) -> Answer:
    """The answer to the question of that name, its fields as a form or a program gives them."""
    if question not in QUESTIONS:
        raise ScenarioError(f"there is no question '{question}'; {nearest(question, QUESTIONS)}")
    return answer(checked(QUESTIONS[question], fields, question), progress)


def page(ask: Ask, answer: Answer) -> report.Page:
    """The answer as a page of its own: with the question, what it rests on, and its picture."""
    return report.page_of(answer.page, answer.about, command_of(understood(ask)), answer.drawn)


def write_brief(ask: Ask, answer: Answer, path: Path) -> None:
    """Write the page of an answer into a new file: HTML, or Markdown without the picture."""
    html = report.format_of(path, "page", report.PAGES) == ".html"
    write_text((report.html if html else report.markdown)(page(ask, answer)), path)
