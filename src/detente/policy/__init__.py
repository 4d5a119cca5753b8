"""The instruments a user can write, and what each does to the wedges of trade.

A policy is a frozen request. `apply` takes the wedges so far and returns new ones; `describe` says
in sentences what it did, with the numbers it looked up. Sales at home are never touched.
"""

from typing import Annotated, get_args

from pydantic import Field

from ._instrument import (
    FadeOut as FadeOut,
    Instrument as Instrument,
    PhaseIn as PhaseIn,
    Wedges as Wedges,
)
from ._quantity import MEASURES as MEASURES, WantedQuantity as WantedQuantity
from .affiliates import AffiliateDemand as AffiliateDemand
from .agreements import (
    EndOfPreference as EndOfPreference,
    FreeTradeAgreement as FreeTradeAgreement,
)
from .at_home import policy_in_words as policy_in_words
from .blocs import BlocSplit as BlocSplit
from .bottlenecks import (
    Bottleneck as Bottleneck,
    PARAMETERS as PARAMETERS,
    Quantiles as Quantiles,
)
from .controls import ExportControl as ExportControl
from .costs import (
    PolicyUncertainty as PolicyUncertainty,
    ServicesLiberalisation as ServicesLiberalisation,
    TradeCost as TradeCost,
)
from .limits import (
    ExportTax as ExportTax,
    ONCE as ONCE,
    Prohibition as Prohibition,
    Rationing as Rationing,
)
from .moved_rates import against as against, directions as directions
from .preferences import Opening as Opening, Taste as Taste
from .promotion import ExportDeals as ExportDeals, Summit as Summit
from .settlement import (
    adopted_share as adopted_share,
    Adoption as Adoption,
    CurrencySettlement as CurrencySettlement,
    speed_of_adoption as speed_of_adoption,
    SwapLine as SwapLine,
)
from .tariffs import Tariff as Tariff, TariffLine as TariffLine


Policy = Annotated[
    Tariff
    | TradeCost
    | ExportTax
    | Rationing
    | Prohibition
    | Taste
    | Opening
    | FreeTradeAgreement
    | EndOfPreference
    | ServicesLiberalisation
    | CurrencySettlement
    | Summit
    | ExportDeals
    | ExportControl
    | BlocSplit
    | PolicyUncertainty
    | AffiliateDemand
    | Bottleneck,
    Field(discriminator="kind"),
]
POLICY_KINDS: dict[str, type[Instrument]] = {
    model.model_fields["kind"].default: model for model in get_args(get_args(Policy)[0])
}
"""The same by the `kind` that a file names."""
