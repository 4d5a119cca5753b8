"""The engine: pure functions from a world and a shock to an equilibrium, arrays only."""

from ._solve import (
    Equilibrium as Equilibrium,
    solve as solve,
    TEXTBOOK as TEXTBOOK,
    TOLERANCE as TOLERANCE,
    without_deficits as without_deficits,
)
from .certificate import Certificate as Certificate, certify as certify
from .measures import measures as measures
from .welfare import (
    linear_welfare as linear_welfare,
    LinearWelfare as LinearWelfare,
    price_index_hat as price_index_hat,
    welfare_hat as welfare_hat,
)
