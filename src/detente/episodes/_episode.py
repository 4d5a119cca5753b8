"""What an episode is: a dated event with its data, its targets, and its findings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

import pandas as pd
from pydantic import Field

from .._core import nearest, ScenarioError
from .._document import checked, in_library, read, Request
from ..calibrate.travel import travel_table
from ..published import Assumption, Bounds, PublishedTarget, TargetCheck
from ._settings import set_value


class Falsifier(Bounds):
    """A statement that the episode gives up where its number is outside the bounds."""

    statement: str


Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class Window(Request):
    """The months an episode is about, written 2017-03; years where it has no months."""

    first: Month
    """Where its data begin."""
    begins: Month
    """The first month of the event."""
    last: Month
    """Where its data end."""


class Episode(Request):
    """A dated event: what is asked, of which data, and what would count as an answer."""

    name: str
    title: str
    question: str
    reading: str = ""
    """How the event is represented."""
    baseline: str = "compact-2022"
    """The world it is played on."""
    data: tuple[str, ...] = ()
    """Raw sources it needs, by folder; none where a shipped world is enough."""
    window: Window | None = None
    assumptions: dict[str, Assumption] = Field(default_factory=dict)
    """Numbers that the data do not give, each with its range and where it comes from."""
    choices: dict[str, Any] = Field(default_factory=dict)
    """Settings of the episode's own method, such as its donors."""
    targets: tuple[PublishedTarget, ...] = ()
    falsifiers: tuple[Falsifier, ...] = ()
    limits: tuple[str, ...] = ()
    """What it cannot represent, and what else happened."""


@dataclass(frozen=True)
class Setting:
    """Where an episode is played: its world, and where the raw sources are."""

    baseline: str
    sources: Path | None = None
    progress: Callable[[str], None] = lambda step: None


@dataclass(frozen=True)
class Picture:
    """What a chart of an episode shows: lines over time with bands, or bars with whiskers."""

    kind: Literal["lines", "bars"]
    rows: pd.DataFrame
    """Columns `x` (a date, a year or a name), `series`, `value`; `lowest` and `highest` or none."""
    title: str
    subtitle: str
    y: str
    """What `value` is, with its unit."""
    mark: str | None = None
    """The place on the time axis where the event begins."""


@dataclass(frozen=True)
class Prediction:
    """What an episode's method computes: named numbers, sentences, tables and a picture."""

    measures: Mapping[str, float]
    """Numbers by the name that targets and falsifiers know them by."""
    sentences: Sequence[str] = ()
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """By title, which carries unit, basis and horizon."""
    picture: Picture | None = None


@dataclass(frozen=True)
class Findings:
    """An episode, what was found, and how it compares with what was published."""

    episode: Episode
    setting: Setting
    found: Prediction
    verdicts: tuple[TargetCheck, ...]

    @property
    def falsified(self) -> tuple[Falsifier, ...]:
        """The falsifiers whose number is outside their bounds."""
        have = self.found.measures
        return tuple(
            one for one in self.episode.falsifiers
            if one.measure in have and not one.holds(have[one.measure])
        )  # fmt: skip


class Method(Protocol):
    """How an episode is computed: a module with these two functions."""

    def fit(self, episode: Episode, setting: Setting) -> Any:
        """What the data of the event say; raises `DataError` where they are not enough."""
        ...

    def predict(self, episode: Episode, setting: Setting, fitted: Any) -> Prediction:
        """What the model makes of the fit."""
        ...


def compare(episode: Episode, measures: Mapping[str, float]) -> tuple[TargetCheck, ...]:
    """Every target beside the number that it names, in the order of the file."""
    return tuple(
        TargetCheck(target, measures.get(target.measure), _interval(measures, target.measure))
        for target in episode.targets
    )


def _interval(measures: Mapping[str, float], name: str) -> tuple[float, float] | None:
    ends = measures.get(f"{name}_lowest"), measures.get(f"{name}_highest")
    if ends[0] is None or ends[1] is None:
        return None
    return min(ends[0], ends[1]), max(ends[0], ends[1])


def available() -> dict[str, Path]:
    """The episodes of the library, by name."""
    return in_library("episodes")


def load_episode(name: str, overrides: Sequence[str] = ()) -> Episode:
    """The episode of that name, with `PATH=VALUE` overrides; raises `ScenarioError`."""
    library = available()
    if name not in library:
        raise ScenarioError(f"there is no episode '{name}'; {nearest(name, library)}")
    document = read(library[name]) | {"name": name}
    _look_up(document)
    for override in overrides:
        set_value(document, override)
    return checked(Episode, document, f"episode '{name}'")


def _look_up(document: dict[str, Any]) -> None:
    """Assumptions that name a figure of the travel table instead of giving it."""
    have = document.get("assumptions", {})
    for key, given in have.items():
        if "travel" in given:
            have[key] = travel_table().figure(given["travel"]).model_dump()
