"""The shape of the code: who may import whom, how long things may be, and who may print."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from detente.commands.asks import QUESTIONS


ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "src" / "detente").rglob("*.py"))

MODULE_LINES = 400
FUNCTION_LINES = 60
"""Beyond these a reader loses the thread; ruff has no rule for either."""


def _named(path: Path) -> str:
    return path.relative_to(ROOT / "src").as_posix()


def _nodes(path: Path) -> Iterator[ast.AST]:
    yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def test_import_contracts_hold() -> None:
    """Data flows one way, and the core is arrays only."""
    command = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    found = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr


def test_there_is_something_to_check() -> None:
    assert len(MODULES) > 10


@pytest.mark.parametrize(
    "name", ["detente", "detente.commands", "detente.record", "detente.report"]
)
def test_every_name_of_a_stub_loads(name: str) -> None:
    """Also where a function is named as its module: the function is what one gets."""
    package = importlib.import_module(name)
    assert package.__all__
    loaded = {one: getattr(package, one) for one in package.__all__}
    stub = Path(str(package.__file__)).with_suffix(".pyi")
    imports = [
        one for one in ast.walk(ast.parse(stub.read_text())) if isinstance(one, ast.ImportFrom)
    ]
    modules = {one.name for node in imports if node.module is None for one in node.names}
    assert modules == {one for one, loaded in loaded.items() if isinstance(loaded, ModuleType)}
    assert set(package.__all__) <= set(dir(package))


@pytest.mark.parametrize("command", ["balance KOR CHN", "check --ledger", "timeline KOR CHN"])
def test_the_record_does_not_wait_for_the_engine(command: str) -> None:
    program = (
        "import sys; from detente.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "sys.exit('jax' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", program, *command.split()], capture_output=True, text=True
    )
    assert found.returncode == 0 and found.stdout, found.stderr


ONCE = {
    "importlib import resources": (),
    '"library"': ("detente/library.py",),
    ".configure(font=": ("detente/report/charts.py",),
    "#0072b2": ("detente/report/charts.py",),
    "box.SIMPLE_HEAD": ("detente/report/terminal.py",),
    "from rich": ("detente/cli/_console.py", "detente/report/terminal.py"),
    "SolveError(status.sentence)": (),
}
"""What one place does for everybody: where shipped files are, how charts and tables look, and what
is said where there is no equilibrium."""


@pytest.mark.parametrize("words", ONCE)
def test_one_place_does_it(words: str) -> None:
    found = [_named(path) for path in MODULES if words in path.read_text(encoding="utf-8")]
    assert found == list(ONCE[words])


def test_modules_are_short() -> None:
    lines = {_named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    long = {name: count for name, count in lines.items() if count > MODULE_LINES}
    assert not long, "split them by what they do"


def test_functions_are_short() -> None:
    long = {
        f"{_named(path)}:{node.lineno} {node.name}": length
        for path in MODULES
        for node in _nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    }
    assert not long


def _read() -> set[str]:
    """Every name that the package, its tools or an example reads, and every name on a page."""
    # A question is answered by the function of its name.
    read: set[str] = set(QUESTIONS)
    for folder in ("src", "tools", "benchmarks", "examples"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in _nodes(path):
                if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                    read.add(node.id if isinstance(node, ast.Name) else node.attr)
    pages = (ROOT / "docs").rglob("*.md")
    return read.union(
        *(re.findall(r"[`.](\w+)", page.read_text(encoding="utf-8")) for page in pages)
    )


def test_nothing_stands_there_that_nobody_calls() -> None:
    """A test alone is no use: what only tests call is a test's own, or belongs on a page."""
    read = _read()
    idle = [
        f"{_named(path)}: {node.name}"
        for path in MODULES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        # A decorated function may be a command, which nobody calls by its name.
        if isinstance(node, ast.ClassDef)
        or (isinstance(node, ast.FunctionDef) and not node.decorator_list)
        if node.name not in read
    ]
    assert not idle


READING = {"open", "read_text", "read_bytes", "load_ledger", "load_outcome", "load_baseline"}


def test_no_report_reads_data() -> None:
    """An answer is the same page on every machine: what it says is handed to it."""
    read = []
    for path in MODULES:
        if not _named(path).startswith("detente/report/"):
            continue
        for node in _nodes(path):
            if isinstance(node, ast.ImportFrom) and node.level == 2:
                names = {(node.module or "").partition(".")[0], *(one.name for one in node.names)}
                read += [f"{_named(path)}:{node.lineno}"] if names & {"data", "Record"} else []
            elif isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                read += [f"{_named(path)}:{node.lineno} {name}"] if name in READING else []
    assert not read, "let the command read it, and hand it over"


def test_only_the_command_line_prints() -> None:
    printed = [
        f"{_named(path)}:{node.lineno}"
        for path in MODULES
        if not _named(path).startswith("detente/cli/")
        for node in _nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert not printed, "return it, and let the command line print"


WRITERS = (
    "detente/_core.py", "detente/calibrate/baseline.py", "detente/cli/_streams.py",
    "detente/commands/_files.py", "detente/commands/runs.py", "detente/commands/worlds.py",
    "detente/data/canonical.py", "detente/data/sources/__init__.py",
    "detente/data/sources/batis.py", "detente/data/store.py", "detente/export/slides.py",
    "detente/export/word.py", "detente/outcome.py",
)  # fmt: skip
"""What may touch the disk: new files of an answer, directories of runs, worlds that are built, the
store with its sources' scratch, and the null device; Word and PowerPoint are saved into memory."""
TO_A_PATH = {"dump", "save", "to_csv", "to_excel", "to_json", "to_parquet", "to_pickle", "to_stata"}
"""They write where they are told a place, and hand back a text where they are not."""
WRITING = {
    "hardlink_to", "makedirs", "mkdir", "rmdir", "savetxt", "savez", "symlink_to", "to_feather",
    "to_netcdf", "to_zarr", "tofile", "touch", "unlink", "write_bytes", "write_text",
}  # fmt: skip
FOR_WRITING = {"pickle", "shutil", "sqlite3", "subprocess", "tempfile"}
MODE = re.compile(r"(?=.*[wxa+])[rwxabt+]+")


def _writes(node: ast.AST) -> str:
    """How a piece of code writes to the disk or starts a program; empty where it does not."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module]
        return " ".join(FOR_WRITING & {str(name).partition(".")[0] for name in names})
    if isinstance(node, ast.Constant):
        return "copy to" if re.match(r"\s*copy\s*\(", str(node.value), re.IGNORECASE) else ""
    if not isinstance(node, ast.Call):
        return ""
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    # The first of a function is a path, of a method it is the mode.
    places = node.args[isinstance(node.func, ast.Name) :]
    given = [*places, *(one.value for one in node.keywords if one.arg in ("mode", "flags"))]
    opens = name == "open" and any(
        MODE.fullmatch(str(getattr(one, "value", ""))) or "O_WR" in ast.unparse(one)
        for one in given
    )
    told = name in TO_A_PATH and (node.args or {"path", "path_or_buf"} & {k.arg for k in node.keywords})  # fmt: skip
    # As methods: `commands._files` has functions of the same names, which refuse what is there.
    method = name in WRITING and isinstance(node.func, ast.Attribute)
    return name if opens or told or method else ""


def test_only_few_modules_write_to_the_disk() -> None:
    """A question that wrote a file of its own would pass every test of its numbers."""
    written: dict[str, list[str]] = {}
    for path in MODULES:
        for node in _nodes(path):
            if how := _writes(node):
                line = f"{getattr(node, 'lineno', 0)} {how}"
                written.setdefault(_named(path), []).append(line)
    assert not {name: lines for name, lines in written.items() if name not in WRITERS}
    assert sorted(written) == sorted(WRITERS), "a place that writes no more is no writer"


@pytest.mark.parametrize(
    "code",
    [
        "Path('x').write_text('y')", "open('x', 'w')", "path.open(mode='ab')", "rows.to_csv('x')",
        "rows.to_json(path_or_buf='x')", "json.dump(x, file)", "os.open('x', os.O_WRONLY)",
        "import shutil", "from tempfile import mkdtemp", "run(f'copy (select 1) to {place}')",
        "np.savez('x')", "chart.save('x.svg')",
    ],
)  # fmt: skip
def test_a_way_to_write_is_seen(code: str) -> None:
    assert any(map(_writes, ast.walk(ast.parse(code))))


@pytest.mark.parametrize(
    "code", ["open('wax')", "open('x', 'rb')", "rows.to_csv(index=False)", "import json", "'copy'"]
)
def test_a_way_to_read_is_none(code: str) -> None:
    assert not any(map(_writes, ast.walk(ast.parse(code))))
