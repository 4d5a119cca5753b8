"""A user's own tables that do not agree yet: balanced as little as possible, every step told."""

import json
from typing import Any

import numpy as np
import xarray as xr
from jaxtyping import Float

from .._core import BaselineError
from .balance import FINAL_DEMAND_FLOOR, keep_final_demand
from .baseline import BY_PRODUCT, first_cell, SHARE_TOLERANCE


HOME_FLOOR = 1e-4
"""Least share of output that is sold at home: 0.01 %, as little as final demand is left with."""
# A total that balancing misses by more would leave final demand below what a file may have.
_BALANCED = 1e-8
_ORDER = ("origin", "destination", "country", "input", "sector")
_WANTED = ("trade", "tariff", "input_share", "value_added_share")


def balanced_dataset(dataset: xr.Dataset) -> xr.Dataset:
    """Labelled arrays of a baseline file whose tables disagree, moved so that they agree.

    Two things go wrong where output, trade and technology come from different sources, as in the
    raw tables of Caliendo and Parro (2015). A sector sells more abroad than it makes, so that its
    sales at home (output less exports) are negative: they are lifted to 0.01 % of its output. And
    a country uses more of a product as input than it buys: what its sectors buy is moved to other
    products (`keep_final_demand`), while flows and the value added of every sector stay. Both are
    in the attribute `adjustments` of what is returned, with how far they went.

    Raises `BaselineError` with the cell for what nobody but its author can mend: a negative flow
    between countries, shares that do not add up to one, more inputs than there are products.
    """
    ordered = dataset.transpose(*_ORDER, ..., missing_dims="ignore")
    absent = [name for name in _WANTED if name not in ordered]
    if absent:
        raise BaselineError(f"the tables cannot be balanced without '{absent[0]}'.")
    trade, tariff, inputs, value_added = (np.asarray(ordered[name], np.float64) for name in _WANTED)
    _refuse_wrong(trade, inputs, value_added, ordered)
    lifted, home = _with_home_sales(trade)
    _refuse_too_little(lifted, tariff, inputs, ordered)
    repair = keep_final_demand(lifted, tariff, inputs)
    if repair.residual > _BALANCED:
        raise BaselineError(
            "the tables cannot be balanced: some product is needed by a sector that needs no "
            f"other, and too little of it is bought (a total is missed by {repair.residual:.1g})."
        )
    steps = [home, _inputs_step(repair.distance, repair.negative_cells)]
    told = json.loads(str(dataset.attrs.get("adjustments", "[]")))
    kept = lambda name, values: (ordered[name].dims, values, ordered[name].attrs)
    return ordered.assign(
        trade=kept("trade", lifted),
        input_share=kept("input_share", repair.input_share),
        value_added_share=kept("value_added_share", 1.0 - repair.input_share.sum(axis=1)),
    ).assign_attrs(adjustments=json.dumps([*told, *steps]))


def _with_home_sales(
    trade: Float[np.ndarray, "o d s"],
) -> tuple[Float[np.ndarray, "o d s"], dict[str, Any]]:
    """The flows with sales at home of no less than the floor, and what that took."""
    places = np.arange(len(trade))
    home = trade[places, places]
    abroad = trade.sum(axis=1) - home
    # The least `home` that is the floor's part of home and abroad together.
    least = HOME_FLOOR / (1.0 - HOME_FLOOR) * abroad
    low = (home < 0) & (abroad > 0)
    lifted = trade.copy()
    lifted[places, places] = np.where(low, least, home)
    moved = float((lifted - trade).sum() / lifted.sum())
    return lifted, {
        "step": "sales at home",
        "rule": f"{int(low.sum())} sectors sold more abroad than they made; 0.01 % is sold at home",
        "distance": moved,
        "unit": "share of world output",
    }


def _inputs_step(distance: float, cells: int) -> dict[str, Any]:
    return {
        "step": "inputs",
        "rule": f"{cells} products were used more than they were bought; use moved to other "
        "products by least cross-entropy, value added of every sector kept",
        "distance": distance,
        "unit": "share of intermediate use",
    }


def _refuse_wrong(
    trade: Float[np.ndarray, "o d s"],
    inputs: Float[np.ndarray, "n k s"],
    value_added: Float[np.ndarray, "n s"],
    dataset: xr.Dataset,
) -> None:
    abroad = ~np.eye(len(trade), dtype=bool)[:, :, None]
    output, exports = trade.sum(axis=1), (trade * abroad).sum(axis=1)
    total = inputs.sum(axis=1) + value_added
    problems = {
        "trade": (abroad & (trade < 0), "a flow between countries is negative"),
        "input_share": (inputs < -BY_PRODUCT, f"a share of inputs is below -{BY_PRODUCT}"),
        "value_added_share": (
            np.abs(total - 1.0) > SHARE_TOLERANCE,
            "input and value-added shares do not add up to 1",
        ),
    }
    for name, (wrong, what) in problems.items():
        if wrong.any():
            raise BaselineError(
                f"the tables cannot be balanced: {what} ({first_cell(wrong, dataset[name])})."
            )
    empty = (output < 0) & (exports <= 0)
    if empty.any():
        place = first_cell(empty, dataset["value_added_share"])
        raise BaselineError(f"the tables cannot be balanced: an output is negative ({place}).")


def _refuse_too_little(
    trade: Float[np.ndarray, "o d s"],
    tariff: Float[np.ndarray, "o d s"],
    inputs: Float[np.ndarray, "n k s"],
    dataset: xr.Dataset,
) -> None:
    """Refuse a country that uses more inputs than it buys of all products together."""
    bought = (trade * (1.0 + tariff)).sum(axis=(0, 2)) * (1.0 - FINAL_DEMAND_FLOOR)
    used = np.einsum("nks,ns->n", inputs, trade.sum(axis=1))
    if (used >= bought).any():
        place = int(np.argmax(used / np.where(bought > 0, bought, 1e-300)))
        raise BaselineError(
            f"the tables cannot be balanced: {dataset.country.values[place]} uses inputs of "
            f"{used[place]:,.0f} and buys {bought[place]:,.0f} of all products together, which "
            "leaves nothing for final demand."
        )
