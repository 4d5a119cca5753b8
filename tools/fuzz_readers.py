"""Try thousands of changes to files in the publishers' layouts, as 10000 says on the command line.

Prints, for each source, how many were read right, how many refused in a sentence, and every change
under which a wrong value passed or a traceback came.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import typer


sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.fuzz_readers import fuzz, NAMES


def main(arguments: Sequence[str]) -> int:
    """COUNT and, if not all, the names of sources; 1 if any value was wrong."""
    count = int(arguments[0]) if arguments else 1000
    sources = arguments[1:] or NAMES
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for source in sources:
            start = perf_counter()
            score = fuzz(source, count, Path(folder))
            bad += len(score.wrong)
            typer.echo(
                f"{source}: {score.right} right, {score.refused} refused, {len(score.wrong)} "
                f"wrong, {perf_counter() - start:.0f} s"
            )
            for line in score.wrong[:12]:
                typer.echo(f"  {line}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
