"""Write what visitors buy, by section and sector, from the table of 2019 that has it apart.

python tools/travel_composition.py [RAW_DIRECTORY]

Shares of residents' purchases abroad by section of ISIC Rev. 4 (OECD, inter-country input-output
tables, edition of 2023, year 2019, CC BY 4.0). Manufactures are spread over what can be carried
home as households of the visited country buy what is made there (World Input-Output Database,
release of 2013, year 2011, CC BY 4.0).
"""

import csv
import sys
from itertools import permutations
from pathlib import Path

import pandas as pd

from detente.data.tables import read_parquet


TABLE = Path("oecd_icio2023_2019_g20") / "final.parquet"
HOUSEHOLDS = Path("wiod2013_release") / "wiot_2011.parquet"
TARGET = Path("src/detente/library/travel_composition.csv")
COUNTRIES = ("KOR", "CHN", "JPN")
SMALLEST = 0.002
"""Sections with less of the spending are left out, and the others scaled up to the whole."""
PLACES = {
    "A": "AGR", "B": "MIN", "D": "UCR", "E": "UCR", "F": "UCR", "G": "TRD", "H": "TRN",
    "I": "TOU", "J": "AVP ICT", "K": "FIN", "L": "UCR", "M": "BUS", "N": "BUS", "O": "PUB",
    "P": "PUB", "Q": "PUB", "R": "CUL", "S": "CUL", "T": "CUL",
}  # fmt: skip
"""Sectors or groups of the compact worlds in which each section is found."""
CARRIED = {"FOD": (3,), "TEX": (4, 5), "CHM": (9,), "ELE": (14,), "WPM": (16,)}
"""Industries of the release of 2013 whose goods visitors carry home: food, clothing and shoes,
cosmetics and medicine, electronics, and other manufactures such as jewellery and toys."""


def main() -> None:
    raw = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    spent, goods = _spent(raw), _goods(raw)
    rows = [
        (exporter, importer, section, sectors, f"{share:.5f}")
        for exporter, importer in permutations(COUNTRIES, 2)
        for section, whole in _shares(spent[exporter, importer]).items()
        for sectors, share in _places(str(section), float(whole), goods[exporter])
    ]
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([("exporter", "importer", "section", "sectors", "share"), *rows])
    sys.stdout.write(f"{len(rows)} shares in {TARGET}\n")


def _spent(raw: Path) -> dict[tuple[str, str], pd.Series]:
    """Million US$ by section, for each country that is visited and where visitors live."""
    rows = read_parquet(raw / TABLE, ["origin", "sector", "destination", "final_use", "value_musd"])
    rows = rows[rows.final_use == "purchases_abroad"]
    return {
        pair: part.set_index("sector").value_musd.sort_index()
        for pair, part in rows.groupby(["origin", "destination"])
    }


def _goods(raw: Path) -> dict[str, dict[str, float]]:
    """How households of each country spread what they buy of such goods made at home."""
    rows = read_parquet(raw / HOUSEHOLDS, ["row", *(f"{one}_f1" for one in COUNTRIES)])
    table = rows.set_index("row")
    bought = {
        one: {
            name: float(sum(table.loc[f"{one}_c{code}", f"{one}_f1"] for code in codes))
            for name, codes in CARRIED.items()
        }
        for one in COUNTRIES
    }
    return {
        one: {name: value / sum(values.values()) for name, value in values.items()}
        for one, values in bought.items()
    }


def _shares(spent: pd.Series) -> pd.Series:
    share = spent / spent.sum()
    kept = share[share >= SMALLEST]
    return kept / kept.sum()


def _places(section: str, share: float, goods: dict[str, float]) -> list[tuple[str, float]]:
    if section == "C":
        return [(name, share * part) for name, part in goods.items()]
    return [(PLACES[section], share)]


if __name__ == "__main__":
    main()
