"""The slot between a flow and its figure: which comparison fills it, and whether all is read."""

import re
from dataclasses import dataclass, replace

from .actors import Mention
from .cues import Cue
from .periods import Period
from .quantities import Found
from .words import FALL, RISE, TURNED, Word, words


_CLAUSE = re.compile(
    r"[,;:–—()]| - |\b(?:and|but|while|whereas|when|that|which|who|whose|where|as|after|before"
    r"|because|since|amid|due to|owing to|thanks to|despite|on the back of|following|driven by"
    r"|helped by|hit by|according to|says?|said|shows?|showed|under|although|though|if|even as)\b",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"(?:\b(?:in|of|for|during|by|since|from|through|over|until|to)? ?(?:the )?(?:calendar |year )?"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:19|20)\d\d)(?:'s)?\b)|\b(?:19|20)\d\d[-–]\d\d(?:\d\d)?\b"
)
_SUFFIX = re.compile(
    r"^(?P<at_least>\+|(?:,? (?:or|and) |-| )?(?:plus|more|above|over|upwards?|up|higher|better)\b"
    r"(?! (?:than|from|to|on|by|\d))|,? at (?:the )?(?:very )?least\b)"
    r"|^(?P<at_most>,? (?:or|and) (?:less|fewer|under|below|lower)\b|,? at (?:the )?(?:very )?most\b"
    r"|,? tops\b)"
    r"|^(?P<about>,? (?:or so|or thereabouts|give or take|approximately)\b)"
    r"|^(?P<mark> (?:mark|threshold|milestone|barrier)\b)",
    re.IGNORECASE,
)
_PARENTHESIS = re.compile(r", (?![^,]*[\d$])[^,]{1,80},")
_PART = re.compile(
    r"\b(?:half|twice|double|triple|third|quarter|fifth|tenth|most|part|some|much|bulk|rest|none"
    r"|majority|fraction|times|percent|per cent|%|growth|rise|fall|decline|increase|drop|change)"
    r" (?:of|in) (?:the )?$|\b(?:half|twice|double|triple|times) (?:the |as \w+ as )?$",
    re.IGNORECASE,
)
_WHOLLY = re.compile(
    r"\b(?:all|none|entirely|exclusively|solely|only|every cent|every dollar|the whole|100 ?%"
    r"|100 percent|purely) (?:of (?:it|them|that|which|this)\b|(?:in|of|on|from|made|for|due)\b)"
    r"|\b(?:consist(?:ed|ing|s) of|made up of|composed of|in the form of)\b"
    r"|\b(?:chips|semiconductors|cars|goods|services|oil|steel|\w+s) (?:only|alone)\b",
    re.IGNORECASE,
)
_LIGHT = frozenset("the a an some its their just only mere combined total whole full at".split())
_MOVED = re.compile(
    rf"\b(?:(?P<turned>{TURNED})|(?P<rise>{RISE})|(?P<fall>{FALL}))(?! than| short)\b", re.IGNORECASE
)
# "$142.8 billion in 2023, down from", where no other figure stands between.
_AFTERWARDS = re.compile(
    r"^[^.;$%]{0,40}?(?:, | \(| and )?\b(?:(?P<rise>up|higher|rising|increasing|a (?:rise|jump|gain))"
    r"|(?P<fall>down|lower|falling|declining|a (?:fall|drop|decline)))"
    r"(?: sharply| slightly| markedly)? (?:from|on|compared|than)\b",
    re.IGNORECASE,
)
_TURNED_BEFORE = re.compile(
    rf"\b(?:{TURNED}) (?:(?:an?|its|the|record|first|annual|small|large) )*(?:trade )?$",
    re.IGNORECASE,
)
_OF_YEAR = re.compile(
    r" (?:of|in|seen in|recorded in|posted in|reached in|set in|from) (?:19|20)\d\d"
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
    moved: str = ""
    """rise, fall, turned or a multiple, where the figure is where a movement ended."""


def slot_of(
    found: Found, beside: list[Found], cue: Cue, sentence: str, named: list[Mention]
) -> Slot:
    """The comparison that fills the slot of a figure, or the first words that are not understood."""
    figures = [one for one in beside if one.kind in ("money", "percent")]
    known = _known(figures, sentence, named, cue)
    before = list(words(sentence, _start(found, cue, sentence), found.start, known))
    suffix = _SUFFIX.match(sentence[found.end :])
    after = _after(found, cue, suffix, sentence, known)
    odd = [one for one in (*before, *after) if one.kind in ("", "either")]
    veto = _veto(found, cue, sentence)
    if veto or odd:
        return Slot(unread=_not_understood(veto or _quoted(odd, sentence)))
    slot = _filled(found, figures, before, after, suffix, sentence)
    turned = found.kind == "money" and _TURNED_BEFORE.search(sentence[: cue.start])
    return replace(slot, moved="turned") if turned and cue.end <= found.start else slot


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
    figures: list[Found], sentence: str, named: list[Mention], cue: Cue
) -> list[tuple[int, int]]:
    """Places that are understood as something else: figures, countries, dates, the flow itself."""
    places = [(one.start, one.end) for one in (*figures, *named, cue)]
    places += [(one.start(), one.end()) for one in _TIMES.finditer(sentence)]
    return places + [(one.start(), one.end()) for one in _PARENTHESIS.finditer(sentence)]


def _start(found: Found, cue: Cue, sentence: str) -> int:
    """Where the words that lead to the figure begin: after the flow, or with the clause."""
    if cue.end <= found.start:
        return cue.end
    ends = [one.end() for one in _CLAUSE.finditer(sentence, 0, found.start)]
    return ends[-1] if ends else 0


def _after(
    found: Found, cue: Cue, suffix: re.Match[str] | None, sentence: str,
    known: list[tuple[int, int]],
) -> list[Word]:  # fmt: skip
    """The words after the figure in its own clause, and those between it and a flow that follows."""
    start = found.end + (suffix.end() if suffix else 0)
    end = max(start, cue.end)
    stop = _CLAUSE.search(sentence, end)
    return list(words(sentence, start, stop.start() if stop else len(sentence), known))


def _veto(found: Found, cue: Cue, sentence: str) -> str:
    """Words anywhere in the sentence that take a part, or say that all is of one kind."""
    head = _PART.search(_owner(sentence[: cue.start]))
    wholly = _WHOLLY.search(sentence, found.end)
    match = head or wholly
    return match.group().strip() if match else ""


def _owner(head: str) -> str:
    """What stands before the flow, without the country that owns it."""
    return re.sub(r"(?:South |North )?[A-Z][\w.]*(?: [A-Z][\w.]*)?(?:'s?)? (?:goods |total )?$", "", head)


def _filled(
    found: Found, figures: list[Found], before: list[Word], after: list[Word],
    suffix: re.Match[str] | None, sentence: str,
) -> Slot:  # fmt: skip
    last = max((one.end for one in figures if one.end <= found.start), default=0)
    near = [one for one in before if one.start >= last]
    adjacent = _adjacent(near)
    bounds = [one.kind for one in adjacent if one.kind in BOUNDS]
    after = [one for one in after if not _compares(one, figures, sentence)]
    if len(set(bounds)) > 1 or any(one.kind in BOUNDS for one in after):
        return Slot(unread=_not_understood(_last_bound(adjacent, after)))
    if adjacent and last and bounds and not sentence[last : adjacent[0].start].strip():
        return Slot(unread=_not_understood(f"{sentence[last:found.start].strip()}"))
    comparator = bounds[-1] if bounds else "about" if _is_about(adjacent) else ""
    if bounds and _is_reference(near, found, sentence):
        return Slot(reference=bounds[-1])
    if suffix:
        comparator = _with_suffix(comparator, str(suffix.lastgroup))
    inherited = not near and any(one.kind in BOUNDS for one in before)
    unread = _not_understood("a comparison of two figures") if inherited else ""
    if not unread and found.kind == "percent" and _is_level(near):
        unread = "the level of a rate, and no stored series is one"
    moved = "" if found.kind == "percent" else _moved(near, found, sentence)
    return Slot(comparator, unread, _is_change(near, adjacent), moved=moved)


def _compares(one: Word, figures: list[Found], sentence: str) -> bool:
    """Whether a comparison after the figure is with another year or flow, a claim of its own."""
    if one.kind not in ("over", "under"):
        return False
    following = [other for other in figures if other.start > one.end]
    near = following and not sentence[one.end : following[0].start].strip(" theis")
    return not near or bool(_OF_YEAR.match(sentence[following[0].end :]))


def _with_suffix(comparator: str, suffix: str) -> str:
    if suffix == "mark":
        return comparator or "at least"
    return suffix.replace("_", " ")


def _adjacent(near: list[Word]) -> list[Word]:
    """The words directly before the figure that compare it, with articles between."""
    found: list[Word] = []
    for word in reversed(near):
        if word.kind not in (*BOUNDS, "about") and word.text.lower() not in _LIGHT:
            break
        found.insert(0, word)
    return found


def _is_about(adjacent: list[Word]) -> bool:
    return any(one.kind == "about" for one in adjacent)


def _last_bound(adjacent: list[Word], after: list[Word]) -> str:
    return next(one.text for one in (*after, *adjacent) if one.kind in BOUNDS)


def _is_reference(near: list[Word], found: Found, sentence: str) -> bool:
    """Whether it is "than the $62.8bn of 2013", what another year had."""
    return bool(_OF_YEAR.match(sentence[found.end :])) and near[-1].text.lower() in ("the", "its", "their")


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


def _moved(near: list[Word], found: Found, sentence: str) -> str:
    """The movement that ended at the figure: before it, or in what directly follows it."""
    after = _AFTERWARDS.match(sentence[found.end :])
    if after:
        return str(after.lastgroup)
    if not near or near[-1].text.lower() == "from" or "at " in near[-1].kind:
        return ""
    matches = list(_MOVED.finditer(sentence, near[0].start, found.start))
    return str(matches[-1].lastgroup) if matches else ""
