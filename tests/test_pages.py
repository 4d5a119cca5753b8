"""Sections and their renderers: the same words on a terminal, in HTML and in Markdown."""

import io
import math
import re
import shlex
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from detente import commands, report
from detente._core import ScenarioError
from detente.about import About
from detente.commands.asks import (
    Ask,
    Balance,
    Check,
    command_of,
    Compare,
    Dependence,
    Episode,
    Exposure,
    Gravity,
    Leverage,
    QUESTIONS,
    Timeline,
    Track,
    Trajectory,
)
from detente.report.page import PAGES
from detente.report.section import (
    Chart,
    Code,
    Figure,
    items,
    Page,
    Section,
    Table,
    table_of,
    TableColumn,
    Terms,
    Words,
)

from . import test_cli
from .pages import assert_one_page, hanging_headings, printed, undrawn
from .test_cli import assert_refused, Run
from .test_questions import asked


detente = test_cli.detente
PAIR = {"country": "KOR", "partner": "CHN"}
HOSTILE = "a|b <b>[x](y)</b> *c* `d` 5 \\ e & f"
CHEAP: tuple[Ask, ...] = (
    Balance(**PAIR, years="2018:2022"),
    Track(**PAIR, through="2025-11", so_far=-10.4),
    Timeline(**PAIR, years="2016:2018"),
    Dependence(country="KOR", on="CHN"),
    Check(ledger=True),
    Episode(),
    Gravity(),
    Exposure(country="KOR", by_year=True),
)


def page(*parts: str | Words | Table | Section, title: str = "T") -> Page:
    return report.page_of(Section(parts), About(question=title), "detente x")


@pytest.mark.parametrize("ask", CHEAP, ids=lambda ask: type(ask).__name__)
def test_each_face_of_an_answer_holds_the_same_numbers(ask: Ask, home: Path) -> None:
    """So does every other answer that the suite computes: `conftest.py` sees to it."""
    assert_one_page(ask, commands.answer(ask))


def test_a_number_that_one_face_lacks_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = Episode()
    answer = commands.answer(ask)
    kept = report.markdown
    monkeypatch.setattr(report, "markdown", lambda page: re.sub(r"20\d\d", "year", kept(page)))
    with pytest.raises(AssertionError):
        assert_one_page(ask, answer)


def test_a_picture_that_leaves_a_number_out_is_noticed() -> None:
    """In whatever panel and layer; a line that says that it breaks may have gaps."""
    rows = [{"year": 2021, "share": 0.2}, {"year": 2022, "share": math.nan}]
    place = {"x": {"field": "year", "type": "quantitative"}, "y": {"field": "share", "type": "quantitative"}}  # fmt: skip
    line = {"mark": {"type": "line"}, "encoding": place}
    broken = {"mark": {"type": "line", "invalid": "break-paths-show-domains"}, "encoding": place}
    for data in ({"data": {"values": rows}}, {"data": {"name": "d"}, "datasets": {"d": rows}}):
        assert undrawn({**data, "vconcat": [{"layer": [broken, line]}]}) == ["y: share"]
        assert undrawn({**data, "spec": line, "facet": {}}) == ["y: share"]
        assert not undrawn({**data, "layer": [broken]})
    assert undrawn({"data": {"values": [{"year": 2021}]}, **line}) == ["y: share"]


def test_a_heading_that_hangs_on_its_neighbour_is_noticed() -> None:
    hanging = table_of(["", "long\nwelfare", "\nUS$"], [["a", "1", "2"]])
    twice = table_of(["", "long", "range", "short", "range"], [["a", "1", "2", "3", "4"]])
    whole = table_of(["range", "long", "range", "", ""], [["a", "1", "2", "3", "4"]])
    assert hanging_headings(Section([Section([hanging]), twice])) == ["\nUS$", "range"]
    assert not hanging_headings(Section([whole]))


# --- Signs that mean something to a renderer ------------------------------------------------------


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(text.partition("</style>")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def everywhere(text: str) -> Page:
    """The text in every place where a text can stand."""
    table = Table(
        [TableColumn(text), TableColumn(text, figures=True)],
        [(text, Words(text, "bold"))],
        text,
        text,
    )
    inner = Section([Words(text, "item"), Words(text, "dim"), Words(text, "bold")], text)
    figure = Figure([Chart(None, text, text, text, text)], text)
    rests = Section([Terms([(text, text)]), figure, Code(text), Code(text, text)], text)
    return Page(
        title=text, body=Section([text, table, inner]), setting=text, question=text,
        lead=[Words(text)], annex=[rests], dated=text, footer=text,
    )  # fmt: skip


def test_text_is_never_markup_of_a_terminal() -> None:
    shown = printed(everywhere(HOSTILE).body)
    assert shown.count(HOSTILE) == 11
    assert ":smile:" in printed(Section([":smile:", table_of([":smile:"], [["[red]"]])]))


def test_text_is_never_a_tag_of_a_page() -> None:
    plain, hostile = (Tags(report.html(everywhere(text))) for text in ("plain", HOSTILE))
    assert hostile.tags == plain.tags
    count = sum(HOSTILE in words.replace("\\u00a0", " ") for words in hostile.words)
    assert count == sum("plain" in words for words in plain.words) >= 14


def test_text_is_never_a_sign_of_markdown() -> None:
    plain, hostile = (report.markdown(everywhere(text)) for text in ("plain", HOSTILE))
    escaped = r"a\|b \<b\>\[x\](y)\</b\> \*c\* \`d\` 5 \\ e & f"
    # Code is kept as it is.
    in_code = re.compile(r"^(```\n)plain$", re.MULTILINE)
    as_typed = in_code.sub(lambda begun: begun[1] + HOSTILE, plain)
    assert hostile == as_typed.replace("plain", escaped)
    assert all(
        row.count("|") - row.count(r"\|") == 3 for row in hostile.splitlines() if row[:1] == "|"
    )


def test_code_in_markdown_ends_where_it_ends() -> None:
    said = report.markdown(Page("T", Section([Code("a\n```\nb")])))
    assert said.endswith("````\na\n```\nb\n````\n")


@pytest.mark.parametrize("text", ["+ wins", "- loses", "# one", "1. first", "2) then", "> said"])
def test_a_paragraph_that_begins_with_a_sign_is_a_paragraph(text: str) -> None:
    said = report.markdown(page(text)).splitlines()
    assert "\\" in said[2] and said[2].replace("\\", "") == text


# --- What each renderer makes of a part -----------------------------------------------------------

EXAMPLE = page(
    "Lead.",
    "",
    table_of(
        ("who", "\nby\n%"),
        [("KOR", "+1.0\n0.9…1.1"), (), ((Words("CHN", "bold"), "two"), "−2.0")],
        caption="under it",
    ),
    Section([*items(["one", "two"]), Words("a note", "dim")], "Section"),
    *items(["alone"]),
)  # fmt: skip


def test_a_page_in_markdown() -> None:
    assert (
        report.markdown(EXAMPLE)
        == """# T

Lead.

| who | by % |
| :-- | --: |
| KOR | +1.0<br>0.9…1.1 |
| **CHN**<br>two | −2.0 |

under it

## Section

- one
- two

a note

alone

## How to reproduce this

```
detente x
```
"""
    )


def test_a_page_in_html() -> None:
    said = report.html(EXAMPLE)
    assert '<th scope="col">who</th><th scope="col" class="number">by<br>%</th>' in said
    assert '<tr><td><b>CHN</b><br>two</td><td class="number">−2.0</td></tr>' in said
    assert said.count("<tr>") == 3 and said.count("<li>") == 2 and "<h2>Section</h2>" in said
    assert "<script" not in said and "src=" not in said and "<link" not in said
    style = Path(report.__path__[0], "page.css").read_text(encoding="utf-8")
    assert style.strip() in said and "@media print" in style


def test_a_page_on_a_terminal() -> None:
    lines = [line.rstrip() for line in printed(EXAMPLE.body, 80).splitlines()]
    assert lines[:2] == ["Lead.", ""] and "- one" in lines and lines[-1] == "alone"
    assert lines[4:14] == [
        "            by", " who         %", " ─────────────", " KOR      +1.0", "       0.9…1.1",
        "", " CHN      −2.0", " two", "", "under it",
    ]  # fmt: skip
    assert lines[lines.index("Section") - 1] == ""


def test_what_is_in_focus_is_bold_and_a_verdict_has_its_colour() -> None:
    screen = Console(file=io.StringIO(), force_terminal=True, color_system="standard", width=40)
    screen.print(
        report.terminal(Section([Words("a", "bold"), Words("b", "dim"), Words("c", "good")]))
    )
    assert screen.file.getvalue() == "\x1b[1ma\x1b[0m\n\x1b[2mb\x1b[0m\n\x1b[32mc\x1b[0m\n"


def test_the_setting_and_what_it_rests_on_stand_on_the_page() -> None:
    about = {
        "baseline": "compact-2022", "baseline_year": 2022, "basis": "harmonised",
        "horizon": "short", "level": 0.8, "error": float("nan"), "shift": -0.25, "left": None,
        "sides": ["KOR", "CHN"], "drawn": False, "terms": {"mfn": True}, "rows": [{"a": 1}],
        "limits": ("No war.", "No peace."),
    }  # fmt: skip
    about |= {"question": "what it costs", "sentence": "It costs.", "unit": "million US$"}
    made = report.page_of(Section(["x"]), About.of(about), "detente x")
    assert made.title == "What it costs"
    assert made.setting == "compact-2022, 2022, short run, harmonised basis"
    terms, command = (one for section in made.annex for one in section.parts)
    assert isinstance(terms, Terms) and command == Code("detente x")
    facts = dict(terms.rows)
    assert (facts["level"], facts["error"], facts["shift"]) == ("0.8", "–", "−0.25")
    assert (facts["sides"], facts["drawn"], facts["terms"]) == ("KOR, CHN", "no", "mfn: yes")
    assert facts["limits"] == "No war. No peace."
    assert not {"left", "rows", "question", "sentence", "unit"} & set(facts)
    for said in (report.html(made), report.markdown(made)):
        assert made.setting in said and "−0.25" in said


# --- Files ----------------------------------------------------------------------------------------


def test_a_page_is_written_by_the_name_of_its_file(detente: Run, home: Path) -> None:
    ask = ("timeline", "KOR", "CHN", "--years", "2016:2018")
    for name in ("page.html", "page.md"):
        assert detente(*ask, "--brief", name).code == 0
    page, text = ((home / f"page.{kind}").read_text("utf-8") for kind in ("html", "md"))
    assert "<svg" in page and "<h1>" in page and "detente timeline KOR CHN" in page
    assert text.startswith("# ") and "<svg" not in text
    assert detente(*ask, "--format", "markdown").out == text


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_page_of_another_kind_is_refused_before_anything_is_computed(
    name: str, detente: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "answer", lambda *_: pytest.fail("it was computed"))
    words = [name, *asked(QUESTIONS[name]), *(["--ledger"] if name == "check" else [])]
    assert_refused(
        detente(*words, "--brief", "page.htm"), "cannot be written as 'page.htm'", "'.html'"
    )
    for suffix in PAGES:
        (home / f"kept{suffix}").write_text("mine\n")
        assert_refused(detente(*words, "--brief", f"kept{suffix}"), f"kept{suffix} exists already")
    assert not (home / "page.htm").exists()


@pytest.mark.parametrize(
    "ask",
    [
        Balance(**PAIR, years="2018:2022"),
        Compare(first="a b", second="it's", baseline="compact-2022"),
        Leverage(sender="CHN", joined=("USA",), target="KOR", form="both", cut=0.3),
        Trajectory(scenario="nothing", start=2025, overrides=("a=1", "b='c d'")),
        Check(ledger=True, claim=("0-01",)),
    ],
    ids=lambda ask: type(ask).__name__,
)  # fmt: skip
def test_the_command_of_a_page_asks_the_same_again(
    ask: Ask, detente: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Ask] = []

    def hear(ask: Ask, progress: object) -> None:
        heard.append(ask)
        raise ScenarioError("that is enough.")

    # Its names are no names of anything: what is heard is how they are written.
    monkeypatch.setattr(commands, "understood", lambda ask: ask)
    monkeypatch.setattr(commands, "answer", hear)
    detente(*shlex.split(command_of(ask))[1:])
    assert heard == [ask]
