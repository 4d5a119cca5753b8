"""Write the tables of what is levied, from the raw sources: `python tools/levied.py`."""

import os
from pathlib import Path

from detente.calibrate.levied_measures import levied_measures
from detente.calibrate.levied_table import levied_table


ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src" / "detente" / "library" / "tariffs"


def main() -> None:
    raw = Path(os.environ.get("DETENTE_RAW", ROOT.parent / "shared" / "data"))
    # What is measured rests on the table written before it.
    for name, made in (("levied", levied_table), ("measures", levied_measures)):
        made(raw).to_csv(TARGET / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
