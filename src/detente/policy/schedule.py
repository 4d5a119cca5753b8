"""A tariff schedule as arrays: thousands of lines laid over a table of rates at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float, Int

from .._core import ScenarioError
from ..selection import country_in_words, country_mask, Everyone, Names, sector_mask


if TYPE_CHECKING:
    from ..world import Baseline


if TYPE_CHECKING:
    from .tariffs import TariffLine

# Cells that are held at once: lines on everything from everybody are many times the world.
_CELLS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class _NameIndex:
    """The names in one column of a schedule, each looked up once, however many lines have it."""

    of_line: Int[np.ndarray, " line"]
    """Which of the names a line has."""
    members: Int[np.ndarray, "name member"]
    """The positions that a name stands for, padded to the longest."""
    count: Int[np.ndarray, " name"]
    """How many they are."""

    @classmethod
    def of(
        cls, names: Sequence[str], mask: Callable[[Names | Everyone], Bool[np.ndarray, " x"]]
    ) -> "_NameIndex":
        once: dict[str, int] = {}
        of_line = np.fromiter((once.setdefault(name, len(once)) for name in names), int)
        places = [np.flatnonzero(mask("all" if name == "all" else (name,))) for name in once]
        count = np.array([len(one) for one in places])
        members = np.zeros((len(places), max(count.max(), 1)), int)
        for at, positions in enumerate(places):
            members[at, : len(positions)] = positions
        return cls(of_line, members, count)

    @property
    def size(self) -> Int[np.ndarray, " line"]:
        """How many positions each line stands for."""
        return self.count[self.of_line]

    def at(
        self, line: Int[np.ndarray, " c"], place: Int[np.ndarray, " c"]
    ) -> Int[np.ndarray, " c"]:
        """The position at that place in the list of those that a line stands for."""
        return self.members[self.of_line[line], place]


def overlaid(
    tariff: Float[np.ndarray, "o d s"], lines: "Sequence[TariffLine]", baseline: "Baseline"
) -> Float[np.ndarray, "o d s"]:
    """The rates after a schedule: later lines win, changes add to the rates before all of it."""
    countries, sectors = partial(country_mask, baseline), partial(sector_mask, baseline)
    columns = (
        _NameIndex.of([one.exporter for one in lines], countries),
        _NameIndex.of([one.importer for one in lines], countries),
        _NameIndex.of([one.sector for one in lines], sectors),
    )
    _refuse_at_home(columns[0], columns[1], baseline)
    # The size that a line does not have is not a number.
    rate = np.array([one.rate for one in lines], float)
    change = np.array([one.change for one in lines], float)
    before, after = tariff.ravel(), tariff.flatten()
    for line, cell in _cells(*columns, tariff.shape):
        # An index that stands in a list twice keeps what is assigned to it last.
        new = rate[line]
        after[cell] = np.where(np.isnan(new), before[cell] + change[line], new)
    return after.reshape(tariff.shape)


def _refuse_at_home(exporters: _NameIndex, importers: _NameIndex, baseline: "Baseline") -> None:
    """Raise `ScenarioError` for a line that has one country alone on both of its sides."""
    line = np.arange(len(exporters.of_line))
    first = np.zeros_like(line)
    same = exporters.at(line, first) == importers.at(line, first)
    alone = np.flatnonzero(same & (exporters.size == 1) & (importers.size == 1))
    if alone.size:
        country = country_in_words(baseline, int(exporters.at(alone[:1], first[:1])[0]))
        raise ScenarioError(
            f"line {alone[0] + 1} of its schedule has {country} on both sides, and a tariff is on "
            "what another country sells; leave the line out."
        )


def _cells(
    exporters: _NameIndex, importers: _NameIndex, sectors: _NameIndex, shape: tuple[int, ...]
) -> Iterator[tuple[Int[np.ndarray, " c"], Int[np.ndarray, " c"]]]:
    """The line and the flat position of every cell that a line covers, in order of the lines."""
    fields = sectors.size
    routes = importers.size * fields
    total = exporters.size * routes
    block = np.cumsum(total) // _CELLS_AT_ONCE
    for chosen in np.split(np.arange(len(total)), np.flatnonzero(np.diff(block)) + 1):
        line, ends = np.repeat(chosen, total[chosen]), np.cumsum(total[chosen])
        place = np.arange(len(line)) - np.repeat(ends - total[chosen], total[chosen])
        origin = exporters.at(line, place // routes[line])
        destination = importers.at(line, place % routes[line] // fields[line])
        sector = sectors.at(line, place % fields[line])
        cell = np.ravel_multi_index((origin, destination, sector), shape)
        abroad = origin != destination
        yield line[abroad], cell[abroad]
