"""What tests of the reader share: the shipped record, and a sentence's verdicts."""

from detente.claims.reading import read, Reading
from detente.claims.record import Record


A, C, U = "agrees", "contradicts", "cannot be tested"


def rows(text: str, record: Record) -> list[Reading]:
    """What is read in a text, without the identities among its own figures."""
    return [one for one in read(text, record) if one.kind != "identity"]


def said(text: str, record: Record) -> list[str]:
    return [one.verdict.value for one in rows(text, record)]


def lone_agree(text: str, record: Record) -> bool:
    """Whether everything that is read of a text agrees, so that it reads as true."""
    verdicts = said(text, record)
    return bool(verdicts) and set(verdicts) == {A}


def figure(text: str, record: Record) -> str:
    """The verdict on the last figure of a text."""
    return next(
        one.verdict.value
        for one in reversed(rows(text, record))
        if one.kind in ("money", "percent")
    )


def beside(text: str, record: Record) -> dict[str, str]:
    """The verdicts on what is said beside the figures, by kind."""
    figures = ("money", "percent", "duration", "row", "count", "points", "rank")
    return {one.kind: one.verdict.value for one in rows(text, record) if one.kind not in figures}
