"""An outcome with its intervals: the scenario once, and in every draw of what is uncertain."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TYPE_CHECKING

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from .._core import Status
from ..coded import in_codes, names_of
from ..equilibrium import Equilibrium, welfare_hat
from ..outcome import with_optional
from ..scenario import focus, Scenario
from ..simulation import simulate
from ..uncertainty import ASSUMPTIONS
from ..world import Baseline, Economy
from .batches import Progress
from .draws import Draws, sample
from .spread import Headline, interval, Spread, spread


if TYPE_CHECKING:
    import xarray as xr


_MEASURED = ("welfare", "equivalent_variation")


def simulate_draws(
    baseline: Baseline, scenario: Scenario, progress: Progress = lambda done: None
) -> "xr.Dataset":
    """Play a scenario on a baseline, and again in every draw that it declares.

    The outcome of `simulate`, with the interval of each country's welfare and equivalent
    variation, and with the interval of its welfare where one assumption is drawn at a time. A
    scenario of no draws, with nothing to draw, or without a solution has no intervals. Raises
    `ScenarioError` for a name that the baseline does not have.
    """
    scenario = in_codes(scenario, names_of(baseline))
    draws = None if scenario.uncertainty.draws == 0 else sample(scenario, baseline)
    if draws is None or not draws.assumptions:
        return simulate(baseline, scenario)
    say = lambda done: progress(f"draw {done}")
    # Side by side: one compiles for seconds on a machine that has not played anything before.
    with ThreadPoolExecutor(max_workers=1) as pool:
        drawn = pool.submit(spread, baseline, [scenario], draws, _headlines, say)
        outcome = simulate(baseline, scenario)
        over_draws = drawn.result()
    if not outcome.attrs["solved"]:
        return outcome
    whole = _with_intervals(outcome, baseline, over_draws)
    whole.attrs |= _about(scenario, draws, over_draws)
    whole.attrs["welfare_drivers"] = json.dumps(
        _welfare_drivers(whole, scenario, baseline, over_draws)
    )
    return whole


def _headlines(economy: Economy, equilibrium: Equilibrium) -> Float[Array, "of n"]:
    """Welfare in percent and the equivalent variation; not numbers where nothing was solved."""
    gain = welfare_hat(economy, equilibrium) - 1.0
    values = jnp.stack([100 * gain, gain * economy.income])
    return jnp.where(equilibrium.status == Status.SOLVED.code, values, jnp.nan)


def _with_intervals(outcome: "xr.Dataset", baseline: Baseline, over_draws: Spread) -> "xr.Dataset":
    values: dict[str, np.ndarray] = {}
    for position, name in enumerate(_MEASURED):
        one = over_draws.interval(_of(position))
        values |= {**one.ends(name), f"{name}_median": one.median}
    alone = [interval(_of(0)(part), over_draws.level) for part in over_draws.alone.values()]
    values["welfare_driver_low"] = np.stack([one.low for one in alone])
    values["welfare_driver_high"] = np.stack([one.high for one in alone])
    names = [ASSUMPTIONS[name] for name in over_draws.alone]
    whole = with_optional(outcome, baseline, values, assumption=list(over_draws.alone))
    return whole.assign_coords(assumption_name=("assumption", names))


def _of(position: int) -> Headline:
    """A measure of the only scenario, by country."""
    return lambda values: values[:, 0, position]


def _about(scenario: Scenario, draws: Draws, over_draws: Spread) -> dict[str, Any]:
    return {
        "draws": len(draws),
        "draws_solved": round(over_draws.interval(_of(0)).solved * len(draws)),
        "seed": scenario.uncertainty.seed,
        "level": draws.level,
    }


def _welfare_drivers(
    outcome: "xr.Dataset", scenario: Scenario, baseline: Baseline, over_draws: Spread
) -> list[dict[str, Any]]:
    """What most moves the welfare of the country with most at stake, of those in focus if any."""
    worth = outcome["equivalent_variation"].to_series()
    named = list(focus(scenario, baseline)) or list(baseline.countries)
    country = str(worth.loc[named].abs().idxmax())
    position = baseline.country_index[country]
    return over_draws.leading(lambda values: values[:, 0, 0, position], [{"country": country}])
