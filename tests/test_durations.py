"""Which files of tests are run where not all can be, and in which order: by measured seconds."""

from pathlib import Path

import pytest

from tools import durations, nearest
from tools.durations import chosen, measured, told
from tools.nearest import files_of_tests


EVERY = ("tests/test_a.py", "tests/test_b.py", "tests/test_c.py", "tests/test_new.py")
KNOWN = {"tests/test_a.py": 50.0, "tests/test_b.py": 5.0, "tests/test_c.py": 20.0}
A, B, C, NEW = EVERY


def test_the_table_names_only_files_that_are_there() -> None:
    assert measured()
    assert not measured().keys() - set(files_of_tests()), (
        "python -m tools.durations writes it without them"
    )


@pytest.mark.parametrize(
    ("seconds", "near", "taken", "too_long"),
    [
        (30, [], [NEW, B, C], []),
        (24, [], [NEW, B], []),
        (30, [C], [NEW, C, B], []),
        (90, [A], [NEW, A, B, C], []),
        (60, [A], [NEW, B, C], [A]),
        (3, [NEW, B], [NEW], [B]),
    ],
)
def test_what_is_near_is_run_first_and_what_is_cheap_then(
    seconds: float, near: list[str], taken: list[str], too_long: list[str]
) -> None:
    """Never more than the seconds; a file that nobody measured always."""
    assert chosen(seconds, near, EVERY, KNOWN) == (taken, too_long)
    assert sum(KNOWN.get(one, 0) for one in taken) <= seconds


def test_seconds_are_those_of_all_tests_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of a class, and of a file whose name begins as another's; others keep what they had."""
    report = tmp_path / "junit.xml"
    report.write_text(
        "<testsuites><testsuite>"
        '<testcase classname="tests.test_policy" name="one" time="1.5"/>'
        '<testcase classname="tests.test_policy.TestIt" name="two" time="2.25"/>'
        '<testcase classname="tests.test_policy_kinds" name="three" time="8"/>'
        '<testcase classname="" name="tests.test_layers" time="0"><error/></testcase>'
        "</testsuite></testsuites>"
    )
    found = told([str(report)])
    assert found == {"tests/test_policy.py": 3.75, "tests/test_policy_kinds.py": 8.0}
    table = tmp_path / "durations.csv"
    table.write_text("file,seconds\ntests/test_gone.py,9\ntests/test_cli.py,5.0\n")
    monkeypatch.setattr(durations, "TABLE", table)
    durations.write(found)
    assert table.read_text() == (
        "file,seconds\ntests/test_policy_kinds.py,8.0\ntests/test_cli.py,5.0\n"
        "tests/test_policy.py,3.8\n"
    )


@pytest.mark.parametrize(
    ("module", "test"),
    [
        ("equilibrium/_solve.py", "test_equilibrium.py"),
        ("claims/reading/quantities.py", "test_reading_amounts.py"),
        ("policy/costs.py", "test_policy.py"),
        ("geo/patience.py", "test_patience.py"),
        ("gravity/__init__.py", "test_gravity.py"),
    ],
)
def test_the_nearest_tests_are_those_of_its_name_or_of_what_it_defines(
    module: str, test: str
) -> None:
    found = nearest.nearest(f"src/detente/{module}")
    assert f"tests/{test}" in found and set(found) <= set(files_of_tests())
    assert len(found) <= nearest.FEW


def test_what_changed_is_what_differs_from_main_and_what_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "ROOT", tmp_path)
    assert nearest.changed() == []
    for name in ("kept.py", "other.py", "page.md"):
        (tmp_path / name).write_text("1\n")
    who = ("-c", "user.name=x", "-c", "user.email=x")
    nearest._git("init", "--quiet", "--initial-branch", "main")
    nearest._git("add", ".")
    nearest._git(*who, "commit", "--quiet", "--message", "first")
    assert nearest.changed() == []
    nearest._git("checkout", "--quiet", "-b", "branch")
    (tmp_path / "other.py").write_text("2\n")
    (tmp_path / "page.md").write_text("2\n")
    nearest._git(*who, "commit", "--quiet", "--all", "--message", "second")
    (tmp_path / "new.py").write_text("3\n")
    assert nearest.changed() == ["new.py", "other.py"]
