"""A short name for the numbers that a counterfactual depends on."""

import hashlib

import numpy as np
from jaxtyping import Float

from ..world import Economy


def fingerprint(
    economy: Economy,
    line_average_tariff: Float[np.ndarray, "o d s"] | None = None,
    alternative_trade: Float[np.ndarray, "o d s"] | None = None,
) -> str:
    """A short hash of the numbers that a counterfactual and its interval depend on."""
    digest = hashlib.sha256()
    # What may be absent is last, so that worlds without it keep their hash.
    arrays = [economy.trade, economy.tariff, economy.input_share, economy.trade_elasticity]
    if economy.potential_trade is not None:
        arrays.append(economy.potential_trade)
    for array in arrays:
        digest.update(np.ascontiguousarray(array, np.float64).tobytes())
    for name, array in (("line average", line_average_tariff), ("alternative", alternative_trade)):
        if array is not None:
            digest.update(name.encode() + np.ascontiguousarray(array, np.float64).tobytes())
    return digest.hexdigest()[:16]
