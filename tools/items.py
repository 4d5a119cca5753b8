"""Write how much of each critical item a country buys, and a supplier's part of it: what ships.

python tools/items.py [RAW_DIRECTORY]

Raw materials from the table that ships already (BACI of CEPII, Etalab 2.0), the smallest, middle
and largest of its last three years; chips from Taiwan's customs of 2022 (Open Government Data
License) and from the world's sales that `library/items.toml` names; the rest as published there.
Values in million US$ a year.
"""

import csv
import sys
from collections import defaultdict
from pathlib import Path

import pandas as pd

from detente import library
from detente.data.tables import read_parquet


CHIPS = Path("taiwan_ic_exports") / "taiwan_hs8542_by_destination_2013_2025.parquet"
TARGET = library.path("items.csv")
ENDS = ("low", "central", "high")
HEAD = [
    "item",
    "importer",
    "exporter",
    *(f"{what}_{end}" for what in ("value", "share") for end in ENDS),
]
YEARS, CHIP_YEAR = 3, 2022
MEMORY = "85423200"
SUPPLIER = "CHN"


def main() -> None:
    raw = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    rows = table(raw / CHIPS)
    with TARGET.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([HEAD, *rows])
    sys.stdout.write(f"{len(rows)} rows in {TARGET}\n")


def table(chips: Path) -> list[list[str]]:
    rows = []
    for item, entry in library.sentences("items.toml").items():
        if "products" in entry:
            rows += _raw_material(item, entry["products"], entry.get("share_high"))
            continue
        said = entry["published"]
        share = said.get("share") or _of_taiwan(item, chips)
        rows.append(_row(item, said["importer"], said["exporter"], said["value"], share))
    return rows


def _raw_material(item: str, products: list[str], highest: float | None) -> list[list[str]]:
    """By importer: the value of its imports, and China's part, in each of the last years.

    `highest` is that part in the products of a wide code that bind, where it is published.
    """
    value, bought = defaultdict(float), defaultdict(float)
    for row in library.table("dependence/raw_materials.csv"):
        if row["product"] not in products:
            continue
        shares = dict(pair.split(":") for pair in row["suppliers"].split())
        cell = row["importer"], int(row["year"])
        value[cell] += float(row["imports"])
        bought[cell] += float(row["imports"]) * float(shares.get(SUPPLIER, 0.0))
    last = max(year for _, year in value)
    years = range(last - YEARS + 1, last + 1)
    buyers = sorted({importer for importer, _ in value} - {SUPPLIER})
    rows = []
    for buyer in buyers:
        share = sorted(bought[buyer, year] / value[buyer, year] for year in years)
        if highest is not None:
            share[-1] = highest
        worth = sorted(value[buyer, year] for year in years)
        rows.append(_row(item, buyer, SUPPLIER, worth, share))
    return rows


def _of_taiwan(item: str, path: Path) -> list[float]:
    """Taiwan's exports of a kind over the world's sales of it; half and half as much again."""
    sold = read_parquet(path, ["Year", "HS Code", "Export Value (USD)"])
    sold = sold.loc[sold["Year"].astype(int) == CHIP_YEAR]
    circuits = sold.loc[~sold["HS Code"].astype(str).str.startswith("854290")]
    is_memory = circuits["HS Code"].astype(str).str.startswith(MEMORY)
    millions = pd.to_numeric(circuits["Export Value (USD)"]) / 1e6
    said = {one: entry["published"] for one, entry in library.sentences("items.toml").items()
            if one.startswith("chips-")}  # fmt: skip
    logic = said["chips-logic"]["share"][1] * said["chips-logic"]["value"][1]
    exports = {
        "chips-memory": millions[is_memory].sum(),
        "chips-other": millions[~is_memory].sum() - logic,
    }
    share = float(exports[item]) / said[item]["value"][1]
    return [0.5 * share, share, 1.5 * share]


def _row(
    item: str, importer: str, exporter: str, value: list[float], share: list[float]
) -> list[str]:
    return [
        item,
        importer,
        exporter,
        *(f"{one:.1f}" for one in value),
        *(f"{one:.4f}" for one in share),
    ]


if __name__ == "__main__":
    main()
