"""The command line: read arguments, call one command, print. Heavy modules load inside commands."""

import errno
import os
import sys

import typer

from .._core import DetenteError, TRANSLATION
from .._interrupts import INTERRUPTED
from . import answers as answers, data as data, library as library, questions as questions
from ._options import app as app, flag, in_words_of_options
from ._streams import complain, give_up, prepare


OF_DATA = {name: flag(name) for name in ("all", "sources")}
"""Fields that sentences of the commands on data name; those of a question are said there."""


CLOSED = 141
"""The exit status of a program that nobody reads on, as a shell has it."""


def main() -> None:
    """Run the command line: exit status 2 and one sentence for anything the user can mend."""
    prepare()
    try:
        status = _status()
        sys.stdout.flush()
    except DetenteError as error:
        _fail(in_words_of_options(str(error), OF_DATA))
    except BrokenPipeError:
        _closed()
    except OSError as error:
        _fail_for(error)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(INTERRUPTED)
    except Exception as error:
        _exit_for(error)
    else:
        sys.exit(status)


def _status() -> int:
    """The exit status of the command; raises `BrokenPipeError` where nobody reads on."""
    if translation := os.environ.get(TRANSLATION):
        from ..report.wording import sentences

        # A translation that is not whole is refused before anything is computed.
        sentences(translation)
    try:
        # Outside standalone mode an early exit is returned rather than raised.
        return app(standalone_mode=False) or 0
    except SystemExit as end:
        # What prints for us ends the program by itself where the pipe is closed, and only there.
        raise BrokenPipeError from end


def _closed() -> None:
    """A pipe that is closed early, as by head: no answer of ours, so no status of ours either."""
    give_up(sys.stdout)
    sys.exit(CLOSED)


def _fail_for(error: OSError) -> None:
    """A file or the output that the system would not read or write."""
    if error.errno == errno.EINVAL and error.filename is None:
        # What Windows says of a pipe that nobody reads.
        _closed()
    if error.filename is not None:
        _fail(f"{error.filename} cannot be read or written: {error.strerror}.")
    give_up(sys.stdout)
    _fail(f"the output cannot be written: {error.strerror or error}.")


def _exit_for(error: Exception) -> None:
    """What click raises outside its standalone mode: usage errors have a sentence of their own."""
    if hasattr(error, "format_message"):
        sentence = error.format_message()  # pyright: ignore[reportAttributeAccessIssue]
        if not sentence:
            # No command was given, and the help has been printed.
            sys.exit(2)
        _fail(sentence.replace("Value error, ", "").replace("Input should", "it should"))
    raise error


def _fail(sentence: str) -> None:
    complain(sentence)
    sys.exit(2)
