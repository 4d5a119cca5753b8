"""The page of a stance game: its payoffs, answers and thresholds are those of `geo.stance`."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import detente
from detente import commands
from detente._core import OutcomeError, ScenarioError
from detente.desk import page
from detente.desk.encoded import packed
from detente.desk.table import AtTable, carried_to_table, GAME_PAGE, GAME_SOLVER, table_page
from detente.geo.stance import load_game, pure_nash, stance, tabulate
from detente.geo.stance.argument import TIE
from detente.report.stance import _equilibrium, _flip_in_words
from detente.report.stance_summary import stance_summary
from detente.world import Baseline

from . import twin
from .test_stance import SMALL


# Both solve every equation to 1e-10, from other starts; these are percentage points.
SAME = 1e-7
HERE = Path(page.__file__).parent
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
node = pytest.mark.skipif(not twin.node(), reason="no node here to move the page's sliders")


@pytest.fixture(scope="module")
def world() -> Baseline:
    return detente.load_baseline("compact-2022")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("games") / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def carried(reference: str, world: Baseline, overrides: list[str] | None = None) -> dict[str, Any]:
    game = load_game(reference, overrides or [])
    return carried_to_table(AtTable(game, world, "detente stance --draws 0", reference))


def play(given: dict[str, Any], moves: list[dict[str, Any]], place: Path) -> list[dict[str, Any]]:
    """What the page says at each of the positions."""
    asked, answers = place / "game.json", place / "said.json"
    asked.write_text(json.dumps({"carried": given, "moves": moves}), encoding="utf-8")
    words = [twin.node(), Path(__file__).with_name("table.mjs"), HERE, asked, answers]
    subprocess.run([str(word) for word in words], check=True)
    return json.loads(answers.read_text(encoding="utf-8"))


def column(said: dict[str, Any], name: str) -> np.ndarray:
    return np.array([one[name] for one in said["payoffs"]], dtype=float)


def at_random(given: dict[str, Any], seed: int) -> dict[str, Any]:
    (desk,) = given["desks"]
    random = np.random.default_rng(seed)
    movable = [*desk["sliders"], *desk["weights"]]
    numbers = {
        one["key"]: round(float(random.uniform(one["low"], one["high"])), 4) for one in movable
    }
    return {"numbers": numbers}


@node
def test_payoffs_answers_and_thresholds_are_those_of_the_game(
    file: Path, world: Baseline, tmp_path: Path
) -> None:
    """At random positions of all sliders, with other schedules and elasticities."""
    given = carried(str(file), world)
    moves = [
        {},
        at_random(given, 1),
        {**at_random(given, 2), "posted": {"USA.schedule.far": "tariff"}},
        {**at_random(given, 3), "elasticity": 1.5, "posted": {"CHN.schedule.far": "nothing"}},
    ]
    for said in play(given, moves, tmp_path):
        game = load_game(file, said["changes"])
        table = tabulate(game, world)
        size = len(game.active)
        for name in ("welfare", "political", "total"):
            expected = getattr(table, name).reshape(-1, size)
            np.testing.assert_allclose(
                column(said, name), expected, rtol=0, atol=SAME, err_msg=name
            )
        shape = table.welfare.shape[:-1]
        found = [list(np.unravel_index(place, shape)) for place in said["nash"]]
        assert found == pure_nash(table.total, TIE).tolist()
        at = table.players.index("KOR")
        posted = [
            {c: game.posted(c, one) for c in game.principals} | {"KOR": one}
            for one in ("far", "near")
        ]
        far, near = (table.welfare[table.place(one)][at] for one in posted)
        assert said["flips"][0]["value"] == pytest.approx(near - far, abs=2e-8)
        # The cost besides trade at which it is indifferent is B*: right of it the furthest is better.
        totals = [table.total[table.place(one)][at] for one in posted]
        assert (said["flips"][0]["against"] < near - far) == (totals[1] > totals[0])
        best = {seat["action"]["name"] for seat in said["seats"] if seat["cells"][0]["isBest"]}
        assert best == {
            name
            for name, one in zip(("far", "near"), totals, strict=True)
            if one >= max(totals) - TIE
        }
        for code in game.principals:
            for answer, one in zip(said["answers"][code], posted, strict=True):
                own = table.players.index(code)
                values = {name: table.total[table.place(one | {code: name})][own]
                          for name in game.players[code].actions}  # fmt: skip
                most = max(values.values())
                expected = {name for name, value in values.items() if value >= most - TIE}
                assert {action["name"] for action in answer["best"]} == expected
                assert answer["cost"] == pytest.approx(most - values[one[code]], abs=SAME)
                assert answer["isBelieved"] == (one[code] in expected)
        assert said["again"] == said["address"]


@node
def test_the_shipped_game_says_what_stance_prints(world: Baseline, tmp_path: Path) -> None:
    """At its own numbers, and far from them: words, digits, thresholds at both horizons."""
    given = carried("seoul", world)
    moved = {
        "state": "row", "horizon": "short", "elasticity": 1.2,
        "posted": {"CHN.schedule.quiet": "services"},
        "numbers": {
            "CHN.actions.services.policies.services.stri_cut": 0.4,
            "CHN.actions.boycott.policies.tours.quantity": 0.8,
            "USA.actions.tariff.policies.tariff.rate": 0.5,
            "CHN.actions.services_all.policies.services.stri_cut": 0.0,
            "KOR.politics.stance_value": 0.1, "USA.politics.reputation": 0.00005,
            "USA.actions.submarines.political.KOR": -0.2,
        },
    }  # fmt: skip
    for said in play(given, [{}, moved], tmp_path):
        argument = stance("seoul", world, overrides=said["changes"], draws=0)
        assert said["summary"] == stance_summary(argument)
        rows = argument.equilibria.to_dict("records")
        state = argument.about["state"]
        lines = [_equilibrium(argument, row) for row in rows if row["state"] == state]
        assert said["play"][: len(lines)] == lines
        assert said["imputed"] == pytest.approx(argument.about["evidence"]["imputed"], rel=1e-12)
        flips = argument.numbers.query("kind == 'flip' and where == @state")
        assert len(flips) == len(said["flips"]) == 4
        for row, one, other in zip(
            flips.to_dict("records"), said["flips"], said["others"], strict=True
        ):
            assert row["of"] == one["of"]
            words = _flip_in_words(argument, row["of"], state).split(";")[0]
            assert one["words"] == words
            assert one["value"] == pytest.approx(row["value"], abs=SAME)
            assert other["value"] == pytest.approx(row["other_horizon"], abs=SAME)


@node
def test_without_sizes_and_weights_nothing_pays(
    file: Path, world: Baseline, tmp_path: Path
) -> None:
    given = carried(str(file), world)
    off = {"CHN.actions.open.policies.cost.change": 0.0}
    [said] = play(given, [{"numbers": off}], tmp_path)
    assert not column(said, "political").any()
    game = load_game(file)
    shape = [len(game.players[code].actions) for code in game.active]
    by_action = column(said, "welfare").reshape(*shape, len(shape))
    nothing, opened, rationed = by_action
    np.testing.assert_allclose(opened, nothing, rtol=0, atol=1e-12)
    np.testing.assert_allclose(nothing[0], 0.0, rtol=0, atol=1e-12)
    assert np.abs(rationed - nothing).max() > 1e-4


@node
def test_a_move_solves_no_more_than_what_it_moves(
    file: Path, world: Baseline, tmp_path: Path
) -> None:
    given = carried(str(file), world)
    weight = {"numbers": {"KOR.politics.stance_value": 0.2}}
    size = {"numbers": {"USA.actions.tariff.policies.tariff.rate": 0.2}}
    first, second, third, again = play(given, [{}, weight, size, {}], tmp_path)
    assert first["count"] == first["worlds"] > 6
    assert second["count"] == 0 and again["count"] == 0
    assert 0 < third["count"] < first["count"]


@node
def test_what_was_not_solved_has_no_number(file: Path, world: Baseline, tmp_path: Path) -> None:
    """Where the play of the posted schedules has no equilibrium; what does not need it stays."""
    given = carried(str(file), world)
    (desk,) = given["desks"]
    game = load_game(file)
    posted = tabulate(game, world).place({"CHN": "open", "USA": "tariff", "KOR": "near"})
    shape = [len(game.players[code].actions) for code in game.active]
    broken = desk["plays"][desk["rows"]["as it is"][int(np.ravel_multi_index(posted, shape))]]
    broken["horizons"]["long"] = {
        **broken["horizons"]["long"],
        "theta": packed(np.full(28, np.nan)),
    }
    [said] = play(given, [{}], tmp_path)
    assert said["summary"] is None and said["play"] is None
    assert said["flips"][0]["value"] is None and said["flips"][2]["value"] is not None
    near = next(seat for seat in said["seats"] if seat["action"]["name"] == "near")
    assert near["cells"][0]["total"] is None and not near["cells"][0]["isBest"]
    assert near["cells"][1]["total"] is not None
    assert not any(np.ravel_multi_index(posted, shape) == place for place in said["nash"])


@node
def test_the_lines_of_python_and_the_command_ask_about_the_same_game(
    file: Path, world: Baseline, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = carried(str(file), world)
    move = {"horizon": "short", "numbers": {"USA.actions.tariff.policies.tariff.rate": 0.3}}
    [said] = play(given, [move], tmp_path)
    assert said["changes"] == ["horizon=short", "USA.actions.tariff.policies.tariff.rate=0.3"]
    assert said["command"].endswith("--set USA.actions.tariff.policies.tariff.rate=0.3")
    names: dict[str, Any] = {}
    exec(said["python"][0], names)
    assert names["game"] == load_game(file, said["changes"])
    assert "political_percent" in capsys.readouterr().out
    assert said["python"][1].endswith("""print(argument.numbers.query("kind == 'flip'"))""")


def test_an_agent_that_some_stances_suit_alike_is_said() -> None:
    """Between some and not all: `detente stance` looked for one action of both names."""
    about = {"agent": "KOR", "principals": ["CHN"], "states": {"calm": "calm"},
             "names": {"KOR": "South Korea", "CHN": "China"}}  # fmt: skip
    argument: Any = SimpleNamespace(about=about, game=load_game("seoul"))
    row = {"state": "calm", "CHN": "neutral", "KOR": "quiet, soft", "indifferent": False}
    said = "and South Korea stays quiet on Taiwan or takes the soft stance."
    assert _equilibrium(argument, row).endswith(said)


def test_a_policy_that_a_state_holds_already_has_no_slider(world: Baseline) -> None:
    """Moved, it would be applied twice, which the game decides and the page could not."""
    (desk,) = carried("seoul", world)["desks"]
    keys = {one["key"] for one in desk["sliders"]}
    assert not any(key.startswith("CHN.actions.divide.policies.travel") for key in keys)
    assert "CHN.actions.divide.policies.travel" in desk["fixed"]
    assert "states.row.policies.travel" in desk["fixed"]
    assert "CHN.actions.divide.policies.opening.part" in keys
    assert desk["elasticity"] and [*desk["horizons"]] == ["long", "short"]


def test_names_that_are_markup_cannot_run_a_script(world: Baseline, tmp_path: Path) -> None:
    hostile = SMALL.replace(
        "Two bidders and one between them", "</script><script>alert(1)</script>"
    )
    hostile = hostile.replace("levies a tariff", "<img src=x onerror=alert(1)>")
    path = tmp_path / "hostile.toml"
    path.write_text(hostile, encoding="utf-8")
    asked = AtTable(load_game(path), world, "x", str(path))
    text = table_page(asked)
    assert "<script>alert" not in text and "<img" not in text
    assert text.count("<script") == 2 and "sha256-" in text and "worker-src blob:;" in text
    assert "unsafe-eval" not in text
    assert "http:" not in text.replace("http://www.w3.org/2000/svg", "")


def test_the_modules_of_a_game_have_names_of_their_own() -> None:
    text = page.bundle(GAME_PAGE, GAME_SOLVER)
    names = re.findall(r"^(?:const|let|function|async function|class) (\w+)", text, re.MULTILINE)
    assert len(names) == len(set(names)) and len(names) > 50
    assert not re.search(r"^\s*(?:import|export)\b", text, re.MULTILINE)


def test_a_game_has_a_page_of_its_own(file: Path, tmp_path: Path) -> None:
    assert commands.understood_desk("Seoul", [], None) == ("seoul", (), None)
    with pytest.raises(OutcomeError, match="page of its own"):
        commands.write_desk("seoul", [], None, tmp_path / "x.html", ["china-korea/yuan-won"])
    with pytest.raises(OutcomeError, match=r"suffix '\.html'"):
        commands.write_desk(str(file), [], None, tmp_path / "x.json")
    for state, hint in (
        ("war", r"valid names are calm, .*[^.]\."),
        ("rwo", r"did you mean 'row'\?"),
    ):
        with pytest.raises(ScenarioError, match=f"has no state '{state}'; {hint}$"):
            commands.write_desk("seoul", [f"state={state}"], None, tmp_path / "x.html")
    with pytest.raises(ScenarioError, match=r"no scenario 'seol'; did you mean 'seoul'\?"):
        commands.understood_desk("seol", [], None)
    assert not [*tmp_path.iterdir()]


@node
@pytest.mark.skipif(not BROWSER, reason="no Chromium here to open the page in")
def test_a_browser_opens_a_link_to_a_table(file: Path, world: Baseline, tmp_path: Path) -> None:
    """The worker solves; what is shown at the link is what the game says there."""
    written = commands.write_desk(str(file), [], None, tmp_path / "game.html")
    changes = ["horizon=short", "USA.actions.tariff.policies.tariff.rate=0.3"]
    asked = {
        "url": f"{written.as_uri()}#{'&'.join(changes)}",
        "until": "document.querySelector('#answers table') !== null",
        "then": "[document.body.innerText, document.querySelectorAll('svg').length,"
        " document.documentElement.scrollWidth]",
        "width": 390,
    }
    words = [
        twin.node(),
        Path(__file__).parents[1] / "tools/browser.mjs",
        BROWSER,
        json.dumps(asked),
    ]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=True)
    text, drawn, wide = json.loads(done.stdout)
    argument = stance(load_game(file, changes), world, draws=0)
    assert stance_summary(argument)[0] in text.replace("\u00a0", " ")
    assert drawn == 2 and wide <= 390
    assert "worlds are solved: every equation holds" in text
    assert "--set USA.actions.tariff.policies.tariff.rate=0.3" in text
