"""Bottlenecks in every draw: their users' productivity at its place in the ranges."""

from collections.abc import Sequence
from dataclasses import dataclass

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int

from ..policy import Bottleneck, Quantiles
from ..scenario import Scenario
from ..simulation import prepare
from ..world import Baseline, Shock
from .draws import Draws


@dataclass(frozen=True)
class Shortages:
    """The bottlenecks of scenarios whose parameters are drawn.

    Their shares in cost are over the output of the baseline, which no draw of it moves.
    """

    baseline: Baseline
    scenarios: Sequence[Scenario]

    @classmethod
    def of(
        cls, baseline: Baseline, scenarios: Sequence[Scenario], draws: Draws
    ) -> "Shortages | None":
        """None where no bottleneck is drawn."""
        if "bottlenecks" not in draws.assumptions:
            return None
        bare = scenarios[0].model_copy(update={"policies": {}})
        return cls(prepare(baseline, bare).baseline, scenarios)

    def shock(self, shock: Shock, chosen: Int[np.ndarray, " e"], draw: Draws) -> Shock:
        """The shock of each scenario with its bottlenecks as in its draw."""
        places = {name: np.asarray(values) for name, values in draw.bottleneck.items()}
        made = [
            self._log_productivity(
                self.scenarios[place], {name: float(one[e]) for name, one in places.items()}
            )
            for e, place in enumerate(chosen)
        ]
        hat = jnp.exp(jnp.asarray(np.stack(made)))
        return eqx.tree_at(lambda wedges: wedges.productivity_hat, shock, hat)

    def _log_productivity(self, scenario: Scenario, at: Quantiles) -> Float[np.ndarray, "n s"]:
        change = np.zeros((len(self.baseline.countries), len(self.baseline.sectors)))
        for policy in scenario.in_force.values():
            if isinstance(policy, Bottleneck):
                change += policy.log_productivity(self.baseline, scenario.year, at)
        return change
