"""No policy vanishes: what a question lays over a scenario never takes the place of its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from detente._core import ScenarioError
from detente.calibrate.baseline import baseline_from_dataset
from detente.geo.conflict import conflict, War
from detente.policy import Policy
from detente.scenario import combined, parse_scenario, Scenario, with_policies
from detente.world import Baseline

from .worlds import dataset, economy


SOURCES = sorted((Path(__file__).parents[1] / "src" / "detente").rglob("*.py"))
PAIR = ("CHN", "USA")
LEVY = {"kind": "tariff", "importers": ["USA"], "exporters": ["CHN"], "sectors": "all", "rate": 1.0}


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy(3)))


def levied(name: str) -> Scenario:
    return parse_scenario({"title": "A levy", "policies": {name: LEVY}}, "levied")


def test_policies_are_laid_over_those_that_are_there() -> None:
    both = with_policies(levied("levy"), levied("more").policies)
    assert list(both.policies) == ["levy", "more"]
    with pytest.raises(ScenarioError, match=r"has a policy 'levy' already, .* rename it"):
        with_policies(levied("levy"), levied("levy").policies)


@pytest.mark.parametrize("name", ["war", "decoupling"])
def test_a_policy_named_as_the_war_is_asked_about(name: str, baseline: Baseline) -> None:
    """Before, it was in force in peace and not in the war: 6.44 where 6.61 is right."""
    added: dict[str, Policy] = War().policies(PAIR, baseline)
    assert name in {*added, "decoupling"}
    with pytest.raises(ScenarioError, match=f"has a policy '{name}' already"):
        conflict(baseline, PAIR, scenario=levied(name), decoupling=0.3)
    assert np.isfinite(conflict(baseline, PAIR, scenario=levied("levy")).sides.loss).all()


def test_a_scenario_added_to_itself_again_loses_nothing() -> None:
    one = levied("levy")
    assert list(combined(one, one).policies) == ["levy", "levy of scenario"]
    with pytest.raises(ScenarioError, match="'levy of scenario' already"):
        combined(one, one, one)


def lays_over(tree: ast.AST) -> Iterator[int]:
    """Lines on which the policies of something are merged with others in one table."""
    is_policies = lambda node: isinstance(node, ast.Attribute) and node.attr == "policies"
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            spread = [v for k, v in zip(node.keys, node.values, strict=True) if k is None]
            if any(map(is_policies, spread)):
                yield node.lineno
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            if is_policies(node.left) or is_policies(node.right):
                yield node.lineno


def test_the_search_finds_what_it_looks_for() -> None:
    ways = ("{**one.policies, **more}", "one.policies | more", "{**more, **one.policies}")
    assert [list(lays_over(ast.parse(way))) for way in ways] == [[1]] * 3


def test_there_is_no_other_way_to_lay_policies_over_a_scenario() -> None:
    found = {
        path.name: lines
        for path in SOURCES
        if (lines := list(lays_over(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert {name: len(lines) for name, lines in found.items()} == {"scenario.py": 1}
