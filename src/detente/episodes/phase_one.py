"""Phase one of an agreement: what its tariff cuts predict, and what became of the trade."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np
import xarray as xr
from jaxtyping import Float

from .. import library
from .._core import DataError, nearest, ScenarioError
from ..calibrate.baseline import load_baseline
from ..calibrate.yearly import goods_trade
from ..data.tables import raw_directory
from ..equilibrium import solved, welfare_hat
from ..simulation import with_elasticities
from ..world import Baseline, Shock
from ._episode import Episode, Prediction, Setting
from .phase_one_findings import Comparison, findings, Growth


@dataclass(frozen=True)
class Aftermath:
    """The world before, the trade that followed, and the pair."""

    baseline: Baseline
    trade: xr.Dataset
    pair: tuple[int, int]
    """Home and partner among the countries."""
    chips: tuple[int, ...]
    """Among the goods sectors."""

    @property
    def goods(self) -> list[int]:
        """Positions of the goods sectors in the baseline."""
        return [self.baseline.sector_index[str(code)] for code in self.trade.sector.values]

    def flows(self, year: int) -> Float[np.ndarray, "o d s"]:
        """Observed goods flows of a year, million US$."""
        return self.trade.trade.sel(year=year).to_numpy().astype(float)


def fit(episode: Episode, setting: Setting) -> Aftermath:
    """The data of the episode; raises `ScenarioError` or `DataError` in one sentence."""
    choices = episode.choices
    first, last = choices["first"], choices["last"]
    if not (isinstance(first, int) and isinstance(last, int) and first < last):
        raise ScenarioError(
            f"the window must go from one year to a later one, and goes from {first} to {last}."
        )
    baseline = load_baseline(setting.baseline)
    for name in ("home", "partner"):
        if choices[name] not in baseline.country_index:
            valid = nearest(str(choices[name]), baseline.countries)
            raise ScenarioError(f"'{choices[name]}' is not a country of this world; {valid}")
    if [choices["home"], choices["partner"]] != choices["published_for"]:
        raise ScenarioError(
            f"the agreement, the forecast and the books of this episode are those of "
            f"{' and '.join(choices['published_for'])}."
        )
    home, partner = (baseline.country_index[choices[name]] for name in ("home", "partner"))
    trade = _trade(baseline, setting, first, last)
    sectors = [str(code) for code in trade.sector.values]
    unknown = [code for code in choices["chips"] if code not in sectors]
    if unknown:
        raise ScenarioError(f"'{unknown[0]}' is not a sector here; {nearest(unknown[0], sectors)}")
    chips = tuple(sectors.index(code) for code in choices["chips"])
    fitted = Aftermath(baseline, trade, (home, partner), chips)
    if not _traded(fitted, first):
        raise ScenarioError(
            f"{choices['home']} and {choices['partner']} trade no goods in {first}."
        )
    return fitted


def predict(episode: Episode, setting: Setting, fitted: Aftermath) -> Prediction:
    """Predicted against actual growth, by sector and direction, and the forecast's year."""
    choices = episode.choices
    setting.progress("solving for the cuts")
    agreement = cuts_alone(fitted, choices)
    readings = {
        "between the two": agreement,
        "without chips": cuts_alone(fitted, choices, chips=False),
        "all tariffs of the world": cuts_alone(fitted, choices, everyone=True),
    }
    setting.progress("solving with other elasticities")
    others = [
        cuts_alone(fitted, choices, publication=name)
        for name in fitted.baseline.published_elasticities
    ]
    first = choices["first"]
    years = [year for year in _years(fitted) if year >= choices["last"]]
    comparisons = {
        (name, year): Comparison(growth, fitted.flows(first), fitted.flows(year), fitted.pair)
        for name, growth in readings.items()
        for year in years
    }
    return findings(choices, fitted.trade, comparisons, others, fitted.pair)


def cuts_alone(
    fitted: Aftermath, choices: Mapping[str, Any], *, chips: bool = True, everyone: bool = False,
    publication: str = "baseline",
) -> Growth:  # fmt: skip
    """The world of the first year under the rates of the last on the pair's trade.

    With `everyone` all rates between countries move; without `chips` those on chips stay. Raises
    `SolveError` where there is no equilibrium.
    """
    baseline = with_elasticities(fitted.baseline, publication)
    economy = baseline.economy
    tariff = np.array(economy.tariff)
    cut = _cut(fitted, choices, chips=chips, everyone=everyone)
    rates = (1.0 + tariff[:, :, fitted.goods]) * cut - 1.0
    # The two tables weigh lines differently, and a rate that is cut is not cut below nothing.
    tariff[:, :, fitted.goods] = np.where(cut < 1.0, np.maximum(rates, 0.0), rates)
    equilibrium = solved(economy, Shock.of(jnp.asarray(tariff), jnp.ones_like(economy.trade)))
    before, after = (
        np.asarray(world.trade)[:, :, fitted.goods] for world in (economy, equilibrium)
    )
    welfare = 100 * (np.asarray(welfare_hat(economy, equilibrium)) - 1)
    return Growth(before, after, tuple(float(welfare[place]) for place in fitted.pair))


def shipped_trade() -> xr.Dataset:
    """Goods flows of 17 regions, 2014 to 2022, and tariffs of 2014 and 2021, as shipped."""
    return library.dataset("episodes/goods-2014-2022.nc")


def _trade(baseline: Baseline, setting: Setting, first: int, last: int) -> xr.Dataset:
    shipped = shipped_trade()
    here = {first, last} <= set(shipped.tariff_year.values.tolist())
    same = shipped.origin.values.tolist() == list(baseline.countries)
    if here and same and setting.sources is None:
        return shipped
    missing = [c for c in shipped.sector.values if str(c) not in baseline.sector_index]
    if missing:
        raise DataError(
            f"tariffs and flows go by the goods sectors of the compact worlds, and "
            f"'{baseline.name}' does not have {missing[0]}."
        )
    setting.progress("reading flows and tariffs")
    years = range(first, max(last, 2022) + 1)
    return goods_trade(baseline, raw_directory(setting.sources), years, [first, last])


def _years(fitted: Aftermath) -> list[int]:
    return [int(year) for year in fitted.trade.year.values]


def _traded(fitted: Aftermath, year: int) -> bool:
    home, partner = fitted.pair
    flows = fitted.flows(year)
    return bool(flows[home, partner].sum() > 0 and flows[partner, home].sum() > 0)


def _cut(
    fitted: Aftermath, choices: Mapping[str, Any], *, chips: bool, everyone: bool
) -> Float[np.ndarray, "o d s"]:
    """Change of one plus the rate; one where it stays."""
    rate = lambda year: fitted.trade.tariff.sel(tariff_year=year).to_numpy().astype(float)
    cut = (1.0 + rate(choices["last"])) / (1.0 + rate(choices["first"]))
    moved = np.zeros(cut.shape, bool)
    home, partner = fitted.pair
    moved[[home, partner], [partner, home]] = True
    if everyone:
        moved[:] = True
    if not chips:
        moved[:, :, list(fitted.chips)] = False
    return np.where(moved, cut, 1.0)
