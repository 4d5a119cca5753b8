from .bases import (
    balances as balances,
    of_gdp as of_gdp,
    parts_of_years as parts_of_years,
    reported_balances as reported_balances,
    with_reported as with_reported,
)
from .dependence import dependence as dependence, DependenceTables as DependenceTables
from .events import events as events
from .raw_materials import raw_materials as raw_materials, RawMaterials as RawMaterials
from .revisions import Revision as Revision, revisions as revisions
from .series import (
    monthly as monthly,
    Pair as Pair,
    pair_of as pair_of,
    years_between as years_between,
)
from .tracking import (
    evaluate as evaluate,
    month_of as month_of,
    track as track,
    track_balance as track_balance,
)
