"""The desk's page: its wedges are the compiled ones, its digits and sentences those of a run."""

import json
import re
import shlex
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente import commands, simulation
from detente._core import OutcomeError
from detente.calibrate.baseline import load_baseline
from detente.closure import Closure
from detente.desk import laws, page
from detente.desk.payload import payload
from detente.desk.sliders import compiled, coordinates, moved, SAME
from detente.policy import POLICY_KINDS
from detente.report.answer import said as said_of, sentence
from detente.report.wording import say
from detente.scenario import available, load_scenario, with_potential
from detente.simulation import simulate
from detente.world import Economy

from . import twin


# Both solve every equation to 1e-10, from other starts; these are percentage points.
SAME_POINTS = 1e-7
HERE = Path(page.__file__).parent
NAMES = (
    "china-korea/services-opening", "china-korea/divide-and-reward", "china-korea/truce-broken",
    "china-korea/affiliates-usa", "china-korea/state-visit", "china-korea/entertainment-opening",
)  # fmt: skip
node = pytest.mark.skipif(not twin.node(), reason="no node here to move the page's sliders")


def positions(sliders: Any, count: int, seed: int = 7) -> list[dict[str, float]]:
    random = np.random.default_rng(seed)
    at = lambda one: (
        float(random.integers(2)) if one.is_switch else float(random.uniform(one.low, one.high))
    )
    return [{}, *({one.key: at(one) for one in sliders} for _ in range(count))]


def test_every_number_of_a_policy_has_a_law_or_a_reason() -> None:
    assert set(laws.LAWS) == set(POLICY_KINDS)
    for kind, model in POLICY_KINDS.items():
        numbers = {n for n, field in model.model_fields.items() if "float" in str(field.annotation)}
        known = set(laws.LAWS[kind]) | set(laws.NO_SLIDER.get(kind, {}))
        assert known <= set(model.model_fields), kind
        assert numbers - known <= {"quantity"}, kind


@pytest.mark.parametrize("name", available())
def test_wedges_of_every_position_are_the_compiled_ones(name: str) -> None:
    scenario = load_scenario(name)
    try:
        world = with_potential(scenario, load_baseline(scenario.baseline))
    except Exception as error:
        pytest.skip(f"its world is not here: {error}")
    made = compiled(scenario, world)
    assert {one.policy for one in made.sliders} | set(made.fixed) == set(scenario.in_force)
    for numbers in positions(made.sliders, 3):
        expected = coordinates(moved(scenario, numbers), world)
        on_page = made.at(numbers)
        for wedge in expected.keys() | on_page.keys():
            difference = np.abs(expected.get(wedge, 0.0) - on_page.get(wedge, 0.0))
            assert (difference <= SAME).all(), (numbers, wedge)


def play(
    desk: dict[str, Any], moves: list[dict[str, Any]], place: Path, *, drawn: bool = False
) -> list[dict[str, Any]]:
    """What the page says at each of the positions; where it is asked for, with its intervals."""
    desk = desk if drawn else {**desk, "draws": None}
    given, answers = place / "desk.json", place / "said.json"
    given.write_text(json.dumps({"desk": desk, "moves": moves}), encoding="utf-8")
    words = [twin.node(), Path(__file__).with_name("desk.mjs"), HERE, given, answers]
    subprocess.run([str(word) for word in words], check=True)
    return json.loads(answers.read_text(encoding="utf-8"), object_hook=twin._numbers)


WITH = (
    ("china-korea/services-opening", "adjustment.capital=produced"),
    ("china-korea/truce-broken", "adjustment.pass_through=0.6"),
    ("china-korea/truce-broken", "adjustment.sourcing=by use"),
)


@node
@pytest.mark.parametrize(("name", "setting"), [*((name, "") for name in NAMES), *WITH])
def test_the_page_says_what_a_run_says(
    name: str, setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The years until capital is as large as it pays to be are the command's alone.
    monkeypatch.setattr(simulation, "transition", lambda played: None)
    scenario = load_scenario(name, ["uncertainty.draws=0", *([setting] if setting else [])])
    world = load_baseline(scenario.baseline)
    sliders = compiled(scenario, with_potential(scenario, world)).sliders
    desk = payload(scenario, world, f"detente run {scenario.name}")
    offered = {one["key"] for direction in desk["directions"] for one in direction["sliders"]}
    moves = positions([one for one in sliders if one.key in offered], 1)
    played = play(desk, [{"numbers": {**_own(desk), **one}} for one in moves], tmp_path)
    for numbers, on_page in zip(moves, played, strict=True):
        outcome = simulate(world, moved(scenario, numbers))
        assert on_page["status"] == "solved" and outcome.attrs["solved"]
        np.testing.assert_allclose(on_page["welfare"], outcome.welfare, rtol=0, atol=SAME_POINTS)
        np.testing.assert_allclose(on_page["realGdp"], outcome.real_gdp, rtol=0, atol=SAME_POINTS)
        plain = outcome.drop_vars("welfare_by_elasticity", errors="ignore")
        said = said_of(plain)
        expected = [
            *said.gains,
            *said.volumes,
            *([sentence(say("desk.way"))] if "capital_stock" in outcome else []),
            *said.between,
            *said.sectors,
            *said.elsewhere,
            *said.condition,
        ]
        assert on_page["answer"] == expected, numbers


SETTINGS = (
    ("china-korea/services-opening", []),
    ("china-korea/truce-broken", ["adjustment.entry=fixed", "adjustment.home_relative_elasticity=0.8"]),
    ("china-korea/korea-japan", ["horizon=short", "adjustment.kappa=4"]),
)  # fmt: skip


@node
@pytest.mark.parametrize(("name", "settings"), SETTINGS)
def test_the_command_of_the_page_gives_its_answer(
    name: str, settings: list[str], tmp_path: Path
) -> None:
    """At other horizons, elasticities and positions, on top of the settings of the page."""
    scenario = load_scenario(name, settings)
    world = load_baseline(scenario.baseline)
    words = ["detente", "run", name, *(word for one in settings for word in ("--set", one))]
    desk = payload(scenario, world, shlex.join(words))
    off = {
        one["key"]: 0.0 for way in desk["directions"] for one in way["sliders"] if one["isSwitch"]
    }
    moves = [
        {"horizon": "short", "elasticity": 1.5, "numbers": {**_own(desk), **off}},
        {"horizon": "3", "elasticity": 1.5, "numbers": _own(desk)},
        {"horizon": "long", "elasticity": 0.5, "numbers": positions(_sliders(desk), 1)[1]},
    ]  # fmt: skip
    for on_page in play(desk, moves, tmp_path):
        head, asked = shlex.split(on_page["command"])[:3], shlex.split(on_page["command"])[3:]
        assert head == ["detente", "run", name]
        sets = [
            f"horizon={v}" if o == "--horizon" else v
            for o, v in zip(asked[::2], asked[1::2], strict=True)
        ]
        outcome = simulate(world, load_scenario(name, sets))
        np.testing.assert_allclose(on_page["welfare"], outcome.welfare, rtol=0, atol=SAME_POINTS)


@node
def test_a_slider_is_followed_in_few_steps_to_the_same_answer(tmp_path: Path) -> None:
    """A page that has gone far along a slider says what one says that opens there."""
    scenario = load_scenario("china-korea/services-opening")
    desk = payload(scenario, load_baseline(scenario.baseline), "detente run x")
    along = [{"numbers": {**_own(desk), "services.stri_cut": cut / 50}} for cut in range(51)]
    followed = play(desk, along, tmp_path)
    [alone] = play(desk, along[-1:], tmp_path)
    assert alone["status"] == "solved" and {one["status"] for one in followed} == {"solved"}
    np.testing.assert_allclose(followed[-1]["welfare"], alone["welfare"], rtol=0, atol=SAME_POINTS)
    steps = sorted(one["steps"] for one in followed[1:])
    assert steps[len(steps) // 2] <= alone["steps"] / 2, steps


def _sliders(desk: dict[str, Any]) -> list[Any]:
    names = {"isSwitch": "is_switch"}
    return [
        SimpleNamespace(**{names.get(name, name): value for name, value in one.items()})
        for way in desk["directions"] for one in way["sliders"]
    ]  # fmt: skip


def _own(desk: dict[str, Any]) -> dict[str, float]:
    return {one["key"]: one["value"] for way in desk["directions"] for one in way["sliders"]}


def test_the_modules_of_the_page_have_names_of_their_own() -> None:
    names = re.findall(
        r"^(?:const|function|async function|let|class) (\w+)", page.bundle(), re.MULTILINE
    )
    assert len(names) == len(set(names)) and len(names) > 50
    assert not re.search(r"^\s*(?:import|export)\b", page.bundle(), re.MULTILINE)


def test_a_hostile_title_cannot_run_a_script() -> None:
    scenario = load_scenario("china-korea/yuan-won")
    hostile = scenario.model_copy(
        update={
            "title": "</script><script>alert(1)</script>",
            "question": "<img src=x onerror=alert(1)>",
        }
    )
    text = page.desk_page(page.OnDesk(hostile, load_baseline(scenario.baseline), "x"))
    assert "<script>alert" not in text and "<img" not in text
    assert text.count("<script") == 2 and "sha256-" in text
    assert "worker-src blob:;" in text and text.count(page._PAGE_BEGINS) == 2
    assert "unsafe-eval" not in text and "http:" not in text.replace(
        "http://www.w3.org/2000/svg", ""
    )


def test_every_setting_of_a_closure_is_solved_on_the_page() -> None:
    """A setting that comes later is to be in the page's solver too."""
    solved = {"labour_immobility", "scale", "profit_share", "nests", "deficits", "labour_supply",
              "wage_floor", "staggered", "pass_through"}  # fmt: skip
    assert {field.name for field in fields(Closure)} == solved
    assert {field.name for field in fields(Economy)} == {
        "trade", "tariff", "input_share", "trade_elasticity", "potential_trade", "capital",
        "input_trade",
    }  # fmt: skip


def test_a_desk_is_a_new_page(tmp_path: Path) -> None:
    with pytest.raises(OutcomeError, match=r"suffix '\.html'"):
        commands.write_desk("china-korea/yuan-won", [], None, tmp_path / "desk.pdf")
    taken = tmp_path / "desk.html"
    taken.write_text("mine", encoding="utf-8")
    with pytest.raises(OutcomeError, match="exists already"):
        commands.write_desk("china-korea/yuan-won", [], None, taken)
    assert taken.read_text(encoding="utf-8") == "mine"


BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.skipif(not BROWSER, reason="no Chromium here to open the page in")
def test_a_browser_opens_a_link_to_a_position(tmp_path: Path) -> None:
    scenario = load_scenario("china-korea/services-opening", ["uncertainty.draws=0"])
    world = load_baseline(scenario.baseline)
    desk = tmp_path / "desk.html"
    commands.write_desk("china-korea/services-opening", ["uncertainty.draws=0"], None, desk)
    words = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000",
        "--dump-dom", f"{desk.as_uri()}#services.stri_cut=0.5&horizon=short",
    ]  # fmt: skip
    shown = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=True).stdout
    answer = re.search(r'<ul id="answer">(.*?)</ul>', shown, re.DOTALL)
    assert answer
    lines = re.findall(r"<li>(.*?)</li>", answer[1].replace("&nbsp;", " ").replace("\u00a0", " "))
    opened = moved(scenario, {"services.stri_cut": 0.5}).model_copy(update={"horizon": "short"})
    expected = said_of(simulate(world, opened).drop_vars("welfare_by_elasticity", errors="ignore"))
    assert lines[0] == expected.gains[0] and lines[-1] == expected.condition[0]
    assert "in the scenario itself" in lines[1]
    assert shown.count("<svg") == 5 and "less than 1e-10" in shown
    assert (
        "detente run china-korea/services-opening --set uncertainty.draws=0 --horizon short "
        "--set policies.services.stri_cut=0.5" in shown
    )
