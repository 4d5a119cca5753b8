"""Each row of the table computed, passed or missed by its own rule."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from .._core import DetenteError, ScenarioError, SolveError, Status
from ..calibrate.baseline import load_baseline
from ..ensemble import log_welfare, play_draws, sample
from ..equilibrium import Equilibrium, measures, real_gdp_hat, require_solved, solved
from ..gazetteer import TRAVEL
from ..published import TargetCheck
from ..scenario import load_scenario, OF_THE_BASELINE, Scenario
from ..selection import country_mask, margins_mask, sector_mask
from ..simulation import Play, prepare, transition
from ..uncertainty import ASSUMPTIONS
from ..world import Baseline, Economy
from ._blocs import trade_between_blocs
from ._duties import duty
from ._table import BY_COUNTRY, RATIOS, Row, Side, StudyTable, WORLD


_DRAWS = 200


@dataclass(frozen=True)
class RowCheck:
    """A row beside what was computed, or why it was not."""

    row: Row
    verdict: TargetCheck
    reason: str = ""
    """Why nothing was computed, or what makes a row miss, in a sentence."""


@dataclass(frozen=True)
class _Run:
    """What the rows need of one equilibrium; countries in the order of its baseline."""

    baseline: Baseline
    size: dict[str, Float[np.ndarray, " n"]]
    """What each measure by country is weighted by: before, million US$."""
    change: dict[str, Float[np.ndarray, " n"]]
    """By measure, percent."""
    exports: tuple[Float[np.ndarray, "o d s"], Float[np.ndarray, "o d s"]]
    """Before and after, million US$ in world value added as the numeraire; home is zero."""


@dataclass
class _Desk:
    """Scenarios of one world, each solved once for each set of elasticities."""

    name: str
    """Of the world."""
    worlds: dict[bool, Baseline] = field(default_factory=dict)
    """Without and with travel laid over it."""
    done: dict[Any, _Run] = field(default_factory=dict)
    drawn: dict[Any, Float[np.ndarray, "d n"]] = field(default_factory=dict)
    """A measure by country in percent where only the ranges of bottlenecks are drawn."""

    def world(self, *, travel: bool = False) -> Baseline:
        """The world, with travel laid over it if asked; raises `DataError` where there is none."""
        lays = travel and not self.name.endswith(TRAVEL)
        if lays not in self.worlds:
            self.worlds[lays] = load_baseline(self.name + TRAVEL * lays)
        return self.worlds[lays]

    def play(self, side: Side, elasticities: str) -> _Run:
        key = (side.scenario, side.overrides, side.travel, elasticities)
        if key not in self.done:
            scenario = load_scenario(side.scenario, side.overrides)
            self.done[key] = _solved(
                self.world(travel=side.travel),
                scenario.model_copy(update={"elasticities": elasticities}),
            )
        return self.done[key]


def validate(
    table: StudyTable,
    baseline: str | None = None,
    progress: Callable[[str], None] = lambda row: None,
) -> tuple[RowCheck, ...]:
    """Every row on a world, with the range over the elasticities that the world carries.

    A row that cannot be computed says why; no row changes another.
    """
    desk = _Desk(baseline or table.baseline)
    desk.world()
    checks = []
    for row in table.rows:
        progress(row.target.id)
        check = _check(row, desk)
        if check.verdict.outcome == "miss":
            check = replace(check, reason=table.causes.get(row.target.id, ""))
        checks.append(check)
    return tuple(checks)


def _check(row: Row, desk: _Desk) -> RowCheck:
    if row.target.dropped:
        return RowCheck(row, TargetCheck(row.target, None))
    try:
        ours, interval = _computed(row, desk)
    except DetenteError as error:
        return RowCheck(row, TargetCheck(row.target, None), str(error))
    return RowCheck(row, TargetCheck(row.target, ours, interval))


def _computed(row: Row, desk: _Desk) -> tuple[float, tuple[float, float]]:
    """Our number and its interval."""
    if row.measure == "duty":
        return duty(row.quantity, row.year)
    if row.side is None:
        return trade_between_blocs(row.blocs)
    ours = _value(row, desk, OF_THE_BASELINE)
    return ours, _range(row, desk, ours)


def _range(row: Row, desk: _Desk, ours: float) -> tuple[float, float]:
    """The lowest and the highest over the published sets of elasticities that solve, and over 90 %
    of the draws of a bottleneck's ranges."""
    values = [ours, *_over_shortages(row, desk)]
    assert row.side is not None
    for publication in desk.world(travel=row.side.travel).published_elasticities:
        try:
            values.append(_value(row, desk, publication))
        except SolveError:
            continue
    return min(values), max(values)


def _over_shortages(row: Row, desk: _Desk) -> tuple[float, ...]:
    """The ends of what the ranges of bottlenecks alone make of a row; nothing without any."""
    assert row.side is not None
    scenario = load_scenario(row.side.scenario, row.side.overrides)
    if not any(policy.kind == "bottleneck" for policy in scenario.in_force.values()):
        return ()
    key = (row.side.scenario, row.side.overrides, row.side.travel, row.measure)
    if row.measure not in BY_COUNTRY:
        return ()
    if key not in desk.drawn:
        held = tuple(one for one in ASSUMPTIONS if one != "bottlenecks")
        asked = scenario.uncertainty.model_copy(update={"hold": held, "draws": _DRAWS})
        world = desk.world(travel=row.side.travel)
        draws = sample(scenario, world, asked)
        of = log_welfare if row.measure == "welfare" else _log_real_gdp
        desk.drawn[key] = 100.0 * np.expm1(play_draws(world, [scenario], draws, of)[:, 0])
    size = desk.play(row.side, OF_THE_BASELINE).size[row.measure]
    weight = np.where(_members(desk.world(travel=row.side.travel), row.side.of), size, 0.0)
    return tuple(np.nanquantile(desk.drawn[key] @ weight / weight.sum(), (0.05, 0.95)).tolist())


def _log_real_gdp(economy: Economy, equilibrium: Equilibrium) -> Float[Array, " n"]:
    """Log change of real GDP; not a number where nothing was solved."""
    solved = equilibrium.status == Status.SOLVED.code
    return jnp.where(solved, jnp.log(real_gdp_hat(economy, equilibrium)), jnp.nan)


def _value(row: Row, desk: _Desk, elasticities: str) -> float:
    assert row.side is not None
    side = row.side
    played = desk.play(side, elasticities)
    ours = _measure(row, played, side)
    if row.worst_of:
        others = [side.model_copy(update={"of": (code,)}) for code in row.worst_of]
        return ours - min(_measure(row, played, other) for other in others)
    if row.less is not None:
        return ours - _measure(row, desk.play(row.less, elasticities), row.less)
    if row.over is not None:
        return ours / _measure(row, desk.play(row.over, elasticities), row.over)
    return ours


def _measure(row: Row, played: _Run, side: Side) -> float:
    """Percent: of a group's income, of its GDP, or of its exports."""
    chosen = _members(played.baseline, side.of)
    if row.measure in RATIOS:
        over, under = (_mean(played, name, chosen) for name in RATIOS[row.measure])
        return over / under
    if row.measure not in BY_COUNTRY:
        counted = sector_mask(played.baseline, "all")
        if row.measure == "services":
            counted = sector_mask(played.baseline, ("services",)) & ~margins_mask(played.baseline)
        cells = np.ix_(chosen, _members(played.baseline, side.to), counted)
        before, after = (flow[cells].sum() for flow in played.exports)
        return float(100.0 * (after / before - 1.0))
    return _mean(played, row.measure, chosen)


def _mean(played: _Run, variable: str, chosen: Bool[np.ndarray, " n"]) -> float:
    """A variable of the countries chosen, weighted by what it is a part of."""
    if variable not in played.change:
        raise ScenarioError(
            "gains on the way to a steady state are of capital that is produced, and "
            "'adjustment.capital' is fixed: set it to produced."
        )
    weight = np.where(chosen, played.size.get(variable, played.size["welfare"]), 0.0)
    return float((played.change[variable] * weight).sum() / weight.sum())


def _members(baseline: Baseline, of: Sequence[str]) -> np.ndarray:
    return country_mask(baseline, "all" if WORLD in of else tuple(of))


def _on_the_way(played: Play) -> dict[str, Float[np.ndarray, " n"]]:
    """Gains of the first year, and with all that follow, percent; none where capital is fixed."""
    way = transition(played)
    if way is None:
        return {}
    require_solved(way.status, "on the way to the steady state: ")
    percent = lambda hat: 100.0 * (np.asarray(hat) - 1.0)
    return {
        "welfare_with_transition": percent(way.welfare_hat),
        "welfare_at_first": percent(way.consumption_hat[0]),
    }


def _solved(baseline: Baseline, scenario: Scenario) -> _Run:
    """Raises `SolveError` with the solver's sentence where there is no equilibrium."""
    played = prepare(baseline, scenario)
    equilibrium = solved(played.economy, played.shock, played.closure)
    values = measures(played.economy, equilibrium)
    abroad = 1.0 - np.eye(len(baseline.countries))[:, :, None]
    sold = [np.asarray(trade) * abroad for trade in (played.economy.trade, equilibrium.trade)]
    return _Run(
        baseline,
        size={
            "welfare": np.asarray(played.economy.income),
            "real_gdp": np.asarray(played.economy.value_added + played.economy.tariff_revenue),
        },
        change={name: np.asarray(values[name]) for name in BY_COUNTRY} | _on_the_way(played),
        exports=(sold[0], sold[1]),
    )
