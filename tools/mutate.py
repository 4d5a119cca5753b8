"""Put small faults into the package, one at a time, and see whether the nearest tests notice.

python -m tools.mutate COUNT [SEED [SECONDS [NAME]]]

A third of the faults are in formulas (+ for -, * for /, < for <=, a `not` dropped), a third in
thresholds (a number a tenth larger, a whole one larger by one), a third in a word of a literal
table; only in modules whose path has NAME in it, if there is one. The tests are the nearest and
what else is near, of so many SECONDS together; after twice as many they stop. What lives is a rule
that no test holds, or a fault that changes nothing: a person decides which. The faults are put into
a copy.
"""

import ast
import importlib
import os
import random
import re
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, zip_longest
from pathlib import Path

from tools.durations import measured
from tools.nearest import nearest, ROOT


SWAPPED: dict[type, ast.operator | ast.cmpop] = {
    ast.Add: ast.Sub(), ast.Sub: ast.Add(), ast.Mult: ast.Div(), ast.Div: ast.Mult(),
    ast.Lt: ast.LtE(), ast.LtE: ast.Lt(), ast.Gt: ast.GtE(), ast.GtE: ast.Gt(),
}  # fmt: skip
PATIENCE = 120


@dataclass(frozen=True)
class Fault:
    """A piece of a module, by its bytes, and what is put in its place."""

    module: str
    line: int
    start: int
    end: int
    kind: str
    put: str

    def into(self, source: bytes) -> bytes:
        return source[: self.start] + self.put.encode() + source[self.end :]


def faults(module: str, source: bytes) -> Iterator[Fault]:
    """Every fault that can be put into a module."""
    tree = ast.parse(source)
    begins = [0]
    for line in source.splitlines(keepends=True):
        begins.append(begins[-1] + len(line))
    for kind, node, put in (*_expressions(tree), *_thresholds(tree), *_tables(tree)):
        start = begins[node.lineno - 1] + node.col_offset
        end = begins[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        yield Fault(module, node.lineno, start, end, kind, put)


def _expressions(tree: ast.AST) -> Iterator[tuple[str, ast.expr, str]]:
    """In place of a formula the formula with one sign turned; types are no formulas."""
    for node in ast.walk(tree):
        put: ast.expr | None = None
        if isinstance(node, ast.BinOp) and type(node.op) in SWAPPED and not _text(node):
            put = ast.BinOp(node.left, SWAPPED[type(node.op)], node.right)  # pyright: ignore
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPPED:
            turned = [SWAPPED[type(node.ops[0])], *node.ops[1:]]
            put = ast.Compare(node.left, turned, node.comparators)  # pyright: ignore
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            put = node.operand
        if put is not None and isinstance(node, ast.expr):
            yield "formula", node, f"({ast.unparse(put)})"


def _text(node: ast.BinOp) -> bool:
    return any(
        isinstance(one, ast.JoinedStr) or isinstance(getattr(one, "value", None), str)
        for one in ast.walk(node)
    )


def _thresholds(tree: ast.Module) -> Iterator[tuple[str, ast.expr, str]]:
    """Fractions anywhere, whole numbers where they are compared or have a name of their own."""
    whole: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            whole.update(node.comparators)
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            whole.update(ast.walk(node.value))
    for node in ast.walk(tree):
        value = getattr(node, "value", None)
        if isinstance(node, ast.Constant) and type(value) is float:
            yield "threshold", node, repr(1.1 * value or 0.1)
        elif isinstance(node, ast.Constant) and type(value) is int and node in whole:
            yield "threshold", node, repr(value + 1)


def _tables(tree: ast.Module) -> Iterator[tuple[str, ast.expr, str]]:
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            for table in ast.walk(statement.value):
                if isinstance(table, ast.Dict | ast.Tuple | ast.List | ast.Set):
                    for node in ast.iter_child_nodes(table):
                        value = getattr(node, "value", None)
                        if isinstance(node, ast.Constant) and isinstance(value, str):
                            put = re.sub(r"[^\W\d_]{3,}", r"\g<0>q", value, count=1)
                            if put != value:
                                yield "table", node, repr(put)


def drawn(count: int, seed: int, within: str) -> list[Fault]:
    """Faults at random, as many of each kind."""
    every: dict[str, list[Fault]] = {"formula": [], "threshold": [], "table": []}
    for path in sorted((ROOT / "src").rglob("*.py")):
        module = path.relative_to(ROOT).as_posix()
        if within in module:
            for fault in faults(module, path.read_bytes()):
                every[fault.kind].append(fault)
    random.seed(seed)
    piles = [random.sample(pile, len(pile)) for pile in every.values()]
    return [fault for some in zip_longest(*piles) for fault in some if fault][:count]


def noticed(fault: Fault, copy: Path, patience: int, sound: dict[tuple[str, ...], bool]) -> str:
    """Whether the nearest test of a fault fails with it, or another that is near and quick."""
    known = measured()
    near = nearest(fault.module)
    if not near or known.get(near[0], 0.0) > patience:
        return "too long"
    quick = sorted(near, key=lambda one: (known.get(one, 0.0), one != near[0]))
    ends = accumulate(known.get(one, 0.0) for one in quick)
    fit = {one for one, end in zip(quick, ends, strict=True) if end <= patience} | {near[0]}
    tests = tuple(one for one in quick if one in fit)
    target = copy / fault.module
    source = target.read_bytes()
    target.write_bytes(fault.into(source))
    verdict = _played(tests, copy, patience)
    target.write_bytes(source)
    if verdict == "was caught" and tests not in sound:
        sound[tests] = _played(tests, copy, patience) == "lived"
    return verdict if sound.get(tests, True) else "fails without it"


def _played(tests: tuple[str, ...], copy: Path, patience: int) -> str:
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (2 * patience, 2 * patience + 5))
        status = 1
        try:
            status = _failed(tests, copy)
        finally:
            # Whatever happened, the copy is the parent's to remove.
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended):
        return "ran out of time"
    return "was caught" if os.waitstatus_to_exitcode(ended) else "lived"


def _failed(tests: tuple[str, ...], copy: Path) -> int:
    """The exit status of pytest on the copy, said to nobody; in a process of its own."""
    import pytest

    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1), os.dup2(silent, 2)
    os.chdir(copy)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(copy / "src"), str(copy)])
    sys.path[:0] = [str(copy / "src"), str(copy)]
    for name in [one for one in sys.modules if one.partition(".")[0] in ("tools", "detente")]:
        del sys.modules[name]
    return pytest.main(["-q", "-x", "-p", "no:cacheprovider", *tests])


def main() -> None:
    defaults = ("60", "1", f"{PATIENCE}", "")
    count, seed, patience, within = (*sys.argv[1:], *defaults[len(sys.argv) - 1 :])
    with tempfile.TemporaryDirectory(prefix="faults-") as place:
        # Without what git, the tools and the tests keep for themselves.
        shutil.copytree(
            ROOT,
            place,
            ignore=shutil.ignore_patterns(".git", ".venv*", ".*_cache"),
            dirs_exist_ok=True,
        )
        # What every run loads is loaded once: processes are forked from this one.
        for name in ("jax", "pandas", "xarray", "scipy.stats", "pydantic", "altair"):
            importlib.import_module(name)
        os.environ.setdefault("DETENTE_RAW", str(ROOT.parent / "shared" / "data"))
        sound: dict[tuple[str, ...], bool] = {}
        for fault in drawn(int(count), int(seed), within):
            begun = time.monotonic()
            source = (ROOT / fault.module).read_bytes()[fault.start : fault.end].decode()
            verdict = noticed(fault, Path(place), int(patience), sound)
            took = time.monotonic() - begun
            sys.stdout.write(
                f"{verdict:15} {fault.kind:9} {fault.module}:{fault.line}: {source!r} -> "
                f"{fault.put} ({took:.0f} s)\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
