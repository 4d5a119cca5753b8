"""Questions to the model: what is played, threatened, agreed, or differentiated on a world."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..._core import ScenarioError
from ..._ratios import Rate, Rise, Share
from ...uncertainty import MOST_DRAWS
from ._ask import (
    Country,
    Drawn,
    Horizons,
    InASetting,
    OnAWorld,
    Option,
    Partner,
    Played,
    Reference,
    Sectors,
    Sources,
)


class Leverage(Drawn):
    """Find what a country can threaten another with, and at what cost to itself."""

    PICTURED = True

    sender: Annotated[str, Option(value="SENDER", by_place=True, names="country")]
    """Who threatens."""
    target: Annotated[str, Option(value="TARGET", by_place=True, names="country")]
    """Whom."""
    joined: Annotated[tuple[str, ...], Option("--with", "COUNTRY", names="country")] = ()
    """Who joins the threat."""
    against: Annotated[str | None, Option(value="COUNTRY", names="country")] = None
    """Another sender: prints the gap."""
    form: Literal["buying", "selling", "both", "all"] = "all"
    """What is withdrawn."""
    horizon: Horizons = "both"
    """How long both have; the cheapest threat takes long of both."""
    rents: Literal["nobody", "importer", "exporter", "all"] = "nobody"
    """Who keeps the rise of the price of a cut."""
    sectors: Sectors = ()
    """Sectors or groups; by default all."""
    cut: Share | None = None
    """Part of the quantity cut, 0.5 is half; else all trade."""
    markup: Rise | None = None
    """A rise of the price instead, 0.2 is 20 %."""
    cheapest: bool = False
    """Which sectors would be chosen."""
    budget: float = 0.01
    """Of the cheapest: self-cost allowed, % of real income."""
    ceiling: Rise = 1.0
    """Of the cheapest: the highest mark-up, 1 is 100 %."""
    frontier: Annotated[tuple[str, ...], Option(value="SCENARIO", names="scenario")] = ()
    """Gains of a scenario against the loss it adds."""
    credible: bool = False
    """When it would be believed and obeyed."""
    years: int = 5
    """Of a credible threat: years it is kept up."""
    discount: Share = 0.95
    """Of a credible threat: both sides' factor."""
    probability: Share = 1.0
    """Of a credible threat: that it is carried out."""
    after: Reference = None
    """What is in force before."""

    @model_validator(mode="after")
    def _one_question(self) -> "Leverage":
        if sum((self.cheapest, bool(self.frontier), self.credible)) > 1:
            raise ScenarioError(
                "`cheapest`, `frontier` and `credible` are questions of their own; ask one."
            )
        if self.cut is not None and self.markup is not None:
            raise ScenarioError("a threat has one size; give `cut` or `markup`, not both.")
        sized = self.cut is not None or self.markup is not None
        if self.rents != "nobody" and not sized and not self.cheapest:
            raise ScenarioError(
                "a prohibition has no rent; say how large the threat is with `cut`."
            )
        if self.cheapest and sized:
            raise ScenarioError(
                "the cheapest threat finds its own size; leave `cut` and `markup` out."
            )
        if self.frontier and self.after is not None:
            raise ScenarioError("a frontier has scenarios of its own; leave `after` out.")
        if self.credible and self.cut is not None:
            raise ScenarioError("a path of years needs one size; give `markup` instead of `cut`.")
        if self.against in (*self.senders, self.target):
            raise ScenarioError(
                f"`against` is for another sender; {self.against} is one of the two sides already."
            )
        return self

    @property
    def senders(self) -> tuple[str, ...]:
        return (self.sender, *self.joined)

    @property
    def forms(self) -> tuple[str, ...]:
        """What is withdrawn; a question about one threat is about all that can be unless said."""
        if self.form != "all":
            return (self.form,)
        one = self.cheapest or self.frontier or self.credible
        return ("both",) if one else ("buying", "selling", "both")

    @property
    def doing(self) -> str:
        return f"{self.sender} over {self.target}"

    @property
    def unpictured(self) -> str:
        return "thresholds have no picture" if self.credible else ""


class Bargain(Drawn):
    """Find what two sides would agree to open, who gains what, and what would change it."""

    PICTURED = True

    country: Country = "KOR"
    """The first side."""
    partner: Partner = "CHN"
    """The second side."""
    sectors: Sectors = ()
    """Sectors or groups; by default services."""
    mfn: bool = False
    """What is opened is open to everyone."""
    outside: Annotated[str, Option(names="outside")] = "status quo"
    """Without an agreement: status quo, boycott, or a scenario."""
    power: Share = 0.5
    """Bargaining power of COUNTRY, 0 to 1."""
    flight: float = 0.0
    """What PARTNER loses without an agreement, % of GDP."""
    friction: float = 0.0
    """What every whole opening costs its opener, % of GDP."""
    cost: Annotated[tuple[str, ...], Option(value="KOR.FIN=PERCENT", names="cost")] = ()
    """Political cost of one opening, % of GDP."""
    asks: Annotated[tuple[str, ...], Option("--ask", "NAME:KOR=PERCENT,...", names="worth")] = ()
    """What a linked ask is worth to each."""
    beside: Annotated[str | None, Option("--with", "COUNTRY", names="country")] = None
    """A deal at the same time."""
    people: Annotated[tuple[str, ...], Option(value="KOR=MILLIONS", names="people")] = ()
    """Your figure of a side's people: US$ a head."""
    scenario: Reference = None
    """What is in force either way."""

    @property
    def doing(self) -> str:
        return f"{self.country} and {self.partner} at the table"


class Patience(InASetting):
    """Find how patient two sides must be for cooperation to last, and how freezes ended."""

    country: Country = "KOR"
    """The first side."""
    partner: Partner = "CHN"
    """The second side."""
    sectors: Sectors = ("services",)
    """Sectors or groups; by default services."""
    depth: Share = 0.5
    """The part of each opening that is made."""
    discount: Share = 0.95
    """Yearly discount factor of the values."""
    scenario: Reference = None
    """What is in force either way."""

    @property
    def doing(self) -> str:
        return f"cooperation of {self.country} and {self.partner}"


class Conflict(InASetting):
    """Compute what a war would destroy, and the chance of settling by what is unknown."""

    PICTURED = True

    country: Country
    """The first side."""
    partner: Partner
    """The second side."""
    bilateral: Rise | None = None
    """Rise of the cost of their trade; else it stops."""
    multilateral: Rise = 0.1
    """Rise of the cost of their trade with others; 0.1 is 10 %."""
    after: Annotated[str | None, Option(value="SCENARIO", names="other scenario")] = None
    """A world to compare with."""
    decouple: Rise | None = None
    """Compare with trade between them this much dearer."""
    scenario: Reference = None
    """What is in force either way."""

    @property
    def doing(self) -> str:
        return f"{self.country} and {self.partner} at war and at peace"


class Exposure(InASetting):
    """Rank whose growth and trade help or hurt a country, at both horizons."""

    PICTURED = True

    country: Country
    """Whose side: a name or its code."""
    to: Annotated[tuple[str, ...], Option(value="PARTNER", names="country")] = ()
    """A partner to look into."""
    of_scenario: Reference = None
    """Instead: who gains from it and who pays."""
    by_year: bool = False
    """Instead: how exposure moved, 2011 to 2022."""
    deficits: Annotated[
        Literal["fixed", "proportional", "saving", "removed"] | None, Option(value="RULE")
    ] = None
    """Trade deficits: fixed, proportional, saving or removed (as by year)."""
    sources: Sources = None
    """Build the years from raw sources."""

    @model_validator(mode="after")
    def _nothing_unread(self) -> "Exposure":
        """Say what belongs to another question, rather than leave it unread."""
        if self.of_scenario is not None and self.by_year:
            raise ScenarioError("`of_scenario` and `by_year` ask different questions; choose one.")
        given = {name for name in self.model_fields_set if getattr(self, name)}
        for name in sorted(given & self._unread):
            raise ScenarioError(f"`{name}` changes nothing {self._here}; leave it out.")
        if self.country in self.to:
            raise ScenarioError(f"`to` is for partners, and {self.country} is the country itself.")
        return self

    @property
    def _unread(self) -> set[str]:
        if self.of_scenario is not None:
            return {"to", "deficits", "sources"}
        return {"overrides", "baseline"} if self.by_year else {"overrides", "sources"}

    @property
    def _here(self) -> str:
        if self.of_scenario is not None:
            return "with `of_scenario`"
        return "with `by_year`" if self.by_year else "here"

    @property
    def doing(self) -> str:
        if self.of_scenario is not None:
            return f"playing {self.of_scenario} at both horizons"
        if self.by_year:
            return "differentiating every year" if self.sources else "reading the years"
        return f"differentiating the real income of {self.country}"


class Diversify(OnAWorld):
    """Find the wedge, the pace and the premium of depending less, and when they pay."""

    PICTURED = True

    country: Country
    """Whose side: a name or its code."""
    supplier: Annotated[str, Option("--from", "SUPPLIER", names="country")] = "CHN"
    """Away from whom."""
    below: Share = 0.5
    """The share to come below, 0 to 1."""
    by: int = 2030
    """The year to be there."""
    sectors: Annotated[tuple[str, ...], Option("--sectors", "SECTOR", names="sector")] = ()
    """Goods sectors; those above the target."""
    as_one: bool = False
    """The sectors as one class with one wedge."""
    cost: Rise | None = None
    """The threat as a real cost, 0.5 for half; a prohibition without it."""

    @property
    def doing(self) -> str:
        return f"diversifying {self.country} from {self.supplier}"


class Sensitivity(InASetting):
    """List what the effect of policies depends on most: barriers, elasticities, flows."""

    scenario: Played
    """A name or a TOML file."""
    of: Annotated[str, Option(value="VARIABLE.LABEL", names="number")]
    """A number, such as welfare.KOR."""
    top: Annotated[int, Field(ge=1)] = 15
    """How many rows to print."""

    @property
    def doing(self) -> str:
        return f"differentiating {self.of}"


class Decompose(InASetting):
    """Split exact welfare into terms by partner and sector, or into the parts of policies."""

    PICTURED = True

    scenario: Played
    """A name or a TOML file."""
    by: Literal["term", "policy"] = "term"
    """What the parts are; policies take a solve for every combination."""

    @property
    def doing(self) -> str:
        if self.by == "policy":
            return f"playing every combination of the policies of {self.scenario}"
        return f"following {self.scenario} from nothing to whole"


class Trajectory(InASetting):
    """Solve a dated scenario year by year: phase-ins and fading as they come."""

    PICTURED = True

    scenario: Played
    """A name or a TOML file."""
    start: Annotated[int | None, Option("--from")] = None
    """The first year."""
    end: Annotated[int, Option("--to")] = 2035
    """The last year."""

    @property
    def doing(self) -> str:
        return f"playing {self.scenario}"


class Tariffs(InASetting):
    """Find the tariffs that countries would set: alone, at war, or together."""

    players: Annotated[tuple[str, ...], Option(value="COUNTRY...", by_place=True, names="country")]
    """Who sets tariffs."""
    aim: Literal["alone", "war", "together"] = "war"
    """What they are after."""
    rates: Literal["one", "partner", "sector", "partner-sector"] = "one"
    """How many rates each has."""
    sectors: Sectors = ("goods",)
    """Sectors or groups; by default goods."""
    weight: Annotated[tuple[str, ...], Option(value="KOR.AGR=NUMBER", names="cost")] = ()
    """How much a government cares for a sector's people; else 1."""
    instrument: Literal["tariff", "export-tax", "both"] = "tariff"
    """What they set; a negative export tax is a subsidy."""
    least: Rate | None = None
    """No rate below this, 0.2 is 20 %."""
    most: Rate | None = None
    """No rate above this."""
    scenario: Reference = None
    """What else is in force."""

    @property
    def doing(self) -> str:
        return f"tariffs of {', '.join(self.players)}"


class Stance(InASetting):
    """Ask why a stance may be rewarded: what it is worth, what it costs, where it turns."""

    PICTURED = True

    game: Annotated[str, Option("--game", "GAME", names="game")] = "seoul"
    """A name, or a TOML file."""
    draws: Annotated[int | None, Field(ge=0, le=MOST_DRAWS)] = None
    """Draws behind the ranges; 0 is none. 12, and none on a large world."""

    @property
    def doing(self) -> str:
        return "playing the game"
