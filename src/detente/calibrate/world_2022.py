"""The world of 2022: 80 economies and the rest of the world, 50 industries, one edition of a table.

Flows of goods are those of the flow tables, with the rest of the world in them. Services by pair
and sector, technology and value added are those of the table of the same edition and year: their
intermediates are the table's own, their final use is an estimate under one of two seeds. The second
seed is kept beside the first, for the interval. The rest of the world has no technology of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from jaxtyping import Bool, Float

from ..data import icio, icio_g20, table_2022
from ..data.concordance import economies, industries, Industry, regions, SERVICES_TOTAL
from ..data.table_2022 import CLASSIFICATION, REST
from .assemble import describe_value_added, Draft, rounded
from .balance import keep_value_added
from .rest_of_world import Rest, rest_of_world
from .services_of_2022 import Services, two_splits


NAME, YEAR = "world-2022", 2022


def draft_world_2022(raw_directory: Path, progress: Callable[[str], None]) -> Draft:
    """Flows and technology of the world of 2022, and the flows under the second seed."""
    progress("reading the table of 2022")
    rows = industries(CLASSIFICATION)
    table = table_2022.read_table(raw_directory)
    goods, services = _flows(raw_directory, rows)
    progress("splitting final services")
    codes = [row.code for row in rows if row.kind == "services"]
    known = Services.of(table, _sold(services), codes)
    first, second = two_splits(known, raw_directory)
    progress("filling in the rest of the world")
    is_service = np.array([row.kind == "services" for row in rows])
    flows = _Flows(known, goods, is_service)
    rest = rest_of_world(table, goods, services, first, _donors())
    trade, alternative = (flows.with_services(final, rest) for final in (first, second))
    source = _input_share(table, rest)
    share = keep_value_added(source)
    return Draft(
        name=NAME,
        title="World economy of 2022, 80 economies and the rest of the world, 50 industries",
        year=YEAR,
        countries=economies(),
        industries=rows,
        trade=trade,
        input_share=share,
        imputed_share=flows.estimated_share(trade),
        alternative=alternative,
        input_trade=_inputs(table, rest, trade, share),
        sources=[icio.ATTRIBUTION, table_2022.ATTRIBUTION, icio_g20.SEED_ATTRIBUTION],
        imputation=flows.describe(trade),
        adjustments=[
            _describe_seeds(trade, alternative),
            _describe_rest(rest, trade),
            _describe_inputs(trade),
            describe_value_added(source, share, trade),
        ],
    )


def _sold(services: Float[np.ndarray, "o d"]) -> Float[np.ndarray, "n d"]:
    """Services totals of the 80 origins, the rest of the world last among destinations."""
    rest = economies().index(REST)
    inside = np.delete(services, rest, axis=0)
    return np.column_stack([np.delete(inside, rest, axis=1), inside[:, rest]])


def _donors() -> list[str]:
    """The economies that the compact world counts with the rest of the world."""
    return [code for code, home in regions("compact_2022").items() if home == REST != code]


def _flows(
    raw_directory: Path, rows: tuple[Industry, ...]
) -> tuple[Float[np.ndarray, "o d k"], Float[np.ndarray, "o d"]]:
    """Goods by industry and the services total of each pair, all 81 economies."""
    flows = icio.read_flows(raw_directory, YEAR)
    sectors = [row.flow_sectors[0] for row in rows if row.kind == "goods"]
    goods = flows.sel(sector=sectors).to_numpy()
    return goods, flows.sel(sector=SERVICES_TOTAL).to_numpy()


def _input_share(table: xr.Dataset, rest: Rest) -> Float[np.ndarray, "n k s"]:
    """Inputs over output, those from the rest of the world included; the donors' for itself."""
    use = table.domestic_use.to_numpy() + table.imported_use.to_numpy() + rest.use
    output = table.output.to_numpy()[:, None, :]
    share = np.where(output > 0, use / np.where(output > 0, output, 1.0), 0.0)
    place = economies().index(REST)
    return np.insert(share, place, rest.input_share, axis=0)


def _inputs(
    table: xr.Dataset,
    rest: Rest,
    trade: Float[np.ndarray, "o d s"],
    input_share: Float[np.ndarray, "n k s"],
) -> Float[np.ndarray, "o d s"]:
    """The part of each flow that is bought as inputs: the table's own intermediates.

    What the rest of the world sells is for inputs as `rest_of_world` has it; nobody knows what it
    uses from whom, so it buys alike from all.
    """
    place = economies().index(REST)
    inside = np.insert(table.intermediate.to_numpy(), place, 0.0, axis=0)
    inputs = np.insert(inside, place, 0.0, axis=1)
    here = np.arange(len(trade)) != place
    inputs[place, here] = rest.use.sum(axis=2)
    used = input_share[place] @ trade[place].sum(axis=0)
    bought = trade[:, place].sum(axis=0)
    part = np.minimum(used / np.where(bought > 0, bought, 1.0), 1.0)
    inputs[:, place] = part * trade[:, place]
    return np.clip(inputs, 0.0, trade)


def _describe_inputs(trade: Float[np.ndarray, "o d s"]) -> dict[str, Any]:
    place = economies().index(REST)
    touched = trade[place].sum() + trade[:, place].sum() - trade[place, place].sum()
    return {
        "step": "inputs of the rest of the world",
        "rule": "the part of each flow that is bought as inputs is the table's own; what others "
        "buy from the rest of the world as inputs is as above, and it buys alike from all for "
        "inputs and for final use; the distance is its trade and its sales at home",
        "distance": rounded(touched / trade.sum()),
        "unit": "share of all flows",
    }


@dataclass(frozen=True)
class _Flows:
    """What is observed, and the array that a split of services completes."""

    services: Services
    goods: Float[np.ndarray, "o d k"]
    is_service: Bool[np.ndarray, " s"]

    @property
    def rest(self) -> int:
        return economies().index(REST)

    @property
    def intermediate(self) -> Float[np.ndarray, "o d v"]:
        """Observed intermediates among all 81; those with the rest of the world are not."""
        inside = self.services.intermediate
        return np.insert(np.insert(inside, self.rest, 0.0, axis=0), self.rest, 0.0, axis=1)

    def with_services(
        self, final: Float[np.ndarray, "a b v"], rest: Rest
    ) -> Float[np.ndarray, "o d s"]:
        """All flows under a split of final services."""
        split = self.intermediate
        split += np.insert(
            np.insert(final[:, :-1], self.rest, final[:, -1], axis=1), self.rest, 0.0, axis=0
        )
        split[self.rest] = rest.services
        return np.concatenate([self.goods, split], axis=2)

    def estimated_share(self, trade: Float[np.ndarray, "o d s"]) -> Float[np.ndarray, "o d s"]:
        """The part of a flow's value that is an estimate."""
        services = trade[:, :, self.is_service]
        known = self.intermediate
        share = np.zeros(trade.shape)
        part = 1.0 - np.minimum(known / np.where(services > 0, services, 1.0), 1.0)
        share[:, :, self.is_service] = np.where(services > 0, part, 0.0)
        return share

    def describe(self, trade: Float[np.ndarray, "o d s"]) -> list[dict[str, Any]]:
        """Classes of cells: how each came about, its share of value and its number."""
        services, known = trade[:, :, self.is_service], self.intermediate
        final = np.maximum(services - known, 0.0)
        home = np.eye(len(trade), dtype=bool)
        here = np.arange(len(trade)) != self.rest
        inside = here[:, None] & here[None, :]
        classes = (
            ("goods", "observed", trade[:, :, ~self.is_service]),
            ("services, intermediate use", "observed", known),
            (
                "services, final use at home",
                "composition of 2019 balanced to exact totals by pair and by selling sector; tried "
                "on the table of 2019, from intermediates, services at home are off by 1.3 %",
                final[home & inside],
            ),
            (
                "services, final use across borders",
                "composition of 2019, or that of intermediates for what visitors buy in or from "
                "China, balanced to exact totals by pair and by selling sector; from "
                "intermediates the method is off by 25 % of the value on the table of 2019, South "
                "Korea to China by 30 %, China to South Korea by 16 %",
                final[~home & inside],
            ),
            (
                "services sold to the rest of the world",
                "estimated with final use, under the same totals",
                services[here, self.rest],
            ),
            (
                "services sold by the rest of the world",
                "composition of the destination's other imports; at home what it uses, with the "
                "technology of its donors",
                services[self.rest],
            ),
        )
        return [
            {
                "cells": name,
                "rule": rule,
                "share_of_value": rounded(values.sum() / trade.sum()),
                "count": int((values > 0).sum()),
            }
            for name, rule, values in classes
        ]


def _describe_seeds(
    trade: Float[np.ndarray, "o d s"], alternative: Float[np.ndarray, "o d s"]
) -> dict[str, Any]:
    abroad = ~np.eye(len(trade), dtype=bool)
    moved = np.abs(alternative - trade)[abroad].sum()
    return {
        "step": "second seed of the services split",
        "rule": "final services split by the composition of each pair's intermediates in place of "
        "its final purchases of 2019; kept as trade_alternative and drawn in intervals; the "
        "distance is across borders",
        "distance": rounded(moved / trade[abroad].sum()),
        "unit": "share of cross-border flows",
    }


def _describe_rest(rest: Rest, trade: Float[np.ndarray, "o d s"]) -> dict[str, Any]:
    return {
        "step": "rest of the world",
        "rule": "inputs that others buy from it: its share of each flow for intermediate use is "
        "that of other imports, spread over users as other imports are; its own technology is "
        f"that of {', '.join(rest.donors)} together; taxes on products are in value added, as the "
        "source does not show them; the distance is the inputs bought from it",
        "distance": rounded(rest.use.sum() / trade.sum()),
        "unit": "share of all flows",
    }
