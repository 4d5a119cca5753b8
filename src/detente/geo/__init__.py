"""Why a government would: exposure, leverage, stance and bargaining on payoffs of the engine.

Every payoff is an exact welfare effect that the engine computed; every political term is explicit,
in percent of GDP, and reported as the threshold at which an answer changes.
"""

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
from .strategy import diversify as diversify, Strategy as Strategy
from .third_parties import third_parties as third_parties, ThirdParties as ThirdParties
