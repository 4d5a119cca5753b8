"""Leverage: what each side of a threat would lose, and whether the threat is credible."""

from .cheapest import (
    Cheapest as Cheapest,
    cheapest as cheapest,
    hit_in_2017 as hit_in_2017,
    rank_correlation as rank_correlation,
)
from .closed_form import (
    beside as beside,
    closed_form as closed_form,
    ClosedForm as ClosedForm,
    international_power as international_power,
)
from .coalitions import Coalition as Coalition, coalition as coalition
from .credibility import (
    brackets as brackets,
    Credibility as Credibility,
    credibility as credibility,
    Terms as Terms,
)
from .frontier import Frontier as Frontier, frontier as frontier
from .leverage import (
    gap as gap,
    Leverage as Leverage,
    leverage as leverage,
    leverage_of as leverage_of,
    nothing as nothing,
)
from .losses import headline as headline, Sides as Sides
from .question import asked as asked, Question as Question
from .threats import carried_out as carried_out, Threat as Threat
