"""Questions to the record: data that are stored, and claims and publications held against them."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from ..._core import ScenarioError
from ._ask import Ask, Country, InASetting, OnAWorld, Option, Sources


Years = Annotated[str | None, Option(value="FIRST:LAST")]
Basis = Annotated[str | None, Option(value="BASIS")]
_ARRIVALS = "monthly arrivals, added with `detente data add kto FILE`"
_MONTHS = "months of its trade in the store, added with `detente data add`"


class OfAPair(Ask):
    """A question about the trade of two economies."""

    country: Annotated[str, Option(value="COUNTRY", by_place=True, names="economy")]
    """Whose side: a name or its ISO 3166 code."""
    partner: Annotated[str, Option(value="PARTNER", by_place=True, names="economy")]
    """With whom."""


class Balance(OfAPair):
    """Print the balance of two economies on every accounting basis, gaps shown."""

    PICTURED = True

    years: Years = None
    """Years, both included, as in 1992:2025."""


class Track(OfAPair):
    """Take a partial year to its full-year balance, with an interval and P(deficit)."""

    through: Annotated[str | None, Option(value="YYYY-MM")] = None
    """The last month known; the latest stored."""
    so_far: Annotated[float | None, Option("--balance", "BILLION")] = None
    """Only the balance so far is known."""
    evaluate: bool = False
    """Judge the methods on past years instead."""
    basis: Basis = None
    """A book, such as 'korean customs'."""

    @model_validator(mode="after")
    def _one_question(self) -> "Track":
        if self.evaluate and (self.through is not None or self.so_far is not None):
            raise ScenarioError(
                "past years are judged from each of their months; leave `through` and `so_far` out."
            )
        return self

    @property
    def doing(self) -> str:
        return f"tracking {self.country} and {self.partner}"

    @property
    def needs(self) -> str:
        known = self.through is not None and self.so_far is not None
        return "" if known else _MONTHS


class Timeline(OfAPair):
    """Tell what happened between two economies, over their trade."""

    PICTURED = True

    years: Years = None
    """Years, both included, as in 1992:2025."""
    others: bool = False
    """Also events with only one of the two."""


class Dependence(OnAWorld):
    """Measure dependence by concept, and say where the concepts disagree."""

    country: Country
    """Whose side: a name or its code."""
    on: Annotated[str | None, Option(value="PARTNER", names="country")] = None
    """On whom; else the first five."""

    @property
    def doing(self) -> str:
        return f"looking through the suppliers of {self.country}"


class Risk(OfAPair, OnAWorld):
    """Measure what a month of more risk costs trade, as a wedge that a scenario can take."""

    PICTURED = True

    index: Annotated[Path, Option(value="FILE")]
    """A CSV by month, of geopolitical risk or another."""
    column: Annotated[str | None, Option(value="NAME")] = None
    """The column; needed where there are several."""
    basis: Basis = None
    """A book, such as 'korean customs'."""

    @property
    def doing(self) -> str:
        return f"projecting the trade of {self.country} and {self.partner}"

    @property
    def needs(self) -> str:
        return f"a file of the index by month, and {_MONTHS}"


class Check(Ask):
    """Hold claims, or the quantities of a text, against stored data, each with a verdict."""

    file: Annotated[Path | None, Option(value="FILE", by_place=True)] = None
    """A text to read (a file, - for standard input, a sentence in quotes), or a ledger in TOML."""
    ledger: bool = False
    """The ledger that ships."""
    claim: Annotated[tuple[str, ...], Option(value="ID")] = ()
    """Only this claim of the ledger."""
    again: bool = False
    """Solve again what the model computed for the ledger."""
    year: Annotated[int | None, Field(ge=1900, le=2200)] = None
    """The year in which the text was written."""

    @model_validator(mode="after")
    def _one_of_both(self) -> "Check":
        if (self.file is None) == (not self.ledger):
            raise ScenarioError("name a `file`, or say `ledger` for the ledger that ships.")
        if self.claim and not self.of_claims:
            raise ScenarioError("`claim` chooses from a ledger, and `file` is a text.")
        return self

    @property
    def of_claims(self) -> bool:
        """Whether a ledger is judged, rather than a text read."""
        return self.file is None or self.file.suffix == ".toml"

    @property
    def doing(self) -> str:
        if self.of_claims:
            return "holding every claim against the record and the model"
        return f"reading {self.file}"

    @property
    def needs(self) -> str:
        return "a text or a ledger of yours" if self.file is not None else ""


class Validate(OnAWorld):
    """Compare with published studies: each row passes or misses by a rule set beforehand."""

    @property
    def doing(self) -> str:
        return "playing"


class Episode(InASetting):
    """Fit a dated event, predict from it, and compare with the published values."""

    PICTURED = True

    name: Annotated[str | None, Option(value="EPISODE", by_place=True, names="episode")] = None
    """A name; without one, a list."""
    sources: Sources = None
    """Where the raw sources are."""

    @property
    def computes(self) -> bool:
        return self.name is not None

    @property
    def doing(self) -> str:
        return f"playing {self.name}"

    @property
    def needs(self) -> str:
        return _ARRIVALS if self.name == "thaad" else ""

    @property
    def unpictured(self) -> str:
        return "a list has no picture" if self.name is None else ""


class Gravity(Ask):
    """Estimate gravity equations: distance, agreements and borders on the WTO guide's panel."""

    specifications: Annotated[tuple[str, ...], Option(value="SPEC...", by_place=True)] = ()
    """Names, or all; none lists them."""
    years: Annotated[str | None, Option(value="YEARS")] = None
    """1986-2006:4 (every fourth), 1986-2006, or 1990,1994."""
    theta: float | None = None
    """A trade elasticity, for the tariff equivalent of rta."""
    sources: Sources = None
    """Where the raw sources are."""

    @property
    def doing(self) -> str:
        return "estimating"

    @property
    def needs(self) -> str:
        return "the panel of the WTO guide, in DETENTE_RAW" if self.specifications else ""


class Elasticities(Ask):
    """Estimate trade elasticities from tariffs on ICIO flows, 2011-2022; minutes for all sectors.

    The file of its rows is what the package ships as the set own-2011-2022.
    """

    sectors: Annotated[tuple[str, ...], Option(value="SECTOR...", by_place=True)] = ()
    """ICIO goods sectors, or all."""
    sources: Sources = None
    """Where the raw sources are."""

    @property
    def doing(self) -> str:
        return "estimating"

    @property
    def needs(self) -> str:
        return "the flow tables of the ICIO, 2011 to 2022, in DETENTE_RAW"


class Compare(OnAWorld):
    """Set two outcomes side by side."""

    first: Annotated[str, Option(value="A", by_place=True, names="played")]
    """A run directory or a scenario."""
    second: Annotated[str, Option(value="B", by_place=True, names="played")]
    """A run directory or a scenario."""

    @property
    def doing(self) -> str:
        return f"comparing {self.first} and {self.second}"
