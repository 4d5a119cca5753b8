"""The documentation is complete, its links lead somewhere, and its examples run."""

import doctest
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from detente.schema import variables
from tools.pages.tables import layers
from tools.pages.written import render, write
from tools.tree import current


ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
WRITTEN = [*PAGES, *sorted(ROOT.glob("*.md"))]
REQUIREMENTS = sorted(path.name for path in ROOT.glob("requirements*.txt"))

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _rendered(page: str) -> str:
    return render((DOCS / page).read_text(encoding="utf-8"))


def _blocks(language: str, *, starts: str) -> list[Any]:
    """The complete examples of the pages in one language; those of the gallery are its own."""
    return [
        pytest.param(block, id=f"{_named(path)}-{number}")
        for path in PAGES
        for number, (written, block) in enumerate(_FENCE.findall(path.read_text(encoding="utf-8")))
        if written == language and starts in block and path.parent.name != "gallery"
    ]


def test_every_variable_is_documented() -> None:
    page = _rendered("reference/variables.md")
    missing = [name for name in variables() if f"| `{name}` |" not in page]
    assert not missing


@pytest.mark.parametrize("page", ["reference/scenario.md", "reference/game.md"])
def test_every_key_has_a_meaning(page: str) -> None:
    rows = [line for line in _rendered(page).splitlines() if line.startswith("| `")]
    assert rows and not [row for row in rows if row.endswith("|  |")]


def test_every_policy_kind_and_key_is_documented() -> None:
    policy = pytest.importorskip("detente.policy", reason="there are no policies yet")
    page = _rendered("reference/scenario.md")
    for kind, model in policy.POLICY_KINDS.items():
        assert f"### `{kind}`" in page
        missing = [key for key in model.model_fields if f"`{key}`" not in page]
        assert not missing, f"{kind}: {missing}"


def _commands(command: Any, path: str) -> Iterator[str]:
    if not getattr(command, "commands", None):
        yield path
    for name, subcommand in getattr(command, "commands", {}).items():
        yield from _commands(subcommand, f"{path} {name}")


def test_every_command_is_documented() -> None:
    cli = pytest.importorskip("detente.cli", reason="there is no command line yet")
    typer = pytest.importorskip("typer")
    page = _rendered("reference/cli.md")
    commands = list(_commands(typer.main.get_command(cli.app), "detente"))
    assert commands
    missing = [command for command in commands if f"### `{command}`" not in page]
    assert not missing


def test_every_page_is_in_the_navigation() -> None:
    configuration = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    missing = [
        page
        for path in PAGES
        if f"- {(page := path.relative_to(DOCS).as_posix())}\n" not in configuration
    ]
    assert not missing


def test_pages_search_from_a_folder_with_a_script_of_ours() -> None:
    """The plugin would load it from elsewhere, where there is a network."""
    configuration = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert re.search(r"^  - search\n  - offline\b", configuration, re.MULTILINE)
    (script,) = re.findall(r"^  polyfills: \[([^\]]+)\]", configuration, re.MULTILINE)
    assert "iframe-worker" in script and (DOCS / script).is_file()


def test_pages_are_written_whole_before_any_builder_reads_them(tmp_path: Path) -> None:
    """Whatever builds Markdown builds them: no mark of ours is left, and all links lead on."""
    folder = tmp_path / "docs"
    write(folder)
    written = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.md")}
    assert {path.relative_to(folder) for path in written} == {
        one.relative_to(DOCS) for one in PAGES
    }
    assert not [path for path, text in written.items() if "<!-- render:" in text]
    assert not [path for path, text in written.items() if "```math" in text]
    configuration = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert "hooks:" not in configuration and "docs_dir: build/docs" in configuration
    pictures = {path.relative_to(DOCS) for path in DOCS.rglob("*.*") if path.suffix != ".md"}
    assert all((folder / one).is_file() for one in pictures)
    write(folder)
    assert {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.md")} == written


def test_equations_are_set_once_each_with_their_letters_in_the_page() -> None:
    written = (DOCS / "explanation" / "model.md").read_text(encoding="utf-8")
    page = render(written)
    blocks = "".join(block for language, block in _FENCE.findall(written) if language == "math")
    numbers = [int(one) for one in re.findall(r"^\((\d+)\) ", blocks, re.MULTILINE)]
    assert sorted(numbers) == list(range(1, max(numbers) + 1)) and max(numbers) >= 70
    assert [int(one) for one in re.findall(r"<tr><td>\((\d+)\)</td>", page)] == numbers
    used, defined = re.findall(r'href="#([^"]+)"', page), re.findall(r'<path id="([^"]+)"', page)
    assert set(used) == set(defined) and len(defined) == len(set(defined))
    # Read aloud, an equation is its LaTeX; nothing is fetched to draw it.
    assert page.count("aria-label=") == page.count("<svg role=") > len(numbers)
    assert "```math" not in page and "<script" not in page


def test_letters_lie_in_the_box_of_their_equation() -> None:
    """A fraction bar between its two letters; a wide sum is wider than its first half."""
    page = render("```math\n(1) \\frac{a}{b}\n```\n")
    left, top, width, height = map(float, re.findall(r'viewBox="([^"]+)"', page)[0].split())
    places = re.findall(r"translate\((\S+) (\S+)\)", page)
    bar = float(re.findall(r'<path d="M\S+ (\S+)', page)[0])
    (_, above), (_, below) = [(float(x), float(y)) for x, y in places]
    assert above < bar < below
    assert all(left <= float(x) <= left + width for x, _ in places)
    assert all(top <= float(y) <= top + height for _, y in places)
    wide = render("```math\na + a + a\n```\n")
    assert float(re.findall(r'viewBox="0 \S+ (\S+)', wide)[0]) > 2 * width


def test_an_equation_that_cannot_be_set_is_named() -> None:
    with pytest.raises(ValueError, match="frac"):
        render("```math\n\\frac{a\n```\n")


def test_a_mark_that_stands_for_nothing_is_refused() -> None:
    with pytest.raises(KeyError, match="nothing"):
        render("<!-- render: nothing -->")


def test_the_page_of_python_calls_things_as_users_do() -> None:
    """No heading names a private module, and each name leads to the thing that is described."""
    page = _rendered("reference/python.md")
    entries = re.findall(r"^::: (\S+)\n    options:\n      heading: \"(\S+)\"$", page, re.M)
    assert len(entries) == page.count("\n::: ") > 40
    for path, heading in entries:
        things = [importlib.import_module(one.rpartition(".")[0]) for one in (path, heading)]
        names = [one.rpartition(".")[2] for one in (path, heading)]
        assert getattr(things[0], names[0]) is getattr(things[1], names[1]), heading
        assert "._" not in heading and len(heading) <= len(path)


def test_every_module_is_in_the_tree_of_the_contributing_page() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    modules = (ROOT / "src" / "detente").glob("*")
    shown = [path.name + "/" * path.is_dir() for path in modules if not path.name.startswith("__p")]
    missing = [name for name in shown if f"  {name} " not in page and f"`{name}`" not in page]
    assert not missing


def test_the_tree_of_the_contributing_page_is_current() -> None:
    made = current()
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert page == made, "run python -m tools.tree"


def test_everything_on_the_top_level_has_its_floor() -> None:
    """Where a module is in no layer, import-linter lets everybody import it from anywhere."""
    source = ROOT / "src" / "detente"
    packages = {path.parent.name for path in source.glob("*/__init__.py")}
    alone = {path.stem for path in source.glob("*.py")} - {"__init__"}
    assert sorted(layers()) == sorted(packages | alone)


def test_every_module_has_its_row_in_the_reference() -> None:
    sections = _rendered("reference/modules.md").split("\n## `")[1:]
    rows = {
        f"{section.partition('`')[0]}.{name}"
        for section in sections
        for name in re.findall(r"^\| `(\w+)` \| .+ \|$", section, re.MULTILINE)
    }
    paths = (ROOT / "src" / "detente").rglob("*.py")
    named = {path.relative_to(ROOT / "src").with_suffix("").parts for path in paths}
    assert rows == {".".join(parts) for parts in named if parts[-1] != "__init__"}


@pytest.mark.parametrize("path", WRITTEN, ids=_named)
def test_internal_links_resolve(path: Path) -> None:
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    inside = [link for link in _LINK.findall(text) if "://" not in link and link[0] != "#"]
    broken = [link for link in inside if not (path.parent / link.partition("#")[0]).exists()]
    assert not broken


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_are_names_versions_and_hashes(name: str) -> None:
    """No addresses and no registry: where packages come from is the installer's business."""
    marker = r"(?: ; [\w\s.'<>=!()]+)?"
    pin = re.compile(rf"[a-z0-9._-]+(?:\[[a-z,]+\])?==[\w.!+]+{marker} \\")
    digest = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    strange = [line for line in lines if not (pin.fullmatch(line) or digest.fullmatch(line))]
    assert lines and not strange


@pytest.mark.parametrize("block", _blocks("toml", starts="[[claims]]"))
def test_example_ledgers_are_judged(block: str, tmp_path: Path, home: Path) -> None:
    """What has a check is tested on the record that ships, and what has none is not."""
    from detente import commands

    path = tmp_path / "own.toml"
    path.write_text(block, encoding="utf-8")
    found = commands.check_ledger(path).judged
    assert [one.finding.verdict == "cannot be tested" for one in found] == [
        one.evidence.check is None for one in found
    ]


SCENARIOS = [one for one in _blocks("toml", starts="title =") if "[[claims]]" not in one.values[0]]


@pytest.mark.parametrize("block", SCENARIOS)
def test_example_scenarios_run(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each on its own world; that of the two-country example is written first."""
    import detente

    monkeypatch.chdir(tmp_path)
    if "two-countries.nc" in block:
        exec(_baseline_example(), {})
    Path("example.toml").write_text(block, encoding="utf-8")
    scenario = detente.load_scenario("example.toml")
    outcome = detente.simulate(detente.load_baseline(scenario.baseline), scenario)
    assert outcome.attrs["solved"] == 1
    assert abs(outcome.welfare).max() > 0


def _baseline_example() -> str:
    page = (DOCS / "reference" / "baseline.md").read_text(encoding="utf-8")
    return next(block for language, block in _FENCE.findall(page) if language == "python")


def test_examples_in_docstrings_hold() -> None:
    tried = 0
    for path in sorted((ROOT / "src").rglob("*.py")):
        if ">>>" in path.read_text(encoding="utf-8"):
            name = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
            found = doctest.testmod(importlib.import_module(name))
            assert found.attempted and not found.failed, name
            tried += found.attempted
    assert tried > 20


@pytest.mark.parametrize("block", _blocks("python", starts="base = "))
def test_example_code_runs(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(block, {})
    assert capsys.readouterr().out
