"""Why a government would: exposure, leverage, stance and bargaining on payoffs of the engine.

Every payoff is an exact welfare effect that the engine computed; every political term is explicit,
in percent of GDP, and reported as the threshold at which an answer changes.
"""

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
