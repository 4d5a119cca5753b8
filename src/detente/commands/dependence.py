"""What an economy depends on: the chain of a world beside the record of its trade."""

from ..calibrate import baseline as baselines
from ..data.store import Store
from ..record import Dependence, dependence as measured, series


def dependence(country: str, on: str | None = None, baseline: str | None = None) -> Dependence:
    """What an economy depends on, by concept."""
    store, world = Store.open(), baselines.load_baseline(baseline or "compact-2022")
    return measured(
        world,
        country,
        on,
        flows=series.flows_of_country(store, country),
        months=series.months_of_country(store, country),
    )
