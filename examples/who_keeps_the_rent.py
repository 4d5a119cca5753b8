"""Who pays for a boycott depends on who keeps its rent, and on how long it lasts.

China holds back its travel and culture purchases from one country by the share that Chinese visits
to South Korea fell in 2017. Each row reaches the same fall in quantity with another mark-up:
trade responds less in the short run. Run it as

    python examples/who_keeps_the_rent.py [BASELINE]
"""

import sys
from collections.abc import Iterator

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

import detente
from detente.equilibrium import Equilibrium, welfare_hat
from detente.scenario import parse_scenario
from detente.selection import flows


# Chinese visitors to South Korea, 2017 over 2016 (Korea Tourism Organization, by Xinhua, 2018).
FALL = 0.483
# Accommodation and food, audiovisual and publishing, culture and other services; in the full world
# the same industries by their own codes.
SECTORS = {"compact-2022": ("TOU", "AVP", "CUL"), "world-2022": ("I", "J58T60", "R", "S", "T")}
SENDER = "CHN"
HOLDERS = ("nobody", "importer", "exporter")


def main(name: str = "compact-2022") -> None:
    baseline = detente.load_baseline(name)
    what = f"{100 * FALL:g} % less of {', '.join(sectors(name))}"
    print(f"{name}: {SENDER} buys {what}; exact welfare, %")
    print("target  horizon  rent kept by   mark-up %    sender    target")
    for target, horizon, holder, markup, welfare in rows(baseline):
        change = 100 * (welfare - 1)
        sender, aim = (change[baseline.country_index[code]] for code in (SENDER, target))
        print(f"{target:8}{horizon:9}{holder:14}{100 * markup:10.1f}{sender:+10.5f}{aim:+10.5f}")


def sectors(name: str) -> tuple[str, ...]:
    """Travel laid over a world (`compact-2022-travel`) leaves its sectors as they are."""
    return SECTORS[name.removesuffix("-travel")]


def rows(baseline: detente.Baseline) -> Iterator[tuple[str, str, str, float, np.ndarray]]:
    for target in ("KOR", "JPN"):
        for horizon in ("long", "short"):
            for holder in HOLDERS:
                yield target, horizon, holder, *held_back(baseline, target, horizon, holder)


def held_back(
    baseline: detente.Baseline, target: str, horizon: str, holder: str
) -> tuple[float, np.ndarray]:
    """The mark-up that brings about the fall, and the change of welfare with it."""
    document = {"title": "held back", "horizon": horizon, "policies": {}}
    played = detente.simulation.prepare(baseline, parse_scenario(document, "held back"))
    cells = flows(baseline, (target,), (SENDER,), sectors(baseline.name))
    burned, kept = jnp.array(float(holder == "nobody")), jnp.array(float(holder == "importer"))
    held = Held(played.economy, played.closure, jnp.asarray(cells, float), burned, kept)
    log_factor, welfare = solve_for_the_fall(held)
    return float(jnp.expm1(log_factor)), np.asarray(welfare)


class Held(eqx.Module):
    """What is held back, and what becomes of its rent."""

    economy: detente.Economy
    closure: detente.Closure
    cells: jax.Array
    burned: jax.Array
    kept: jax.Array

    def under(self, log_factor: jax.Array) -> Equilibrium:
        """The equilibrium under a mark-up on those flows."""
        none = detente.Shock.none(self.economy)
        markup = self.cells * jnp.expm1(log_factor)
        shock = detente.Shock(
            tariff=none.tariff,
            trade_cost_hat=1.0 + self.burned * markup,
            allowed=none.allowed,
            rationing=(1.0 - self.burned) * markup,
            rent_to_importer=self.kept * jnp.ones_like(markup),
        )
        return detente.solve(self.economy, shock, self.closure)


@eqx.filter_jit
def solve_for_the_fall(held: Held) -> tuple[jax.Array, jax.Array]:
    """Newton's method on the mark-up; its derivative is the implicit one of the engine."""

    def missed(log_factor: jax.Array) -> jax.Array:
        found = held.under(log_factor)
        bought = (held.cells * found.trade / found.unit_cost_hat[:, None, :]).sum()
        return jnp.log(bought / (held.cells * held.economy.trade).sum()) - jnp.log(1 - FALL)

    def newton(_: int, log_factor: jax.Array) -> jax.Array:
        miss, slope = jax.jvp(missed, (log_factor,), (jnp.ones(()),))
        return log_factor - miss / slope

    # From 0.2 each step doubles the digits.
    log_factor = jax.lax.fori_loop(0, 6, newton, jnp.array(0.2))
    return log_factor, welfare_hat(held.economy, held.under(log_factor))


if __name__ == "__main__":
    main(*sys.argv[1:])
