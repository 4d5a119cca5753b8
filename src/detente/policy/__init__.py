"""The instruments a user can write, and what each does to the wedges of trade.

A policy is a frozen request. `apply` takes the wedges so far and returns new ones; `describe` says
in sentences what it did, with the numbers it looked up. Sales at home are never touched.
"""

from typing import Annotated

from pydantic import Field

from ._instrument import (
    FadeOut as FadeOut,
    Instrument as Instrument,
    PhaseIn as PhaseIn,
    Request as Request,
    Wedges as Wedges,
)
from .costs import ServicesLiberalisation as ServicesLiberalisation, TradeCost as TradeCost
from .limits import ExportTax as ExportTax, Prohibition as Prohibition, Rationing as Rationing
from .preferences import (
    hide as hide,
    Opening as Opening,
    Taste as Taste,
    with_potential_shares as with_potential_shares,
)
from .tariffs import (
    FreeTradeAgreement as FreeTradeAgreement,
    Tariff as Tariff,
    TariffLine as TariffLine,
)


Policy = Annotated[
    Tariff
    | TradeCost
    | ExportTax
    | Rationing
    | Prohibition
    | Taste
    | Opening
    | FreeTradeAgreement
    | ServicesLiberalisation,
    Field(discriminator="kind"),
]
POLICY_KINDS: dict[str, type[Instrument]] = {
    "tariff": Tariff,
    "trade_cost": TradeCost,
    "export_tax": ExportTax,
    "rationing": Rationing,
    "prohibition": Prohibition,
    "taste": Taste,
    "opening": Opening,
    "free_trade_agreement": FreeTradeAgreement,
    "services_liberalisation": ServicesLiberalisation,
}
