"""Gravity: what borders, agreements and tariffs do to flows, estimated from panels of trade."""

from .agreements import (
    by_age as by_age,
    with_agreements_by_age as with_agreements_by_age,
    with_agreements_by_name as with_agreements_by_name,
)
from .effects import (
    ad_valorem_equivalent as ad_valorem_equivalent,
    ad_valorem_error as ad_valorem_error,
    conditional_equilibrium as conditional_equilibrium,
    shock_of_effect as shock_of_effect,
)
from .elasticities import estimate_elasticity as estimate_elasticity
from .estimation import Estimate as Estimate, estimate as estimate
from .guide import SPECIFICATIONS as SPECIFICATIONS, with_guide_columns as with_guide_columns
from .panel import Panel as Panel, parse_years as parse_years
from .potential import potential_flows as potential_flows
from .specification import Specification as Specification
