"""What a label of press_sentences.py and press_texts.py is made of."""

from dataclasses import dataclass
from typing import NamedTuple


A, C, U = "agrees", "contradicts", "cannot be tested"
A_or_U, C_or_U = (A, U), (C, U)
"""Where honest readers could differ: any of these verdicts is right."""


@dataclass(frozen=True)
class Label:
    """One quantity of a text and the verdicts that a careful reader could give it."""

    value: float | tuple[float, float]
    """As written; the lower and the upper end of a range, whichever a reader takes it for."""
    unit: str
    verdicts: tuple[str, ...]
    forbidden: tuple[str, ...]
    """Verdicts that would be an untruth: not only another verdict than the labelled one."""


class Labelled(NamedTuple):
    """A text with its quantities in order."""

    name: str
    """Of a sentence the kind of its difficulty, of a text its style."""
    text: str
    labels: tuple[Label, ...]
    written: int | None = None
    """The year in which the text was written, where it is known."""


def quantity(
    value: float | tuple[float, float],
    unit: str,
    verdicts: str | tuple[str, ...],
    forbidden: tuple[str, ...] | None = None,
) -> Label:
    """A label; forbidden is every decided verdict that is not right, unless it is said."""
    right = (verdicts,) if isinstance(verdicts, str) else verdicts
    untrue = tuple(one for one in (A, C) if one not in right)
    return Label(value, unit, right, untrue if forbidden is None else forbidden)


def billion(
    value: float | tuple[float, float],
    verdicts: str | tuple[str, ...],
    forbidden: tuple[str, ...] | None = None,
) -> Label:
    """A label in billion US$."""
    return quantity(value, "billion US$", verdicts, forbidden)


def percent(
    value: float, verdicts: str | tuple[str, ...], forbidden: tuple[str, ...] | None = None
) -> Label:
    """A label in percent."""
    return quantity(value, "percent", verdicts, forbidden)
