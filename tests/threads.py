"""Runs commands one after the other in this process and writes what each of them answers.

python -m tests.threads CORES < commands.json > answers.json

The commands are lists of words; an answer is the exit status, what was printed, and what was
refused. One core means one thread in linear algebra and in the compiler's loops.
"""

import contextlib
import io
import json
import os
import sys


def answers(commands: list[list[str]]) -> list[tuple[int, str, str]]:
    from detente.cli import main

    found = []
    for words in commands:
        out, err = io.StringIO(), io.StringIO()
        sys.argv = ["detente", *words]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main()
                status = 0
            except SystemExit as end:
                status = int(end.code or 0)
        found.append((status, out.getvalue(), err.getvalue()))
    return found


def main() -> None:
    # Before anything that counts cores is loaded.
    cores = sorted(os.sched_getaffinity(0))[: int(sys.argv[1])]
    os.sched_setaffinity(0, cores)
    asked = json.loads(sys.stdin.read())
    sys.__stdout__.write(json.dumps(answers(asked)))


if __name__ == "__main__":
    main()
