"""Produced capital on a baseline: what it costs and is made of, from the tables that ship."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from . import library
from ._core import ScenarioError
from ._words import in_sentence, listing
from .adjustment import Adjustment, DISCOUNT_RATE, Horizon
from .data.concordance import compact_parents, industries, regions


if TYPE_CHECKING:
    from .closure import ProducedCapital
    from .world import Baseline


ATTRIBUTION = (
    "Investment in final use: World Input-Output Database, release of 2016, Timmer and others "
    "(2015), CC BY 4.0, and OECD (2023), OECD Inter-Country Input-Output Tables, "
    "http://oe.cd/icio, CC BY 4.0; labour shares and depreciation: Penn World Table 10.0, "
    "Feenstra, Inklaar and Timmer (2015), American Economic Review 105(10), CC BY 4.0; aggregated."
)
_WORLDS = ("compact_2022", "compact_2014", "world_2019", "world_2014", "world_2022")
_SECTIONS_OF, _INDUSTRIES_OF = 2019, 2014
"""The table whose products are sections, and the one whose products are industries."""
REST = "ROW"


def produced_capital(
    adjustment: Adjustment, horizon: Horizon, baseline: "Baseline"
) -> "ProducedCapital | None":
    """What capital costs and is made of where it is produced; None where it is fixed.

    Raises `ScenarioError` where that does not go with the other settings, and where the baseline
    has countries or sectors that the tables do not have.
    """
    _refuse(adjustment, horizon)
    if adjustment.capital == "fixed":
        return None
    import jax.numpy as jnp

    from .closure import ProducedCapital

    members = _members(baseline)
    costs = [_costs(codes, _year(baseline)) for codes in members.values()]
    share, depreciation = np.array(costs).T
    if adjustment.capital_share is not None:
        share = np.full_like(share, adjustment.capital_share)
    return ProducedCapital(
        share=jnp.asarray(share),
        depreciation=jnp.asarray(depreciation),
        discount_rate=jnp.array(adjustment.discount_rate or DISCOUNT_RATE),
        investment=jnp.asarray(_investment(members, baseline)),
    )


def _refuse(adjustment: Adjustment, horizon: Horizon) -> None:
    if adjustment.capital == "fixed":
        for name in ("discount_rate", "capital_share"):
            if getattr(adjustment, name) is not None:
                raise ScenarioError(
                    f"'adjustment.{name}' is of capital that is produced, and capital is fixed: "
                    "set 'adjustment.capital' to produced, or leave it out."
                )
        return
    if horizon != "long":
        raise ScenarioError(
            "'adjustment.capital' is produced, which is the steady state of a long run; "
            f"'horizon' is {horizon}: set it to long, or capital to fixed."
        )
    if adjustment.sourcing != "alike":
        raise ScenarioError(
            "'adjustment.capital' is produced and 'adjustment.sourcing' tells uses apart: the data "
            "do not say where investment is bought; leave one of them out."
        )
    if adjustment.entry == "fixed":
        raise ScenarioError(
            "'adjustment.capital' is produced and 'adjustment.entry' is fixed: the data do not "
            "tell the return to capital from profits; leave one of them out."
        )


def in_words(adjustment: Adjustment, horizon: Horizon, baseline: "Baseline") -> list[str]:
    """Sentences on capital that is produced; none where it is fixed."""
    produced = produced_capital(adjustment, horizon, baseline)
    if produced is None:
        return []
    from .equilibrium import in_steady_state

    held = in_steady_state(baseline.economy, produced).capital
    assert held is not None
    share = "one less labour's share, observed"
    rate = f"{100 * (adjustment.discount_rate or DISCOUNT_RATE):.3g} % a year"
    if adjustment.discount_rate is None:
        rate += ", an assumption"
    if adjustment.capital_share is not None:
        share = f"{adjustment.capital_share:g}, which is given"
    said = [
        "Capital is produced: its stock in the steady state is the one whose return, net of what "
        f"wears out, is {rate}.",
        f"Capital's share of value added is {share}; depreciation is observed by country (Penn "
        "World Table 10.0), and so is what investment is made of "
        f"({'OECD, 2019' if _has_sections(baseline) else 'WIOD, 2014'}).",
        "Real income is here what is consumed, after what replaces capital.",
    ]
    lower = np.asarray(held.share) < np.asarray(produced.share) * (1 - 1e-9)
    if lower.any():
        names = [
            in_sentence(baseline.country_names.get(code, code))
            for code, is_lower in zip(baseline.countries, lower, strict=True)
            if is_lower
        ]
        said.append(
            f"In {listing(names)} capital's share is lowered to what the investment of the base "
            "year can replace."
        )
    return said


@dataclass(frozen=True, slots=True)
class _Costs:
    labour_share: float | None
    depreciation: float
    gdp: float


def _year(baseline: "Baseline") -> int:
    """The nearer of the two years of which there are labour shares."""
    year = int(baseline.about.get("year", 0)) or _SECTIONS_OF
    return min((_INDUSTRIES_OF, _SECTIONS_OF), key=lambda known: abs(known - year))


def _has_sections(baseline: "Baseline") -> bool:
    return set(baseline.sectors) <= {row.code for row in industries("sections")}


@cache
def _penn() -> dict[tuple[int, str], _Costs]:
    return {
        (int(row["year"]), row["country"]): _Costs(
            float(row["labour_share"]) if row["labour_share"] else None,
            float(row["depreciation"]),
            float(row["gdp"]),
        )
        for row in library.table("capital/costs.csv")
    }


def _costs(codes: tuple[str, ...], year: int) -> tuple[float, float]:
    """Capital's share and depreciation, means weighted by GDP; of all economies where unknown."""
    rows = _penn()
    known = [rows[year, code] for code in codes if (year, code) in rows]
    every = [row for (when, _), row in rows.items() if when == year]
    with_labour = [row for row in known if row.labour_share is not None]
    with_labour = with_labour or [row for row in every if row.labour_share is not None]
    labour = np.average(
        [row.labour_share for row in with_labour],  # pyright: ignore
        weights=[row.gdp for row in with_labour],
    )
    of = known or every
    worn = np.average([row.depreciation for row in of], weights=[row.gdp for row in of])
    return 1.0 - float(labour), float(worn)


def _members(baseline: "Baseline") -> dict[str, tuple[str, ...]]:
    """The economies of each country of the baseline, by the regions of the worlds that ship."""
    for world in _WORLDS:
        home = regions(world)
        if set(baseline.countries) <= set(home.values()):
            return {
                code: tuple(one for one, region in home.items() if region == code)
                for code in baseline.countries
            }
    raise ScenarioError(
        "'adjustment.capital' is produced, and what capital is made of is known for the countries "
        f"of the worlds that ship; {baseline.name} has others: leave capital fixed."
    )


@cache
def _uses() -> dict[int, dict[str, dict[str, tuple[float, float]]]]:
    """Investment and all final use by table, country and sector, million US$."""
    uses: dict[int, dict[str, dict[str, tuple[float, float]]]] = {}
    for row in library.table("capital/investment.csv"):
        of = uses.setdefault(int(row["year"]), {}).setdefault(row["country"], {})
        of[row["sector"]] = float(row["investment"]), float(row["final_use"])
    return uses


def _investment(
    members: Mapping[str, tuple[str, ...]], baseline: "Baseline"
) -> Float[np.ndarray, "n k"]:
    """The part of final demand that is investment, by country and product."""
    sections = _has_sections(baseline)
    world, year = ("world_2019", _SECTIONS_OF) if sections else ("world_2014", _INDUSTRIES_OF)
    home, uses = regions(world), _uses()[year]
    products = [_product(code, baseline, sections) for code in baseline.sectors]
    part = np.zeros((len(members), len(products)))
    for place, (region, codes) in enumerate(members.items()):
        names = {home[code] for code in codes}
        # The rest of the world stands for an economy only where it has no row of its own.
        names = names if region == REST or names == {REST} else names - {REST}
        for at, product in enumerate(products):
            cells = [uses[name][product] for name in names if product in uses.get(name, {})]
            used = sum(use for _, use in cells)
            part[place, at] = min(sum(made for made, _ in cells) / used, 1.0) if used > 0 else 0.0
    return part


def _product(code: str, baseline: "Baseline", sections: bool) -> str:
    """The product of the table that a sector of the baseline is part of."""
    if sections:
        return code
    compact = {row.compact for row in industries("wiod")}
    parents = {part: whole for whole, parts in compact_parents().items() for part in parts}
    for name in (code, parents.get(code, "")):
        if name in compact:
            return name
    for classification in ("icio_2025", "wiod", "icio"):
        for row in industries(classification):
            if row.code == code:
                return row.compact if row.compact in compact else parents[row.compact]
    raise ScenarioError(
        "'adjustment.capital' is produced, and what capital is made of is known for the sectors of "
        f"the worlds that ship; '{code}' of {baseline.name} is none of them: leave capital fixed."
    )
