"""Prints real income of shipped scenarios with all buyers alike and with uses told apart, in %."""

import sys
from collections.abc import Iterator

import numpy as np

from detente import load_baseline
from detente.equilibrium import solved, welfare_hat
from detente.scenario import load_scenario
from detente.simulation import prepare


SHOWN = (
    "us-tariffs-on-allies", "us-tariffs-2025-26", "cjk", "rcep", "goods-upgrade", "phase-two",
    "services-opening", "state-visit", "hard-decoupling", "korea-boycott",
)  # fmt: skip
COUNTRIES = ("KOR", "CHN", "JPN", "USA")


def effects(name: str) -> list[tuple[float, float]]:
    """Real income of each of `COUNTRIES`, percent, off and on; raises `SolveError`."""
    scenario = load_scenario(f"china-korea/{name}")
    baseline = load_baseline(scenario.baseline)
    columns = []
    for sourcing in ("alike", "by use"):
        adjustment = scenario.adjustment.model_copy(update={"sourcing": sourcing})
        played = prepare(baseline, scenario.model_copy(update={"adjustment": adjustment}))
        equilibrium = solved(played.economy, played.shock, played.closure)
        gain = 100 * (np.asarray(welfare_hat(played.economy, equilibrium)) - 1)
        columns.append([float(gain[baseline.country_index[code]]) for code in COUNTRIES])
    return list(zip(*columns, strict=True))


def row(name: str) -> str:
    """A row of the table."""
    cells = (f"{off:+.3f} / {on:+.3f}" for off, on in effects(name))
    return f"| {' | '.join([f'`{name}`', *cells])} |"


def table() -> Iterator[str]:
    yield f"| scenario | {' | '.join(COUNTRIES)} |"
    yield "|---|" + "---|" * len(COUNTRIES)
    for name in SHOWN:
        yield row(name)


if __name__ == "__main__":
    for line in table():
        sys.stdout.write(f"{line}\n")
