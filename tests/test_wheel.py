"""The wheel: it holds the package and nothing else, and answers where there is no source tree."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from platformdirs.macos import MacOS
from platformdirs.unix import Unix


ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "detente"
MOST_BYTES = 4_000_000
"""It had 2.1 million when this was written: twice that is data that someone shipped unseen."""
ASKED = (
    ["show", "china-korea/services-opening"],
    ["scenarios", "--format", "json"],
    ["balance", "KOR", "CHN", "--years", "2022", "--out", "balance.csv"],
    ["run", "china-korea/services-opening", "--set", "uncertainty.draws=0", "--out", "answer"],
)
# A file that is opened in the encoding of the machine is an error, but not where others do so.
PLAYED = f"""
import runpy, sys, warnings
warnings.filterwarnings("error", category=EncodingWarning, module=r"detente")
for words in {ASKED!r}:
    sys.argv = ["detente", *words]
    try:
        runpy.run_module("detente", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        assert not end.code, (words, end.code)
import detente
print(detente.__file__)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that is built from the source tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_it_holds_every_file_of_the_package_and_no_other(wheel: Path) -> None:
    held = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    files = [path for path in PACKAGE.rglob("*") if path.is_file()]
    shipped = [path for path in files if "__pycache__" not in path.parts]
    assert sorted(held) == sorted(path.relative_to(PACKAGE.parent).as_posix() for path in shipped)
    assert {path.suffix for path in shipped} >= {".py", ".csv", ".toml", ".nc", ".j2", ".css"}


def test_it_is_light_and_runs_on_every_system(wheel: Path) -> None:
    assert wheel.stat().st_size < MOST_BYTES
    assert wheel.name.endswith("-py3-none-any.whl")


def test_the_page_on_installing_names_it_and_where_files_are_kept(
    wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for chosen in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(chosen, raising=False)
    page = (ROOT / "docs" / "how-to" / "install.md").read_text(encoding="utf-8")
    assert set(re.findall(r"[\w.-]+\.whl", page)) == {wheel.name}
    for system in (Unix, MacOS):
        of = system("detente", appauthor=False)
        for place in (of.user_data_dir, of.user_cache_dir):
            assert f"`{place.replace(str(Path.home()), '~')}`" in page


def test_it_answers_from_an_unpacked_folder_in_a_western_code_page(
    wheel: Path, tmp_path: Path
) -> None:
    """`python -m detente` with the folder and the installed dependencies, away from the tree."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "unpacked")
    surroundings = os.environ | {
        "PYTHONPATH": str(tmp_path / "unpacked"),
        "PYTHONIOENCODING": "cp1252",
        "DETENTE_HOME": str(tmp_path / "home"),
    }
    ended = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-c", PLAYED],
        cwd=tmp_path, env=surroundings, capture_output=True, check=False,
    )  # fmt: skip
    said = ended.stdout.decode("cp1252")
    assert ended.returncode == 0, ended.stderr.decode("cp1252")
    assert said.splitlines()[-1].startswith(str(tmp_path / "unpacked"))
    assert "South Korea gains" in said
    assert {path.name for path in (tmp_path / "answer").iterdir()} == {
        "brief.html", "outcome.nc", "record.json", "scenario.toml"
    }  # fmt: skip
