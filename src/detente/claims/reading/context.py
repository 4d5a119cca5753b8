"""What a text spoke of before: whose trade, in which year, of which flow.

What is carried from one sentence to another can bear out a figure and never contradict it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .actors import Actors, actors, Mention, mentions
from .cues import Cue, cues
from .periods import BEFORE_UNNAMED, NO_YEAR, Period, years_named
from .quantities import TextFigure
from .words import words


_PRONOUN = re.compile(
    r"^\W*(?:(?:A|Answer): )?(?:(?:But|And|Yet|Then|Still|However|By contrast),? )?(?:(?:In|By"
    r"|For) (?:19|20)\d\d,? |(?:A|One) year (?:later|earlier|before),? )?"
    r"(?P<word>they|it|that|these|those|the (?:figure|total|value|sum|amount))\b",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(
    r"\b(?:a|one) year (?:earlier|before|ago)\b|\bthe (?:previous|prior|preceding) year\b"
    r"|\bthe year (?:before|earlier)\b",
    re.IGNORECASE,
)
_YEAR_AFTER = re.compile(
    r"\b(?:a|one) year (?:later|on)\b|\bthe (?:following|next) year\b|\bthe year after\b",
    re.IGNORECASE,
)
_SAME_YEAR = re.compile(
    r"\b(?:(?:in|for|during|over) )?(?:the same|that) year\b(?! (?:earlier|before))", re.IGNORECASE
)
_THOSE = re.compile(r"\bthose(?= (?:to|from|with)\b)", re.IGNORECASE)
_OUTLOOK = re.compile(
    r"\b(?:outlook|forecast|project(?:ed|ion)|estimate|target|plan|goal|expect|scenario|budget)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[-*•–—·] ")
_TAKES_UP = re.compile(r"\b(?:exports|imports) there\b|\b(?:to|from|with) (?:it|them)\b")
_WHEN = re.compile(r"\b(?P<year>(?:19|20)\d\d),? when\b[^;]*$")
_TO = re.compile(
    r"^(?: year-on-year)?(?: in (?:19|20)\d\d)? to (?:(?:about|around|some|just|a) )*$"
)


@dataclass(frozen=True)
class Context:
    """The pair, the year and the flow that a text spoke of last."""

    pair: Actors = field(default_factory=Actors)
    year: int | None = None
    cue: Cue | None = None
    one_year: bool = False
    """Whether the last figures were all of one year."""
    one_flow: bool = False
    """Whether they were all of one flow."""
    heading: int | None = None
    """The year of the heading that bullets stand under."""
    seen: frozenset[str] = frozenset()
    """Every country named so far."""

    def after(self, text: str) -> "Context":
        """With the pair of whose trade a sentence speaks, with a figure or without one."""
        named = mentions(text)
        heading = self.heading if _BULLET.match(text) else None
        seen = self.seen | {one.code for one in named}
        self = replace(self, heading=heading, seen=seen)
        said = (
            actors(cue.flow, (cue.start, cue.end), named, text)
            for cue in cues(text)
            if cue.flow != "other" and len(named) > 1
        )
        pairs = (one for one in said if one.reporter and one.partner and not one.several)
        none = not self.pair.partner
        pair = next((one for one in pairs if none or not one.weak), None)
        if pair is not None:
            return replace(self, pair=replace(pair, weak=False))
        two = _two_named(named, text) if none or self.pair.weak else None
        return self if two is None else replace(self, pair=two)

    def with_figures(self, years: Sequence[int], cues: Sequence[Cue]) -> "Context":
        """After a sentence with figures of these years and flows."""
        return replace(
            self,
            year=max(years, default=self.year),
            cue=cues[-1] if cues else self.cue,
            one_year=len(set(years)) == 1,
            one_flow=len({one.flow for one in cues}) == 1,
        )

    def without_figures(self, text: str) -> "Context":
        """After a heading or a question, which may name a year and a flow."""
        if text.endswith((".", "!")):
            return replace(self, one_flow=False)
        if _OUTLOOK.search(text):
            return replace(self, year=None, one_flow=False)
        years, flows = set(years_named(text)), [one for one in cues(text) if one.flow != "other"]
        year = years.pop() if len(years) == 1 else None
        cue = flows[0] if len(flows) == 1 else self.cue
        heading = year if _is_heading(text) else None
        return replace(
            self, year=year or self.year, cue=cue, heading=heading, one_year=False, one_flow=False
        )

    def is_certain(self, said: Actors, whole: Actors, own: bool, text: str) -> bool:
        """Whether the pair carried over to a flow is certain: the text is on two countries only.

        The sentence has to name the partner or refer to it, since exports without a partner are all
        exports. Where it refers to a flow, the sentence before must have spoken of no other.
        """
        taken_up = bool(said.partner or _TAKES_UP.search(text))
        only = self.seen <= {whole.reporter, whole.partner} and not whole.several
        pronoun = _PRONOUN.match(text)
        they = (
            self.one_flow and pronoun is not None and pronoun["word"].lower() in ("they", "those")
        )
        return only and ((own and taken_up) or they)

    def cue_of(self, own: Cue | None, figure: TextFigure, text: str) -> Cue | None:
        """The flow named, or the one that "they" or "those to" stands for, where that stands."""
        those = [*_THOSE.finditer(text[: figure.start])]
        flow = own or self.cue
        if not those or flow is None or flow.flow == "other":
            return own or self._taken_up(text)
        if own is None or own.start < those[-1].start():
            return replace(flow, start=those[-1].start(), end=those[-1].end())
        return own or self._taken_up(text)

    def _taken_up(self, text: str) -> Cue | None:
        match = _PRONOUN.match(text)
        if match is None or self.cue is None or self.cue.flow == "other":
            return None
        return replace(self.cue, start=match.start("word"), end=match.end("word"))

    def period(self, said: Period, figure: TextFigure, text: str) -> Period:
        """The year that the text spoke of, or the one before it, where a sentence names none."""
        if not (said.inherited or said.why_not in (NO_YEAR, BEFORE_UNNAMED)):
            return said
        when = _WHEN.search(text[: figure.start])
        if when:
            return Period(when["year"])
        if self.heading is not None and _BULLET.match(text):
            return Period(str(self.heading))
        if self.year is None:
            return said
        that = _SAME_YEAR.search(text)
        if that and not re.search(r"\b(?:19|20)\d\d\b", text[: that.start()]):
            alone = self.one_year and not re.search(r"\b(?:19|20)\d\d\b", text)
            return Period(str(self.year), inherited=not alone)
        away = bool(_YEAR_AFTER.search(text)) - bool(_YEAR_BEFORE.search(text))
        if said.inherited and not away:
            return said
        return Period(str(self.year + away), inherited=True)


def _is_heading(text: str) -> bool:
    """Whether nothing but trade, countries and a year is named: no forecast, no product."""
    known = [(one.start, one.end) for one in mentions(text)]
    known += [match.span() for match in re.finditer(r"\b(?:19|20)\d\d\b", text)]
    plain = all(
        one.kind == "plain" for one in words(text, 0, len(text), known) if one.text != "exports"
    )
    return plain and not text.endswith("?")


def _two_named(named: list[Mention], text: str) -> Actors | None:
    """Two countries and no more; whose something is said to be is the one that is spoken of."""
    owners = sorted(named, key=lambda one: not text.startswith("'s", one.end))
    codes = list(dict.fromkeys(one.code for one in owners))
    return Actors(codes[0], codes[1], weak=True) if len(codes) == 2 else None


def shares_period(figure: TextFigure, following: TextFigure | None, text: str) -> bool:
    """Whether a rate and the level it led to are of one year: "rose 14.2 percent to $142.1bn"."""
    is_rate = figure.kind == "percent" and following is not None and following.kind == "money"
    return is_rate and following is not None and bool(_TO.match(text[figure.end : following.start]))
