"""Move a table to the margins of a newer year: GDP by country, and trade totals by pair.

Kept are technology (input shares) and the composition of final demand. Known are GDP and totals by
pair and group of sectors. What a country absorbs of each product follows from them: intermediate
use at its outputs, and its final demand, which is GDP, tariff revenue and the deficit that the pair
totals imply. Among all flows with these totals the nearest to the old ones is taken (GRAS). Outputs
are an outcome, so that absorption and flows are solved together.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Bool, Float, Int

from .._core import DataError
from .balance import TOLERANCE
from .gras import gras, MOST_SWEEPS


MOST_ROUNDS = 400
"""Rounds of flows and absorption; a world converges in 20 to 100."""
SWEEPS_PER_ROUND = 20
"""Sweeps within a round that is not the last: absorption moves too, so more would be wasted."""
CONVERGED = 1e-9
"""Largest change of absorption between rounds, relative to the largest of the country."""
MISSED = 1e-3
"""Share of a country's known imports beyond which they cannot be met; others are met to 1e-5."""
LEAST_AT_HOME = 0.02
"""Least share of absorption of a group of sectors that comes from home. Totals that leave less are
those of trade that passes through, which no country absorbs."""


@dataclass(frozen=True, slots=True)
class TradeTable:
    """The table to move: flows at producer prices, technology, tariffs, groups of sectors."""

    trade: Float[np.ndarray, "o d s"]
    input_share: Float[np.ndarray, "n k s"]
    tariff: Float[np.ndarray, "o d s"]
    group: Int[np.ndarray, " s"]
    """Number of the group of each sector, such as goods and services."""


@dataclass(frozen=True, slots=True)
class Margins:
    """What is known of the newer year."""

    gdp: Float[np.ndarray, " n"]
    """GDP over that of the table's year."""
    pair: Float[np.ndarray, "o d g"]
    """Totals by pair and group in the unit of the table; not a number where not known."""


@dataclass(frozen=True, slots=True)
class UpdatedTable:
    """Flows at the new margins, and how well they meet them."""

    trade: Float[np.ndarray, "o d s"]
    residual: float
    rounds: int
    known: Bool[np.ndarray, "o d g"] = field(repr=False)
    """Totals that were set; the others follow the GDP of both sides."""
    through: tuple[int, ...] = ()
    """Countries whose known totals exceed what they absorb, all or of some product; not set."""


def update(table: TradeTable, margins: Margins) -> UpdatedTable:
    """The table at the new margins.

    Unknown totals move with the geometric mean of both GDP; so do those of countries whose
    imports would exceed what they absorb.
    """
    _refuse(margins)
    margins = _of_known_flows(table, margins)
    known = np.isfinite(margins.pair) & ~np.eye(len(margins.gdp), dtype=bool)[:, :, None]
    through: set[int] = set()
    while True:
        open_ = known.copy()
        for country in through:
            open_[country, :], open_[:, country] = False, False
        target = pair_totals(table, margins, open_)
        excess = _too_large(table, target, margins.gdp) - through
        if not excess:
            updated, short = _solve(table, target, margins.gdp, open_, tuple(sorted(through)))
            excess = short - through
            if not excess:
                return updated
        through |= excess


def pair_totals(
    table: TradeTable, margins: Margins, known: Bool[np.ndarray, "o d g"]
) -> Float[np.ndarray, "o d g"]:
    """Totals by pair and group: known ones, and the old ones moved with GDP; the home ones too."""
    old = by_group(table.trade, table.group)
    growth = np.sqrt(margins.gdp[:, None] * margins.gdp[None, :])
    return np.where(known, np.nan_to_num(margins.pair), old * growth[:, :, None])


def by_group(values: Float[np.ndarray, "o d s"], group: Int[np.ndarray, " s"]) -> np.ndarray:
    """Sums over the sectors of each group (o, d, g)."""
    return np.stack([values[:, :, group == g].sum(axis=2) for g in range(group.max() + 1)], axis=2)


def _refuse(margins: Margins) -> None:
    positive = np.isfinite(margins.gdp) & (margins.gdp > 0)
    if not positive.all():
        place = int(np.flatnonzero(~positive)[0])
        raise DataError(f"the new GDP of country number {place + 1} is not a positive number.")
    if (np.nan_to_num(margins.pair) < 0).any():
        raise DataError("a total by pair is negative.")


def _of_known_flows(table: TradeTable, margins: Margins) -> Margins:
    """Without totals of flows that the table does not have: they have no composition."""
    absent = (by_group(table.trade, table.group) <= 0) & (margins.pair > 0)
    absent &= ~np.eye(len(margins.gdp), dtype=bool)[:, :, None]
    return replace(margins, pair=np.where(absent, np.nan, margins.pair))


def _final(table: TradeTable) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Output, final demand and value added of the table."""
    bought = table.trade * (1.0 + table.tariff)
    output = table.trade.sum(axis=1)
    use = np.einsum("nks,ns->nk", table.input_share, output)
    added = output.sum(axis=1) - use.sum(axis=1)
    return output, bought.sum(axis=0) - use, added


def _too_large(table: TradeTable, target: np.ndarray, gdp: np.ndarray) -> set[int]:
    """Countries that would import more of a group than they absorb of it, near enough."""
    output, final, _ = _final(table)
    use = np.einsum("nks,ns->nk", table.input_share, output) * gdp[:, None]
    absorbed = use + final * gdp[:, None]
    countries: set[int] = set()
    for group in range(target.shape[2]):
        imports = target[:, :, group].sum(axis=0) - np.diagonal(target[:, :, group])
        here = absorbed[:, table.group == group].sum(axis=1)
        countries |= set(np.flatnonzero(imports > (1.0 - LEAST_AT_HOME) * here).tolist())
    return countries


def _solve(
    table: TradeTable,
    target: np.ndarray,
    gdp: np.ndarray,
    known: Bool[np.ndarray, "o d g"],
    through: tuple[int, ...],
) -> tuple[UpdatedTable, set[int]]:
    """Flows and absorption together, and a country whose known totals cannot be met, if any."""
    output, final, added = _final(table)
    share = final / final.sum(axis=1, keepdims=True)
    new_gdp = added * gdp
    home = np.arange(len(gdp))
    abroad = target.copy()
    abroad[home, home] = 0.0
    deficit = abroad.sum(axis=(0, 2)) - abroad.sum(axis=(1, 2))
    paid = 1.0 + table.tariff
    flows = table.trade * paid
    output = output * gdp[:, None]
    absorbed, change, rounds = np.zeros_like(output), np.inf, 0
    while change > CONVERGED and rounds < MOST_ROUNDS:
        revenue = (flows - flows / paid).sum(axis=(0, 2))
        income = new_gdp + revenue + deficit
        use = np.einsum("nks,ns->nk", table.input_share, output)
        latest = use + share * income[:, None]
        change = float((np.abs(latest - absorbed).max(axis=1) / latest.max(axis=1)).max())
        absorbed, rounds = latest, rounds + 1
        flows = _flows(table, flows, abroad, absorbed, paid, SWEEPS_PER_ROUND)
        output = (flows / paid).sum(axis=1)
    flows = _flows(table, flows, abroad, absorbed, paid, MOST_SWEEPS)
    if not np.isfinite(flows).all():
        raise DataError("totals by pair are far beyond what a country absorbs of some product.")
    trade = flows / paid
    short = _short(by_group(trade, table.group), abroad, known)
    missed = np.abs(by_group(trade, table.group) - abroad) * known
    residual = max(change, float(missed.max() / max(float(abroad.max()), TOLERANCE)))
    return UpdatedTable(trade, residual, rounds, known, through), short


def _short(reached: np.ndarray, wanted: np.ndarray, known: Bool[np.ndarray, "o d g"]) -> set[int]:
    """The country that absorbs least of what is known to arrive, if some product is used up.

    One at a time: those that trade with it miss totals too, until it is left out.
    """
    missed = (np.abs(reached - wanted) * known).sum(axis=0)
    arrives = (wanted * known).sum(axis=0)
    share = np.divide(missed, arrives, out=np.zeros_like(missed), where=arrives > 0).max(axis=1)
    return {int(share.argmax())} if share.max() > MISSED else set()


def _flows(
    table: TradeTable,
    flows: np.ndarray,
    abroad: np.ndarray,
    absorbed: np.ndarray,
    paid: np.ndarray,
    sweeps: int,
) -> np.ndarray:
    """Flows of each group nearest to the old ones, by destination: origins by sectors."""
    result = np.zeros_like(flows)
    seed = table.trade * paid
    home = np.arange(len(absorbed))
    for group in range(abroad.shape[2]):
        inside = table.group == group
        # Purchaser values: the mean tariff of a pair is that of the latest round.
        old, new = flows[:, :, inside].sum(axis=2), (flows / paid)[:, :, inside].sum(axis=2)
        markup = np.where(new != 0, old / np.where(new != 0, new, 1.0), 1.0)
        totals = abroad[:, :, group] * markup
        wanted = absorbed[:, inside]
        totals[home, home] = wanted.sum(axis=1) - totals.sum(axis=0)
        moved = gras(np.swapaxes(seed[:, :, inside], 0, 1), totals.T, wanted, most_sweeps=sweeps)
        result[:, :, inside] = np.swapaxes(moved.matrix, 0, 1)
    return result
