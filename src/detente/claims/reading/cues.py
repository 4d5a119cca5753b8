"""What a quantity is a quantity of: a flow of total trade, or something else."""

import re
from dataclasses import dataclass

from .actors import Mention
from .quantities import TextFigure


_OTHER = (
    "deals?|contracts?|MOUs?|memorand(?:a|ums?)|agreements?|invest(?:s|ed|ing|ments?)|"
    "spen(?:t|ds?|ding)|sales|revenues?|GDP|gross domestic product|economy|aid|loans?|funds?|swap|"
    "debt|reserves?|tourists?|visitors?|tourism|tariffs?|budgets?|profits?|(?<!export )markets?"
    "|crown|fines?|"
    "stakes?|output|production|consumers?|transactions?|remittances?|orders?|pledge[ds]?|packages?|"
    "subsid(?:y|ies)|bonds?|turnover|capital|share|quota|value added|dependence|reliance|services"
)
_CUE = re.compile(
    r"\b(?:(?P<twoway>(?:two-way|bilateral|total|mutual) trade(?: volume| value)?"
    r"(?! (?:deficit|surplus|balance|talks?|agreement|pact|deal|gap|shortfall|relation|ties))"
    r"|(?:goods |merchandise )?(?:trade|commerce)(?= with\b)|trade (?:volume|turnover|between"
    r"|value))"
    r"|(?P<exports>exports|exported|exporting|shipments|shipped|shipping|ships|sold|selling|sells"
    r"|sent"
    r"|sales(?= to\b))|(?P<imports>imports|imported|importing|bought|buying|buys|purchased"
    r"|purchases(?= from\b))"
    r"|(?P<surplus>surplus|(?:trade |goods )balance)|(?P<deficit>deficit|shortfall)"
    rf"|(?P<other>{_OTHER}))\b",
    re.IGNORECASE,
)
_BRIDGE = re.compile(
    r"^ (?:(?:in|of|worth|a|an|the|its|new|total|record|trade|bilateral|annual|yearly|goods|"
    r"merchandise|overall|export|import|two-way|drop|fall|decline|slump|rise|increase|growth|jump|"
    r"gold|visible|combined|South|North|Korean|Chinese|Japanese|American|US|U\.S\.|Taiwanese|German"
    r"|Vietnamese|Indian|Russian) )*$",
    re.IGNORECASE,
)
_PLAIN = frozenset(
    "trade bilateral annual yearly record first-ever first largest biggest huge large massive "
    "goods overall total merchandise combined whole growing shrinking widening rising falling weak "
    "strong higher lower its their the a an of and but while as when though that with or in to by "
    "from for had ran logged posted recorded saw reported has have was were is are all monthly "
    "export consecutive straight new whose since this commodity where after year's full-year "
    "country's nation's country nation earlier later before ago year there thus nominal headline "
    "on whereas also same sent ever it they then which who "
    "exporters importers put puts say says said shows showed "
    "first-ever annual did does on its together jointly at against".split()
)
_PRODUCT_AFTER = re.compile(
    r"^,? ?(?:worth )?(?:of|in) (?:the |its |their |all )?(?!the\b|its\b|their\b|all\b"
    r"|goods|merchandise|trade\b|total|"
    r"exports|imports|products|annual|bilateral|January|February|March|April|May|June|July|August|"
    r"September|October|November|December|early|late|mid|fiscal|calendar|year|last|same|previous"
    r"|prior|preceding|full|whole|course|entire|first|second|third|fourth|final|latest|nominal"
    r"|value|over|more|about|around|nearly|almost|less|a row|of\b|comparison|contrast|recent|"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten)\b)(?P<word>[a-z][\w-]+)"
)
# What takes something away from a flow, or makes one figure of two flows.
_COMPOUND = re.compile(
    r"\b(?P<word>excluding|excepting|except for|apart from|other than|net of|without|not counting"
    r"|not including|leaving (?:aside|out)|setting aside|aside from|barring|bar|save for|minus"
    r"|(?:gap|difference|ratio|(?<!trade )balance) between|imports and exports"
    r"|exports and imports|exports to and imports|imports from and exports|respectively"
    r"|per capita|per head)\b",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r" in (?!(?:thousand|million|billion|trillion)s|dollars|US dollars|goods|merchandise|trade\b"
    r"|total|full|whole|course|entire|first|second|third|fourth"
    r"|final|fiscal|early|late|mid|recent|the\b|its\b|all\b|value|excess|sum|a row"
    r"|at\b|above|below|over|under|just|around|about|nearly|close|well|slightly"
    r"|[a-z]+ (?:years|decades|months))(?P<word>[a-z][\w-]+)"
)


# "At $124.8 billion, South Korea's exports".
_AT = re.compile(r"^\W*(?:At|With|Totall?ing|Reaching|Worth)(?: \w+){0,3} $")
_TIED = re.compile(r" (?:of|at|worth)(?: (?:about|around|some|over|nearly|almost|just))? ")


@dataclass(frozen=True)
class Cue:
    """A noun that says what is measured; a sign for surplus and deficit."""

    flow: str
    """exports, imports, balance, two-way, or other."""
    sign: int
    start: int
    end: int
    word: str


def cues(sentence: str) -> list[Cue]:
    return [_cue(match) for match in _CUE.finditer(sentence)]


def _cue(match: re.Match[str]) -> Cue:
    group = str(match.lastgroup)
    flow = {"twoway": "two-way", "surplus": "balance", "deficit": "balance"}.get(group, group)
    sign = -1 if group == "deficit" else 1
    return Cue(flow, sign, match.start(), match.end(), match.group().lower())


def cue_of(figure: TextFigure, sentence: str, all_cues: list[Cue]) -> Cue | None:
    """The noun that directly follows the quantity, or else the nearest one before it.

    "A surplus of $18 billion in its trade with China" is one of the surplus.
    """
    following = [one for one in all_cues if one.start >= figure.end]
    near = [one for one in all_cues if _TIED.fullmatch(sentence[one.end : figure.start])]
    if near:
        return near[-1]
    if following and _BRIDGE.match(sentence[figure.end : following[0].start]):
        return following[0]
    before = [one for one in all_cues if one.end <= figure.start]
    if following and not before and _AT.search(sentence[: figure.start]):
        return following[0]
    return before[-1] if before else None


def qualifier(cue: Cue, figure: TextFigure, sentence: str, named: list[Mention]) -> str:
    """The word that makes it the trade of a product or sector rather than all trade, if any."""
    left = _left_of(cue, figure, sentence, named)
    if left:
        return left
    outside = sentence[: figure.start] + " " * (figure.end - figure.start) + sentence[figure.end :]
    compound = _COMPOUND.search(outside) or _INSIDE.search(
        sentence, min(cue.end, figure.end), max(cue.start, figure.start)
    )
    if compound:
        return compound["word"]
    tails = (sentence[cue.end :], sentence[figure.end :])
    for tail in tails:
        match = _PRODUCT_AFTER.match(tail)
        if match and not any(_starts(one, tail, match, sentence) for one in named):
            return match["word"]
    return ""


def _starts(one: Mention, tail: str, match: re.Match[str], sentence: str) -> bool:
    return one.start == len(sentence) - len(tail) + match.start("word")


def _left_of(cue: Cue, figure: TextFigure, sentence: str, named: list[Mention]) -> str:
    """Walk left from the noun over plain adjectives; the first other word qualifies it."""
    at = cue.start
    for word in reversed(list(re.finditer(r"\S+", sentence[: cue.start]))):
        gap = sentence[word.end() : at].strip()
        country = next((one for one in named if one.start <= word.start() < one.end), None)
        if country is not None:
            return _part_of(sentence[: country.start])
        if gap or figure.start <= word.start() < figure.end:
            return ""
        plain = word.group().strip("\"'(").lower()
        if re.search(r"[,;:.–—)]$|\d|\$|^-+$", plain):
            return ""
        if plain not in _PLAIN:
            # A verb or adverb in front ("saw", "that had flipped to a") ends the noun phrase.
            return "" if at < cue.start and _ends_phrase(sentence[at : cue.start]) else plain
        at = word.start()
    return ""


def _part_of(before: str) -> str:
    """The noun of "prices of Korea's exports": what is measured is then not the exports."""
    match = re.search(r"\b(?P<word>\w+) of (?:the )?(?:South |North )?$", before)
    word = match["word"].lower() if match else ""
    return "" if word in _WHOLE else word


_WHOLE = frozenset(
    "value total amount level sum worth fall decline drop rise growth billion "
    "million trillion bn dollars dollar".split()
)


def _ends_phrase(between: str) -> bool:
    """Whether an article or preposition stands between, so that the noun phrase is over."""
    return any(word.lower() in _CLOSING for word in between.split())


_CLOSING = frozenset(
    "its their the a an of and but while as when though that with or to by from for had ran logged "
    "posted recorded saw reported has have was were is are whose in where after since whereas also "
    "on this sent put puts say says said shows showed".split()
)
