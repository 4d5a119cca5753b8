"""Write the record of trade between Korea and China that ships with the package.

python tools/record.py [RAW_DIRECTORY]
"""

import sys
from pathlib import Path

from detente.data.record import read_annual


SOURCE = Path("korea_china_trade") / "korea_china_annual_1991_2024.csv"
TARGET = Path("src/detente/library/record/korea_china_annual.csv")


def main() -> None:
    raw = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    rows = read_annual(raw / SOURCE)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    rows.to_csv(TARGET, index=False, lineterminator="\n")
    sys.stdout.write(f"{len(rows)} rows in {TARGET}\n")


if __name__ == "__main__":
    main()
