"""A boycott as the worst that a side expects: purchases held back until they fall by a part."""

import numpy as np

from .._core import ScenarioError
from ..equilibrium import Wedged
from ..policy import Policy, Rationing
from ..scenario import load_scenario, Scenario, with_policies
from ..selection import flows
from ..simulation import prepare
from ..world import Baseline
from .markups import markup_that_cuts


LIKE = "china-korea/korea-boycott"
"""The scenario of the library that says what is boycotted; sender and target take its places."""
FALL = 0.483
"""Chinese visitors to South Korea, 2017 over 2016 (Korea Tourism Organization, by Xinhua, 2018)."""


def with_boycott(
    scenario: Scenario, baseline: Baseline, sender: str, target: str, *, fall: float = FALL
) -> Scenario:
    """The scenario with a boycott on top, of what `china-korea/korea-boycott` has.

    `sender` buys less of `target` by that part, in quantity, where the library rations; elsewhere
    its buyers turn away as they do in the library. The mark-up that brings the fall about is found
    at the scenario's horizon; nobody keeps its rent. Raises `ScenarioError` where nothing is
    bought, so that nothing can be held back, and `SolveError` where no mark-up cuts that much.
    """
    like = load_scenario(LIKE).policies
    sectors = tuple(
        sector
        for policy in like.values()
        if isinstance(policy, Rationing)
        for sector in policy.sectors
    )

    def boycotted(markup: float) -> Scenario:
        policies = {
            f"boycott {name}": _between(policy, sender, target, markup, fall)
            for name, policy in like.items()
        }
        return with_policies(scenario, policies)

    cells = flows(baseline, (target,), (sender,), sectors)
    played = prepare(baseline, boycotted(0.0))
    before = float(np.asarray(played.economy.trade)[cells].sum())
    if before <= 0:
        raise ScenarioError(
            f"{sender} buys nothing of {', '.join(sectors)} from {target} in {baseline.name}, "
            "so there is nothing to hold back."
        )
    world = Wedged.of(played.economy, played.shock, played.closure, cells[None], "nobody")
    return boycotted(markup_that_cuts(world, fall, before))


def _between(policy: Policy, sender: str, target: str, markup: float, fall: float) -> Policy:
    """The library's policy with the sender as the one who buys and the target as who sells."""
    places = {"importers": (sender,), "exporters": (target,)}
    if not isinstance(policy, Rationing):
        return policy.model_copy(update=places)
    held_back = {
        "markup": markup,
        "quantity": None,
        "rent": "nobody",
        "visitors": fall if policy.visitors else 0.0,
    }
    return policy.model_copy(update=places | held_back)
