"""The ledger and the reading of a document, as tables for the terminal, JSON and the brief."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, TYPE_CHECKING

import pandas as pd

from .._words import spelled
from ..about import known_names
from ..claims import counts, Finding, Judgement, ledger_frame, Verdict
from ..claims.ledger import Contradiction
from .section import Cell, Look, Part, Section, Table, table_of, Words


if TYPE_CHECKING:
    # A second of regular expressions, which only who reads a text waits for.
    from ..claims.reading import Reading

LOOKS: dict[Verdict, Look] = {
    Verdict.agrees: "good", Verdict.contradicts: "bad", Verdict.untestable: "dim"
}  # fmt: skip
Sides = Sequence[tuple[Contradiction, Sequence[Finding | None]]]


def ledger_table(judged: Sequence[Judgement], sides: Sequence[Any]) -> Section:
    """Every piece of evidence with its verdict, the contradictions, and how many say what."""
    rows: list[Sequence[Cell]] = []
    last = ""
    for one in judged:
        named = (one.claim.id, one.claim.says) if one.claim.id != last else ("", "")
        last = one.claim.id
        verdict = Words(one.finding.verdict.value, LOOKS[one.finding.verdict])
        rows.append((*named, verdict, because(one)))
    headings = ("claim", "says", "verdict", "because")
    table = _table("Claims, a line for each piece of evidence", headings, rows)
    return Section([table, *([_contradictions(sides)] if sides else []), _counts(judged)])


def because(one: Judgement) -> str:
    """What was found and where it comes from, or what would be needed."""
    if one.evidence.check is None:
        runs = f"; detente run {one.claim.scenarios[0]}" if one.claim.scenarios else ""
        return spelled(f"{one.finding.found}{runs}.", known_names())
    published = ", a published figure" if one.evidence.published else ""
    note = f" {one.evidence.note}" if one.evidence.note else ""
    said = f"{one.finding.found} ({one.evidence.source}{published}).{note}"
    return spelled(said, known_names())


def _contradictions(sides: Sequence[Any]) -> Table:
    rows = []
    for one, findings in sides:
        for at, (position, finding) in enumerate(zip(one.positions, findings, strict=True)):
            named = ("", "") if at else (one.id, f"{one.about}; turns on {one.turns_on}")
            said = "" if finding is None else f"{finding.verdict.value}: {finding.found}"
            said = spelled(said, known_names())
            rows.append((*named, f"{position.says} ({position.source})", said))
    headings = ("id", "about", "one side says", "stored data")
    return _table("Contradictions, side by side", headings, rows)


def _counts(judged: Sequence[Judgement]) -> Table:
    tally = counts(list(judged))
    names = [verdict.value for verdict in Verdict]
    rows = [(name, str(tally["evidence"][name]), str(tally["claims"][name])) for name in names]
    rows.append(("all", str(len(judged)), str(len({one.claim.id for one in judged}))))
    return _table("Counts", ("verdict", "pieces of evidence", "claims with one"), rows)


def ledger_document(judged: Sequence[Judgement], sides: Sequence[Any]) -> str:
    """JSON with the counts, every piece of evidence, and the contradictions."""
    whole = {
        "counts": counts(list(judged)),
        "evidence": json.loads(str(ledger_frame(list(judged)).to_json(orient="records"))),
        "contradictions": [_side(one, findings) for one, findings in sides],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False)


def _side(one: Contradiction, findings: Sequence[Finding | None]) -> dict[str, Any]:
    positions = [
        {
            "says": position.says,
            "source": position.source,
            "claims": list(position.claims),
            "published": position.published,
            "verdict": finding.verdict.value if finding else None,
            "found": finding.found if finding else None,
        }
        for position, finding in zip(one.positions, findings, strict=True)
    ]
    return {"id": one.id, "about": one.about, "turns_on": one.turns_on, "positions": positions}


def reading_frame(readings: "Sequence[Reading]") -> pd.DataFrame:
    """One row for each quantity read, and for each record or identity it takes part in."""
    from ..claims.reading import Reading

    columns = list(Reading.__dataclass_fields__)
    rows = [asdict(one) | {"verdict": one.verdict.value} for one in readings]
    return pd.DataFrame(rows, columns=columns)


def reading_table(readings: "Sequence[Reading]") -> Section:
    """Every quantity with its verdict, what it was taken for, and what was probably meant."""
    if not readings:
        return Section(["No quantity was found in the text."])
    rows: list[Sequence[Cell]] = []
    for one in readings:
        taken = ", ".join(part for part in (_KINDS.get(one.kind, ""), one.what, one.period) if part)
        reason = one.found
        if one.probably:
            reason += f". Probably meant: {one.probably}, since {one.why}"
        verdict = Words(one.verdict.value, "odd" if one.probably else LOOKS[one.verdict])
        said = (one.text, Words(taken, "dim")) if taken else one.text
        rows.append((str(one.line), said, verdict, spelled(reason, known_names())))
    headings = ("line", "text, and what it is taken for", "verdict", "because")
    return Section([_table("", headings, rows), reading_counts(readings)])


_KINDS = {
    "record": "called a record", "identity": "within the text", "direction": "said to have moved",
    "extremum": "called an extreme", "first": "called a first", "streak": "called a run",
    "comparison": "compared", "multiple": "called a multiple", "place": "given a place",
    "share": "a part of it", "unread": "said beside it",
}  # fmt: skip


def reading_counts(readings: "Sequence[Reading]") -> str:
    """How many readings have which verdict, and how many look garbled or wrong by one change."""
    parts = [
        f"{sum(one.verdict is verdict for one in readings)} {word}"
        for verdict, word in (
            (Verdict.agrees, "agree"),
            (Verdict.contradicts, "contradict"),
            (Verdict.untestable, "cannot be tested"),
        )
    ]
    mended = sum(bool(one.probably) for one in readings)
    return f"{', '.join(parts)}; {mended} probably meant something else."


def claims_section(
    judged: Sequence[Judgement], focus: Sequence[str], scenario: str, unread: str
) -> list[Section]:
    """What documents say of the focus countries and the record says of that; none without both."""
    bearing, rows = claims_of_scenario(judged, scenario), brief_claims(judged, focus)
    parts: list[Part] = []
    if bearing:
        parts.append(
            f"Claims of the ledger that name this scenario as their test: {', '.join(bearing)}. "
            "A single run bears on them and settles none."
        )
    if rows:
        parts += _held(rows, untested_claims(judged, focus))
    if unread:
        parts.append(Words(f"The ledger could not be held against the store: {unread}", "dim"))
    return [Section(parts, "What has been said about it")] if parts else []


def _held(rows: Sequence[dict[str, Any]], untested: Sequence[str]) -> list[Part]:
    """The claims with their evidence, and how many more there are."""
    cells = [(row["id"], row["says"], _evidence(row["evidence"])) for row in rows]
    under = (
        "Verdicts are never merged: evidence on another accounting basis or concept may say the "
        "opposite."
    )
    if any(": median " in said for row in rows for _, said in row["evidence"]):
        under += (
            " A median is of the ledger's own simulations; a figure of this page is the scenario's "
            "own unless it is called a median, so the two may differ."
        )
    if untested:
        claims = "claim" if len(untested) == 1 else "claims"
        under += (
            f" {len(untested)} more {claims} about these countries cannot be tested with what is "
            "stored; detente check --ledger says what each would need."
        )
    title = "Claims from the press about these countries, held against stored and published figures"
    headings = ("Claim", "Says", "Verdict and what was found, for each piece of evidence")
    return [_table(title, headings, cells), Words(under, "dim")]


def _evidence(pieces: Sequence[tuple[str, str]]) -> Cell:
    """Each verdict, and under it what it rests on."""
    return tuple(line for verdict, said in pieces for line in (Words(verdict, "bold"), said))


def brief_claims(judged: Sequence[Judgement], focus: Sequence[str]) -> list[dict[str, Any]]:
    """The tested claims about the focus countries alone, each with all its evidence."""
    chosen: dict[str, dict[str, Any]] = {}
    for one in _about(judged, focus):
        row = chosen.setdefault(one.claim.id, {"id": one.claim.id, "says": one.claim.says})
        row.setdefault("evidence", []).append((one.finding.verdict.value, because(one)))
    return [row for row in chosen.values() if any(v != _UNTESTED for v, _ in row["evidence"])]


def untested_claims(judged: Sequence[Judgement], focus: Sequence[str]) -> list[str]:
    """The claims about the focus countries alone that nothing stored tests."""
    tested = {row["id"] for row in brief_claims(judged, focus)}
    names = dict.fromkeys(one.claim.id for one in _about(judged, focus))
    return [name for name in names if name not in tested]


_UNTESTED = Verdict.untestable.value


def _about(judged: Sequence[Judgement], focus: Sequence[str]) -> list[Judgement]:
    return [one for one in judged if one.claim.countries and {*one.claim.countries} <= {*focus}]


def claims_of_scenario(judged: Sequence[Judgement], scenario: str) -> list[str]:
    """The claims that name a scenario as their test."""
    names = [one.claim.id for one in judged if scenario in one.claim.scenarios]
    return list(dict.fromkeys(names))


def _table(title: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    return table_of(headings, rows, words=len(headings), folds=True, title=title)
