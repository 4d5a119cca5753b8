"""What a piece of evidence says about a claim: agrees, contradicts, or cannot be tested."""

import enum
from dataclasses import dataclass


class Verdict(enum.StrEnum):
    """The verdict of one piece of evidence; several are listed side by side, never merged."""

    agrees = "agrees"
    contradicts = "contradicts"
    untestable = "cannot be tested"


@dataclass(frozen=True)
class Finding:
    """A verdict with the sentence that carries it."""

    verdict: Verdict
    found: str
    """The numbers or dates compared; for what cannot be tested, what would be needed."""


class Missing(Exception):
    """Raised where the store lacks what a check needs; caught and turned into a finding."""


def agrees_if(condition: bool, words: str) -> Finding:
    return Finding(Verdict.agrees if condition else Verdict.contradicts, words)


def untestable(needed: str) -> Finding:
    return Finding(Verdict.untestable, needed)
