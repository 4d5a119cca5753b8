"""Print how wrong moved tables are: 2005 to 2011 and others inside WIOD, where the truth is known.

python tools/back_cast.py [RAW_DIRECTORY]
"""

import sys
from pathlib import Path


sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.back_cast import back_cast


def main() -> None:
    raw = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    for start, end in ((2005, 2011), (2009, 2010), (1995, 2000)):
        errors = back_cast(raw / "wiod2013_release", start, end)
        sys.stdout.write(f"\n{start} to {end}, weighted absolute percentage error\n")
        sys.stdout.write(f"| flows | {' | '.join(errors.columns)} |\n")
        sys.stdout.write(f"|---|{'---:|' * len(errors.columns)}\n")
        for name, row in errors.iterrows():
            cells = " | ".join(f"{100 * value:.1f} %" for value in row)
            sys.stdout.write(f"| {name} | {cells} |\n")


if __name__ == "__main__":
    main()
