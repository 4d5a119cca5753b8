"""How wrong a table is that was moved to newer margins: inside WIOD, where the truth is known."""

from pathlib import Path

import numpy as np
import pandas as pd

from detente.calibrate.update import by_group, Margins, TradeTable, update
from detente.data.tables import read_parquet


COUNTRIES, SECTORS, USES, GOODS = 41, 35, 5, 16
GROUP = np.array([0] * GOODS + [1] * (SECTORS - GOODS))


def read(folder: Path, year: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Flows (o, d, s), input shares (n, k, s) and countries of a table."""
    path = folder / f"wiot_{year}.parquet"
    labels = read_parquet(path, ["row"])["row"]
    countries = [str(label).split("_")[0] for label in labels[::SECTORS]]
    names = [f"{c}_c{k}" for c in countries for k in range(1, SECTORS + 1)]
    names += [f"{c}_f{k}" for c in countries for k in range(1, USES + 1)]
    values = read_parquet(path, names).to_numpy(float)
    size = COUNTRIES * SECTORS
    inputs = values[:, :size].reshape(COUNTRIES, SECTORS, COUNTRIES, SECTORS)
    final = values[:, size:].reshape(COUNTRIES, SECTORS, COUNTRIES, USES)
    trade = np.swapaxes(inputs.sum(3) + final.sum(3), 1, 2)
    output = trade.sum(1)[:, None, :]
    use = np.swapaxes(inputs.sum(0), 0, 1)
    return trade, np.divide(use, output, out=np.zeros_like(use), where=output > 0), countries


def gdp(trade: np.ndarray, share: np.ndarray) -> np.ndarray:
    return (trade.sum(1) * (1 - share.sum(1))).sum(1)


def back_cast(folder: Path, start: int, end: int) -> pd.DataFrame:
    """Weighted absolute percentage errors (as shares) of four ways to get the later table.

    Not moved; each origin scaled with its GDP; each pair scaled to its totals, home with GDP; and
    moved by `update` to GDP and the totals by pair of goods and services.
    """
    trade, share, countries = read(folder, start)
    truth, later, _ = read(folder, end)
    growth = gdp(truth, later) / gdp(trade, share)
    pair, old = by_group(truth, GROUP), by_group(trade, GROUP)
    economy = TradeTable(trade, share, np.zeros_like(trade), GROUP)
    moved = update(economy, Margins(growth, np.maximum(pair, 0.0))).trade
    ratio = np.divide(pair, old, out=np.ones_like(pair), where=old > 0)
    home = np.arange(COUNTRIES)
    ratio[home, home] = growth[:, None]
    ways = {
        "not moved": trade,
        "with GDP": trade * growth[:, None, None],
        "pair by pair": trade * ratio[:, :, GROUP],
        "moved": moved,
    }
    return pd.DataFrame(
        {name: _errors(table, truth, later, share, countries) for name, table in ways.items()}
    )


def _errors(
    table: np.ndarray, truth: np.ndarray, later: np.ndarray, share: np.ndarray, countries: list[str]
) -> dict[str, float]:
    at_home = np.eye(COUNTRIES, dtype=bool)[:, :, None] & np.ones(SECTORS, dtype=bool)
    goods = np.broadcast_to(GROUP == 0, truth.shape)
    korea, china = countries.index("KOR"), countries.index("CHN")
    pairs = {"Korea to China": (korea, china), "China to Korea": (china, korea)}
    cells = {
        "all flows": np.ones(truth.shape, dtype=bool),
        "at home": at_home,
        "goods abroad": ~at_home & goods,
        "services abroad": ~at_home & ~goods,
    }
    for name, ends in pairs.items():
        cells[name] = np.zeros(truth.shape, dtype=bool)
        cells[name][ends] = True
    gap = np.abs(table - truth)
    errors = {name: float(gap[c].sum() / np.abs(truth[c]).sum()) for name, c in cells.items()}
    known = gdp(truth, later)
    errors["GDP missed"] = float(np.abs(gdp(table, share) - known).sum() / known.sum())
    return errors
