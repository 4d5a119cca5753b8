"""What other studies published, beside what is computed here."""

from ._console import show, waiting
from ._options import app, BaselineName, Format, OutputFormat, Table


@app.command()
def validate(
    baseline: BaselineName = None, output: OutputFormat = Format.table, out: Table = None
) -> None:
    """Compare with published studies: each row passes or misses by a rule set beforehand."""
    from .. import commands
    from ..report import validation_document, validation_frame, validation_table

    if out is not None:
        commands.refuse_existing(out)
    with waiting("playing") as say:
        found = commands.validate(baseline=baseline, progress=say)
    show(output, validation_table(found), validation_document(found), validation_frame(found), out)
