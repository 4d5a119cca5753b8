"""Write the schedules of American duties since 2025 that stand beside their scenarios.

python tools/us_tariffs.py [RAW_DIRECTORY]
"""

import sys
from pathlib import Path

from detente.data.us_tariffs import added_by_region, read_tracker, schedule


SOURCE = Path("tariffs") / "us_tariff_by_country_by_time_2025_2026.csv"
TARGET = Path("src/detente/library/scenarios/china-korea")
LATEST, DEAL = "2026-08-19", "2025-12-04"
ALLIES = ("KOR", "JPN", "EU27", "GBR", "CAN", "MEX", "TWN", "ANZ")
SCHEDULES = {
    "us-tariffs-2025-26": (LATEST, None),
    "us-tariffs-on-allies": (LATEST, ALLIES),
    "truce-broken": (DEAL, None),
}


def main() -> None:
    raw = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    table = read_tracker(raw / SOURCE)
    for name, (date, only) in SCHEDULES.items():
        lines = schedule(added_by_region(table, date), only)
        lines.to_csv(TARGET / f"{name}.csv", index=False, lineterminator="\n")
        sys.stdout.write(f"{name}: {len(lines)} lines of {date}\n")


if __name__ == "__main__":
    main()
