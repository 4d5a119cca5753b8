"""Any question answered, and its answer written to new files."""

import inspect
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from .. import commands, report
from .._core import nearest, OutcomeError, ScenarioError
from .._document import checked
from ._answer import Answer
from ._files import Progress, quiet, refuse_existing, write_bytes, write_table, write_text
from ._understood import understood
from .asks import Ask, command_of, named, OnAWorld, places_of, QUESTIONS


def answer(ask: Ask, progress: Progress = quiet) -> Answer:
    """The answer to a question; raises a `DetenteError` of one sentence where there is none.

    Every column of its tables is described in `columns.csv`, and a question to a world is answered
    on one: `LookupError` where that is not so.
    """
    name, ask = named(ask), understood(ask)
    reply: Answer = getattr(commands, name)(ask, progress)
    if not reply.about.question:
        reply = replace(reply, about=reply.about.adding(question=_words(ask)))
    if unknown := reply.undescribed(name):
        raise LookupError(f"columns.csv does not describe {', '.join(unknown)} of '{name}'")
    computed = isinstance(ask, OnAWorld) and ask.computes
    if computed and not (reply.about.basis or reply.own_document):
        raise LookupError(f"the answer to '{name}' says neither its world nor its basis")
    return reply


def _words(ask: Ask) -> str:
    """What was asked, as its request says it, and of whom."""
    said = inspect.cleandoc(type(ask).__doc__ or "").split("\n")[0].rstrip(".")
    return ": ".join([said, *([", ".join(places)] if (places := places_of(ask)) else [])])


def ask(question: str, progress: Progress = quiet, **fields: Any) -> Answer:
    """The answer to the question of that name, its fields as a form or a program gives them."""
    if question not in QUESTIONS:
        raise ScenarioError(f"there is no question '{question}'; {nearest(question, QUESTIONS)}")
    return answer(checked(QUESTIONS[question], fields, question), progress)


def write_rows(answer: Answer, path: Path) -> None:
    """Write the rows of an answer into a new file."""
    if isinstance(answer.written, str):
        write_text(answer.written, path)
    else:
        write_table(pd.DataFrame(answer.written), path)


def write_chart(answer: Answer, path: Path) -> None:
    """Draw the picture of an answer into a new file, in the format of its name."""
    specification = None if answer.chart is None else answer.chart()
    if specification is None:
        raise OutcomeError("this answer has no picture, and none was drawn.")
    suffix = report.format_of(path)
    refuse_existing(path)
    write_bytes(report.picture(specification, suffix), path)


def page(ask: Ask, answer: Answer) -> report.Page:
    """The answer as a page of its own: with the question, what it rests on, and its picture."""
    return report.page_of(answer.page, answer.about, command_of(understood(ask)), _drawn(answer))


def _drawn(answer: Answer) -> dict[str, Any] | None:
    try:
        return None if answer.chart is None else answer.chart()
    except OutcomeError:
        # It says that there is no picture: a page has none, then.
        return None


def write_brief(ask: Ask, answer: Answer, path: Path) -> None:
    """Write the page of an answer into a new file: HTML, or Markdown without the picture."""
    html = report.format_of(path, "page", report.PAGES) == ".html"
    write_text((report.html if html else report.markdown)(page(ask, answer)), path)
