"""What a notebook shows: cards that say what the answer says and style nothing but themselves."""

import re
from html.parser import HTMLParser

import pytest
import xarray as xr

import detente
from detente import commands
from detente._core import OutcomeError
from detente.commands.cards import Card
from detente.report.charts import sector_data
from detente.scenario import parse_scenario
from detente.world import Baseline


TEXT = re.compile(r"<[^>]+>")
ALONE = {"br", "meta", "link", "img"}


@pytest.fixture(scope="module")
def base() -> Baseline:
    return detente.load_baseline("compact-2022")


@pytest.fixture(scope="module")
def outcome(base: Baseline) -> xr.Dataset:
    return detente.simulate(base, detente.load_scenario("china-korea/services-opening"))


class Tags(HTMLParser):
    """Which tags are open, outside of drawings."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.open += [tag] if tag not in ALONE else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(html: str) -> str:
    """The words of a card, whose tags close, which runs nothing and loads nothing."""
    tags = Tags()
    tags.feed(html)
    assert not tags.open and not tags.seen & {"script", "link", "iframe", "html", "body"}
    assert "url(" not in html and "@import" not in html and " src=" not in html
    style = html[html.index("<style>") + 7 : html.index("</style>")]
    for rule in style.strip().split("}")[:-1]:
        selectors = re.sub(r"\([^)]*\)", "", rule.split("{")[0]).split(",")
        assert all(one.strip().startswith(".detente-card") for one in selectors), rule
    return " ".join(TEXT.sub(" ", html.replace(f"<style>{style}</style>", "")).split())


def test_an_outcome_says_in_its_card_what_it_says(outcome: xr.Dataset) -> None:
    run = commands.Run(detente.load_scenario("china-korea/services-opening"), outcome)
    said = read(detente.card(outcome)._repr_html_())
    assert isinstance(detente.card(outcome), Card) and read(run._repr_html_()) == said
    first = detente.answer(outcome)[0]
    assert "".join(first.split()) in "".join(said.split())
    assert "<svg" in detente.card(outcome).html


def test_a_baseline_and_a_scenario_show_themselves_by_name(base: Baseline) -> None:
    said = read(base._repr_html_())
    names = [*base.country_names.values(), *base.sector_names.values()]
    assert not [name for name in names if name.replace("&", "&amp;") not in said]
    said = read(detente.load_scenario("china-korea/phase-two")._repr_html_())
    assert "opens China and South Korea" in said and "Finance and insurance" in said


def test_what_a_user_writes_is_text() -> None:
    policy = {"kind": "tariff", "importers": ["<b>"], "rate": 0.1}
    document = {"title": "<script>x</script>", "question": "<i>", "policies": {"<u>": policy}}
    html = parse_scenario(document, "a test")._repr_html_()
    read(html)
    assert "<script>" not in html and "<u>" not in html and "<i>" not in html


def test_an_answer_shows_its_tables_and_picture() -> None:
    answer = detente.ask("exposure", country="KOR")
    html = answer._repr_html_()
    assert "South Korea" in read(html) and "<svg" in html
    assert detente.chart(answer).to_dict()["layer" if "layer" in html else "config"] is not None
    with pytest.raises(OutcomeError, match="none called 'sectors'"):
        detente.chart(answer, "sectors")


def test_every_panel_of_a_chart_has_rows_of_its_own(outcome: xr.Dataset) -> None:
    """Two panels of one layout once shared the rows of the second."""
    drawn = detente.chart(outcome, "sectors").to_dict()
    for code, panel in zip(("KOR", "CHN"), drawn["hconcat"], strict=True):
        (name,) = {layer["data"]["name"] for layer in panel["layer"]}
        shown = [row["value"] for row in drawn["datasets"][name] if row.get("name")]
        assert shown == sector_data(outcome, code)["value"].tolist()
    assert detente.chart(outcome).to_dict() == detente.chart(outcome, "welfare").to_dict()
    with pytest.raises(OutcomeError, match="did you mean 'welfare'"):
        detente.chart(outcome, "welfar")
