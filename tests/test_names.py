"""Names: one class, one name; locals that say what they are; the field's words where they belong."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "detente"
TREES = {
    path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(SOURCE.rglob("*.py"))
}
TWICE = {
    # A question and what answers it.
    "Bargain", "Conflict", "Episode", "Exposure", "Leverage", "Patience", "Risk", "Sensitivity",
    # Of two questions, or of a question and a policy.
    "Opening", "Question", "Terms",
}  # fmt: skip
"""Classes of one name in two modules; no name is added, and one that is mended leaves the list."""


def test_one_class_one_name() -> None:
    homes = defaultdict(list)
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(name)
    twice = {name: places for name, places in homes.items() if len(places) > 1}
    assert {name: places for name, places in twice.items() if name not in TWICE} == {}
    assert twice.keys() >= TWICE, "mended: take it off the list"


def _bound(node: ast.AST) -> str | None:
    """The name that a node binds: a variable, an argument, or what a pattern takes."""
    if isinstance(node, ast.Name):
        return node.id if isinstance(node.ctx, ast.Store) else None
    if isinstance(node, ast.arg):
        return node.arg
    return node.name if isinstance(node, ast.MatchAs | ast.MatchStar) else None


def test_no_local_is_called_found() -> None:
    """It may be a match, a table, an equilibrium or a reason: the reader should not have to look.

    Fields are not asked: what a finding `found` is printed, and a key of JSON.
    """
    vague = [
        f"{name}:{node.lineno}"
        for name, tree in TREES.items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.Lambda)
        for node in ast.walk(function)
        if _bound(node) == "found"
    ]
    assert not vague


def _glossary() -> dict[str, str]:
    """The module in which each term of the field is said to stand."""
    page = (ROOT / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")
    lines = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    return {term: module.strip("`") for term, _, _, module in lines[1:]}


def test_the_glossary_is_a_glossary() -> None:
    assert len(_glossary()) >= 40


@pytest.mark.parametrize(("term", "module"), _glossary().items())
def test_a_term_of_the_field_is_said_where_it_is_computed(term: str, module: str) -> None:
    said = [
        " ".join(node.value.value.split())
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]
    assert term.lower() in " ".join(said).lower()
