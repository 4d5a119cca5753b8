"""Answers and outcomes handed on: a workbook, a document, slides, rows, a page or a picture."""

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TYPE_CHECKING

import pandas as pd

from .. import __version__, export as forms, report
from .._words import day_in_words
from ..data.sources import SOURCES
from ..outcome import to_nested
from ..schema import column
from ._answer import Answer
from ._files import Progress, quiet, refuse_existing, refuse_form, write_bytes, write_files
from .asks import command_of, named
from .runs import outcome_of


if TYPE_CHECKING:
    import xarray as xr


def export(what: "Answer | xr.Dataset", path: Path) -> tuple[Path, ...]:
    """Write an answer, or the outcome of a scenario, into new files; which, the suffix says.

    Raises `OutcomeError` for a suffix that is none of `export.FORMS`, for a file that is there,
    and for a picture of what has none. All files are written or none.
    """
    path = Path(path)
    refuse_form(path, what.ask if isinstance(what, Answer) else None)
    material = material_of(what) if isinstance(what, Answer) else material_of_outcome(what)
    return write_files(forms.files_of(material, path))


def export_run(run: str | Path, path: Path, progress: Progress = quiet) -> tuple[Path, ...]:
    """Write a run, or a scenario that is played now, in the form that the suffix says."""
    refuse_form(path)
    return export(outcome_of(str(run), progress=progress), path)


def note_run(run: str | Path, path: Path, progress: Progress = quiet) -> tuple[Path, ...]:
    """Write the two pages of a run that are read, without the annex of its brief."""
    refuse_form(path)
    whole = material_of_outcome(outcome_of(str(run), progress=progress))
    note = replace(whole.page, annex=[])
    # Other forms have a place of their own for what it rests on.
    page = note if path.suffix.lower() in report.PAGES else whole.page
    read = replace(whole, page=page, html=lambda _: report.html(note))
    return write_files(forms.files_of(read, path))


def write_picture(answer: Answer, path: Path) -> None:
    """Draw the picture of an answer into a new file, with where it is from under it."""
    refuse_existing(path)
    write_bytes(forms.credited(material_of(answer), path.suffix.lower()), path)


# --- An answer to a question ----------------------------------------------------------------------


def material_of(answer: Answer) -> forms.Material:
    """An answer with all that a file of it may hold, ready to be written in any form."""
    name = "" if answer.ask is None else named(answer.ask)
    command = "" if answer.ask is None else command_of(answer.ask)
    about = answer.about
    return forms.Material(
        page=report.page_of(answer.page, about, command),
        tables=_tables(answer, name),
        rows=_rows(answer, name),
        own_rows=answer.written if isinstance(answer.written, str) else "",
        document=answer.document,
        html=_html,
        date=date.today().isoformat(),
        version=__version__,
        question=about.question,
        sources=tuple(map(_attributed, about.sources)) or _sources(answer),
        licence=about.licence,
        picture=lambda: answer.drawn,
        said=[str(about.own["sentence"])] if about.own.get("sentence") else [],
    )


def _html(material: forms.Material) -> str:
    page, picture = material.page, material.drawn
    figure = None if picture is None else report.drawn(picture, page.title, page.setting)
    return report.html(replace(page, figure=figure))


def _tables(answer: Answer, question: str) -> list[forms.TidyTable]:
    """Each table by itself; rows of many tables in one are left to those."""
    tables = dict(answer.tables)
    if "rows" in tables or not tables:
        tables["rows"] = _frame(answer)
    every = [_tidy(answer, question, name, table) for name, table in tables.items()]
    return [one for one in every if one.columns]


def _rows(answer: Answer, question: str) -> forms.TidyTable:
    name = next((name for name, one in answer.tables.items() if one is answer.written), "rows")
    return _tidy(answer, question, name, _frame(answer))


def _frame(answer: Answer) -> "pd.DataFrame | pd.Series":
    written = answer.written
    return pd.read_csv(io.StringIO(written), comment="#") if isinstance(written, str) else written


def _tidy(
    answer: Answer, question: str, name: str, table: "pd.DataFrame | pd.Series"
) -> forms.TidyTable:
    return forms.tidy(
        name,
        table,
        lambda label: column(question, name, label),
        basis=answer.about.basis,
        as_it_is=isinstance(answer.written, str),
    )


def _sources(answer: Answer) -> tuple[str, ...]:
    """What the rows say that they are from, each once; a source of the store by its attribution."""
    frames = [one for one in answer.tables.values() if isinstance(one, pd.DataFrame)]
    said = [str(answer.about.own["source"])] if answer.about.own.get("source") else []
    for frame in frames:
        for row in frame.to_dict("records"):
            for name in f"{row.get('source') or ''}; {row.get('sources') or ''}".split("; "):
                said.append(str(row.get("note") or "") if name == "record" else _attributed(name))
    return tuple(dict.fromkeys(one.strip() for one in said if one.strip()))


def _attributed(name: str) -> str:
    return SOURCES[name].attribution if name in SOURCES else name


# --- A scenario that was played -------------------------------------------------------------------


def material_of_outcome(outcome: "xr.Dataset") -> forms.Material:
    """The outcome of a scenario with all that a file of it may hold."""
    said, day = outcome.attrs, date.today()
    page = report.brief_page(outcome, day=day_in_words(day))
    tables = forms.tables_of(outcome)
    return forms.Material(
        page=page,
        tables=tables,
        rows=tables[0],
        document=json.dumps(to_nested(outcome), allow_nan=False),
        html=lambda _: report.html(page),
        date=day.isoformat(),
        version=__version__,
        question=page.question,
        sources=tuple(line for line in str(said.get("sources", "")).splitlines() if line),
        licence=str(said.get("licence", "")),
        picture=lambda: _headline(page),
        said=[line.text for line in page.lead],
    )


def _headline(page: report.Page) -> Mapping[str, Any] | None:
    """The chart of the note with its title, to stand by itself."""
    if page.figure is None:
        return None
    (chart,) = page.figure.panels
    title = {"text": f"{page.title}: {chart.title}", "anchor": "start", "fontSize": 13,
             "subtitle": chart.note, "subtitleColor": "#5f6368"}  # fmt: skip
    return {**(chart.specification or {}), "title": title, "padding": 12}
