"""The slot between a flow and its figure: which comparison fills it, and whether all is read."""

import re
from dataclasses import dataclass, replace

from .actors import Mention
from .cues import Cue
from .neighbours import MORE_THAN_BEFORE
from .quantities import TextFigure
from .spans import spans
from .words import FALL, RISE, TURNED, Word, words


_CLAUSE = re.compile(
    r"[,;:–—()\[\]]| - |\b(?:and|but|while|whereas|when|that|which|who|whose|where|as|after|before"
    r"|because|since|amid|due to|owing to|thanks to|despite|on the back of|following|driven by"
    r"|helped by|hit by|according to|says?|said|shows?|showed|under|although|though|if|even as)\b",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"[,;:–—()]| - |\b(?:and|but|while|whereas|when|which|who|whose|where|as|after|before|because"
    r"|since|although|though)\b",
    re.IGNORECASE,
)
_INVERTED = re.compile(r"^\W*(?:Had|Were|Should|Was|Did|Does|Do|Is|Are|Could|Has|Have)\b")
_TIMES = re.compile(
    r"(?:\b(?:in|of|for|during|by|since|from|through|over|until|to|throughout|across)? ?(?:the )?"
    r"(?:all of |whole of |course of |entire |calendar |year )*"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:19|20)\d\d)(?:'s)?\b)|\bin '\d\d\b|\b(?:19|20)\d\d[-–]\d\d(?:\d\d)?\b"
)
_SUFFIX = re.compile(
    r"^(?P<at_least>\+|(?:,? (?:or|and) |-| )?(?:plus|more|above|over|upwards?|up|higher|better)\b"
    r"(?! (?:than|from|to|on|by|\d))|,? at (?:the )?(?:very )?least\b)"
    r"|^(?P<at_most>,? (?:or|and) (?:less|fewer|under|below|lower)\b"
    r"|,? at (?:the )?(?:very )?most\b"
    r"|,? tops\b)"
    r"|^(?P<about>,? (?:or so|or thereabouts|give or take|approximately)\b)"
    r"|^(?P<mark> (?:mark|threshold|milestone|barrier)\b)",
    re.IGNORECASE,
)
_PARENTHESIS = re.compile(r", (?![^,]*[\d$])[^,]{1,80},")
_PART = re.compile(
    r"\b(?:half|twice|double|triple|thirds?|quarters?|fifths?|tenths?|most|part|much|bulk|rest|none"
    r"|majority|fraction|times|percent|per cent|multiples?|share|equivalent) (?:of|in) (?:(?:the"
    r"|about|some|nearly|almost|over|that) )*$"
    r"|% of (?:the )?$|\b(?:half|twice|double|triple|times) (?:the |as \w+ as )?$",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:growth|rise|fall|decline|increase|drop|change) (?:of|in)"
    r" (?:(?:the|about|some|nearly|almost|over|that) )*$",
    re.IGNORECASE,
)
_WHOLLY = re.compile(
    r"\b(?:all|none|entirely|exclusively|solely|only|every cent|every dollar|the whole|100 ?%"
    r"|100 percent|purely) (?:of (?:it|them|that|which|this)\b|(?:in|on|from|made|for|due)\b"
    r"|of (?!(?:19|20)\d\d))"
    r"|\b(?:entirely|exclusively|solely|purely|all) (?!told|in all|of (?:19|20)\d\d)\w+"
    r"|\b(?:consist(?:ed|ing|s) of|made up of|composed of|in the form of)\b"
    r"|\b(?:chips|semiconductors|cars|goods|services|oil|steel|\w+s) (?:only|alone)\b",
    re.IGNORECASE,
)
_LIGHT = frozenset(
    "the a an some its their just only mere combined total whole full at of mark threshold level "
    "milestone barrier line".split()
)
_MOVED = re.compile(
    rf"\b(?:(?P<turned>{TURNED})|(?P<rise>{RISE})|(?P<fall>{FALL}))(?! than| short)\b",
    re.IGNORECASE,
)
# "$142.8 billion in 2023, down from", where no other figure stands between.
AFTERWARDS = re.compile(
    r"^[^.;$%]{0,40}?(?:, | \(| and )?\b(?:an? (?:\w+ )?)?"
    rf"(?<!not )(?<!never )(?<!yet )(?<!fully )(?:(?P<rise>{RISE})|(?P<fall>{FALL}))(?: \w+ly)?"
    r" (?P<base>(?:from|after|on|compared (?:with|to)|against|since|for)\b(?: an? (?:\w+ ){0,2}?"
    r"(?P<state>surplus|deficit))?)",
    re.IGNORECASE,
)
_GROWING = re.compile(
    r"\b(?:(?P<rise>growing|rising|increasing|widening|expanding|soaring|swelling|ballooning"
    r"|surging"
    r"|deepening|booming|higher|recovering)|(?P<fall>shrinking|falling|declining|narrowing"
    r"|dwindling"
    r"|sinking|weakening|plunging|slumping|lower|diminishing|reduced))"
    r" (?:(?:annual|yearly|trade|goods|bilateral|merchandise|overall|total) )*$",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"^ (?:lower|higher|less|more|down|up|below|above|ahead|behind|short|off|clear|apart|away"
    r"|better"
    r"|worse|extra|over|under|shy|richer|poorer)\b(?! or\b)",
    re.IGNORECASE,
)
_YEARS_TOGETHER = re.compile(r"\b(?:19|20)\d\d(?:,? (?:and|&|plus) (?:19|20)\d\d)+")
_TURNED_BEFORE = re.compile(
    rf"\b(?:{TURNED}) (?:(?:an?|its|the|record|first|annual|small|large) )*(?:trade )?$",
    re.IGNORECASE,
)
_VERB = re.compile(r"(?:was|were|exceed|surpass|topp|outstrip|eclips|overt|beat|trail|lagg)", re.I)
OF_YEAR = re.compile(
    r" (?:of|in|seen in|recorded in|posted in|reached in|set in|from) (?P<year>(?:19|20)\d\d)"
)
BOUNDS = ("over", "under", "at least", "at most")


@dataclass(frozen=True)
class Slot:
    """What the words around a figure make of it."""

    comparator: str = ""
    """about, over, under, at least, at most, or nothing: the figure itself."""
    unread: str = ""
    """Why the words cannot be read, or nothing."""
    is_change: bool = False
    """Whether the figure is an amount by which something moved."""
    reference: str = ""
    """The comparator of another figure with this one: "larger than the $62.8bn of 2013"."""
    compared: tuple[int, int] = (0, 0)
    """Where the words stand that compare the figure."""
    moved: str = ""
    """rise, fall, turned or a multiple, where the figure is where a movement ended."""


def slot_of(
    figure: TextFigure, beside: list[TextFigure], cue: Cue, sentence: str, named: list[Mention]
) -> Slot:
    """The comparison that fills the slot of a figure, or the first words not understood."""
    figures = [one for one in beside if one.kind in ("money", "percent")]
    known = _known(figures, sentence, named, cue)
    lead = _lead(min(cue.start, figure.start), sentence, known)
    between = list(words(sentence, cue.end, figure.start, known)) if cue.end <= figure.start else []
    suffix = _SUFFIX.match(sentence[figure.end :])
    after = _after(figure, cue, suffix, sentence, known)
    before = between if cue.end <= figure.start else lead
    odd = [one for one in (*lead, *between, *after) if one.kind in ("", "either")]
    veto = _veto(figure, cue, figures, sentence)
    if veto or odd:
        return Slot(unread=_not_understood(veto or _quoted(odd, sentence)))
    slot = _filled(figure, figures, before, after, suffix, sentence)
    return replace(slot, moved=slot.moved or _moved_before(figure, cue, sentence))


def _moved_before(figure: TextFigure, cue: Cue, sentence: str) -> str:
    """The movement that stands before the flow: "swung to a deficit of", "growing exports"."""
    if figure.kind != "money":
        return ""
    if cue.end <= figure.start and _TURNED_BEFORE.search(sentence[: cue.start]):
        return "turned"
    match = _GROWING.search(sentence[: cue.start])
    return str(match.lastgroup) if match else ""


def _not_understood(said: str) -> str:
    return f"what '{said}' makes of the figure is not understood"


def _quoted(odd: list[Word], sentence: str) -> str:
    """The first run of words that are not in the list."""
    last = odd[0]
    for one in odd[1:]:
        if sentence[last.end : one.start].strip():
            break
        last = one
    return sentence[odd[0].start : last.end]


def _known(
    figures: list[TextFigure], sentence: str, named: list[Mention], cue: Cue
) -> list[tuple[int, int]]:
    """Places that are understood as something else: figures, countries, dates, the flow itself."""
    places = [(one.start, one.end) for one in (*figures, cue)]
    # A country with what makes it own.
    places += [(one.start, one.end + 2 * sentence.startswith("'s", one.end)) for one in named]
    places += [(one.start(), one.end()) for one in _TIMES.finditer(sentence)]
    places += [(one.start, one.end) for one in spans(sentence, None)]
    return places + [(one.start(), one.end()) for one in _PARENTHESIS.finditer(sentence)]


def _lead(end: int, sentence: str, known: list[tuple[int, int]]) -> list[Word]:
    """The words of the clause before its flow and figure; who says so is no part of it.

    A name is understood where somebody is said to say something.
    """
    ends = [one.end() for one in _LEADS.finditer(sentence, 0, end)]
    clause = list(words(sentence, ends[-1] if ends else 0, end, known))
    speaks = any(one.kind == "speech" for one in clause)
    return [one for one in clause if not (speaks and not one.kind and one.text[0].isupper())]


def _after(
    figure: TextFigure, cue: Cue, suffix: re.Match[str] | None, sentence: str,
    known: list[tuple[int, int]],
) -> list[Word]:  # fmt: skip
    """The words after the figure in its own clause, also between it and a flow that follows."""
    more = more_than_before(figure, sentence)
    start = figure.end + (more.end() if more else suffix.end() if suffix else 0)
    end = max(start, cue.end)
    stop = _CLAUSE.search(sentence, end)
    return list(words(sentence, start, stop.start() if stop else len(sentence), known))


def _veto(figure: TextFigure, cue: Cue, figures: list[TextFigure], sentence: str) -> str:
    """Words in the sentence that limit the figure to a part of the flow or to one kind of goods."""
    end = min((one.start for one in figures if one.start > figure.end), default=len(sentence))
    beside = not (_SUFFIX.match(sentence[figure.end :]) or more_than_before(figure, sentence))
    match = (
        _PART.search(_owner(sentence[: cue.start]))
        or _CHANGE.search(_owner(sentence[: cue.start]))
        or _PART.search(sentence[: figure.start])
        or (figure.kind != "percent" and _CHANGE.search(sentence[: figure.start]))
        or _INVERTED.search(sentence)
        or _WHOLLY.search(sentence, figure.end, end)
        or (beside and _BESIDE.search(sentence[figure.end :]))
        or (len(figures) == 0 and _YEARS_TOGETHER.search(sentence))
    )
    return match.group().strip() if match else ""


def more_than_before(figure: TextFigure, sentence: str) -> re.Match[str] | None:
    """What a rate is a change of, where that stands behind it."""
    return MORE_THAN_BEFORE.match(sentence[figure.end :]) if figure.kind == "percent" else None


def _owner(head: str) -> str:
    """What stands before the flow, without the country that owns it."""
    return re.sub(
        r"(?:South |North )?[A-Z][\w.]*(?: [A-Z][\w.]*)?(?:'s?)? (?:goods |total )?$", "", head
    )


def _filled(
    figure: TextFigure, figures: list[TextFigure], before: list[Word], after: list[Word],
    suffix: re.Match[str] | None, sentence: str,
) -> Slot:  # fmt: skip
    last = max((one.end for one in figures if one.end <= figure.start), default=0)
    near = [one for one in before if one.start >= last]
    adjacent = _adjacent(near)
    bounds = [one.kind for one in adjacent if one.kind in BOUNDS]
    after = [one for at, one in enumerate(after) if not _compares(at, after, figures, sentence)]
    if len(set(bounds)) > 1 or any(one.kind in BOUNDS for one in after):
        return Slot(unread=_not_understood(_last_bound(adjacent, after)))
    if adjacent and last and bounds and not sentence[last : adjacent[0].start].strip():
        return Slot(unread=_not_understood(f"{sentence[last : figure.start].strip()}"))
    comparator = bounds[-1] if bounds else "about" if _is_about(adjacent) else ""
    if bounds and _is_reference(near, figure, sentence):
        return Slot(reference=bounds[-1])
    if suffix:
        comparator = _with_suffix(comparator, str(suffix.lastgroup))
    inherited = not near and any(one.kind in BOUNDS for one in before)
    unread = _not_understood("a comparison of two figures") if inherited else ""
    if not unread and figure.kind == "percent" and _is_level(near):
        unread = "the level of a rate, and no stored series is one"
    moved = "" if figure.kind == "percent" else _moved(near, figure, sentence)
    compared = (adjacent[0].start, figure.start) if bounds else (0, 0)
    return Slot(comparator, unread, _is_change(near, adjacent), compared=compared, moved=moved)


def _compares(at: int, after: list[Word], figures: list[TextFigure], sentence: str) -> bool:
    """Whether a comparison after the figure is with another year or flow, a claim of its own.

    It has a verb: "was larger than the $62.8bn of 2013", not "$18 billion less than".
    """
    one = after[at]
    a_verb = _VERB.match(one.text) or (at > 0 and after[at - 1].kind == "equal")
    if one.kind not in ("over", "under") or not a_verb:
        return False
    following = [other for other in figures if other.start > one.end]
    near = following and not sentence[one.end : following[0].start].strip(" theis")
    return not near or bool(OF_YEAR.match(sentence[following[0].end :]))


def _with_suffix(comparator: str, suffix: str) -> str:
    if suffix == "mark":
        return comparator or "at least"
    return suffix.replace("_", " ")


def _adjacent(near: list[Word]) -> list[Word]:
    """The words directly before the figure that compare it, with articles between."""
    adjacent: list[Word] = []
    for word in reversed(near):
        if word.kind not in (*BOUNDS, "about") and word.text.lower() not in _LIGHT:
            break
        adjacent.insert(0, word)
    return adjacent


def _is_about(adjacent: list[Word]) -> bool:
    return any(one.kind == "about" for one in adjacent)


def _last_bound(adjacent: list[Word], after: list[Word]) -> str:
    return next(one.text for one in (*after, *adjacent) if one.kind in BOUNDS)


def _is_reference(near: list[Word], figure: TextFigure, sentence: str) -> bool:
    """Whether it is "than the $62.8bn of 2013", what another year had."""
    return bool(OF_YEAR.match(sentence[figure.end :])) and near[-1].text.lower() in (
        "the",
        "its",
        "their",
    )


def _is_change(near: list[Word], adjacent: list[Word]) -> bool:
    """Whether what moved is said to have moved by the figure: "fell by", "a drop of"."""
    rest = near[: len(near) - len(adjacent)]
    texts = [one.text.lower() for one in rest]
    moved = [one.kind in ("rise", "fall") for one in rest]
    if not rest:
        return False
    return moved[-1] or texts[-1] == "by" or (texts[-1] == "of" and len(rest) > 1 and moved[-2])


def _is_level(near: list[Word]) -> bool:
    """Whether a rate moved to the figure: "growth slowed to 14.1 percent"."""
    return len(near) > 1 and near[-1].text.lower() == "to" and near[-2].kind in ("rise", "fall")


def _moved(near: list[Word], figure: TextFigure, sentence: str) -> str:
    """The movement that ended at the figure: before it, or in what directly follows it."""
    after = AFTERWARDS.match(sentence[figure.end :])
    if after:
        turned = after["state"] and after["state"].lower() not in sentence[: figure.end].lower()
        return "turned" if turned else "rise" if after["rise"] else "fall"
    if not near or near[-1].text.lower() == "from":
        return ""
    for word in reversed(near):
        if word.kind in ("rise", "fall", "turned", "same"):
            return word.kind
        match = _MOVED.search(word.text) if word.kind in ("over", "under") else None
        if match:
            return str(match.lastgroup)
    return ""
