"""The engine: pure functions from a world and a shock to an equilibrium, arrays only."""

from ._continuation import part_of as part_of, resized as resized
from ._solve import (
    balanced as balanced,
    Equilibrium as Equilibrium,
    in_first_year as in_first_year,
    in_next_year as in_next_year,
    require_solved as require_solved,
    solve as solve,
    solved as solved,
    TEXTBOOK as TEXTBOOK,
    TOLERANCE as TOLERANCE,
    without_deficits as without_deficits,
)
from ._uses import market_of as market_of
from .certificate import Certificate as Certificate, certify as certify
from .decomposition import decompose as decompose, Decomposition as Decomposition
from .exposure import (
    exposure_matrix as exposure_matrix,
    exposure_of as exposure_of,
    exposure_to as exposure_to,
    OneSectorExposure as OneSectorExposure,
    productivity_of as productivity_of,
)
from .measures import measures as measures
from .quantities import meet as meet, Met as Met, Quantities as Quantities, solve_for as solve_for
from .sector_incomes import (
    counted_welfare_hat as counted_welfare_hat,
    real_sector_income_hat as real_sector_income_hat,
)
from .sensitivity import Sensitivity as Sensitivity, sensitivity as sensitivity
from .steady_state import (
    capital_stock_hat as capital_stock_hat,
    in_steady_state as in_steady_state,
    investment_price_hat as investment_price_hat,
)
from .targets import (
    Keeper as Keeper,
    KEEPERS as KEEPERS,
    seek as seek,
    Wedged as Wedged,
    where_solved as where_solved,
)
from .tariff_games import (
    Choice as Choice,
    choose_tariffs as choose_tariffs,
    TariffEquilibrium as TariffEquilibrium,
)
from .transition import follow_capital as follow_capital, Transition as Transition
from .volumes import real_gdp_hat as real_gdp_hat, real_value_added_hat as real_value_added_hat
from .welfare import (
    linear_welfare as linear_welfare,
    LinearWelfare as LinearWelfare,
    only_tariffs_move as only_tariffs_move,
    price_index_hat as price_index_hat,
    welfare_hat as welfare_hat,
)
