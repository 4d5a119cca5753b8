"""What an answer rests on: the flows its policies act on, and how much of them was observed."""

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from .world import Baseline, Shock


# Directions that are told one by one; more are added up.
_TOLD = 2
# Two ways to write the same wedge differ by the rounding of a few products.
_ROUNDING = 1e-12
# Less than this of a value is imputed: all of it is observed, to the digits that are printed.
_ALL = 5e-4
_KINDS = ("goods", "services")
_OFF_BY = re.compile(r"off by [^;]+")

Cells = Bool[np.ndarray, "o d s"]


def acted_on(baseline: Baseline, shock: Shock) -> Cells:
    """The flows between countries whose wedges the shock moves, or that it lets in."""
    neutral = {"tariff": np.asarray(baseline.economy.tariff), "trade_cost_hat": 1.0}
    neutral |= {"allowed": 1.0, "taste_hat": 1.0, "rent_to_importer": None}
    neutral |= {"final_share": None, "deficit": None, "productivity_hat": None}
    moved = np.zeros(baseline.economy.trade.shape, bool)
    for name in (one.name for one in fields(shock)):
        wedge, before = getattr(shock, name), neutral.get(name, 0.0)
        if wedge is not None and before is not None:
            moved |= np.abs(np.asarray(wedge) - before) > _ROUNDING
    return moved & ~np.eye(len(moved), dtype=bool)[:, :, None]


def evidence(baseline: Baseline, cells: Cells) -> dict[str, Any]:
    """How much of the value of those flows is observed, where some of it is not; else empty.

    `flows` has a row for goods or services, by direction where there are at most two, with `value`
    in million US$ a year and the part of it that is `observed`. `error` is what the baseline says
    of its estimates across borders: a trial on a table where the truth is known. `imputed` is the
    part of all those flows that is not observed, goods and services together, 0 to 1.
    """
    imputed = baseline.imputed_share
    if imputed is None:
        return {}
    rows: list[dict[str, Any]] = []
    for kind in _KINDS:
        chosen = [code in baseline.sector_groups.get(kind, ()) for code in baseline.sectors]
        rows += _rows(baseline, kind, cells & np.array(chosen), imputed)
    rows = [row for row in rows if row["observed"] < 1.0 - _ALL]
    if not rows:
        return {}
    part = _imputed_part(np.where(cells, np.asarray(baseline.economy.trade), 0.0), imputed)
    return {"flows": rows, "imputed": part, "error": _error(baseline.about)}


def imputed_output(baseline: Baseline) -> Float[np.ndarray, "o s"]:
    """The imputed part of what each sector sells, at home and abroad, 0 to 1."""
    sales = np.asarray(baseline.economy.trade)
    imputed = np.zeros_like(sales) if baseline.imputed_share is None else baseline.imputed_share
    total = sales.sum(axis=1)
    part = (sales * imputed).sum(axis=1)
    return np.divide(part, total, out=np.zeros_like(total), where=total > 0)


def _imputed_part(value: Float[np.ndarray, "..."], imputed: Float[np.ndarray, "..."]) -> float:
    return float((value * imputed).sum() / value.sum())


def _rows(
    baseline: Baseline, kind: str, cells: Cells, imputed: Float[np.ndarray, "o d s"]
) -> list[dict[str, Any]]:
    value = np.where(cells, np.asarray(baseline.economy.trade), 0.0)
    pairs = np.argwhere(value.sum(axis=2) > 0)
    if not len(pairs):
        return []
    parts = [((), value)]
    if len(pairs) <= _TOLD:
        parts = [((o, d), value[o, d]) for o, d in pairs]
    rows = []
    for place, part in parts:
        codes = [baseline.countries[number] for number in place] or ["", ""]
        names = [baseline.country_names.get(code, code) for code in codes]
        estimated = _imputed_part(part, imputed[tuple(place)] if place else imputed)
        rows.append(
            {"kind": kind, "origin": codes[0], "destination": codes[1], "origin_name": names[0],
             "destination_name": names[1], "value": float(part.sum()), "observed": 1.0 - estimated}
        )  # fmt: skip
    return rows


def _error(about: Mapping[str, Any]) -> str:
    """How far estimates across borders were off, in the words of the baseline; may be empty."""
    for row in json.loads(str(about.get("imputation", "[]"))):
        match = _OFF_BY.search(str(row.get("rule", "")))
        if match and "across borders" in str(row.get("cells", "")):
            return match.group(0)
    return ""
