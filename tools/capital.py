"""Write what produced capital needs: investment by product, labour shares and depreciation.

python -m tools.capital [RAW_DIRECTORY]
"""

import sys
from pathlib import Path

from detente.data.investment import costs, investment


TARGET = Path("src/detente/library/capital")


def main() -> None:
    raw = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    for name, rows in {"investment": investment(raw), "costs": costs(raw)}.items():
        rows.to_csv(TARGET / f"{name}.csv", index=False, lineterminator="\n")
        sys.stdout.write(f"{name}: {len(rows)} rows\n")


if __name__ == "__main__":
    main()
