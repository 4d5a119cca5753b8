"""Tariff rates that a scenario moves: between whom, from what, and where against its direction."""

from typing import Any, TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float

from .._words import first_small
from ..selection import country_in_words
from ._instrument import Instrument
from .tariffs import Tariff


if TYPE_CHECKING:
    from ..world import Baseline


Rates = Float[np.ndarray, "o d s"]
# A rate that moves by less is rounding.
_SMALLEST = 1e-9
DIRECTIONS = 20
"""At most so many directions are told apart, those with most duty moved."""


def against(policy: Instrument, before: Rates, after: Rates, baseline: "Baseline") -> str:
    """A sentence where a policy lowers rates that it was meant to raise, or raises by a cut.

    What it was meant to do is what it does to the duty on baseline trade in sum. One that only
    lowers was meant to raise where it sets a rate above zero, and is told to lower.
    """
    trade = np.asarray(baseline.economy.trade)
    moved = np.where((abs(after - before) > _SMALLEST) & (trade > 0), after - before, 0.0)
    duty = moved * trade
    up = bool(duty.sum() > 0)
    contrary = (duty < 0) if up else (duty > 0)
    said = "raises duties on balance, and lowers" if up else "lowers duties on balance, and raises"
    if not contrary.any():
        if not (duty < 0).any() or not _sets_a_duty(policy):
            return ""
        contrary, said = duty < 0, "sets a rate below the one it replaces: it lowers"
    largest = _cell(np.where(contrary, abs(duty), 0.0), before, after, baseline)
    if contrary.sum() == 1:
        return f"This policy {said} one rate of the {np.count_nonzero(moved)} it moves: {largest}."
    return (
        f"This policy {said} {contrary.sum()} rates of the {np.count_nonzero(moved)} it moves, on "
        f"{_money(trade[contrary].sum())} of trade; the largest is {largest}."
    )


def _sets_a_duty(policy: Instrument) -> bool:
    if not isinstance(policy, Tariff):
        return False
    rates = [policy.rate, *(line.rate for line in policy.lines)]
    return any(rate is not None and rate > 0 for rate in rates)


def _cell(size: Rates, before: Rates, after: Rates, baseline: "Baseline") -> str:
    at = np.unravel_index(int(np.argmax(size)), size.shape)
    origin, destination, sector = (int(one) for one in at)
    code = baseline.sectors[sector]
    trade = float(np.asarray(baseline.economy.trade)[at])
    return (
        f"{first_small(baseline.sector_names.get(code, code))} from "
        f"{country_in_words(baseline, origin)} to {country_in_words(baseline, destination)}, from "
        f"{100 * before[at]:.2f} % to {100 * after[at]:.2f} % on {_money(trade)}"
    )


def _money(million: float) -> str:
    if million < 1000:
        return f"US$ {million:.0f} million"
    return f"US$ {million / 1000:.2f} billion"


def directions(baseline: "Baseline", after: Rates) -> dict[str, Any]:
    """Where duties move: each importer and exporter, with most duty moved first.

    Rates are percent, weighted by baseline trade in goods: the world's before and after, and as the
    mean over tariff lines before (None where the world does not hold it). `duty_moved` is the
    change of the rate times baseline trade, million US$ at unchanged trade; `duty_both_ways` adds
    falls and rises, and `share` is the part of the largest sector in that, percent.
    """
    trade = np.asarray(baseline.economy.trade)
    before = np.asarray(baseline.economy.tariff)
    moved = np.where(abs(after - before) > _SMALLEST, after - before, 0.0) * trade
    size = abs(moved).sum(axis=2)
    order = np.argsort(-size, axis=None, kind="stable")[: np.count_nonzero(size)]
    weight = trade * _covered(baseline, moved)
    rows = [
        _direction(baseline, (before, after), weight, moved, divmod(int(at), len(size)))
        for at in order[:DIRECTIONS]
    ]
    return {"count": len(order), "duty_moved": float(moved.sum()), "rows": rows}


def _covered(baseline: "Baseline", moved: Rates) -> Bool[np.ndarray, " s"]:
    """Goods, and whatever else has a rate that moves."""
    goods = baseline.sector_groups.get("goods", baseline.sectors)
    return np.array([code in goods for code in baseline.sectors]) | moved.any(axis=(0, 1))


def _direction(
    baseline: "Baseline", rates: tuple[Rates, Rates], weight: Rates, moved: Rates,
    route: tuple[int, int],
) -> dict[str, Any]:  # fmt: skip
    origin, destination = route
    here, weights = moved[route], weight[route]
    sector = baseline.sectors[int(np.argmax(abs(here)))]
    lines = baseline.line_average_tariff
    before, after = (float(100 * (weights * rate[route]).sum() / weights.sum()) for rate in rates)
    average = None if lines is None else 100 * (weights * lines[route]).sum() / weights.sum()
    return {
        "importer": baseline.countries[destination],
        "exporter": baseline.countries[origin],
        "trade": float(weights.sum()),
        "levied_before": before,
        "levied_after": after,
        "line_average": None if average is None else float(average),
        "duty_moved": float(here.sum()),
        "duty_both_ways": float(abs(here).sum()),
        "largest_sector": sector,
        "share": float(100 * abs(here).max() / abs(here).sum()),
    }
