"""The flip: which changes moved the goods balance of two countries, structural or cyclical."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from .. import library
from .._core import nearest, ScenarioError
from ..calibrate.baseline import load_baseline
from ..calibrate.yearly import economy_of, SERVICES, yearly_worlds
from ..data.tables import raw_directory
from ..equilibrium import solve
from ..world import Baseline, Economy
from ._episode import Episode, Prediction, Setting
from .attribution import Attribution, Place, TwoYears
from .customs import customs_parts
from .flip_findings import BILLION, Results
from .inversion import Fundamentals, shock_of
from .suppliers_abroad import pull_of_affiliates


@dataclass(frozen=True)
class YearlyWorlds:
    """The worlds of every year, and how exactly the inversion meets the last of them."""

    worlds: xr.Dataset
    baseline: Baseline
    whole: TwoYears
    years: tuple[int, ...]
    error: float
    """Largest error of any flow, over the largest flow of its sector."""

    def window(self, first: int, last: int) -> TwoYears:
        """Two of the years."""
        before, after = (economy_of(self.worlds, year) for year in (first, last))
        return TwoYears(before, after, self.whole.place)


def fit(episode: Episode, setting: Setting) -> YearlyWorlds:
    """The observed worlds, inverted; raises `ScenarioError` or `DataError` in one sentence."""
    first, last = _years(episode)
    baseline = load_baseline(setting.baseline)
    worlds = _worlds(baseline, setting, first, last)
    before, after = economy_of(worlds, first), economy_of(worlds, last)
    place = _place(worlds, baseline, episode.choices)
    _require_trade(worlds, episode.choices, (first, last))
    whole = TwoYears(before, after, place)
    error = inversion_error(before, after, whole.change())
    return YearlyWorlds(worlds, baseline, whole, tuple(range(first, last + 1)), error)


def predict(episode: Episode, setting: Setting, fitted: YearlyWorlds) -> Prediction:
    """Every block's part, its range, the years, the readings, customs and affiliates."""
    choices = episode.choices
    setting.progress("solving every combination of blocks")
    main = fitted.whole.parts()
    steps = _steps(fitted)
    setting.progress("solving other readings and elasticities")
    readings = {kind: fitted.whole.parts(kind) for kind in ("broad", "by kind", "demand")}
    ranges = _ranges(fitted.whole, choices["elasticities"])
    span = f"{fitted.years[0]} to {fitted.years[-1]}"
    pair = choices["home"], choices["partner"]
    named = fitted.baseline.country_names
    names = named.get(pair[0], pair[0]), named.get(pair[1], pair[1])
    results = Results(fitted.whole, main, readings, steps, ranges, span, names)
    measures, tables = results.measures(choices["nature"]), results.tables(fitted.worlds)
    measures["inversion_error"] = fitted.error
    ours = list(pair) == choices["published_for"]
    if not ours:
        # What was published about another pair says nothing about this one.
        measures = {name: value for name, value in measures.items() if not name.endswith("_rank")}
    customs = customs_parts(main, choices["customs"], _ends(fitted)) if ours else None
    if customs is not None:
        tables[f"Korean customs, bn US$, {span}: the same percentages, and what they leave"] = (
            customs
        )
    setting.progress("solving for affiliates")
    hosts = pull_of_affiliates(fitted.whole, fitted.worlds, choices)
    tables[f"Exports to hosts of affiliates, bn US$, {span}, harmonised, long run"] = hosts
    sentences = results.sentences(measures, fitted.error)
    return Prediction(measures, sentences, tables, results.picture())


def inversion_error(before: Economy, after: Economy, change: Fundamentals) -> float:
    """The largest miss of a flow when all changes are fed back, over its sector's largest flow."""
    equilibrium = solve(before, shock_of(before, change))
    target = np.asarray(after.trade)
    miss = np.abs(np.asarray(equilibrium.trade) * np.exp(float(change.dollars)) - target)
    return float((miss.max(axis=(0, 1)) / target.max(axis=(0, 1))).max())


def shipped_worlds() -> xr.Dataset:
    """Goods flows and tariffs of 20 regions, 2018 to 2022, as the package carries them."""
    return library.dataset("episodes/goods-2018-2022.nc")


def _worlds(baseline: Baseline, setting: Setting, first: int, last: int) -> xr.Dataset:
    shipped = shipped_worlds()
    same = shipped.attrs["technology"] == baseline.name
    if same and setting.sources is None and {first, last} <= set(shipped.year.values.tolist()):
        return shipped
    setting.progress("reading the flows of every year")
    years = range(first, last + 1)
    return yearly_worlds(baseline, raw_directory(setting.sources), years)


def _years(episode: Episode) -> tuple[int, int]:
    first, last = episode.choices["first"], episode.choices["last"]
    if not (isinstance(first, int) and isinstance(last, int) and first < last):
        raise ScenarioError(
            f"the window must go from one year to a later one, and goes from {first} to {last}."
        )
    return first, last


def _place(worlds: xr.Dataset, baseline: Baseline, choices: Mapping[str, Any]) -> Place:
    countries = [str(code) for code in worlds.country.values]
    sectors = [str(code) for code in worlds.sector.values]
    for name in ("home", "partner"):
        if choices[name] not in countries:
            valid = nearest(str(choices[name]), countries)
            raise ScenarioError(f"'{choices[name]}' is not a country of this world; {valid}")
    if choices["home"] == choices["partner"]:
        raise ScenarioError(f"'{choices['home']}' has no trade balance with itself.")
    chips = [code for name in choices["chips"] for code in baseline.sector_groups.get(name, [name])]
    unknown = [code for code in chips if code not in sectors]
    if unknown:
        raise ScenarioError(f"'{unknown[0]}' is not a sector here; {nearest(unknown[0], sectors)}")
    return Place(
        home=countries.index(choices["home"]),
        partner=countries.index(choices["partner"]),
        chips=tuple(sectors.index(code) for code in chips),
        services=sectors.index(SERVICES),
    )


def _require_trade(worlds: xr.Dataset, choices: Mapping[str, Any], years: tuple[int, int]) -> None:
    pair = (choices["home"], choices["partner"])
    for origin, destination in (pair, pair[::-1]):
        flow = worlds.trade.sel(origin=origin, destination=destination, year=list(years))
        if float(flow.drop_sel(sector=SERVICES).sum("sector").min()) <= 0:
            raise ScenarioError(f"no goods go from {origin} to {destination} in one of the years.")


def _ends(fitted: YearlyWorlds) -> tuple[int, int]:
    return fitted.years[0], fitted.years[-1]


def _steps(fitted: YearlyWorlds) -> dict[str, Attribution]:
    pairs = zip(fitted.years[:-1], fitted.years[1:], strict=True)
    return {f"{a}-{b}": fitted.window(a, b).parts() for a, b in pairs}


def _ranges(window: TwoYears, factors: Sequence[float]) -> pd.DataFrame:
    """Least and largest part of each block over elasticities and readings of openness, bn US$."""
    balances = [
        window.parts(openness=openness, elasticity=factor).balance / BILLION
        for openness in ("taste", "border")
        for factor in factors
    ]
    return pd.DataFrame({"lowest": np.min(balances, axis=0), "highest": np.max(balances, axis=0)})
