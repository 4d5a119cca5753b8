"""Why a government would: exposure, leverage, stance and bargaining on payoffs of the engine.

Every payoff is an exact welfare effect that the engine computed; every political term is explicit,
in percent of GDP, and reported as the threshold at which an answer changes.
"""

from . import (
    bargaining as bargaining,
    conflict as conflict,
    leverage as leverage,
    patience as patience,
    risk as risk,
)
from .diversification import (
    Insurance as Insurance,
    insurance as insurance,
    Question as Question,
    shares_from as shares_from,
)
from .diversification_path import (
    observed_paces as observed_paces,
    Paths as Paths,
    paths as paths,
    Start as Start,
    starts as starts,
)
from .exposure import Exposure as Exposure, exposure as exposure
from .exposure_by_year import by_year as by_year
from .stance import (
    alignment_tariff as alignment_tariff,
    best_schedule as best_schedule,
    expected_path as expected_path,
    flip_threshold as flip_threshold,
    load_game as load_game,
    menu_auction as menu_auction,
    mixed_nash as mixed_nash,
    pure_nash as pure_nash,
    quantal_branch as quantal_branch,
    quantal_response as quantal_response,
    resting_points as resting_points,
    stance_path as stance_path,
    strategic_response as strategic_response,
    tabulate as tabulate,
)
from .strategy import diversify as diversify, Strategy as Strategy
from .third_parties import third_parties as third_parties, ThirdParties as ThirdParties
