"""A short name for the numbers that a counterfactual depends on."""

import hashlib

import numpy as np

from ..world import Economy


def fingerprint(economy: Economy) -> str:
    """A short hash of the numbers that a counterfactual depends on."""
    digest = hashlib.sha256()
    # Potential trade is last and may be absent, so that worlds without it keep their hash.
    arrays = [economy.trade, economy.tariff, economy.input_share, economy.trade_elasticity]
    if economy.potential_trade is not None:
        arrays.append(economy.potential_trade)
    for array in arrays:
        digest.update(np.ascontiguousarray(array, np.float64).tobytes())
    return digest.hexdigest()[:16]
