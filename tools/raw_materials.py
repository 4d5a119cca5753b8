"""Write who sold which raw materials to whom, 2010 to 2024, the table that ships.

python tools/raw_materials.py [RAW_DIRECTORY]

BACI of CEPII (Etalab 2.0), 73 codes of HS 1992. A row for each importer, product and year: imports
in million US$, and the shares in their value of suppliers of 5 % or more. Whoever led in any year
stands there in every year in which it sold, so that its path is whole.
"""

import sys
from pathlib import Path

import pandas as pd

from detente.data.tables import read_parquet


SOURCE = Path("critical_minerals_trade") / "baci_71_minerals_2010_2024.parquet"
TARGET = Path("src/detente/library/dependence/raw_materials.csv")
IMPORTERS = ("KOR", "JPN", "CHN", "USA", "DEU")
# CEPII's code for "other Asia, not elsewhere specified", which is Taiwan but for traces.
NAMES = {"S19": "TWN"}
SMALLEST = 0.05


def main() -> None:
    raw = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    rows = table(raw / SOURCE)
    TARGET.write_text(rows.to_csv(index=False, lineterminator="\n"), encoding="utf-8")
    sys.stdout.write(f"{len(rows)} rows in {TARGET}\n")


def table(path: Path) -> pd.DataFrame:
    """importer, product, year, imports (million US$), suppliers ("CHN:0.9322 MOZ:0.0512")."""
    flows = read_parquet(path, ["importer", "exporter", "hs6_1992", "year", "value_kusd"])
    flows = flows.rename(columns={"hs6_1992": "product"}).loc[flows.importer.isin(IMPORTERS)]
    flows = flows.assign(
        exporter=flows.exporter.replace(NAMES), value=flows.value_kusd.astype(float)
    )
    cell = ["importer", "product", "year"]
    flows["imports"] = flows.groupby(cell).value.transform("sum")
    flows["share"] = flows.value / flows.imports
    flows = flows.sort_values(["share", "exporter"], ascending=[False, True])
    once = flows.drop_duplicates(cell)[["importer", "product", "exporter"]].drop_duplicates()
    led = flows.merge(once, how="left", indicator=True)["_merge"].eq("both").to_numpy()
    flows = flows.loc[led | (flows.share >= SMALLEST)]
    flows["suppliers"] = [
        f"{code}:{share:.4f}" for code, share in zip(flows.exporter, flows.share, strict=True)
    ]
    packed = flows.groupby(cell).agg({"imports": "first", "suppliers": " ".join}).reset_index()
    return packed.assign(imports=(packed.imports / 1000).map("{:.3f}".format))


if __name__ == "__main__":
    main()
