"""Scenarios that are played, the directories that keep them, and their verification."""

import hashlib
import json
import platform
import shlex
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, UTC
from itertools import chain, count
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread
from typing import Any, TYPE_CHECKING

from .. import gazetteer, report, scenario as scenarios
from .._core import ClaimError, DataError, OutcomeError
from .._interrupts import raising
from .._words import day_in_words
from ..about import About
from ..calibrate import baseline as baselines
from ..claims import judge, Judgement, kept_ranges, load_ledger, Model, Record
from ..desk import headline_of, OnDesk
from ..ensemble import MOST_POLICIES, simulate_draws
from ..outcome import load_outcome, save
from ..report import brief, warm_up
from ..report.section import Program
from ..scenario import load_scenario, Scenario, to_toml
from ._answer import Answer
from ._files import on_baseline, plain_name, Progress, quiet, refuse_directory, refuse_existing
from ._understood import run_or_scenario, understood_run
from .asks import Compare


if TYPE_CHECKING:
    import xarray as xr


# A rerun on another processor, Python or JAX may differ in the last digits; a changed result
# differs in the first.
REPRODUCED = 1e-7
# One point beside another: a comparison shows no intervals.
NO_DRAWS = "uncertainty.draws=0"
# What a run directory holds beside its record.
FILES = ("scenario.toml", "outcome.nc", "brief.html")


@dataclass(frozen=True)
class Run:
    """A scenario that was played, and where it was written."""

    scenario: Scenario
    outcome: "xr.Dataset"
    directory: Path | None = None
    files: dict[str, Path] = field(default_factory=dict)

    def _repr_html_(self) -> str:
        """A card, where a notebook shows it."""
        from .cards import card_of

        return card_of(self)


@dataclass(frozen=True)
class Verification:
    """What a recomputation of a run directory found."""

    directory: Path
    changed_files: tuple[str, ...]
    largest_difference: float
    made_on: str
    recomputed_on: str

    @property
    def reproduced(self) -> bool:
        return not self.changed_files and self.largest_difference <= REPRODUCED

    @property
    def elsewhere(self) -> str:
        """What may differ where the run was made on another Python or JAX; else nothing."""
        if self.made_on == self.recomputed_on:
            return ""
        return (
            f"It was made on {self.made_on} and recomputed on {self.recomputed_on}: last digits "
            f"may differ between the two, up to {REPRODUCED:.0e} of a variable's largest value."
        )


def run(
    reference: str,
    *,
    overrides: Sequence[str] = (),
    baseline: str | None = None,
    out: Path | None = None,
    keep: bool = True,
    progress: Progress = quiet,
) -> Run:
    """Play a scenario of the library or of a file, and write its run directory if `keep`.

    Its draws are those of its `[uncertainty]` table: the override `uncertainty.draws=0` leaves
    them and the intervals out.
    """
    reference, overrides, baseline = understood_run(reference, overrides, baseline)
    changes = on_baseline(overrides, baseline)
    scenario = _with_absolute_baseline(load_scenario(reference, changes))
    command = command_of_run(reference, overrides, baseline)
    if not (keep or out):
        return Run(scenario, _played(scenario, command, progress))
    with raising(), _claimed(out, scenario.name) as directory:
        # Drawing takes a second to load, most of it outside Python: let it load while JAX works.
        Thread(target=warm_up, daemon=True).start()
        outcome = _played(scenario, command, progress)
        return Run(scenario, outcome, directory, _write(directory, scenario, outcome))


def _played(scenario: Scenario, command: str, progress: Progress) -> "xr.Dataset":
    outcome = simulate_draws(baselines.load_baseline(scenario.baseline), scenario, progress)
    outcome.attrs["command"] = command
    if 2 <= len(scenario.in_force) <= MOST_POLICIES:
        apart = command.replace("detente run ", "detente decompose ", 1)
        outcome.attrs["command_by_policy"] = f"{apart} --by policy"
    return outcome


def list_scenarios() -> list[Scenario]:
    """Every scenario of the library."""
    return [load_scenario(name) for name in scenarios.available()]


def by_subject(library: Iterable[Scenario]) -> dict[str, list[Scenario]]:
    """The scenarios under the headings of a list, each by name; those without one come last."""
    groups: dict[str, list[Scenario]] = {}
    for one in sorted(library, key=lambda one: (not one.subject, one.subject, one.name)):
        groups.setdefault(one.subject or "Other", []).append(one)
    return groups


def compare(ask: Compare, progress: Progress = quiet) -> Answer:
    """Two outcomes: each a run directory, an outcome file, or a scenario that is played now.

    A scenario is played on the world that is named, if one is; what was played before cannot be.
    """
    first, second = (outcome_of(one, [NO_DRAWS], ask.baseline) for one in (ask.first, ask.second))
    rows = report.comparison_frame(first, second)
    return Answer(
        report.comparison(first, second),
        _about_both(first, second),
        rows=rows.rename_axis("country").reset_index(),
        own_document=rows.to_json(orient="index", indent=2),
    )


def _about_both(first: "xr.Dataset", second: "xr.Dataset") -> About:
    """What two outcomes rest on alike; where their worlds differ, both are named."""
    worlds = dict.fromkeys(str(one.attrs["baseline"]) for one in (first, second))
    alike = {
        name: first.attrs[name]
        for name in ("baseline_year", "basis", "horizon")
        if first.attrs.get(name) == second.attrs.get(name) is not None
    }
    return About.of({"baseline": " and ".join(worlds), **alike})


def verify(directory: Path, progress: Progress = quiet) -> Verification:
    """Recompute a run directory from its scenario and compare files and numbers."""
    record = _read_record(directory)
    kept_hashes = record["files"]
    changed = tuple(
        name for name in FILES if _hash_or_none(directory / name) != kept_hashes.get(name, "")
    )
    if "scenario.toml" in changed and not (directory / "scenario.toml").is_file():
        raise OutcomeError(f"{directory} holds no scenario.toml, so it cannot be recomputed.")
    kept = load_outcome(directory)
    scenario = load_scenario(directory / "scenario.toml")
    baseline = baselines.load_baseline(scenario.baseline)
    if baseline.about["hash"] != record["baseline_hash"]:
        raise OutcomeError(
            f"the baseline '{scenario.baseline}' is not the one of this run: its hash is "
            f"{baseline.about['hash']} and the record says {record['baseline_hash']}."
        )
    again = simulate_draws(baseline, scenario, progress)
    difference = largest_difference(kept, again)
    return Verification(directory, changed, difference, record["on"], _versions(_here()))


def largest_difference(kept: "xr.Dataset", again: "xr.Dataset") -> float:
    """The largest difference of any variable, relative to that variable's largest value."""
    import numpy as np

    differences = [0.0]
    for name in kept.data_vars:
        if name not in again:
            return float("inf")
        old, new = np.asarray(kept[name]), np.asarray(again[name])
        if old.shape != new.shape or not np.array_equal(np.isnan(old), np.isnan(new)):
            return float("inf")
        size = max(float(np.nanmax(np.abs(old), initial=0.0)), 1.0)
        differences.append(float(np.nanmax(np.abs(new - old), initial=0.0)) / size)
    return max(differences)


def _with_absolute_baseline(scenario: Scenario) -> Scenario:
    """A baseline that is a file is named so that the run can be repeated from anywhere."""
    path = Path(scenario.baseline)
    if scenario.baseline in gazetteer.available() or not path.is_file():
        return scenario
    return scenario.model_copy(update={"baseline": str(path.resolve())})


def outcome_of(
    reference: str,
    overrides: Sequence[str] = (),
    baseline: str | None = None,
    progress: Progress = quiet,
) -> "xr.Dataset":
    """The outcome in a run directory or a file, or that of a scenario, which is played now.

    What is there under a name is meant before what the library has of it. Raises `OutcomeError`
    for what is neither, and for a world that is named for what was played before.
    """
    reference = run_or_scenario(reference)
    if Path(reference).exists() and not reference.endswith(".toml"):
        if baseline is not None:
            raise OutcomeError(
                f"'{reference}' was played before, on its own world; `baseline` is for scenarios."
            )
        return load_outcome(reference)
    played = run(reference, overrides=overrides, baseline=baseline, keep=False, progress=progress)
    return played.outcome


def command_of_run(reference: str, overrides: Sequence[str], baseline: str | None) -> str:
    """The words that play a scenario again, as a shell takes them."""
    parts = ["detente", "run", reference]
    for override in overrides:
        parts += ["--set", override]
    return shlex.join(parts if baseline is None else [*parts, "--baseline", baseline])


@contextmanager
def _claimed(out: Path | None, name: str) -> Iterator[Path]:
    """A new directory that nobody else can take, before anything is computed; gone if all fails."""
    if out is not None:
        refuse_directory(out)
    made: list[Path] = []
    try:
        directory = _made(out, made) if out is not None else _made_fresh(name, made)
    except OSError as error:
        _remove(made)
        where = out or Path("runs")
        raise OutcomeError(
            f"{where} cannot be written: {error.strerror or error}; nothing was kept."
        ) from error
    try:
        yield directory
    except BaseException:
        _remove(made)
        raise


def _made(directory: Path, made: list[Path]) -> Path:
    """The directory, new; what it made on the way is added to the list."""
    if directory.exists():
        refuse_existing(directory)
    parents = [path for path in directory.parents if not path.exists()]
    directory.parent.mkdir(parents=True, exist_ok=True)
    made += reversed(parents)
    directory.mkdir()
    made.append(directory)
    return directory


def _made_fresh(name: str, made: list[Path]) -> Path:
    """A directory by the name and the second, and a number where another run has that second."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    stem = f"{plain_name(name)}-{stamp}"
    for candidate in chain([stem], (f"{stem}-{number}" for number in count(2))):
        with suppress(FileExistsError, OutcomeError):
            return _made(Path("runs") / candidate, made)
    raise AssertionError


def _write(directory: Path, scenario: Scenario, outcome: "xr.Dataset") -> dict[str, Path]:
    """Write the files of a run into its directory, all or none."""
    day = day_in_words(datetime.now(UTC))
    page = brief(outcome, *_judged(), day, _headline(scenario, outcome))
    temporary = None
    try:
        temporary = Path(
            mkdtemp(prefix=f".{directory.name}.", suffix=".part", dir=directory.parent)
        )
        temporary.chmod(0o755)
        for file, text in {"scenario.toml": to_toml(scenario), "brief.html": page}.items():
            (temporary / file).write_text(text, encoding="utf-8", newline="\n")
        save(outcome, temporary / "outcome.nc")
        _write_record(temporary, outcome)
        # Not every system replaces a directory that is there, even where it is empty.
        directory.rmdir()
        temporary.replace(directory)
    except OSError as error:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
        raise OutcomeError(
            f"{directory} cannot be written: {error.strerror or error}; nothing was kept."
        ) from error
    return {path.name: path for path in sorted(directory.iterdir())}


def _headline(scenario: Scenario, outcome: "xr.Dataset") -> Program | None:
    """What moves the headline of the brief; nothing where there is no answer to move."""
    if not outcome.attrs["solved"]:
        return None
    baseline = baselines.load_baseline(scenario.baseline)
    return headline_of(OnDesk(scenario, baseline, str(outcome.attrs["command"])))


def _judged() -> tuple[list[Judgement], str]:
    """The verdicts on the ledger, or why there are none: no reason to have no brief."""
    try:
        return judge(load_ledger(), Record.open(Model((), kept_ranges()))), ""
    except (ClaimError, DataError) as error:
        return [], str(error)


def _remove(made: Sequence[Path]) -> None:
    """Take away the empty directories that a failed run made, the innermost first."""
    for directory in reversed(made):
        with suppress(OSError):
            directory.rmdir()


def _here() -> dict[str, str]:
    """What this runs on, as a record has it."""
    import jax

    return {"python": platform.python_version(), "jax": jax.__version__}


def _versions(record: dict[str, Any]) -> str:
    return f"Python {record['python']} with JAX {record['jax']}"


def _write_record(directory: Path, outcome: "xr.Dataset") -> None:
    keys = ("scenario", "command", "baseline", "baseline_hash", "basis", "horizon", "numeraire",
            "status", "residual", "version")  # fmt: skip
    record = {key: outcome.attrs[key] for key in keys} | {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        **_here(),
        "files": {name: _hash_or_none(directory / name) for name in FILES},
    }
    text = json.dumps(record, indent=2) + "\n"
    (directory / "record.json").write_text(text, encoding="utf-8", newline="\n")


def _read_record(directory: Path) -> dict[str, Any]:
    path = directory / "record.json"
    if not path.is_file():
        raise OutcomeError(f"{directory} is not a run directory: it holds no record.json.")
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return {
            "files": dict(record["files"]),
            "baseline_hash": str(record["baseline_hash"]),
            "on": _versions(record),
        }
    except (ValueError, KeyError, TypeError) as error:
        raise OutcomeError(f"{path} is not the record of a run.") from error


def _hash_or_none(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
