"""What a sender threatens: to stop buying, to stop selling, or both, wholly or by a mark-up."""

from typing import Annotated, Literal

import numpy as np
from jaxtyping import Bool
from pydantic import Field

from ..._core import ScenarioError
from ..._document import Request
from ..._ratios import SureRatio
from ...adjustment import Run
from ...policy import Policy, Prohibition, Rationing
from ...scenario import Scenario, with_policies
from ...selection import country_mask, Everyone, flows, Names
from ...world import Baseline


Form = Literal["buying", "selling", "both"]
Holder = Literal["nobody", "importer", "exporter"]
FORMS: tuple[Form, ...] = ("buying", "selling", "both")
HOLDERS: tuple[Holder, ...] = ("nobody", "importer", "exporter")
HORIZONS: tuple[Run, ...] = ("long", "short")


class Threat(Request):
    """Senders withdraw from trade with a target; carried out, it is an ordinary scenario."""

    senders: Names
    """Countries or groups; several are one joint threat."""
    target: str
    """One country."""
    form: Form = "both"
    """buying: they stop importing from the target; selling: they stop exporting to it."""
    sectors: Names | Everyone = "all"
    """Sectors or groups of sectors that are withdrawn."""
    markup: Annotated[float, Field(ge=0)] | None = None
    """The rise of the price of what is still traded: 0.1 is 10 %; without it nothing is traded."""
    rent: Holder = "nobody"
    """Who keeps that rise; "nobody" is a real cost. A prohibition has none."""

    @property
    def directions(self) -> dict[str, tuple[Names, Names]]:
        """Exporters and importers of what is withdrawn, by the name of its policy."""
        own, other = self.senders, (self.target,)
        both = {"threat-buying": (other, own), "threat-selling": (own, other)}
        return {name: pair for name, pair in both.items() if self.form in ("both", name[7:])}

    def policies(self) -> dict[str, Policy]:
        """The instruments that carry it out."""
        made: dict[str, Policy] = {}
        for name, (exporters, importers) in self.directions.items():
            where = {"exporters": exporters, "importers": importers, "sectors": self.sectors}
            if self.markup is None:
                made[name] = Prohibition(**where)
            else:
                made[name] = Rationing(**where, markup=SureRatio(self.markup), rent=self.rent)
        return made

    def cells(self, baseline: Baseline) -> Bool[np.ndarray, "o d s"]:
        """The flows that are withdrawn."""
        chosen = np.zeros(baseline.economy.trade.shape, bool)
        for exporters, importers in self.directions.values():
            chosen |= flows(baseline, exporters, importers, self.sectors)
        return chosen


def carried_out(threat: Threat, scenario: Scenario) -> Scenario:
    """The scenario with the threat carried out on top of it."""
    return with_policies(scenario, threat.policies())


def check(threat: Threat, baseline: Baseline) -> None:
    """Raise `ScenarioError` for names the baseline lacks, or a threat of a country to itself."""
    target = country_mask(baseline, (threat.target,))
    senders = country_mask(baseline, threat.senders)
    if target.sum() != 1:
        raise ScenarioError(f"the target must be one country, and '{threat.target}' is several.")
    if (target & senders).any():
        raise ScenarioError(f"'{threat.target}' cannot threaten itself; leave it to the senders.")
    if not np.asarray(baseline.economy.trade)[threat.cells(baseline)].any():
        raise ScenarioError(
            f"there is no trade in {baseline.name} that this threat would withdraw."
        )


def members(baseline: Baseline, names: Names) -> tuple[str, ...]:
    """The countries that the names stand for, one by one, in the order of the world."""
    mask = country_mask(baseline, names)
    return tuple(code for code, is_in in zip(baseline.countries, mask, strict=True) if is_in)
