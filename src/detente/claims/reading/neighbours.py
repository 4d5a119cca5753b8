"""What stands directly beside a number, a year or a currency, and whether it is understood.

A closed list: a word that is not in it may change what the number means ("fiscal 2023", "$5 billion
a month"), so that the figure is not held against anything and the word is given as the reason.
"""

import re

from .actors import mentions
from .words import Word, words


BEFORE_AMOUNT = frozenset(
    # Articles, prepositions, conjunctions and the words of a bound.
    "a an the its their this that of to at by from for on with and but or as than over under into "
    "little well slightly barely above below about around some roughly approximately approx nearly "
    "almost close circa estimated no not only just exactly least most more less up upwards upward "
    "between against versus vs compared while then "
    "thus therefore hence also even still again now already altogether together there "
    # What a total is called.
    "record combined total annual yearly whole trade surplus surpluses deficit deficits shortfall "
    "balance exports export imports import worth goods merchandise first-ever huge "
    "massive whopping hefty large sizeable sizable staggering mere modest narrow "
    # Verbs of level.
    "was were is are be been being came come comes stood stands stand amounted amounts amounting "
    "totalled totaled totalling totaling totals hit hits hitting reached reaches reaching reach "
    "had has have having ran runs run running logged logs posted posts recorded records reported "
    "reports registered saw sees showed shows show put puts stayed remained enjoyed booked earned "
    "made sign signs signed signing secured win wins won sent ships shipped sells sold buys bought "
    "exported imported spent paid received generated set became become becomes "
    # Verbs of a bound and of change.
    "exceeded exceeds exceeding exceed topped tops topping surpassed surpasses surpassing passed "
    "passes passing crossed crosses crossing beat beats broke breached neared approached nearing "
    "fell falls falling rose rises rising grew grows growing dropped drops dropping climbed climbs "
    "jumped jumps surged surges soared gained gains increased increases increasing expanded "
    "declined declines declining slid slumped slumps shrank shrunk plunged tumbled dipped dips "
    "decreased decreases contracted sank slipped eased lost shed cut lowered narrowed widened down "
    "higher lower larger smaller greater bigger wider fewer "
    # Countries without a dollar of their own.
    "china korea japan vietnam germany korean chinese japanese china's korea's japan's".split()
)
"""Words that may stand directly before an amount and leave its number and currency alone."""
BEFORE_RATE = BEFORE_AMOUNT | frozenset("further another additional".split())
"""Words that may stand before a rate; before an amount they make it one that is added."""
COMPARES = frozenset("over under about equal same turned rise fall".split()) | {
    "at least",
    "at most",
}
"""Kinds of the words of a slot that may end directly before a figure."""
AFTER_AMOUNT = frozenset(
    # Prepositions, conjunctions and verbs that go on with the sentence.
    "in for during over by at from to of with and but while as when whereas against versus vs "
    "compared relative before after since until despite due because amid on that which who "
    "whose throughout across following according thanks into through again too also between than "
    "then all where is was "
    "were are had has have said says saying showed shows show reported exceeded went go made "
    "accounted coming left mark threshold milestone barrier shipments sales respectively "
    "year-on-year last this the its "
    # What it is an amount of.
    "worth trade bilateral two-way mutual total overall export exports import imports surplus "
    "surpluses deficit deficits shortfall gap balance goods merchandise visible annual record "
    "first-ever trade-deficit "
    "deal deals contract contracts swap fund investment investments loan loans aid "
    # Who it is of, and who says so.
    "south korea korea's korean china china's chinese seoul beijing officials official".split()
)
"""Words that may stand directly after an amount."""
AFTER_RATE = AFTER_AMOUNT | frozenset(
    "change gain loss drop fall decline slump rise increase growth jump contraction".split()
)
"""Words that may stand directly after a percentage; after an amount they make it a change."""
AFTER_BY = re.compile(
    r"(?:(?:early |late )?(?:19|20)\d\d|the |an? |its |South|Korea|Chin|Seoul|Beijing|value|\d)"
)
"""What may follow "by" after an amount: a time or who it is of, but no other measure."""
AFTER_AT = re.compile(r"(?:the )?(?:very )?(?:most|least)\b")
"""What may follow "at" after an amount: a bound."""
AFTER_IN = re.compile(
    r"(?:(?:the |calendar |full |whole |all of |year |'|about |around |early |late )*(?:19|20)?\d\d"
    r"|(?:the |its |their |a |an |all |total |overall |both |this |that |last |calendar|full|mid"
    r"|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Q[1-4]|H[12]|[1-4]Q|[12]H|recent"
    r"|goods(?! and services)|merchandise|trade|exports|imports|new|two-way|bilateral"
    r"|what|which|China|South|Korea|Korean|Chinese|comparison|contrast|return|line|over|more|less"
    r"|nearly|about|at|(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+) )"
    r"(?!\w*-?(?:terms|prices|dollars)))"
)
"""What may follow "in" after an amount: a time, or all of a flow, but no other measure."""
BEFORE_YEAR = frozenset(
    "in during for by throughout over across the its their that calendar full-year whole entire of "
    "annual record year year's and or a to from with since until till after before than versus vs "
    "against between compared trade exports imports korea china korean chinese".split()
)
"""Words that may stand directly before a year and leave it the calendar year as a whole.

Those that make it the base or the bound of something else are looked at elsewhere.
"""
WHOLE_BEFORE_OF = frozenset(
    "all whole course year surplus deficit exports imports trade those that level levels figure "
    "balance totality entirety calendar record total".split()
)
"""Words before "of 2023" that make it the whole of 2023, or the figure of that year."""
WHOLE_BEFORE_YEAR = frozenset("the calendar full whole entire in for during all".split())
"""Words before "year 2023"."""
AFTER_YEAR = frozenset(
    # Verbs, prepositions and conjunctions that go on with the sentence.
    "was were is are had has have saw sees ran logged posted recorded reported showed said says "
    "came stood reached hit fell rose dropped grew became become exceeded amounted totalled "
    "totaled and or but while as when though whereas where which that who whose after before "
    "to from against versus vs compared than relative by because due amid despite "
    "following according "
    "thanks on with at of in for under if then into over about around some nearly just more "
    # What is measured.
    "a an the its their this it they all alone trade exports export imports import deficit surplus "
    "shipments sales purchases shortfall balance bilateral two-way total figure figures data "
    "goods merchandise overall "
    # Who it is of, and who says so.
    "south north korea korea's korean china china's chinese japan japan's us u.s. america's "
    "american america germany germany's vietnam's vietnam seoul beijing tokyo washington officials "
    "exporters".split()
)
"""Words that may stand directly after such a year."""
IN_BRACKETS = frozenset("a the of record full calendar whole year sic".split())
"""Words that brackets directly after a figure or a year may hold."""
WITH_A_FIGURE = frozenset(
    "about around or up down in won yuan yen euro some by from to at an and korean chinese exports "
    "imports us trillion billion million thousand bn tn mn percent per cent".split()
)
"""Words that they may hold beside a figure of their own, which is looked at for itself."""

PHRASE = 45
"""Characters before a figure within which a phrase that compares it begins."""
_OPENING = "([\"'“‘"
_PAUSE = ",;:)]\"'”’–—-…"
_AFTER_PAUSE = re.compile(
    r"\s*[,;:](?=[\s\"')\]”’]|$)|\s*[)\]\"'”’…?!](?!\w)|\s*\.(?!\w)|[–—](?=\s*[A-Za-z\"'(])"
    r"|\s[–—-]\s|$"
)
_WORD = re.compile(r"[^\s,;:()\[\]\"“”–—]+")
_BRACKET = re.compile(r"[\[(](?P<inside>[^)\]]*)[)\]]")
_FIGURE = re.compile(r"[A-Z]{0,3}[$€£₩¥]\S*|[^\sA-Za-z]*\d\S*")
_A_YEAR_AGO = re.compile(
    r"(?:(?:a|the|one) year(?: ago| earlier| before|-earlier)"
    r"|the (?:previous|prior|preceding|same) year)\b|the year\.?$"
    r"|year[- ](?:on|over)[- ]year\b|y/y\b|yoy\b|y-o-y\b|on[- ]year\b"
)
_OF_A_YEAR = re.compile(
    r"'s (?:total |record |annual )?(?:exports?|imports?|trade|deficit|surplus|shortfall|balance"
    r"|total|figures?|level|(?:US)?\$)"
)
_PART_OF = re.compile(
    r"(?:\S*\d\S*|\b(?:factor|half|third|quarter|fifth|tenth|halves|thirds|quarters|fifths|tenths"
    r"|most|much|part|bulk|share|percent|cent|multiple|times|fraction|portion|majority|out|minus"
    r"|plus|(?<!in )excess)) of $",
    re.IGNORECASE,
)
# A bookkeeper's brackets are a minus sign.
_AS_A_LOSS = re.compile(r"(?:\b(?:was|were|is|are|of|at|to|stood|reached)|:) \($")
_NOT_QUITE = re.compile(
    r"and (?:change|counting|more|some|a bit|growing|rising|falling|a half|a quarter)\b"
)
_WHOSE = re.compile(
    r",? \(?(?:Canadian|Australian|Singapore|Taiwan|Hong Kong|New Zealand|Zimbabwe|Liberia|Brunei"
    r"|Namibia|Jamaica|Fiji)"
)
_BASE = re.compile(
    r"(?:from|than|against|versus|vs\.?|compared (?:with|to)|relative to|on|over|below|above) "
)
_BASE_OF_A_YEAR = re.compile(
    r"(?:that in |those in |levels? (?:in|of) |about |around |some |a |the |its |one )*"
    r"(?:(?:19|20)\d\d\b|(?:US)?\$|year[- ](?:ago|earlier|before)|(?:previous|prior|preceding|same"
    r"|last|corresponding) (?:year|period)|year\b(?! to| ended|-to)|account of|China|South Korea"
    r"|Korea)"
)
_ADJUSTED = re.compile(
    r" (?:on (?:an? )?[\w-]+ basis|on paper|(?:before|after|without|under) (?:\w+ )?(?:tax|adjust"
    r"|inflation|deflat|exchange|seasonal|re-?export|revision))"
)
MORE_THAN_BEFORE = re.compile(
    r" (?:(?P<rise>more|higher|larger|greater|up)|(?P<fall>less|lower|smaller|fewer|down)) "
    r"(?:than|on|from)"
    r" (?:it was |they were |that |those )?(?:(?:in|of) )?(?:(?:19|20)\d\d(?![\w-]| (?:and|or"
    r"|to)\b)"
    r"|a year (?:earlier|before|ago)|the (?:previous|prior|preceding) year|the year (?:before"
    r"|earlier))"
)
"""What a rate is a change of: "14.1 percent more than in 2017"."""
_LEVEL_OF_A_RATE = re.compile(r"\b(?<!up )(?:to|at|from) $")


def unlike_amount(before: str, after: str) -> str:
    """Why the words beside an amount are not understood; empty where they are."""
    return _before_figure(before, BEFORE_AMOUNT) or _after_amount(after, AFTER_AMOUNT)


def unlike_rate(before: str, after: str) -> str:
    """The same for a percentage: a change in one year, not since another or to a level."""
    level = _LEVEL_OF_A_RATE.search(before)
    if level:
        return _unknown(level.group().strip(), "before")
    base = _BASE.match(after.lstrip()) if after[:1].isspace() else None
    if base and not _BASE_OF_A_YEAR.match(after.lstrip(), base.end()):
        return _unknown(" ".join(after.split()[:2]), "after")
    after = "" if MORE_THAN_BEFORE.match(after) else after
    return _before_figure(before, BEFORE_RATE) or (
        _after_amount(after, AFTER_RATE) if after else ""
    )


def unlike_year(before: str, after: str) -> str:
    """Why the words beside a year may make it another period; empty where they do not."""
    return _before_year(before) or _after_year(after)


def _unknown(word: str, side: str) -> str:
    return f"'{word.rstrip('.,')}' directly {side} it is not understood"


def _before(text: str, allowed: frozenset[str]) -> str:
    if not text.strip():
        return ""
    if not text[-1].isspace():
        plain = text[-1] in _OPENING + "—" and not _AS_A_LOSS.search(text)
        return "" if plain else _unknown(text.split()[-1], "before")
    part, word = _PART_OF.search(text), text.split()[-1]
    if part or (word == "A" and text.strip() != "A"):
        return _unknown(part.group().strip() if part else word, "before")
    if word[-1] in _PAUSE + _OPENING or word.lower().strip("([\"'.") in allowed:
        return ""
    return _unknown(word, "before")


def _before_figure(text: str, allowed: frozenset[str]) -> str:
    """What is strange directly before a figure; the list of the slot is understood as well."""
    strange = _before(text, allowed)
    known = _compares(text) or _ends_in_country(text, ("to", "from", "with"))
    return "" if strange and text[-1].isspace() and known else strange


def _compares(text: str) -> bool:
    """Whether a comparison or verb of the slot's own list ends there: "in excess of"."""
    start = text.rfind(" ", 0, max(0, len(text) - PHRASE)) + 1
    *_, last = [Word("", "", 0, 0), *words(text, start, len(text), [])]
    return last.kind in COMPARES and last.end == len(text.rstrip())


def _before_year(text: str) -> str:
    words = text.lower().split()
    if not words or not text[-1].isspace():
        return _before(text, BEFORE_YEAR)
    last, previous = words[-1], words[-2] if len(words) > 1 else ""
    whole = {"of": WHOLE_BEFORE_OF, "year": WHOLE_BEFORE_YEAR}.get(last)
    if whole is not None and previous not in whole:
        return _unknown(f"{previous} {last}".strip(), "before")
    if last.endswith("'s") or _ends_in_country(text, ("",)):
        return ""
    return _before(text, BEFORE_YEAR)


def _ends_in_country(text: str, prepositions: tuple[str, ...]) -> bool:
    """Whether a country stands directly before, behind one of these prepositions."""
    near = text[max(0, len(text) - PHRASE) :]
    ending = (one for one in mentions(near) if one.end == len(near.rstrip()))
    return any(one.preposition in prepositions for one in ending)


def _after_amount(text: str, allowed: frozenset[str]) -> str:
    whose = _WHOSE.match(text) or _ADJUSTED.match(text)
    if whose:
        return _unknown(whose.group().strip(", ("), "after")
    if _AFTER_PAUSE.match(text) and not text.startswith("' worth"):
        return ""
    if not text[0].isspace() or text.lstrip()[0] in "([":
        return _attached(text)
    rest = text.lstrip()
    odd, word = _NOT_QUITE.match(rest), _first(rest)
    if _A_YEAR_AGO.match(rest):
        return ""
    if odd or word.lower().rstrip(".,") not in allowed:
        return _unknown(odd.group() if odd else word, "after")
    follows = {"in": AFTER_IN, "by": AFTER_BY, "at": AFTER_AT}.get(word)
    if follows is not None and not follows.match(rest, len(word) + 1):
        return _unknown(" ".join(rest.split()[:2]), "after")
    return ""


def _after_year(text: str) -> str:
    adjusted = _ADJUSTED.match(text)
    if adjusted:
        return _unknown(adjusted.group().strip(), "after")
    if _AFTER_PAUSE.match(text) or _OF_A_YEAR.match(text):
        return ""
    if not text[0].isspace() or text.lstrip()[0] in "([":
        return _attached(text)
    # The next figure of a list is looked at for itself.
    if re.match(r"\s+(?:(?:US)?[$€₩]|\d)", text):
        return ""
    word = _first(text)
    known = word.lower() in AFTER_YEAR or word.lower().rstrip(".") in AFTER_YEAR
    return "" if known else _unknown(word, "after")


def _attached(text: str) -> str:
    """What is written without a space, or in brackets, of which only plain words are understood."""
    if text[0].isspace():
        match = _BRACKET.match(text.lstrip())
        inside = _FIGURE.sub(" ", match["inside"]) if match else text
        words = re.findall(r"[A-Za-z][\w'-]*", inside)
        plain = IN_BRACKETS if match and inside == match["inside"] else IN_BRACKETS | WITH_A_FIGURE
        strange = [word for word in words if word.lower() not in plain]
        return _unknown(f"({' '.join(strange)})", "after") if strange else ""
    return _unknown(_first(text), "after")


def _first(text: str) -> str:
    match = _WORD.search(text)
    return match.group() if match else text.strip()[:1]
