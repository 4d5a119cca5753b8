"""Many counterfactuals of one world at once: the cells of a game, or draws of what is uncertain."""

from ._play import play_draws as play_draws
from ._stack import log_welfare as log_welfare, play_all as play_all, Stack as Stack, stack as stack
from .draws import (
    affordable as affordable,
    central as central,
    Draws as Draws,
    MANY_FLOWS as MANY_FLOWS,
    sample as sample,
)
from .outcome import simulate_draws as simulate_draws
from .parts import (
    MOST_POLICIES as MOST_POLICIES,
    policy_parts as policy_parts,
    PolicyParts as PolicyParts,
)
from .spread import (
    alone_places as alone_places,
    drivers as drivers,
    Interval as Interval,
    interval as interval,
    Spread as Spread,
    spread as spread,
)
