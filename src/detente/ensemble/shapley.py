"""Who brought about a change that several causes made together: Shapley values, exactly.

Shapley, L. S. (1953), "A value for n-person games", Contributions to the Theory of Games II: the
average, over all orders in which causes can arrive, of what each adds to those already there.
"""

from math import factorial

import numpy as np
from jaxtyping import Bool, Float

from .._core import ScenarioError


MOST_BLOCKS = 12
"""Every combination is computed: 4096 of them at most."""


def coalitions(blocks: int) -> Bool[np.ndarray, "coalition block"]:
    """Every combination of blocks, in binary order: the first has none of them, the last all."""
    if not 1 <= blocks <= MOST_BLOCKS:
        raise ScenarioError(f"1 to {MOST_BLOCKS} blocks can be told apart exactly, not {blocks}.")
    return (np.arange(2**blocks)[:, None] >> np.arange(blocks)) % 2 == 1


def shapley(value: Float[np.ndarray, "coalition ..."]) -> Float[np.ndarray, "block ..."]:
    """The part of each block in the value of all of them, which the parts add up to.

    `value` holds the outcome of each combination in the order of `coalitions`; what there is
    without any block is taken off. Shapley (1953), eq. 12.
    """
    blocks = len(value).bit_length() - 1
    member = coalitions(blocks)
    if len(value) != len(member):
        raise ScenarioError(f"{len(value)} outcomes are not those of every combination of blocks.")
    before = member.sum(axis=1)
    weight = np.array([factorial(n) * factorial(blocks - n - 1) for n in range(blocks)])
    parts = []
    for block in range(blocks):
        without = np.flatnonzero(~member[:, block])
        added = value[without + 2**block] - value[without]
        share = weight[before[without]] / factorial(blocks)
        parts.append(np.tensordot(share, added, axes=(0, 0)))
    return np.stack(parts)
