"""What every kind of policy owes: an example here, a row in the reference, a zero size, a direction.

A kind that is added without an example fails; so does one that moves another wedge than it says, or
moves it the wrong way.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente._core import ScenarioError
from detente.calibrate.baseline import baseline_from_dataset
from detente.policy import POLICY_KINDS
from detente.policy.at_home import SIDES
from detente.scenario import assumptions, parse_scenario
from detente.simulation import prepare
from detente.world import Baseline

from .test_policy import with_index
from .worlds import dataset, economy


TABLE = Path(__file__).parents[1] / "docs" / "reference" / "scenario.md"
BEGINS = 2030


@dataclass(frozen=True)
class Example:
    """A policy of some size, what makes it one of none, and which wedge it moves, upwards or not.

    One that has no size of its own is nothing before it begins.
    """

    keys: dict[str, Any]
    nothing: dict[str, Any]
    wedge: str
    up: bool
    size: str = ""
    """Its largest move by hand: of `rate`, tariffs by exporter and importer, and `theta`, both CAR."""


SIZED_ELSEWHERE = {"services_liberalisation", "export_deals", "bottleneck"}
"""Kinds whose size hangs on an index, on the flow itself or on time: `test_services`,
`test_promotion`, `test_bottlenecks`."""
ROUTE = {"importers": ["KOR"], "exporters": ["CHN"], "sectors": ["CAR"]}
NOT_YET = {"phase_in": {"start": BEGINS}}
EXAMPLES = {
    "tariff": Example(ROUTE | {"change": 0.1}, {"change": 0.0}, "tariff", up=True, size="0.1"),
    "trade_cost": Example(ROUTE | {"change": 0.1}, {"change": 0.0}, "trade_cost_hat", up=True, size="0.1"),
    "export_tax": Example(ROUTE | {"rate": 0.1}, {"rate": 0.0}, "export_tax", up=True, size="0.1"),
    "rationing": Example(
        ROUTE | {"markup": 0.1, "rent": "exporter"}, {"markup": 0.0}, "rationing", up=True, size="0.1"
    ),
    "prohibition": Example(ROUTE, NOT_YET, "allowed", up=False, size="1.0"),
    "taste": Example(ROUTE | {"change": 0.1}, {"change": 0.0}, "taste_hat", up=True, size="0.1"),
    "opening": Example(ROUTE | {"potential_share": 0.5}, {"part": 0.0}, "opened", up=True, size="1.0"),
    "free_trade_agreement": Example(
        {"members": ["KOR", "CHN"]}, {"tariff_cut": 0.0}, "tariff", up=False, size="rate['CHN', 'KOR']"
    ),
    "end_of_preference": Example(
        ROUTE | {"exporters": ["USA"], "as_for": ["CHN"]}, NOT_YET, "tariff", up=True, size="rate['CHN', 'KOR'] - rate['USA', 'KOR']"
    ),
    "services_liberalisation": Example(
        {"opens": ["CHN"], "to": ["KOR"], "stri_cut": 0.5, "cost_per_stri_point": 1.5},
        {"stri_cut": 0.0}, "trade_cost_hat", up=False,
    ),
    "currency_settlement": Example(
        {"members": ["KOR", "CHN"], "vehicle_cost": 30.0, "direct_cost": 10.0, "share": 0.5},
        {"share": 0.0}, "trade_cost_hat", up=False, size="1 - exp(-0.5 * (30 - 10) / 10_000)",
    ),
    "summit": Example(
        {"visitor": ["KOR"], "host": ["CHN"], "growth": 0.1}, {"growth": 0.0},
        "trade_cost_hat", up=False, size="1 - 1.1 ** (-1 / theta)",
    ),
    "export_deals": Example(
        ROUTE | {"value": 1.0, "realisation": 0.5}, {"realisation": 0.0},
        "trade_cost_hat", up=False,
    ),
    "export_control": Example(
        ROUTE | {"covered_share": 0.3}, {"covered_share": 0.0}, "allowed", up=False, size="0.3"
    ),
    "bloc_split": Example(
        {"blocs": {"West": ["USA"], "East": ["CHN"]}, "change": 0.1}, {"change": 0.0},
        "trade_cost_hat", up=True, size="0.1",
    ),
    "policy_uncertainty": Example(
        ROUTE | {"deviations": 2.0, "cost_per_deviation": 0.01}, {"deviations": 0.0},
        "trade_cost_hat", up=True, size="exp(2 * 0.01) - 1",
    ),
    "affiliate_demand": Example(
        {"parents": ["KOR"], "hosts": ["USA"], "sectors": ["CAR"], "output_growth": 0.5,
         "parts_elasticity": 0.4},
        {"output_growth": 0.0}, "taste_hat", up=True, size="1.5**0.4 - 1",
    ),
    "bottleneck": Example(
        {"exporters": ["CHN"], "importers": ["KOR"], "sectors": ["CAR"], "supply_share": [0.4, 0.6, 0.7],
         "cost_share": [0.001, 0.002, 0.004], "stocks": [0.5, 1.5, 3.25], "substitution": [0.05, 0.15, 0.3],
         "recovery": [21, 34, 65], "lost": 0.9, "lasts": 7.5, "months": 11.0},
        {"lost": 0.0}, "productivity_hat", up=False,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(with_index(dataset(economy())))


def wedges(baseline: Baseline, kind: str, keys: dict[str, Any], year: int) -> dict[str, np.ndarray]:
    """Every wedge of the shock; one that is left out as the value at which it does nothing."""
    document = {"title": "A test", "year": year, "policies": {"one": {"kind": kind, **keys}}}
    play = prepare(baseline, parse_scenario(document, "test"))
    nothing = np.zeros(baseline.economy.trade.shape)
    absent = {"export_tax": nothing, "rationing": nothing, "opened": nothing,
              "taste_hat": nothing + 1.0, "productivity_hat": nothing[0] + 1.0}  # fmt: skip
    found = {name: getattr(play.shock, name) for name in ("tariff", "trade_cost_hat", "allowed")}
    found |= {name: getattr(play.shock, name) for name in absent}
    return {name: absent[name] if one is None else np.asarray(one) for name, one in found.items()}


def test_every_kind_has_an_example() -> None:
    assert list(EXAMPLES) == list(POLICY_KINDS)


@pytest.mark.parametrize("kind", POLICY_KINDS)
def test_a_policy_of_no_size_is_no_shock(kind: str, baseline: Baseline) -> None:
    example = EXAMPLES[kind]
    found = wedges(baseline, kind, example.keys | example.nothing, BEGINS - 1)
    none = wedges(baseline, kind, example.keys | {"enabled": False}, BEGINS)
    for name, wedge in found.items():
        np.testing.assert_array_equal(wedge, none[name], err_msg=name)


@pytest.mark.parametrize("kind", POLICY_KINDS)
def test_a_policy_moves_its_wedge_the_way_it_should_and_no_other(
    kind: str, baseline: Baseline
) -> None:
    example = EXAMPLES[kind]
    found = wedges(baseline, kind, example.keys, BEGINS)
    none = wedges(baseline, kind, example.keys | {"enabled": False}, BEGINS)
    moved = {name: found[name] - none[name] for name in found if (found[name] != none[name]).any()}
    assert list(moved) == [example.wedge]
    signs = set(np.sign(moved[example.wedge]).ravel()) - {0.0}
    assert signs == {1.0 if example.up else -1.0}


@pytest.mark.parametrize("kind", [kind for kind in POLICY_KINDS if kind not in SIZED_ELSEWHERE])
def test_the_size_that_is_asked_for_arrives(kind: str, baseline: Baseline) -> None:
    example, tariff = EXAMPLES[kind], np.asarray(baseline.economy.tariff)
    car = baseline.sector_index["CAR"]
    rate = {
        (exporter, importer): tariff[place, other, car]
        for exporter, place in baseline.country_index.items()
        for importer, other in baseline.country_index.items()
    }
    theta = float(baseline.economy.trade_elasticity[car])
    wanted = eval(example.size, {"rate": rate, "theta": theta, "exp": np.exp})
    moved = wedges(baseline, kind, example.keys, BEGINS)[example.wedge]
    moved = moved - wedges(baseline, kind, example.keys | {"enabled": False}, BEGINS)[example.wedge]
    assert np.abs(moved).max() == pytest.approx(wanted, rel=1e-9)


def sides_of(kind: str) -> tuple[str, str] | None:
    """The fields of a kind that name who is on either side of it; none where it has members."""
    fields = POLICY_KINDS[kind].model_fields
    return next((two for two in SIDES if set(two) <= set(fields)), None)


def alone(kind: str) -> dict[str, Any]:
    """The example of a kind with Korea alone on both of its sides."""
    keys, sides = EXAMPLES[kind].keys, sides_of(kind)
    if sides is not None:
        return keys | {sides[0]: ["KOR"], sides[1]: ["KOR"]}
    oneself = {"members": ["KOR"], "blocs": {"One": ["KOR"], "Other": ["KOR"]}}
    return keys | {name: one for name, one in oneself.items() if name in keys}


@pytest.mark.parametrize("kind", POLICY_KINDS)
def test_no_policy_acts_on_a_country_and_itself(kind: str, baseline: Baseline) -> None:
    with pytest.raises(
        ScenarioError, match=r"alone on both sides|two members or more|another bloc has"
    ):
        wedges(baseline, kind, alone(kind), BEGINS)


@pytest.mark.parametrize("kind", [kind for kind in POLICY_KINDS if sides_of(kind)])
def test_what_a_country_sells_itself_is_left_out_and_said_to_be(
    kind: str, baseline: Baseline
) -> None:
    """Where it is one of those that its policy is on: as without it, with one sentence more."""
    sides = sides_of(kind)
    assert sides is not None
    both = EXAMPLES[kind].keys | {sides[0]: ["KOR"], sides[1]: ["KOR", "CHN"]}
    if kind == "end_of_preference":
        both |= {"as_for": ["USA"]}
    others = both | {sides[1]: ["CHN"]}
    # A bottleneck's sellers do not lose it to themselves: it has no buyer left but the other.
    if kind == "bottleneck":
        both, others = (
            both | {sides[0]: ["KOR", "CHN"], sides[1]: ["CHN"]},
            both | {sides[1]: ["CHN"]},
        )
    mixed, apart = (wedges(baseline, kind, keys, BEGINS) for keys in (both, others))
    for name, wedge in apart.items():
        np.testing.assert_array_equal(mixed[name], wedge, err_msg=name)
    said, plain = (sentences(baseline, kind, keys) for keys in (both, others))
    who = "CHN" if kind == "bottleneck" else "KOR"
    line = f"What {who} sells to itself is left out: policies act on trade abroad."
    assert line in said and line not in plain


def sentences(baseline: Baseline, kind: str, keys: dict[str, Any]) -> list[str]:
    document = {"title": "A test", "year": BEGINS, "policies": {"one": {"kind": kind, **keys}}}
    return assumptions(parse_scenario(document, "test"), baseline)


def test_a_line_of_a_schedule_is_on_what_another_country_sells(baseline: Baseline) -> None:
    line = {"importer": "KOR", "exporter": "CHN", "sector": "CAR", "rate": 0.3}
    own = line | {"exporter": "KOR"}
    with pytest.raises(ScenarioError, match=r"line 2 of its schedule has KOR on both sides"):
        wedges(baseline, "tariff", {"lines": [line, own]}, BEGINS)
    every = {"lines": [line | {"exporter": "all"}]}
    assert not [one for one in sentences(baseline, "tariff", every) if "to itself" in one]


def test_a_distance_is_between_two_countries(baseline: Baseline) -> None:
    keys = {"positions": {"KOR": 1.0}, "cost_per_point": 0.1}
    with pytest.raises(ScenarioError, match="positions of two countries or more"):
        wedges(baseline, "bloc_split", keys, BEGINS)


def test_every_kind_has_a_row_that_says_what_it_does_to_the_model() -> None:
    section = TABLE.read_text(encoding="utf-8").partition("## What the kinds do to the model")[2]
    rows = re.findall(r"^\| `(\w+)` \| .+ \|$", section.partition("\n## ")[0], re.MULTILINE)
    assert rows == list(POLICY_KINDS)
