"""What is asked about leverage: who over whom, and every way in which the threat may be meant."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from ..._document import checked, Request
from ..._ratios import InnerShare, Rise
from ...about import Horizons
from ...adjustment import Run
from ...selection import Everyone, Names
from .threats import Form, FORMS, Holder, HORIZONS, Threat


Holders = Annotated[tuple[Holder, ...], Field(min_length=1)]


class Question(Request):
    """Threats of the same senders against the same target, in several forms and horizons."""

    senders: Annotated[Names, Field(min_length=1)]
    """Countries or groups; several make one joint threat."""
    target: str
    """One country."""
    forms: Annotated[tuple[Form, ...], Field(min_length=1)] = FORMS
    """What is withdrawn."""
    horizons: Annotated[tuple[Run, ...], Field(min_length=1)] = HORIZONS
    """How long both sides have to adjust."""
    sectors: Names | Everyone = "all"
    """Sectors or groups of sectors that are withdrawn."""
    cut: InnerShare | None = None
    """The part of the quantity traded that is cut; the mark-up that cuts it is solved for."""
    markup: Rise | None = None
    """The rise of the price, instead of a cut; without either the trade is prohibited."""
    rents: Holders = ("nobody",)
    """Who keeps the rise of the price, each in turn; a prohibition has no rent."""

    @model_validator(mode="after")
    def _one_size(self) -> "Question":
        if self.cut is not None and self.markup is not None:
            raise ValueError("says both a 'cut' and a 'markup'; a threat has one size")
        return self

    @property
    def horizon(self) -> Horizons:
        first, *others = self.horizons
        return "both" if others else first

    @property
    def prohibits(self) -> bool:
        return self.cut is None and self.markup is None

    @property
    def holders(self) -> tuple[Holder, ...]:
        return ("nobody",) if self.prohibits else self.rents

    def threats(self) -> list[Threat]:
        """One for every form and holder; those of a cut still lack their mark-up."""
        return [
            Threat(
                senders=self.senders, target=self.target, form=form, sectors=self.sectors,
                markup=self.markup, rent=rent,
            )
            for form in self.forms
            for rent in self.holders
        ]  # fmt: skip


def asked(senders: Names | str, target: str, **choices: Any) -> Question:
    """A checked question; raises `ScenarioError` with one sentence for what cannot be asked."""
    named = (senders,) if isinstance(senders, str) else tuple(senders)
    return checked(Question, {"senders": named, "target": target, **choices}, "leverage")
