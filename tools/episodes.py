"""Write the tables that the episodes ship, from the raw sources: `make episodes`.

Goods flows in the regions and sectors of compact-2022 and compact-2014: OECD (2023), Inter-Country
Input-Output Tables, CC BY 4.0. Tariffs are aggregates computed from Teti's database.
"""

import os
from pathlib import Path

from detente.calibrate.baseline import load_baseline
from detente.calibrate.yearly import goods_trade, yearly_worlds


ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src" / "detente" / "library" / "episodes"


def main() -> None:
    raw = Path(os.environ.get("DETENTE_RAW", ROOT.parent / "shared" / "data"))
    worlds = yearly_worlds(load_baseline("compact-2022"), raw, range(2018, 2023))
    trade = goods_trade(load_baseline("compact-2014"), raw, range(2014, 2023), [2014, 2021])
    for name, table in (("goods-2018-2022", worlds), ("goods-2014-2022", trade)):
        table.to_netcdf(TARGET / f"{name}.nc", engine="scipy", format="NETCDF3_64BIT")


if __name__ == "__main__":
    main()
