"""What must hold of the page of any answer: each face says what the others say, and no non-number."""

import html as signs
import io
import re
from dataclasses import replace

from rich.console import Console

from detente import commands, report
from detente.commands._answer import Answer
from detente.commands.asks import Ask, Check


WIDE = 400
NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
NO_NUMBER = re.compile(r"\b(?:nan|inf)\b|[+−]0\.0+(?!\d)|(?<![\w)])-(?=\d)")
LAST = "How to reproduce this"


def printed(section: report.Section, width: int = WIDE) -> str:
    screen = Console(file=io.StringIO(), width=width, color_system=None)
    screen.print(report.terminal(section))
    return screen.file.getvalue()


def read(page: str) -> str:
    """The words of HTML or of Markdown, without what is to be typed."""
    words = page.partition("</style>")[2] or page.replace("\\", "")
    return signs.unescape(re.sub(r"<br>|</?[a-z][^>]*>", " ", words)).partition(LAST)[0]


def assert_one_page(ask: Ask, answer: Answer) -> None:
    """The terminal, HTML and Markdown of an answer hold the same numbers, and say on which world."""
    page = commands.page(ask, replace(answer, chart=None))
    shown = printed(page.body)
    about = answer.about.record
    for face in (report.html(page), report.markdown(page)):
        said = read(face)
        assert not set(NUMBER.findall(shown)) - set(NUMBER.findall(said))
        for name in ("baseline", "basis"):
            assert str(about.get(name) or "") in said
        if about.get("horizon") in ("long", "short"):
            assert f"{about['horizon']} run" in said
        # The text that is checked is the writer's own.
        assert isinstance(ask, Check) or not NO_NUMBER.findall(said), NO_NUMBER.findall(said)
