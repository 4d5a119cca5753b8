"""A boycott as the worst that a side expects: purchases held back until they fall by a part."""

from ..policy import Policy, Rationing
from ..scenario import load_scenario, Scenario, with_policies
from ..simulation import prepare
from ..world import Baseline


LIKE = "china-korea/korea-boycott"
"""The scenario of the library that says what is boycotted; sender and target take its places."""
FALL = 0.483
"""Chinese visitors to South Korea, 2017 over 2016 (Korea Tourism Organization, by Xinhua, 2018)."""


def with_boycott(
    scenario: Scenario, baseline: Baseline, sender: str, target: str, *, fall: float = FALL
) -> Scenario:
    """The scenario with a boycott on top, of what `china-korea/korea-boycott` has.

    `sender` buys less of `target` by that part, in quantity and over what it would buy otherwise,
    where the library rations; elsewhere its buyers turn away as they do in the library. Nobody
    keeps the rent. Raises `ScenarioError` where nothing is bought, so that nothing can be held
    back, and `SolveError` where no mark-up cuts that much.
    """
    policies = {
        f"boycott {name}": _between(policy, sender, target, fall)
        for name, policy in load_scenario(LIKE).policies.items()
    }
    boycotted = with_policies(scenario, policies)
    # What is solved side by side leaves out what cannot be brought about; here it is said.
    prepare(baseline, boycotted)
    return boycotted


def _between(policy: Policy, sender: str, target: str, fall: float) -> Policy:
    """The library's policy with the sender as the one who buys and the target as who sells."""
    places = {"importers": (sender,), "exporters": (target,)}
    if not isinstance(policy, Rationing):
        return policy.model_copy(update=places)
    held_back = {
        "quantity": 1.0 - fall,
        "rent": "nobody",
        "visitors": fall if policy.visitors else 0.0,
    }
    return policy.model_copy(update=places | held_back)
