"""The sliders of a brief: its headline says what a run says there, and nothing else of it moves."""

import json
import re
import shlex
import shutil
import subprocess
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from detente import commands, report
from detente._core import ScenarioError
from detente.calibrate.baseline import load_baseline
from detente.commands import runs
from detente.desk import headline, headline_of, OnDesk, page
from detente.desk.headline import PAGE
from detente.ensemble import simulate_draws
from detente.ensemble.horizons import with_other_horizon
from detente.outcome import load_outcome
from detente.report.answer import said
from detente.report.brief import _takeaways
from detente.report.html import _prose
from detente.report.section import Program
from detente.scenario import load_scenario, Scenario, to_toml
from detente.simulation import simulate

from . import twin
from .test_desk_draws import browse


HERE = Path(page.__file__).parent
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
node = pytest.mark.skipif(not twin.node(), reason="no node here to move the sliders of a brief")
HOSTILE = "</script><script>window.ran = 1</script><img src=x onerror='window.ran = 1'>"
NAME = "</script><img src=x onerror=x>"
SERVICES = "china-korea/services-opening"


def program_of(scenario: Scenario) -> Program:
    world = load_baseline(scenario.baseline)
    made = headline_of(OnDesk(scenario, world, f"detente run {scenario.name}"))
    assert made is not None
    return made


def moved(program: Program, numbers: dict[str, float], place: Path) -> dict[str, Any]:
    """What the headline says where sliders stand at these numbers, and the command for it."""
    given, answers = place / "desk.json", place / "said.json"
    asked = {"desk": json.loads(program.data), "moves": [numbers]}
    given.write_text(json.dumps(asked), encoding="utf-8")
    words = [twin.node(), Path(__file__).with_name("headline.mjs"), HERE, given, answers]
    subprocess.run([str(word) for word in words], check=True)
    [at] = json.loads(answers.read_text(encoding="utf-8"))
    return at


def again(command: str) -> Scenario:
    """The scenario that a command of the page plays."""
    _, run, name, *asked = shlex.split(command)
    assert run == "run" and set(asked[::2]) <= {"--set"}
    return load_scenario(name, asked[1::2])


DRAWN = (
    (SERVICES, {"services.stri_cut": 0.6}),
    ("china-korea/truce-broken", {"threat.change": 0.3, "duties.enabled": 0.0}),
    ("china-korea/state-visit", {"visit.quantity": 1.3}),
)


@node
@pytest.mark.parametrize(("name", "numbers"), DRAWN)
def test_the_headline_is_that_of_a_run(
    name: str, numbers: dict[str, float], tmp_path: Path
) -> None:
    """In the same words and digits: with the range, and with the other horizon."""
    program = program_of(load_scenario(name, ["uncertainty.draws=9"]))
    at = moved(program, numbers, tmp_path)
    scenario = again(f"{at['command']} --set uncertainty.draws=9")
    outcome = simulate_draws(load_baseline(scenario.baseline), scenario)
    expected = _takeaways(said(outcome))
    assert at["headline"] == expected and "9 simulations" in expected[-1]


@node
def test_where_the_page_draws_nothing_the_headline_is_that_of_a_run_without(
    tmp_path: Path,
) -> None:
    name, numbers = "china-korea/entertainment-opening", {"entertainment.part": 0.3}
    at = moved(program_of(load_scenario(name)), numbers, tmp_path)
    scenario = again(at["command"])
    world = load_baseline(scenario.baseline)
    outcome = with_other_horizon(simulate(world, scenario), world, scenario)
    assert at["headline"] == _takeaways(replace(said(outcome), sure=[]))
    assert json.loads(program_of(load_scenario(name)).data)["draws"]["why"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a run whose scenario would run a script, if it could."""
    place = tmp_path_factory.mktemp("runs")
    document = tomllib.loads(to_toml(load_scenario(SERVICES, ["uncertainty.draws=6"])))
    document |= {"title": HOSTILE, "question": HOSTILE}
    duty = {"kind": "trade_cost", "importers": ["KOR"], "exporters": ["CHN"], "sectors": ["AUT"],
            "change": 0.02, "note": HOSTILE}  # fmt: skip
    document["policies"] |= {"services": document["policies"]["services"], NAME: duty}
    (place / "hostile.toml").write_text(tomli_w.dumps(document), encoding="utf-8")
    return runs.run(str(place / "hostile.toml"), out=place / "kept").directory or place


class Elements(HTMLParser):
    """The tags of a page, and what is told to each script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [str(value) for name, value in attrs if name == "id"]


def test_a_brief_is_as_it_was_but_for_its_program(kept: Path) -> None:
    """Without a script, on paper and in every other face, it reads as one that has none."""
    text = (kept / "brief.html").read_text(encoding="utf-8")
    outcome = load_outcome(kept)
    judged, unread = runs._judged()
    [day] = re.findall(r"</b> +[\d.]+ · ([^<]*)</span>", text)
    plain = report.brief(outcome, judged, unread, day)
    assert "<script" not in plain and "Content-Security-Policy" not in plain
    body = lambda whole: (
        whole.partition("<body>")[2].partition("<script")[0].partition("</body>")[0]
    )
    assert body(text).strip() == body(plain).strip()
    assert "slider" not in report.markdown(report.brief_page(outcome, judged, unread, day))
    paper = (HERE / "headline.css").read_text(encoding="utf-8")
    assert "@media print { .mark, .at-sliders, .sliders { display: none; } }" in paper
    assert "@media screen { .answer.moved .brief-own { display: none; } }" in paper


def test_nothing_of_a_scenario_is_a_script_of_its_brief(kept: Path) -> None:
    text = (kept / "brief.html").read_text(encoding="utf-8")
    seen = Elements(text)
    assert (
        text.count("window.ran") > 3 and seen.tags.count("script") == 2 and "img" not in seen.tags
    )
    assert len(seen.ids) == len(set(seen.ids))
    assert re.findall(r"<script[^>]*>", text) == [
        '<script type="application/json" id="program-data">', '<script type="module" id="program">',
    ]  # fmt: skip
    script = text.partition('id="program">')[2].partition("</script>")[0]
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy.replace("&#39;", "'") == page.policy_of(script)
    assert script == page.bundle(PAGE) and "unsafe-eval" not in text
    assert "connect-src" not in policy and policy.startswith("default-src &#39;none&#39;")


def test_the_modules_of_a_headline_have_names_of_their_own() -> None:
    script = page.bundle(PAGE)
    names = re.findall(r"^(?:const|function|async function|let|class) (\w+)", script, re.MULTILINE)
    assert len(names) == len(set(names)) and len(names) > 50
    assert not re.search(r"^\s*(?:import|export)\b", script, re.MULTILINE)
    # The worker looks for the last place where the page begins.
    assert script.count(page._PAGE_BEGINS) == 2


def test_a_run_with_sliders_is_verified_and_its_brief_is_one_to_mail(kept: Path) -> None:
    found = commands.verify(kept)
    assert found.reproduced and not found.changed_files
    assert (kept / "brief.html").stat().st_size < 1_500_000


def test_a_brief_without_sliders_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is in force, the desk refuses the scenario, or its world is too large."""

    def refuse(*_: object) -> None:
        raise ScenarioError("not here.")

    world = load_baseline(load_scenario(SERVICES).baseline)
    of = lambda *settings: headline_of(OnDesk(load_scenario(SERVICES, settings), world, "x"))
    assert of() is not None
    assert of("policies.services.enabled=false") is None
    with monkeypatch.context() as patched:
        patched.setattr(headline, "payload", refuse)
        assert of() is None
    monkeypatch.setattr(headline, "MOST_FLOWS", world.economy.trade.size - 1)
    assert of() is None


def test_what_is_not_solved_has_no_sliders(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "headline_of", lambda asked: pytest.fail("a program was made"))
    outcome = load_outcome(kept).assign_attrs(solved=0)
    assert runs._headline(load_scenario(SERVICES), outcome) is None


@node
@pytest.mark.skipif(not BROWSER, reason="no Chromium here to open the brief in")
def test_a_browser_moves_the_headline_and_brings_it_back(kept: Path) -> None:
    then = """(async () => {
      const rest = (time) => new Promise((rested) => { setTimeout(rested, time); });
      const own = () => document.querySelector(".answer ul").innerHTML;
      const seen = () => [...document.querySelectorAll(".answer ul")].filter((one) =>
        getComputedStyle(one).display !== "none").map((one) => one.innerText);
      const [before, first] = [own(), seen()];
      const box = document.querySelector("details.sliders");
      box.open = true;
      await rest(50);
      const mark = document.querySelector(".mark");
      const unmoved = mark.textContent;
      const slider = document.getElementById("services.stri_cut");
      slider.value = 0.6;
      slider.dispatchEvent(new Event("input"));
      while (!document.querySelector(".moved") || !/6 simulations/.test(seen().join())) await rest(100);
      const [there, moved] = [seen(), mark.textContent];
      const command = box.querySelector("code").textContent;
      const ticks = box.querySelectorAll(".draw").length;
      box.querySelector("button").click();
      await rest(50);
      return { first, there, unmoved, moved, command, ticks, again: seen(),
        same: own() === before, back: mark.textContent, ran: window.ran ?? null, title: document.title };
    })()"""
    shown = browse(kept / "brief.html", then, "document.querySelector('details.sliders')")
    assert shown["ran"] is None and shown["title"] == HOSTILE
    assert shown["first"] == shown["again"] and shown["same"]
    assert shown["unmoved"] == shown["back"] != shown["moved"]
    assert shown["moved"].startswith("Not the brief’s own answer")
    scenario = again(shown["command"])
    outcome = simulate_draws(load_baseline(scenario.baseline), scenario)
    assert scenario.policies["services"].model_dump()["stri_cut"] == 0.6
    [there] = shown["there"]
    lines = [str(_prose(line)) for line in _takeaways(said(outcome))]
    assert there.split("\n") == [line for line in lines if line] and shown["ticks"] > 6
