"""Write the record of trade that ships with the package.

python -m tools.record [RAW_DIRECTORY]
"""

import sys
from pathlib import Path

import pandas as pd

from detente.data.bases import KOREAN
from detente.record.season import as_rows, season_of, SHIPPED
from detente.record.series import Pair
from tools.record_sources import read_annual, read_exports


TARGET = Path("src/detente/library/record")
MONTHS = Path("korea_china_trade") / "kosis_korea_china_monthly_2001_2019.csv"
DIGITS = 6


def read_season(path: Path) -> pd.DataFrame:
    """Means and spreads of the months of Korea's customs, which do not ship themselves."""
    raw = pd.read_csv(path)
    flows = raw[["exports_kusd", "imports_kusd"]].to_numpy() / 1000.0
    months = pd.DataFrame(flows, pd.PeriodIndex(raw.month, freq="M"), ["exports", "imports"])
    return as_rows(season_of(months, KOREAN), Pair("KOR", "CHN")).round(DIGITS)


FILES = {
    "korea_china_annual.csv": (
        read_annual,
        Path("korea_china_trade") / "korea_china_annual_1991_2024.csv",
    ),
    "exporters_annual.csv": (
        read_exports,
        Path("oecd_btige_2021_2025") / "totals_top10_partners.csv",
    ),
    SHIPPED: (read_season, MONTHS),
}
"""Each file of the record: what reads its source, and where that is among the raw data."""


def main() -> None:
    raw = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, (read, source) in FILES.items():
        rows = read(raw / source)
        rows.to_csv(TARGET / name, index=False, lineterminator="\n")
        sys.stdout.write(f"{len(rows)} rows in {TARGET / name}\n")


if __name__ == "__main__":
    main()
