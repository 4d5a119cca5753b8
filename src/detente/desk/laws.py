"""How the numbers of policies move their wedges: what a slider may do without compiling anew.

Wedges are as `Wedges` has them, but that an export tax is in logs of one plus its rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Law:
    """The wedges move in proportion to the number, or to the log of one plus it or of itself."""

    logarithmic: bool = False
    of_itself: bool = False
    """Whether the log is of the number and not of one plus it."""
    of_part: bool = False
    """Whether the part of the policy that is in effect multiplies the number and not its log."""

    def size(self, number: float, part: float = 1.0) -> float:
        """What the wedges move in proportion to, where `part` of the policy is in effect."""
        if not self.logarithmic:
            return number
        if self.of_itself:
            return float(np.log(number))
        return float(np.log1p((part if self.of_part else 1.0) * number))


LINEAR, LOG, LOG_OF_PART = Law(), Law(logarithmic=True), Law(logarithmic=True, of_part=True)
QUANTITY = Law(logarithmic=True, of_itself=True)
"""Of a quantity that a policy states in place of its size: what moves is what is wanted."""

LAWS: Mapping[str, Mapping[str, Law]] = {
    "tariff": {"rate": LINEAR, "change": LINEAR},
    "trade_cost": {"change": LOG},
    "export_tax": {"rate": LOG_OF_PART},
    "rationing": {"markup": LINEAR},
    "prohibition": {},
    "taste": {"change": LOG},
    "opening": {"part": LINEAR},
    "free_trade_agreement": {"tariff_cut": LINEAR},
    "end_of_preference": {},
    "services_liberalisation": {"stri_cut": LINEAR, "cost_per_stri_point": LINEAR},
    "currency_settlement": {"share": LINEAR},
    "summit": {"growth": LOG},
    "export_deals": {"value": LINEAR, "realisation": LINEAR},
    "export_control": {"covered_share": LINEAR},
    "bloc_split": {"change": LOG, "cost_per_point": LINEAR},
    "policy_uncertainty": {"deviations": LINEAR, "cost_per_deviation": LINEAR},
    "affiliate_demand": {"output_growth": LOG, "parts_elasticity": LINEAR},
    "bottleneck": {},
}
"""By kind of policy and number. The numbers of one policy multiply one another."""

NO_SLIDER: Mapping[str, Mapping[str, str]] = {
    "export_deals": {"realisation_range": "it is said, and nothing is computed with it"},
    "export_control": {
        "defence_share": "what defence takes is found along supply chains",
        "leakage": "what is held back has a ceiling",
        "over_compliance": "what is held back has a ceiling",
    },
    "opening": {"potential_share": "the world without the ban is built from it"},
    "bottleneck": dict.fromkeys(
        (
            "lost",
            "lasts",
            "months",
            "supply_share",
            "cost_share",
            "stocks",
            "substitution",
            "recovery",
        ),
        "what is lost is a path of months, averaged",
    ),
    "currency_settlement": {
        "vehicle_cost": "the path of adoption depends on it",
        "direct_cost": "the path of adoption depends on it",
    },
    "bloc_split": {
        "tolerated": "distances below it count for nothing",
        "positions": "distances beyond what is tolerated are no line in them",
    },
    "rationing": {"visitors": "what visitors buy depends on the elasticity of each sector"},
    "taste": {"visitors": "what visitors buy depends on where they go"},
}
"""Numbers without a law, each with the reason."""
