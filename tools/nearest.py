"""Which files of tests stand nearest to a module: those that import it or a name that it defines.

python -m tools.nearest            the modules that changed since `main`, one a line
python -m tools.nearest MODULE ... the tests nearest to these modules, one a line
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path


ROOT = Path(__file__).resolve().parents[1]
FEW = 3
"""So many files of tests are near to a module; the rest is for the whole suite."""


@cache
def files_of_tests() -> tuple[str, ...]:
    """Every file of tests, by its path from the root."""
    return tuple(
        sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("tests/**/test_*.py"))
    )


def nearest(module: str) -> list[str]:
    """The few tests that stand nearest to a module, named by its path; the nearest first.

    Those of its name, then those that import it or most of what it defines, also from a package,
    then those that share most words with its path, then those that import most of its package.
    """
    dotted = ".".join(Path(module).relative_to("src").with_suffix("").parts)
    dotted = dotted.removesuffix(".__init__")
    package, _, name = dotted.rpartition(".")
    words = set(re.findall("[a-z]+", dotted)) - {"detente"}
    defined = {f"{one}.{name}" for one in _within(dotted) for name in _defined(module)}

    def nearness(test: str) -> tuple[int, ...]:
        imported, named = _imported(test), Path(test).stem.removeprefix("test_")
        return (
            named == name.strip("_"),
            (dotted in imported) + len(defined & imported),
            len(words.intersection(named.split("_"))),
            package != "detente" and sum(one.startswith(package) for one in imported),
        )

    near = [test for test in files_of_tests() if any(nearness(test))]
    return sorted(near, key=nearness, reverse=True)[:FEW]


def changed() -> list[str]:
    """The files of Python that differ from where this branch left `main`, new ones included."""
    left = _git("merge-base", "HEAD", "main") or ["HEAD"]
    names = _git("diff", "--name-only", left[0])
    names += _git("ls-files", "--others", "--exclude-standard")
    return sorted({one for one in names if one.endswith(".py") and (ROOT / one).exists()})


def near_to_change() -> list[str]:
    """The tests that changed, then those of the modules that did."""
    paths = changed()
    of_modules = [test for one in paths if one.startswith("src/") for test in nearest(one)]
    return list(dict.fromkeys([one for one in paths if one in files_of_tests()] + of_modules))


def _within(dotted: str) -> Iterator[str]:
    """The module and the packages around it: `a.b.c`, `a.b`, `a`."""
    while dotted:
        yield dotted
        dotted = dotted.rpartition(".")[0]


@cache
def _imported(test: str) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / test).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found.update(f"{node.module}.{one.name}" for one in node.names)
    return frozenset(found)


def _defined(module: str) -> Iterator[str]:
    for node in ast.parse((ROOT / module).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (one.id for one in node.targets if isinstance(one, ast.Name))


def _git(*words: str) -> list[str]:
    """What git answers; nothing where there is no git, no repository or no such branch."""
    try:
        told = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    except OSError:
        return []
    return told.stdout.split("\n")[:-1] if told.returncode == 0 else []


def main() -> None:
    modules = sys.argv[1:]
    found = [test for one in modules for test in nearest(one)] if modules else changed()
    sys.stdout.writelines(f"{one}\n" for one in dict.fromkeys(found))


if __name__ == "__main__":
    main()
