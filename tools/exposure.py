"""Write the table of exposure by year that ships, from the raw sources: `make exposure`.

Aggregates computed from OECD (2023), Inter-Country Input-Output Tables, CC BY 4.0, and from Teti's
tariff database, in the regions of compact-2022.
"""

import os
from pathlib import Path

from detente.calibrate.baseline import load_baseline
from detente.geo.exposure_by_year import build, SHIPPED


ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    raw = Path(os.environ.get("DETENTE_RAW", ROOT.parent / "shared" / "data"))
    table = build(load_baseline("compact-2022"), raw)
    SHIPPED.parent.mkdir(exist_ok=True)
    table.to_netcdf(SHIPPED, engine="scipy", format="NETCDF3_64BIT")


if __name__ == "__main__":
    main()
