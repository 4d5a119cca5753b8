"""How long one counterfactual takes, by world: the first call, a warm call, steps, residual.

The shock is a tariff of 25 points by the second country on everything from the first. The first
call traces and compiles, or loads compiled code from the cache; it is timed apart. The warm figure
is the median of repeated calls, each waited for.
"""

import os
import platform
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import jax
import numpy as np

from detente.calibrate.baseline import available, baseline_from_dataset, load_baseline
from detente.equilibrium import solve
from detente.world import Economy, Shock


REPEATS = 20


def main() -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"JAX {jax.__version__} on {jax.default_backend()}")  # fmt: skip
    print(f"{'world':16}{'size':>10}{'first s':>10}{'warm ms':>10}{'steps':>8}{'residual':>12}")
    for name, economy in worlds():
        countries, _, sectors = economy.trade.shape
        first, warm, found = timed(economy, shock(economy))
        print(f"{name:16}{f'{countries} x {sectors}':>10}{first:10.2f}{1000 * warm:10.1f}"
              f"{int(found.steps):8d}{float(found.residual):12.1e}")  # fmt: skip


def worlds() -> Iterator[tuple[str, Economy]]:
    yield "compact-2022", load_baseline("compact-2022").economy
    if "world-2022" in available():
        yield "world-2022", load_baseline("world-2022").economy
        return
    raw = Path(os.environ.get("DETENTE_RAW", "../shared/data"))
    if raw.is_dir():
        from detente.calibrate.worlds import build_world

        yield "world-2022", baseline_from_dataset(build_world("world-2022", raw)).economy


def shock(economy: Economy) -> Shock:
    tariff = np.array(economy.tariff)
    tariff[0, 1] += 0.25
    return Shock.of(jax.numpy.asarray(tariff), Shock.none(economy).trade_cost_hat)


def timed(economy: Economy, change: Shock):
    start = time.perf_counter()
    found = jax.block_until_ready(solve(economy, change))
    first = time.perf_counter() - start
    laps = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        jax.block_until_ready(solve(economy, change))
        laps.append(time.perf_counter() - start)
    return first, statistics.median(laps), found


main()
