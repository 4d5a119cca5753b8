"""A document as tidy lines, paragraphs and sentences; what is not text is refused."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..._core import ClaimError


LONGEST = 1_000
"""Characters of a sentence; what is longer is cut."""
LARGEST = 5_000_000
"""Bytes; a longer text is a book or a data file, not a document."""

_TIDY = (
    (re.compile(r"&nbsp[;,]?|[\u00a0\u2007\u2009\u202f]"), " "),
    (re.compile(r"[‘’`´]"), "'"),
    (re.compile(r"[“”]"), '"'),
    # What a machine made of year-on-year, and words torn apart at a hyphen.
    (re.compile(r"\b(?:yr|year)\s?-\s?on\s?-\s?(?:time|yr|year)\b", re.IGNORECASE), "year-on-year"),
    (re.compile(r"(?<=\w)- (?=[a-z])"), "-"),
    (re.compile(r"(?<=[a-z])(?=(?:US)?\$)"), " "),
    (re.compile(r"(?<=\$) +(?=\d)"), ""),
    (re.compile(r"(?<=\d) +(?=%)"), ""),
    (re.compile(r"(?<=\w) (?='s\b)"), ""),
    (re.compile(r"[ \t]+"), " "),
)
_SIGNATURES = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype html|html|\?xml|head|body)\b", re.IGNORECASE)
# A full stop that ends a sentence stands before a capital, and not after an initial or a title.
_END = re.compile(r'(?<=[.!?])"?\)?\s+(?=["(]?[A-Z0-9])')
_NO_END = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|No|St|vs|approx|Jan|Feb|Aug|Sept|Oct|Nov|Dec))\.$"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence with where it stands: line from 1, paragraph, and place in the paragraph."""

    text: str
    line: int
    paragraph: str
    place: int


def document_text(path: Path) -> str:
    """The text of a plain-text file in UTF-8, or one sentence on why it cannot be read."""
    if not path.is_file():
        what = "a directory" if path.is_dir() else "not there"
        raise ClaimError(f"the document {path} cannot be read: it is {what}.")
    if path.stat().st_size > LARGEST:
        raise ClaimError(f"{path} is longer than {LARGEST // 1_000_000} MB: not a document.")
    content = path.read_bytes()
    _refuse_other_forms(content, path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ClaimError(f"{path} is not text in UTF-8; save it as UTF-8 first.") from error
    if not text.strip():
        raise ClaimError(f"{path} is empty.")
    return text


def _refuse_other_forms(content: bytes, path: Path) -> None:
    for signature, what in _SIGNATURES:
        if content.startswith(signature):
            raise ClaimError(f"{path} is {what}; save its text as a plain-text file first.")
    if _MARKUP.match(content[:1000].removeprefix(b"\xef\xbb\xbf")):
        raise ClaimError(f"{path} is a page with markup (HTML); save its text as plain text first.")
    if b"\0" in content:
        raise ClaimError(f"{path} is a binary file, not text.")


def tidy(line: str) -> str:
    """The line with its spacing, quotation marks and torn words mended."""
    for pattern, replacement in _TIDY:
        line = pattern.sub(replacement, line)
    return line.strip()


def sentences(text: str) -> Iterator[Sentence]:
    """Every sentence; each non-empty line is a paragraph."""
    for number, raw in enumerate(text.splitlines(), start=1):
        paragraph = tidy(raw)
        for place, sentence in enumerate(_split(paragraph)):
            yield Sentence(sentence, number, paragraph, place)


def _pieces(whole: str) -> list[str]:
    """What has no full stop for long is a list or a table: in pieces, so that work stays linear."""
    return textwrap.wrap(whole, LONGEST) if len(whole) > LONGEST else [whole]


def _split(paragraph: str) -> list[str]:
    parts: list[str] = []
    for part in (piece for whole in _END.split(paragraph) for piece in _pieces(whole)):
        if parts and _NO_END.search(parts[-1]):
            parts[-1] = f"{parts[-1]} {part}"
        elif part:
            parts.append(part)
    return parts
