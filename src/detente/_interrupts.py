"""What an interrupt does: it ends the program at once, or is raised where something is half made.

An exception in the middle of loading the engine ends in a traceback, or in a crash of what is
being loaded; where nothing has been begun there is nothing to clear away.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial


INTERRUPTED = 130
"""The exit status of what was interrupted."""
_SOON = 0.02
"""Seconds after which an interrupt that was swallowed is raised again."""
_SHOW_CURSOR = "\x1b[?25h"


def end_at_once(*_: object) -> None:
    """End the program without unwinding it, as a handler of the signal or at the very end."""
    with suppress(OSError, ValueError):
        if sys.stderr.isatty():
            # A line that says what is being done hides it.
            sys.stderr.write(_SHOW_CURSOR)
        sys.stderr.flush()
    os._exit(INTERRUPTED)


@contextmanager
def raising() -> Iterator[None]:
    """Within it an interrupt is raised, so that what was begun is cleared away.

    Only where it would end the program: programs that import the package keep their own handler.
    Where it falls into a finalizer, which swallows what is raised in it, it is raised again.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) is not end_at_once:
        yield
        return
    hook = sys.unraisablehook
    sys.unraisablehook = partial(_raise_again, hook)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, end_at_once)
        sys.unraisablehook = hook


def _raise_again(
    otherwise: Callable[["sys.UnraisableHookArgs"], object], ignored: "sys.UnraisableHookArgs"
) -> None:
    """Ask for an interrupt once more that no caller can have seen; anything else is told of."""
    if not issubclass(ignored.exc_type, KeyboardInterrupt):
        otherwise(ignored)
        return
    # From another thread and a little later: here it would be swallowed again.
    again = threading.Timer(_SOON, signal.raise_signal, [signal.SIGINT])
    again.daemon = True
    again.start()
