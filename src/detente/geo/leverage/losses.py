"""Threat loss and self-cost, exact, from the log welfare of worlds with and without the threat."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from ...selection import country_mask, Names
from ...world import Baseline


@dataclass(frozen=True)
class Sides:
    """The two sides of a threat, and what turns their losses into money."""

    income: Float[np.ndarray, " n"]
    """Of the baseline, million US$: what is spent on final goods."""
    gdp: Float[np.ndarray, " n"]
    """Of the baseline, million US$: income less the trade deficit."""
    senders: Float[np.ndarray, " n"]
    """One for each sender."""
    target: Float[np.ndarray, " n"]
    """One for the target."""

    @classmethod
    def of(cls, baseline: Baseline, senders: Names, target: str) -> "Sides":
        income = np.asarray(baseline.economy.income)
        return cls(
            income,
            income - np.asarray(baseline.economy.deficit),
            country_mask(baseline, senders).astype(float),
            country_mask(baseline, (target,)).astype(float),
        )


@dataclass(frozen=True)
class Loss:
    """What a threat costs one side; negative is a gain. Arrays have the shape of the draws."""

    log: Float[np.ndarray, "..."]
    """Fall of log real income, L; over several countries the mean weighted by income."""
    percent: Float[np.ndarray, "..."]
    """Of real income without the threat."""
    usd: Float[np.ndarray, "..."]
    """Million US$ of the baseline year: the difference of the equivalent variations."""
    gdp: Float[np.ndarray, "..."]
    """The same in percent of the baseline's GDP."""


def loss(
    without: Float[np.ndarray, "... n"], under: Float[np.ndarray, "... n"],
    side: Float[np.ndarray, " n"], sides: Sides,
) -> Loss:  # fmt: skip
    """The loss of a side from log welfare without the threat and under it."""
    chosen = side * sides.income
    fall = without - under
    usd = np.asarray(((np.exp(without) - np.exp(under)) * chosen).sum(-1))
    before = (np.exp(without) * chosen).sum(-1)
    return Loss(
        log=np.asarray((fall * chosen).sum(-1) / chosen.sum()),
        percent=np.asarray(100 * usd / before),
        usd=usd,
        gdp=np.asarray(100 * usd / (side * sides.gdp).sum()),
    )


HEADLINES = ("threat_loss", "self_cost", "ratio")


def headline(welfare: Float[np.ndarray, "... p n"], sides: Sides) -> Float[np.ndarray, "... q 3"]:
    """Threat loss and self-cost in percent, and the ratio of their logs, of every threat.

    The first world `p` is the one without the threat, each other one a threat carried out; leading
    axes, such as draws, are kept. A ratio below zero is a sender that gains.
    """
    without, under = welfare[..., :1, :], welfare[..., 1:, :]
    target = loss(without, under, sides.target, sides)
    sender = loss(without, under, sides.senders, sides)
    return np.stack([target.percent, sender.percent, ratio(target, sender)], axis=-1)


def ratio(target: Loss, sender: Loss) -> Float[np.ndarray, "..."]:
    """The threat loss over the self-cost, both in logs; not a number where neither side loses."""
    some = sender.log != 0
    return np.asarray(np.where(some, target.log / np.where(some, sender.log, 1.0), np.nan))


def columns(target: Loss, sender: Loss) -> dict[str, np.ndarray]:
    """Both sides by name, as the columns of a table."""
    named: dict[str, np.ndarray] = {}
    for name, one in (("threat_loss", target), ("self_cost", sender)):
        named |= {name: one.percent, f"{name}_usd": one.usd, f"{name}_gdp": one.gdp}
        named[f"{name}_log"] = 100 * one.log
    return named | {"ratio": ratio(target, sender)}


def rows_of(
    welfare: Float[np.ndarray, "p n"], sides: Sides, labels: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """A row for every threat, under its labels."""
    target = loss(welfare[:1], welfare[1:], sides.target, sides)
    sender = loss(welfare[:1], welfare[1:], sides.senders, sides)
    table = columns(target, sender)
    return [
        {**label, **{name: float(values[at]) for name, values in table.items()}}
        for at, label in enumerate(labels)
    ]
