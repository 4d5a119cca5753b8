"""The world of 2019: 19 economies and the rest of the world, 20 sections, with travel inside.

The last year before the pandemic, from one complete table. What residents of a country buy while
they travel is a flow to where they live, so that no travel may be laid over this world.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from jaxtyping import Float

from .._core import DataError
from ..data import elasticities, icio, icio_g20
from ..data.concordance import industries, SERVICES_TOTAL
from .assemble import describe_value_added, Draft, rounded
from .balance import keep_value_added
from .wedges import HIGHEST_ELASTICITY, membership, SERVICES_ELASTICITY, weighted_mean


NAME, YEAR = "world-2019", 2019
TITLE = "World economy of 2019 with travel, 19 economies and 20 sections"
ADDING_UP = 1e-6
"""Largest error of an output against its costs or its sales, relative to output or to US$ 1
million; the source is rounded to US$ 100, and four negative cells of it are netted."""


def draft_world_2019(raw_directory: Path, progress: Callable[[str], None]) -> Draft:
    """Flows and technology of the world of 2019."""
    progress("reading the complete table of 2019")
    intermediate = icio_g20.read_intermediate(raw_directory)
    final = icio_g20.read_final(raw_directory)
    accounts = icio_g20.read_accounts(raw_directory)
    trade = intermediate.sum("user").to_numpy() + final.sum("final_use").to_numpy()
    use = intermediate.sum("origin").to_numpy()
    _refuse_what_does_not_add_up(trade, use, accounts)
    output = trade.sum(axis=1)
    source = use / np.where(output > 0, output, 1.0)[:, None, :]
    share = keep_value_added(source)
    return Draft(
        name=NAME,
        title=TITLE,
        year=YEAR,
        countries=icio_g20.countries(),
        industries=industries("sections"),
        trade=trade,
        input_share=share,
        imputed_share=np.zeros(trade.shape),
        input_trade=intermediate.sum("user").to_numpy(),
        sources=[icio_g20.ATTRIBUTION],
        imputation=[
            {
                "cells": "all flows",
                "rule": "observed",
                "share_of_value": 1.0,
                "count": int((trade > 0).sum()),
            }
        ],
        adjustments=[
            describe_value_added(source, share, trade),
            _describe_taxes(accounts),
            _describe_travel(final),
        ],
        elasticity=_elasticity(raw_directory),
        marks={"travel": "inside"},
    )


def _elasticity(raw_directory: Path) -> xr.Dataset:
    """Means over the sectors of a section, weighted by world trade across borders of the year.

    So they are in the compact worlds. A plain mean would make manufacturing a fifth more elastic.
    """
    rows = industries("sections")
    source = elasticities.read_published_elasticities(raw_directory).clip(max=HIGHEST_ELASTICITY)
    median = source.sel(publication=list(elasticities.ESTIMATED)).median("publication")
    used = median.where(median.sector != SERVICES_TOTAL, SERVICES_ELASTICITY)
    flows = icio.read_flows(raw_directory, YEAR).sel(sector=source.sector)
    weights = flows.where(flows.origin != flows.destination, 0.0).sum(("origin", "destination"))
    sectors = [row.flow_sectors or (SERVICES_TOTAL,) for row in rows]
    member = membership(sectors, list(source.sector.values))

    def mean(values: xr.DataArray) -> xr.DataArray:
        data = values.transpose(..., "sector").to_numpy()
        weight = np.broadcast_to(weights.to_numpy(), data.shape)
        means = weighted_mean(data, weight, (*[None] * (data.ndim - 1), member))
        coords = {**values.drop_vars("sector").coords, "sector": [row.code for row in rows]}
        return xr.DataArray(means, coords, (*values.dims[:-1], "sector"))

    return xr.Dataset({"trade_elasticity": mean(used), "trade_elasticity_published": mean(source)})


def _refuse_what_does_not_add_up(
    trade: Float[np.ndarray, "o d s"], use: Float[np.ndarray, "n k s"], accounts: xr.Dataset
) -> None:
    """Raise `DataError` unless output is what is sold and what is paid."""
    output = accounts.output.to_numpy()
    paid = use.sum(axis=1) + (accounts.net_taxes + accounts.value_added).to_numpy()
    for name, total in (("sales", trade.sum(axis=1)), ("costs", paid)):
        error = float((np.abs(total - output) / np.maximum(output, 1.0)).max())
        if error > ADDING_UP:
            raise DataError(
                f"{name} in the table of 2019 should add up to output, and miss it by {error:.2g}."
            )


def _describe_taxes(accounts: xr.Dataset) -> dict[str, Any]:
    """Where the taxes on inputs went, so that inputs are those of the source."""
    return {
        "step": "taxes on products",
        "rule": "net taxes on the products that industries use count as value added of the user; "
        "those on final demand are not in the table",
        "distance": rounded(float(accounts.net_taxes.sum() / accounts.value_added.sum())),
        "unit": "share of value added",
    }


def _describe_travel(final: xr.DataArray) -> dict[str, Any]:
    """How much of the flows is bought by residents abroad."""
    bought = final.sel(final_use="purchases_abroad")
    return {
        "step": "travel inside",
        "rule": f"US$ {rounded(float(bought.sum()) / 1000, 3):g} billion that residents buy abroad "
        "are flows to the country where they live, as in the source; nothing is moved",
        "distance": 0.0,
        "unit": "share of all flows",
    }
