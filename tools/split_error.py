"""Print how wrong the split of services is on the complete table of 2019, where it is known.

python tools/split_error.py [RAW_DIRECTORY]
"""

import sys
from pathlib import Path

import pandas as pd


sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.services_trial import by_cells, by_sector, read_truth, splits, two_seeds


def main() -> None:
    raw = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    truth = read_truth(raw)
    estimated = splits(raw, truth)
    _write("weighted absolute percentage error of services flows", by_cells(truth, estimated))
    staying = read_truth(raw, travel=False)
    without = by_cells(staying, splits(raw, staying))
    _write("the same where residents buy nothing abroad", without)
    _write("the same across borders, by section", by_sector(truth, estimated))
    sys.stdout.write("\nthe two seeds of 2019, across borders\n")
    for name, value in two_seeds(truth, estimated).items():
        sys.stdout.write(f"{name}: {100 * value:.1f} %\n")


def _write(title: str, frame: pd.DataFrame) -> None:
    sys.stdout.write(f"\n{title}\n| | {' | '.join(frame.columns)} |\n")
    sys.stdout.write(f"|---|{'---:|' * len(frame.columns)}\n")
    for name, row in frame.iterrows():
        cells = " | ".join(f"{100 * value:.1f} %" for value in row)
        sys.stdout.write(f"| {name} | {cells} |\n")


if __name__ == "__main__":
    main()
