"""The command line: read arguments, call one command, print. Heavy modules load inside commands."""

import sys

import typer

from .._core import DetenteError
from . import answers as answers, data as data, questions as questions
from ._options import app as app, flag, in_words_of_options
from ._streams import complain, give_up, prepare


OF_DATA = {name: flag(name) for name in ("all", "sources")}
"""Fields that sentences of the commands on data name; those of a question are said there."""


def main() -> None:
    """Run the command line: exit status 2 and one sentence for anything the user can mend."""
    prepare()
    try:
        # Outside standalone mode an early exit is returned rather than raised.
        status = app(standalone_mode=False) or 0
        sys.stdout.flush()
        sys.exit(status)
    except DetenteError as error:
        _fail(in_words_of_options(str(error), OF_DATA))
    except BrokenPipeError:
        # A pipe that is closed early, as by head, is not an error.
        give_up(sys.stdout)
    except OSError as error:
        _fail_for(error)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except Exception as error:
        _exit_for(error)


def _fail_for(error: OSError) -> None:
    """A file or the output that the system would not read or write."""
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
        _fail(sentence.replace("Value error, ", ""))
    raise error


def _fail(sentence: str) -> None:
    complain(sentence)
    sys.exit(2)
