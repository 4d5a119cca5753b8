"""Names as people write them: codes in any case, printed and common names, choices and endings.

Nothing is guessed. What is written either is one name, perhaps in another form, or is refused with
the reason: it is part of a region here, it may be one of several, or it is near another name.
"""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from . import library


Kind = Literal["country", "sector"]
EVERYONE = "all"
REST = "ROW"
FINEST = 3
"""Letters of a code: what is shorter is the beginning of too many names."""
TIE = 0.1
"""Two names that are this much alike to what was written are both named."""
_CONCORDANCE = Path(__file__).parent / "data" / "concordance"
_PARTS = re.compile(r"[,;]| and ")


def fold(text: str) -> str:
    """A name without what people vary: case, accents, punctuation, a leading article.

    >>> fold("The  Côte d’Ivoire"), fold("TÜRKIYE"), fold("Bosnia & Herzegovina")
    ('cote d ivoire', 'turkiye', 'bosnia and herzegovina')
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[\W_]+", " ", letters).strip().removeprefix("the ")


def choice(written: str, valid: Iterable[str]) -> str | None:
    """The choice that is meant: in any case, with spaces for hyphens, with "run" after a horizon.

    >>> choice("Long", ["long", "short"]), choice("short run", ["long", "short"])
    ('long', 'short')
    """
    named = {fold(one): one for one in valid}
    plain = fold(written)
    return named.get(plain) or named.get(plain.removesuffix(" run"))


def endings(written: str, names: Iterable[str]) -> list[str]:
    """The names that are meant by one in any case, or else those that end in it, word by word.

    >>> endings("Phase two", ["china-korea/phase-two", "china-korea/truce"])
    ['china-korea/phase-two']
    """
    plain, folded = fold(written), {name: fold(name) for name in names}
    whole = [name for name, known in folded.items() if known == plain]
    return whole or [name for name, known in folded.items() if known.endswith(f" {plain}")]


@dataclass(frozen=True)
class Names:
    """The codes and groups that are valid in one place, and all that may be written for them."""

    kind: Kind
    where: str
    """What they are names of, such as a world; it stands in sentences."""
    codes: Sequence[str]
    labels: Mapping[str, str] = field(default_factory=dict)
    """The printed name of each code."""
    groups: Sequence[str] = ()

    def read(self, written: str) -> str | None:
        """The code or group that is meant; none where that is not one. "all" stays as it is."""
        if written in self.codes or written in self.groups:
            return written
        meant = self._meant.get(fold(written), ())
        return meant[0] if len(meant) == 1 else None

    def candidates(self, written: str) -> tuple[str, ...]:
        """Everything that something written may mean, here or elsewhere."""
        return self._meant.get(fold(written), ()) or self._elsewhere(written)

    def why_not(self, written: str) -> str:
        """Why something written is no name here, as a sentence with the nearest ones."""
        here, meant = self._meant.get(fold(written), ()), self.candidates(written)
        if len(here) == 1:
            near = f"did you mean {self._as_hint(here[0])}?"
            return f"'{written}' is not a {self.kind} of {self.where}; {near}"
        if len(meant) > 1:
            return f"'{written}' may be {' or '.join(map(self._shown, meant))}; write one of them."
        reason = self._within(meant[0]) if meant else self._coarser(written)
        return reason or f"'{written}' is not a {self.kind} of {self.where}; {self.hint(written)}"

    def hint(self, written: str) -> str:
        """A phrase that names the nearest names, in letters or in words, or else a few."""
        near = self._near(fold(written))
        if near:
            return f"did you mean {' or '.join(near)}?"
        valid = [*self.codes, *self.groups]
        return f"valid names are {', '.join(valid[:12])}{' …' if len(valid) > 12 else ''}."

    @cached_property
    def _meant(self) -> dict[str, tuple[str, ...]]:
        """Codes by everything that is written for them; a code before a name, here before there."""
        own = _by_fold((code, code) for code in (*self.codes, *self.groups))
        labels = _by_fold((label, code) for code, label in self.labels.items())
        if self.kind == "country":
            common = {name: self._present(codes) for name, codes in places().items()}
            return {name: codes for name, codes in common.items() if codes} | labels | own
        parts = _by_fold(
            (part, code)
            for code, label in self.labels.items()
            for part in _PARTS.split(label)
            if len(part.strip()) > FINEST
        )
        return parts | self._aliases | labels | own

    def _present(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        """Of all that a name may mean: nothing where some are here and others are not."""
        here = tuple(_SAME.get(code, code) if code not in self.valid else code for code in codes)
        return here if all(code in self.valid for code in here) else ()

    @cached_property
    def valid(self) -> frozenset[str]:
        """Every code and group."""
        return frozenset((*self.codes, *self.groups))

    @cached_property
    def _aliases(self) -> dict[str, tuple[str, ...]]:
        """The finest sector here of each common name; several where a name has several rows."""
        finest = [
            (row["name"], next((code for code in row["sectors"].split() if code in self.valid), ""))
            for row in _table("names/sectors.csv")
        ]
        return _by_fold((name, code) for name, code in finest if code)

    def _elsewhere(self, written: str) -> tuple[str, ...]:
        """The places that a name means, though they are not here on their own."""
        if self.kind != "country":
            return ()
        if written.upper() in printed():
            return (written.upper(),)
        return places().get(fold(written), ())

    def _within(self, code: str) -> str:
        """A sentence on the region that a place is part of; empty where that is not known."""
        region = regions(self.where).get(code, REST)
        if region not in self.valid or code in self.valid or code not in printed():
            return ""
        article = "the " if region in _WITH_ARTICLE else ""
        inside = f"{printed()[code]} is part of {article}{self._shown(region)} in {self.where}"
        alone = alone_in(code, self.where)
        return f"{inside}; {alone or 'no world'} has it on its own."

    def _coarser(self, written: str) -> str:
        """A sentence on the sector that something is part of, too small for it to stand in."""
        rows = [row for row in _table("names/sectors.csv") if fold(row["name"]) == fold(written)]
        codes = [code for row in rows for code in row["within"].split() if code in self.valid]
        if self.kind != "sector" or not codes:
            return ""
        inside = f"'{written}' is part of {self._shown(codes[0])} in {self.where}"
        return f"{inside}, which has no finer sector; name that if you mean all of it."

    def _near(self, plain: str) -> list[str]:
        # Two letters exchanged are the likeliest slip in a code.
        codes = {fold(code): code for code in (*self.codes, *self.groups)}
        swapped = [code for known, code in codes.items() if sorted(known) == sorted(plain)]
        if swapped:
            return [repr(code) for code in swapped[:2]]
        pool = {**{name: meant[0] for name, meant in self._meant.items()}, **codes}
        close = difflib.get_close_matches(plain, pool, n=4, cutoff=0.7)
        nearest = [_likeness(plain, name) for name in close[:1]]
        close = [name for name in close if _likeness(plain, name) >= nearest[0] - TIE]
        wanted = set(plain.split()) - _SMALL
        words = [name for name in pool if wanted & set(name.split())]
        words = words or [name for name in pool if len(plain) >= FINEST and name.startswith(plain)]
        short = difflib.get_close_matches(plain, codes, n=2, cutoff=0.5)
        named = close or words or (short if len(plain) <= FINEST + 1 else [])
        shown = {
            pool[name]: repr(pool[name]) if name in codes else self._as_hint(pool[name])
            for name in named
        }
        return list(shown.values())[:2]

    def _as_hint(self, code: str) -> str:
        label = self.labels.get(code, "")
        return f"'{label}' ({code})" if label and label != code else repr(code)

    def _shown(self, code: str) -> str:
        label = self.labels.get(code, code)
        name = printed().get(code, code) if label == code else label
        return code if name == code else f"{name.replace('Rest of', 'rest of')} ({code})"


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


_SAME = {"EU27": "EUN"}
"""The European Union has another code where it is a reporter of its own trade."""
_WITH_ARTICLE = (REST, "EU27")
_SMALL = frozenset(
    ("and", "of", "the", "other", "products", "services", "equipment", "goods", "rest")
)


def _by_fold(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Codes by folded name, each once."""
    meant: dict[str, dict[str, None]] = defaultdict(dict)
    for name, code in pairs:
        meant[fold(name)][code] = None
    return {name: tuple(codes) for name, codes in meant.items() if name}


@cache
def _table(name: str) -> list[dict[str, str]]:
    return library.table(name)


@cache
def places() -> dict[str, tuple[str, ...]]:
    """The ISO 3166 codes that each common name of a place may mean, by folded name."""
    areas = [
        (row["code"] if row["scheme"] == "english" else row["name"], row["area"])
        for row in library.table(_CONCORDANCE / "areas.csv")
        if row["kind"] == "economy" and row["scheme"] in ("english", "numeric")
    ]
    economies = [
        (row["name"], row["code"]) for row in library.table(_CONCORDANCE / "countries.csv")
    ]
    letters = [
        (row["alpha2"], row["code"])
        for row in library.table(_CONCORDANCE / "economies_alpha2.csv")
        if row["alpha2"].casefold() not in _WORDS
    ]
    own = [(row["name"], row["code"]) for row in _table("names/places.csv")]
    # Ours are last, for where a publisher's name is not as clear as it was to the publisher.
    return _by_fold([*letters, *areas, *economies]) | _by_fold(own)


_WORDS = ("in", "is", "it", "no", "so", "to", "am", "as", "at", "be", "by", "do", "me", "my")
"""Codes of two letters that are words, and rather a slip than a country."""


@cache
def printed() -> dict[str, str]:
    """The name to print of every economy, by its code."""
    areas = library.table(_CONCORDANCE / "areas.csv")
    numeric = [row for row in areas if row["scheme"] == "numeric" and row["kind"] == "economy"]
    economies = library.table(_CONCORDANCE / "countries.csv")
    names = {row["area"]: row["name"] for row in reversed(numeric)}
    return names | {row["code"]: row["name"] for row in economies} | {"PRK": "North Korea"}


@cache
def everywhere() -> Names:
    """Every economy that has a code, for questions that are not put to one world."""
    return Names("country", "the record", tuple(printed()), printed())


@cache
def regions(world: str) -> dict[str, str]:
    """The region that each economy belongs to in a world of ours; empty for any other world."""
    column = world.removesuffix("-travel").replace("-", "_")
    rows = library.table(_CONCORDANCE / "countries.csv")
    return {row["code"]: row[column] for row in rows} if column in rows[0] else {}


def alone_in(code: str, world: str) -> str:
    """A world that has a place on its own, of the same year where there is one; else nothing."""
    worlds = ("compact-2022", "world-2022", "compact-2014", "world-2014")
    year = world.removesuffix("-travel")[-4:]
    ordered = sorted(worlds, key=lambda name: not name.endswith(year))
    return next((name for name in ordered if regions(name).get(code) == code), "")
