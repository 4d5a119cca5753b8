"""Whether a sentence says that something was so: forecasts, negations, conditions, questions."""

import re

from .quantities import Found


_MOODS = {
    "a forecast or aim": r"will|would|could|may|might|should|shall|expect\w*|forecast\w*|predict\w*"
    r"|project(?:s|ed|ion|ions)|aim\w*|target\w*|goals?|plan(?:s|ned)?|hopes?|hoped|likely|on track"
    r"|set to|bound to|poised|anticipat\w*|estimat\w*|potential(?:ly)?|seek\w*|ambition"
    r"|within \w+ years|envisag\w*",
    "a negation": r"not|never|no longer|\w+n't|cannot|neither|nor|den(?:y|ied|ies)|false(?:ly)?"
    r"|incorrect(?:ly)?|wrong(?:ly)?|failed to|fell short of|rather than|instead of|without"
    r"|far from|myth|mistaken(?:ly)?|short of",
    "a condition or model": r"if|unless|suppose\w*|hypothetical\w*|imagine\w*|scenario|simulat\w*"
    r"|had it|were it|assum\w*|counterfactual\w*|in theory",
}
_PATTERNS = {mood: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for mood, words in _MOODS.items()}
_CLAUSE_END = re.compile(r"[,;–—]|\.$| - ")


def mood(found: Found, sentence: str) -> str:
    """What keeps the clause of a quantity from being a statement of fact; empty for a statement.

    What precedes the quantity counts, and what follows it in its own clause.
    """
    rest = sentence[found.end :]
    end = _CLAUSE_END.search(rest)
    window = sentence[: found.end] + (rest[: end.start()] if end else rest)
    if sentence.rstrip('" ').endswith("?"):
        return "a question"
    return next((mood for mood, pattern in _PATTERNS.items() if _counts(pattern, window)), "")


def _counts(pattern: re.Pattern[str], window: str) -> bool:
    # The month is not the auxiliary verb, and a ministry's plan is not this sentence's.
    return any(match.group() != "May" for match in pattern.finditer(window))
