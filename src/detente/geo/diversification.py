"""Diversification as insurance: what it takes to depend less, what it costs, and what it saves.

For every class of products the smallest import wedge that brings a supplier's share below a target,
its cost every year (the premium), and by how much the loss from a cut-off falls (the cover). The
premium over the cover is the chance of a cut-off per year at which the insurance begins to pay: the
chance itself is not estimated.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import equinox as eqx
import numpy as np
import pandas as pd
from jaxtyping import Bool

from .._core import nearest, ScenarioError
from .._ratios import RISES
from ..about import About
from ..adjustment import Run
from ..closure import Closure
from ..record.dependence import concentration_of
from ..scenario import Scenario
from ..selection import sector_mask
from ..simulation import Play
from ..world import Baseline, Economy
from .exposure import describe, HORIZONS, setting
from .import_wedges import cut_off, Diversified, diversify_to, Kind, KINDS, Link, loss_from
from .logit_path import wedge_needed


TOGETHER = "together"


@dataclass(frozen=True)
class Insurance:
    """Premium and cover of bringing one supplier's shares below a target, by class."""

    about: About
    shares: pd.DataFrame
    """sector, name, share (of the supplier), hhi, leader, leader_share, imports (million US$ from
    the supplier), above (the target): industry level, from the baseline."""
    wedges: pd.DataFrame
    """class, sectors, kind, share, wedge_at_fixed_prices and wedge (ad valorem, factors of one;
    for a class that is several, the largest of its wedges), share_after (the largest), premium
    (percent of real income a year; negative is a gain) and premium_value (million US$ a year)."""
    cover: pd.DataFrame
    """class, kind, horizon, loss_before and loss_after (percent of real income), cover (their
    difference), cover_per_point (by which the loss falls for each percentage point of share, where
    it is one class), threshold (chance of a cut-off per year above which it pays)."""


@dataclass(frozen=True)
class Question:
    """Who diversifies away from whom, in what, to where; and what the threat is."""

    buyer: str
    supplier: str
    below: float = 0.5
    sectors: tuple[str, ...] = ()
    """Sectors or groups; without them every goods sector whose share is above the target."""
    as_one: bool = False
    """One wedge for all the sectors as one class, rather than one for each."""
    cost: float | None = None
    """The threat as a real cost; without it the exports are prohibited."""


def insurance(
    baseline: Baseline,
    question: Question,
    scenario: Scenario | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Insurance:
    """What diversification costs and what it saves, by class and for all classes together.

    The wedge is set at the long horizon; the cut-off then meets the diversified world at either.
    Raises `ScenarioError` for names and shares that make no sense, `SolveError` where there is no
    equilibrium.
    """
    _check(question, baseline)
    chosen = _chosen(question, baseline)
    plays: dict[Run, Play] = {one: setting(baseline, one, scenario) for one in HORIZONS}
    wedges, covers = [], []
    for name, link in _links(question, baseline, chosen).items():
        for kind in KINDS:
            progress(f"{name}, {kind}")
            after = diversify_to(plays["long"], link, question.below, kind)
            case = _Case(name, link, kind, plays, question, after)
            wedges.append(case.wedge())
            covers += [case.cover(horizon) for horizon in HORIZONS]
    return Insurance(
        describe(baseline, scenario, **_asked(question, baseline, chosen)),
        shares_from(baseline, question.buyer, question.supplier, question.below),
        pd.DataFrame(wedges),
        pd.DataFrame(covers),
    )


def shares_from(baseline: Baseline, buyer: str, supplier: str, below: float) -> pd.DataFrame:
    """A supplier's share in a buyer's imports by goods sector, with concentration beside it."""
    table = concentration_of(baseline, buyer)
    goods = [c for c, is_in in zip(baseline.sectors, _goods(baseline), strict=True) if is_in]
    table = table.loc[table.sector.isin(goods)].drop(columns="weight")
    imports = np.array(np.asarray(baseline.economy.trade)[:, baseline.country_index[buyer]])
    imports[baseline.country_index[buyer]] = 0.0
    place = [baseline.sector_index[code] for code in table.sector]
    bought = imports[baseline.country_index[supplier], place]
    table = table.assign(share=bought / imports[:, place].sum(axis=0), imports=bought)
    table = table.assign(above=table.share > below)
    return table.sort_values("share", ascending=False, ignore_index=True)


@dataclass(frozen=True)
class _Case:
    """One class, or all of them together, under one kind of wedge."""

    name: str
    link: Link
    kind: Kind
    plays: Mapping[Run, Play]
    question: Question
    after: Diversified

    @property
    def premium(self) -> float:
        """Percent of real income a year, as a log."""
        return -100 * float(self.after.log_welfare[self.link.buyer])

    def wedge(self) -> dict[str, Any]:
        economy, link = self.plays["long"].economy, self.link
        share = link.shares(np.asarray(economy.trade))
        theta = link.weights(economy) @ np.asarray(economy.trade_elasticity)
        needed = [
            wedge_needed(one, self.question.below, slope + (self.kind == "tariff"))
            for one, slope in zip(share.tolist(), theta.tolist(), strict=True)
        ]
        income = float(economy.income[link.buyer])
        return {
            "class": self.name,
            "sectors": ", ".join(_codes(self.plays["long"].baseline, np.any(link.classes, axis=0))),
            "kind": self.kind,
            "share": float(share.max()),
            "wedge_at_fixed_prices": max(needed),
            "wedge": float(self.after.wedge.max()),
            "share_after": float(self.after.share.max()),
            "premium": self.premium,
            "premium_value": -float(np.expm1(-self.premium / 100)) * income,
        }

    def cover(self, horizon: Run) -> dict[str, Any]:
        """The loss from a cut-off on the world as it is and on the diversified one."""
        played = self.plays[horizon]
        diversified = eqx.tree_at(
            lambda world: world.trade_elasticity,
            self.after.economy,
            played.economy.trade_elasticity,
        )
        before, after = (self._loss(economy, played.closure) for economy in (
            played.economy, diversified))  # fmt: skip
        saved = before - after if self.after.wedge.any() else 0.0
        return {
            "class": self.name,
            "kind": self.kind,
            "horizon": horizon,
            "loss_before": before,
            "loss_after": after,
            "cover": saved,
            "cover_per_point": saved / self._points if self._points > 0 else math.nan,
            "threshold": threshold(self.premium, saved),
        }

    @property
    def _points(self) -> float:
        """Percentage points by which the share falls; zero where there are several classes."""
        before = self.link.shares(np.asarray(self.plays["long"].economy.trade))
        return 100 * float((before - self.after.share)[0]) if len(before) == 1 else 0.0

    def _loss(self, economy: Economy, closure: Closure) -> float:
        shock = cut_off(economy, self.link, cost=self.question.cost)
        return 100 * loss_from(economy, shock, closure, self.link.buyer)


def threshold(premium: float, cover: float) -> float:
    """The chance of a cut-off per year at which premium and cover are equal: p = premium / cover.

    With the wedge a country loses the premium every year and the smaller loss in a year of a
    cut-off, without it the larger loss in such a year. Zero where the wedge costs nothing, infinite
    where it covers nothing, not a number where nothing is diversified.
    """
    if premium == 0 and cover == 0:
        return math.nan
    if premium <= 0:
        return 0.0
    return premium / cover if cover > 0 else math.inf


def _links(
    question: Question, baseline: Baseline, chosen: Bool[np.ndarray, " s"]
) -> dict[str, Link]:
    """One link for each class, and one for all of them together where there are several."""
    place = baseline.country_index
    link = lambda classes: Link(place[question.supplier], place[question.buyer], classes)
    if question.as_one:
        return {TOGETHER: link(chosen[None])}
    single = np.eye(len(chosen), dtype=bool)[chosen]
    links = dict(zip(_codes(baseline, chosen), (link(row[None]) for row in single), strict=True))
    return links | ({TOGETHER: link(single)} if len(single) > 1 else {})


def _chosen(question: Question, baseline: Baseline) -> Bool[np.ndarray, " s"]:
    """The sectors named, or every goods sector above the target; always ones that are bought."""
    shares = shares_from(baseline, question.buyer, question.supplier, question.below)
    bought = shares.loc[(shares.share > 0) & (shares.share < 1)]
    named = sector_mask(baseline, question.sectors) if question.sectors else _goods(baseline)
    known = set(bought.sector if question.sectors else bought.sector[bought.above])
    traded = np.array([code in known for code in baseline.sectors])
    if (named & traded).any():
        return named & traded
    if question.sectors:
        raise ScenarioError(
            f"{question.buyer} buys no goods of {', '.join(question.sectors)} that come from "
            f"{question.supplier} and from others too."
        )
    highest = bought.iloc[0] if len(bought) else None
    most = (
        ""
        if highest is None
        else f"; the highest is {100 * highest.share:.1f} % ({highest.sector})"
    )
    raise ScenarioError(
        f"no goods sector of {baseline.name} has a share of {question.supplier} in imports of "
        f"{question.buyer} above {100 * question.below:g} %{most}; name sectors or a lower target."
    )


def _goods(baseline: Baseline) -> Bool[np.ndarray, " s"]:
    if "goods" not in baseline.sector_groups:
        return np.ones(len(baseline.sectors), bool)
    return sector_mask(baseline, ("goods",))


def _codes(baseline: Baseline, mask: np.ndarray) -> list[str]:
    return [code for code, is_in in zip(baseline.sectors, mask, strict=True) if is_in]


def _asked(
    question: Question, baseline: Baseline, chosen: Bool[np.ndarray, " s"]
) -> dict[str, Any]:
    threat = (
        "prohibited"
        if question.cost is None
        else f"at a real cost {100 * question.cost:g} % higher"
    )
    return {
        "country": question.buyer,
        "supplier": question.supplier,
        "below": question.below,
        "sectors": _codes(baseline, chosen),
        "prohibited": question.cost is None,
        "detail": "industry, from the baseline",
        "threat": f"exports of these sectors from {question.supplier} are {threat}",
        "units": {"premium": "percent of real income a year", "cover": "percent of real income",
                  "threshold": "chance of a cut-off per year", "wedge": "factor of one"},
    }  # fmt: skip


def _check(question: Question, baseline: Baseline) -> None:
    for code in (question.buyer, question.supplier):
        if code not in baseline.country_index:
            raise ScenarioError(
                f"'{code}' is not a country of {baseline.name}; {nearest(code, baseline.countries)}"
            )
    if question.buyer == question.supplier:
        raise ScenarioError(f"'{question.buyer}' cannot diversify away from itself.")
    if not 0 < question.below < 1:
        raise ScenarioError(f"a target share must lie between 0 and 1, not {question.below:g}.")
    if question.cost is not None and RISES.option("cost")(question.cost) <= 0:
        raise ScenarioError("the cost of a cut-off must be positive; leave it out to prohibit.")
