"""The faults that are put into the package: each is one, where it is said to be, and still Python."""

import ast

import pytest

from tools.mutate import drawn, faults, ROOT


SOURCE = b'''"""A text of "words" + 1 that is left alone."""
TABLE = {"won": "one word"}
LIMIT = 3
def share(part, whole):
    if not part < whole:
        return 0.5
    return "a" + part if part == "\xea\xb0\x80" else part * whole - part
'''
PUT = {
    ("formula", 5, "(part < whole)"), ("formula", 5, "(part <= whole)"),
    ("formula", 7, "(part / whole)"), ("formula", 7, "(part * whole + part)"),
    ("threshold", 3, "4"), ("threshold", 6, "0.55"),
    ("table", 2, "'wonq'"), ("table", 2, "'oneq word'"),
}  # fmt: skip


def test_every_fault_of_a_module_and_no_other() -> None:
    """Bytes and letters differ; texts that are added up are no sums."""
    found = list(faults("x.py", SOURCE))
    assert {(one.kind, one.line, one.put) for one in found} == PUT and len(found) == len(PUT)
    for one in found:
        assert ast.dump(ast.parse(one.into(SOURCE))) != ast.dump(ast.parse(SOURCE))


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_drawn_is_the_same_again_and_of_all_kinds(seed: int) -> None:
    once = drawn(9, seed, "claims")
    assert once == drawn(9, seed, "claims") != drawn(9, seed + 1, "claims")
    assert [one.kind for one in once] == ["formula", "threshold", "table"] * 3
    for one in once:
        assert "claims" in one.module
        ast.parse(one.into((ROOT / one.module).read_bytes()))
