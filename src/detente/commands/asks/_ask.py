"""What every question is made of, and how a face that takes words may name its fields."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ..._document import Request
from ...uncertainty import MOST_DRAWS, MOST_SEED


NameKind = Literal[
    "", "country", "economy", "sector", "scenario", "other scenario", "played", "outside", "game",
    "episode", "world", "number", "cost", "people", "worth",
]  # fmt: skip
"""What a field names: a country or sector of the world, an economy of the record, a scenario that
is in force or another, and so on; a cost, a number of people or a worth begins with names."""


@dataclass(frozen=True, slots=True)
class Option:
    """How a face that takes words names a field, where not by its own name, and its value."""

    name: str = ""
    value: str = ""
    by_place: bool = False
    """Whether it is known by its place among the words."""
    names: NameKind = ""
    """What it names, where that is something with a name: it is then read as people write it."""


def flag(name: str) -> str:
    """The option of a field of that name."""
    return f"--{name.replace('_', '-')}"


Country = Annotated[str, Option(value="COUNTRY", by_place=True, names="country")]
Partner = Annotated[str, Option(value="PARTNER", by_place=True, names="country")]
Played = Annotated[str, Option(value="SCENARIO", by_place=True, names="scenario")]
Reference = Annotated[str | None, Option(value="SCENARIO", names="scenario")]
Sectors = Annotated[tuple[str, ...], Option("--sector", names="sector")]
Sources = Annotated[Path | None, Option(value="DIR")]
Horizons = Literal["long", "short", "both"]


class Ask(Request):
    """What every question has: a picture where it can be drawn, and words for the wait."""

    PICTURED: ClassVar[bool] = False
    """Whether some answer to it can be drawn."""

    @property
    def doing(self) -> str:
        """What is being computed, for a line that says so."""
        return "computing"

    @property
    def needs(self) -> str:
        """What it needs that does not ship, in a few words; empty where it runs on what ships."""
        return ""

    @property
    def unpictured(self) -> str:
        """Why there is no picture of it, as a sentence; empty where there is one."""
        return ""


class OnAWorld(Ask):
    """A question to a world."""

    baseline: Annotated[str | None, Option(names="world")] = None
    """A world: a name or a file."""

    @property
    def computes(self) -> bool:
        """Whether the answer is computed on a world, and has to say on which."""
        return True


class InASetting(OnAWorld):
    """A question whose setting can be changed value by value."""

    overrides: Annotated[tuple[str, ...], Option("--set", "PATH=VALUE")] = ()
    """Change one value, such as services.stri_cut=0.3."""

    @property
    def changes(self) -> tuple[str, ...]:
        """The values that are changed, as `PATH=VALUE`."""
        return self.overrides


class Drawn(InASetting):
    """A question whose answer has intervals."""

    draws: Annotated[int | None, Field(ge=0, le=MOST_DRAWS)] = None
    """Draws for intervals; 0 is none."""
    seed: Annotated[int | None, Field(ge=0, le=MOST_SEED)] = None
    """Same seed, same draws."""

    @property
    def changes(self) -> tuple[str, ...]:
        given = {"uncertainty.draws": self.draws, "uncertainty.seed": self.seed}
        named = (f"{key}={value}" for key, value in given.items() if value is not None)
        return (*self.overrides, *named)
