"""Write the schedules of American duties since 2025 that stand beside their scenarios.

python -m tools.us_tariffs [RAW_DIRECTORY]
"""

import sys
from pathlib import Path

import pandas as pd

from detente.data.us_tariffs import added_by_region, read_tracker, schedule
from tools.us_tariffs_by_sector import by_sector, sector_schedule


SOURCE = Path("tariffs") / "us_tariff_by_country_by_time_2025_2026.csv"
TARGET = Path("src/detente/library/scenarios/china-korea")
LATEST, DEAL = "2026-08-19", "2025-12-04"
ALLIES = ("KOR", "JPN", "EU27", "GBR", "CAN", "MEX", "TWN", "ANZ")


def main() -> None:
    raw = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    for name, lines in schedules(raw).items():
        lines.to_csv(TARGET / f"{name}.csv", index=False, lineterminator="\n")
        sys.stdout.write(f"{name}: {len(lines)} lines\n")


def schedules(raw: Path) -> dict[str, pd.DataFrame]:
    """By sector where the tracker's chapters allow; one rate a country beside it, and in 2025."""
    table = read_tracker(raw / SOURCE)
    level = added_by_region(table, LATEST)
    duties = by_sector(raw, table, LATEST, level)
    return {
        "us-tariffs-2025-26": sector_schedule(duties, level),
        "us-tariffs-on-allies": sector_schedule(duties, level, ALLIES),
        "us-tariffs-one-rate": schedule(level),
        "truce-broken": schedule(added_by_region(table, DEAL)),
    }


if __name__ == "__main__":
    main()
