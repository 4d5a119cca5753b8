"""The boycott of 2017: the fall of arrivals, the wedge behind it, and what it cost whom."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .._core import figure
from ..calibrate.baseline import load_baseline
from ..geo.leverage import rank_correlation
from ..selection import sector_mask
from ._episode import Episode, Picture, Prediction, Setting
from .arrivals import duration, Fall, half_life, LEVELS, measure_fall
from .boycott import BoycottOutcome
from .entertainment import lift, Lifted, shares_elsewhere
from .sectors import leverage_by_sector
from .synthetic import band
from .travel import cost_table, every_cost, HORIZONS, SENDER, terms, Travel, travel_world


TARGET, RIVAL = "KOR", "JPN"
COUNTRIES = (TARGET, SENDER, RIVAL)
SOURCE = "arrivals of 2016 times spending per visitor, as the episode assumes"
MILLION = 1e6


def fit(episode: Episode, setting: Setting) -> Fall:
    """Arrivals beside their synthetic control; raises `DataError` without the months needed."""
    return measure_fall(episode, setting)


def predict(episode: Episode, setting: Setting, fitted: Fall) -> Prediction:
    """The wedge by month, quarter and year, and the costs by holder of the rent and horizon."""
    travel = world_of(episode, setting, fitted)
    costs = every_cost(travel, TARGET, fitted.share)
    measures = _arrivals(episode, fitted) | _duration(fitted) | _costs(travel, costs, fitted)
    measures |= _gross(episode, fitted) | _ranges(episode, setting, fitted)
    setting.progress("ranking sectors")
    measures["sector_rank_correlation"] = _ranked(episode, travel)
    setting.progress("months")
    periods = _periods(travel, fitted)
    lifted = _lifted(episode)
    measures |= _entertainment(lifted)
    tables = {
        "Cost of the year of the boycott, by who keeps the rent": cost_table(
            travel, costs, COUNTRIES
        ),
        "Wedge by period, rent burned, as if each lasted a year": periods,
        "Weights of the synthetic control": _weights(fitted),
        "Lifting what is still in force: audiovisual and publishing": pd.DataFrame(
            [_row(one) for one in lifted]
        ),
    }
    return Prediction(measures, _sentences(measures), tables, _picture(episode, fitted))


def world_of(episode: Episode, setting: Setting, fall: Fall, **changed: float) -> Travel:
    """The episode's world with the travel of 2016 laid over it."""
    visitors = {
        TARGET: _in_year(fall, "2016") / MILLION,
        RIVAL: episode.assumptions["visitors_japan"].value,
    }
    chosen = terms(episode, **changed)
    return travel_world(load_baseline(setting.baseline), visitors, chosen, SOURCE)


def _arrivals(episode: Episode, fall: Fall) -> dict[str, float]:
    year = {name: _in_year(fall, name) for name in ("2016", "2017", "2018")}
    placebos, gap = fall.placebos.values(), fall.earlier.gap
    return {
        "arrivals_2016": year["2016"] / MILLION,
        "arrivals_change_2017": 100 * (year["2017"] / year["2016"] - 1),
        "arrivals_2018": year["2018"] / MILLION,
        "fall": 100 * fall.share,
        "fall_lowest": 100 * fall.interval[0],
        "fall_highest": 100 * fall.interval[1],
        "lost_visitors": fall.lost / MILLION,
        "placebos": float(len(placebos)),
        "placebo_rank": float(sum(one.ratio > fall.control.ratio for one in placebos)),
        "error_before": fall.control.before,
        "placebo_in_time": float(gap[fall.earlier.begins :].mean()),
        "fall_by_own_trend": 100 * fall.share_by_own_trend,
        **_epidemic(episode, fall),
    }


def _epidemic(episode: Episode, fall: Fall) -> dict[str, float]:
    """What a control that is told of an event in the year of the epidemic makes of that year."""
    if fall.epidemic is None:
        return {}
    begins = fall.epidemic.begins
    year = pd.Series(fall.epidemic.gap[begins : f"{begins[:4]}-12"])
    sick = slice(episode.choices["epidemic_begins"], episode.choices["epidemic_ends"])
    summer = pd.Series(year[sick])
    return {
        "placebo_in_epidemic": float(summer.mean()),
        "placebo_beside_epidemic": float(year.drop(summer.index).mean()),
    }


def _in_year(fall: Fall, year: str) -> float:
    return float(fall.arrivals[f"{year}-01" : f"{year}-12"].sum())


def _duration(fall: Fall) -> dict[str, float]:
    durations = np.array([duration(fall, level) for level in LEVELS])
    half, error = half_life(pd.Series(fall.control.gap[fall.year[0] :]))
    measures = {"half_life": half, "half_life_error": error}
    for name, column in (("lag_months", durations[:, 0]), ("life_months", durations[:, 1])):
        ends = {f"{name}_lowest": column.min(), f"{name}_highest": column.max()}
        measures |= {name: float(np.median(column)), **{k: float(v) for k, v in ends.items()}}
    return measures


def _costs(travel: Travel, costs: list[BoycottOutcome], fall: Fall) -> dict[str, float]:
    index, world = travel.world.country_index, travel.world
    by_kind = {(one.horizon, one.holder): one.welfare for one in costs}
    measures = {"inversion_error": max(one.error for one in costs)}
    for horizon in HORIZONS:
        burned, kept = by_kind[horizon, "nobody"], by_kind[horizon, "importer"]
        korea, china = -burned[index[TARGET]], -burned[index[SENDER]]
        measures |= {
            f"korea_welfare_cost_{horizon}": float(korea),
            f"china_welfare_cost_{horizon}": float(china),
            f"asymmetry_{horizon}": float(korea / china),
            f"rent_saves_china_{horizon}": float(china + kept[index[SENDER]]),
        }
    short = next(one for one in costs if (one.horizon, one.holder) == ("short", "nobody"))
    goods = sector_mask(world, ("goods",))
    o, d = index[TARGET], index[SENDER]
    visitors = travel.spent(TARGET)[goods].sum()
    before = np.asarray(world.economy.trade)[o, d, goods].sum() - visitors
    after = short.trade[o, d, goods].sum() - (1 - fall.share) * visitors
    measures["goods_exports_change_short"] = float(100 * (after / before - 1))
    measures["japan_diversion_short"] = 100 * (travel.travel_hat(short, RIVAL) - 1)
    return measures


def _gross(episode: Episode, fall: Fall) -> dict[str, float]:
    """Receipts that did not come, before prices and labour adjust, in percent of GDP of 2017."""
    spending = episode.assumptions["spending_per_visitor"]
    gdp = episode.assumptions["gdp_korea_2017"].value
    lost = fall.lost * spending.value / MILLION
    fewer = _in_year(fall, "2016") - _in_year(fall, "2017")
    return {
        "korea_gross_loss": 100 * lost / gdp,
        "korea_gross_loss_money": lost,
        "korea_gross_loss_by_year": 100 * fewer * spending.value / MILLION / gdp,
    }  # fmt: skip


def _ranges(episode: Episode, setting: Setting, fall: Fall) -> dict[str, float]:
    """The short-run cost with the rent burned at both ends of fall and spending."""
    spending, measures = episode.assumptions["spending_per_visitor"], {}
    ends = {
        "lowest": (fall.interval[0], spending.lowest),
        "highest": (fall.interval[1], spending.highest),
    }
    for name, (share, dollars) in ends.items():
        travel = world_of(episode, setting, fall, spending=dollars or spending.value)
        held = travel.held(TARGET, share, "nobody", "short")
        for who, code in (("korea", TARGET), ("china", SENDER)):
            loss = -held.welfare[travel.world.country_index[code]]
            measures[f"{who}_welfare_cost_short_{name}"] = float(loss)
    nest = episode.assumptions["nest"]
    for name, ratio in (("lowest", nest.lowest), ("highest", nest.highest)):
        travel = world_of(episode, setting, fall, nest=ratio or nest.value)
        held = travel.held(TARGET, fall.share, "nobody", "short")
        measures[f"japan_diversion_short_{name}"] = 100 * (travel.travel_hat(held, RIVAL) - 1)
    return measures  # fmt: skip


def _ranked(episode: Episode, travel: Travel) -> float:
    base, closure = travel.at["long"]
    rows = leverage_by_sector(base, closure, SENDER, TARGET, "long")
    hit = np.array(base.sectors)[sector_mask(base, tuple(episode.choices["hit"]))]
    return rank_correlation(rows, tuple(hit), by="ratio")


def _periods(travel: Travel, fall: Fall) -> pd.DataFrame:
    """The fall and its wedge by month and quarter in the short run, by year at both horizons."""
    actual, synthetic = (pd.Series(one[fall.year[0] :]) for one in (fall.arrivals, fall.synthetic))
    months, rows = pd.PeriodIndex(actual.index, freq="M"), []
    for length, code in (("month", "M"), ("quarter", "Q"), ("year", "Y")):
        names = months.asfreq(code).astype(str).to_numpy()
        for period in dict.fromkeys(names):
            share = 1 - float(actual[names == period].sum() / synthetic[names == period].sum())
            for horizon in HORIZONS if length == "year" else ("short",):
                held = travel.held(TARGET, max(share, 0.0), "nobody", horizon)
                rows.append(_period(travel, held, (length, str(period), share)))
    return pd.DataFrame(rows)  # fmt: skip


def _period(
    travel: Travel, held: BoycottOutcome, about: tuple[str, str, float]
) -> dict[str, object]:
    length, period, share = about
    index = travel.world.country_index
    return {
        "length": length, "period": period, "horizon": held.horizon, "fall, %": 100 * share,
        f"mark-up {travel.stay}, %": float(held.markup[0]),
        "welfare KOR, %": float(held.welfare[index[TARGET]]),
        "welfare CHN, %": float(held.welfare[index[SENDER]]),
    }  # fmt: skip


def _weights(fall: Fall) -> pd.DataFrame:
    weights = fall.control.weights
    rows = [(str(name), float(weight)) for name, weight in weights.items() if weight > 1e-6]
    rows.sort(key=lambda row: -row[1])
    return pd.DataFrame(rows, columns=["nationality", "weight"])


def _lifted(episode: Episode) -> list[Lifted]:
    """The least, the middle and the largest share of places without a ban, at both horizons."""
    choices = episode.choices
    world, sector = load_baseline(choices["entertainment_baseline"]), choices["entertainment"]
    shares = sorted(shares_elsewhere(world, TARGET, sector, choices["without_ban"]).values())
    chosen = (shares[0], shares[len(shares) // 2], shares[-1])
    return [lift(world, (TARGET, SENDER), sector, share, horizon)
            for horizon in HORIZONS for share in chosen]  # fmt: skip


def _row(one: Lifted) -> dict[str, object]:
    return {
        "horizon": one.horizon, "potential share, %": one.share,
        "exports, US$ million": one.exports,
        "welfare KOR, US$ million": one.income[0], "welfare CHN, US$ million": one.income[1],
        "welfare KOR, %": one.welfare[0], "welfare CHN, %": one.welfare[1],
    }  # fmt: skip


def _entertainment(lifted: list[Lifted]) -> dict[str, float]:
    least, middle, most = [one for one in lifted if one.horizon == "long"]
    return {
        "entertainment_worth_long": middle.income[0],
        "entertainment_worth_long_lowest": least.income[0],
        "entertainment_worth_long_highest": most.income[0],
        "entertainment_exports_long": middle.exports,
    }


def _sentences(have: Mapping[str, float]) -> list[str]:
    get = lambda name, digits=2: figure(have[name], f".{digits}f")
    signed = lambda name: figure(have[name], "+.2f")
    return [
        f"In the year from April 2017, {get('fall', 1)} % of the Chinese visitors who would have "
        f"come to South Korea did not: {get('lost_visitors')} million persons "
        f"({get('fall_lowest', 1)} to {get('fall_highest', 1)} % by the placebos). Of "
        f"{get('placebos', 0)} placebos {get('placebo_rank', 0)} depart as far from their control.",
        f"Told of an event in January 2016, when there was none, the same method finds "
        f"{signed('placebo_in_time')} log points. Against the own trend of Chinese arrivals, "
        f"without any donor, {get('fall_by_own_trend', 1)} % did not come.",
        *_told_of_2015(have),
        f"The fall appears {get('lag_months', 0)} months after the announcement of July 2016, in "
        f"the month that tours stopped, and half of it fades in {get('half_life', 0)} months "
        f"(standard error {get('half_life_error', 0)}).",
        f"In the short run with the rent burned it costs South Korea "
        f"{get('korea_welfare_cost_short')} % of real income "
        f"({get('korea_welfare_cost_short_lowest')} to {get('korea_welfare_cost_short_highest')}) "
        f"and China {get('china_welfare_cost_short', 3)} %; in the long run "
        f"{get('korea_welfare_cost_long')} and {get('china_welfare_cost_long', 3)} %. The gross "
        f"loss of receipts is {get('korea_gross_loss')} % of the GDP of 2017, and "
        f"{get('korea_gross_loss_by_year')} % by the fall of arrivals from 2016 to 2017.",
        f"Kept by China, the rent makes the boycott cheaper for China by "
        f"{get('rent_saves_china_short', 3)} % of real income in the short run.",
        f"Letting Korean audiovisual works and publications into China is worth US$ "
        f"{get('entertainment_worth_long', 0)} million a year to South Korea in the long run "
        f"({get('entertainment_worth_long_lowest', 0)} to "
        f"{get('entertainment_worth_long_highest', 0)}), from its share where nothing forbids it.",
    ]  # fmt: skip


def _told_of_2015(have: Mapping[str, float]) -> list[str]:
    """What the method sees where something else happened; nothing where the window is short."""
    if "placebo_in_epidemic" not in have:
        return []
    summer, rest = (
        figure(have[f"placebo_{name}"], "+.2f") for name in ("in_epidemic", "beside_epidemic")
    )
    return [
        f"Told of an event in January 2015, it finds {summer} log points in the summer of an "
        f"epidemic and {rest} in the other months of that year: a fall of another cause counts as "
        "a fall too."
    ]


def _picture(episode: Episode, fall: Fall) -> Picture:
    noise = band(fall.placebos.values(), 0.9)
    synthetic = fall.synthetic / 1000
    lines = {
        "actual": (fall.arrivals / 1000, 0 * noise),
        "without the boycott (synthetic)": (synthetic, noise),
    }
    rows = [
        {
            "x": f"{month}-01",
            "series": name,
            "value": float(value),
            "lowest": float(value * np.exp(-width[month])),
            "highest": float(value * np.exp(width[month])),
        }
        for name, (values, width) in lines.items()
        for month, value in values.items()
    ]
    return Picture(
        "lines", pd.DataFrame(rows), "Chinese arrivals in South Korea",
        "band: nine tenths of placebos; dashed: tours stop, March 2017",
        "thousand persons a month", mark=f"{episode.choices['tours_stop']}-01",
    )  # fmt: skip
