"""What is exported, whatever the form: an answer's page, its tables and picture, and its origin."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, takewhile
from typing import Any, TypeVar

from ..report import Page
from ..report.section import Code, Section, Table, Terms, Words
from .tidy import TidyTable


MOST_CREDIT = 160
"""Characters of sources under a picture; one is always named."""
Drawing = Callable[[], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Material:
    """An answer with all that a file of it may hold."""

    page: Page
    """Sentences and tables of finished text, what they rest on, and the command."""
    tables: Sequence[TidyTable]
    """Every number of it, a table each."""
    rows: TidyTable
    """What a single file of rows holds."""
    document: str
    """JSON for programs."""
    html: Callable[["Material"], str]
    """The page for a browser."""
    date: str
    """The day of the export, as 2026-03-31."""
    version: str
    question: str = ""
    sources: Sequence[str] = ()
    licence: str = ""
    picture: Drawing | None = None
    """Draws its specification in Vega-Lite; none where there is nothing to draw."""
    own_rows: str = ""
    """The same as a text that is written as it is, where the answer has one."""
    said: Sequence[str] = ()
    """The answer in sentences; where nothing is given, those that the page begins with."""

    @cached_property
    def drawn(self) -> Mapping[str, Any] | None:
        """Its picture, drawn once."""
        return None if self.picture is None else self.picture()

    @property
    def title(self) -> str:
        return self.page.title

    @cached_property
    def takeaways(self) -> list[str]:
        """The answer's sentences, each without its line breaks."""
        said = self.said or _leading(self.page.body)
        return [" ".join(one.split()) for one in said]

    @property
    def maker(self) -> str:
        return f"détente {self.version}"

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What the answer rests on, as label and text, in the order of a title page."""
        terms = (row for part in _parts(self.page.annex, Terms) for row in part.rows)
        named = [(_LABELS.get(name, name), text) for name, text in terms]
        commands = (part.text for part in _parts(self.page.annex, Code) if not part.summary)
        own = {"Title": self.title, "Question": self.question, **{_capital(n): t for n, t in named}}
        own |= {
            "Sources": "\n".join(self.sources),
            "Licence": self.licence,
            "Command": next(commands, ""),
            "Exported on": self.date,
            "Made by": self.maker,
        }
        return [(name, text) for name, text in own.items() if text]

    @property
    def credit(self) -> str:
        """What stands under a picture wherever it goes: source, world, basis, date and version."""
        data = [f"Data: {named_in_short(self.sources)}."] if self.sources else []
        setting = [f"On {self.page.setting}."] if self.page.setting else []
        return " ".join([*data, *setting, f"Made with {self.maker} on {self.date}."])

    @property
    def alternative(self) -> str:
        """The picture in words, for those who do not see it."""
        return " ".join([f"Chart: {self.title.rstrip('.')}.", *self.takeaways[:1]])


_LABELS = {
    "baseline": "world",
    "baseline year": "year of the data",
    "basis": "accounting basis",
    "title": "title of the scenario or the game",
}


def named_in_short(sources: Sequence[str]) -> str:
    """As many sources as a line or two under a picture holds, and how many more there are."""
    short = list(dict.fromkeys(one.partition(";")[0].strip().rstrip(".") for one in sources))
    lengths = accumulate(len(one) for one in short)
    count = max(sum(length <= MOST_CREDIT for length in lengths), 1)
    more = len(short) - count
    others = [f"{more} more, listed with the answer"] if more else []
    return "; ".join([*short[:count], *others])


_Kind = TypeVar("_Kind")


def _parts(sections: Sequence[Section], kind: type[_Kind]) -> Iterator[_Kind]:
    return (part for section in sections for part in section.parts if isinstance(part, kind))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _leading(section: Section) -> list[str]:
    """Sentences before the first table."""
    return [*_texts(takewhile(lambda part: not isinstance(part, Table), section.parts))]


def _texts(parts: Any) -> list[str]:
    plain = (part for part in parts if isinstance(part, str | Words) and part)
    worded = (Words(part) if isinstance(part, str) else part for part in plain)
    return [one.text for one in worded if one.look in ("", "item") and one.text.strip()]
