"""Potential trade for a baseline: what its banned flows would be, by gravity."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pandas as pd
import xarray as xr

from .._core import DataError, EstimationError, ScenarioError
from ..data.concordance import economies, regions
from ..data.geography import read_geography
from ..data.tariffs import WITHOUT_DATA
from ..gravity.potential import cross_section, geography_specification, potential_flows
from ..selection import Everyone, flows, Names
from ..world import Baseline
from .fingerprint import fingerprint


def members(baseline: Baseline) -> dict[str, tuple[str, ...]]:
    """The economies that each code of a baseline stands for; none for a rest of the world."""
    try:
        region = regions(baseline.name.replace("-", "_"))
    except DataError:
        region = {code: code for code in economies()}
    parts = {
        code: tuple(one for one in economies() if region[one] == code and one != WITHOUT_DATA)
        for code in baseline.countries
        if code != WITHOUT_DATA
    }
    # A world of the user's own has its codes as they are; GeoDist knows them or says it does not.
    return {code: codes or (code,) for code, codes in parts.items()}


def potential_trade(
    baseline: Baseline,
    sources: Path | str,
    *,
    exporters: Names | Everyone,
    importers: Names | Everyone,
    sectors: Names | Everyone,
    geography: pd.DataFrame | None = None,
) -> xr.DataArray:
    """What the named flows would be without a ban (origin, destination, sector), million US$.

    Each sector is a cross-section of the baseline's own year: Poisson on distance, geography and
    the border, with effects of exporters and importers, home sales included, the banned flows left
    out (`detente.gravity.potential`). Every other cell is the trade of the baseline, and so is a
    banned one that already trades more. `geography` replaces what `sources` has. Raises
    `EstimationError` where a flow cannot be estimated and `ScenarioError` for a wrong name.
    """
    banned = flows(baseline, exporters, importers, sectors)
    if not banned.any():
        raise ScenarioError("those names select no flow between two countries.")
    known = read_geography(Path(sources), members(baseline)) if geography is None else geography
    trade = np.asarray(baseline.economy.trade)
    result = trade.copy()
    for sector in np.flatnonzero(banned.any(axis=(0, 1))):
        result[:, :, sector] = _sector(baseline, known, banned[:, :, sector], int(sector))
    coords = {
        "origin": list(baseline.countries),
        "destination": list(baseline.countries),
        "sector": list(baseline.sectors),
    }
    return xr.DataArray(np.maximum(result, trade), coords, attrs={"units": "million US$"})


def _sector(
    baseline: Baseline, geography: pd.DataFrame, banned: np.ndarray, sector: int
) -> np.ndarray:
    countries, trade = baseline.countries, np.asarray(baseline.economy.trade)[:, :, sector]
    year = int(baseline.about.get("year", 0))
    panel = cross_section(trade, countries, geography, year)
    place = pd.Index(countries)
    origin = place.get_indexer(pd.Index(panel.rows["exporter"]))
    destination = place.get_indexer(pd.Index(panel.rows["importer"]))
    hidden = banned[origin, destination]
    if hidden.sum() < banned.sum():
        lost = np.argwhere(banned & ~_cells(banned.shape, origin, destination))[0]
        raise EstimationError(
            f"there is no distance between {countries[lost[0]]} and {countries[lost[1]]}, so what "
            "they would trade cannot be estimated."
        )
    name = f"potential-{baseline.sectors[sector]}"
    flow, _ = potential_flows(panel, geography_specification(panel, name), hidden)
    result = trade.copy()
    result[origin[hidden], destination[hidden]] = flow.to_numpy()
    return result


def _cells(shape: tuple[int, ...], origin: np.ndarray, destination: np.ndarray) -> np.ndarray:
    inside = np.zeros(shape, bool)
    inside[origin, destination] = True
    return inside


def with_potential_trade(baseline: Baseline, potential: xr.DataArray) -> Baseline:
    """The baseline whose `opening` policies let in that trade (origin, destination, sector)."""
    wanted: Mapping[str, Sequence[str]] = {
        "origin": baseline.countries,
        "destination": baseline.countries,
        "sector": baseline.sectors,
    }
    if set(potential.dims) != set(wanted) or any(
        set(map(str, potential[dim].values)) != set(codes) for dim, codes in wanted.items()
    ):
        raise ScenarioError(
            f"potential trade must have the countries and sectors of '{baseline.name}'."
        )
    ordered = potential.sel({dim: list(codes) for dim, codes in wanted.items()})
    values = np.asarray(ordered.transpose(*wanted), float)
    trade = np.asarray(baseline.economy.trade)
    if not np.isfinite(values).all() or (values < trade).any():
        raise ScenarioError("potential trade must be finite, and at least what is traded.")
    economy = replace(baseline.economy, potential_trade=jnp.asarray(values))
    digest = fingerprint(economy, baseline.line_average_tariff, baseline.alternative_trade)
    about = {**baseline.about, "hash": digest}
    return replace(baseline, economy=economy, about=about)
