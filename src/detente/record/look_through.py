"""Dependence through the whole chain of suppliers: the Leontief inverse on the arrays of a world.

Baldwin, Freeman and Theodorakopoulos (2022, NBER 30525; Brookings Papers on Economic Activity,
fall 2023) set what is bought from a supplier at face value beside what stands behind it when its
own suppliers, and theirs, are looked through. A world knows which products a sector uses and from
where its country buys each product; every user in a country is taken to buy from the same places.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float
from scipy import linalg


if TYPE_CHECKING:
    from ..world import Economy


Shares = Float[np.ndarray, " n"]


@dataclass(frozen=True)
class Reliance:
    """Shares of every country, home included, in one total; each adds to one."""

    face: Shares
    """By who sells to, or buys from, the country itself."""
    look_through: Shares
    """By who stands at the end of the chain."""


class Chain:
    """The chain of suppliers of a world, factorised once."""

    def __init__(self, economy: "Economy") -> None:
        self.trade = np.asarray(economy.trade)
        self.output = np.asarray(economy.output)
        self.value_added_share = np.asarray(economy.value_added_share)
        self.countries, self.sectors = self.output.shape
        self.use = _use(economy)
        size = self.countries * self.sectors
        # Copied by the factorisation, since what each user takes is needed beside it.
        self._factors = linalg.lu_factor(np.eye(size) - self.use.reshape(size, size))

    def inputs(self, country: int) -> Reliance:
        """Where a country's inputs come from: suppliers (A), and all behind them ((I-A)^-1 A).

        Look-through counts the gross output of everyone in the chain, so a product that passes
        many hands counts many times: it is the foreign input reliance of the paper, as a share of
        all the chain's output and not of value added.
        """
        taken = self.use[:, :, country, :] @ self.output[country]
        return Reliance(_share(taken.sum(axis=1)), _share(self._behind(taken).sum(axis=1)))

    def spending(self, country: int) -> Reliance:
        """Whose product, and whose value added, a country's final spending buys.

        At producer prices: tariffs paid along the chain are in nobody's share.
        """
        bought = self.final[:, country]
        earned = self.value_added_share * self._behind(bought)
        return Reliance(_share(bought.sum(axis=1)), _share(earned.sum(axis=1)))

    def sales(self, country: int) -> Reliance:
        """Who buys a country's output, and whose final spending its value added ends in."""
        own = np.zeros_like(self.output)
        own[country] = self.value_added_share[country]
        worth = linalg.lu_solve(self._factors, own.ravel(), trans=1).reshape(own.shape)
        ends = np.einsum("ok,odk->d", worth, self.final)
        return Reliance(_share(self.trade[country].sum(axis=1)), _share(ends))

    @property
    def final(self) -> Float[np.ndarray, "o d s"]:
        """What is bought for final use, at producer prices."""
        return self.trade - np.einsum("okns,ns->onk", self.use, self.output)

    def _behind(self, delivered: Float[np.ndarray, "o s"]) -> Float[np.ndarray, "o s"]:
        """The output of everyone that a delivery takes, itself included: (I-A)^-1."""
        return linalg.lu_solve(self._factors, delivered.ravel()).reshape(delivered.shape)


def _use(economy: "Economy") -> Float[np.ndarray, "o k n s"]:
    """A: producer value of product k of origin o in a unit of output of sector s in country n."""
    landed = np.asarray(economy.expenditure_share) / (1.0 + np.asarray(economy.tariff))
    return np.einsum("onk,nks->okns", landed, np.asarray(economy.input_share))


def _share(values: Shares) -> Shares:
    """Values over their sum; not a number where there is nothing to share."""
    total = values.sum()
    return values / total if total else np.full_like(values, np.nan)
