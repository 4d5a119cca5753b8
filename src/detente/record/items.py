"""Dependence by product, where trade by HS code is in the store: shares and concentration.

Three criteria of the European Commission's method as CEPII's GeoDep states them (Lefebvre and
Wibaux 2024, Policy Brief 47): concentrated imports, concentrated world exports, and imports above
exports.
"""

from typing import TYPE_CHECKING

import pandas as pd

from .._core import DataError
from ..data.bases import HARMONISED


if TYPE_CHECKING:
    from ..data.store import Store


CONCENTRATED = 0.4
"""Sum of squared shares above which imports or world exports count as concentrated (GeoDep)."""
DIGITS = 6
_PRODUCTS = (
    f"basis = '{HARMONISED}' and frequency = 'A' and flow = 'exports' "
    f"and length(product) = {DIGITS}"
)
_QUERY = f"""
with flows as (
    select reporter, partner, product, sum(value) as value from trade
    where {_PRODUCTS} and year(period) = $1 and value > 0 group by all),
bought as (
    select product, reporter, value, value / sum(value) over (partition by product) as share
    from flows where partner = $2),
imports as (
    select product, sum(value) as imports, arg_max(reporter, value) as leader,
    max(share) as leader_share, sum(share * share) as hhi,
    coalesce(max(share) filter (where reporter = $3), 0) as share
    from bought group by product),
sellers as (select product, reporter, sum(value) as value from flows group by all),
world as (
    select product, sum(value * value) / pow(sum(value), 2) as world_hhi,
    coalesce(max(value) filter (where reporter = $2), 0) as exports
    from sellers group by product)
select product, imports, leader, leader_share, hhi, share, world_hhi,
    case when exports > 0 then imports / exports else 'inf'::double end as import_export_ratio,
    (hhi > {CONCENTRATED})::int + (world_hhi > {CONCENTRATED})::int + (imports > exports)::int
    as criteria
from imports join world using (product) order by share desc, product
"""


def item_shares(store: "Store", country: str, supplier: str) -> pd.DataFrame:
    """Every product that a country imports: who leads, how concentrated, and a supplier's share.

    product, imports (million US$), leader, leader_share, hhi (sum of squared shares), share (of the
    supplier), world_hhi, import_export_ratio, criteria (how many of the three are met). From
    harmonised flows by exporter (BACI), of the latest year stored, which `attrs` holds. Empty where
    the store holds no products; raises `DataError` for a country without imports there.
    """
    latest = store.query(f"select max(year(period)) as year from trade where {_PRODUCTS}").year[0]
    if pd.isna(latest):
        return pd.DataFrame(columns=["product", "imports", "leader", "leader_share", "share"])
    year = int(latest)
    rows = store.query(_QUERY, [year, country, supplier])
    if rows.empty:
        raise DataError(f"the products stored for {year} hold no imports of '{country}'.")
    rows.attrs = {"year": year, "basis": HARMONISED, "level": f"HS {DIGITS}-digit products"}
    return rows


def dependence_index(rows: pd.DataFrame) -> dict[str, float]:
    """Means over products of the leader's share, plain and weighted by imports, and more.

    `above_half` is the part of products whose leader has more than half, `supplier_above_half` that
    in which the supplier asked for has, `all_criteria` that which meets all three.
    """
    return {
        "products": float(len(rows)),
        "mean_leader_share": float(rows.leader_share.mean()),
        "weighted_leader_share": float(
            (rows.leader_share * rows.imports).sum() / rows.imports.sum()
        ),
        "above_half": float((rows.leader_share > 0.5).mean()),
        "supplier_above_half": float((rows.share > 0.5).mean()),
        "all_criteria": float((rows.criteria == 3).mean()),
    }
