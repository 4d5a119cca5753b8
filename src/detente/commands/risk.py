"""What a more dangerous month costs trade."""

from pathlib import Path

from ..calibrate import baseline as baselines
from ..data.monthly_index import read_monthly_index
from ..data.store import Store
from ..geo.risk import Risk, risk as risk_of
from ..record import monthly, series


def risk(
    country: str,
    partner: str,
    index: Path,
    *,
    column: str | None = None,
    basis: str | None = None,
    baseline: str | None = None,
) -> Risk:
    """How a pair's stored months answer an index that the user brings, and the wedge that is."""
    world = baselines.load_baseline(baseline or "compact-2022")
    measured = read_monthly_index(index, column)
    store = Store.open()
    pair = series.pair_of(country, partner, series.reporters(store))
    return risk_of(world, pair, monthly(series.of_pair(store, pair), pair, basis), measured)
