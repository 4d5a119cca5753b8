"""The validation table, computed."""

from .. import report, validation
from ..about import About
from ._answer import Answer
from ._files import Progress, quiet
from .asks import Validate


def validate(ask: Validate, progress: Progress = quiet) -> Answer:
    """Every row of the table that ships, on its world or another."""
    checks = validation.validate(validation.load_table(), ask.baseline, progress)
    return Answer(
        report.validation_table(checks),
        About(baseline=ask.baseline or ""),
        rows=report.validation_frame(checks),
        own_document=report.validation_document(checks),
    )
