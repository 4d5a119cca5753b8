"""A world of any year that is in the store: `icio-YEAR`, `wiod-YEAR`, `adb-mrio-YEAR`.

The tables of the OECD have `icio-YEAR-compact` besides, in the regions of the compact world.
Flows, technology and value added are those of one table. Tariffs are those stored for the
year or the last one before it, else zero; services restrictiveness likewise, else left out.
Elasticities are those of the shipped world of 2022, by its sectors.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from jaxtyping import Float

from .._core import DataError, nearest
from ..data import elasticities, stri
from ..data.bases import HARMONISED
from ..data.concordance import (
    compact_order,
    compact_sectors,
    country_groups,
    country_names,
    industries,
    Industry,
    region_order,
    regions,
)
from ..data.sources import adb_mrio, icio as icio_tables, tariffs as tariff_files, wiod
from ..data.sources.source import Source
from ..data.store import Store
from ..data.tables import Frame, lay_out
from ..gazetteer import available
from .aggregate import aggregate
from .assemble import describe_final_demand, describe_value_added, finish, groups_of_sectors
from .balance import corners, keep_final_demand, keep_value_added
from .baseline import read_dataset
from .levied import as_levied, describe_levied
from .line_rates import line_weighted_rates
from .wedges import (
    membership,
    restrictiveness_of,
    SERVICES_ELASTICITY,
    TariffRates,
    weighted_mean,
    without_home,
)


REGIONS = "compact_2022"
ELASTICITIES_OF = "compact-2022"
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Tables:
    """Input-output tables that can be stored, and the industries of each of their editions."""

    source: Source
    whose: str
    industries: Callable[[str], str]
    """The classification of an edition."""
    licence: str


TABLES: Mapping[str, Tables] = {
    "icio": Tables(
        icio_tables.SOURCE, "the OECD", icio_tables.EDITIONS.__getitem__,
        "CC BY 4.0 for what derives from OECD tables",
    ),
    "wiod": Tables(
        wiod.SOURCE, "WIOD", lambda edition: "wiod35" if edition == "2013" else "wiod",
        "CC BY 4.0 for what derives from WIOD",
    ),
    "adb-mrio": Tables(
        adb_mrio.SOURCE, "the Asian Development Bank", lambda edition: "wiod35",
        f"{adb_mrio.SOURCE.licence} for what derives from tables of the Asian Development Bank",
    ),
}  # fmt: skip
"""Sources of whose tables a world can be built, by their names in the store."""
NAME = re.compile(rf"({'|'.join(TABLES)})-(\d{{4}})(-compact)?")


def is_of_the_store(name: str) -> bool:
    """Whether a name is one of a world that is built from stored tables, there or not."""
    return any(name.startswith(f"{source}-") for source in TABLES)


def recipes(store: Store) -> dict[str, str]:
    """Names and titles of the worlds that the stored tables make."""
    tables = {
        (entry.source, int(entry.part)) for entry in store.contents()
        if entry.source in TABLES and {"io", "io_account"} <= set(entry.tables)
    }  # fmt: skip
    return {
        f"{source}-{year}{suffix}": f"World economy of {year}, tables of {TABLES[source].whose} as "
        f"stored{what}"
        for source, year in sorted(tables, key=lambda one: (list(TABLES).index(one[0]), one[1]))
        for suffix, what in (("", ""), ("-compact", ", 20 regions"))
        if source == "icio" or not suffix
    }


def build_from_store(name: str, store: Store, progress: Progress) -> xr.Dataset:
    """The baseline `SOURCE-YEAR`, or `icio-YEAR-compact`."""
    known = recipes(store)
    if name not in known:
        source = next((one for one in TABLES if name.startswith(f"{one}-")), "icio")
        stored = f"no table of {TABLES[source].whose} is stored;"
        if any(one.startswith(source) for one in known):
            stored = nearest(name, known)
        raise DataError(
            f"the world '{name}' cannot be built: {stored} {'A' if stored[-1] in '?.' else 'a'}dd "
            f"tables with 'detente data add {source} FILE'."
        )
    matched = NAME.fullmatch(name)
    assert matched is not None
    source, year, compacted = matched.groups()
    world = _full(source, int(year), store, progress)
    if compacted is None:
        return world
    progress("aggregating")
    return _compact(world, name)


def _full(source: str, year: int, store: Store, progress: Progress) -> xr.Dataset:
    progress(f"summing the table of {year}")
    edition = _edition(store, source, year)
    rows = industries(TABLES[source].industries(edition))
    flows, use, added = _table(store, (source, edition, year), [row.code for row in rows])
    countries = [str(code) for code in flows.origin.values]
    trade = np.maximum(flows.to_numpy(), 0.0)
    published = _input_share(use.to_numpy(), added.to_numpy())
    share = keep_value_added(published)
    progress("reading tariffs and restrictiveness")
    tariff = _tariffs(store, year, countries, rows)
    tariff = _by_line(store, year, countries, rows, tariff)
    progress("keeping final demand positive")
    others = corners(trade, tariff.levied, None, tariff.line_average)
    repaired = keep_final_demand(trade, tariff.levied, share, others=others)
    flow = ("origin", "destination", "sector")
    data: dict[str, Any] = {
        "trade": (flow, trade),
        "tariff": (flow, tariff.levied),
        "tariff_line_average": (flow, tariff.line_average),
        "input_share": (("country", "input", "sector"), repaired.input_share),
    }
    data |= _elasticities(rows) | _restrictiveness(store, year, countries, rows)
    steps = [
        _describe_negative(flows.to_numpy()),
        describe_value_added(published, share, trade),
        *tariff.steps,
        describe_final_demand(repaired),
    ]
    dataset = xr.Dataset(data, coords=_coords(countries, rows))
    about = _attributes(source, year, edition, countries, rows)
    return finish(dataset.assign_attrs(about, adjustments=json.dumps(steps)))


def _edition(store: Store, source: str, year: int) -> str:
    """The newest edition that has the year with its value added."""
    editions = store.query(
        "select distinct edition from io_account where source = ? and year = ? "
        "order by edition desc", [source, year],
    ).edition  # fmt: skip
    return str(editions.iloc[0])


def _table(
    store: Store, which: tuple[str, str, int], sectors: Sequence[str]
) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray]:
    """Flows (o, d, s), use of inputs (n, k, s) and value added (n, s), million US$."""
    where = "source = ? and edition = ? and year = ?"
    flows = store.query(
        "select origin, destination, origin_sector as sector, sum(value) as value from io "
        f"where {where} group by all", list(which),
    )  # fmt: skip
    use = store.query(
        "select destination as country, origin_sector as input, use as sector, sum(value) as value "
        f"from io where {where} and list_contains(?, use) group by all", [*which, list(sectors)],
    )  # fmt: skip
    added = store.query(
        f"select country, sector, value from io_account where {where} and item = 'VA' "
        "and list_contains(?, sector)", [*which, list(sectors)],
    )  # fmt: skip
    _refuse_other_industries(which, set(flows.sector), set(sectors))
    countries = sorted(set(flows.origin) | set(flows.destination))
    ends = {"origin": countries, "destination": countries, "sector": sectors}
    inputs = {"country": countries, "input": sectors, "sector": sectors}
    return (
        lay_out(flows, "value", ends),
        lay_out(use, "value", inputs),
        lay_out(added, "value", {"country": countries, "sector": sectors}),
    )


def _refuse_other_industries(
    which: tuple[str, str, int], stored: set[str], known: set[str]
) -> None:
    if others := sorted(stored ^ known):
        source, edition, year = which
        lacks = "has" if others[0] in stored else "lacks"
        raise DataError(
            f"the world '{source}-{year}' cannot be built: the stored table ({edition}) {lacks} "
            f"the industry '{others[0]}', and should have the {len(known)} of its release."
        )


def _input_share(
    use: Float[np.ndarray, "n k s"], added: Float[np.ndarray, "n s"]
) -> Float[np.ndarray, "n k s"]:
    """Inputs over inputs plus value added: taxes on products are left out."""
    positive = np.maximum(use, 0.0)
    cost = (positive.sum(axis=1) + np.maximum(added, 0.0))[:, None, :]
    return np.where(cost > 0, positive / np.where(cost > 0, cost, 1.0), 0.0)


def _tariffs(
    store: Store, year: int, countries: Sequence[str], rows: Sequence[Industry]
) -> TariffRates:
    """Rates by pair and industry, simple means over sectors; zero where none are stored."""
    latest = store.query(
        "select max(year) as year from tariffs where source = 'teti' and year <= ?", [year]
    ).year.iloc[0]
    nothing = np.zeros((len(countries), len(countries), len(rows)))
    if pd.isna(latest):
        rule = (
            "no tariffs are stored for this year or before: every rate is zero, so that a cut of "
            "tariffs has nothing to cut; add them with 'detente data add teti FILE'"
        )
        return TariffRates(nothing, nothing, [_step("tariffs", rule, 0.0)])
    every = store.query(
        "select origin, destination, sector, rate from tariffs where source = 'teti' and year = ? "
        "and list_contains(?, origin) and list_contains(?, destination)",
        [int(latest), list(countries), list(countries)],
    )
    sectors = sorted({code for row in rows for code in row.flow_sectors})
    frame: Frame = every[every.sector.isin(sectors)]
    coords = {"origin": list(countries), "destination": list(countries), "sector": sectors}
    duties = as_levied(lay_out(frame, "rate", coords), year)
    group = membership([row.flow_sectors for row in rows], sectors)
    equal = np.ones(duties.basis.shape)
    levied, line_average = (
        without_home(weighted_mean(rates.to_numpy(), equal, (None, None, group)))
        for rates in (duties.rates, duties.line_average)
    )
    rule = f"applied rates of {int(latest)}, simple means over sectors; rates not stored are zero"
    steps = [_step("tariffs", rule, 0.0), *describe_levied(duties, equal)]
    return TariffRates(levied, line_average, steps)


def _by_line(
    store: Store, year: int, countries: Sequence[str], rows: Sequence[Industry], tariff: TariffRates
) -> TariffRates:
    """Rates of importers whose schedules by line are stored, in place of those without."""
    lines = line_weighted_rates(store, year, countries, rows)
    if lines is None:
        return tariff
    schedules = ", ".join(f"{code} {of}" for code, of in sorted(lines.importers.items()))
    weights = (
        f"weighted by flows by product ({lines.flows}), of whose value {100 * lines.covered:.1f} % "
        "has a line" if lines.flows else "means over lines, since no flows by product are stored"
    )  # fmt: skip
    whose = " ".join(lines.sources)
    rule = f"tariffs of these importers from schedules by line ({schedules}), {weights}. {whose}"
    return TariffRates(
        np.where(np.isnan(lines.levied), tariff.levied, lines.levied),
        np.where(np.isnan(lines.line_average), tariff.line_average, lines.line_average),
        [*tariff.steps, _step("tariffs by line", rule, 0.0)],
    )


def _elasticities(rows: Sequence[Industry]) -> dict[str, Any]:
    """Those of the shipped compact world, by compact sector."""
    shipped = read_dataset(available()[ELASTICITIES_OF])
    groups = json.loads(shipped.attrs["sector_groups"])
    known = shipped.trade_elasticity_published
    compact = {row.code: row.compact for row in industries("icio")}
    reached = [[row.compact] if row.compact else [compact[one] for one in row.icio] for row in rows]
    values = [
        known.sel(sector=[part for one in codes for part in groups.get(one, [one])]).mean("sector")
        for codes in reached
    ]
    published = xr.concat(values, xr.DataArray([row.code for row in rows], dims="sector"))
    published = published.assign_coords(sector=[row.code for row in rows]).transpose()
    median = published.sel(publication=list(elasticities.ESTIMATED)).median("publication")
    goods = xr.DataArray([row.kind == "goods" for row in rows], {"sector": median.sector})
    return {
        "trade_elasticity": median.where(goods, SERVICES_ELASTICITY),
        "trade_elasticity_published": published.drop_vars("sector_name", errors="ignore"),
    }


def _restrictiveness(
    store: Store, year: int, countries: Sequence[str], rows: Sequence[Industry]
) -> dict[str, Any]:
    """Scores of the year or the last before it, and of the least restrictive country."""
    frame = store.query(
        "select country, sector, policy_area, score from restrictions where year = "
        "(select max(year) from restrictions where year <= ?) and policy_area <> ? "
        "and sector <> ?", [year, stri.TOTAL, stri.ALL_SECTORS],
    )  # fmt: skip
    if frame.empty:
        return {}
    coords = {name: sorted(set(frame[name])) for name in ("policy_area", "country", "sector")}
    scores = lay_out(frame, "score", coords, fill=np.nan)
    names = ("services_restrictiveness", "services_restrictiveness_benchmark")
    return dict(zip(names, restrictiveness_of(scores, countries, rows), strict=True))


def _coords(countries: Sequence[str], rows: Sequence[Industry]) -> dict[str, Any]:
    codes, names = [row.code for row in rows], country_names()
    return {
        "origin": list(countries),
        "destination": list(countries),
        "country": list(countries),
        "sector": codes,
        "input": codes,
        "country_name": ("country", [names.get(code, code) for code in countries]),
        "sector_name": ("sector", [row.name for row in rows]),
    }


def _attributes(
    source: str, year: int, edition: str, countries: Sequence[str], rows: Sequence[Industry]
) -> dict[str, Any]:
    here = set(countries)
    groups = {g: list(m) for g, m in country_groups().items() if here.issuperset(m)}
    sources = [
        f"Flows and technology ({year}, edition of {edition}): {TABLES[source].source.attribution}",
        tariff_files.TETI.attribution,
        elasticities.ATTRIBUTION,
        stri.ATTRIBUTION,
    ]
    return {
        "title": f"World economy of {year}, {len(countries)} economies, {len(rows)} industries",
        "name": f"{source}-{year}",
        "year": year,
        "basis": HARMONISED,
        "source": "\n".join(sources),
        "licence": f"{TABLES[source].licence}; tariffs: free with citation.",
        "elasticities": f"those of {ELASTICITIES_OF}, by its sectors; services: 4, an assumption",
        "country_groups": json.dumps(groups),
        "sector_groups": json.dumps(groups_of_sectors(rows)),
        "imputation": json.dumps([]),
    }


def _describe_negative(flows: Float[np.ndarray, "o d s"]) -> dict[str, Any]:
    negative = np.minimum(flows, 0.0)
    count = int((negative < 0).sum())
    rule = f"{count} flows that reductions of inventories make negative set to zero"
    return _step("negative flows", rule, float(f"{-negative.sum() / flows.sum():.4g}"))


def _step(step: str, rule: str, distance: float) -> dict[str, Any]:
    return {"step": step, "rule": rule, "distance": distance, "unit": "share of all flows"}


def _compact(world: xr.Dataset, name: str) -> xr.Dataset:
    """In the regions and sectors of the shipped compact world of 2022."""
    here = [str(code) for code in world.country.values]
    home = regions(REGIONS)
    unknown = [code for code in here if code not in home]
    if unknown:
        raise DataError(f"the economy {unknown[0]} has no place in the compact world.")
    edition = "icio" if world.sizes["sector"] == len(industries("icio")) else "icio_2025"
    used = {home[code] for code in here}
    coarse = aggregate(
        world,
        {code: home[code] for code in here},
        {row.code: row.compact for row in industries(edition)},
        country_order=[code for code in region_order(REGIONS) if code in used],
        sector_order=compact_order({row.compact for row in industries(edition)}),
    )
    names, sectors = country_names(), compact_sectors()
    named = coarse.assign_coords(
        country_name=("country", [names[str(code)] for code in coarse.country.values]),
        sector_name=("sector", [sectors[str(code)][0] for code in coarse.sector.values]),
    )
    title = f"World economy of {world.attrs['year']}, {coarse.sizes['country']} regions"
    return named.assign_attrs(name=name, title=title)
