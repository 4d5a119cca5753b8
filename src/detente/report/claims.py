"""The ledger and the reading of a document, as tables for the terminal, JSON and the brief."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..claims import counts, Finding, Judgement, ledger_frame, Verdict
from ..claims.ledger import Contradiction
from ..claims.reading import Reading
from .terminal import table_of


STYLES = {Verdict.agrees: "green", Verdict.contradicts: "bold red", Verdict.untestable: "dim"}
Sides = Sequence[tuple[Contradiction, Sequence[Finding | None]]]


def ledger_table(judged: Sequence[Judgement], sides: Sequence[Any]) -> RenderableType:
    """Every piece of evidence with its verdict, the contradictions, and how many say what."""
    table = _table(
        "Claims, a line for each piece of evidence", "claim", "says", "verdict", "because"
    )
    last = ""
    for one in judged:
        first = one.claim.id != last
        last = one.claim.id
        table.add_row(
            one.claim.id if first else "",
            Text(one.claim.says if first else ""),
            Text(one.finding.verdict.value, style=STYLES[one.finding.verdict]),
            Text(because(one)),
        )
    parts = [table]
    if sides:
        parts.append(_contradictions(sides))
    return Group(*parts, _counts(judged))


def because(one: Judgement) -> str:
    """What was found and where it comes from, or what would be needed."""
    if one.evidence.check is None:
        runs = f"; detente run {one.claim.scenarios[0]}" if one.claim.scenarios else ""
        return f"{one.finding.found}{runs}."
    published = ", a published figure" if one.evidence.published else ""
    note = f" {one.evidence.note}" if one.evidence.note else ""
    return f"{one.finding.found} ({one.evidence.source}{published}).{note}"


def _contradictions(sides: Sequence[Any]) -> Table:
    table = _table("Contradictions, side by side", "id", "about", "one side says", "stored data")
    for one, findings in sides:
        for at, (position, finding) in enumerate(zip(one.positions, findings, strict=True)):
            said = "" if finding is None else f"{finding.verdict.value}: {finding.found}"
            table.add_row(
                one.id if at == 0 else "",
                Text(f"{one.about}; turns on {one.turns_on}" if at == 0 else ""),
                Text(f"{position.says} ({position.source})"),
                Text(said),
            )
    return table


def _counts(judged: Sequence[Judgement]) -> Table:
    found = counts(list(judged))
    table = _table("Counts", "verdict", "pieces of evidence", "claims with one")
    for verdict in Verdict:
        name = verdict.value
        table.add_row(name, str(found["evidence"][name]), str(found["claims"][name]))
    total = len({one.claim.id for one in judged})
    table.add_row("all", str(len(judged)), str(total))
    return table


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


def reading_frame(readings: Sequence[Reading]) -> pd.DataFrame:
    """One row for each quantity read, and for each record or identity it takes part in."""
    columns = list(Reading.__dataclass_fields__)
    rows = [asdict(one) | {"verdict": one.verdict.value} for one in readings]
    return pd.DataFrame(rows, columns=columns)


def reading_table(readings: Sequence[Reading]) -> RenderableType:
    """Every quantity with its verdict, what it was taken for, and what was probably meant."""
    if not readings:
        return Text("No quantity was found in the text.")
    table = _table("", "line", "text, and what it is taken for", "verdict", "because")
    for one in readings:
        taken = ", ".join(part for part in (_KINDS.get(one.kind, ""), one.what, one.period) if part)
        reason = one.found
        if one.probably:
            reason += f". Probably meant: {one.probably}, since {one.why}"
        style = STYLES[one.verdict] if not one.probably else "bold yellow"
        verdict = Text(one.verdict.value, style=style)
        said = Text.assemble(one.text, (f"\n{taken}" if taken else "", "dim"))
        table.add_row(str(one.line), said, verdict, Text(reason))
    return Group(table, reading_counts(readings))


_KINDS = {
    "record": "called a record", "identity": "within the text", "direction": "said to have moved",
    "extremum": "called an extreme", "first": "called a first", "streak": "called a run",
    "comparison": "compared", "multiple": "called a multiple", "place": "given a place",
    "share": "a part of it", "unread": "said beside it",
}  # fmt: skip


def reading_counts(readings: Sequence[Reading]) -> Text:
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
    return Text(f"{', '.join(parts)}; {mended} probably meant something else.")


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


def _table(title: str, *headings: str) -> Table:
    return table_of(
        *headings, words=len(headings), overflow="fold", title=title or None, title_style="bold",
        header_style="dim",
    )  # fmt: skip
