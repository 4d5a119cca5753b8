"""Who pays for a boycott depends on who keeps its rent, and on how long it lasts.

China holds back its travel and culture purchases from one country by the share that Chinese visits
to South Korea fell in 2017. Each row reaches the same fall in quantity with another mark-up:
trade responds less in the short run. Run it as

    python examples/who_keeps_the_rent.py [BASELINE]
"""

import sys
from collections.abc import Iterator

import jax
import jax.numpy as jnp
import numpy as np
import optimistix as optx

import detente
from detente.equilibrium import welfare_hat
from detente.scenario import parse_scenario
from detente.selection import flows
from detente.simulation import Play


# Chinese visitors to South Korea, 2017 over 2016 (Korea Tourism Organization, by Xinhua, 2018).
FALL = 0.483
# Accommodation and food, audiovisual and publishing, culture and other services; in the full world
# the same industries by their own codes.
SECTORS = {"compact-2022": ("TOU", "AVP", "CUL"), "world-2022": ("I", "J58T60", "R", "S", "T")}
SENDER = "CHN"
HOLDERS = ("nobody", "importer", "exporter")


def main(name: str = "compact-2022") -> None:
    baseline = detente.load_baseline(name)
    what = f"{100 * FALL:g} % less of {', '.join(SECTORS[name])}"
    print(f"{name}: {SENDER} buys {what}; exact welfare, %")
    print("target  horizon  rent kept by   mark-up %    sender    target")
    for target, horizon, holder, markup, welfare in rows(baseline):
        change = 100 * (welfare - 1)
        sender, aim = (change[baseline.country_index[code]] for code in (SENDER, target))
        print(f"{target:8}{horizon:9}{holder:14}{100 * markup:10.1f}{sender:+10.5f}{aim:+10.5f}")


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
    played = detente.prepare(baseline, parse_scenario(document, "held back"))
    cells = jnp.asarray(flows(baseline, (target,), (SENDER,), SECTORS[baseline.name]), float)

    def missed(log_factor: jax.Array, played: Play) -> jax.Array:
        found = detente.solve(
            played.economy, rationed(played, cells, log_factor, holder), played.closure
        )
        bought = (cells * found.trade / found.unit_cost_hat[:, None, :]).sum()
        return jnp.log(bought / (cells * played.economy.trade).sum()) - jnp.log(1 - FALL)

    solution = optx.root_find(
        lambda x, _: missed(x, played), optx.Newton(rtol=1e-8, atol=1e-8), jnp.array(0.2)
    )
    shock = rationed(played, cells, solution.value, holder)
    found = detente.solve(played.economy, shock, played.closure)
    return float(jnp.expm1(solution.value)), np.asarray(welfare_hat(played.economy, found))


def rationed(played: Play, cells: jax.Array, log_factor: jax.Array, holder: str) -> detente.Shock:
    """The shock of a mark-up on those flows, its rent where it is kept."""
    none = detente.Shock.none(played.economy)
    nothing = jnp.zeros_like(cells)
    markup = cells * jnp.expm1(log_factor)
    burned = holder == "nobody"
    return detente.Shock(
        tariff=none.tariff,
        trade_cost_hat=1.0 + markup if burned else none.trade_cost_hat,
        allowed=none.allowed,
        rationing=nothing if burned else markup,
        rent_to_importer=nothing + (1.0 if holder == "importer" else 0.0),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
