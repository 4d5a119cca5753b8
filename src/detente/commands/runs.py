"""Scenarios that are played, the directories that keep them, and their verification."""

import hashlib
import json
import platform
import shlex
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, UTC
from itertools import chain, count
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread
from typing import Any, TYPE_CHECKING

from .. import scenario as scenarios
from .._core import nearest, OutcomeError
from ..calibrate import baseline as baselines
from ..ensemble import simulate_draws
from ..outcome import load_outcome, save
from ..report import brief, warm_up
from ..scenario import load_scenario, Scenario, to_toml
from ._files import on_baseline, Progress, refuse_existing


if TYPE_CHECKING:
    import xarray as xr


# A rerun on another processor may differ in the last digits; a changed result differs in the first.
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


@dataclass(frozen=True)
class Verification:
    """What a recomputation of a run directory found."""

    directory: Path
    changed_files: tuple[str, ...]
    largest_difference: float

    @property
    def reproduced(self) -> bool:
        return not self.changed_files and self.largest_difference <= REPRODUCED


def run(
    reference: str,
    *,
    overrides: Sequence[str] = (),
    baseline: str | None = None,
    out: Path | None = None,
    keep: bool = True,
    progress: Progress = lambda done: None,
) -> Run:
    """Play a scenario of the library or of a file, and write its run directory if `keep`.

    Its draws are those of its `[uncertainty]` table: the override `uncertainty.draws=0` leaves
    them and the intervals out.
    """
    changes = on_baseline(overrides, baseline)
    scenario = _with_absolute_baseline(load_scenario(reference, changes))
    directory = (out or _fresh_directory(scenario.name)) if keep or out else None
    if directory is not None:
        refuse_existing(directory)
        # Drawing takes a second to load, most of it outside Python: let it load while JAX works.
        Thread(target=warm_up, daemon=True).start()
    outcome = simulate_draws(baselines.load_baseline(scenario.baseline), scenario, progress)
    outcome.attrs["command"] = _command(reference, overrides, baseline)
    if directory is None:
        return Run(scenario, outcome)
    return Run(scenario, outcome, directory, _write(directory, scenario, outcome))


def list_scenarios() -> list[Scenario]:
    """Every scenario of the library."""
    return [load_scenario(name) for name in scenarios.available()]


def by_subject(found: Iterable[Scenario]) -> dict[str, list[Scenario]]:
    """The scenarios under the headings of a list, each by name; those without one come last."""
    groups: dict[str, list[Scenario]] = {}
    for one in sorted(found, key=lambda one: (not one.subject, one.subject, one.name)):
        groups.setdefault(one.subject or "Other", []).append(one)
    return groups


def compare(
    first: str, second: str, baseline: str | None = None
) -> tuple["xr.Dataset", "xr.Dataset"]:
    """Two outcomes: each a run directory, an outcome file, or a scenario that is played now.

    A scenario is played on `baseline` if one is named; what was played before cannot be.
    """
    return _outcome_of(first, baseline), _outcome_of(second, baseline)


def verify(directory: Path, progress: Progress = lambda done: None) -> Verification:
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
    return Verification(directory, changed, largest_difference(kept, again))


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
    if scenario.baseline in baselines.available() or not path.is_file():
        return scenario
    return scenario.model_copy(update={"baseline": str(path.resolve())})


def _outcome_of(reference: str, baseline: str | None) -> "xr.Dataset":
    if reference in scenarios.available() or reference.endswith(".toml"):
        return run(reference, overrides=[NO_DRAWS], baseline=baseline, keep=False).outcome
    if Path(reference).exists():
        if baseline is not None:
            raise OutcomeError(
                f"'{reference}' was played before, on its own world; --baseline is for scenarios."
            )
        return load_outcome(reference)
    raise OutcomeError(
        f"'{reference}' is neither a run directory nor a scenario; "
        f"{nearest(reference, scenarios.available())}"
    )


def _command(reference: str, overrides: Sequence[str], baseline: str | None) -> str:
    parts = ["detente", "run", reference]
    for override in overrides:
        parts += ["--set", override]
    return shlex.join(parts if baseline is None else [*parts, "--baseline", baseline])


def _fresh_directory(name: str) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    stem = f"{name.replace('/', '-')}-{stamp}"
    names = chain([stem], (f"{stem}-{number}" for number in count(2)))
    return next(path for path in map(Path("runs").joinpath, names) if not path.exists())


def _write(directory: Path, scenario: Scenario, outcome: "xr.Dataset") -> dict[str, Path]:
    """Write a run directory whole or not at all."""
    page = brief(outcome)
    made = [path for path in directory.parents if not path.exists()]
    temporary = None
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(
            mkdtemp(prefix=f".{directory.name}.", suffix=".part", dir=directory.parent)
        )
        temporary.chmod(0o755)
        (temporary / "scenario.toml").write_text(to_toml(scenario), encoding="utf-8")
        (temporary / "brief.html").write_text(page, encoding="utf-8")
        save(outcome, temporary / "outcome.nc")
        _write_record(temporary, outcome)
        temporary.replace(directory)
    except OSError as error:
        _remove(temporary, made)
        raise OutcomeError(
            f"{directory} cannot be written: {error.strerror or error}; nothing was kept."
        ) from error
    return {path.name: path for path in sorted(directory.iterdir())}


def _remove(temporary: Path | None, made: Sequence[Path]) -> None:
    """Take away what a failed write left: its own directory and the empty parents it made."""
    if temporary is not None:
        shutil.rmtree(temporary, ignore_errors=True)
    for parent in made:
        with suppress(OSError):
            parent.rmdir()


def _write_record(directory: Path, outcome: "xr.Dataset") -> None:
    import jax

    keys = ("scenario", "command", "baseline", "baseline_hash", "basis", "horizon", "numeraire",
            "status", "residual", "version")  # fmt: skip
    record = {key: outcome.attrs[key] for key in keys} | {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "jax": jax.__version__,
        "files": {name: _hash_or_none(directory / name) for name in FILES},
    }
    (directory / "record.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def _read_record(directory: Path) -> dict[str, Any]:
    path = directory / "record.json"
    if not path.is_file():
        raise OutcomeError(f"{directory} is not a run directory: it holds no record.json.")
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return {"files": dict(record["files"]), "baseline_hash": str(record["baseline_hash"])}
    except (ValueError, KeyError, TypeError) as error:
        raise OutcomeError(f"{path} is not the record of a run.") from error


def _hash_or_none(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
