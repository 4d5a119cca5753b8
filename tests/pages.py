"""What must hold of the page of any answer: each face says what the others say, and no non-number."""

import html as signs
import io
import math
import re
from collections import Counter
from dataclasses import replace
from typing import Any

from rich.console import Console

from detente import commands, report
from detente.commands._answer import Answer
from detente.commands.asks import Ask, Check, named
from detente.data.concordance import country_names
from detente.gazetteer import available
from detente.report.section import Table


WIDE = 400
NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
NO_NUMBER = re.compile(r"\b(?:nan|inf)\b|[+−]0\.0+(?!\d)|(?<![\w)])-(?=\d)")
LAST = "How to reproduce this"
_NO_COUNTRY = {"AUT", "FIN"}
"""Codes of countries that are also codes of sectors."""


def printed(section: report.Section, width: int = WIDE) -> str:
    screen = Console(file=io.StringIO(), width=width, color_system=None)
    screen.print(report.terminal(section))
    return screen.file.getvalue()


def read(page: str) -> str:
    """The words of HTML or of Markdown, without what is to be typed."""
    words = page.partition("</style>")[2] or page.replace("\\", "")
    return signs.unescape(re.sub(r"<br>|</?[a-z][^>]*>", " ", words)).partition(LAST)[0]


def undrawn(chart: Any, above: Any = None, named: Any = None) -> list[str]:
    """What a specification draws by numbers and lacks the number of, in each of its panels.

    A mark that says what it does with a gap (`invalid`) may have one.
    """
    named = chart.get("datasets", {}) if named is None else named
    data = chart.get("data", above) or {}
    rows = data.get("values", named.get(data.get("name"), []))
    mark = chart.get("mark")
    gaps = isinstance(mark, dict) and "invalid" in mark
    lacking = [] if gaps else [
        f"{channel}: {one['field']}"
        for channel, one in chart.get("encoding", {}).items()
        if isinstance(one, dict) and "field" in one and one.get("type") == "quantitative"
        and not all(_finite(row.get(one["field"])) for row in rows)
    ]  # fmt: skip
    inner = [chart["spec"]] if "spec" in chart else []
    for name in ("layer", "hconcat", "vconcat", "concat"):
        inner += chart.get(name, [])
    return lacking + [said for one in inner for said in undrawn(one, data, named)]


def _finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def hanging_headings(section: report.Section) -> list[str]:
    """Headings of figures that mean nothing without the one beside them: HTML has no groups."""
    hanging = []
    for part in section.parts:
        if isinstance(part, report.Section):
            hanging += hanging_headings(part)
        elif isinstance(part, Table):
            figures = [one.heading for one in part.columns if one.figures and one.heading]
            hanging += [one for one in figures if one.startswith("\n")]
            hanging += [one for one, times in Counter(figures).items() if times > 1]
    return hanging


def codes_in(shown: str) -> set[str]:
    """Codes of countries that stand in a page as it is printed.

    Not those in what is to be typed or was: a word with a dot or an equals sign, an option and its
    value, a quoted name, and what follows "detente"; nor those of `_NO_COUNTRY`.
    """
    said = re.sub(r"'[^'\n]*'|\bdetente [^.;)\n]*|--\S+ \S+|\S*[.=]\S+", " ", shown)
    return set(re.findall(r"\b[A-Z]{3}\b", said)) & set(country_names()) - _NO_COUNTRY


def assert_filled(answer: Answer) -> None:
    """A number is missing only where `columns.csv` says when that is, or no world was solved.

    Here and not where an answer is given: whoever asks is not refused a page for one gap that the
    table does not know of.
    """
    assert answer.ask is not None
    unfilled = answer.unfilled(named(answer.ask)) if answer.solved else []
    assert not unfilled, f"columns.csv has no number missing in {unfilled}"


def assert_one_page(ask: Ask, answer: Answer) -> None:
    """The terminal, HTML and Markdown of an answer hold the same numbers, and say on which world.

    Its picture leaves out no number in silence, and titles name countries, no codes of them.
    """
    page = commands.page(ask, replace(answer, chart=None))
    assert not hanging_headings(page.body), hanging_headings(page.body)
    titles = [page.title]
    if (picture := answer.drawn) is not None:
        assert not undrawn(picture), undrawn(picture)
        titles.append(str(picture["title"]["text"]))
    # A world that a test makes has codes and no names.
    named = answer.about.baseline in ("", *available())
    for title in titles if named else ():
        assert not set(re.findall(r"\b[A-Z]{3}\b", title)) & set(country_names()), title
    shown = printed(page.body)
    assert not named or not (found := codes_in(shown)), (
        f"codes where names are known: {found}: {[one for one in shown.splitlines() if codes_in(one)]}"
    )
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
