"""Where a check of the model comes out the other way, and whether it does when played there."""

from typing import Annotated

from pydantic import Field, model_validator

from .._core import figure
from .._document import Request
from .answered import AnswerCheck
from .computed import EffectCheck
from .model import Model, ModelInterval, Override, TurnedQuestion


NEAR = 0.1
"""How far apart, relative to the larger, the values on both sides of a turning point may lie."""

Text = Annotated[str, Field(min_length=1)]


class TurningPoint(Request):
    """The values of one setting at which a check comes out the other way, nothing being drawn.

    A check that cannot fail at any plausible value has none, and gives no verdict.
    """

    setting: Annotated[str, Field(pattern=r"=.*\{value\}")]
    """`PATH={value}`, as `detente run --set` takes it, or as the question of the check names it."""
    scenario: str = ""
    """The scenario of the library whose setting it is; all that are played where none is named."""
    what: Text
    """What is set, in words: "the verdict turns where <what> is <from> to <to>"."""
    holds: float
    """The last value, on the way there, at which the check still comes out as it does."""
    fails: tuple[float, float]
    """From the first value at which it comes out the other way to the last that is plausible."""
    because: Text
    """Why the last value is plausible."""

    @model_validator(mode="after")
    def _is_near(self) -> "TurningPoint":
        first, last = self.fails
        apart = abs(first - self.holds)
        if not 0 < apart <= NEAR * max(abs(first), abs(self.holds)):
            raise ValueError("must have 'holds' within a tenth of the first value of 'fails'.")
        if (last - first) * (first - self.holds) < 0:
            raise ValueError("must go on from 'holds': the last value of 'fails' is on its side.")
        return self

    def assumed(self, value: float) -> Override:
        return Override(self.setting.replace("{value}", f"{value:g}"), self.scenario)

    def words(self) -> str:
        """The range in which the check comes out the other way, from the lower end to the upper."""
        low, high = (figure(end, "g") for end in sorted(self.fails))
        ends = low if low == high else f"{low} to {high}"
        return f"the verdict turns where {self.what} is {ends} ({self.because})"

    def turned(self, check: EffectCheck | AnswerCheck) -> tuple[TurnedQuestion, ...]:
        """What the check asks at the last value where it holds, and at both ends where it fails."""
        return tuple(
            TurnedQuestion(check, self.assumed(value)) for value in (self.holds, *self.fails)
        )


def turns(
    check: EffectCheck | AnswerCheck, where: TurningPoint, outcome: bool, model: Model
) -> bool:
    """Whether the check comes out as it did until the turning point, and the other way past it."""
    sides = [_side(check, model.range_of(one)) for one in where.turned(check)]
    return sides == [outcome, not outcome, not outcome]


def _side(check: EffectCheck | AnswerCheck, interval: ModelInterval) -> bool | None:
    """Whether the claim holds there; none where there is no number or it is the bound itself."""
    if not interval.solved or interval.low < check.bound < interval.high:
        return None
    return check.holds(interval)
