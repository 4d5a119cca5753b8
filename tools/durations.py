"""How long each file of tests takes, and which of them are run where not all can be.

python -m tools.durations JUNIT.xml ...    tests/durations.csv again, from what pytest wrote
python -m tools.durations SECONDS          the files that `make check` runs: within so many seconds
                                           those nearest to what changed, then the cheapest

    make test ARGS="--junitxml=junit.xml" && python -m tools.durations junit.xml

A file that no report tells of keeps its seconds. One that was never measured is run.
"""

import csv
import sys
from collections import defaultdict
from xml.etree import ElementTree

from tools.nearest import files_of_tests, near_to_change, ROOT


TABLE = ROOT / "tests" / "durations.csv"
NEAR = 2 / 3
"""Of the seconds, what tests near to a change may take: the rest tells of everything else."""


def measured() -> dict[str, float]:
    """Seconds of every file that was measured, by its path from the root."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        return {row["file"]: float(row["seconds"]) for row in csv.DictReader(file)}


def chosen(
    seconds: float, near: list[str], every: tuple[str, ...], known: dict[str, float]
) -> tuple[list[str], list[str]]:
    """The files to run, and those near to a change that would take too long."""
    taken = [one for one in every if one not in known]
    left = NEAR * seconds
    for one in sorted(set(near) & known.keys(), key=lambda one: known[one]):
        if known[one] <= left:
            taken.append(one)
            left -= known[one]
    left += (1 - NEAR) * seconds
    for one in sorted(set(every) & known.keys() - set(taken), key=lambda one: known[one]):
        if known[one] > left:
            break
        taken.append(one)
        left -= known[one]
    return taken, [one for one in near if one not in taken]


def told(reports: list[str]) -> dict[str, float]:
    """Seconds of the files that these reports of pytest tell of."""
    found: defaultdict[str, float] = defaultdict(float)
    named = {one.removesuffix(".py").replace("/", "."): one for one in files_of_tests()}
    for report in reports:
        for case in ElementTree.parse(report).iter("testcase"):
            # A test of a class is named by file and class; that a file was not read, by nothing.
            own = [one for one in named if f"{case.get('classname')}.".startswith(f"{one}.")]
            if own:
                found[named[own[0]]] += float(case.get("time", 0))
    return found


def write(found: dict[str, float]) -> None:
    """The table again, of the files that are there, longest first."""
    known = {one: took for one, took in (measured() | found).items() if one in files_of_tests()}
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file", "seconds"])
        for one in sorted(known, key=lambda one: (-known[one], one)):
            writer.writerow([one, f"{known[one]:.1f}"])


def main() -> None:
    if not sys.argv[1:] or sys.argv[1].endswith(".xml"):
        write(told(sys.argv[1:]))
        return
    files, too_long = chosen(float(sys.argv[1]), near_to_change(), files_of_tests(), measured())
    if too_long:
        sys.stderr.write(f"near to what changed, but too long for here: {', '.join(too_long)}\n")
    sys.stdout.writelines(f"{one}\n" for one in files)


if __name__ == "__main__":
    main()
