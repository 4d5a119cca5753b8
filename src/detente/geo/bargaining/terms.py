"""What a bargain is asked with: what is on the table, politics in percent of GDP, and power."""

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from jaxtyping import Float
from pydantic import Field

from ..._core import nearest, ScenarioError
from ..._document import Request
from ..._ratios import InnerShare, Multiple
from ...selection import Names
from .talks import COST_PER_STRI_POINT, Opening


NotNegative = Annotated[float, Field(ge=0)]
STATUS_QUO, BOYCOTT = "status quo", "boycott"


class Terms(Request):
    """The setting of a bargain. Political terms are percent of real income, and zero unless set."""

    sectors: Names = ("services",)
    """What is on the table: sectors or groups; goods are opened by their tariffs."""
    mfn: bool = False
    """Whether what a side opens is open to everyone."""
    outside: str = STATUS_QUO
    """What happens without an agreement: nothing, a boycott by the partner, or a scenario."""
    power: InnerShare = 0.5
    """Bargaining power of the first side; the second has the rest."""
    flight: NotNegative = 0.0
    """What the partner loses without an agreement besides trade, such as capital that leaves."""
    friction: NotNegative = 0.0
    """What each whole opening costs its opener, whichever the sector."""
    costs: dict[str, float] = Field(default_factory=dict)
    """What a whole opening costs its opener, by names such as KOR.FIN."""
    asks: dict[str, dict[str, float]] = Field(default_factory=dict)
    """Asks that are linked to an agreement: what each is worth to each side, negative is a cost."""
    beside: str | None = None
    """A third country with which the first side bargains at the same time."""
    cost_per_stri_point: Annotated[Multiple, Field(gt=0)] = COST_PER_STRI_POINT
    """Log trade cost per point of the services restrictiveness index."""


def political_cost(
    terms: Terms, openings: Sequence[Opening], sides: Sequence[str]
) -> Float[np.ndarray, "c j"]:
    """What each whole opening costs each side, or `ScenarioError` for what is not on the table."""
    names = [f"{one.opener}.{one.sector}" for one in openings]
    for name in terms.costs:
        if name not in names:
            raise ScenarioError(f"'{name}' is not an opening on the table; {nearest(name, names)}")
    cost = np.zeros((len(sides), len(openings)))
    for j, (name, one) in enumerate(zip(names, openings, strict=True)):
        if one.opener in sides:
            cost[sides.index(one.opener), j] = terms.friction + terms.costs.get(name, 0.0)
    return cost


def linked(terms: Terms, sides: Sequence[str]) -> Float[np.ndarray, " c"]:
    """What all asks together are worth to each side."""
    worth = np.zeros(len(sides))
    for ask, values in terms.asks.items():
        for side, value in values.items():
            if side not in sides:
                hint = nearest(side, sides)
                raise ScenarioError(f"ask '{ask}': '{side}' is not a side here; {hint}")
            worth[sides.index(side)] += value
    return worth
