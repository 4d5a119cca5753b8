"""The verdicts of a ledger: every piece of evidence on its own, and how many say what."""

from dataclasses import dataclass, replace

import pandas as pd

from .answered import AnswerCheck
from .checks import run_check
from .computed import EffectCheck
from .ledger import Claim, Contradiction, Document, Evidence, Ledger, Position
from .record import Record
from .turning import turns
from .verdict import Finding, untestable, Verdict


@dataclass(frozen=True)
class Judgement:
    """One piece of evidence on one claim, with what it says."""

    document: Document
    claim: Claim
    evidence: Evidence
    finding: Finding


def judge(ledger: Ledger, record: Record) -> list[Judgement]:
    """A finding for every piece of evidence, in the order of the ledger."""
    return [
        Judgement(document, claim, evidence, finding_of(claim, evidence, record))
        for document in ledger.documents
        for claim in document.claims
        for evidence in claim.evidence
    ]


def finding_of(claim: Claim, evidence: Evidence, record: Record) -> Finding:
    """The finding of one piece of evidence; one without a check cannot test anything."""
    if evidence.check is None:
        return untestable(f"needs {evidence.needs}")
    finding = run_check(evidence.check, record, claim.quantity)
    other = _another_book(claim, evidence, finding)
    if other and not evidence.no_verdict:
        return untestable(f"no verdict, since {other}: {finding.found}")
    return _verdict(evidence, finding, record)


def _another_book(claim: Claim, evidence: Evidence, finding: Finding) -> str:
    """Why evidence on another accounting basis than the claim's cannot contradict it."""
    own = claim.quantity.basis if claim.quantity is not None else ""
    books = [_basis(one.check) for one in claim.evidence if one.check is not None]
    own = own or next((book for book in books if book), "")
    book = _basis(evidence.check)
    if finding.verdict is not Verdict.contradicts or not own or not book or own == book:
        return ""
    return f"it is another book ({book}) than the claim's ({own})"


def _basis(check: object) -> str:
    """The accounting basis of what a check compares with; nothing where it has none."""
    compared = getattr(check, "observed", None) or getattr(check, "series", None)
    return str(getattr(compared, "basis", "") or "")


def position_finding(position: Position, record: Record) -> Finding | None:
    """What the stored data say of one side of a contradiction, where they can say anything."""
    if position.check is None:
        return None
    return _verdict(position, run_check(position.check, record, None), record)


def _verdict(held: Evidence | Position, finding: Finding, record: Record) -> Finding:
    """The finding, or why it is no verdict: a reason is given, or the check could not have failed.

    A check that asks the model says where it fails, and is played there.
    """
    if finding.verdict is Verdict.untestable:
        return finding
    if held.no_verdict:
        return untestable(f"no verdict, since {held.no_verdict}: {finding.found}")
    check, where, model = held.check, held.fails_where, record.model
    if not isinstance(check, (EffectCheck, AnswerCheck)) or model is None:
        return finding
    if where is None:
        return untestable(f"no verdict, since nothing says where it would turn: {finding.found}")
    agrees = finding.verdict is Verdict.agrees
    if not turns(check, where, agrees, model):
        said = where.words().removeprefix("the verdict ")
        return untestable(f"no verdict, since it is not so that it {said}: {finding.found}")
    return replace(finding, found=f"{finding.found}; {where.words()}")


def contradictions(
    ledger: Ledger, record: Record
) -> list[tuple[Contradiction, list[Finding | None]]]:
    """Each contradiction with a finding, or none, for each of its sides."""
    return [
        (one, [position_finding(position, record) for position in one.positions])
        for one in ledger.contradictions
    ]


def ledger_frame(judged: list[Judgement]) -> pd.DataFrame:
    """One row for each piece of evidence."""
    rows = [
        {
            "claim": one.claim.id,
            "document": one.document.id,
            "kind": one.claim.kind,
            "speaker": one.claim.speaker,
            "says": one.claim.says,
            "verdict": one.finding.verdict.value,
            "found": one.finding.found,
            "check": one.evidence.check.kind if one.evidence.check else "",
            "source": one.evidence.source,
            "published": one.evidence.published,
            "note": one.evidence.note,
            "fails_where": _where(one.evidence),
            "scenarios": " ".join(one.claim.scenarios),
            "serves": " ".join(one.claim.serves),
        }
        for one in judged
    ]
    return pd.DataFrame(rows)


def _where(evidence: Evidence) -> str:
    return evidence.fails_where.words() if evidence.fails_where else ""


def counts(judged: list[Judgement]) -> dict[str, dict[str, int]]:
    """Pieces of evidence by verdict, and claims that have at least one of it."""
    by_verdict = {
        verdict.value: [one for one in judged if one.finding.verdict is verdict]
        for verdict in Verdict
    }
    return {
        "evidence": {name: len(some) for name, some in by_verdict.items()},
        "claims": {name: len({one.claim.id for one in some}) for name, some in by_verdict.items()},
    }
