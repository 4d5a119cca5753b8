"""A figure and what its text says of it: flow, reporter, partner, period, direction."""

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ...data.bases import (
    AMERICAN,
    CHINESE,
    COMTRADE,
    JAPANESE,
    KOREAN,
    NATIONAL_BASES,
    PAYMENTS,
    TAIWANESE,
)
from .actors import Actors, actors, filled, mentions
from .context import Context, shares_period
from .cues import Cue, cue_of, cues, qualifier
from .moods import mood
from .neighbours import MORE_THAN_BEFORE
from .periods import Period, period_of
from .quantities import quantities, TextFigure
from .slot import OF_YEAR, Slot, slot_of
from .text import Sentence
from .words import FALL, RISE


_DIRECTION = re.compile(rf"\b(?:(?P<rise>{RISE})|(?P<fall>{FALL}))\b", re.IGNORECASE)
_BOOKS = {
    CHINESE: r"Chinese customs|China'?s customs|China customs|GACC|customs of China",
    KOREAN: r"Korean customs|Korea'?s customs|Korea Customs|KITA|MOTIE"
    r"|Ministry of Trade, Industry",
    AMERICAN: r"Census Bureau|US customs|U\.S\. customs",
    JAPANESE: r"Japanese customs|Japan'?s customs|Japan Customs",
    TAIWANESE: r"Taiwanese customs|Taiwan'?s customs",
    PAYMENTS: r"balance[- ]of[- ]payments|Bank of Korea",
}


@dataclass(frozen=True)
class Statement:
    """What the text says of one quantity."""

    figure: TextFigure
    sentence: Sentence
    cue: Cue | None
    actors: Actors
    period: Period
    mood: str
    """Why it is no statement of fact, or nothing."""
    qualifier: str = ""
    """The product or sector that it is limited to, or nothing."""
    direction: int = 0
    """Of a percentage: +1 for a rise, -1 for a fall."""
    slot: Slot = field(default_factory=Slot)
    """What the words around it make of the figure."""
    inherited: bool = False
    """Reporter or partner were taken from the sentence before."""
    book: str = ""
    """The accounting basis that the sentence names, or nothing."""
    following: str = ""
    """The next sentence of the paragraph."""

    @property
    def is_change(self) -> bool:
        """An amount by which something moved, rather than its level."""
        return self.figure.kind == "money" and self.slot.is_change

    @property
    def flow(self) -> str:
        return self.cue.flow if self.cue else ""

    @property
    def basis(self) -> str:
        """The basis named, or that of the reporter's own customs."""
        return self.book or NATIONAL_BASES.get(self.actors.reporter, COMTRADE)


def statements(
    paragraph: list[Sentence], dated: int | None, context: Context | None = None
) -> tuple[list[Statement], Context]:
    """Every quantity of a paragraph, and what the text spoke of last.

    What a sentence leaves out comes from what was spoken of before, in an earlier paragraph too.
    """
    made: list[Statement] = []
    context = context or Context()
    for at, sentence in enumerate(paragraph):
        following = paragraph[at + 1].text if at + 1 < len(paragraph) else ""
        in_sentence = quantities(sentence.text)
        context = context.after(sentence.text)
        some = [
            _statement(one, in_sentence, sentence, following, context, dated) for one in in_sentence
        ]
        some = _one_period(some)
        figures = [one for one in some if one.figure.kind in ("money", "percent")]
        if figures:
            flows = [_spoken_of(one) for one in figures if one.cue is not None]
            context = context.with_figures(_years(some), flows)
        else:
            context = context.without_figures(sentence.text)
        made += some
    return made, context


def _spoken_of(one: Statement) -> Cue:
    """The flow of a figure as a later "they" may take it up: not that of a product."""
    assert one.cue is not None
    return replace(one.cue, flow="other") if one.qualifier else one.cue


def _one_period(some: list[Statement]) -> list[Statement]:
    """A rate and the level that it led to are of one year, whichever of them it stands with."""
    shared = list(some)
    for at, (one, two) in enumerate(pairwise(some)):
        if shares_period(one.figure, two.figure, one.sentence.text):
            if _is_named(one) != _is_named(two):
                period = one.period if _is_named(one) else two.period
                shared[at], shared[at + 1] = (
                    replace(one, period=period),
                    replace(two, period=period),
                )
    return shared


def _is_named(one: Statement) -> bool:
    return bool(one.period.value) and not one.period.inherited


def _years(some: list[Statement]) -> list[int]:
    return [int(one.period.value) for one in some if one.period.value.isdigit()]


def _statement(
    figure: TextFigure, beside: list[TextFigure], sentence: Sentence, following: str,
    context: Context, dated: int | None,
) -> Statement:  # fmt: skip
    text = sentence.text
    named = mentions(text)
    own_cue = cue_of(figure, text, cues(text))
    cue = context.cue_of(own_cue, figure, text)
    others = [one for one in beside if one.start != figure.start]
    slot = (
        Slot() if cue is None or cue.flow == "other" else slot_of(figure, others, cue, text, named)
    )
    period = period_of(figure, others, _uncompared(slot, text), sentence.paragraph, dated)
    spoken = mood(figure, text, following)
    bare = Statement(
        figure, sentence, cue, Actors(), period, spoken, slot=slot, book=next(iter(books(text)), "")
    )
    bare = replace(bare, following=following)
    if cue is None or cue.flow == "other":
        return bare
    said = actors(cue.flow, (cue.start, cue.end), named, text)
    whole = filled(said, context.pair, named)
    return replace(
        bare,
        figure=replace(figure, approximate=_comparator(slot, figure)),
        period=_of_year(slot, figure, text) or context.period(period, figure, text),
        actors=whole,
        inherited=(whole != said or own_cue is None)
        and not context.is_certain(said, whole, own_cue is not None, text),
        qualifier=qualifier(cue, figure, text, named),
        direction=_direction(figure, cue, text),
    )


def _comparator(slot: Slot, figure: TextFigure) -> str:
    """What the words of the slot make of the figure, or else a sign or fraction of its own."""
    return slot.comparator or ("" if slot.reference else figure.approximate)


def _of_year(slot: Slot, figure: TextFigure, text: str) -> Period | None:
    """The year of a figure that another is compared with: "the $62.8bn of 2013"."""
    match = OF_YEAR.match(text[figure.end :]) if slot.reference else None
    return Period(match["year"]) if match else None


def _uncompared(slot: Slot, text: str) -> str:
    """The text without the words that compare the figure: "than" then names no other year."""
    start, end = slot.compared
    return text[:start] + " " * (end - start) + text[end:]


def books(text: str) -> list[str]:
    """The accounting bases that a sentence names."""
    return [name for name, words in _BOOKS.items() if re.search(words, text)]


def _direction(figure: TextFigure, cue: Cue, text: str) -> int:
    """Rise or fall: between noun and figure, or in the words that tie the figure to the noun."""
    more = MORE_THAN_BEFORE.match(text[figure.end :])
    if more:
        return 1 if more["rise"] else -1
    low, high = min(cue.end, figure.end), max(cue.start, figure.start)
    matches = list(_DIRECTION.finditer(text[low:high]))
    if not matches:
        return 0
    nearest = matches[-1] if cue.end <= figure.start else matches[0]
    return 1 if nearest["rise"] else -1
