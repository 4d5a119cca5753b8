"""Which countries, sectors and flows the names in a policy mean, and those names in words."""

import json
from collections.abc import Iterable, Mapping
from typing import Literal, TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float

from ._core import nearest, ScenarioError
from ._words import first_small, listing
from .names import EVERYONE, Names as KnownNames


if TYPE_CHECKING:
    from .world import Baseline


Names = tuple[str, ...]
Everyone = Literal["all"]


def flows(
    baseline: "Baseline", exporters: Names | Everyone, importers: Names | Everyone,
    sectors: Names | Everyone,
) -> Bool[np.ndarray, "o d s"]:  # fmt: skip
    """The cells that those names select; never sales at home.

    Raises `ScenarioError` for a list without a name: whoever leaves one empty means something else.
    """
    for names, what in ((exporters, "country"), (importers, "country"), (sectors, "sector")):
        if not names:
            raise ScenarioError(f'it names no {what}; "all" is every {what}.')
    chosen = pairs(country_mask(baseline, exporters), country_mask(baseline, importers))
    return chosen[:, :, None] & sector_mask(baseline, sectors)


def travel_share(baseline: "Baseline") -> Float[np.ndarray, "o d s"]:
    """The part of every flow that is visitors' spending, where travel is laid over the world."""
    trade = np.asarray(baseline.economy.trade)
    share = np.zeros_like(trade)
    for exporter, importer, sector, value in json.loads(
        str(baseline.about.get("travel_flows", "[]"))
    ):
        place = (
            baseline.country_index[exporter],
            baseline.country_index[importer],
            baseline.sector_index[sector],
        )
        share[place] = min(value / trade[place], 1.0) if trade[place] > 0 else 0.0
    return share


def places(baseline: "Baseline") -> KnownNames:
    """The names of the baseline's countries and groups of them."""
    return KnownNames(
        "country",
        baseline.name,
        baseline.countries,
        baseline.country_names,
        tuple(baseline.country_groups),
    )


def industries(baseline: "Baseline") -> KnownNames:
    """The names of the baseline's sectors and groups of them."""
    return KnownNames(
        "sector",
        baseline.name,
        baseline.sectors,
        baseline.sector_names,
        tuple(baseline.sector_groups),
    )


def country_mask(baseline: "Baseline", names: Names | Everyone) -> Bool[np.ndarray, " n"]:
    return _mask(names, places(baseline), baseline.country_groups)


def sector_mask(baseline: "Baseline", names: Names | Everyone) -> Bool[np.ndarray, " s"]:
    return _mask(names, industries(baseline), baseline.sector_groups)


def margins_mask(baseline: "Baseline") -> Bool[np.ndarray, " s"]:
    """Wholesale and retail trade, whose services are margins on goods; none where the baseline has
    no such group."""
    return sector_mask(baseline, ("margins",) if "margins" in baseline.sector_groups else ())


def _mask(
    names: Names | Everyone, known: KnownNames, groups: Mapping[str, Names]
) -> Bool[np.ndarray, " x"]:
    if names == EVERYONE:
        return np.ones(len(known.codes), bool)
    members: set[str] = set()
    for name in names:
        if name not in known.valid:
            raise ScenarioError(known.why_not(name))
        members.update((name,) if name in known.codes else groups[name])
    return np.array([code in members for code in known.codes])


def pairs(
    origins: Bool[np.ndarray, " o"], destinations: Bool[np.ndarray, " d"]
) -> Bool[np.ndarray, "o d"]:
    return np.outer(origins, destinations) & ~np.eye(len(origins), dtype=bool)


def positions(names: Names | Everyone, valid: Names, what: str) -> list[int]:
    wanted = valid if names == "all" else names
    for name in wanted:
        if name not in valid:
            raise ScenarioError(f"'{name}' is not a {what}; {nearest(name, valid)}")
    return [valid.index(name) for name in wanted]


def country_in_words(baseline: "Baseline", position: int) -> str:
    code = baseline.countries[position]
    return baseline.country_names.get(code, code)


def countries_in_words(names: Names | Everyone, baseline: "Baseline") -> str:
    if names == "all":
        return "all countries"
    return listed(baseline.country_names.get(name, name) for name in dict.fromkeys(names))


def sectors_in_words(names: Names | Everyone, baseline: "Baseline") -> str:
    if names == "all":
        return "all sectors"
    once = dict.fromkeys(names)
    return listed(first_small(baseline.sector_names.get(name, name)) for name in once)


def flows_in_words(
    baseline: "Baseline", exporters: Names | Everyone, importers: Names | Everyone,
    sectors: Names | Everyone,
) -> str:  # fmt: skip
    return (
        f"{sectors_in_words(sectors, baseline)} from {countries_in_words(exporters, baseline)} "
        f"to {countries_in_words(importers, baseline)}"
    )


def listed(names: Iterable[str]) -> str:
    return listing([*names]) or "none"
