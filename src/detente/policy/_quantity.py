"""Policies that state what becomes of trade: the quantity that is seen, in place of the wedge.

What is observed of a boycott, a visit or a deal is a flow, and no price. The wedge that makes the
flow what it was is found by the engine, in the whole model and in every draw of it.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal, TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float
from pydantic import model_validator

from .._core import Keeper
from .._ratios import Quantity
from ..selection import acting, Everyone, Names, partners_in_words, sectors_in_words
from ._instrument import Instrument, visitors_kept
from ._prose import more_or_less, percent


if TYPE_CHECKING:
    from ..world import Baseline


Measure = Literal["flow", "spending", "imports"]
MEASURES: tuple[Measure, ...] = ("flow", "spending", "imports")
IN_WORDS: dict[Measure, str] = {
    "flow": "in quantity",
    "spending": "as a share of spending",
    "imports": "as a share of imports",
}


@dataclass(frozen=True)
class WantedQuantity:
    """A quantity that is wanted, and the wedge on flows that is to bring it about."""

    cells: Bool[np.ndarray, "o d s"]
    """The flows that are counted."""
    pattern: Float[np.ndarray, "o d s"]
    """The log wedge of each flow where the one that is sought is 1; zero where it has none."""
    keeper: Keeper
    """Who has what the wedge costs the buyer."""
    log_quantity: float
    """The log of what is counted after the policy over what it is without it."""
    alike_in_quantity: bool = False
    """Whether the pattern is of falls of log quantities at given prices, and not of wedges."""
    measure: Measure = "flow"
    added: float = 0.0
    """Beyond that, million US$ at the prices of the baseline; of a flow only."""
    is_limit: bool = False
    """Whether it can only hold trade back, and whoever has its rent may be drawn."""
    of_visitors: bool = False
    """Whether it is what visitors buy, which may be a part of flows that another policy states."""

    @property
    def moves(self) -> bool:
        """Whether anything is wanted that is not there without it."""
        return self.log_quantity != 0 or self.added != 0


class ByQuantity(Instrument):
    """An instrument that has a size, or the quantity that is to come of it."""

    quantity: Quantity | None = None
    """In place of the size: the trade in these flows over what it is without this policy, in the
    whole model and not at given prices. 0.7 is 30 % less. The wedge is found in every solve."""
    quantity_of: Measure = "flow"
    """What that is of: the flow itself (at the prices of the baseline), its share in what the
    buyers spend on these sectors (at theirs), or its share in their imports of them."""

    sized_by: ClassVar[tuple[str, ...]] = ("change",)
    """The fields that give a size otherwise."""

    @model_validator(mode="after")
    def _size_or_quantity(self) -> "ByQuantity":
        names = (*self.sized_by, "quantity")
        given = [getattr(self, name) for name in names]
        if sum(one is not None and one is not False and one != () for one in given) != 1:
            raise ValueError(f"needs exactly one of {', '.join(names[:-1])} or quantity")
        if self.quantity is None and self.quantity_of != "flow":
            raise ValueError("says with quantity_of what a quantity is of: it needs 'quantity'")
        return self

    def log_quantity(self, year: int | None) -> float:
        """The log of the quantity that is wanted in `year`; zero where none is stated."""
        return self.in_effect(year) * float(np.log(self._wanted))

    def less_or_more(self) -> str:
        """How much less or more is wanted, and of what: 30 % less, in quantity."""
        return f"{more_or_less(self._wanted - 1.0)}, {IN_WORDS[self.quantity_of]}"

    def of_what_it_was(self) -> str:
        """The same over what there is without the policy, as a clause."""
        return f"{percent(self._wanted)} of what it is without this policy"

    @property
    def _wanted(self) -> float:
        return 1.0 if self.quantity is None else self.quantity


def bought_in_words(
    policy: ByQuantity,
    baseline: "Baseline",
    importers: Names | Everyone,
    exporters: Names | Everyone,
    sectors: Names | Everyone,
    year: int | None,
) -> str:
    """Who buys how much more or less of what from whom, as a clause."""
    buys = acting(importers, baseline, "buys", "buy")
    whose = partners_in_words(exporters, importers, baseline)
    return (
        f"{buys} {policy.less_or_more()}, of {sectors_in_words(sectors, baseline)} from {whose}"
        f"{policy.steps(year)}: {policy.of_what_it_was()}"
    )


def visitors_target(
    baseline: "Baseline",
    elsewhere: Bool[np.ndarray, "o d s"],
    part: float,
    keeper: Keeper,
    *,
    is_limit: bool = False,
) -> list[WantedQuantity]:
    """One fall of what visitors buy in other sectors, as that part of them stays away."""
    kept = visitors_kept(baseline, elsewhere, part)
    visited = (kept < 1) & (np.asarray(baseline.economy.trade) > 0)
    if not visited.any():
        return []
    trade = np.where(visited, np.asarray(baseline.economy.trade), 0.0)
    left = float(np.log((kept * trade).sum() / trade.sum()))
    pattern = np.where(visited, -np.log(kept), 0.0)
    return [
        WantedQuantity(
            visited, pattern, keeper, left,
            alike_in_quantity=True, is_limit=is_limit, of_visitors=True,
        )
    ]  # fmt: skip


FOUND = "found in the whole model, in every solve and draw"
"""How the wedge comes about, for the end of a sentence."""
