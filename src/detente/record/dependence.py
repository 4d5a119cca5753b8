"""How far an economy depends on another, by concept: each answers another question.

Face value is who sells and who buys; look-through is who stands behind; concentration is how few
others there are; rank is who comes first, in which year or month and on which side of the trade.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .._core import DataError
from ..about import About
from .look_through import Chain, Reliance
from .raw_materials import raw_materials, RawMaterials
from .series import nearest_code


if TYPE_CHECKING:
    from ..world import Baseline


FACE, LOOK = "face value", "look-through"
OF_THE_CHAIN = {
    "inputs": "inputs of all its sectors",
    "spending": "final spending",
    "sales": "output sold",
}
REST = "ROW"
"""The rest of the world is many partners, so it has no rank."""


@dataclass(frozen=True)
class DependenceTables:
    """What one economy depends on, as tables, and where the concepts disagree, as sentences."""

    country: str
    partner: str | None
    about: About
    """World, its year and accounting basis."""
    shares: pd.DataFrame
    """concept, measure, partner, share (of one), rank among foreign partners."""
    concentration: pd.DataFrame
    """sector, name, hhi (the Herfindahl index) over foreign origins of its imports, leader,
    leader_share, weight."""
    ranks: pd.DataFrame
    """when, flow, partner, share, rank, basis: by year and by month, from stored series."""
    disagreements: list[str]
    untestable: list[str]
    raw: RawMaterials | None
    """By raw material and year; None for a country whose imports of them do not ship."""


def position_of(code: str, baseline: "Baseline") -> int:
    """Where a country stands in a world, or `DataError` with the nearest code."""
    if code not in baseline.country_index:
        raise DataError(
            f"the world '{baseline.name}' has no country '{code}'; "
            f"{nearest_code(code, baseline.countries)}"
        )
    return baseline.country_index[code]


def shares_of(baseline: "Baseline", country: str) -> pd.DataFrame:
    """Every partner's share in a country's trade, and in its chain of suppliers and buyers.

    Trade shares are of foreign trade, goods and services; those of the chain include home, so that
    each adds to one over all countries.
    """
    place = position_of(country, baseline)
    chain = Chain(baseline.economy)
    exports, imports = chain.trade[place].sum(axis=1), chain.trade[:, place].sum(axis=1)
    exports[place] = imports[place] = 0.0
    totals = {"exports": exports, "imports": imports, "total": exports + imports}
    rows = [
        _ranked(baseline, place, FACE, name, all_ / all_.sum()) for name, all_ in totals.items()
    ]
    for name in OF_THE_CHAIN:
        reliance: Reliance = getattr(chain, name)(place)
        rows.append(_ranked(baseline, place, FACE, name, reliance.face))
        rows.append(_ranked(baseline, place, LOOK, name, reliance.look_through))
    return pd.concat(rows, ignore_index=True)


def _ranked(
    baseline: "Baseline", place: int, concept: str, measure: str, share: np.ndarray
) -> pd.DataFrame:
    frame = pd.DataFrame(
        {"concept": concept, "measure": measure, "partner": baseline.countries, "share": share}
    )
    foreign = (frame.index != place) & (frame.partner != REST)
    frame["rank"] = frame.share.where(foreign).rank(ascending=False, method="min")
    return frame


def concentration_of(baseline: "Baseline", country: str) -> pd.DataFrame:
    """How concentrated the imports of each product are over origins: sum of squared shares.

    One is a single supplier, one over n is n equal ones. Sorted from the most concentrated;
    `weight` is the product's share in all imports. The rest of the world counts as one origin,
    which overstates concentration where it is large.
    """
    place = position_of(country, baseline)
    imports = np.asarray(baseline.economy.trade)[:, place].copy()
    imports[place] = 0.0
    total = imports.sum(axis=0)
    traded = total > 0
    share = imports[:, traded] / total[traded]
    leaders = share.argmax(axis=0)
    codes = np.array(baseline.sectors)[traded]
    rows = pd.DataFrame(
        {
            "sector": codes,
            "name": [baseline.sector_names.get(code, code) for code in codes],
            "hhi": (share**2).sum(axis=0),
            "leader": np.array(baseline.countries)[leaders],
            "leader_share": share.max(axis=0),
            "weight": total[traded] / total.sum(),
        }
    )
    return rows.sort_values("hhi", ascending=False, ignore_index=True)


def dependence(
    baseline: "Baseline",
    country: str,
    partner: str | None = None,
    *,
    flows: pd.DataFrame,
    months: pd.DataFrame,
) -> DependenceTables:
    """All concepts for one economy, with one sentence for every disagreement between them.

    `flows` are its stored yearly flows (year, partner, flow, value) and `months` its monthly rows
    of `trade`; either may be empty, and what cannot be said then is listed under `untestable`.
    """
    from .ranks import by_month, by_year, untestable_ranks
    from .sentences import disagreements

    told = {**baseline.identity, **baseline.provenance}
    about = About.of({**told, "country": country, "partner": partner})
    shares = shares_of(baseline, country)
    shares = shares.assign(year=about.baseline_year, basis=about.basis)
    if partner is not None:
        position_of(partner, baseline)
        if partner == country:
            raise DataError(f"'{country}' cannot depend on itself; name another economy.")
    ranks = pd.concat([by_year(flows), by_month(months)], ignore_index=True)
    return DependenceTables(
        country,
        partner,
        about,
        shares,
        concentration_of(baseline, country),
        ranks,
        disagreements(country, partner, shares, ranks),
        untestable_ranks(country, ranks),
        raw_materials(country, partner),
    )
