"""What a text spoke of before: whose trade, in which year, of which flow.

What is carried from one sentence to another can bear out a figure and never contradict it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .actors import Actors, actors, Mention, mentions
from .cues import Cue, cues
from .periods import Period
from .quantities import Found


_PRONOUN = re.compile(
    r"^\W*(?:(?:But|And|Yet|Then|Still|However|By contrast),? )?(?:(?:In|By|For) (?:19|20)\d\d,? )?"
    r"(?P<word>they|it|that|these|the (?:figure|total|value|sum|amount))\b",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(
    r"\b(?:a|one) year (?:earlier|before|ago)\b|\bthe (?:previous|prior|preceding) year\b"
    r"|\bthe year (?:before|earlier)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\b(?P<year>(?:19|20)\d\d),? when\b[^;]*$")
_NO_YEAR = "no year is named with it"
_TO = re.compile(
    r"^(?: year-on-year)?(?: in (?:19|20)\d\d)? to (?:(?:about|around|some|just|a) )*$"
)


@dataclass(frozen=True)
class Context:
    """The pair, the year and the flow that a text spoke of last."""

    pair: Actors = field(default_factory=Actors)
    year: int | None = None
    cue: Cue | None = None

    def after(self, text: str) -> "Context":
        """With the pair of whose trade a sentence speaks, with a figure or without one."""
        named = mentions(text)
        said = (
            actors(cue.flow, (cue.start, cue.end), named, text)
            for cue in cues(text)
            if cue.flow != "other" and len(named) > 1
        )
        pairs = (one for one in said if one.reporter and one.partner and not one.several)
        none = not self.pair.partner
        found = next((one for one in pairs if none or not one.weak), None)
        if found is not None:
            return replace(self, pair=replace(found, weak=False))
        two = _two_named(named, text) if none or self.pair.weak else None
        return self if two is None else replace(self, pair=two)

    def with_figures(self, years: Sequence[int], cue: Cue | None) -> "Context":
        """After a sentence with figures of these years, the last of this flow."""
        return replace(self, year=max(years, default=self.year), cue=cue or self.cue)

    def cue_of(self, text: str) -> Cue | None:
        """The flow that "they" or "it" stands for, at the place of the pronoun."""
        match = _PRONOUN.match(text)
        if match is None or self.cue is None or self.cue.flow == "other":
            return None
        return replace(self.cue, start=match.start("word"), end=match.end("word"))

    def period(self, said: Period, found: Found, text: str) -> Period:
        """The year that the text spoke of, or the one before it, where a sentence names none."""
        if not (said.inherited or said.why_not == _NO_YEAR):
            return said
        when = _WHEN.search(text[: found.start])
        if when:
            return Period(when["year"])
        earlier = _YEAR_BEFORE.search(text)
        if self.year is None or (said.inherited and not earlier):
            return said
        return Period(str(self.year - bool(earlier)), inherited=True)


def _two_named(named: list[Mention], text: str) -> Actors | None:
    """Two countries and no more; whose something is said to be is the one that is spoken of."""
    owners = sorted(named, key=lambda one: not text.startswith("'s", one.end))
    codes = list(dict.fromkeys(one.code for one in owners))
    return Actors(codes[0], codes[1], weak=True) if len(codes) == 2 else None


def shares_period(found: Found, following: Found | None, text: str) -> bool:
    """Whether a rate and the level it led to are of one year: "rose 14.2 percent to $142.1bn"."""
    is_rate = found.kind == "percent" and following is not None and following.kind == "money"
    return is_rate and following is not None and bool(_TO.match(text[found.end : following.start]))
