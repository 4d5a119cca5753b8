"""Countries in a sentence, and who trades with whom."""

import re
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

from ...data.concordance import table


# Names that the press uses beside those of the concordance: adjectives, capitals, abbreviations.
_NAMES = {
    "KOR": r"South Korea(?:n|ns)?|S\. ?Korea(?:n)?|Republic of Korea|ROK|Seoul|(?<!North )(?<!N\. )"
    r"(?<!N\.)Korea(?:n|ns)?",
    "PRK": r"North Korea(?:n|ns)?|N\. ?Korea(?:n)?|DPRK|Pyongyang",
    "CHN": r"China|Chinese|PRC|Beijing",
    "USA": r"United States|U\.S\.(?! ?dollar)|US(?!\$| dollar)|American?|Washington",
    "JPN": r"Japan(?:ese)?|Tokyo",
    "TWN": r"Taiwan(?:ese)?|Taipei",
    "VNM": r"Viet ?[Nn]am(?:ese)?|Hanoi",
    "DEU": r"German(?:y)?|Berlin",
    "IND": r"Indian?",
    "RUS": r"Russian?|Moscow",
    "HKG": r"Hong Kong",
}
_BEFORE = re.compile(r"\b(to|from|with|into|by|between|against|and|over|via)(?: the| mainland)* $")
_LISTED = re.compile(r",?(?: and| or| plus|,)(?: with| to| from)?(?: the| mainland)? ")


@dataclass(frozen=True)
class Mention:
    """A country where a sentence names it, with the preposition in front."""

    code: str
    start: int
    end: int
    preposition: str
    possessive: bool
    """Whether it owns what follows: "China's", "Chinese"."""
    listed: bool
    """Whether another country stands beside it, with a comma or an and between."""


@dataclass(frozen=True)
class Actors:
    """Whose trade it is, and with whom; empty where the text does not say."""

    reporter: str = ""
    partner: str = ""
    several: bool = False
    """Whether one of them stands in a list of countries, so that the figure is a sum."""
    weak: bool = field(default=False, compare=False)
    """Whether the reporter is only the country named last, in another clause."""


@cache
def _pattern() -> re.Pattern[str]:
    names = dict(_NAMES)
    for row in table("countries"):
        if row["code"] not in names and row["code"] != "ROW":
            names[row["code"]] = re.escape(row["name"].split(",")[0].split(" (")[0])
    return re.compile(r"\b(?:" + "|".join(f"(?P<{c}>{n})" for c, n in names.items()) + r")(?!\w)")


_IN_CAPITALS = re.compile(
    r"US|U\.S\.|PRC|ROK|DPRK|GACC|KITA|MOTIE|GDP|USD|FY|YTD|[QH]\d|[A-Z]{0,2}\$\S*|\S*\d\S*"
)
_CAPITALS = re.compile(r"(?=.*[A-Z]{3}.*[A-Z]{3})[^a-z]+")


def cased(line: str) -> str:
    """A line all in capitals, as of a flash, in the letters of a sentence; any other as it is."""
    line = line.strip()
    if not _CAPITALS.fullmatch(line):
        return line
    line = re.sub(r"^\*+ ?", "", line)
    small = re.sub(
        r"\S+", lambda one: one[0] if _IN_CAPITALS.fullmatch(one[0]) else one[0].lower(), line
    )
    name = _named_in_capitals()
    return name.sub(lambda one: one[0] if one[0].isupper() else _titled(one[0]), small)


def _titled(name: str) -> str:
    return name.title().replace(" Of ", " of ")


@cache
def _named_in_capitals() -> re.Pattern[str]:
    """Countries and months, however written, but for what is an abbreviation or a word."""
    months = "January|February|March|April|June|July|August|September|October|November|December"
    short = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Oct|Nov|Dec"
    return re.compile(
        rf"{_pattern().pattern}|\b(?:{months}|{short})\b|\bMay(?= (?:19|20)\d\d)|(?<=\bin )May\b",
        re.IGNORECASE,
    )


def mentions(sentence: str) -> list[Mention]:
    """Every country named, in order."""
    named = []
    matches = list(_pattern().finditer(sentence))
    for at, match in enumerate(matches):
        before = _BEFORE.search(sentence[: match.start()])
        adjective = match.group().endswith(("ean", "ese", "ican", "ian", "German"))
        own = adjective or sentence[match.end() :].startswith("'s")
        preposition = before.group(1) if before else ""
        gaps = [
            sentence[first.end() : second.start()]
            for first, second in pairwise(matches[max(0, at - 1) : at + 2])
        ]
        listed = any(_LISTED.fullmatch(gap) for gap in gaps)
        code = str(match.lastgroup)
        named.append(Mention(code, match.start(), match.end(), preposition, own, listed))
    return named


_PARTNER = {
    "exports": ("to", "into"),
    "imports": ("from",),
    "balance": ("with", "against", "over"),
    "two-way": ("with", "and"),
}
_GOODS_OF = re.compile(r"(?:'s)? (?:goods|products|merchandise|exports|wares)\b")
_REPORTER = {"exports": ("from", "by"), "imports": ("into", "by", "to"), "balance": ("by",)}


def actors(flow: str, at: tuple[int, int], named: list[Mention], sentence: str = "") -> Actors:
    """Reporter and partner of a flow whose noun stands at that place in the sentence.

    An adjective or possessive before another noun ("Chinese customs") may be taken for a reporter
    only where it stands directly before the flow, or no better one does.
    """
    partner = _partner(flow, at, named) or _seller(flow, at, named, sentence)
    others = [one for one in named if one.code != (partner.code if partner else "")]
    others = [one for one in others if one.preposition not in _PARTNER[flow] or one.possessive]
    if flow == "two-way":
        return _pair(named)
    sent = [one for one in others if one.start > at[1] and one.preposition in _REPORTER[flow]]
    before = [one for one in others if one.start < at[0] and _may_own(one, flow)]
    chosen = sent[0] if sent else before[-1] if before else None
    several = any(one is not None and one.listed for one in (chosen, partner))
    weak = bool(chosen and not sent and "," in sentence[chosen.end : at[0]])
    return Actors(chosen.code if chosen else "", partner.code if partner else "", several, weak)


def _may_own(one: Mention, flow: str) -> bool:
    """Whether it can be whose flow it is: not "exports to China fell, imports rose"."""
    towards = ("to", "into", "with", "against") + (("from",) if flow != "exports" else ())
    return one.possessive or one.preposition not in towards


def _partner(flow: str, at: tuple[int, int], named: list[Mention]) -> Mention | None:
    fitting = [one for one in named if one.preposition in _PARTNER[flow] and not one.possessive]
    after = [one for one in fitting if one.start > at[0]]
    before = [one for one in fitting if one.start < at[0]]
    # "With China, South Korea had": before the noun, but only where nothing follows it.
    return after[0] if after else before[-1] if before and flow == "balance" else None


def _seller(flow: str, at: tuple[int, int], named: list[Mention], sentence: str) -> Mention | None:
    """Whose goods were bought: "bought $162.5 billion of South Korean goods"."""
    bought = flow == "imports" and not any(one.preposition == "from" for one in named)
    owners = (one for one in named if bought and one.possessive and one.start > at[1])
    return next((one for one in owners if _GOODS_OF.match(sentence[one.end :])), None)


def filled(said: Actors, known: Actors, named: list[Mention]) -> Actors:
    """What a flow leaves out, from the pair that the text speaks of; a third country keeps it out.

    Of the pair the one that is not named is the other side. What is exported to a third country
    is still exported by whoever was spoken of; whom a third country trades with is not known.
    """
    pair = {known.reporter, known.partner}
    if said.weak and said.reporter not in pair and said.partner in pair:
        said = replace(said, reporter="")
    if (said.reporter and said.partner) or "" in pair:
        return said
    if said.partner:
        other = known.partner if said.partner == known.reporter else known.reporter
        return Actors(other, said.partner, said.several)
    if said.reporter in pair:
        other = known.partner if said.reporter == known.reporter else known.reporter
        return Actors(said.reporter, other, said.several)
    if said.reporter or any(one.code not in pair for one in named):
        return said
    return Actors(known.reporter, known.partner, said.several)


def _pair(named: list[Mention]) -> Actors:
    codes = list(dict.fromkeys(one.code for one in named))
    return Actors(codes[0], codes[1]) if len(codes) == 2 else Actors()
