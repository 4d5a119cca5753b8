"""The desk in a real browser: keys, links, files, paper, a phone, and the rules of accessibility."""

import csv
import json
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente import commands, report
from detente.calibrate.baseline import load_baseline
from detente.commands.exports import material_of_outcome
from detente.desk import headline_of
from detente.desk.page import OnDesk
from detente.report.answer import said as said_of
from detente.scenario import load_scenario, to_toml
from detente.simulation import simulate


BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
if not BROWSER:
    pytest.skip("no Chromium here to open the page in", allow_module_level=True)
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed here")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not here")

A, B = "china-korea/services-opening", "china-korea/services-with-culture"
PLAIN = ["uncertainty.draws=0"]
BESIDE = f"#beside={B}&beside:horizon=short"
# The same answer from other starts, each solved to 1e-10; these are percentage points.
SAME_POINTS = 1e-7
PIXEL = 1.0
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each page once: a desk with its simulations, two without, and what is read of a run."""
    place = tmp_path_factory.mktemp("pages")
    commands.write_desk(A, [], None, place / "drawn.html")
    commands.write_desk(A, PLAIN, None, place / "one.html")
    commands.write_desk(A, PLAIN, None, place / "two.html", [B])
    scenario = load_scenario(A, ["uncertainty.draws=4"])
    page = material_of_outcome(simulate(load_baseline(scenario.baseline), scenario)).page
    asked = OnDesk(scenario, load_baseline(scenario.baseline), f"detente run {A}")
    played = replace(page, program=headline_of(asked))
    for name, read in (("brief", played), ("note", replace(page, annex=[]))):
        (place / f"{name}.html").write_text(report.html(read), encoding="utf-8")
    commands.write_desk("seoul", [], None, place / "game.html")
    return {path.stem: path for path in place.iterdir()}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as player:
        started = player.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any, pages: dict[str, Path]) -> Iterator[Open]:
    """Opens a page without a network; nothing may fail in it, and nothing may leave it."""
    contexts, asked, failed = [], [], []

    def open_page(name: str, address: str = "", **options: Any) -> Any:
        context = browser.new_context(**{"viewport": WIDE, **options})
        context.set_offline(True)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.on("console", lambda said: failed.append(said.text) if said.type == "error" else None)
        page.goto(pages[name].as_uri() + address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    own = tuple(path.as_uri() for path in pages.values())
    assert asked and not [url for url in asked if not url.startswith((*own, "blob:", "data:"))]
    assert not failed


def lines(page: Any, place: str = "answer") -> list[str]:
    return [text.replace("\u00a0", " ") for text in page.locator(f"#{place} li").all_inner_texts()]


def run_of(page: Any) -> Any:
    """The outcome of the command that the page prints."""
    head, asked = (words := shlex.split(page.inner_text("#commands")))[:3], words[3:]
    assert head == ["detente", "run", A]
    pairs = zip(asked[::2], asked[1::2], strict=True)
    scenario = load_scenario(A, [f"horizon={v}" if o == "--horizon" else v for o, v in pairs])
    return simulate(load_baseline(scenario.baseline), scenario)


def gains_of(outcome: Any) -> str:
    return said_of(outcome.drop_vars("welfare_by_elasticity", errors="ignore")).gains[0]


def test_keys_move_a_slider_a_link_keeps_it_and_undo_takes_it_back(opened: Open) -> None:
    page = opened("one")
    first = lines(page)
    assert first[0] == gains_of(run_of(page)) and page.locator("#countries svg").is_visible()
    page.focus("[id='services.stri_cut']")
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    playwright.expect(page.locator("#commands")).to_contain_text("stri_cut=0.35")
    moved = lines(page)
    assert moved[0] == gains_of(run_of(page)) != first[0]

    link = page.context.new_page()
    link.goto(page.url)
    assert lines(link) == moved
    assert float(link.locator("[id='services.stri_cut']").input_value()) == pytest.approx(0.35)

    page.click("#undo")
    assert lines(page) == first and page.url.endswith(("one.html", "#"))
    link.click("#reset")
    assert lines(link) == first
    link.click("#undo")
    assert lines(link) == moved


def test_the_csv_and_the_bars_are_the_numbers_of_the_run(opened: Open) -> None:
    """Each bar begins at nought and is as long as its number: what a picture shows is held."""
    page = opened("one", "#services.stri_cut=0.5&horizon=short", accept_downloads=True)
    outcome = run_of(page)
    with page.expect_download() as waited:
        page.click("#countries .save >> text=CSV")
    text = Path(waited.value.path()).read_text(encoding="utf-8")
    rows = list(csv.reader(line for line in text.splitlines() if not line.startswith("#")))[1:]
    codes = {one["name"]: one["code"] for one in carried(page)["desks"][0]["countries"]}
    assert len(rows) == 12
    welfare = {code: float(v) for code, v in outcome.welfare.to_series().items()}
    for name, value, _ in rows:
        assert float(value) == pytest.approx(welfare[codes[name]], abs=SAME_POINTS)

    drawn = page.evaluate(BARS)
    zero = drawn["zero"]
    values = np.array([float(value) for _, value, _ in rows])
    widths = np.array([bar["width"] for bar in drawn["bars"]])
    scale = widths.max() / np.abs(values).max()
    assert np.abs(widths - np.maximum(np.abs(values) * scale, 0.5)).max() < 0.01
    for bar, value in zip(drawn["bars"], values, strict=True):
        assert bar["kind"] == ("loss" if value < 0 else "gain")
        near = bar["x"] + bar["width"] if value < 0 else bar["x"]
        assert abs(near - zero) < 0.51


BARS = """() => {
  const svg = document.querySelector("#countries svg");
  const number = (one, name) => Number(one.getAttribute(name));
  return {
    zero: number(svg.querySelector(".zero"), "x1"),
    bars: [...svg.querySelectorAll("rect.gain, rect.loss")].map((bar) => (
      { x: number(bar, "x"), width: number(bar, "width"), kind: bar.getAttribute("class") })),
  };
}"""


MAP = """() => [...document.querySelectorAll("#map g.map path")].map((path) => ({
  kind: path.getAttribute("class"), full: Number(path.getAttribute("fill-opacity")),
  title: path.firstChild.textContent, marked: path.marked === true }))"""


def test_the_map_has_the_colour_of_each_value_and_only_its_fill_moves(opened: Open) -> None:
    page = opened("one")
    page.evaluate("document.querySelectorAll('#map path').forEach((one) => { one.marked = true; })")
    page.focus("[id='services.stri_cut']")
    page.keyboard.press("ArrowRight")
    playwright.expect(page.locator("#commands")).to_contain_text("stri_cut")
    welfare = run_of(page).welfare.to_series()
    codes = {one["name"]: one["code"] for one in carried(page)["desks"][0]["countries"]}
    drawn = page.evaluate(MAP)
    assert {codes[one["title"].partition(": ")[0]] for one in drawn} == set(welfare.index)
    for one in drawn:
        name, _, text = one["title"].partition(": ")
        value = welfare[codes[name]]
        full = 1 + np.log10(abs(value) / welfare.abs().max()) / 3
        assert one["kind"] == ("loss" if value < 0 else "gain") and one["marked"]
        assert one["full"] == pytest.approx(max(full, 0.15), abs=0.006)
        assert text.startswith("\u2212" if value < 0 else "+")
    assert "Made with Natural Earth" in page.inner_text("#map")
    assert page.get_by_role("img", name="Real income on a map, change in percent").is_visible()


def carried(page: Any) -> Any:
    made = json.loads(page.locator("#desk").text_content())
    whole = lambda value: made["pool"][value["same"]] if "same" in value else value
    for desk in made["desks"]:
        desk["countries"] = whole(desk["countries"])
    return made


def drop(page: Any, path: Path) -> None:
    file = [path.name, path.read_text(encoding="utf-8")]
    given = page.evaluate_handle(
        """([name, text]) => {
          const given = new DataTransfer();
          given.items.add(new File([text], name));
          return given;
        }""",
        file,
    )
    page.dispatch_event("#title", "drop", {"dataTransfer": given})


def test_files_are_dropped_into_the_page(opened: Open, tmp_path: Path) -> None:
    page = opened("one")
    moved = tmp_path / "moved.toml"
    scenario = to_toml(load_scenario(A, ["services.stri_cut=0.5", "horizon=short", *PLAIN]))
    moved.write_text(scenario, encoding="utf-8")
    drop(page, moved)
    playwright.expect(page.locator("#commands")).to_contain_text("stri_cut=0.5")
    assert "horizon=short" in page.url and lines(page)[0] == gains_of(run_of(page))

    drop(page, commands.write_desk(B, [], None, tmp_path / "other.json"))
    playwright.expect(page.locator("#title-b")).to_be_visible()
    titles = [load_scenario(name).title for name in (B, A)]
    assert [page.inner_text("#title-a"), page.inner_text("#title-b")] == [
        f"A: {titles[0]}", f"B: {titles[1]}"
    ]  # fmt: skip
    scenario = load_scenario(B)
    outcome = simulate(load_baseline(scenario.baseline), scenario)
    assert lines(page)[0] == gains_of(outcome)

    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    drop(page, broken)
    playwright.expect(page.locator("#notice")).to_contain_text("is no file of a desk")


OUTSIDE = """() => {
  const wide = document.documentElement.clientWidth;
  const isSeen = (one) => one.checkVisibility() && one.getBoundingClientRect().width > 0;
  const out = [...document.querySelectorAll("body *")].filter((one) => {
    if (one.closest("svg, pre, .scroll, .chart") || !isSeen(one)) return false;
    const { left, right } = one.getBoundingClientRect();
    return left < -1 || right > wide + 1;
  });
  const cut = [...document.querySelectorAll("svg.bars text")].filter((one) => {
    const [inner, outer] = [one, one.closest("svg")].map((it) => it.getBoundingClientRect());
    return inner.left < outer.left - 1 || inner.right > outer.right + 1;
  });
  return {
    wide, scrolled: document.documentElement.scrollWidth,
    out: [...out, ...cut].map((one) => `${one.tagName} ${one.textContent.slice(0, 60)}`),
  };
}"""


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize(("name", "address"), [("one", ""), ("two", BESIDE)])
def test_nothing_is_cut_or_moved_sideways(
    name: str, address: str, viewport: dict[str, int], opened: Open
) -> None:
    page = opened(name, address, viewport=viewport)
    seen = page.evaluate(OUTSIDE)
    assert seen["wide"] == viewport["width"] and seen["scrolled"] <= seen["wide"]
    assert not seen["out"]


def test_dark_is_dark(opened: Open) -> None:
    """The ground and the ink change places, in the pictures too."""
    light, dark = (
        opened("one", color_scheme=scheme).evaluate(
            """() => ["body", "#countries text", "#countries rect.gain"].map((place) => {
              const look = getComputedStyle(document.querySelector(place));
              const colour = place === "body" ? look.backgroundColor : look.fill;
              return colour.match(/\\d+/g).map(Number).reduce((sum, one) => sum + one, 0);
            })"""
        )
        for scheme in ("light", "dark")
    )
    assert light[0] > 600 > 300 > dark[0]
    assert light[1] < 300 < 600 < dark[1] and light[2] < dark[2]


@pytest.mark.parametrize(("name", "address", "most"), [("drawn", "", 2), ("two", BESIDE, 3)])
def test_a_desk_is_printed_on_few_pages(name: str, address: str, most: int, opened: Open) -> None:
    page = opened(name, address)
    if name == "drawn":
        page.locator("#interval .progress").wait_for(state="hidden", timeout=60_000)
    assert 1 <= sheets(page) <= most
    # The screen has its wide pictures back.
    assert page.evaluate("document.querySelector('#countries svg').viewBox.baseVal.width") > 600


def test_a_note_has_two_pages(opened: Open) -> None:
    assert sheets(opened("note")) == 2


def sheets(page: Any) -> int:
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    return len(re.findall(rb"/Type\s*/Page\b", printed))


def violations(page: Any, only: dict[str, Any]) -> list[str]:
    """What axe has against what is shown now: the rule and the first places that break it."""
    against = axe.Axe().run(page, options={"resultTypes": ["violations"], "runOnly": only})
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes'][:3]]}"
        for one in against.response["violations"]
    ]


@pytest.mark.parametrize(
    ("name", "address"), [("drawn", ""), ("two", BESIDE), ("brief", ""), ("note", ""), ("game", "")]
)
def test_no_rule_of_accessibility_is_broken(name: str, address: str, opened: Open) -> None:
    """WCAG 2.2 A and AA and best practices, wide and on a phone; in the dark only colours differ."""
    page = opened(name, address)
    if name == "drawn":
        page.locator("#interval .progress").wait_for(state="hidden", timeout=60_000)
    if name == "game":
        # What is not solved yet is pale.
        page.locator(".late").wait_for(state="detached", timeout=120_000)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    if address:
        page.locator("#terms svg").wait_for()
    every = {"type": "tag", "values": RULES}
    assert not violations(page, every)
    page.emulate_media(color_scheme="dark")
    assert not violations(page, {"type": "rule", "values": ["color-contrast"]})
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    assert not violations(page, every)


def test_axe_finds_what_is_broken(opened: Open) -> None:
    """The rules are in force: a picture without a name and grey on grey are seen."""
    page = opened("one")
    page.evaluate(
        """() => {
          const notice = document.getElementById("notice");
          notice.textContent = "hardly to be read";
          notice.style.color = "#d0d0d0";
          document.querySelector("#countries svg title").remove();
        }"""
    )
    seen = violations(page, {"type": "tag", "values": RULES})
    assert {one.partition(":")[0] for one in seen} == {"color-contrast", "svg-img-alt"}
