"""Predicted against actual growth of a pair's trade, in numbers, sentences, tables, a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from jaxtyping import Float

from ._episode import Picture, Prediction
from .flip_findings import BILLION, signed


MAIN = "between the two"


@dataclass(frozen=True)
class Growth:
    """Goods flows before and after the cuts alone, million US$, and welfare of the pair in %."""

    before: Float[np.ndarray, "o d s"]
    after: Float[np.ndarray, "o d s"]
    welfare: tuple[float, ...]

    def percent(self, pair: tuple[int, int]) -> float:
        """Growth of two-way trade of the pair."""
        old, new = (_both(flows, pair).sum() for flows in (self.before, self.after))
        return float(100 * (new / old - 1))


@dataclass(frozen=True)
class Comparison:
    """One prediction beside what happened to the same flows by one year."""

    predicted: Growth
    before: Float[np.ndarray, "o d s"]
    """Observed in the first year, million US$."""
    after: Float[np.ndarray, "o d s"]
    pair: tuple[int, int]

    def growth(self, *, net: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Predicted and actual log growth by direction and sector, (2, s).

        Net of what the origin sold to, and the destination bought from, third countries, and of
        what these sold each other: what is special to the pair.
        """
        of = _net if net else _both_log
        predicted = of(self.predicted.after, self.pair) - of(self.predicted.before, self.pair)
        return predicted, of(self.after, self.pair) - of(self.before, self.pair)

    def statistics(self, *, net: bool = False) -> dict[str, float]:
        """Correlation, slope of actual on predicted growth, and both means; plain, by sector."""
        x, y = (part.ravel() for part in self.growth(net=net))
        known = np.isfinite(x) & np.isfinite(y)
        x, y = x[known], y[known]
        slope = float(np.cov(x, y)[0, 1] / x.var(ddof=1)) if x.var() > 0 else np.nan
        correlation = float(np.corrcoef(x, y)[0, 1]) if x.var() > 0 and y.var() > 0 else np.nan
        return {
            "correlation": correlation,
            "slope": slope,
            "predicted": float(x.mean()),
            "actual": float(y.mean()),
            "flows": float(known.sum()),
        }

    def dollars(self) -> tuple[np.ndarray, np.ndarray]:
        """Predicted and actual change by direction, bn US$; predicted % of observed flows."""
        base = _both(self.before, self.pair)
        old, new = (_both(f, self.pair) for f in (self.predicted.before, self.predicted.after))
        predicted = base * (np.where(old > 0, new / np.where(old > 0, old, 1.0), 1.0) - 1)
        actual = _both(self.after, self.pair) - base
        return predicted.sum(axis=1) / BILLION, actual.sum(axis=1) / BILLION


def findings(
    choices: Mapping[str, Any],
    trade: xr.Dataset,
    comparisons: Mapping[tuple[str, int], Comparison],
    others: Sequence[Growth],
    pair: tuple[int, int],
) -> Prediction:
    """Everything that is reported."""
    last = choices["last"]
    main = comparisons[MAIN, last]
    measures = _measures(choices, comparisons, others, pair)
    books = _books(choices, trade, pair)
    measures |= {f"customs_{year}": sum(row) for year, row in choices["customs"].items()}
    for name in ("customs", "harmonised", "mirror"):
        measures[f"year_reached_{name}"] = _reached(books, name, choices["forecast"])
    span = f"{choices['first']} to {last}"
    tables = {
        "Fit over sectors and directions, log growth": _fit_table(comparisons),
        f"Change of trade, bn US$, {span}, harmonised basis, long run": _dollar_table(
            comparisons, choices
        ),
        f"Growth by sector, {span}, log points, harmonised basis": _sector_table(main, trade),
        "Two-way goods trade, bn US$ a year, by book": books.reset_index(),
    }
    sentences = _sentences(choices, measures, comparisons)
    return Prediction(measures, sentences, tables, _picture(choices, books))


def _measures(
    choices: Mapping[str, Any],
    comparisons: Mapping[tuple[str, int], Comparison],
    others: Sequence[Growth],
    pair: tuple[int, int],
) -> dict[str, float]:
    main = comparisons[MAIN, choices["last"]]
    customs = sum(choices["customs"][str(choices["first"])])
    with_cuts = lambda growth: customs * (1 + growth.percent(pair) / 100)
    levels = [with_cuts(growth) for growth in (main.predicted, *others)]
    chipless = comparisons["without chips", choices["last"]].predicted
    predicted, actual = main.dollars()
    measures = {
        "two_way_growth": main.predicted.percent(pair),
        "with_cuts": levels[0],
        "with_cuts_lowest": min(*levels, with_cuts(chipless)),
        "with_cuts_highest": max(levels),
        "with_cuts_without_chips": with_cuts(chipless),
        "predicted_change": float(predicted.sum()),
        "actual_change": float(actual.sum()),
        "share_of_two_way": float(predicted.sum() / actual.sum()),
        "share_of_exports": float(predicted[0] / actual[0]),
        "share_of_imports": float(predicted[1] / actual[1]),
        "welfare_home": main.predicted.welfare[0],
        "welfare_partner": main.predicted.welfare[1],
    }
    for net in (False, True):
        suffix = "_net" if net else ""
        measures |= {f"{k}{suffix}": v for k, v in main.statistics(net=net).items()}
    return measures


def _fit_table(comparisons: Mapping[tuple[str, int], Comparison]) -> pd.DataFrame:
    rows = [
        {"cuts": name, "to": str(year), "growth": "net of third countries" if net else "as it was"}
        | one.statistics(net=net)
        for (name, year), one in comparisons.items()
        for net in (False, True)
    ]
    return pd.DataFrame(rows)


def _dollar_table(
    comparisons: Mapping[tuple[str, int], Comparison], choices: Mapping[str, Any]
) -> pd.DataFrame:
    home, partner = choices["home"], choices["partner"]
    rows = []
    for (name, year), one in comparisons.items():
        if year != choices["last"]:
            continue
        for direction, cut, real in zip(
            (f"{home} to {partner}", f"{partner} to {home}"), *one.dollars(), strict=True
        ):
            rows.append((name, direction, cut, real, real - cut, cut / real))
    columns = ["cuts", "direction", "predicted", "actual", "not explained", "predicted/actual"]
    return pd.DataFrame(rows, columns=columns)


def _sector_table(one: Comparison, trade: xr.Dataset) -> pd.DataFrame:
    """Largest misses first."""
    predicted, actual = one.growth()
    net_predicted, net_actual = one.growth(net=True)
    sectors = trade.coords.get("sector_name", trade.sector)
    frames = [
        pd.DataFrame(
            {
                "sector": sectors.values.astype(str),
                "direction": direction,
                "predicted": predicted[row],
                "actual": actual[row],
                "miss": actual[row] - predicted[row],
                "net predicted": net_predicted[row],
                "net actual": net_actual[row],
            }
        )
        for row, direction in enumerate(("exports", "imports"))
    ]
    frame = pd.concat(frames, ignore_index=True)
    return frame.sort_values("miss", key=lambda miss: -miss.abs(), ignore_index=True)


def _books(choices: Mapping[str, Any], trade: xr.Dataset, pair: tuple[int, int]) -> pd.DataFrame:
    harmonised = {
        int(year): _both(trade.trade.sel(year=year).to_numpy(), pair).sum() / BILLION
        for year in trade.year.values
    }
    book = lambda name: {int(year): float(sum(row)) for year, row in choices[name].items()}
    frame = pd.DataFrame(
        {"customs": book("customs"), "harmonised": harmonised, "mirror": book("mirror")}
    ).astype(float)
    return frame.sort_index().rename_axis("year")


def _reached(books: pd.DataFrame, name: str, forecast: float) -> float:
    """The first year with data in which a book has the forecast; not a number if none."""
    reached = books.index[(books[name] >= forecast).to_numpy()]
    return float(reached[0]) if len(reached) else float("nan")


def _sentences(
    choices: Mapping[str, Any],
    measures: Mapping[str, float],
    comparisons: Mapping[tuple[str, int], Comparison],
) -> list[str]:
    home, partner, first, last = (choices[k] for k in ("home", "partner", "first", "last"))
    m = measures
    chipless = comparisons["without chips", last].dollars()[0].sum()
    year = lambda name: f"{m[f'year_reached_{name}']:.0f}"
    return [
        f"The cuts of {first} to {last} alone raise two-way trade by "
        f"{m['two_way_growth']:.0f} %, {m['predicted_change']:.0f} bn US$ on the harmonised basis; "
        f"without those on chips by {chipless:.0f} bn. It rose by {m['actual_change']:.0f} bn.",
        f"By direction this misses: predicted over actual is {m['share_of_exports']:.2f} for "
        f"{home}'s exports and {m['share_of_imports']:.2f} for its imports.",
        f"Across {m['flows']:.0f} flows by sector and direction, predicted and actual growth "
        f"correlate at {signed(m['correlation'], 2)} (slope {signed(m['slope'])}), net of third "
        f"countries at {signed(m['correlation_net'], 2)} (slope {signed(m['slope_net'])}): tariffs "
        "do not explain which sectors grew. Mean growth special to the pair was "
        f"{signed(m['actual_net'], 2)} log points, where the cuts predict "
        f"{signed(m['predicted_net'], 2)}.",
        f"The forecast of {choices['forecast']:.0f} bn, two ways, first came true in "
        f"{year('customs')} on Korean customs' book, in {year('harmonised')} on the harmonised one "
        f"and by {year('mirror')} on {partner}'s, which has "
        f"{sum(choices['mirror'][str(first)]):.0f} bn in {first} and was not found for the years "
        f"from 2016 to 2020. The cuts alone would have brought {m['with_cuts']:.0f} bn on Korean "
        f"customs' book of {first}: {m['with_cuts_lowest']:.0f} to {m['with_cuts_highest']:.0f} "
        "over published elasticities, and where nothing is cut on chips.",
    ]


def _picture(choices: Mapping[str, Any], books: pd.DataFrame) -> Picture:
    names = {
        "customs": "Korean customs",
        "harmonised": "harmonised tables",
        "mirror": f"{choices['partner']}'s customs",
    }
    found_in = books.index.to_numpy(int)
    years = pd.RangeIndex(found_in.min(), found_in.max() + 1, name="year")
    series = books.reindex(years).rename(columns=names)
    long = series.reset_index().melt("year", var_name="series")
    forecast = pd.DataFrame(
        {"year": years, "series": "forecast of 2014", "value": choices["forecast"]}
    )
    rows = pd.concat([long, forecast], ignore_index=True)
    rows["x"] = rows.pop("year").map(lambda year: f"{year}-01-01")
    return Picture(
        kind="lines",
        rows=rows,
        title="When two-way trade reached what was forecast in 2014",
        subtitle=f"{choices['home']} and {choices['partner']}, goods, by who keeps the book; "
        "a gap is a year that was not found",
        y="bn US$ a year",
        mark="2015-12-20",
    )


def _both(flows: np.ndarray, pair: tuple[int, int]) -> Float[np.ndarray, "2 s"]:
    home, partner = pair
    return np.stack([flows[home, partner], flows[partner, home]]).astype(float)


def _both_log(flows: np.ndarray, pair: tuple[int, int]) -> Float[np.ndarray, "2 s"]:
    return _log(_both(flows, pair))


def _net(flows: np.ndarray, pair: tuple[int, int]) -> Float[np.ndarray, "2 s"]:
    third = [place for place in range(len(flows)) if place not in pair]
    among = flows[np.ix_(third, third)] * (1 - np.eye(len(third)))[:, :, None]
    rest = _log(among.sum(axis=(0, 1)))
    return np.stack(
        [
            _log(flows[o, d]) - _log(flows[o, third].sum(axis=0))
            - _log(flows[third, d].sum(axis=0)) + rest
            for o, d in (pair, pair[::-1])
        ]
    )  # fmt: skip


def _log(value: np.ndarray) -> np.ndarray:
    """Not a number where nothing is sold, which the statistics leave out."""
    return np.log(np.where(value > 0, value, np.nan))
