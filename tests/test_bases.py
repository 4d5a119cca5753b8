"""A book of trade has one name, which stands in one place; another name is refused."""

import ast
import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

import detente
from detente.claims.observed import TradeSeries
from detente.claims.units import Quantity
from detente.data.bases import BASES, known_basis, NATIONAL_BASES


SOURCE = Path(detente.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))
SHIPPED = [
    path
    for path in sorted((SOURCE / "library" / "record").glob("*.csv"))
    if "basis" in path.read_text(encoding="utf-8").splitlines()[0].split(",")
]


def named(tree: ast.AST) -> Iterator[str]:
    """Books that code names by itself: names that mean nothing else, and values of a `basis`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            pairs = list(zip(node.keys, node.values, strict=True))
        elif isinstance(node, ast.Call):
            pairs = [(ast.Constant(one.arg), one.value) for one in node.keywords]
        else:
            pairs = []
        values = [v for k, v in pairs if isinstance(k, ast.Constant) and k.value == "basis"]
        for one in (node, *values):
            if isinstance(one, ast.Constant) and one.value in BASES:
                if one is not node or " " in str(one.value):
                    yield str(one.value)


def test_the_search_finds_what_it_looks_for() -> None:
    for way in ("'korean customs'", "f(basis='comtrade')", "{'basis': 'harmonised'}"):
        assert len(set(named(ast.parse(way)))) == 1
    assert not list(named(ast.parse("f(holder='exporter')")))


def test_no_module_names_a_book_by_itself() -> None:
    found = {
        path.relative_to(SOURCE).as_posix(): names
        for path in MODULES
        if (names := list(named(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert list(found) == ["data/bases.py"], found


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_what_ships_is_on_known_books(path: Path) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        assert {row["basis"] for row in csv.DictReader(file)} <= set(BASES)


def test_every_book_is_described_and_a_country_has_one() -> None:
    assert len(SHIPPED) == 4
    assert all(one.name == name and one.description for name, one in BASES.items())
    assert len(NATIONAL_BASES) == sum(bool(one.economy) for one in BASES.values())


def test_another_name_is_refused_with_the_nearest() -> None:
    assert known_basis("comtrade") == "comtrade"
    series = {"reporter": "KOR", "partner": "CHN", "flow": "exports"}
    figure = {"value": 18, "unit": "billion US$"}
    for refused in (
        lambda: known_basis("korean custom"),
        lambda: TradeSeries.model_validate(series | {"basis": "korean custom"}),
        lambda: Quantity.model_validate(figure | {"basis": "korean custom"}),
    ):
        with pytest.raises(ValueError, match="no accounting basis; did you mean 'korean customs'"):
            refused()
