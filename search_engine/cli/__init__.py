# PYTHON_ARGCOMPLETE_OK: shells may run it to complete a line
"""The command line: ``python -m search_engine``.

A command is a module: a function adds its options, a frozen dataclass holds them, ``run`` does what
they ask for and tells it to people or as JSON, whose records stand there too; ``COMMAND`` joins
them.

==================  ================================================================================
module              owns
==================  ================================================================================
arguments           the command line read as a command with its options
commands            the list of all commands
registry            what a command declares
options             options that several commands have, and the collection that they mean
filter_options      what may answer: options that several commands have
labelling_options   which folders are categories: options that several commands have
values              what is typed behind an option, read
json_answers        JSON, written, and the schema of each answer
console             lines, bars and Ctrl-C, on a terminal and in a file
verbosity           what the loggers say
exit_codes          what the process says when it ends
remedies            what leads on from an error, as it is typed
mistyped            what to say of something that is no option
export_options      where results are copied or linked to
exports             the files that commands write, and what audits say while they work
demo                ``demo``
index               ``index``
index_order         … a folder that moved, places that are out of reach
index_answer        … what a build did
watching            … how it stays and looks again
build_run           … how one is run, that of ``demo`` as well
rules               … what a collection takes in and leaves out
findings            … what was found beside pictures; ``info`` tells it, too
search              ``search``
listing_options     … its results as paths and as a table
search_answer       … its answer, and that of ``demo``
previews            … its pictures on a terminal
explain             ``explain``
prompt              ``prompt``
serve               ``serve``
tag                 ``tag``
hide                ``hide``
picture_ids         … the pictures that both are about
collections         ``list`` and ``info``
check               ``check``
rename              ``rename``
remove              ``remove``
export_vectors      ``export``
import_vectors      ``import``
duplicates          ``duplicates``
compare             ``compare``
comparison_answer   … its JSON
suspects            ``suspects``
outliers            ``outliers``
benchmark           ``benchmark``
replay              ``replay``
questions           ``questions``
evaluate_presence   ``evaluate presence``
evaluate_retrieval  ``evaluate retrieval``
evaluate_templates  ``evaluate templates``
compare_models      ``compare-models``
wording             ``wording``
precision           ``precision``
mcp                 ``mcp``
completion          ``completion``
==================  ================================================================================

Only this package prints and exits. Exit codes:

====  ===========================================================================
code  meaning
====  ===========================================================================
0     done; also when nothing was found
1     a fault of the program
2     the command line is wrong
3     what was given cannot be used: folder, name, category, query, picture
4     the collection cannot be used: missing, busy, damaged, not built
5     the model cannot be used: not here, not to be had, another one
6     a query that was run again has other results than before
7     a check found something wrong; ``compare --apart`` found pictures in both
130   stopped by the user
====  ===========================================================================
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

from search_engine.cli import completion
from search_engine.cli.arguments import parse
from search_engine.cli.console import finish_answer, printable, say
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.remedies import told
from search_engine.cli.verbosity import heard
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
        if completion.WANTED in os.environ:
            completion.complete(Settings.from_environment())
        call = parse(arguments)
        with heard(call.verbosity):
            code = call.run(Settings.from_environment())
        finish_answer()
    except OutputLost as error:
        _let_go_of_output()
        say(printable(f"error: {told(error)}"))
        return ExitCode.BAD_INPUT
    except SearchEngineError as error:
        say(printable(f"error: {told(error)}"))
        return next(code for kind, code in _CODES if isinstance(error, kind))
    except KeyboardInterrupt as interrupt:
        say(f"\nStopped. {interrupt}".rstrip())
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
