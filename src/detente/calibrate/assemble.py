"""Parts of a world, put together as the dataset that a baseline file holds."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from jaxtyping import Float

from ..data import elasticities, stri, tariff_lines, tariffs
from ..data.bases import HARMONISED
from ..data.concordance import compact_parents, country_groups, country_names, Industry, regions
from ..schema import of_kind
from .balance import (
    corners,
    FINAL_DEMAND_FLOOR,
    keep_final_demand,
    TechnologyRepair,
    VALUE_ADDED_FLOOR,
)
from .wedges import (
    published_elasticities,
    restrictiveness,
    share_without_tariff_data,
    tariffs_by_industry,
    trade_elasticity,
)


ELASTICITIES = (
    "goods: the median of seven published estimates of each sector, at most 20; "
    "services: 4, an assumption"
)
LICENCE = (
    "CC BY 4.0 for what derives from OECD and WIOD tables; tariffs are aggregates computed from "
    "Teti's database and from lines of China, Japan and the USA, free to use with citation."
)
SINGLE = (
    "trade",
    "trade_alternative",
    "input_trade",
    "tariff",
    "tariff_line_average",
    "input_share",
    "trade_imputed_share",
)
"""Large arrays, stored in single precision: their sources have no more digits, and rounding makes
a rebuild byte-identical."""

MARGINS = "TRD"
"""The compact sector whose services are margins on goods: wholesale and retail trade."""
DECIMALS = 6
"""Digits of scores and elasticities that are stored: as many as the index has, for the same
reason."""
NOISE = 1e-14
"""A share below this is the rounding of its sums, which differs between machines."""
ROUNDED = (
    "trade_elasticity",
    "services_restrictiveness",
    "services_restrictiveness_benchmark",
    "trade_elasticity_published",
)


@dataclass(frozen=True)
class Draft:
    """A world before balancing: flows, technology, and how each was obtained."""

    name: str
    title: str
    year: int
    countries: Sequence[str]
    industries: Sequence[Industry]
    trade: Float[np.ndarray, "o d s"]
    """Million US$."""
    input_share: Float[np.ndarray, "n k s"]
    imputed_share: Float[np.ndarray, "o d s"]
    sources: Sequence[str]
    alternative: Float[np.ndarray, "o d s"] | None = None
    """Flows that are as good an estimate, with the same output of every origin and sector."""
    input_trade: Float[np.ndarray, "o d s"] | None = None
    """The part of each flow that is bought as inputs, where the source tells the two apart."""
    imputation: list[dict[str, Any]] = field(default_factory=list)
    adjustments: list[dict[str, Any]] = field(default_factory=list)
    elasticity: xr.Dataset | None = None
    """`trade_elasticity` and `trade_elasticity_published`, where a mean over sectors of the source
    would be too plain."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """Attributes of this world alone, such as `travel` where what travellers buy is inside."""

    @property
    def concordance(self) -> str:
        """The name of this world in the concordance tables."""
        return self.name.replace("-", "_")


def assemble(draft: Draft, raw_directory: Path) -> xr.Dataset:
    """The baseline of a draft, with tariffs, elasticities, restrictiveness and positive demand."""
    rows = draft.industries
    tariff = tariffs_by_industry(
        raw_directory, draft.year, draft.concordance, draft.countries, rows
    )
    others = corners(draft.trade, tariff.levied, draft.alternative, tariff.line_average)
    repaired = keep_final_demand(draft.trade, tariff.levied, draft.input_share, others=others)
    elasticity = draft.elasticity
    if elasticity is None:
        published = published_elasticities(raw_directory, rows)
        values = {"trade_elasticity": trade_elasticity(published, rows)}
        elasticity = xr.Dataset(values | {"trade_elasticity_published": published})
    score, benchmark = restrictiveness(raw_directory, draft.year, draft.countries, rows)
    flow = ("origin", "destination", "sector")
    data = {
        "trade": (flow, draft.trade),
        "tariff": (flow, tariff.levied),
        "tariff_line_average": (flow, tariff.line_average),
        "input_share": (("country", "input", "sector"), repaired.input_share),
        "trade_elasticity": elasticity.trade_elasticity,
        "trade_imputed_share": (flow, draft.imputed_share),
        "services_restrictiveness": score,
        "services_restrictiveness_benchmark": benchmark,
        "trade_elasticity_published": elasticity.trade_elasticity_published,
    }
    if draft.alternative is not None:
        data["trade_alternative"] = (flow, draft.alternative)
    if draft.input_trade is not None:
        data["input_trade"] = (flow, np.clip(draft.input_trade, 0.0, draft.trade))
    dataset = xr.Dataset(data, coords=_coords(draft.countries, rows, country_names()))
    untaxed = share_without_tariff_data(raw_directory, draft.year)
    steps = [*draft.adjustments, describe_tariffs(untaxed), *tariff.steps]
    steps += [describe_final_demand(repaired)]
    return finish(dataset.assign_attrs(_attributes(draft, steps)))


def _attributes(draft: Draft, adjustments: list[dict[str, Any]]) -> dict[str, Any]:
    wedges = [
        tariffs.ATTRIBUTION,
        *tariff_lines.ATTRIBUTIONS,
        elasticities.ATTRIBUTION,
        stri.ATTRIBUTION,
    ]
    return {
        "title": draft.title,
        "name": draft.name,
        "year": draft.year,
        "basis": HARMONISED,
        "source": "\n".join([*draft.sources, *wedges]),
        "licence": LICENCE,
        "elasticities": ELASTICITIES,
        "country_groups": json.dumps(groups_of_countries(draft)),
        "sector_groups": json.dumps(groups_of_sectors(draft.industries)),
        "imputation": json.dumps(draft.imputation),
        "adjustments": json.dumps(adjustments),
        **draft.marks,
    }


def describe_tariffs(share: float) -> dict[str, Any]:
    """What is assumed where there are no tariff data."""
    return {
        "step": "tariffs without data",
        "rule": "rates of the rest of the world, and rates on it, are not in the source and "
        "count as zero; the distance is the trade concerned",
        "distance": rounded(share),
        "unit": "share of cross-border goods trade",
    }


def describe_final_demand(repaired: TechnologyRepair) -> dict[str, Any]:
    """What `keep_final_demand` did."""
    return {
        "step": "final demand kept positive",
        "rule": f"inputs moved, by minimum cross-entropy, until every product has at least "
        f"{FINAL_DEMAND_FLOOR:.2%} of its absorption left for final demand; flows, outputs and "
        f"value added of every sector unchanged; before, {repaired.negative_cells} products of a "
        f"country had negative final demand, {repaired.negative_before:.2%} of the total",
        "distance": rounded(repaired.distance),
        "unit": "share of intermediate use",
    }


def finish(dataset: xr.Dataset) -> xr.Dataset:
    """Round to what is stored, derive value added shares, order variables and state their units."""
    stored = {name: dataset[name].astype("float32") for name in SINGLE if name in dataset}
    stored |= {name: dataset[name].round(DECIMALS) for name in ROUNDED if name in dataset}
    dataset = dataset.assign(stored)
    inputs = dataset.input_share.astype("float64").sum("input")
    dataset = dataset.assign(value_added_share=1.0 - inputs)
    rows = {name: row for name, row in of_kind("baseline").items() if name in dataset}
    for name, row in rows.items():
        dataset[name] = dataset[name].transpose(*row.dims).assign_attrs(units=row.unit)
    return dataset[list(rows)]


def describe_value_added(
    before: Float[np.ndarray, "n k s"],
    after: Float[np.ndarray, "n k s"],
    trade: Float[np.ndarray, "o d s"],
) -> dict[str, Any]:
    """What `keep_value_added` did to sectors that produce something."""
    output = trade.sum(axis=1)
    moved = (before - after).sum(axis=1)
    count = int(((moved > 0) & (output > 0)).sum())
    return {
        "step": "value added kept positive",
        "rule": f"inputs of {count} industries of a country scaled down to leave value added of "
        f"{VALUE_ADDED_FLOOR:.2%} of output; the source has none, or less than none",
        "distance": rounded((moved * output).sum() / ((before.sum(axis=1)) * output).sum()),
        "unit": "share of intermediate use",
    }


def rounded(value: float, digits: int = 4) -> float:
    """A measured number to the digits worth printing, so that a rebuild is byte-identical."""
    return float(f"{value:.{digits}g}") if abs(value) > NOISE else 0.0


def groups_of_countries(draft: Draft) -> dict[str, list[str]]:
    """Agreements, and regions of the compact world, whose members all are countries here."""
    here = set(draft.countries)
    compact = regions(draft.concordance.replace("world", "compact"))
    groups = {name: list(members) for name, members in country_groups().items()}
    for region in sorted(set(compact.values()) - here):
        groups[region] = [code for code in draft.countries if compact[code] == region]
    return {name: codes for name, codes in groups.items() if here.issuperset(codes)}


def groups_of_sectors(rows: Iterable[Industry]) -> dict[str, list[str]]:
    """Goods, services, trade margins, and the sectors of the compact worlds that are whole here."""
    rows = list(rows)
    groups = {
        kind: [row.code for row in rows if row.kind == kind] for kind in ("goods", "services")
    }
    groups["margins"] = [row.code for row in rows if row.compact == MARGINS]
    for compact in dict.fromkeys(row.compact for row in rows if row.compact):
        groups[compact] = [row.code for row in rows if row.compact == compact]
    for parent, parts in compact_parents().items():
        members = [row.code for row in rows if row.compact in parts]
        groups |= {parent: members} if members and parent not in groups else {}
    return groups


def _coords(
    countries: Sequence[str], rows: Sequence[Industry], names: Mapping[str, str]
) -> dict[str, Any]:
    codes = [row.code for row in rows]
    return {
        "origin": list(countries),
        "destination": list(countries),
        "country": list(countries),
        "sector": codes,
        "input": codes,
        "country_name": ("country", [names[code] for code in countries]),
        "sector_name": ("sector", [row.name for row in rows]),
    }
