"""The world of 2022: 77 economies and 45 industries.

Goods flows and the services total of each pair are those of 2022, technology that of 2020, and the
sector pattern of services trade that of 2014.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from jaxtyping import Float, Int

from ..data import icio, technology, wiod
from ..data.concordance import industries, Industry, regions, SERVICES_TOTAL
from .assemble import describe_value_added, Draft, rounded
from .balance import keep_value_added
from .services import first_absorption, ServicesDemand, ServicesSplit, split_services
from .wedges import group_sum, membership


NAME, YEAR = "world-2022", 2022
REST = "ROW"
GOODS_COUNT = 22
"""Goods industries come first in the classification."""
UNTRADED = ("T",)
"""Households as employers of domestic staff: what they produce is used where it is made, and the
traces of it in the trade of 2014 would put it where the technology of 2020 has none."""


def draft_world_2022(raw_directory: Path, progress: Callable[[str], None]) -> Draft:
    """Flows and technology of the world of 2022, services split into sectors."""
    progress("reading flows of 2022 and technology of 2020")
    source = technology.read_technology(raw_directory)
    share = keep_value_added(source.input_share.to_numpy())
    national = source.assign(input_share=source.input_share.copy(data=share))
    countries = [str(code) for code in national.country.values]
    rows = industries("icio")
    goods, services = _fold(icio.read_flows(raw_directory, YEAR), countries, rows)
    demand = _services_demand(national, goods)
    progress("reading the services pattern of 2014")
    pattern, classes = _pattern(raw_directory, countries, demand, services)
    progress("splitting services flows into sectors")
    split = split_services(services, pattern, demand)
    trade = np.concatenate([goods, split.flows], axis=2)
    imputed = np.zeros(trade.shape)
    imputed[:, :, GOODS_COUNT:] = 1.0
    return Draft(
        name=NAME,
        title="World economy of 2022, 77 economies and 45 industries",
        year=YEAR,
        countries=countries,
        industries=rows,
        trade=trade,
        input_share=share,
        imputed_share=imputed,
        sources=[icio.ATTRIBUTION, technology.ATTRIBUTION, f"Services pattern: {wiod.ATTRIBUTION}"],
        imputation=_describe(trade, classes),
        adjustments=[
            describe_value_added(source.input_share.to_numpy(), share, trade),
            _describe_split(split),
        ],
    )


def _fold(
    flows: xr.DataArray, countries: Sequence[str], rows: Sequence[Industry]
) -> tuple[Float[np.ndarray, "o d k"], Float[np.ndarray, "o d"]]:
    """Goods flows by industry and services totals, economies without technology put into ROW."""
    home, economies = regions("world_2022"), [str(code) for code in flows.origin.values]
    place = membership([[e for e in economies if home[e] == c] for c in countries], economies)
    sectors = [row.flow_sectors for row in rows if row.kind == "goods"]
    sector = membership([*sectors, (SERVICES_TOTAL,)], list(flows.sector.values))
    folded = group_sum(flows.to_numpy(), (place, place, sector))
    return folded[:, :, :-1], folded[:, :, -1]


def _services_demand(national: xr.Dataset, goods: Float[np.ndarray, "o d k"]) -> ServicesDemand:
    share = national.input_share.to_numpy()
    final = national.final_share.to_numpy()[:, GOODS_COUNT:]
    by_goods = share[:, GOODS_COUNT:, :GOODS_COUNT]
    return ServicesDemand(
        use_by_goods=np.einsum("nks,ns->nk", by_goods, goods.sum(axis=1)),
        input_share=share[:, GOODS_COUNT:, GOODS_COUNT:],
        final_share=final / final.sum(axis=1, keepdims=True),
    )


def _pattern(
    raw_directory: Path,
    countries: Sequence[str],
    demand: ServicesDemand,
    services: Float[np.ndarray, "o d"],
) -> tuple[Float[np.ndarray, "o d s"], Int[np.ndarray, "o d"]]:
    """Composition of each cross-border services flow by sector in 2014, and its class.

    Classes: 0 the pair itself, 1 a pair with the rest of the world in place of one side, 2 the
    exports of the rest of the world, where both sides are in it or the pair has no flow.
    """
    flows = wiod.read_bilateral_intermediate(raw_directory) + wiod.read_final_use(raw_directory)
    source = [str(code) for code in flows.origin.values]
    absorption = first_absorption(demand, services.sum(axis=0), services.sum(axis=1))
    by_industry = flows.clip(min=0).to_numpy()
    by_industry[np.arange(len(source)), np.arange(len(source))] = 0.0
    # The rest of the world's trade with itself is its domestic flow; its exports stand for it.
    rest = source.index(REST)
    by_industry[rest, rest] = by_industry[rest].sum(axis=0)
    by_industry[:, :, [row.icio == UNTRADED for row in industries("wiod")]] = 0.0
    own = np.array([source.index(code) if code in source else rest for code in countries])
    pairs = by_industry[own[:, None], own[None, :]]
    outside = (own == rest).astype(int)
    classes = outside[:, None] + outside[None, :]
    empty = pairs[:, :, -_service_count() :].sum(axis=2) <= 0
    pairs[empty] = by_industry[rest, rest]
    classes[empty] = 2
    weights = _service_weights(absorption)
    return np.einsum("odw,dws->ods", pairs, weights), classes


def _service_count() -> int:
    return sum(row.kind == "services" for row in industries("wiod"))


def _service_weights(absorption: Float[np.ndarray, "d s"]) -> Float[np.ndarray, "d w s"]:
    """Shares in which a service industry of 2014 goes to those of the world, by destination.

    One industry goes to one, except arts and other personal services, which the source has
    together and which are split as the destination absorbs them.
    """
    codes = [row.code for row in industries("icio") if row.kind == "services"]
    member = membership([row.icio for row in industries("wiod")], codes)
    weight = member[None, :, :] * absorption[:, None, :]
    total = weight.sum(axis=2, keepdims=True)
    several = member.sum(axis=1)[None, :, None] > 1
    return np.where(several & (total > 0), weight / np.where(total > 0, total, 1.0), member)


def _describe(
    trade: Float[np.ndarray, "o d s"], classes: Int[np.ndarray, "o d"]
) -> list[dict[str, Any]]:
    services = trade[:, :, GOODS_COUNT:]
    home = np.eye(len(trade), dtype=bool)
    abroad = (
        ("services across borders, own pattern", "composition of 2014 of the same pair", 0),
        (
            "services across borders, one side not in the 2014 table",
            "composition of 2014 with the rest of the world in place of that side",
            1,
        ),
        (
            "services across borders, both sides not in the 2014 table",
            "composition of the rest of the world's services exports in 2014",
            2,
        ),
    )
    cells = [("goods", "observed", trade[:, :, :GOODS_COUNT])]
    cells += [("services at home", "technology of 2020 and observed total", services[home])]
    cells += [
        (
            name,
            f"{rule}, balanced to the observed total of the pair",
            services[~home & (classes == k)],
        )
        for name, rule, k in abroad
    ]
    return [
        {
            "cells": name,
            "rule": rule,
            "share_of_value": rounded(values.sum() / trade.sum()),
            "count": int((values > 0).sum()),
        }
        for name, rule, values in cells
    ]


def _describe_split(split: ServicesSplit) -> dict[str, Any]:
    return {
        "step": "services split",
        "rule": f"minimum cross-entropy to pair totals and absorption, {split.rounds} rounds; "
        "distance is the largest error left",
        "distance": rounded(split.residual, 1),
        "unit": "share of the total",
    }
