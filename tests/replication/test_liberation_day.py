"""Ignatenko, Lashkaripour, Macedoni and Simonovska (2025): 194 countries and the US tariffs of 2025.

Their program has labour that follows the wage, partial pass-through, and income taxes that fall
with tariff revenue, none of which the engine has. What is left of their conditions without these
is the engine's model: labour given, full pass-through, revenue handed back, deficits a given part
of world output. It is compared there, at their trade elasticity of 4.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from detente.equilibrium import welfare_hat

from .engine import armington, new_tariff, solved
from .independent import CaliendoParro


# The engine stops at 1e-10, in a world with countries of a millionth of its output.
AGREE = 1e-8
THETA = 4.0

pytestmark = pytest.mark.shared


def test_us_tariffs_and_their_like_agree_with_another_implementation(
    paper: Callable[[str], Path],
) -> None:
    """The announced US tariffs, answered by each country with the same."""
    folder = paper("liberation_day_2025")
    flows = np.load(folder / "base_2023.npz", allow_pickle=False)["X_with_domestic"]
    tariff = np.load(folder / "tariff_scenarios.npz")["ustr_reciprocal"][:, :, None]
    world = armington(flows, THETA)
    found = solved(world, new_tariff(world, tariff))
    other = CaliendoParro(
        *(np.asarray(a) for a in (world.trade, world.tariff, world.input_share, world.trade_elasticity))
    ).after(tariff)  # fmt: skip
    np.testing.assert_allclose(found.labour_income_hat, other.wage, rtol=AGREE)
    np.testing.assert_allclose(found.price_hat, other.price, rtol=AGREE)
    np.testing.assert_allclose(welfare_hat(world, found), other.welfare, rtol=AGREE)
