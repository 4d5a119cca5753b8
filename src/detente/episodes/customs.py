"""The same causes on the books of one side's customs, as far as those books go."""

from collections.abc import Mapping, Sequence
from math import log

import numpy as np
import pandas as pd

from .attribution import Attribution


BOOK = "the book"
"""What customs record and the harmonised tables do not, or the other way round."""


def customs_parts(
    parts: Attribution, customs: Mapping[str, Sequence[float]], years: tuple[int, int]
) -> pd.DataFrame | None:
    """Customs' change of exports, imports and balance by block; None without both years.

    Customs have no model of their own. Each block is taken to move their totals by the percentage
    by which it moves those of the harmonised tables; the rest is the book. Totals are split by the
    logarithmic mean (Ang 2004, Energy Policy 32(9)), so that the parts add up. In the unit of
    `customs`.
    """
    if not {str(year) for year in years} <= set(customs):
        return None
    (sold, bought), (sold_after, bought_after) = (customs[str(year)] for year in years)
    exports = _split(sold, sold_after, parts.log_exports)
    imports = _split(bought, bought_after, parts.log_imports)
    frame = pd.DataFrame(
        {"part": [*parts.names, BOOK], "exports": exports, "imports": imports}
    ).assign(balance=exports - imports)
    total = pd.DataFrame([{"part": "all", **frame[["exports", "imports", "balance"]].sum()}])
    return pd.concat([frame, total], ignore_index=True)


def _split(before: float, after: float, logs: np.ndarray) -> np.ndarray:
    growth = log(after / before)
    mean = (after - before) / growth if growth else before
    return mean * np.append(logs, growth - logs.sum())
