"""What stands directly beside a number, a year or a currency, and whether it is understood.

A closed list: a word that is not in it may change what the number means ("fiscal 2023", "$5 billion
a month"), so that the figure is not held against anything and the word is given as the reason.
"""

import re


BEFORE_AMOUNT = frozenset(
    # Articles, prepositions and conjunctions.
    "a an the its their this that of to at by from for in on with and but or as than over under "
    "above below about around some roughly approximately approx nearly almost close circa estimated "
    "no not only just exactly least most more less up upwards upward between against versus vs compared "
    "while into then another "
    # What a total is called.
    "record combined total annual yearly whole trade surplus surpluses deficit deficits "
    "shortfall balance exports export imports import worth value volume goods merchandise "
    "first-ever huge massive whopping hefty large sizeable sizable staggering mere modest narrow "
    # Verbs of level and of change.
    "was were is are be been being came come comes stood stands stand amounted amounts amounting "
    "totalled totaled totalling totaling totals hit hits hitting reached reaches reaching reach "
    "had has have having ran runs run running logged logs posted posts recorded records reported "
    "reports registered saw sees showed shows put puts stayed remained enjoyed booked earned made "
    "sign signs signed signing secured win wins won sent ships shipped sells sold buys bought exported imported spent paid received generated set "
    "exceeded exceeds exceeding exceed topped tops topping surpassed surpasses surpassing passed "
    "passes passing crossed crosses crossing beat beats broke breached neared approached nearing "
    "fell falls falling rose rises rising grew grows growing dropped drops dropping climbed climbs "
    "jumped jumps surged surges soared gained gains increased increases increasing expanded "
    "declined declines declining slid slumped slumps shrank shrunk plunged tumbled dipped dips "
    "decreased decreases contracted sank slipped eased lost shed cut lowered narrowed widened down "
    "higher lower larger smaller greater bigger wider fewer became become becomes "
    # Countries without a dollar of their own.
    "china korea japan vietnam germany korean chinese japanese".split()
)
"""Words that may stand directly before an amount and leave its number and currency alone."""
AFTER_AMOUNT = frozenset(
    "in for during over by from to of with and but while as when whereas against versus vs compared "
    "relative before after since until despite due because amid on at that which who whose up down "
    "following according thanks worth trade bilateral two-way mutual total export exports import "
    "imports surplus surpluses deficit deficits shortfall gap balance goods merchandise visible "
    "annual yearly record first-ever is was were are had has have said says saying showed shows "
    "show reported then all where the its south korea korea's korean china china's chinese seoul "
    "beijing respectively cumulative combined between into through again too also drop fall decline "
    "slump rise increase growth jump trade-deficit exceeded overall change gain loss off out "
    "officials official went go made accounted coming left deal deals contract contracts swap fund "
    "investment investments loan loans aid than through year-on-year last this".split()
)
"""Words that may stand directly after an amount or a rate."""
AFTER_IN = re.compile(
    r"(?:(?:the |calendar |full |whole |all of |year |'|about |around |early |late )*(?:19|20)?\d\d|"
    r"(?:the |its |their |a |an |all |total |overall |both |this |that |last |January|February|March"
    r"|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug"
    r"|Sept?|Oct|Nov|Dec|Q[1-4]|H[12]|[1-4]Q|[12]H|goods|merchandise|trade|exports|imports|new|two-way"
    r"|bilateral|calendar|full|what|which|China|South|Korea|Korean|Chinese|comparison|contrast"
    r"|return|line|mid|over|more|less|nearly|about|at|recent|(?:one|two|three|four|five|six|seven"
    r"|eight|nine|ten|\d+) )(?!\w*-?(?:terms|prices|dollars)))"
)
"""What may follow "in" after an amount: a time, or all of a flow, but no other measure."""
BEFORE_YEAR = frozenset(
    "in during for by throughout over across the its their calendar full-year and to from "
    "with since until till after before than versus vs against between or a annual record "
    "korea korea's china china's korean chinese japan's country's nation's whole entire of "
    "year that compared year's seoul's beijing's trade exports imports".split()
)
"""Words that may stand directly before a year that is a calendar year as a whole."""
WHOLE_BEFORE_OF = frozenset(
    "all whole course year surplus deficit exports imports trade those that level levels figure "
    "balance totality entirety calendar record total".split()
)
"""Words before "of 2023" that make it the whole of 2023, or the figure of that year."""
WHOLE_BEFORE_YEAR = frozenset("the calendar full whole entire in for during all".split())
"""Words before "year 2023"."""
AFTER_YEAR = frozenset(
    "was were is are had has have saw sees ran logged posted recorded reported showed said says "
    "and or but while as when though whereas where which that who whose after before to from "
    "against versus vs compared than relative by because due amid despite following according "
    "thanks on with at of the a an its their this it they all alone trade exports export imports "
    "import deficit surplus shortfall balance bilateral two-way total figure figures data goods "
    "merchandise overall came stood reached hit fell rose dropped grew south north korea korea's "
    "korean china china's chinese japan japan's us u.s. america's american america seoul beijing "
    "tokyo washington germany's germany vietnam's vietnam into over exceeded then about "
    "around some nearly just more became become for in officials exporters "
    "amounted totalled totaled if".split()
)
"""Words that may stand directly after such a year."""
IN_BRACKETS = frozenset(
    "about around or up down a the in won yuan yen euro record full calendar whole year some by from "
    "of at sic an and korean chinese exports imports".split()
)
"""Words that brackets directly after a figure or a year may hold."""

_OPENING = "([\"'“‘"
_PAUSE = ",;:)]\"'”’–—-…"
_AFTER_PAUSE = re.compile(r"\s*[,;:)\]\"'”’…?!]|\s*\.(?!\w)|[–—](?=\s*[A-Za-z\"'(])|\s[–—-]\s|$")
_OF_A_YEAR = re.compile(
    r"'s (?:total |record |annual )?(?:exports?|imports?|trade|deficit|surplus|shortfall|balance|total"
    r"|figures?|level|(?:US)?\$)"
)
_WORD = re.compile(r"[^\s,;:()\[\]\"“”–—]+")
_YEAR_AGO = re.compile(r"(?:a|the|one) (?:year|previous|prior|preceding|same)\b(?! to| ended| ending)")
_BRACKET = re.compile(r"[\[(](?P<inside>[^)\]]*)[)\]]")
_NUMBERS = re.compile(r"[^\sA-Za-z]*\d\S*|(?:US|A|HK)?[$€£₩¥]\S*")


def unlike_amount(before: str, after: str) -> str:
    """Why the words beside an amount or rate are not understood; empty where they are."""
    return _before(before, BEFORE_AMOUNT) or _after_amount(after)


def unlike_year(before: str, after: str) -> str:
    """Why the words beside a year may make it another period; empty where they do not."""
    return _before_year(before) or _after_year(after)


def _unknown(word: str, side: str) -> str:
    return f"'{word}' directly {side} it is not understood"


def _before(text: str, allowed: frozenset[str]) -> str:
    if not text.strip():
        return ""
    if not text[-1].isspace():
        return "" if text[-1] in _OPENING + "—" else _unknown(_last(text), "before")
    word = _last(text)
    if word[-1] in _PAUSE + _OPENING or word.lower().rstrip(".") in allowed:
        return ""
    return _unknown(word, "before")


def _last(text: str) -> str:
    return text.split()[-1]


def _before_year(text: str) -> str:
    words = text.split()
    if words and text[-1].isspace():
        last, previous = words[-1].lower(), words[-2].lower() if len(words) > 1 else ""
        if last == "of" and previous not in WHOLE_BEFORE_OF:
            return _unknown(f"{previous} of", "before")
        if last == "year" and previous not in WHOLE_BEFORE_YEAR:
            return _unknown(f"{previous} year".strip(), "before")
        if last.endswith("'s"):
            return ""
    return _before(text, BEFORE_YEAR)


def _after_amount(text: str) -> str:
    if _AFTER_PAUSE.match(text):
        return ""
    if not text[0].isspace():
        return _unknown(_first(text), "after")
    rest = text.lstrip()
    if rest[0] in "([":
        return _bracket(rest)
    if _YEAR_AGO.match(rest):
        return ""
    word = _first(rest)
    if word.lower().rstrip(".,") not in AFTER_AMOUNT:
        return _unknown(word, "after")
    if word == "in" and not AFTER_IN.match(rest.removeprefix("in "), 0):
        return _unknown(" ".join(rest.split()[:2]), "after")
    return ""


def _after_year(text: str) -> str:
    if _AFTER_PAUSE.match(text) or _OF_A_YEAR.match(text):
        return ""
    if not text[0].isspace():
        return _unknown(_first(text), "after")
    rest = text.lstrip()
    if rest[0] in "([":
        return _bracket(rest)
    word = _first(rest)
    # The next figure of a list, or an amount, is looked at for itself.
    if re.match(r"(?:US)?[$€₩]|\d", rest):
        return ""
    return "" if word.lower() in AFTER_YEAR else _unknown(word, "after")


def _first(text: str) -> str:
    match = _WORD.search(text)
    return match.group() if match else text.strip()[:1]


def _bracket(text: str) -> str:
    match = _BRACKET.match(text)
    inside = _NUMBERS.sub(" ", match["inside"]) if match else text
    words = re.findall(r"[A-Za-z][\w'-]*", inside)
    strange = [word for word in words if word.lower() not in IN_BRACKETS | _SCALES]
    return _unknown(f"({' '.join(strange)})", "after") if strange else ""


_SCALES = frozenset("trillion billion million thousand bn tn mn percent per cent".split())
