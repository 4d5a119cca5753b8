"""Why a government would: exposure, leverage, stance and bargaining on payoffs of the engine.

Every payoff is an exact welfare effect that the engine computed; every political term is explicit,
in percent of GDP, and reported as the threshold at which an answer changes.
"""

from .exposure import Exposure as Exposure, exposure as exposure
from .exposure_by_year import by_year as by_year
from .third_parties import third_parties as third_parties, ThirdParties as ThirdParties
