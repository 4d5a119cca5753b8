"""Multiples and currencies as the press writes them, each by a closed list.

A dollar sign with letters before or after it is that of the United States only for US, U.S. and
USD; which letters stand for whose dollar is in the Unicode Common Locale Data Repository.
"""

import re
from decimal import Decimal


_MULTIPLES = {
    "trillion": ("trillion", "trillions", "trn", "tn", "trln", "T"),
    "billion": ("billion", "billions", "bil", "bln", "bn", "B", "b", "mrd", "thousand million"),
    "million": ("million", "millions", "mil", "mln", "mn", "mio", "m", "M"),
    "thousand": ("thousand", "k", "K"),
}
_OTHER_MULTIPLES = {
    "hundred billion": ("1E+2", "billion"), "hundred million": ("1E-1", "billion"),
    "hundred thousand": ("1E-1", "million"), "lakh crore": ("1", "trillion"),
    "crore": ("1E+1", "million"), "lakh": ("1E-1", "million"),
    "万亿": ("1", "trillion"), "亿": ("1E-1", "billion"), "億": ("1E-1", "billion"),
}  # fmt: skip
_CASE_MATTERS = 1
"""Letters of an abbreviation up to which it is read only as it is written in the list."""
MULTIPLES: dict[str, tuple[Decimal, str]] = {
    **{word: (Decimal(1), name) for name, words in _MULTIPLES.items() for word in words},
    **{word: (Decimal(factor), name) for word, (factor, name) in _OTHER_MULTIPLES.items()},
}
"""How many of which named multiple each word is."""

_SYMBOLS = {
    "US$": ("US$", "U.S.$", "U.S. $", "US $", "US-$", "USD", "USD$", "USD $",
            "$", "$US", "＄"),
    "Australian dollars": ("A$", "AU$", "AUD", "AUD$", "$A", "$AU"),
    "Canadian dollars": ("C$", "CA$", "CAD", "CAD$", "$C", "$CA", "Cdn$"),
    "Hong Kong dollars": ("HK$", "HKD", "HKD$", "$HK"),
    "New Taiwan dollars": ("NT$", "TWD", "NTD", "$NT"),
    "Singapore dollars": ("S$", "SG$", "SGD", "$S"),
    "New Zealand dollars": ("NZ$", "NZD", "$NZ"),
    "euro": ("€", "EUR"),
    "pounds": ("£", "GBP", "UK£"),
    "won": ("₩", "KRW"),
    "yuan": ("CNY", "RMB", "CN¥", "CNH"),
    "yen": ("¥", "JPY", "JP¥"),
    "Indian rupees": ("₹", "INR", "Rs", "Rs."),
    "Swiss francs": ("CHF", "SFr"),
}  # fmt: skip
_NAMES = {
    "US$": r"(?:US|U\.S\.|American) ?dollars?|dollars?(?: \(US\))?|greenbacks?|USD|US\$|美元"
    r"|in US dollars|in USD",
    "Australian dollars": r"Australian dollars?|AUD",
    "Canadian dollars": r"Canadian dollars?|CAD",
    "Hong Kong dollars": r"Hong Kong dollars?|HKD",
    "New Taiwan dollars": r"(?:New )?Taiwan(?:ese)? dollars?|TWD",
    "Singapore dollars": r"Singapore(?:an)? dollars?|SGD",
    "New Zealand dollars": r"New Zealand dollars?|NZD",
    "euro": r"euros?|EUR",
    "pounds": r"(?:British )?pounds?(?: sterling)?|GBP",
    "won": r"(?:South )?(?:Korean )?won|KRW",
    "yuan": r"(?:Chinese )?yuan|renminbi|RMB|CNY|元",
    "yen": r"(?:Japanese )?yen|JPY",
    "Indian rupees": r"(?:Indian )?rupees?|INR",
    "Swiss francs": r"Swiss francs?|CHF",
}
UNKNOWN = "dollars of another country"
"""The currency of a dollar sign with letters that stand in no list."""

_PREFIXES = {symbol: name for name, symbols in _SYMBOLS.items() for symbol in symbols}
PREFIX = (
    r"(?:"
    + "|".join(re.escape(one) for one in sorted(_PREFIXES, key=len, reverse=True) if one != "$")
    + r"|[A-Za-z]{1,4}\$(?:[A-Z]{1,3}(?=[ \d]))?|\$[A-Z]{1,3}(?=[ \d])|\$)"
)
SUFFIX = r"(?:(?:" + "|".join(_NAMES.values()) + r")(?!\w))"
_WORD = re.compile("|".join(f"(?P<c{at}>{words})" for at, words in enumerate(_NAMES.values())))
_LETTERS = "|".join(
    re.escape(one) if len(one) <= _CASE_MATTERS else f"(?i:{re.escape(one)})"
    for one in sorted(MULTIPLES, key=len, reverse=True)
)
MULTIPLE = rf"(?:(?:{_LETTERS})(?![A-Za-z]))"


def multiple(text: str) -> tuple[Decimal, str]:
    """How many of which multiple a match of `MULTIPLE` is: ("hundred million": 0.1 billion)."""
    return MULTIPLES[text if len(text) <= _CASE_MATTERS else text.lower()]


def currency(symbol: str, word: str) -> str:
    """The currency of a symbol before and a word after a number; of two, that of the word.

    A plain dollar sign takes its country from the word: "$5 billion Canadian dollars".
    """
    before = _PREFIXES.get(symbol, UNKNOWN) if symbol else ""
    match = _WORD.fullmatch(word)
    after = list(_NAMES)[int(str(match.lastgroup)[1:])] if match else ""
    plain = symbol in ("$", "") or word.startswith("dollar")
    if before and after and before != after and not plain:
        return UNKNOWN
    return before if word.startswith("dollar") and before else after or before
