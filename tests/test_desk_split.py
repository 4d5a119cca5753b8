"""Welfare taken apart in the page: the engine's terms, and rules that are exact for polynomials."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente import equilibrium
from detente.calibrate.baseline import load_baseline
from detente.desk import page
from detente.desk.page import carried_by, OnDesk
from detente.scenario import load_scenario
from detente.simulation import prepare

from . import twin


pytestmark = pytest.mark.skipif(not twin.node(), reason="no node here to take a change apart")
HERE = Path(page.__file__).parent
POINTS = 16
NAMES = {"termsOfTrade": "terms_of_trade", "tradeCosts": "trade_costs"}


def taken_apart(
    place: Path, asked: list[OnDesk], addresses: list[str], counts: tuple[int, ...] = ()
) -> dict[str, Any]:
    given, answers = place / "given.json", place / "apart.json"
    request = {"carried": carried_by(asked), "addresses": addresses, "counts": counts}
    given.write_text(json.dumps(request))
    words = [twin.node(), Path(__file__).with_name("split.mjs"), HERE, given, answers]
    subprocess.run([str(word) for word in words], check=True)
    return json.loads(answers.read_text())


def on_desk(name: str, *settings: str) -> OnDesk:
    scenario = load_scenario(name, settings)
    return OnDesk(scenario, load_baseline(scenario.baseline), "detente run x")


CASES = [
    # Potential trade that is let in; services.
    ("china-korea/services-with-culture", ()),
    # Tariffs, entry of firms, nests, labour that is tied and works more.
    (
        "china-korea/truce-broken",
        (
            "horizon=short",
            "adjustment.labour_supply=0.5",
            "adjustment.home_relative_elasticity=0.8",
        ),
    ),
    ("china-korea/truce-broken", ("adjustment.scale=0.5", "adjustment.deficits=proportional")),
    ("china-korea/truce-broken", ("adjustment.entry=fixed",)),
    # Prohibitions.
    ("china-korea/eu-china-cutoff", ()),
    # Tastes, rents, productivity.
    ("china-korea/korea-boycott", ()),
    ("china-korea/dual-use-japan", ()),
    ("china-korea/rare-earths-korea", ()),
]


@pytest.mark.parametrize(("name", "settings"), CASES)
def test_the_terms_are_those_of_the_engine(
    name: str, settings: tuple[str, ...], tmp_path: Path
) -> None:
    asked = on_desk(name, *settings)
    made = taken_apart(tmp_path, [asked], [""])["terms"][0]
    play = prepare(asked.baseline, asked.scenario)
    terms = equilibrium.decompose(play.economy, play.shock, play.closure, points=POINTS)
    countries = len(asked.baseline.countries)
    total = np.zeros(countries)
    expected = {
        of: 100 * np.asarray(getattr(terms, NAMES.get(of, of))).reshape(countries, -1).sum(axis=1)
        for of in made["terms"]
    }
    size = max(np.abs(one).max() for one in expected.values())
    for of, values in made["terms"].items():
        np.testing.assert_allclose(values, expected[of], rtol=0, atol=1e-5 * size, err_msg=of)
        total += values
    np.testing.assert_allclose(total, made["welfare"], rtol=0, atol=1e-9)
    assert np.abs(made["terms"]["unexplained"]).max() < 1e-4 * size


def test_a_year_that_hangs_on_others_is_not_taken_apart(tmp_path: Path) -> None:
    asked = on_desk("china-korea/services-opening")
    made = taken_apart(tmp_path, [asked], ["horizon=3", "horizon=short"])["terms"]
    assert made[0]["terms"] is None and made[0]["status"] == "solved"
    assert made[1]["terms"] is not None


def test_the_rules_are_exact_for_polynomials(tmp_path: Path) -> None:
    counts = (2, 5, POINTS)
    made = taken_apart(tmp_path, [on_desk("china-korea/services-opening")], [], counts)["rules"]
    for count, rule in zip(counts, made, strict=True):
        nodes, weights = np.polynomial.legendre.leggauss(count)
        np.testing.assert_allclose(rule["nodes"], (nodes + 1) / 2, atol=1e-14)
        np.testing.assert_allclose(rule["weights"], weights / 2, atol=1e-14)
        at, slopes = np.asarray(rule["nodes"]), np.asarray(rule["slopes"])
        for power in range(1, count):
            np.testing.assert_allclose(slopes @ at**power, power * at ** (power - 1), atol=1e-10)
