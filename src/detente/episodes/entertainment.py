"""What is still withheld: Korean works in China, and what letting them in is worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import equinox as eqx
import numpy as np
from jaxtyping import Array, Float

from ..closure import Closure
from ..equilibrium import Equilibrium, require_solved, solve, welfare_hat
from ..scenario import parse_scenario
from ..simulation import Play, prepare
from ..world import Baseline, Economy, Shock
from .boycott import one_program


@dataclass(frozen=True)
class Lifted:
    """What the end of a ban is worth, for one potential share and horizon."""

    share: float
    """Share of the importer's spending on the sector at today's prices, percent."""
    horizon: str
    exports: float
    """Change of the exporter's sales of the sector to the importer, million US$."""
    welfare: tuple[float, float]
    """Exact welfare of exporter and importer, percent."""
    income: tuple[float, float]
    """The same in million US$: equivalent variation."""


def shares_elsewhere(
    baseline: Baseline, exporter: str, sector: str, places: Sequence[str]
) -> dict[str, float]:
    """The exporter's share of spending on a sector where nothing forbids it."""
    o, s = baseline.country_index[exporter], baseline.sector_index[sector]
    share = np.asarray(baseline.economy.expenditure_share)
    return {place: float(share[o, baseline.country_index[place], s]) for place in places}


def lift(
    baseline: Baseline, pair: tuple[str, str], sector: str, share: float, horizon: str
) -> Lifted:
    """Let the exporter have that share of the importer's spending; raises `SolveError`.

    Where it has as much already, the ban hides nothing, and its end is worth nothing.
    """
    exporter, importer = pair
    if share <= shares_elsewhere(baseline, exporter, sector, (importer,))[importer]:
        return Lifted(100 * share, horizon, 0.0, (0.0, 0.0), (0.0, 0.0))
    policy = {"kind": "opening", "importers": [importer], "exporters": [exporter],
              "sectors": [sector], "potential_share": share}  # fmt: skip
    document = {"title": "lifted", "horizon": horizon, "policies": {"lifted": policy}}
    played = prepare(baseline, parse_scenario(document, "lifted"))
    equilibrium, welfare = _solved(played)
    place = [baseline.country_index[code] for code in pair]
    s = baseline.sector_index[sector]
    before, after = np.asarray(baseline.economy.trade), np.asarray(equilibrium.trade)
    change = np.asarray(welfare)[place] - 1
    value = change * np.asarray(baseline.economy.income)[place]
    return Lifted(
        100 * share, horizon, float((after - before)[place[0], place[1], s]),
        (100 * float(change[0]), 100 * float(change[1])), (float(value[0]), float(value[1])),
    )  # fmt: skip


def _solved(played: Play) -> tuple[Equilibrium, np.ndarray]:
    equilibrium, welfare = _solve(played.economy, played.shock, one_program(played.closure))
    require_solved(equilibrium.status)
    return equilibrium, np.asarray(welfare)


@eqx.filter_jit
def _solve(
    economy: Economy, shock: Shock, closure: Closure
) -> tuple[Equilibrium, Float[Array, " n"]]:  # fmt: skip
    equilibrium = solve(economy, shock, closure)
    return equilibrium, welfare_hat(economy, equilibrium)
