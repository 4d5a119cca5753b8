"""The world of 2014: 44 economies and 56 industries, before the China-Korea agreement."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from ..data import wiod
from ..data.concordance import industries
from .assemble import describe_value_added, Draft, rounded
from .balance import keep_value_added


NAME, YEAR = "world-2014", 2014


def draft_world_2014(raw_directory: Path, progress: Callable[[str], None]) -> Draft:
    """Flows and technology of the world of 2014."""
    progress("reading the table of 2014")
    final = wiod.read_final_use(raw_directory).to_numpy()
    abroad = wiod.read_bilateral_intermediate(raw_directory).to_numpy()
    at_home = wiod.read_domestic_intermediate(raw_directory).to_numpy()
    use = at_home + wiod.read_import_use(raw_directory).to_numpy()
    countries = np.arange(len(use))
    total = final + abroad
    total[countries, countries] += at_home.sum(axis=2)
    trade = np.maximum(total, 0.0)
    value_added = wiod.read_value_added(raw_directory).to_numpy()
    source = _input_share(use, value_added, trade.sum(axis=1))
    share = keep_value_added(source)
    imputed = _reestimated_share(abroad, trade)
    return Draft(
        name=NAME,
        title="World economy of 2014, 44 economies and 56 industries",
        year=YEAR,
        countries=wiod.countries(),
        industries=industries("wiod"),
        trade=trade,
        input_share=share,
        imputed_share=imputed,
        sources=[f"Flows and technology: {wiod.ATTRIBUTION}"],
        imputation=_describe(trade, imputed),
        adjustments=[_describe_negative(total), describe_value_added(source, share, trade)],
    )


def _input_share(
    use: Float[np.ndarray, "n k s"],
    value_added: Float[np.ndarray, "n s"],
    output: Float[np.ndarray, "n s"],
) -> Float[np.ndarray, "n k s"]:
    """Inputs over inputs plus value added.

    Taxes and transport margins are left out, as they are in the technology of 2020. Value added
    that the source does not give (ROW) is what output leaves after inputs. Where it is negative
    it counts as zero; an industry without inputs and value added has value added only.
    """
    inputs = use.sum(axis=1)
    given = np.where(np.isnan(value_added), output - inputs, value_added)
    kept = np.maximum(given, 0.0)
    cost = (inputs + kept)[:, None, :]
    return np.where(cost > 0, use / np.where(cost > 0, cost, 1.0), 0.0)


def _reestimated_share(
    abroad: Float[np.ndarray, "o d s"], trade: Float[np.ndarray, "o d s"]
) -> Float[np.ndarray, "o d s"]:
    """The part of a flow that is intermediate trade across borders, which is re-estimated."""
    share = abroad / np.where(trade > 0, trade, 1.0)
    return np.clip(np.where(trade > 0, share, 0.0), 0.0, 1.0)


def _describe(
    trade: Float[np.ndarray, "o d s"], imputed: Float[np.ndarray, "o d s"]
) -> list[dict[str, Any]]:
    value, touched = (trade * imputed).sum(), imputed > 0
    return [
        {
            "cells": "final use, and all use at home",
            "rule": "observed",
            "share_of_value": rounded(1 - value / trade.sum()),
            "count": int((imputed < 1).sum() - (trade == 0).sum()),
        },
        {
            "cells": "intermediate trade across borders",
            "rule": "re-estimated from partial tables to exact totals by exporting and by using "
            "industry; on a table with the truth known, off by 1.9 to 2.5 % of the value",
            "share_of_value": rounded(value / trade.sum()),
            "count": int(touched.sum()),
        },
    ]


def _describe_negative(total: Float[np.ndarray, "o d s"]) -> dict[str, Any]:
    negative = np.minimum(total, 0.0)
    return {
        "step": "negative flows",
        "rule": f"{int((negative < 0).sum())} flows that reductions of inventories make negative "
        "set to zero",
        "distance": rounded(-negative.sum() / total.sum()),
        "unit": "share of all flows",
    }
