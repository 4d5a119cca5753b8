"""A tariff schedule as arrays: thousands of lines laid over a table of rates at once."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float, Int

from ..selection import country_mask, Everyone, Names, sector_mask
from ..world import Baseline


if TYPE_CHECKING:
    from .tariffs import TariffLine

# Cells that are held at once: lines on everything from everybody are many times the world.
_CELLS_AT_ONCE = 4_000_000

Lookup = tuple[Int[np.ndarray, " line"], Int[np.ndarray, "name member"], Int[np.ndarray, " name"]]
"""Which name each line has, the positions a name stands for, and how many they are."""


def overlaid(
    tariff: Float[np.ndarray, "o d s"], lines: "Sequence[TariffLine]", baseline: Baseline
) -> Float[np.ndarray, "o d s"]:
    """The rates after a schedule: later lines win, changes add to the rates before all of it."""
    ends = (
        _lookup([one.exporter for one in lines], lambda names: country_mask(baseline, names)),
        _lookup([one.importer for one in lines], lambda names: country_mask(baseline, names)),
        _lookup([one.sector for one in lines], lambda names: sector_mask(baseline, names)),
    )
    is_rate = np.array([one.rate is not None for one in lines])
    size = np.array([one.rate if one.rate is not None else one.change or 0.0 for one in lines])
    before, after = tariff.ravel(), tariff.flatten()
    for line, cell in _cells(ends, tariff.shape):
        # An index that stands in a list twice keeps what is assigned to it last.
        after[cell] = size[line] + np.where(is_rate[line], 0.0, before[cell])
    return after.reshape(tariff.shape)


def _lookup(
    names: Sequence[str], mask: Callable[[Names | Everyone], Bool[np.ndarray, " x"]]
) -> Lookup:
    """Each name is looked up once, however many lines have it."""
    once = {name: at for at, name in enumerate(dict.fromkeys(names))}
    found = [np.flatnonzero(mask("all" if name == "all" else (name,))) for name in once]
    counts = np.array([len(one) for one in found])
    padded = np.zeros((len(found), counts.max()), int)
    for at, positions in enumerate(found):
        padded[at, : len(positions)] = positions
    return np.array([once[name] for name in names]), padded, counts


def _cells(
    ends: tuple[Lookup, Lookup, Lookup], shape: tuple[int, ...]
) -> Iterator[tuple[Int[np.ndarray, " c"], Int[np.ndarray, " c"]]]:
    """Line and flat position of every cell that a line is about, in order of the lines."""
    (e, e_members, e_count), (i, i_members, i_count), (s, s_members, s_count) = ends
    inner, width = i_count[i] * s_count[s], s_count[s]
    total = e_count[e] * inner
    block = np.cumsum(total) // _CELLS_AT_ONCE
    for chosen in np.split(np.arange(len(total)), np.flatnonzero(np.diff(block)) + 1):
        line = np.repeat(chosen, total[chosen])
        place = np.arange(len(line)) - np.repeat(
            np.cumsum(total[chosen]) - total[chosen], total[chosen]
        )
        origin = e_members[e[line], place // inner[line]]
        destination = i_members[i[line], place % inner[line] // width[line]]
        sector = s_members[s[line], place % width[line]]
        abroad = origin != destination
        cell = np.ravel_multi_index((origin, destination, sector), shape)
        yield line[abroad], cell[abroad]
