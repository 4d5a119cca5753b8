"""What the package itself offers is little, and all of it is there and documented."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

import detente


VERBS = {
    "answer", "ask", "brief", "build_world", "card", "chart", "load_baseline", "load_outcome", "load_scenario",
    "simulate", "solve",
}  # fmt: skip
PAGE = Path(__file__).parents[1] / "docs" / "reference" / "python.md"


def test_the_package_offers_eleven_verbs_nouns_and_modules_by_subject() -> None:
    offered = {name: getattr(detente, name) for name in detente.__all__}
    verbs = {name for name, one in offered.items() if inspect.isroutine(one)}
    nouns = {name for name, one in offered.items() if inspect.isclass(one)}
    modules = {name for name, one in offered.items() if inspect.ismodule(one)}
    assert verbs == VERBS
    assert len(nouns) <= 20 and not set(offered) - verbs - nouns - modules
    assert all(one.__doc__ for one in offered.values())


def test_the_page_names_what_is_offered() -> None:
    page = PAGE.read_text(encoding="utf-8")
    missing = [name for name in detente.__all__ if not re.search(rf"\b{name}\b", page)]
    assert not missing


@pytest.mark.parametrize("name", re.findall(r"^::: (\S+)$", PAGE.read_text("utf-8"), re.MULTILINE))
def test_what_the_page_describes_is_there(name: str) -> None:
    module, _, member = name.rpartition(".")
    assert getattr(importlib.import_module(module), member).__doc__
