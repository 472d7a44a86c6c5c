"""What each option of each command makes different, one row an option, by the real command line.

A row asks with and without the option and compares the answers in the way that the help promises.
The rows of a family of commands are in the file of its tests.
"""

import pytest

from tests.seams.options.shared_rows import SHARED
from tests.seams.parsers import options

OPTIONS = sorted(options())
ROWS = {}
WALKED = []
"""The options that the files of tests go through."""


def row(command, *names):
    """Note a test as the row of an option, or of several."""

    def note(test):
        for name in names:
            assert (command, name) not in ROWS, (command, name)
            ROWS[command, name] = test
        return test

    return note


def row_of(command, name):
    """Return the row of an option, or None; those that many commands have share one."""
    if (command, name) in ROWS or name not in SHARED:
        return ROWS.get((command, name))
    return lambda desk: SHARED[name](desk, command)


def each_option_of(*commands):
    """Run a test with each option of these commands."""
    theirs = [one for one in OPTIONS if one[0] in commands]
    WALKED.extend(theirs)
    return pytest.mark.parametrize(("command", "name"), theirs, ids=map(" ".join, theirs))
