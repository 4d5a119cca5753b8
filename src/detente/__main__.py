"""Where the program begins: an interrupt ends it quietly, also while it still loads."""

import signal

from ._interrupts import end_at_once, INTERRUPTED


def main() -> None:
    """Run the command line; see `detente.cli`."""
    signal.signal(signal.SIGINT, end_at_once)
    from .cli import main as run

    try:
        run()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            # Threads that compile do not survive the end of the interpreter.
            end_at_once()
        raise


if __name__ == "__main__":
    main()
