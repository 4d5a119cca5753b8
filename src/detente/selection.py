"""Which countries, sectors and flows the names in a policy mean, and those names in words."""

import json
from collections.abc import Iterable, Mapping
from typing import Literal, TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float

from ._core import nearest, ScenarioError
from ._words import called, first_small, in_sentence, is_plural, series
from .names import EVERYONE, Names as KnownNames


if TYPE_CHECKING:
    from .world import Baseline


Names = tuple[str, ...]
Everyone = Literal["all"]
# The groups of sectors that are words; others are codes of tables, or names of a user's own.
_SPOKEN = ("goods", "services")


def flows(
    baseline: "Baseline", exporters: Names | Everyone, importers: Names | Everyone,
    sectors: Names | Everyone,
) -> Bool[np.ndarray, "o d s"]:  # fmt: skip
    """The cells that those names select; never sales at home.

    Raises `ScenarioError` for a list without a name: whoever leaves one empty means something else;
    and for one country alone on both sides.
    """
    for names, what in ((exporters, "country"), (importers, "country"), (sectors, "sector")):
        if not names:
            raise ScenarioError(f'it names no {what}; "all" is every {what}.')
    sides = country_mask(baseline, exporters), country_mask(baseline, importers)
    refuse_oneself(baseline, *sides)
    chosen = pairs(*sides)
    return chosen[:, :, None] & sector_mask(baseline, sectors)


def refuse_oneself(
    baseline: "Baseline", one: Bool[np.ndarray, " n"], other: Bool[np.ndarray, " n"]
) -> None:
    """Raise `ScenarioError` where one country alone is on both sides of what acts between two."""
    if one.sum() == other.sum() == (one & other).sum() == 1:
        country = country_in_words(baseline, int(one.argmax()))
        raise ScenarioError(
            f"{country} is alone on both sides, and a policy acts on trade between countries; "
            "name a partner."
        )


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
    return called(baseline.countries[position], baseline.country_names)


def countries_in_words(names: Names | Everyone, baseline: "Baseline") -> str:
    """Names with their articles; a group by its own name, or by its members where it has none."""
    if names == "all":
        return "all countries"
    return listed(in_sentence(one) for one in _country_names(names, baseline))


def partners_in_words(
    names: Names | Everyone,
    others: Names | Everyone,
    baseline: "Baseline",
    each: str = "each other",
) -> str:
    """Countries as partners of others: `each` where they are the same."""
    if names == "all" and others != "all" and country_mask(baseline, others).sum() == 1:
        return "all other countries"
    return each if is_mutual(names, others, baseline) else countries_in_words(names, baseline)


def is_mutual(names: Names | Everyone, others: Names | Everyone, baseline: "Baseline") -> bool:
    """Whether countries deal with each other: both lists mean the same ones."""
    return bool((country_mask(baseline, names) == country_mask(baseline, others)).all())


def are_many(names: Names | Everyone, baseline: "Baseline") -> bool:
    """Whether they "stop" rather than "stops"."""
    if names == "all":
        return True
    called = _country_names(names, baseline)
    return len(called) > 1 or is_plural(called[0])


def acting(names: Names | Everyone, baseline: "Baseline", one: str, several: str) -> str:
    """Countries as a subject with the verb that agrees: "China stops", "China and Japan stop"."""
    verb = several if are_many(names, baseline) else one
    return f"{countries_in_words(names, baseline)} {verb}"


def _country_names(names: Names, baseline: "Baseline") -> list[str]:
    """Names that `_words` knows how to say, each once."""
    said: dict[str, None] = {}
    for name in names:
        members = baseline.country_groups.get(name, ())
        spoken = name in baseline.country_index or not members or in_sentence(name) != name
        for code in (name,) if spoken else members:
            said[baseline.country_names.get(code, code)] = None
    return [*said]


def sectors_in_words(names: Names | Everyone, baseline: "Baseline") -> str:
    """Names inside a sentence; a group by its name where that is a word, else by its members."""
    if names == "all":
        return "all goods and services"
    said: dict[str, None] = {}
    for name in names:
        members = baseline.sector_groups.get(name, ())
        spoken = name in baseline.sector_index or not members or name in _SPOKEN
        for code in (name,) if spoken else members:
            said[first_small(baseline.sector_names.get(code, code))] = None
    return series([*said]) or "none"


def flows_in_words(
    baseline: "Baseline", exporters: Names | Everyone, importers: Names | Everyone,
    sectors: Names | Everyone,
) -> str:  # fmt: skip
    what = sectors_in_words(sectors, baseline)
    if is_mutual(exporters, importers, baseline):
        members = country_mask(baseline, exporters).sum()
        between = "between" if members == 2 or exporters == "all" else "among"
        return f"{what} {between} {countries_in_words(exporters, baseline)}"
    return (
        f"{what} from {partners_in_words(exporters, importers, baseline)} "
        f"to {partners_in_words(importers, exporters, baseline)}"
    )


def listed(names: Iterable[str]) -> str:
    return series([*names]) or "none"
