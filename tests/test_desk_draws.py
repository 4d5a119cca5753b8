"""The draws of the desk: those of the engine one by one, and the words of a run that has them."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente import commands
from detente.calibrate.baseline import load_baseline
from detente.desk import page
from detente.desk.draws import draws_for_page
from detente.desk.payload import payload
from detente.desk.sliders import Compiled, moved
from detente.ensemble import interval, sample, simulate_draws, spread
from detente.ensemble.kept import Kept
from detente.report.answer import said as said_of
from detente.report.uncertainty import observed_lines
from detente.report.wording import templates
from detente.scenario import load_scenario, Scenario
from detente.uncertainty import ASSUMPTIONS
from detente.world import Baseline

from . import twin
from .test_desk import _own, play


# Both solve every equation to 1e-10, from other starts; hats.
SAME = 1e-9
HERE = Path(__file__).parent
MODULES = Path(page.__file__).parent
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
node = pytest.mark.skipif(not twin.node(), reason="no node here to play the page's draws")

EVERYTHING = """
title = "Everything that may be drawn at once"
baseline = "compact-2022"
horizon = 3
focus = ["KOR", "CHN"]
[adjustment.wage_floor]
lowest = 0.99
[adjustment.nests.neighbours]
countries = ["CHN", "JPN"]
sectors = ["ELE", "AUT"]
relative_elasticity = 1.5
[policies.agreement]
kind = "free_trade_agreement"
members = ["KOR", "CHN"]
tariff_cut = 0.8
[policies.tours]
kind = "rationing"
importers = ["CHN"]
exporters = ["KOR"]
sectors = ["TOU", "CUL"]
markup = 0.3
rent = "importer"
[policies.earths]
kind = "bottleneck"
item = "rare-earths"
exporters = ["CHN"]
importers = ["KOR", "JPN"]
lost = 0.6
[uncertainty]
draws = 8
"""


def everything(place: Path) -> Scenario:
    """A scenario that has every assumption but produced capital, which a desk refuses."""
    path = place / "everything.toml"
    path.write_text(EVERYTHING, encoding="utf-8")
    return load_scenario(path)


def drawn(desk: dict[str, Any], moves: list[dict[str, Any]], place: Path, lost: int = -1) -> Any:
    given, answers = place / "desk.json", place / "drawn.json"
    asked = {"desk": desk, "moves": moves, "lost": lost}
    given.write_text(json.dumps(asked), encoding="utf-8")
    words = [twin.node(), HERE / "draws.mjs", MODULES, given, answers]
    subprocess.run([str(word) for word in words], check=True)
    return json.loads(answers.read_text(encoding="utf-8"), object_hook=twin._numbers)


def agree(scenario: Scenario, world: Baseline, on_page: Any) -> None:
    """All draws of everything together, and of each assumption alone, are the engine's."""
    every = Kept(tuple(range(len(world.countries))), ())
    engine = spread(world, [scenario], sample(scenario, world), every)
    for name, expected in {None: engine.together, **engine.alone}.items():
        played = [one for one in on_page["draws"] if one["of"] == name]
        assert {one["status"] for one in played} == {"solved"}
        for measure in ("welfare", "real_gdp", "total_employment", "output"):
            page_has = np.stack([one[measure] for one in played]) / 100
            values = expected[measure][:, 0].reshape(page_has.shape) / 100
            message = f"{name} {measure}"
            np.testing.assert_allclose(page_has, values, rtol=0, atol=SAME, err_msg=message)


@node
def test_every_draw_is_the_engines(tmp_path: Path) -> None:
    """At positions and a horizon away from the scenario's own, with all that may be drawn."""
    scenario, world = everything(tmp_path), load_baseline("compact-2022")
    desk = payload(scenario, world, "detente run x")
    assert set(desk["draws"]["names"]) == set(ASSUMPTIONS) - {"capital"}
    assert not desk["draws"]["leftOut"]
    numbers = {"agreement.tariff_cut": 0.3, "tours.markup": 0.5, "earths.enabled": 1.0}
    [on_page] = drawn(desk, [{"numbers": {**_own(desk), **numbers}}], tmp_path)
    agree(moved(scenario, numbers), world, on_page)


STATED = """
title = "Quantities that are stated, one of them a limit whose rent is drawn"
baseline = "compact-2022"
horizon = 2
focus = ["KOR", "CHN"]
[policies.tours]
kind = "rationing"
importers = ["CHN"]
exporters = ["KOR"]
sectors = ["TOU", "CUL"]
quantity = 0.7
rent = "importer"
[policies.visit]
kind = "trade_cost"
importers = ["KOR"]
exporters = ["CHN"]
sectors = ["ELE"]
quantity = 1.1
[policies.duty]
kind = "tariff"
importers = ["USA"]
exporters = ["KOR", "CHN"]
change = 0.1
[uncertainty]
draws = 8
"""


@node
def test_a_quantity_is_what_is_stated_in_every_draw(tmp_path: Path) -> None:
    """The wedge is found anew in each, as the engine does, at the size and the holder of the draw."""
    path = tmp_path / "stated.toml"
    path.write_text(STATED, encoding="utf-8")
    scenario, world = load_scenario(path), load_baseline("compact-2022")
    desk = payload(scenario, world, "detente run x")
    assert {"size", "rents", "elasticities"} <= set(desk["draws"]["names"])
    numbers = {"tours.quantity": 0.8, "visit.quantity": 1.2}
    [on_page] = drawn(desk, [{"numbers": {**_own(desk), **numbers}}], tmp_path)
    agree(moved(scenario, numbers), world, on_page)


@node
@pytest.mark.filterwarnings("error")
def test_a_slider_that_another_holds_at_nothing_is_drawn_too(tmp_path: Path) -> None:
    """Memoranda of which nothing is realised: their value alone moves nothing."""
    scenario = load_scenario("china-korea/export-deals-2026", ["uncertainty.draws=4"])
    world = load_baseline(scenario.baseline)
    desk = payload(scenario, world, "detente run x")
    assert not desk["draws"]["leftOut"]
    numbers = {"memoranda.realisation": 0.5}
    [on_page] = drawn(desk, [{"numbers": {**_own(desk), **numbers}}], tmp_path)
    agree(moved(scenario, numbers), world, on_page)


@node
def test_ranges_are_those_of_the_draws_that_were_solved(tmp_path: Path) -> None:
    """With a draw that found nothing: the quantiles of the others, and it is counted."""
    scenario = load_scenario("china-korea/truce-broken", ["uncertainty.draws=7"])
    desk = payload(scenario, load_baseline(scenario.baseline), "detente run x")
    [on_page] = drawn(desk, [{}], tmp_path, lost=3)
    assert (on_page["drawn"], on_page["solved"]) == (7, 6)
    of = lambda name: np.stack([one["welfare"] for one in on_page["draws"] if one["of"] == name])
    together = of(None)
    together[3] = np.nan
    expected = interval(together)
    np.testing.assert_allclose(
        np.transpose(on_page["ends"]), [expected.low, expected.high], rtol=1e-13
    )
    named = {words: name for name, words in ASSUMPTIONS.items()}
    widths = []
    for driver in on_page["drivers"]:
        alone = interval(of(named[driver["name"]])[:, 0])
        np.testing.assert_allclose(
            [driver["low"], driver["high"]], [alone.low, alone.high], rtol=1e-13
        )
        widths.append(driver["high"] - driver["low"])
    assert widths == sorted(widths, reverse=True) and len(widths) == 5


SAID = (
    ("china-korea/services-opening", {"services.stri_cut": 0.6}),
    ("china-korea/cjk", {}),
    ("china-korea/state-visit", {}),
)


@node
@pytest.mark.parametrize(("name", "numbers"), SAID)
def test_the_page_says_the_intervals_of_a_run(
    name: str, numbers: dict[str, float], tmp_path: Path
) -> None:
    """The same words and digits: gains, volumes, balances, sectors, and how sure all that is."""
    scenario = load_scenario(name, ["uncertainty.draws=9"])
    world = load_baseline(scenario.baseline)
    desk = payload(scenario, world, "detente run x")
    [on_page] = play(desk, [{"numbers": {**_own(desk), **numbers}}], tmp_path, drawn=True)
    outcome = simulate_draws(world, moved(scenario, numbers))
    not_here = ["welfare_by_elasticity", "welfare_other_horizon"]
    plain = outcome.drop_vars(not_here, errors="ignore")
    observed = observed_lines(json.loads(plain.attrs["evidence"]), "the policies act on")
    assert on_page["answer"] == [line for line in said_of(plain).whole if line not in observed]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("china-korea/taiwan-contingency", "desk.no_draws_deficits"),
        ("china-korea/entertainment-opening", "desk.no_draws_potential"),
    ],
)
def test_what_the_page_cannot_draw_has_its_reason(name: str, why: str) -> None:
    scenario = load_scenario(name)
    world = load_baseline(scenario.baseline)
    made = Compiled({}, (), ())
    assert draws_for_page(scenario, world, world, made, ["long"]) == {"why": why}
    assert templates()["desk"][why.removeprefix("desk.")]


def test_an_assumption_that_the_page_cannot_draw_is_left_out_by_name(tmp_path: Path) -> None:
    """A mark-up that nobody keeps is a real cost, which the page cannot give to anyone."""
    path = tmp_path / "nobody.toml"
    path.write_text(EVERYTHING.replace('rent = "importer"', 'rent = "nobody"'), encoding="utf-8")
    desk = payload(load_scenario(path), load_baseline("compact-2022"), "detente run x")
    assert desk["draws"]["leftOut"] == [ASSUMPTIONS["rents"]]
    assert "rents" not in desk["draws"]["byHorizon"]["3"]


def test_no_draws_are_no_interval() -> None:
    scenario = load_scenario("china-korea/yuan-won", ["uncertainty.draws=0"])
    assert payload(scenario, load_baseline(scenario.baseline), "x")["draws"] is None


def browse(desk: Path, then: str, until: str = "true") -> Any:
    asked = {"url": desk.as_uri(), "until": until, "then": then, "seconds": 120}
    words = [twin.node(), HERE.parent / "tools" / "browser.mjs", BROWSER, json.dumps(asked)]
    shown = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=True
    )
    return json.loads(shown.stdout)


@node
@pytest.mark.skipif(not BROWSER, reason="no Chromium here to open the page in")
def test_a_browser_fills_the_interval_and_runs_nothing_else(tmp_path: Path) -> None:
    """In a worker that the page's policy lets run; one from another address does not run."""
    hostile = "</script><script>window.ran = 1</script><img src=x onerror='window.ran = 1'>"
    overrides = ["uncertainty.draws=6", f"title={json.dumps(hostile)}"]
    desk = tmp_path / "desk.html"
    commands.write_desk("china-korea/services-opening", overrides, None, desk)
    filled = "document.querySelector('#interval .progress')?.hidden"
    elsewhere = """new Promise((said) => {
      let other;
      try { other = new Worker("data:text/javascript,postMessage('ran')"); } catch { said("refused"); }
      other.onmessage = () => said("ran");
      other.onerror = () => said("refused");
    })"""
    then = f"""(async () => ({{
      said: document.getElementById("answer").innerText, title: document.title,
      ticks: document.querySelectorAll("#interval .draw").length,
      ran: window.ran ?? null, elsewhere: await {elsewhere},
    }}))()"""
    shown = browse(desk, then, filled)
    assert shown["title"] == hostile and shown["ran"] is None and shown["elsewhere"] == "refused"
    assert "(90 % of 6 simulations)" in shown["said"].replace("\u00a0", " ")
    # Of everything together and of the three assumptions that move most alone.
    assert shown["ticks"] == 4 * 6
