"""The command line: ``python -m search_engine``.

===========  ====================================================================
module       owns
===========  ====================================================================
arguments    what can be typed
commands     what each command does
reports      what answers look like to a person
console      lines, bars and Ctrl-C, on a terminal and in a file
care         what is out of reach, moved or renamed
cards        result cards and saved questions
documents    the stable JSON
exit_codes   what the process says when it ends
remedies     what leads on from an error, as it is typed
prompt       asking again and again
mistyped     what to say of something that is no option
options      options that several commands have
benchmark    what a benchmark measured
explain      why a picture scores what it scores
evaluate     the commands that measure how good answers are
presence     evaluate presence: is it told what is not here?
retrieval    evaluate retrieval: categories as questions
rules        what a collection takes in and leaves out
templates    evaluate templates: which wording finds the categories best
wording      how far an answer depends on its wording
check        whether a collection is what it says, and mending it
duplicates   duplicates, and lists of what to keep and to remove
auditing     suspects and outliers, from argument to answer
exports      what audits say while they work, and the files that they write
odd_limits   from where on a picture is called odd, as options
===========  ====================================================================

Only this package prints and exits. Exit codes:

====  ===========================================================================
code  meaning
====  ===========================================================================
0     done; also when nothing was found
1     a fault of the program
2     the command line is wrong
3     what was given cannot be used: folder, name, category, question, picture
4     the collection cannot be used: missing, busy, damaged, not built
5     the model cannot be used: not here, not to be had, another one
6     a question that was asked again has other answers than before
7     a check found something wrong with the collection
130   stopped by the user
====  ===========================================================================
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

from search_engine.cli.arguments import parse
from search_engine.cli.commands import run
from search_engine.cli.console import finish_answer, printable, say
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.remedies import told
from search_engine.errors import (
    BadInput,
    CollectionError,
    ModelError,
    OutputLost,
    SearchEngineError,
)
from search_engine.settings import Settings

DEBUG_VARIABLE = "IMAGE_SEARCH_DEBUG"


_CODES = (
    (BadInput, ExitCode.BAD_INPUT),
    (CollectionError, ExitCode.COLLECTION),
    (ModelError, ExitCode.MODEL),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; no traceback reaches the user."""
    _accept_all_names(sys.stdout, sys.stderr)
    try:
        code = run(parse(arguments), Settings.from_environment())
        finish_answer()
    except OutputLost as error:
        _let_go_of_output()
        say(printable(f"error: {told(error)}"))
        return ExitCode.BAD_INPUT
    except SearchEngineError as error:
        say(printable(f"error: {told(error)}"))
        return next(code for kind, code in _CODES if isinstance(error, kind))
    except KeyboardInterrupt:
        say("\nStopped.")
        return ExitCode.STOPPED
    except BrokenPipeError:  # the reader of our output, head for one, has seen enough
        _let_go_of_output()
        return ExitCode.DONE
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        name = type(error).__name__
        say(printable(f"error: this should not have happened: {name}: {error}"))
        say(f"Set {DEBUG_VARIABLE}=1 to see where, and please report it.")
        return ExitCode.FAULT
    return code


def _let_go_of_output() -> None:
    """Send what is still to be written nowhere, or Python complains of it at the end."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _accept_all_names(*streams: TextIO) -> None:
    """Let file names through that the terminal's encoding does not know."""
    for stream in streams:
        with suppress(AttributeError):  # a test may have put something else in place
            stream.reconfigure(errors="backslashreplace")  # type: ignore[attr-defined]
