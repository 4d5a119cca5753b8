"""The findings of the flip in numbers, sentences, tables and a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from .._core import figure
from ._episode import Picture
from .attribution import Attribution, BLOCKS, TwoYears


BILLION = 1e3
"""Flows are in million US$, what is printed in billion."""
CHAIN = "chain"


@dataclass(frozen=True)
class Results:
    """Everything that was computed about one change of a balance."""

    whole: TwoYears
    main: Attribution
    readings: Mapping[str, Attribution]
    steps: Mapping[str, Attribution]
    """One window a year, by its name."""
    ranges: pd.DataFrame
    """Least and largest part of each block, bn US$."""
    span: str
    names: tuple[str, str]
    """Of home and partner, for sentences."""

    @property
    def observed(self) -> float:
        """The change of the goods balance in the tables, bn US$."""
        return self._balance(self.whole.after) - self._balance(self.whole.before)

    def measures(self, nature: Mapping[str, Sequence[str]]) -> dict[str, float]:
        """Named numbers: bn US$, shares of the change, and ranks."""
        parts = self.main.balance / BILLION
        total = float(parts.sum())
        numbers = {
            "before": self._balance(self.whole.before),
            "after": self._balance(self.whole.after),
            "change": self.observed,
            "adding_up": total - self.observed,
            "chain_rank": _rank(self.main, CHAIN),
            "broad_rank": _rank(self.readings["broad"], CHAIN),
        }
        for name, part, low, high in zip(
            self.main.names, parts, self.ranges.lowest, self.ranges.highest, strict=True
        ):
            numbers |= {
                name: float(part),
                f"{name}_lowest": float(low),
                f"{name}_highest": float(high),
            }
            numbers[f"{name}_share"] = float(part) / total
        for kind, names in nature.items():
            numbers[f"{kind}_share"] = sum(self.main.of(name) for name in names) / BILLION / total
        numbers["structural_less_cyclical"] = (
            numbers["structural_share"] - numbers["cyclical_share"]
        )
        numbers["steady_share"] = (
            sum(self.main.of(name) for name in self._steady()) / BILLION / total
        )
        return numbers

    def tables(self, worlds: xr.Dataset) -> dict[str, pd.DataFrame]:
        """Frames by title; every number in bn US$."""
        unit = f"bn US$, {self.span}, harmonised basis, long run"
        return {
            "What each part is": pd.DataFrame(
                {"part": list(self.main.names), "what": [BLOCKS[name] for name in self.main.names]}
            ),
            f"Change of the goods balance by part, {unit}": self._by_block(),
            f"The same by sector, {unit}": self._by_sector(worlds),
            "The same year by year, bn US$, harmonised basis, long run": self._by_year(),
            f"Other readings of what is a block, {unit}": self._by_reading(),
        }

    def sentences(self, measures: Mapping[str, float], error: float) -> list[str]:
        """What was found, and whether the published expectation holds."""
        home, partner = self.names
        ranked = [self.main.names[i] for i in np.argsort(-np.abs(self.main.balance))]
        said = lambda name: signed(self.main.of(name) / BILLION)
        share = lambda kind: f"{signed(100 * measures[f'{kind}_share'], 0)} %"
        return [
            f"{home}'s goods balance with {partner} moved from {signed(measures['before'])} to "
            f"{signed(measures['after'])} bn US$ ({self.span}, harmonised basis), by "
            f"{signed(measures['change'])}; fed back together, the changes found meet every flow "
            f"of the last year to {error:.0e} of its sector's largest.",
            f"The largest part is {ranked[0]}, {said(ranked[0])} bn; then "
            + ", ".join(f"{name} {said(name)}" for name in ranked[1:])
            + ".",
            *self._expected(measures),
            f"By the kind of block {share('structural')} of the change is structural, "
            f"{share('cyclical')} cyclical and {share('policy')} tariffs. Blocks that pushed the "
            f"same way every year: {', '.join(self._steady()) or 'none'}; together "
            f"{share('steady')} of the change.",
        ]

    def picture(self) -> Picture:
        """Bars of the parts with their ranges."""
        rows = pd.DataFrame(
            {
                "x": list(self.main.names),
                "series": "Shapley value; whiskers: other elasticities and readings of openness",
                "value": self.main.balance / BILLION,
                "lowest": self.ranges.lowest,
                "highest": self.ranges.highest,
            }
        )
        return Picture(
            kind="bars",
            rows=rows,
            title=f"What moved {self.names[0]}'s goods balance with {self.names[1]}, {self.span}",
            subtitle=f"{signed(self.observed)} bn US$ in all, harmonised basis, long run",
            y="bn US$",
        )

    def _expected(self, measures: Mapping[str, float]) -> list[str]:
        if "chain_rank" not in measures:
            return []
        verdict = "holds" if measures["chain_rank"] == 1 else "misses"
        chain, broad = (
            signed(one.of(CHAIN) / BILLION) for one in (self.main, self.readings["broad"])
        )
        return [
            f"The published expectation that self-sufficiency is the largest {verdict} here: the "
            f"chain's part is {chain} bn, rank {measures['chain_rank']:.0f}; where all that may be "
            f"{self.names[1]}'s rise counts as it, {broad} bn, rank {measures['broad_rank']:.0f}."
        ]

    def _balance(self, economy: Any) -> float:
        place = self.whole.place
        flow = np.asarray(economy.trade)[..., np.arange(economy.trade.shape[2]) != place.services]
        home, partner = place.home, place.partner
        return float(flow[home, partner].sum() - flow[partner, home].sum()) / BILLION

    def _steady(self) -> list[str]:
        """Blocks whose part has the sign of the whole window's in each year."""
        return [
            name
            for name in self.main.names
            if all(step.of(name) * self.main.of(name) > 0 for step in self.steps.values())
        ]

    def _by_block(self) -> pd.DataFrame:
        rows = pd.DataFrame(
            {
                "part": list(self.main.names),
                "exports": self.main.exports.sum(axis=1) / BILLION,
                "imports": self.main.imports.sum(axis=1) / BILLION,
                "balance": self.main.balance / BILLION,
                "lowest": self.ranges.lowest,
                "highest": self.ranges.highest,
            }
        )
        sums = {name: rows[name].sum() for name in ("exports", "imports", "balance")}
        return pd.concat([rows, pd.DataFrame([{"part": "all", **sums}])], ignore_index=True)

    def _by_sector(self, worlds: xr.Dataset) -> pd.DataFrame:
        goods = [
            str(name)
            for position, name in enumerate(worlds.sector_name.values)
            if position != self.whole.place.services
        ]
        exports, imports = self.main.exports / BILLION, self.main.imports / BILLION
        parts = exports - imports
        largest = np.abs(parts).argmax(axis=0)
        frame = pd.DataFrame(
            {
                "sector": goods,
                "exports": exports.sum(axis=0),
                "imports": imports.sum(axis=0),
                "balance": parts.sum(axis=0),
                "largest part": [self.main.names[row] for row in largest],
                "of it": parts[largest, np.arange(len(goods))],
            }
        )
        return frame.sort_values("balance", ignore_index=True)

    def _by_year(self) -> pd.DataFrame:
        parts = {name: step.balance / BILLION for name, step in self.steps.items()}
        frame = pd.DataFrame({"part": list(self.main.names), **parts})
        frame["sum of years"] = frame[list(parts)].sum(axis=1)
        return _with_total(frame.assign(**{"at once": self.main.balance / BILLION}))

    def _by_reading(self) -> pd.DataFrame:
        readings = {"main": self.main, **self.readings}
        names = list(dict.fromkeys(name for one in readings.values() for name in one.names))
        columns = {
            kind: [one.of(name) / BILLION for name in names] for kind, one in readings.items()
        }
        return _with_total(pd.DataFrame({"part": names, **columns}))


def signed(value: float, digits: int = 1) -> str:
    """A number with its sign, as it is printed in a sentence."""
    return figure(value, f"+.{digits}f")


def _rank(parts: Attribution, name: str) -> float:
    sizes = np.abs(parts.balance)
    return float((sizes > sizes[parts.names.index(name)]).sum() + 1)


def _with_total(frame: pd.DataFrame) -> pd.DataFrame:
    total = pd.DataFrame([{"part": "all", **frame.drop(columns="part").sum()}])
    return pd.concat([frame, total], ignore_index=True)
