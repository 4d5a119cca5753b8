"""Worlds between two bases, and what scenarios do to them: tariffs as they are levied or averaged
over lines, flows split one way or another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from ..scenario import compile_shock, Scenario
from ..uncertainty import Assumption
from ..world import Baseline, Economy, Shock
from ._stack import stacked
from .draws import Draws


# Two compilations of one shock differ by the rounding of a few products.
_ROUNDING = 1e-12
# Somewhere between the two bases, not where a schedule is likely to have its kink.
_BETWEEN = 0.382

WorldAt = Callable[[float, float], Baseline]
"""The baseline at a weight of the line averages and of the alternative flows, 0 to 1."""


class Bases(eqx.Module):
    """The alternative to each array of the baseline that is drawn; None where it is not."""

    line_average: Float[Array, "o d s"] | None
    alternative: Float[Array, "o d s"] | None

    @classmethod
    def of(cls, baseline: Baseline, drawn: Sequence[Assumption]) -> "Bases":
        arrays = {
            "tariffs": baseline.line_average_tariff,
            "services_split": baseline.alternative_trade,
        }
        given = lambda name, array: jnp.asarray(array) if name in drawn else None
        return cls(*(given(name, array) for name, array in arrays.items()))

    @property
    def are_drawn(self) -> bool:
        return self.line_average is not None or self.alternative is not None

    def between(
        self, economy: Economy, line_average: Float[Array, ""], alternative: Float[Array, ""]
    ) -> Economy:
        """The economy at those weights, 0 to 1: `(1 - w) own + w other`, cell by cell.

        What bans hide beside each flow stays the same amount.
        """
        if self.line_average is not None:
            moved = line_average * (self.line_average - economy.tariff)
            economy = replace(economy, tariff=economy.tariff + moved)
        if self.alternative is not None:
            moved = alternative * (self.alternative - economy.trade)
            hidden = economy.potential_trade
            economy = replace(
                economy,
                trade=economy.trade + moved,
                potential_trade=None if hidden is None else hidden + moved,
            )
        return economy


@dataclass(frozen=True)
class ShocksByBase:
    """The shocks of scenarios on a baseline that is itself drawn.

    A tariff that a policy sets or cuts is a level, so it depends on the tariff before it. Where it
    does so linearly, as for rates, additions and cuts, and nothing else of the shock depends on the
    base, the tariff on a drawn base is between those on the two. Other scenarios, such as duties
    that go back to an average, are compiled on the base of each draw.
    """

    scenarios: Sequence[Scenario]
    world_at: WorldAt
    own: Shock
    """On the baseline's own base; leading axis `p`."""
    moved: Float[Array, "p o d s"]
    """The tariff of the shock on line averages, less that on the own base."""
    is_linear: bool

    def shock(self, shock: Shock, chosen: Int[np.ndarray, " e"], draw: Draws) -> Shock:
        """The shock of each scenario in its draw, on the baseline of that draw."""
        if self.is_linear:
            weight = draw.line_average[:, None, None, None]
            return _with_tariff(shock, shock.tariff + weight * self.moved[chosen])
        weights = zip(np.asarray(draw.line_average), np.asarray(draw.alternative), strict=True)
        worlds = [self.world_at(float(tariff), float(split)) for tariff, split in weights]
        return _compiled([self.scenarios[place] for place in chosen], worlds, self.own)


def rebased(
    scenarios: Sequence[Scenario], own: Shock, world_at: WorldAt, bases: Bases
) -> ShocksByBase:
    """The scenarios' shocks on any drawn baseline, interpolated where three lie on a line."""
    tariffs, flows = bases.line_average is not None, bases.alternative is not None
    end = _compiled(scenarios, [world_at(float(tariffs), 0.0)] * len(scenarios), own)
    inside = world_at(_BETWEEN * tariffs, _BETWEEN * flows)
    between = _compiled(scenarios, [inside] * len(scenarios), own)
    moved = end.tariff - own.tariff
    is_linear = _same(end, _with_tariff(own, end.tariff)) and _same(
        between, _with_tariff(own, own.tariff + _BETWEEN * moved)
    )
    return ShocksByBase(scenarios, world_at, own, moved, is_linear)


def _compiled(scenarios: Sequence[Scenario], worlds: Sequence[Baseline], like: Shock) -> Shock:
    """Each scenario on its world, with every wedge that any of `like` has; leading axis `e`."""
    shocks = [compile_shock(one, world) for one, world in zip(scenarios, worlds, strict=True)]
    template = jax.tree.map(lambda leaf: leaf[0], like)
    return jax.tree.map(lambda leaf: leaf[:-1], stacked([*shocks, template]))


def _with_tariff(shock: Shock, tariff: Float[Array, "e o d s"]) -> Shock:
    """The shocks with other tariffs."""
    return eqx.tree_at(lambda wedges: wedges.tariff, shock, tariff)


def _same(one: Shock, other: Shock) -> bool:
    pairs = zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True)
    return all(np.allclose(a, b, rtol=_ROUNDING, atol=_ROUNDING) for a, b in pairs)
