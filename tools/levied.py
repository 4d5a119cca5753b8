"""Write the table of what is levied, from the raw sources: `python tools/levied.py`."""

import os
from pathlib import Path

from detente.calibrate.levied_table import levied_table


ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src" / "detente" / "library" / "tariffs" / "levied.csv"


def main() -> None:
    raw = Path(os.environ.get("DETENTE_RAW", ROOT.parent / "shared" / "data"))
    levied_table(raw).to_csv(TARGET, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
