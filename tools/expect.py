"""Write the expected results of the shipped scenarios, and what the ledger asks of the model.

python tools/expect.py [NAME ... | ledger]

Review the difference.
"""

import csv
import sys
from pathlib import Path

from detente import commands
from detente.claims import load_ledger, Model
from detente.claims.model import kept_file, ModelInterval
from detente.scenario import available


sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.expected import HEADER, rows


LEDGER = "ledger"


def main() -> None:
    for name in sys.argv[1:] or [*available(), LEDGER]:
        count = ledger() if name == LEDGER else scenario(name)
        sys.stdout.write(f"{name}: {count} values\n")


def scenario(name: str) -> int:
    path = available()[name]
    outcome = commands.run(name, overrides=["uncertainty.draws=0"], keep=False).outcome
    lines = [HEADER, *(",".join(row) for row in rows(outcome))]
    target = path.with_suffix(".expected.csv")
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines) - 1


def ledger() -> int:
    asked = load_ledger().asked
    model = Model(asked)
    intervals = {check.key: model.range_of(check) for check in asked}
    with kept_file().open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["asked", *ModelInterval._fields])
        for key, one in intervals.items():
            writer.writerow([key, *(f"{value:.6g}" for value in one)])
    return len(intervals)


if __name__ == "__main__":
    main()
