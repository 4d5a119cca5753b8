"""Claims against stored data: the ledger, and quantities read from a document."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from .. import report
from .._core import ClaimError, nearest
from ..about import About
from ..claims import (
    contradictions,
    Finding,
    judge,
    Judgement,
    kept_ranges,
    ledger_frame,
    load_ledger,
    Model,
    Record,
)
from ..claims.ledger import Contradiction
from ..claims.reading import document_text, read, Reading
from ._answer import Answer
from ._files import Progress, quiet
from .asks import Check


def check(ask: Check, progress: Progress = quiet) -> Answer:
    """The verdicts on a ledger, or on the quantities of a text."""
    if ask.of_claims:
        ledger = check_ledger(ask.file, ask.claim, again=ask.again, progress=progress)
        return Answer(
            report.ledger_table(*ledger),
            rows=ledger_frame(ledger.judged),
            own_document=report.ledger_document(*ledger),
        )
    assert ask.file is not None
    readings = check_document(ask.file, ask.year)
    return Answer(
        report.reading_table(readings),
        About(own={"document": str(ask.file), "year": ask.year}),
        {"rows": report.reading_frame(readings)},
    )


class CheckedLedger(NamedTuple):
    """The verdicts of a ledger and the sides of its contradictions."""

    judged: list[Judgement]
    contradictions: list[tuple[Contradiction, list[Finding | None]]]


def check_ledger(
    place: Path | None = None,
    only: Sequence[str] = (),
    *,
    again: bool = False,
    progress: Progress = quiet,
) -> CheckedLedger:
    """Judge every claim of the ledger that ships, or of a file or directory, or some by name.

    What the model computed for the ledger that ships is looked up, or solved `again`; what another
    ledger asks of it is solved.
    """
    ledger = load_ledger(place)
    unknown = [name for name in only if name not in ledger.claims]
    if unknown:
        raise ClaimError(f"there is no claim '{unknown[0]}'; {nearest(unknown[0], ledger.claims)}")
    if only:
        ledger = ledger.only(only)
    model = Model(ledger.asked, {} if again else kept_ranges(), progress)
    record = Record.open(model)
    judged = judge(ledger, record)
    if only:
        return CheckedLedger(judged, [])
    return CheckedLedger(judged, contradictions(ledger, record))


def check_document(path: str | Path, year: int | None = None) -> list[Reading]:
    """Read a text and hold its quantities against the record; `year` is when it was written."""
    text = document_text(Path(path))
    return read(text, Record.open(), year)
