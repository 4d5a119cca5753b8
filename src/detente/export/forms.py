"""The forms of a file of an answer, each by the suffix of its name, and what each of them needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from .. import report
from .._core import OutcomeError
from . import rows
from .credited import credited
from .excel import workbook
from .material import Material
from .slides import slides
from .word import document


EXTRA = "office"
PICTURE = "the picture"


@dataclass(frozen=True, slots=True)
class ExportForm:
    """A form of a file: what it is, in words, and how it is written."""

    what: str
    write: Callable[[Material], bytes]
    needs: str = ""
    """The module that writes it, where not everyone has it."""


def _picture(suffix: str) -> Callable[[Material], bytes]:
    return lambda material: credited(material, suffix)


FORMS: Mapping[str, ExportForm] = {
    ".csv": ExportForm("rows", rows.rows),
    ".zip": ExportForm("every table as rows", rows.archive),
    ".xlsx": ExportForm("an Excel workbook", workbook),
    ".docx": ExportForm("a Word document", document, "docx"),
    ".pptx": ExportForm("PowerPoint slides", slides, "pptx"),
    ".md": ExportForm("a page in Markdown", lambda one: report.markdown(one.page).encode()),
    ".html": ExportForm("a page for a browser", lambda one: one.html(one).encode()),
    ".json": ExportForm("JSON", lambda one: one.document.encode()),
    ".png": ExportForm(PICTURE, _picture(".png")),
    ".svg": ExportForm(PICTURE, _picture(".svg")),
    ".pdf": ExportForm(PICTURE, _picture(".pdf")),
}
"""Every form by the suffix of its files."""


def form_of(path: Path) -> ExportForm:
    """The form that a file's name asks for.

    Raises `OutcomeError` of one sentence for a name that asks for none, and for a form whose
    module is not installed.
    """
    suffix = path.suffix.lower()
    form = FORMS.get(suffix)
    if form is None:
        raise OutcomeError(
            f"an answer cannot be written as '{path.name}'; give it one of these suffixes: "
            f"{', '.join(FORMS)}."
        )
    if form.needs and find_spec(form.needs) is None:
        raise OutcomeError(
            f"{form.what} needs a package that is not installed; install it with "
            f'pip install "detente[{EXTRA}]", or write .xlsx, .html or .md.'
        )
    return form


def is_picture(path: Path) -> bool:
    """Whether the file is of the picture alone."""
    form = FORMS.get(path.suffix.lower())
    return form is not None and form.what == PICTURE


def places_of(path: Path) -> tuple[Path, ...]:
    """Every file that is written for a file of that name."""
    return (path, rows.beside(path)) if path.suffix.lower() == ".csv" else (path,)


def files_of(material: Material, path: Path) -> dict[Path, bytes]:
    """The content of every file of an answer that is written at that place."""
    content = {path: form_of(path).write(material)}
    for more in places_of(path)[1:]:
        content[more] = rows.description(material, path.name)
    return content
