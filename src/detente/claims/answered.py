"""Checks of answers to named questions: bargaining, leverage, diversification, restrictiveness."""

from typing import Annotated, Literal

from pydantic import AfterValidator

from .._core import nearest
from .bounded import BoundedCheck
from .model import Model, ModelInterval, Override
from .named_questions import LedgerQuestion, QUESTIONS
from .record import Record
from .units import Quantity
from .verdict import Finding


def _known(name: str) -> str:
    if name not in QUESTIONS:
        raise ValueError(f"is not a question that the model answers; {nearest(name, QUESTIONS)}")
    return name


class AnswerCheck(BoundedCheck):
    """The answer to a named question lies on the claimed side of a bound.

    A question is a function of nothing but its name, so that its answer can be kept.
    """

    kind: Literal["answered"]
    question: Annotated[str, AfterValidator(_known)]

    @property
    def asked(self) -> LedgerQuestion:
        return QUESTIONS[self.question]

    @property
    def key(self) -> str:
        """The same for the same question, and never that of effects, which are in braces."""
        return self.question

    @property
    def unit(self) -> str:
        return self.asked.unit

    def named(self) -> str:
        return f"{self.asked.says}, {self.asked.over}"

    def found_by(self, model: Model, assumed: Override | None = None) -> ModelInterval:
        return self.asked.answer(model.progress, assumed)

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        return self.judged(self, record)
