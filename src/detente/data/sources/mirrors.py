"""Mirror data: both sides of every flow of a table of trade compared, in bounded memory."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..._core import DataError
from ..canonical import quoted


Values = npt.NDArray[np.float32]
MIRROR = 0.01
"""Share by which exports and mirror imports, balanced, may differ: rounding."""
CELLS = 60_000_000
"""Flows whose two sides are held at a time, in eight bytes."""
BATCH = 64
"""Vectors of 2,048 rows that are taken from DuckDB at a time."""


def refuse_unbalanced(
    connection: Any, path: Path, kept: Path, items: Sequence[str], years: Sequence[int]
) -> None:
    """Raise for a flow that occurs twice, or whose mirror is another value; a side may be alone.

    Some items at a time, so that the sides of all flows take little memory.
    """
    traders = connection.execute(
        f"select reporter from {parquet(kept)} union select partner from {parquet(kept)} order by 1"
    )
    economies = [str(row[0]) for row in traders.fetchall()]
    for name, values in (("item", items), ("trader", economies)):
        connection.execute(f"create type {name} as enum ({listed(values)})")
    together = max(1, CELLS // (len(economies) ** 2 * len(years)))
    for start in range(0, len(items), together):
        block = Block(economies, items[start : start + together], years)
        key = f"select {block.key(start)} as key, value::float as value from {parquet(kept)}"
        rows = f"({key} where {block.within(start)})"
        sides, count = _sides(connection, rows, block.size)
        if np.count_nonzero(~np.isnan(sides)) < count:
            raise DataError(
                f"{path} has a flow twice: {_twice(connection, rows, block)}, or its mirror."
            )
        _refuse_mirrors(path, sides, block)


@dataclass(frozen=True, slots=True)
class Block:
    """Flows of some items: a side of one is one whole number, below `size`."""

    economies: Sequence[str]
    items: Sequence[str]
    years: Sequence[int]

    @property
    def shape(self) -> tuple[int, ...]:
        """Exporters, importers, items, years and the two sides."""
        return len(self.economies), len(self.economies), len(self.items), len(self.years), 2

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    def within(self, start: int) -> str:
        return f"enum_code(product::item) between {start} and {start + len(self.items) - 1}"

    def key(self, start: int) -> str:
        """The number of a row's side, in SQL."""
        one, other = (f"enum_code({side}::trader)::integer" for side in ("reporter", "partner"))
        sent, count = "(flow = 'exports')", len(self.economies)
        pair = f"if({sent}, {one} * {count} + {other}, {other} * {count} + {one})"
        item = f"({pair} * {len(self.items)} + enum_code(product::item) - {start})"
        year = f"({item} * {len(self.years)} + year(period)::integer - {self.years[0]})"
        return f"({year} * 2 + {sent}::integer)"

    def named(self, key: int) -> str:
        exporter, importer, item, year, _ = (int(n) for n in np.unravel_index(key, self.shape))
        return (
            f"exports of {self.economies[exporter]} to {self.economies[importer]}, "
            f"{self.items[item]}, {self.years[year]}"
        )


def _sides(connection: Any, rows: str, size: int) -> tuple[Values, int]:
    """The value of each side, nan where there is none, and the number of rows."""
    sides, count = np.full(size, np.nan, np.float32), 0
    query = connection.execute(f"from {rows}")
    while len(batch := query.fetch_df_chunk(BATCH)):
        sides[batch["key"].to_numpy()] = batch["value"].to_numpy()
        count += len(batch)
    return sides, count


def _twice(connection: Any, rows: str, block: Block) -> str:
    answer = connection.execute(
        f"select min(key) from (select key from {rows} group by key having count(*) > 1)"
    ).fetchall()
    return block.named(answer[0][0])


def _refuse_mirrors(path: Path, sides: Values, block: Block) -> None:
    """Raise for the first flow whose two sides differ; exporter by exporter, to copy little."""
    for exporter, flows in enumerate(sides.reshape(len(block.economies), -1, 2)):
        received, sent = flows.T
        wrong = np.abs(received - sent) > MIRROR * np.abs(np.maximum(received, sent)) + 1
        if wrong.any():
            flow = block.named(exporter * flows.size + 2 * int(wrong.argmax()))
            raise DataError(
                f"{path}: balanced {flow}, differ from the mirror imports; the column is not the "
                "balanced value."
            )


def listed(values: Sequence[str]) -> str:
    return ", ".join(quoted(value) for value in values)


def parquet(path: Path) -> str:
    return f"read_parquet({quoted(str(path))})"
