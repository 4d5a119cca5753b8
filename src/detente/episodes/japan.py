"""Out of sample: the wedge of 2017 on Chinese travel to Japan, from November 2025."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .._core import DataError, figure
from ..calibrate.baseline import load_baseline
from ..data.arrivals import read_arrivals_in_japan
from ._episode import Episode, load_episode, Picture, Prediction, Setting
from .arrivals import Fall, measure_fall, place_of_arrivals
from .boycott import BoycottOutcome
from .thaad import world_of
from .travel import cost_table, every_cost, SENDER, terms, Travel, travel_world


TARGET, RIVAL = "JPN", "KOR"
COUNTRIES = (TARGET, SENDER, RIVAL)
SOURCE = "arrivals of 2018 times spending per visitor, as the episode assumes"
MONTHS = {
    "november": "2025-11", "december": "2025-12", "january": "2026-01", "february": "2026-02",
}  # fmt: skip
PERIODS = (*MONTHS, "year")


@dataclass(frozen=True)
class FittedWedges:
    """The wedges of 2017, by period and by how large the fall was."""

    held: Mapping[tuple[str, str], BoycottOutcome]
    """By period and `lowest`, `middle` or `highest`; short run, rent burned."""
    falls: Mapping[tuple[str, str], float]
    basis: str
    """Where the fall comes from, as a sentence."""


def fit(episode: Episode, setting: Setting) -> FittedWedges:
    """The wedges that South Korea met in 2017; of Japan nothing is fitted.

    Without the arrivals the published fall of 2017 stands for every period.
    """
    source = load_episode("thaad")
    at_home = Setting(source.baseline, setting.sources, setting.progress)
    try:
        fall = measure_fall(source, at_home)
    except DataError as error:
        return _published(episode, source, at_home, str(error))
    travel = world_of(source, at_home, fall)
    falls = _falls(episode, fall)
    basis = "The wedge is that of the fitted fall of Chinese arrivals in South Korea in 2017."
    return FittedWedges(_inverted(travel, falls), falls, basis)


def predict(episode: Episode, setting: Setting, fitted: FittedWedges) -> Prediction:
    """Japan's loss of visitors, South Korea's gain, and the costs to each side."""
    travel = _world(episode, setting)
    runs = {key: travel.under(TARGET, held) for key, held in fitted.held.items()}
    measures = _visits(travel, runs) | _range_of_gain(episode, setting, fitted)
    setting.progress("costs")
    share = -measures["japan_year"] / 100
    costs = every_cost(travel, TARGET, share)
    for one in costs:
        if one.holder == "nobody":
            for who, code in (("japan", TARGET), ("china", SENDER), ("korea", RIVAL)):
                loss = -one.welfare[travel.world.country_index[code]]
                measures[f"{who}_welfare_cost_{one.horizon}"] = float(loss)
    published = {name: float(value) for name, value in episode.choices["published"].items()}
    tables = {
        "Predicted and published": _beside(measures, published),
        "Cost of a year of it, by who keeps the rent": cost_table(travel, costs, COUNTRIES),
    }
    seen = read_arrivals_in_japan(place_of_arrivals(setting.sources), SENDER)
    if seen is not None:
        came = _came(seen, episode.choices["trend"], measures)
        tables["Months as they came, Chinese arrivals in Japan"] = came
    sentences = _sentences(measures, fitted.basis, published)
    return Prediction(measures, sentences, tables, _picture(measures, published, setting))


def _published(episode: Episode, source: Episode, at_home: Setting, why: str) -> FittedWedges:
    fall = episode.assumptions["fall"]
    ends = {"lowest": fall.lowest, "middle": fall.value, "highest": fall.highest}
    falls = {
        (period, end): float(share or fall.value)
        for period in PERIODS
        for end, share in ends.items()
    }
    have = source.assumptions
    visitors = {"KOR": have["visitors_korea"].value, "JPN": have["visitors_japan"].value}
    travel = travel_world(load_baseline(at_home.baseline), visitors, terms(source), SOURCE)
    basis = f"The wedge is that of the published fall of 2017, for every period, because {why}"
    return FittedWedges(_inverted(travel, falls), falls, basis)  # fmt: skip


def _falls(episode: Episode, fall: Fall) -> dict[tuple[str, str], float]:
    """Log falls by period, and the placebos' interval of the year around each."""
    gap = fall.control.gap
    stop = list(gap.index).index("2017-03")
    middle = {name: float(gap.iloc[stop + episode.choices[name]]) for name in MONTHS}
    middle["year"] = float(np.log1p(-fall.share))
    noise = float(np.log1p(-fall.interval[0]) - np.log1p(-fall.share))
    steps = {"lowest": noise, "middle": 0.0, "highest": -noise}
    return {(period, end): float(-np.expm1(log + step))
            for period, log in middle.items() for end, step in steps.items()}  # fmt: skip


def _inverted(
    travel: Travel, falls: Mapping[tuple[str, str], float]
) -> dict[tuple[str, str], BoycottOutcome]:
    return {key: travel.held("KOR", share, "nobody", "short") for key, share in falls.items()}


def _world(episode: Episode, setting: Setting, **changed: float) -> Travel:
    have = episode.assumptions
    visitors = {TARGET: have["visitors_japan"].value, RIVAL: have["visitors_korea"].value}
    base = load_baseline(setting.baseline)
    return travel_world(base, visitors, terms(episode, **changed), SOURCE)


def _visits(travel: Travel, runs: Mapping[tuple[str, str], BoycottOutcome]) -> dict[str, float]:
    """Percent changes of the quantity of Chinese travel, and their range over the fall."""
    measures = {}
    for (period, end), held in runs.items():
        suffix = "" if end == "middle" else f"_{end}"
        measures[f"japan_{period}{suffix}"] = 100 * (travel.travel_hat(held, TARGET) - 1)
        measures[f"korea_{period}{suffix}"] = 100 * (travel.travel_hat(held, RIVAL) - 1)
    return measures


def _range_of_gain(episode: Episode, setting: Setting, fitted: FittedWedges) -> dict[str, float]:
    """South Korea's gain over the range of the nest's elasticity and of the fall."""
    nest = episode.assumptions["nest"]
    ratios = {"lowest": nest.lowest, "middle": nest.value, "highest": nest.highest}
    gains = {}
    for end, ratio in ratios.items():
        travel = _world(episode, setting, nest=ratio or nest.value)
        held = travel.under(TARGET, fitted.held["year", end])
        gains[end] = 100 * (travel.travel_hat(held, RIVAL) - 1)
    return {
        "korea_gain": gains["middle"],
        "korea_gain_lowest": min(gains.values()),
        "korea_gain_highest": max(gains.values()),
    }


def _beside(have: Mapping[str, float], published: Mapping[str, float]) -> pd.DataFrame:
    rows = [
        {
            "period": MONTHS.get(period, "a year"),
            "Japan, %": have[f"japan_{period}"],
            "at the least fall": have[f"japan_{period}_lowest"],
            "at the largest": have[f"japan_{period}_highest"],
            "published for Japan": _signed(published[period])
            if period in published
            else "none yet",
            "South Korea, %": have[f"korea_{period}"],
        }
        for period in PERIODS
    ]
    return pd.DataFrame(rows)  # fmt: skip


def _came(
    seen: Mapping[str, float], trend: Sequence[str], have: Mapping[str, float]
) -> pd.DataFrame:
    """Arrivals of each month on the year, and against the growth of the months before November.

    Raises `DataError` where a month of either, or the same month a year before, is missing.
    """
    wanted = [*MONTHS.values(), *trend]
    lacking = [one for month in wanted for one in (month, _year_before(month)) if one not in seen]
    if lacking:
        raise DataError(f"arrivals in Japan lack {', '.join(lacking)}.")
    grown = sum(seen[one] for one in trend) / sum(seen[_year_before(one)] for one in trend)
    rows = []
    for name, month in MONTHS.items():
        now, before = seen[month], seen[_year_before(month)]
        low, high = sorted((have[f"japan_{name}_lowest"], have[f"japan_{name}_highest"]))
        rows.append({
            "month": month, "arrivals, thousand": now / 1000, "a year before": before / 1000,
            "on the year, %": 100 * (now / before - 1),
            "against the trend, %": 100 * (now / before / grown - 1),
            "predicted, %": have[f"japan_{name}"], "lowest": low, "highest": high,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _year_before(month: str) -> str:
    return f"{int(month[:4]) - 1}{month[4:]}"


def _signed(value: float) -> str:
    return f"{figure(value, '+.1f')} %"


def _sentences(have: Mapping[str, float], basis: str, published: Mapping[str, float]) -> list[str]:
    get = lambda name, digits=1: figure(have[name], f"+.{digits}f")
    bare = lambda name: figure(have[name], ".3f")
    months = ", ".join(
        f"{get(f'japan_{name}')} % for {month} (published {_signed(published[name])})"
        for name, month in MONTHS.items()
    )
    return [
        basis,
        f"It predicts {months}, and {get('japan_year')} % for a year.",
        f"South Korea's Chinese visitors change by {get('korea_gain')} % over a year "
        f"({get('korea_gain_lowest')} to {get('korea_gain_highest')} over the elasticity between "
        "the two and the size of the fall); bookings of one agency rose by up to 52 %.",
        f"A year of it with the rent burned costs Japan {bare('japan_welfare_cost_short')} % of "
        f"real income and China {bare('china_welfare_cost_short')} % in the short run, "
        f"{bare('japan_welfare_cost_long')} and {bare('china_welfare_cost_long')} % in the long.",
    ]  # fmt: skip


def _picture(
    have: Mapping[str, float], published: Mapping[str, float], setting: Setting
) -> Picture:
    rows = []
    for period in PERIODS:
        name = MONTHS.get(period, "a year")
        ends = have[f"japan_{period}_highest"], have[f"japan_{period}_lowest"]
        rows.append({"x": name, "series": "predicted from 2017", "value": have[f"japan_{period}"],
                     "lowest": ends[0], "highest": ends[1]})  # fmt: skip
        if period in published:
            value = published[period]
            rows.append({"x": name, "series": "published", "value": value,
                         "lowest": value, "highest": value})  # fmt: skip
    return Picture(
        "bars", pd.DataFrame(rows), "Chinese arrivals in Japan",
        f"{setting.baseline} · short run · rent burned · whiskers: interval of the fall of 2017",
        "change on the year, %",
    )  # fmt: skip
