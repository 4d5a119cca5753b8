"""Write the expected results of the shipped scenarios beside them. Review the difference.

python tools/expect.py
"""

import sys
from pathlib import Path

from detente import commands
from detente.scenario import available


sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.expected import HEADER, rows


def main() -> None:
    for name, path in available().items():
        outcome = commands.run(name, overrides=["uncertainty.draws=0"], keep=False).outcome
        lines = [HEADER, *(",".join(row) for row in rows(outcome))]
        target = path.with_suffix(".expected.csv")
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
        sys.stdout.write(f"{name}: {len(lines) - 1} values\n")


if __name__ == "__main__":
    main()
