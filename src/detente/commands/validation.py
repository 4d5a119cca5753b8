"""The validation table, computed."""

from .. import validation
from ._files import Progress


def validate(
    *, baseline: str | None = None, progress: Progress = lambda row: None
) -> tuple[validation.Checked, ...]:
    """Every row of the table that ships, on its world or another."""
    return validation.validate(validation.load_table(), baseline, progress)
