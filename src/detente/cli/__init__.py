"""The command line: read arguments, call one command, print. Heavy modules load inside commands."""

import errno
import os
import sys

import typer

from .._core import DetenteError
from . import (
    answers as answers,
    bargaining as bargaining,
    check as check,
    data as data,
    episodes as episodes,
    exposure as exposure,
    gravity as gravity,
    leverage as leverage,
    questions as questions,
    record as record,
    stance as stance,
    validation as validation,
)
from ._options import app as app


def main() -> None:
    """Run the command line: exit status 2 and one sentence for anything the user can mend."""
    try:
        # Outside standalone mode an early exit is returned rather than raised.
        status = app(standalone_mode=False) or 0
        sys.stdout.flush()
        sys.exit(status)
    except DetenteError as error:
        _fail(str(error))
    except BrokenPipeError:
        # A pipe that is closed early, as by head, is not an error; keep Python from flushing to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        _exit_full(error)
    except KeyboardInterrupt:
        sys.exit(130)
    except typer.Abort:
        sys.exit(130)
    except Exception as error:
        _exit_for(error)


def _exit_full(error: OSError) -> None:
    """A sentence where the place that standard output goes to is full; else the error itself."""
    if error.errno != errno.ENOSPC:
        raise error
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    _fail("the answer cannot be written: no space is left where it goes.")


def _exit_for(error: Exception) -> None:
    """What click raises outside its standalone mode: usage errors have a sentence of their own."""
    if hasattr(error, "format_message"):
        sentence = error.format_message()  # pyright: ignore[reportAttributeAccessIssue]
        if not sentence:
            # No command was given, and the help has been printed.
            sys.exit(2)
        _fail(sentence.replace("Value error, ", ""))
    raise error


def _fail(sentence: str) -> None:
    typer.echo(f"detente: {sentence}", err=True)
    sys.exit(2)
