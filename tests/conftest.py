"""Settings that make silent errors loud, and worlds that are solved once."""

import math
import os
import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tools.durations import measured


ROOT = Path(__file__).resolve().parents[1]
MOST_MAPS = 10_000
"""Of memory when programs are forgotten: what one module adds has room above it."""

# Most of the suite's time was the compiler's. It passes over what makes a program fast: the same
# operations in the same order, so that only a fused multiplication and addition may round
# otherwise. `test_same_answer.py` asks the same commands with and without. What was compiled is
# kept for the other workers, the commands that tests start, and the next run.
QUICK_TO_COMPILE = "--xla_backend_optimization_level=0"
if version("jaxlib") < "0.11":
    # Later ones know no such flags, and stop at a flag that they do not know.
    # Programs are small: cut into one piece, not 32, they take a third less of the compiler's time.
    QUICK_TO_COMPILE += (
        " --xla_cpu_use_fusion_emitters=false --xla_cpu_parallel_codegen_split_count=1"
    )
os.environ.setdefault("XLA_FLAGS", QUICK_TO_COMPILE)
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(ROOT / ".pytest_cache" / "programs"))
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")

# The suite draws the same examples every time, so that it tells of a change and not of its luck;
# `make explore` draws new ones, many more of them, to find what the suite then keeps as an example.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.register_profile(
    "explore", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files in the order in which they begin: the longest first, and what nobody measured.

    A file stays in one process, and the others would wait for it at the end.
    """
    known = measured()
    names = {path: path.relative_to(ROOT).as_posix() for path in {item.path for item in items}}
    first = {path: (-known.get(name, math.inf), name) for path, name in names.items()}
    items.sort(key=lambda item: first[item.path])


@pytest.fixture(scope="session", autouse=True)
def _strict_arrays() -> Iterator[None]:
    """A mixed precision or a broadcast that is not spelled out is an error, not a guess."""
    import jax

    import detente.world  # noqa: F401  (switches float64 on)

    jax.config.update("jax_numpy_dtype_promotion", "strict")
    jax.config.update("jax_numpy_rank_promotion", "raise")
    yield


@pytest.fixture(scope="module", autouse=True)
def _forget_programs() -> Iterator[None]:
    """A compiled program holds dozens of memory maps, of which a process may have 65,530.

    A session that keeps every program of every module dies of it inside the compiler. Until they
    are many, what one module compiled serves the next.
    """
    yield
    if "jax" in sys.modules and memory_maps() > MOST_MAPS:
        sys.modules["jax"].clear_caches()


def memory_maps() -> float:
    """How many this process has; infinitely many where the system does not say."""
    told = Path("/proc/self/maps")
    return told.read_bytes().count(b"\n") if told.is_file() else math.inf


@pytest.fixture(scope="session")
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all workers, with a file for every kind of answer that one of them exports."""
    own = tmp_path_factory.getbasetemp()
    place = (own.parent if hasattr(request.config, "workerinput") else own) / "exported"
    place.mkdir(exist_ok=True)
    return place


def is_first(kind: tuple[str, ...], exported: Path) -> bool:
    """Whether nobody has exported an answer of this kind; from now on, somebody has."""
    try:
        (exported / sha256(repr(kind).encode()).hexdigest()).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


@pytest.fixture(autouse=True)
def _every_answer_is_one_page(monkeypatch: pytest.MonkeyPatch, exported: Path) -> None:
    """What any test asks says the same on a terminal, in HTML and in Markdown, and writes nothing.

    The first answer with tables of those names is read back from every file that it is written in.
    """
    from detente import commands

    from .exports import assert_every_form
    from .pages import assert_filled, assert_one_page
    from .written import written

    answer = commands.answer

    def answered(ask: Any, *progress: Any) -> Any:
        with written() as files:
            found = answer(ask, *progress)
        assert not files, "an answer writes nothing: who asks says where it goes"
        assert_filled(found)
        assert_one_page(ask, found)
        if is_first((type(ask).__qualname__, *found.tables), exported):
            assert_every_form(commands.material_of(found))
        return found

    monkeypatch.setattr(commands, "answer", answered)


@pytest.fixture(scope="session")
def raw_directory() -> Path:
    """The raw sources, or a skip with a reason."""
    place = Path(os.environ.get("DETENTE_RAW", ROOT.parent / "shared" / "data"))
    if not place.is_dir():
        pytest.skip("the raw sources are not here: set DETENTE_RAW to their directory")
    return place


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without built worlds, in an empty directory of their own."""
    monkeypatch.setenv("DETENTE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def documents() -> Path:
    """The documents that the ledger is drawn from, or a skip with a reason."""
    place = Path(os.environ.get("DETENTE_DOCUMENTS", ROOT.parent / "shared" / "documents"))
    if not place.is_dir():
        pytest.skip("the documents are not here: set DETENTE_DOCUMENTS to their directory")
    return place
