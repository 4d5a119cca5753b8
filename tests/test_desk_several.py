"""Several scenarios in one page: carried once, chosen by an address, and beside one another."""

import csv
import json
import re
import shutil
import subprocess
import webbrowser
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import pytest
from typer.testing import CliRunner

from detente import commands
from detente._core import OutcomeError, ScenarioError
from detente.calibrate.baseline import load_baseline
from detente.cli import app
from detente.commands.desks import _on_desk
from detente.desk import page, shelf
from detente.desk.page import carried_by, OnDesk
from detente.geo import third_parties
from detente.report.answer import said as said_of
from detente.scenario import load_scenario
from detente.simulation import simulate

from . import twin


HERE = Path(page.__file__).parent
A, B = "china-korea/services-opening", "china-korea/services-with-culture"
SAME_POINTS = 1e-7
node = pytest.mark.skipif(not twin.node(), reason="no node here to move the page's sliders")


def on_desk(name: str, *settings: str) -> OnDesk:
    scenario = load_scenario(name, settings)
    return OnDesk(scenario, load_baseline(scenario.baseline), f"detente run {name}")


@cache
def carried() -> dict[str, Any]:
    return json.loads(page.inert(carried_by([on_desk(A), on_desk(B)])))


def whole(value: Any, pool: list[Any]) -> Any:
    if isinstance(value, dict):
        if "same" in value:
            return pool[value["same"]]
        return {name: whole(one, pool) for name, one in value.items()}
    return [whole(one, pool) for one in value] if isinstance(value, list) else value


def test_what_is_alike_is_carried_once_and_nothing_is_lost() -> None:
    made = carried()
    for asked, desk in zip((on_desk(A), on_desk(B)), made["desks"], strict=True):
        alone = json.loads(page.inert(page.payload(*asked[:3])))
        assert whole(desk, made["pool"]) | alone == whole(desk, made["pool"])
    text = json.dumps(made)
    trade = json.loads(page.inert(page.payload(*on_desk(A)[:3])))["world"]["trade"]["float64"]
    assert text.count(trade) == 1
    assert len(made["pool"]) == len({json.dumps(one) for one in made["pool"]})


def test_two_scenarios_of_one_name_and_a_page_too_large_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ScenarioError, match=f"two of the scenarios are called '{A}'"):
        carried_by([on_desk(A), on_desk(A)])
    monkeypatch.setattr(shelf, "MOST_BYTES", 1000)
    shelf.refuse_large("x" * 10_000_000, 1)
    with pytest.raises(OutcomeError, match="a page of these 2 scenarios has 10 kB compressed"):
        shelf.refuse_large("x" * 10_000_000, 2)


def read(addresses: list[str], place: Path, made: dict[str, Any] | None = None) -> dict[str, Any]:
    given, answers = place / "shelf.json", place / "read.json"
    given.write_text(json.dumps({"carried": made or carried(), "addresses": addresses}))
    words = [twin.node(), Path(__file__).with_name("shelf.mjs"), HERE, given, answers]
    subprocess.run([str(word) for word in words], check=True)
    return json.loads(answers.read_text())


@node
def test_the_address_says_which_scenarios_and_where_their_sliders_are(tmp_path: Path) -> None:
    addresses = [
        "",
        f"scenario={B}",
        f"beside={B}&services.stri_cut=0.5&horizon=short&beside:services.stri_cut=0.125",
        f"scenario={B}&beside={A}&beside:elasticity=1.5",
        f"beside={A}",
        "scenario=none/such&horizon=toString&elasticity=9",
        # Potential trade is built from the elasticities, so they are no slider there.
        f"scenario={B}&elasticity=1.5",
    ]
    made = read(addresses, tmp_path)
    plain, second, both, turned, itself, unknown, built_in = made["said"]
    assert made["same"]
    assert (plain["side"], plain["beside"], plain["address"]) == (A, None, "")
    assert second["side"] == B and second["command"] == f"detente run {B}"
    assert both["positions"]["numbers"]["services.stri_cut"] == 0.5
    assert both["positions"]["horizon"] == "short" and both["besidePositions"]["horizon"] == "long"
    assert both["besidePositions"]["numbers"]["services.stri_cut"] == 0.125
    assert turned["besidePositions"]["elasticity"] == 1.5
    for one, address in ((both, addresses[2]), (turned, addresses[3])):
        assert parse_qs(one["address"]) == parse_qs(address)
        # What stands beside and what is moved change places, each with its positions.
        again = read([one["swapped"]], tmp_path)["said"][0]
        assert (again["side"], again["beside"]) == (one["beside"], one["side"])
        assert again["positions"] == one["besidePositions"]
        assert again["besidePositions"] == one["positions"]
    # Nothing stands beside itself, and what is no number of a slider moves none.
    assert itself["beside"] is None
    assert unknown["side"] == A and unknown["missing"] == ["none/such"]
    assert unknown["address"] == "" and built_in["positions"]["elasticity"] == 1
    assert parse_qs(both["others"][0]) == {"scenario": [B]}


@node
def test_two_beside_one_another_are_the_two_runs_and_their_difference(tmp_path: Path) -> None:
    made = read([f"beside={B}&horizon=short"], tmp_path)["said"][0]
    outcomes = [
        simulate(load_baseline(one.baseline), one)
        for one in (load_scenario(A, ["horizon=short"]), load_scenario(B))
    ]
    for welfare, outcome in zip(made["welfare"], outcomes, strict=True):
        np.testing.assert_allclose(welfare, outcome.welfare, rtol=0, atol=SAME_POINTS)
    one, other = (outcome.welfare.to_series() for outcome in outcomes)
    assert {row["key"] for row in made["countries"]} >= {"KOR", "CHN"}
    for row in made["countries"]:
        assert row["value"] == pytest.approx(one[row["key"]], abs=SAME_POINTS)
        assert row["other"] == pytest.approx(other[row["key"]], abs=SAME_POINTS)
    for name in ("sectors", "flows"):
        assert 5 < len(made[name]) <= 12 and all("otherText" in row for row in made[name])
    rows = list(csv.reader(made["csv"].splitlines()[4:]))
    assert made["csv"].splitlines()[3] == "name,A,B,B less A"
    assert all(float(b) - float(a) == float(less) for _, a, b, less in rows)
    gap = one["KOR"] - other["KOR"]
    korea = next(said for said in made["apart"] if "South Korea" in said)
    assert ("above B" in korea) == (gap > 0)
    said = float(re.findall(r"A is ([\d.]+) points", korea)[0])
    assert said == pytest.approx(abs(gap), rel=0.06)
    assert made["apart"][-1].startswith("A is in the short run and B in the long run")


@node
def test_of_different_worlds_none_stands_beside_the_other(tmp_path: Path) -> None:
    made = json.loads(
        page.inert(carried_by([on_desk(A), _renamed(on_desk(A, "baseline=compact-2014"), "old")]))
    )
    shown = read(["beside=old", "scenario=old"], tmp_path, made)["said"]
    assert shown[0]["beside"] is None and shown[0]["missing"] == []
    assert shown[1]["side"] == "old"


def _renamed(asked: OnDesk, name: str) -> OnDesk:
    return asked._replace(scenario=asked.scenario.model_copy(update={"name": name}))


@node
@pytest.mark.parametrize(
    ("name", "settings", "address"),
    [
        (A, [], "services.stri_cut=0.4&horizon=short"),
        (A, [], "horizon=3"),
        (A, ["services.opens=['CHN', 'JPN']"], "elasticity=1.5&services.enabled=0"),
    ],
)
def test_the_python_under_a_picture_gives_its_numbers(
    name: str, settings: list[str], address: str, tmp_path: Path
) -> None:
    asked = _on_desk(name, settings, "compact-2014")
    made = json.loads(page.inert(carried_by([asked])))
    shown = read([address], tmp_path, {**made, "desks": made["desks"] * 2})["said"][0]
    assert (
        shown["cite"].endswith(shown["command"])
        and str(asked.baseline.about["hash"])[:12] in shown["cite"]
    )
    for picture, rows in shown["rows"].items():
        if rows is None:
            # A year that hangs on those before it is not taken apart, here or there.
            assert picture == "terms" and "horizon=3" in address
            continue
        printed: list[Any] = []
        exec(shown["python"][picture], {"print": printed.append})
        by_key = _by_key(printed[0])
        assert len(rows) > 5
        for row in rows:
            assert row["value"] == pytest.approx(by_key[row["key"]], rel=1e-5, abs=1e-5)


def _by_key(printed: Any) -> dict[str, float]:
    """What was printed, by the keys of the page's rows."""
    if not hasattr(printed, "index"):
        return {name: float(value) for name, value in printed.data_vars.items()}
    if printed.index.nlevels == 3:
        return {f"{o} {s}": value for (o, d, s), value in printed.items() if o != d}
    return dict(printed.items())


@node
def test_the_others_are_the_third_parties_of_the_engine(tmp_path: Path) -> None:
    asked = on_desk(B)
    made = json.loads(page.inert(carried_by([asked, on_desk(A)])))
    sums = read([""], tmp_path, made)["said"][0]["sums"]
    rows = third_parties(asked.baseline, asked.scenario).countries
    others = rows[(rows.horizon == "long") & ~rows.party].equivalent_variation
    assert sums["gains"] == pytest.approx(others[others > 0].sum(), rel=1e-7)
    assert sums["losses"] == pytest.approx(-others[others < 0].sum(), rel=1e-7)
    assert (sums["gainers"], sums["losers"]) == ((others > 0).sum(), (others < 0).sum())


BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.skipif(not BROWSER, reason="no Chromium here to open the page in")
def test_a_browser_shows_two_scenarios_from_a_link(tmp_path: Path) -> None:
    desk = tmp_path / "desk.html"
    written = CliRunner().invoke(app, ["desk", A, B, "--out", str(desk)])
    assert written.exit_code == 0, written.output
    words = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000",
        "--dump-dom", f"{desk.as_uri()}#scenario={B}&beside={A}&beside:horizon=short",
    ]  # fmt: skip
    shown = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=True).stdout
    shown = shown.replace("&nbsp;", " ").replace("\u00a0", " ")
    first, second = load_scenario(B), load_scenario(A, ["horizon=short"])
    for place, scenario in (("answer", first), ("beside-answer", second)):
        listed = re.search(rf'<ul id="{place}">(.*?)</ul>', shown, re.DOTALL)
        assert listed
        outcome = simulate(load_baseline(scenario.baseline), scenario)
        said = said_of(outcome.drop_vars("welfare_by_elasticity", errors="ignore"))
        lines = re.findall(r"<li>(.*?)</li>", listed[1])
        assert lines[0] == said.gains[0] and lines[-1] == said.condition[0]
    assert (
        f'<h1 id="title">{first.title}</h1>' in shown and f"<title>{first.title}</title>" in shown
    )
    assert f"detente run {B}\ndetente run {A} --horizon short" in shown
    assert "A is in the long run and B in the short run" in shown
    assert shown.count("<svg") == 5 and "outline" in shown


def test_every_scenario_is_understood_before_any_is_compiled(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="there is no scenario 'nonesuch'"):
        commands.write_desk(A, [], None, tmp_path / "desk.html", ["nonesuch"])
    assert not list(tmp_path.iterdir())


def test_a_desk_opens_where_it_is_asked_to(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    for place, options in (("one.html", []), ("two.html", ["--open"])):
        written = CliRunner().invoke(app, ["desk", A, "--out", place, *options])
        assert written.exit_code == 0 and written.output.splitlines()[-1] == place
    assert opened == [(home / "two.html").as_uri()]
