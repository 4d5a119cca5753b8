"""Output in whatever encoding the terminal, the pipe or the file has."""

import codecs
import json
import os
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any


PLAIN = "detente.plain"
"""Name of the error handler that replaces what an encoding lacks by its plain twin."""
TWINS = {
    "–": "-", "—": "-", "‑": "-", "‐": "-", "−": "-", "×": "x", "·": ".", "•": "*", "±": "+/-",
    "→": "->", "←": "<-", "↔": "<->", "⇒": "=>", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~",
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "«": '"', "»": '"', "⁄": "/",
    "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "°": " degrees", "§": "section ",
    "ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L",
}  # fmt: skip
_HORIZONTAL, _VERTICAL = "─━═╌╴╶╸╺┄┅┈┉╍", "│┃║╎╏╵╷╹╻┆┇┊┋"


def prepare() -> None:
    """Make both streams write every text, whatever their encoding is."""
    codecs.register_error(PLAIN, _replace)
    sys.stdout, sys.stderr = _writable(sys.stdout), _writable(sys.stderr)


def _writable(stream: Any) -> Any:
    """The stream with the error handler; a program may be started with its streams closed."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors=PLAIN)
    return stream


def plain(sign: str) -> str:
    """The nearest sign or word in ASCII, or a question mark.

    >>> [plain(sign) for sign in "−é─ε가"]
    ['-', 'e', '-', 'epsilon', '?']
    """
    if sign in TWINS:
        return TWINS[sign]
    if sign in _HORIZONTAL or sign in _VERTICAL:
        return "-" if sign in _HORIZONTAL else "|"
    name = unicodedata.name(sign, "")
    if name.startswith("BOX DRAWINGS"):
        return "+"
    parts = [TWINS.get(part, part) for part in unicodedata.normalize("NFKD", sign)]
    ascii_parts = "".join(part for part in parts if part.isascii())
    return ascii_parts or _greek(name) or "?"


def _greek(name: str) -> str:
    match = re.match(r"GREEK (SMALL|CAPITAL) LETTER (\w+)$", name)
    if match is None:
        return ""
    return match[2].lower() if match[1] == "SMALL" else match[2].capitalize()


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(plain, error.object[error.start : error.end])), error.end


def is_unicode(stream: Any) -> bool:
    """Whether a stream can write every sign."""
    return (getattr(stream, "encoding", None) or "ascii").lower().startswith(("utf", "cp65001"))


def say(text: str) -> None:
    """One text, and the end of its line, on the output."""
    # Not by way of click, which takes a stream in ASCII for one in UTF-8.
    sys.stdout.write(f"{text}\n")


def say_json(text: str | None) -> None:
    """A JSON document on the output, where need be with escapes for what its encoding lacks."""
    text = text or ""
    if not is_unicode(sys.stdout):
        text = re.sub(r"[^\x00-\x7f]", lambda sign: json.dumps(sign[0])[1:-1], text)
    say(text)


def complain(sentence: str) -> None:
    """One sentence on the error stream."""
    try:
        sys.stderr.write(f"detente: {sentence}\n")
        sys.stderr.flush()
    except OSError:
        # Nobody can be told; the exit status still says that it failed.
        give_up(sys.stderr)


def give_up(stream: Any) -> None:
    """Keep Python from writing what is left of a stream that cannot be written any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
