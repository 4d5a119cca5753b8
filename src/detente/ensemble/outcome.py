"""An outcome with its intervals: the scenario once, and in every draw of what is uncertain."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, TYPE_CHECKING

import numpy as np

from ..about import named_first
from ..coded import in_codes, names_of
from ..outcome import with_optional
from ..scenario import focus, Scenario
from ..simulation import simulate
from ..uncertainty import ASSUMPTIONS
from ..world import Baseline
from .batches import Progress
from .draws import Draws, sample
from .horizons import with_other_horizon
from .kept import BY_COUNTRY, kept_of, with_account, with_sectors
from .spread import Headline, interval, Spread, spread


if TYPE_CHECKING:
    import xarray as xr


class _Pointless(Exception):
    """Ends draws before their next batch: the scenario itself was not solved."""


def simulate_draws(
    baseline: Baseline, scenario: Scenario, progress: Progress = lambda done: None
) -> "xr.Dataset":
    """Play a scenario on a baseline, and again in every draw that it declares.

    The outcome of `simulate`, with the interval of each country's welfare, equivalent variation,
    real GDP, employment, real wage and consumer prices, of the output of each sector of the
    countries in focus, and of the bilateral account of the main pair; with the interval of welfare
    where one assumption is drawn at a time; and with welfare at the other horizon
    (`other_horizon`). A scenario of no draws is one solve and has neither; one with nothing to draw
    or without a solution has no intervals, and where there is no solution, draws end before their
    next batch. Raises `ScenarioError` for a name that
    the baseline does not have.
    """
    scenario = in_codes(scenario, names_of(baseline))
    if scenario.uncertainty.draws == 0:
        # One solve: what is asked for where only the scenario's own figure is wanted, and soon.
        return simulate(baseline, scenario)
    draws = sample(scenario, baseline)
    if not draws.assumptions:
        return with_other_horizon(simulate(baseline, scenario), baseline, scenario)
    unsolved = Event()

    def say(done: str) -> None:
        if unsolved.is_set():
            raise _Pointless
        progress(f"draw {done}")

    kept = kept_of(baseline, focus(scenario, baseline), draws)
    # Side by side: one compiles for seconds on a machine that has not played anything before.
    with ThreadPoolExecutor(max_workers=1) as pool:
        drawn = pool.submit(spread, baseline, [scenario], draws, kept, say)
        outcome = simulate(baseline, scenario)
        if not outcome.attrs["solved"]:
            # Draws that find nothing either take all their steps: minutes, for what is not shown.
            unsolved.set()
            return outcome
        outcome = with_other_horizon(outcome, baseline, scenario)
        over_draws = drawn.result()
    whole = _with_intervals(outcome, baseline, over_draws)
    output, flows = (over_draws.together[name][:, 0] for name in ("output", "flows"))
    whole = with_sectors(whole, baseline, kept, output, draws.level)
    whole = with_account(whole, baseline, kept, flows, draws.level)
    whole.attrs |= _about(scenario, draws, over_draws)
    whole.attrs["welfare_drivers"] = json.dumps(
        _welfare_drivers(whole, scenario, baseline, over_draws)
    )
    return whole


def _with_intervals(outcome: "xr.Dataset", baseline: Baseline, over_draws: Spread) -> "xr.Dataset":
    values: dict[str, np.ndarray] = {}
    for name in BY_COUNTRY:
        one = over_draws.interval(_of(name))
        values |= {**one.ends(name), f"{name}_median": one.median}
    alone = [interval(_of("welfare")(part), over_draws.level) for part in over_draws.alone.values()]
    for end in ("low", "median", "high"):
        values[f"welfare_driver_{end}"] = np.stack([getattr(one, end) for one in alone])
    names = [ASSUMPTIONS[name] for name in over_draws.alone]
    whole = with_optional(outcome, baseline, values, assumption=list(over_draws.alone))
    return whole.assign_coords(assumption_name=("assumption", names))


def _of(measured: str) -> Headline:
    """A measure of the only scenario, by country."""
    return lambda values: values[measured][:, 0]


def _about(scenario: Scenario, draws: Draws, over_draws: Spread) -> dict[str, Any]:
    return {
        "draws": len(draws),
        "draws_solved": round(over_draws.interval(_of("welfare")).solved * len(draws)),
        "seed": scenario.uncertainty.seed,
        "level": draws.level,
    }


def _welfare_drivers(
    outcome: "xr.Dataset", scenario: Scenario, baseline: Baseline, over_draws: Spread
) -> list[dict[str, Any]]:
    """What most moves the welfare of the country that the answer names first."""
    worth = outcome["equivalent_variation"].to_series()
    named = named_first(focus(scenario, baseline), worth.to_dict())
    country = named[0] if named else str(worth.abs().idxmax())
    position = baseline.country_index[country]
    here = lambda values: _of("welfare")(values)[:, position]
    return over_draws.leading(here, [{"country": country}])
