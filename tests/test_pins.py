"""The requirements files: names, versions and hashes, for every Python that détente runs on."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement


ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OURS = PROJECT["project"]
PYTHONS = [
    one.rpartition(" ")[2] for one in OURS["classifiers"] if re.search(r"Python :: 3\.\d+", one)
]


def asked_by(group: str) -> list[str]:
    """What a group of developers' packages asks for, with the groups that it includes."""
    listed = PROJECT["dependency-groups"][group]
    included = [name for one in listed if isinstance(one, dict) for name in one.values()]
    inside = [one for name in included for one in asked_by(name)]
    return [*inside, *(one for one in listed if isinstance(one, str))]


ASKED = {
    "requirements.txt": OURS["dependencies"],
    "requirements-dev.txt": [
        *OURS["dependencies"],
        *(one for extra in OURS["optional-dependencies"].values() for one in extra),
        *asked_by("dev"),
    ],
    "requirements-build.txt": asked_by("build"),
    "requirements-bench.txt": [*OURS["dependencies"], *asked_by("bench")],
}


def pins(name: str, python: str) -> list[Requirement]:
    """What is installed on Linux by this Python."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    every = [Requirement(one.removesuffix("\\")) for one in lines if "==" in one]
    here = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    return [one for one in every if one.marker is None or one.marker.evaluate(here)]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", ASKED)
def test_one_version_of_everything_that_is_asked_for(name: str, python: str) -> None:
    found = pins(name, python)
    versions = {one.name: str(one.specifier).removeprefix("==") for one in found}
    assert len(versions) == len(found), "two versions of one package"
    asked = [Requirement(one) for one in ASKED[name]]
    assert not [one for one in asked if versions.get(one.name) not in one.specifier], "make pins"


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", ["requirements.txt", "requirements-build.txt"])
def test_development_adds_to_what_a_run_needs_and_changes_none_of_it(
    name: str, python: str
) -> None:
    """`make demo` installs the first two, and `make test` then the third in the same place."""
    developed = {one.name: one.specifier for one in pins("requirements-dev.txt", python)}
    assert not [one for one in pins(name, python) if developed.get(one.name) != one.specifier]


def test_the_oldest_python_is_the_first_that_is_named() -> None:
    assert OURS["requires-python"] == f">={PYTHONS[0]}"
    assert {"3.11", "3.13"} <= set(PYTHONS)
