"""What a sentence says of a figure beside its size: direction, extremum, streak, comparison.

Each is a claim of its own. One that is recognised and cannot be tested says so, so that a figure
that agrees never stands for a sentence that does not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .statement import Statement
from .words import FALL, HIGHER, LOWER, RISE


_ORDINALS = {
    word: at
    for at, word in enumerate(
        "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 2
    )
} | {"2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "6th": 6, "7th": 7, "8th": 8, "9th": 9, "10th": 10}
_NUMBERS = {
    word: at
    for at, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty".split(),
        start=1,
    )
} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50}
_N = rf"(?:\d+|{'|'.join(word for word in _NUMBERS if len(word) > 2)})"
_ORDINAL = "|".join(_ORDINALS)
_YEAR = r"(?:19|20)\d\d"
_HIGH = (
    r"(?:highest|largest|biggest|greatest|strongest|steepest|sharpest|heaviest|fattest|widest|most"
    r"|best|fastest|deepest)"
)
_LOW = r"(?:lowest|smallest|weakest|least|slowest|narrowest|thinnest|poorest|worst|slimmest)"
_STATE = (
    r"(?P<noun>deficits?|surplus(?:es)?|shortfalls?|falls?|drops?|declines?|contractions?|losses"
    r"|rises?|increases?|gains?|growth|expansions?|slumps?)"
)
_SPAN = (
    r"in (?:at least |more than |over |nearly |about |almost |around |some )?"
    rf"(?P<n>{_N}|an?) (?P<unit>years?|decades?)"
)
_WITH = r"(?: [\w'’-]+){0,5}?"
_PARTNERS = (
    r"(?:trading partners?|(?:export )?markets?|destinations?|suppliers?|sources?|buyers?"
    r"|customers?|trade partners?|partners?)"
)
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("streak", rf"(?P<ordinal>{_ORDINAL}|{_N}) (?:straight|consecutive|successive)"
     rf"(?: (?:annual|yearly|trade|full|years? of))*(?: {_STATE})?"),
    ("streak", rf"(?P<ordinal>{_ORDINAL})(?: (?:annual|yearly|trade))*(?: {_STATE})?{_WITH}"
     r" (?:in a row|running)"),
    ("streak", rf"(?P<ordinal>{_N}) years (?:in a row|running|straight)"),
    ("streak", rf"(?:every|each)(?: single)? year (?:since|from) (?P<since>{_YEAR})"),
    ("streak", r"back-to-back|(?:in|for) consecutive years|year after year|without (?:a )?break"
     r"|unbroken|uninterrupted|in a row|running streak|winning streak|losing streak"),
    ("first", rf"(?:(?:the|its|their|for) )*first(?:-ever)?(?: (?:annual|yearly|trade))*"
     rf"(?: {_STATE})?{_WITH} (?:since|after) (?:in )?(?P<since>{_YEAR})"),
    ("first", rf"first(?:-ever)?(?: (?:annual|yearly|trade))*(?: {_STATE})?{_WITH} {_SPAN}"),
    ("first", rf"(?:first|only)(?:[ -]ever)?(?: (?:annual|yearly|bilateral|trade))* {_STATE}"
     r"|(?P<ever>for the (?:very )?first time(?: ever| in history| on record)?|first[ -]ever"
     r"|(?:the|its) first (?:ever|on record))"),
    ("first", rf"(?:the|its) (?:first|last|only) (?:time|year)(?: since (?P<since>{_YEAR}))?"),
    ("place", rf"(?:{_ORDINAL})[ -](?:{_HIGH}|{_LOW}|most)"),
    ("extremum", rf"(?:(?P<high>{_HIGH}|high)|(?P<low>{_LOW}|low)){_WITH} (?:since|after)"
     rf" (?:at least )?(?:in )?(?P<since>{_YEAR})"),
    ("extremum", rf"(?:(?P<high>{_HIGH})|(?P<low>{_LOW})){_WITH} {_SPAN}"),
    ("extremum", rf"(?P<n>{_N})-(?P<unit>year|decade) (?:(?P<high>high|peak|record)|(?P<low>low))"),
    ("record", r"(?P<high>all-time (?:high|peak|record)|record[ -]high|record[ -]breaking"
     r"|unprecedented|historic(?:al)? (?:high|peak)|new (?:high|peak|record)"
     r"|never (?:before|(?:been )?(?:so|as) (?:high|large|big)|been (?:higher|larger|bigger"
     r"|greater)))"
     r"|(?P<low>all-time low|record[ -]low|historic(?:al)? low|new low"
     r"|never (?:(?:been )?(?:so|as) (?:low|small)|been (?:lower|smaller)))"),
    ("record", rf"(?:(?P<high>{_HIGH})|(?P<low>{_LOW})){_WITH}"
     r" (?:ever|on record|in history|of all time|yet|to date|so far recorded|in its history)"),
    ("record", r"(?<!trade )(?<!customs )(?P<high>record(?!s\b)(?! (?:an?|its|the|of|shows?"
               r"|says?)\b))"),
    ("extremum", r"(?P<peak>(?P<high>peak(?:ed|ing)?|heights?|zenith)"
     r"|(?P<low>trough|bottomed(?: out)?|nadir|rock bottom))"),
    ("multiple", rf"(?P<more>more than )?(?:(?P<verb>doubl|halv|tripl|trebl|quadrupl)(?:ed|es|ing)"
     rf"|(?P<word>twice|double|triple|treble|quadruple|(?<!first )(?<!second )half)"
     rf"|(?<!in )(?P<times>{_N}(?:\.\d+)?)(?: times|-?fold))"
     rf"(?:[^.;$]*?(?:of|in|since|from)(?: \S+){{0,3}}? (?P<since>{_YEAR}))?"),
    ("place", rf"(?:{_HIGH}|top|main|leading|number one|number two|No\. ?\d|{_ORDINAL}[ -]{_HIGH})"
     rf" (?:[\w-]+ ){{0,2}}{_PARTNERS}|(?:{_ORDINAL}|behind|trailing) only|rank(?:ed|s|ing) \w+"),
    ("share", r"(?:all|most|half|much|bulk|majority|part|some|none|third|quarter|fifth|tenth|\d+ ?%"
     r"|percent|per cent|share)(?: of| in)? (?:it|them|that|which|this|the total|(?:its"
     r"|their) total)"
     r"|(?:mostly|mainly|chiefly|largely|primarily|including|led by|dominated by)\b"),
    ("comparison", rf"(?P<over>{HIGHER}|outpac(?:ed|ing)|outweigh(?:ed|ing)"
     rf"|dwarf(?:ed|ing)|overt(?:ook|aking)|ahead of)|(?P<under>{LOWER}|behind)"),
    ("streak", r"(?<!and )(?:(?:once|yet) )?again|once more|as (?:usual|ever|always)|perennial"),
    ("unread", r"^(?:Up|Down)|(?:has|have|had) (?:not|never) (?:yet |fully |been )*"
     r"(?:recovered|returned|regained|matched|equall?ed|beaten|surpassed|exceeded|seen)"
     r"(?: \w+)? (?:since|yet|again)"),
    ("extremum", rf"(?:its|the|their|South Korea's|China's) (?:(?P<high>{_HIGH})|(?P<low>{_LOW}))"
     r"(?! (?:economy|economies|country|nation|manufacturer|maker|city))"),
)  # fmt: skip
_COMPILED = [
    (kind, re.compile(rf"(?<![\w-])(?:{text})(?!\w)", re.IGNORECASE)) for kind, text in _PATTERNS
]
_AMOUNT_NEXT = re.compile(
    r"(?:the |a |an |some |about |around |(?:mark|level|threshold) of )*"
    r"(?:(?:US)?[$€¥₩]|\d(?!\d{3}\b(?! ?(?:billion|million|bn))))|"
    rf"(?:a |the )?(?:{'|'.join(_NUMBERS)}|decade|century|ever)\b"
    r"|expect|forecast|usual|half|any(?:one|thing)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Predicate:
    """Something said beside a figure, with the words that say it."""

    kind: str
    """direction, record, extremum, first, streak, comparison, multiple, place or share."""
    text: str
    start: int
    end: int
    groups: dict[str, str] = field(default_factory=dict)
    """What the words name: a year since which, how many years, high or low, a noun."""

    @property
    def since(self) -> int | None:
        return int(self.groups["since"]) if "since" in self.groups else None

    @property
    def count(self) -> int | None:
        """How many years or times, of a number in digits or words."""
        said = self.groups.get("n") or self.groups.get("ordinal") or ""
        number = {**_NUMBERS, **_ORDINALS}.get(said.lower())
        return int(said) if said.isdigit() else number

    @property
    def years(self) -> int | None:
        tens = 10 if self.groups.get("unit", "").lower().startswith("decade") else 1
        return None if self.count is None else self.count * tens


def predicates(sentence: str) -> list[Predicate]:
    """Everything that a sentence says beside its figures; of two in one place the more specific."""
    said: list[Predicate] = []
    for kind, pattern in _COMPILED:
        for match in pattern.finditer(sentence):
            taken = any(match.start() < one.end and one.start < match.end() for one in said)
            if not taken and _is_said(kind, match, sentence):
                groups = {name: got for name, got in match.groupdict().items() if got}
                said.append(Predicate(kind, match.group().strip(), *match.span(), groups))
    return sorted(said, key=lambda one: one.start)


def _is_said(kind: str, match: re.Match[str], sentence: str) -> bool:
    """A comparison with an amount is the figure's own; "the first half" is no first."""
    rest = sentence[match.end() :]
    if kind == "comparison":
        return not _AMOUNT_NEXT.match(rest.lstrip())
    return not re.match(
        r" (?:half|quarter|stage|phase|months?|round|of (?:January|its kind))", rest
    )


def unread_claims(sentence: str, covered: list[tuple[int, int]]) -> list[Predicate]:
    """Words of movement or comparison that no pattern and no figure's own words account for."""
    plain = _REASON.sub(lambda match: " " * len(match.group()), sentence)
    unread: list[Predicate] = []
    for match in _TRIGGER.finditer(plain):
        if not any(first < match.end() and match.start() < last for first, last in covered):
            unread.append(Predicate(UNREAD, match.group().strip(), *match.span()))
    return unread


UNREAD = "unread"
"""Kind of a claim that is seen beside a figure and not understood."""
_TRIGGER = re.compile(
    rf"\b(?!up\b|down\b|growth\b|contract|expansion|recovery|cool|slow|advance|improv|gain|div"
    rf"|recover)"
    rf"(?:{RISE}|{FALL}|larger|bigger|smaller|greater|worse|stronger|weaker|{_HIGH}|{_LOW}"
    r"|an? (?:\w+ )?(?:surplus|deficit|high|low|rise|fall|record)"
    r"|overtook|exceed\w*|surpass\w*|outstrip\w*|unchanged|flat)\b",
    re.IGNORECASE,
)
# What something is put down to is no claim about the figure.
_REASON = re.compile(
    r"\b(?:as|amid|because|due to|owing to|thanks to|after|on the back of|hit by|hurt by|helped by"
    r"|driven by|led by|following|despite|even as|with|on|by|since|when|under|reflecting|blam\w+)\b"
    r" (?!19|20)[^,;.]*",
    re.IGNORECASE,
)


def of_statement(
    one: Statement, beside: list[Statement], said: list[Predicate]
) -> Iterator[Predicate]:
    """The predicates of one figure of a sentence: its movement, and all that are nearest."""
    if one.slot.moved:
        yield Predicate("direction", one.slot.moved, one.figure.start, one.figure.end)
    if one.slot.reference:
        yield Predicate("comparison", one.slot.reference, one.figure.start, one.figure.end)
    for predicate in said:
        if min(beside, key=lambda other: _distance(other, predicate)) is one:
            yield predicate


def _distance(one: Statement, said: Predicate) -> tuple[int, int]:
    """Characters between; a figure in front goes before one behind that is as near."""
    cue = one.cue
    assert cue is not None
    first, last = min(cue.start, one.figure.start), max(cue.end, one.figure.end)
    away = max(first - said.end, said.start - last, 0)
    near = min(abs(said.start - one.figure.end), abs(one.figure.start - said.end))
    return away, near
