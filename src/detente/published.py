"""Published figures, the targets made of them, and whether an answer of ours meets them."""

from dataclasses import dataclass
from typing import Literal

from ._core import figure
from ._document import Request


End = Literal["lowest", "value", "highest"]
Outcome = Literal["pass", "miss", "input", "other concept", "dropped", "not computed"]


class Assumption(Request):
    """A figure with its source, and a range where it is assumed."""

    value: float
    lowest: float | None = None
    highest: float | None = None
    unit: str
    source: str

    def at(self, end: End) -> float:
        """The figure, or an end of its range where it has one."""
        end_value = getattr(self, end)
        return self.value if end_value is None else float(end_value)


class Bounds(Request):
    """Bounds on a measured number, written down before it was measured."""

    measure: str
    """The name of the number: among an episode's findings, or of the validation table."""
    unit: str
    """Unit, basis and horizon of that number."""
    lowest: float | None = None
    """The least value that passes."""
    highest: float | None = None
    """The largest value that passes."""

    def holds(self, value: float) -> bool:
        """Whether the value is within the bounds; a value that is not a number never is."""
        above = self.lowest is None or value >= self.lowest
        below = self.highest is None or value <= self.highest
        return value == value and above and below

    @property
    def is_bounded(self) -> bool:
        """Whether it has a bound at all."""
        return self.lowest is not None or self.highest is not None

    @property
    def words(self) -> str:
        """The bounds as a phrase, with a true minus."""
        low, high = (
            None if bound is None else figure(bound, "g") for bound in (self.lowest, self.highest)
        )
        if low is not None and high is not None:
            return f"{low} to {high}"
        if low is not None:
            return f"at least {low}"
        return "none: an input" if high is None else f"at most {high}"


class PublishedTarget(Bounds):
    """A published value that an answer of ours is held against, and when that passes."""

    id: str
    """The target's number in the validation table, such as V2."""
    what: str
    """What is compared."""
    published: str
    """The published value in words, with its unit."""
    source: str
    """Who published it, and when."""
    role: Literal["test", "input"] = "test"
    """input: the number went into the fit, and agreeing with it shows nothing."""
    other_concept: str = ""
    """Why the two are not the same quantity, where they are not: agreeing shows nothing either."""
    dropped: str = ""
    """Why it is no test any more, where it is none: it is printed with that and not computed."""
    inside: float | None = None
    """The published value as a number, where our interval must hold it, beside any bounds; the
    interval is the measures of the same name with `_lowest` and `_highest`."""


@dataclass(frozen=True)
class TargetCheck:
    """One target beside what was found."""

    target: PublishedTarget
    ours: float | None
    interval: tuple[float, float] | None = None

    @property
    def outcome(self) -> Outcome:
        """pass or miss by the rule alone; neither where the number went into the fit, nor where
        ours is another quantity than what was published."""
        if self.target.dropped:
            return "dropped"
        if self.ours is None:
            return "not computed"
        if self.target.role == "input":
            return "input"
        if self.target.other_concept:
            return "other concept"
        return "pass" if self._holds(self.ours) else "miss"

    @property
    def rule(self) -> str:
        """When it passes, as a phrase."""
        if self.target.inside is None:
            return self.target.words
        held = f"our interval holds {figure(self.target.inside, 'g')}"
        return f"{self.target.words}, and {held}" if self.target.is_bounded else held

    def _holds(self, ours: float) -> bool:
        inside = self.target.inside
        if inside is None:
            return self.target.holds(ours)
        if self.interval is None or (self.target.is_bounded and not self.target.holds(ours)):
            return False
        return self.interval[0] <= inside <= self.interval[1]
