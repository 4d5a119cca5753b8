"""A document as tidy lines, paragraphs and sentences; what is not text is refused."""

import codecs
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from ..._core import ClaimError
from .actors import cased


LONGEST = 1_000
"""Characters of a sentence; what is longer is cut."""
LARGEST = 5_000_000
"""Bytes; a longer text is a book or a data file, not a document."""

FEW = 0.05
"""Letters beyond ASCII, as a share of an English text, up to which Windows-1252 is certain."""

_TIDY = (
    # Marks without width: they may stand inside a number or a word.
    (re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]"), ""),
    (re.compile(r"&nbsp[;,]?|[\u00a0\u2000-\u200a\u202f\u3000]"), " "),
    (re.compile(r"[‘’`´]"), "'"),
    (re.compile(r"[“”]"), '"'),
    (re.compile("＄|﹩"), "$"),
    (re.compile("[‐‑]"), "-"),
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
STANDARD_INPUT = Path("-")
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WINDOWS_SIGNS = re.compile("[‘’“”–—…•€£¥§°·©®™½¼¾±×\xa0]")
_WINDOWS_LETTERS = re.compile(
    r"(?<![^\W\d_])(?:[ÀÁÂÄÅÆÇÉÈÊËÍÎÑÓÔÖØÚÜ](?=[a-z])|[a-z]?[àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿß](?=[a-z]|\b))"
    r"|(?<=[A-Za-z])[àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿß](?![^\W\d_a-z])"
)
_MARKUP = re.compile(rb"\s*<(?:!doctype html|html|\?xml|head|body)\b", re.IGNORECASE)
# A full stop that ends a sentence stands before a capital, and not after an initial or a title.
_CLOSED = re.compile(r"[.!?:;…][\"')\]”’]*\s*$")
_OPEN = re.compile(
    r"(?:\b(?:in|of|to|by|at|for|from|with|and|or|than|over|about|around|nearly|almost|the|a|an|was"
    r"|were|is|are|its|their)|[,$€£¥₩–—-]|(?:US|U\.S\.)\$)\s*$"
)
_SMALL = re.compile(r"\s*[a-z(]")
_CUT = re.compile(
    r"(?<=[a-z]{3}),? (?=(?!million|billion|trillion|thousand|dollar|won|yuan|euro)[a-z]{3})"
)
_END = re.compile(r'(?<=[.!?])"?\)?\s+(?=["(]?[A-Z0-9])')
_NO_END = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|No|St|vs|approx|ca?|est|yr|bn|mn|tn|bln|trn|Jan|Feb|Mar|Apr|Jun"
    r"|Jul|Aug|Sept?|Oct|Nov|Dec))\.$"
)
# As the name of a file ends; an amount such as 1.5bn does not.
_FILE_ENDS = re.compile(r"\.[A-Za-z]\w{0,4}$")
# A year after a full stop may belong to what an abbreviation says of it.
_YEAR_FIRST = re.compile(r"['\"(]?(?:19|20)?\d\d\b")


@dataclass(frozen=True)
class Sentence:
    """A sentence with where it stands: line from 1, paragraph, and place in the paragraph."""

    text: str
    line: int
    paragraph: str
    place: int


def document_text(path: Path) -> str:
    """The text of a plain-text file, of standard input for "-", or the words themselves.

    Words that name no file are read where they are three or more and end as the name of no file.
    UTF-8, UTF-16 with its byte-order mark, or Windows-1252 where that is certain; anything else
    raises `ClaimError` with one sentence on why it cannot be read.
    """
    if _is_said(path):
        return str(path)
    content = _content(path)
    if len(content) > LARGEST:
        raise ClaimError(f"{_name(path)} is longer than {LARGEST // 1_000_000} MB: not a document.")
    _refuse_other_forms(content, path)
    text = _decoded(content, path)
    if not text.strip("\ufeff \t\r\n\f\v"):
        raise ClaimError(f"{_name(path)} is empty.")
    return text


def _is_said(path: Path) -> bool:
    """Whether a sentence stands where the name of a file is asked for."""
    return len(str(path).split()) > 2 and not _FILE_ENDS.search(path.name) and not _is_there(path)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        # Longer than any name.
        return False


def _name(path: Path) -> str:
    return "standard input" if path == STANDARD_INPUT else str(path)


def _content(path: Path) -> bytes:
    """The bytes of a document, read to one byte past the limit."""
    if path == STANDARD_INPUT:
        return sys.stdin.buffer.read(LARGEST + 1)
    if not (path.is_file() or path.is_fifo()):
        what = "a directory" if path.is_dir() else "not there"
        raise ClaimError(f"the document {path} cannot be read: it is {what}.")
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise ClaimError(f"the document {path} cannot be read: {error.strerror}.") from error


def _decoded(content: bytes, path: Path) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding, path)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        text = _windows_text(content)
    if text is None:
        raise ClaimError(f"{_name(path)} is in an encoding that is not certain; save it as UTF-8.")
    return text


def _strictly(content: bytes, encoding: str, path: Path) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.upper().replace("-SIG", "")
        raise ClaimError(f"{_name(path)} starts as {name} and is not; save it as UTF-8.") from error


def _windows_text(content: bytes) -> str | None:
    """Windows-1252, where letters beyond ASCII are few and single ones within an English word.

    Other encodings of one byte, and Asian ones of two, give runs of such letters, capitals inside
    of words, or signs that no English text has.
    """
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    rest, letters = _WINDOWS_LETTERS.subn("", _WINDOWS_SIGNS.sub(" ", text))
    return text if rest.isascii() and letters <= FEW * len(text) else None


def _refuse_other_forms(content: bytes, path: Path) -> None:
    for signature, what in _SIGNATURES:
        if content.startswith(signature):
            raise ClaimError(f"{_name(path)} is {what}; save its text as a plain-text file first.")
    if _MARKUP.match(content[:1000].removeprefix(b"\xef\xbb\xbf")):
        raise ClaimError(
            f"{_name(path)} is a page with markup (HTML); save its text as plain text first."
        )
    if b"\0" in content and not content.startswith(_WIDE_MARKS):
        raise ClaimError(f"{_name(path)} is a binary file, or UTF-16 without its mark; not text.")


def tidy(line: str) -> str:
    """The line with its spacing, quotation marks and torn words mended."""
    for pattern, replacement in _TIDY:
        line = pattern.sub(replacement, line)
    return line.strip()


def sentences(text: str) -> Iterator[Sentence]:
    """Every sentence; a line is a paragraph, or several that are broken in mid-sentence."""
    for number, raw in _paragraphs(text.splitlines()):
        paragraph = cased(tidy(raw))
        for place, sentence in enumerate(_split(paragraph)):
            yield Sentence(sentence, number, paragraph, place)


def _paragraphs(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Lines from 1, one that goes on in the next joined with it."""
    start, whole = 1, ""
    for number, line in enumerate(lines, start=1):
        if whole and _goes_on(whole, line):
            whole = f"{whole.rstrip()} {line.lstrip()}"
            continue
        yield start, whole
        start, whole = number, line
    yield start, whole


def _goes_on(line: str, following: str) -> bool:
    """Whether a line was broken for its width: in a small word, or before a small letter."""
    if not following.strip() or _CLOSED.search(line):
        return False
    return bool(_OPEN.search(line) or _SMALL.match(following))


def _pieces(whole: str) -> list[str]:
    """What has no full stop for long is a list or a table: in pieces, so that work stays linear.

    It is cut between two plain words only, so that no number is parted from what belongs to it.
    """
    pieces: list[str] = []
    while len(whole) > LONGEST:
        cuts = (match.start() for match in _CUT.finditer(whole))
        at = max(takewhile(LONGEST.__ge__, cuts), default=0)
        at = at or max(whole.rfind(" ", 0, LONGEST), 0) or LONGEST
        pieces.append(whole[:at])
        whole = whole[at:].lstrip()
    return [*pieces, whole]


def _belong(first: str, second: str) -> bool:
    """Whether the full stop between two pieces ended no sentence."""
    short = len(first) + len(second) < LONGEST
    return short and bool(_NO_END.search(first) or _YEAR_FIRST.match(second))


def _split(paragraph: str) -> list[str]:
    parts: list[str] = []
    for part in (piece for whole in _END.split(paragraph) for piece in _pieces(whole)):
        if parts and _belong(parts[-1], part):
            parts[-1] = f"{parts[-1]} {part}"
        elif part:
            parts.append(part)
    return parts
