"""The stance game: two principals, an agent between them, and payoffs that the engine computes.

A solution concept is a function of a plain payoff array, so that each can be tested on games whose
equilibria are known. Political terms stay in columns of their own; what is reported of them are
the thresholds at which an answer turns.
"""

from .agency import menu_auction as menu_auction
from .alignment import (
    Alignment as Alignment,
    alignment_tariff as alignment_tariff,
    strategic_response as strategic_response,
)
from .argument import Argument as Argument, stance as stance
from .game import Game as Game, load_game as load_game
from .governments import (
    expected_path as expected_path,
    resting_points as resting_points,
    Rule as Rule,
    stance_path as stance_path,
)
from .nash import mixed_nash as mixed_nash, pure_nash as pure_nash
from .payoffs import Payoffs as Payoffs, tabulate as tabulate
from .quantal import quantal_branch as quantal_branch, quantal_response as quantal_response
from .schedules import (
    best_schedule as best_schedule,
    credible as credible,
    price_of_stance as price_of_stance,
)
from .thresholds import (
    auction_threshold as auction_threshold,
    flip_threshold as flip_threshold,
    reward_threshold as reward_threshold,
    threat_threshold as threat_threshold,
)
