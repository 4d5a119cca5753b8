"""Factories abroad that buy their parts at home."""

from dataclasses import replace
from typing import Literal, TYPE_CHECKING

import numpy as np

from ..selection import countries_in_words, Everyone, flows, Names, sectors_in_words
from ._instrument import Change, Instrument, Multiple, Wedges


if TYPE_CHECKING:
    from ..world import Baseline


class AffiliateDemand(Instrument):
    """Affiliates of one country grow in another and draw parts from home.

    Spending on the parent country's goods, over spending on others at the same prices, rises by
    `(1 + output_growth) ** parts_elasticity`. Prices and welfare are valued with the demand of the
    baseline, as with a taste.
    """

    kind: Literal["affiliate_demand"] = "affiliate_demand"
    parents: Names
    """Countries that own the factories and sell them parts."""
    hosts: Names
    """Countries where the factories stand."""
    sectors: Names | Everyone
    """Sectors of the parts, not of what the factories make."""
    output_growth: Change
    """Growth of the affiliates' output: 0.5 is half as much again."""
    parts_elasticity: Multiple
    """Percent more parts from home for one percent more output of the affiliates."""

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        cells = flows(baseline, self.parents, self.hosts, self.sectors)
        moved = np.where(cells, self.in_effect(year) * self._log_pull(), 0.0)
        so_far = 0.0 if wedges.log_taste is None else wedges.log_taste
        return replace(wedges, log_taste=so_far + moved)

    def _log_pull(self) -> float:
        return float(self.parts_elasticity * np.log1p(self.output_growth))

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        parts = sectors_in_words(self.sectors, baseline)
        home = countries_in_words(self.parents, baseline)
        return [
            f"Affiliates of {home} in {countries_in_words(self.hosts, baseline)} make "
            f"{100 * self.output_growth:+.3g} % and, with an elasticity of "
            f"{self.parts_elasticity:g}, their hosts would spend "
            f"{100 * np.expm1(self._log_pull()):+.3g} % on {parts} from {home}, against other "
            f"origins, at the same prices{self.steps(year)}."
        ]
