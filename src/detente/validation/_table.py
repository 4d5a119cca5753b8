"""The rows of the validation table as a file: what was published, and what it is compared with."""

from pathlib import Path

from pydantic import Field, model_validator

from .. import library
from .._core import nearest
from .._document import checked, read, Request
from ..published import PublishedTarget


RATIOS = {
    "dynamic_over_static": ("welfare_with_transition", "welfare_at_first"),
    "dynamic_over_steady": ("welfare_with_transition", "welfare"),
}
"""Measures that are one variable over another, each weighted by income."""
MEASURES = ("welfare", "real_gdp", "exports", "services", "between_blocs", "duty", *RATIOS)
"""welfare: exact, percent, weighted by income where several; real_gdp: double-deflated, percent,
weighted by GDP; exports: all of them, percent;
services: those of services, trade margins left out, percent; between_blocs: goods trade between
blocs over that within them in 2022, percent; duty: what the rates in the worlds imply, by
`quantity` and `year`; dynamic_over_static and dynamic_over_steady: where capital is produced, gains
with the way to the steady state over those of the first year, and over those of the steady
state."""
BY_COUNTRY = ("welfare", "real_gdp")
WORLD = "world"
"""All countries together, as the subject of a row."""


class Side(Request):
    """One played scenario and whom it is read for."""

    scenario: str
    """A name in the library."""
    overrides: tuple[str, ...] = ()
    """`PATH=VALUE`, as with --set."""
    of: tuple[str, ...] = (WORLD,)
    """Countries or groups, taken together; "world" is all."""
    to: tuple[str, ...] = (WORLD,)
    """Whose purchases count, for exports and services; "world" is everybody abroad."""
    travel: bool = False
    """Whether it is played with travel laid over the world."""


class Row(Request):
    """One published number or ordering, and the named scenario it is compared with."""

    target: PublishedTarget
    """What was published, and which of `MEASURES` is held against it."""
    side: Side | None = None
    """What is played."""
    less: Side | None = None
    """What is subtracted: for an order."""
    over: Side | None = None
    """What it is divided by: for a shape."""
    worst_of: tuple[str, ...] = ()
    """In place of `less`: the lowest of these countries in the same scenario, one by one."""
    blocs: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """The blocs of `between_blocs`."""
    quantity: str = ""
    """The quantity of `duty`, by its name in `library/tariffs/measures.csv`."""
    year: int = 0
    """Its year."""
    comparability: str
    """What the two numbers have in common, and what not."""

    @property
    def measure(self) -> str:
        """Which of `MEASURES` is computed."""
        return self.target.measure

    @model_validator(mode="after")
    def _something_to_compute(self) -> "Row":
        if self.measure not in MEASURES:
            raise ValueError(f"has no measure '{self.measure}'; {nearest(self.measure, MEASURES)}")
        if (self.measure in ("between_blocs", "duty")) == (self.side is not None):
            raise ValueError("needs a side to play, or blocs for between_blocs, or is a duty")
        if (self.measure == "duty") != bool(self.quantity and self.year):
            raise ValueError("needs a quantity and a year for duty, and for nothing else")
        if sum(map(bool, (self.less, self.over, self.worst_of))) > 1:
            raise ValueError("takes one of less, over or worst_of")
        if self.measure in (*BY_COUNTRY, *RATIOS) and any(
            side.to != (WORLD,) for side in (self.side, self.less, self.over) if side
        ):
            raise ValueError(f"{self.measure} is of countries, not of what they sell to others")
        return self


class StudyTable(Request):
    """Every row, in the order of the file."""

    baseline: str = "compact-2022"
    """The world that scenarios are played on unless another is asked for."""
    rows: tuple[Row, ...]
    causes: dict[str, str] = Field(default_factory=dict)
    """By a target's id, what makes its rows miss where they do, in a sentence."""


def load_table(path: Path | None = None) -> StudyTable:
    """The table that ships, or another; raises `ScenarioError` for a file that is none."""
    file = path or library.path("validation.toml")
    return checked(StudyTable, read(file), str(file))
