"""What the process says when it ends."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process says when it ends."""

    DONE = 0
    FAULT = 1
    COMMAND_LINE = 2
    BAD_INPUT = 3
    COLLECTION = 4
    MODEL = 5
    DIFFERENT = 6
    FAULTY = 7
    STOPPED = 130
