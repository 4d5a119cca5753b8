"""Write how the OECD weights the fields of its services index in the average over all of them.

    python tools/stri_weights.py [RAW_DIRECTORY]

Prints the weights with their standard deviations, from drawing countries again, and how well they
add up to the average.
"""

import csv
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from detente.data.stri import implied_weights, read_totals


TABLE = Path(__file__).parent.parent / "src/detente/data/concordance/stri_weights.csv"
DECIMALS = 4
DRAWS = 200


def main() -> None:
    scores = read_totals(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    weights, left = implied_weights(scores)
    spread = _deviations(scores, list(weights))
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("field", "weight", "deviation"))
        for field, weight in weights.items():
            row = (field, f"{weight:.{DECIMALS}f}", f"{spread[field]:.{DECIMALS}f}")
            writer.writerow(row)
            sys.stdout.write(f"{row[0]:6} {row[1]} +- {row[2]}\n")
    average = scores.dropna()["ALLSEC"]
    sys.stdout.write(
        f"{len(left)} countries and years; largest difference {np.abs(left).max():.4f}, "
        f"root mean square {np.sqrt((left**2).mean()):.4f}, "
        f"R2 {1 - left.var() / average.var():.4f}\n"
    )


def _deviations(scores: pd.DataFrame, fields: list[str]) -> dict[str, float]:
    """Over samples of countries with all their years, since a country's years are much alike."""
    random = np.random.default_rng(0)
    whole = {str(code): rows for code, rows in scores.dropna().groupby("country")}
    draws = []
    for _ in range(DRAWS):
        codes = random.choice(list(whole), len(whole))
        weights, _left = implied_weights(pd.concat([whole[code] for code in codes]))
        draws.append([weights[field] for field in fields])
    return dict(zip(fields, np.std(draws, axis=0), strict=True))


if __name__ == "__main__":
    main()
