"""Whether a sentence says that something was so: forecasts, negations, conditions, questions."""

import re

from .quantities import TextFigure
from .words import COMPARATORS


_MOODS = {
    "a forecast or aim": r"will|would|could|may|might|should|shall|expect\w*|forecast\w*|predict\w*"
    r"|project(?:s|ed|ion|ions)|aim\w*|target\w*|goals?|plan(?:s|ned)?|hopes?|hoped|likely|on track"
    r"|set to|bound to|poised|anticipat\w*|estimat\w*|potential(?:ly)?|seek\w*|ambition"
    r"|within \w+ years|envisag\w*",
    "a negation": r"not|never|no longer|\w+n't|cannot|neither|nor|den(?:y|ied|ies)|false(?:ly)?"
    r"|incorrect(?:ly)?|wrong(?:ly)?|failed to|fell short of|rather than|instead of|without"
    r"|far from|myth|mistaken(?:ly)?|short of|no (?:such |trade |annual )*(?:surplus|deficit"
    r"|exports"
    r"|imports|shortfall)|contrary to|nothing like",
    "a condition or model": r"if|unless|suppose\w*|hypothetical\w*|imagine\w*|scenario|simulat\w*"
    r"|had it|were it|assum\w*|counterfactual\w*|in theory",
}
DENIAL = re.compile(
    r"\b(?:untrue|not true|false(?:ly|hood)?|incorrect(?:ly)?|wrong(?:ly)?|inaccura\w+|myths?"
    r"|mistaken(?:ly)?|a mistake|baseless|(?:without|no) (?:\w+ )?basis|unfounded|groundless"
    r"|fabricat\w+"
    r"|fake|bogus|debunk\w*|refut\w+|disput\w+|den(?:y|ied|ies|ial)|lie[sd]?|lying|hoax"
    r"|fiction(?:al)?"
    r"|mislead\w*|misled|exaggerat\w+|overstat\w+|understat\w+|inflated|mis(?:quot|report|stat"
    r"|print)\w+"
    r"|nonsense|rubbish|retract\w*|withdr[ae]wn?|corrected|erroneous(?:ly)?|in error|an error"
    r"|a typo"
    r"|discredit\w*|doubt\w*|questionable|alleg\w+|rumou?r\w*|supposed(?:ly)?|purport\w*|so-called"
    r"|invented|implausibl[ey]|impossibl[ey]|unverified|unconfirmed|apocryphal|has no truth"
    r"|do(?:es)? not hold|do(?:es)?n't hold|contradict\w*|rejected|rebutt?\w*|far-fetched|fantasy"
    r"|no(?:body| one|ne)\b|few (?:\w+ )?(?:believe|accept|think|agree)|no (?:evidence|proof|sign"
    r"|record)"
    r"|hard to (?:believe|credit)|(?:idea|notion|fear|fears|hope|worry|worries|belief"
    r"|impression) that"
    r"|unbelievabl[ey]|incredibl[ey]|inconceivable|unthinkable|unlike|as if|pretend\w*|wish(?:ed"
    r"|es)?"
    r"|(?:true|real|actual|correct) (?:figure|number|value|sum|amount|total|level)|(?:it|was|were"
    r"|is) claimed"
    r"|in (?:truth|reality)|not (?:so|correct|right|accurate|the case))\b|,? not\W*$",
    re.IGNORECASE,
)
"""Words that call what the sentence says into question, wherever in it they stand."""
_NEXT = re.compile(
    r"\b(?:that|this|it|these|those|them|none of)\b"
    r"|\b(?:the|such|their|his|her) (?:claim|figure|number|statement|report|assertion|sum)"
    r"|^\W*(?:not|false|wrong|untrue|incorrect|nonsense|rubbish|no)\b",
    re.IGNORECASE,
)
_PATTERNS = {mood: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for mood, words in _MOODS.items()}
# "No more than" and "fell short of" compare; they deny nothing.
_COMPARED = re.compile(
    rf"\b(?:{'|'.join(COMPARATORS[name] for name in ('at most', 'at least', 'under'))})\b",
    re.IGNORECASE,
)
# What has not come back denies nothing of the figure that it has not come back to.
_NOT_SINCE = re.compile(
    r"\b(?:has|have|had) (?:not|never) (?:yet |fully |been )*"
    r"(?:recovered|returned|regained|matched|equall?ed|beaten|surpassed|exceeded|seen)"
    r"(?: \w+)? (?:since|yet|again)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;–—]|\.$| - ")


def mood(figure: TextFigure, sentence: str, following: str = "") -> str:
    """What keeps the clause of a quantity from being a statement of fact; empty for a statement.

    What precedes the quantity counts, and what follows it in its own clause; a word that denies or
    doubts counts wherever it stands, also in a sentence that follows and takes this one up.
    """
    rest = sentence[figure.end :]
    end = _CLAUSE_END.search(rest)
    window = sentence[: figure.end] + (rest[: end.start()] if end else rest)
    if DENIAL.search(sentence) or (_NEXT.search(following) and DENIAL.search(following[:120])):
        return "called into question"
    if sentence.rstrip('" ').endswith("?"):
        return "a question"
    window = _NOT_SINCE.sub("", _COMPARED.sub("", window))
    return next((mood for mood, pattern in _PATTERNS.items() if _counts(pattern, window)), "")


def _counts(pattern: re.Pattern[str], window: str) -> bool:
    # The month is not the auxiliary verb, and a ministry's plan is not this sentence's.
    return any(match.group() != "May" for match in pattern.finditer(window))
