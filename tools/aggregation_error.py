"""Print how far the compact world of 2022 is from the full one, scenario by scenario.

    python tools/aggregation_error.py [RAW_DIRECTORY]

The full world is taken from the user's data directory, or built from the raw sources.
"""

import sys
from pathlib import Path

import detente
from detente.calibrate.baseline import baseline_from_dataset
from detente.gazetteer import available as worlds
from detente.scenario import available as scenarios


COUNTRIES = ("KOR", "CHN", "JPN", "USA", "TWN", "VNM")


def main() -> None:
    full, compact = _full_world(), detente.load_baseline("compact-2022")
    head = ("scenario", *(f"{code} full | {code} compact" for code in COUNTRIES))
    lines = [head, ("---", *("---: | ---:" for _ in COUNTRIES))]
    for name in scenarios():
        scenario = detente.load_scenario(name)
        fine, coarse = (detente.simulate(world, scenario).welfare for world in (full, compact))
        cells = (
            " | ".join(f"{float(one.sel(country=code)):+.4f}" for one in (fine, coarse))
            for code in COUNTRIES
        )
        lines.append((name.removeprefix("china-korea/"), *cells))
    sys.stdout.write("".join(f"| {' | '.join(line)} |\n" for line in lines))


def _full_world() -> detente.Baseline:
    if "world-2022" in worlds():
        return detente.load_baseline("world-2022")
    raw = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    return baseline_from_dataset(detente.build_world("world-2022", raw))


if __name__ == "__main__":
    main()
