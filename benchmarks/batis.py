"""How fast and in how much memory BaTIS is added, beside DuckDB's own read and filter of the file.

`python -m benchmarks.batis [ROWS]` writes a file of that many rows (50 million, as the published
one) in the published layout to a temporary folder, times both in turn, each in a process of its
own, and prints seconds, processor seconds (steadier where others use the machine), the ratios of
both and our peak memory. The values are made up; the economies and
the layout are not. It needs 6 GB of disk.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from detente.data.canonical import quoted
from detente.data.sources import add
from detente.data.sources.economies import from_alpha2
from detente.data.store import Store

from .clock import peak_mb


ROWS = 50_000_000
ECONOMIES = 202
"""Economies of the published file."""
ITEMS = ("S", *(f"S{letter}" for letter in "ABCDEFGHIJKL"), "SC1", "SC2", "SC3", "SC4", "SDA",
         "SDB", "SI1", "SI2", "SI3", "SJ1", "SJ2", "SJ3", "SK1", "SK2", "SPX1", "SPX4", "SOX",
         "SOX1")  # fmt: skip
FIRST, LAST = 2005, 2024
ROUNDS = 3
"""Times that each of the two is run; the fastest counts."""


def write(path: Path, rows: int) -> None:
    """Each flow twice, as its exporter and as its importer report it, in balanced values."""
    codes = ", ".join(
        f"('{code}', {n})" for n, code in enumerate(sorted(from_alpha2())[:ECONOMIES])
    )
    items = ", ".join(f"('{item}', {n})" for n, item in enumerate(ITEMS))
    value = "((a.n * 31 + b.n * 7 + i.n * 3 + y) % 9973 + 1) / 8.0"
    with duckdb.connect() as connection:
        connection.execute(
            "set memory_limit = '2GB'; set preserve_insertion_order = false; "
            "set enable_progress_bar = false"
        )
        connection.execute(
            f"copy (with e(code, n) as (values {codes}), i(item, n) as (values {items}) select "
            "if(f = 'X', a.code, b.code) as Reporter, 'c' as type_Reporter, "
            "if(f = 'X', b.code, a.code) as Partner, 'c' as type_Partner, f as Flow, "
            "i.item as Item_code, 's' as type_Item, y as Year, null::double as Reported_value, "
            f"{value} as Final_value, 'M1' as Final_value_methodology, {value} as Balanced_value "
            f"from range({FIRST}, {LAST + 1}) t(y), i, e a, e b, (values ('X'), ('M')) w(f) "
            f"where a.code <> b.code limit {rows}) to {quoted(str(path))} (header)"
        )


def filtered(path: Path, folder: Path) -> None:
    """DuckDB by itself: the six columns of pairs of economies, kept as a table."""
    with duckdb.connect(str(folder / "filtered.duckdb")) as connection:
        connection.execute(
            "set memory_limit = '900MB'; set preserve_insertion_order = false; "
            "set enable_progress_bar = false"
        )
        connection.execute(
            "create or replace table kept as select Reporter, Partner, Flow, Item_code, Year, "
            f"Balanced_value from read_csv({quoted(str(path))}) "
            "where length(Reporter) = 2 and length(Partner) = 2 and Balanced_value is not null"
        )


def added(path: Path, folder: Path) -> None:
    """Ours: read, checked, hashed and stored."""
    add("batis", [path], Store.open(folder / "store"))


TASKS: dict[str, Callable[[Path, Path], None]] = {"filtered": filtered, "added": added}


def measure(task: str, path: Path, folder: Path) -> dict[str, float]:
    """Seconds, processor seconds and the peak of memory of one task in a new process."""
    command = [sys.executable, "-m", "benchmarks.batis", task, str(path), str(folder)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def child(task: str, path: Path, folder: Path) -> None:
    start, used = time.perf_counter(), time.process_time()
    TASKS[task](path, folder)
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    print(json.dumps({"seconds": seconds, "processor": processor, "peak_mb": peak_mb()}))


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "OECD-WTO_BATIS_BPM6_benchmark.csv"
        write(path, rows)
        runs = [{task: measure(task, path, folder) for task in TASKS} for _ in range(ROUNDS)]
        report(path, rows, runs)


def report(path: Path, rows: int, runs: list[dict[str, dict[str, float]]]) -> None:
    print(f"{rows:,} rows, {path.stat().st_size / 1e9:.2f} GB, fastest of {len(runs)}")
    for unit in ("seconds", "processor"):
        duckdb_alone, ours = (min(run[task][unit] for run in runs) for task in TASKS)
        print(f"{unit:9}  DuckDB reads and filters {duckdb_alone:7.1f}")
        print(f"{unit:9}  detente data add batis   {ours:7.1f}")
        print(f"{unit:9}  ratio                    {ours / duckdb_alone:7.2f}")
    print(f"our peak memory, MB {max(run['added']['peak_mb'] for run in runs):7.0f}")


if __name__ == "__main__":
    if len(sys.argv) == 4:
        child(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
