"""What every other module may rely on: errors, the nearest valid name, figures, the float64 switch.

DetenteError
├── BaselineError     a baseline that cannot be read, or does not describe an economy
├── ScenarioError     a scenario or policy that cannot be read, or names what does not exist
├── DataError         raw files that are missing or not what they claim to be
├── ClaimError        a ledger or document that cannot be read, or names what does not exist
├── EstimationError   a gravity equation that the rows given cannot answer
├── OutcomeError      an outcome or run directory that cannot be written, read or reproduced
└── SolveError        an equilibrium that was not found
"""

import difflib
import enum
import os
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from typing import Literal

import platformdirs

from ._interrupts import raising


MINUS = "−"
TRANSLATION = "DETENTE_SENTENCES"
"""What names the file of sentences in another language; without it they are English."""

Deficits = Literal["fixed", "proportional", "saving", "removed"]
"""What becomes of trade deficits: fixed in the numeraire, a fixed multiple of income, or none."""
Keeper = Literal["nobody", "importer", "exporter", "treasury", "taste"]
KEEPERS: tuple[Keeper, ...] = ("nobody", "importer", "exporter", "treasury", "taste")
"""Who has what the buyer pays beyond the seller's price: nobody (a real cost), either side (the
rent of rationing), the buyer's treasury (a tariff). With a taste nothing is paid: so much less is
wanted at any price."""


class DetenteError(Exception):
    """An error with one clear sentence for the user."""


class BaselineError(DetenteError):
    """A baseline that cannot be read, or does not describe an economy."""


class ScenarioError(DetenteError):
    """A scenario or policy that cannot be read, or names what does not exist."""


class DataError(DetenteError):
    """Raw files that are missing or not what they claim to be."""


class ClaimError(DetenteError):
    """A ledger or document that cannot be read, or names what does not exist."""


class EstimationError(DetenteError):
    """A gravity equation that the rows given cannot answer."""


class OutcomeError(DetenteError):
    """An outcome or run directory that cannot be written, read or reproduced."""


class SolveError(DetenteError):
    """An equilibrium that was not found; the message is the status sentence."""


class Status(enum.Enum):
    """How a solve ended: a code for arrays, and a sentence for people."""

    SOLVED = (0, "Solved: every equation holds to a relative error of 1e-10 or less.")
    STEPS = (
        1,
        "Not solved: the solver used all its steps before every equation held; "
        "the shock may be too large to reach in one go, so try a smaller one.",
    )
    NOT_FINITE = (
        2,
        "Not solved: a value became infinite or undefined on the way; "
        "check the shock for prohibitive tariffs or costs of zero.",
    )
    INCOME = (
        3,
        "Not solved: the only solution found leaves a country with no income to spend, "
        "because its fixed trade surplus is larger than what it then earns.",
    )

    def __init__(self, code: int, sentence: str) -> None:
        self.code = code
        self.sentence = sentence

    @classmethod
    def of(cls, code: int) -> "Status":
        return next(status for status in cls if status.code == code)


def nearest(name: str, valid: Iterable[str]) -> str:
    """A phrase that names the valid names closest to `name`, or a few of them if none is close.

    >>> nearest("KRO", ["CHN", "KOR", "USA"])
    "did you mean 'KOR'?"
    """
    names = list(valid)
    by_folded = {candidate.casefold(): candidate for candidate in names}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=2, cutoff=0.5)
    if close:
        return f"did you mean {' or '.join(repr(by_folded[match]) for match in close)}?"
    shown = ", ".join(names[:12])
    return f"valid names are {shown}{' …' if len(names) > 12 else ''}."


def figure(value: float, form: str) -> str:
    """A number in one of Python's formats, with a true minus.

    >>> figure(-0.25, "+.1f"), figure(1234.5, ",.0f")
    ('−0.2', '1,234')
    """
    return f"{value:{form}}".replace("-", MINUS)


def with_minus(text: str) -> str:
    """A text whose figures have a true minus; a hyphen within a word stays one.

    >>> with_minus("costs change by -10 % in the non-oil sectors of 2014-16")
    'costs change by −10 % in the non-oil sectors of 2014-16'
    """
    return re.sub(r"(?<![\w)])-(?=\d)", MINUS, text)


def is_place(written: str) -> bool:
    """Whether a path from a root or a drive is written, of any system, which no name is.

    >>> [is_place(one) for one in ("/data/x", "C:\\\\data\\\\x", "china-korea/truce")]
    [True, True, False]
    """
    return bool(PureWindowsPath(written).anchor)


def too_large(path: Path, most: int) -> str:
    """A clause on a file of more than `most` bytes; empty where it is not."""
    size = path.stat().st_size
    if size <= most:
        return ""
    return f"it has {size / 1e6:,.0f} MB and at most {most / 1e6:,.0f} MB are read"


def user_data_directory() -> Path:
    """Where built baselines are kept: `$DETENTE_HOME`, or the platform's place for user data."""
    chosen = os.environ.get("DETENTE_HOME")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("detente", appauthor=False))


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A place to write a file that is then at `path` whole, or not there at all.

    It lies in the same directory and takes the name in one step once its content is on the disk;
    where the block raises, whatever was at `path` is as it was. Raises `OSError`.
    """
    temporary = path.with_name(f".{path.name[:40]}.{uuid.uuid4().hex[:12]}.part")
    with raising():
        try:
            yield temporary
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def configure_jax() -> None:
    """Switch JAX to float64 and keep compiled code between processes, unless the user set a place.

    Called when a module that computes is imported, never by `--help`.
    """
    import jax

    jax.config.update("jax_enable_x64", True)
    if jax.config.values["jax_compilation_cache_dir"] is None:
        cache = Path(platformdirs.user_cache_dir("detente", appauthor=False)) / "compiled"
        jax.config.update("jax_compilation_cache_dir", str(cache))
        # Of the small programs there are hundreds: together they take as long as a large one.
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
