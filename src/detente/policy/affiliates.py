"""Factories abroad that buy their parts at home."""

from dataclasses import replace
from typing import Literal, TYPE_CHECKING

import numpy as np

from ..selection import countries_in_words, Everyone, flows, Names, sectors_in_words
from ._instrument import Change, Instrument, Multiple, Wedges
from ._prose import more_or_less, number, sentence


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
        home, hosts = (countries_in_words(one, baseline) for one in (self.parents, self.hosts))
        pull = float(np.expm1(self._log_pull()))
        more = "less" if pull < 0 else "more"
        said = (
            f"affiliates of {home} in {hosts} make {more_or_less(self.output_growth)}"
            f"{self.steps(year)} and draw parts from home with an elasticity of "
            f"{number(self.parts_elasticity)}: {hosts} would spend {100 * abs(pull):.3g} % {more} "
            f"on {sectors_in_words(self.sectors, baseline)} from {home}, against other origins, at "
            "the same prices."
        )
        return [sentence(said)]
