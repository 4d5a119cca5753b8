"""Compare every printed command that asks the model on one core and on two, one after another.

python -m tools.cores [WORD …]      only commands with one of these words; all take an hour
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import typer
from tests.test_same_answer import computing, hold_on_any_number_of_cores


def main(words: Sequence[str]) -> int:
    """The number of commands whose answers differ."""
    chosen = [one for one in computing() if not words or set(words) & set(one.split())]
    wrong = 0
    with tempfile.TemporaryDirectory() as home:
        for command in chosen:
            start, said = perf_counter(), "the same"
            try:
                hold_on_any_number_of_cores([command], Path(home))
            except AssertionError as error:
                wrong, said = wrong + 1, str(error)
            typer.echo(f"{command}: {said}, {perf_counter() - start:.0f} s")
    typer.echo(f"{len(chosen) - wrong} of {len(chosen)} commands give the same answer.")
    return wrong


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
