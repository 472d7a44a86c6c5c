"""Why a file was not indexed."""

from __future__ import annotations

from enum import StrEnum


class SkipReason(StrEnum):
    """Why a file was not indexed."""

    EMPTY = "empty file"
    NOT_A_PICTURE = "not a picture"
    DAMAGED = "damaged"
    UNSUPPORTED = "of a kind that is not read"
    TOO_MANY_PIXELS = "too many pixels"
    TOO_MANY_BYTES = "file too large"
    TOO_MUCH_MEMORY = "needs too much memory"
    TOO_SLOW = "takes too long to read"
    CRASHED = "its decoder crashed"
    NOT_A_FILE = "not a regular file"
    NO_PERMISSION = "no permission to read"
    UNREADABLE = "cannot be read"
    VANISHED = "gone before it was read"
    BAD_VECTOR = "the model gave no usable vector"

    @property
    def lies_in_the_file(self) -> bool:
        """Return whether trying again is useless until the file itself changes.

        A permission or a failing disk can be mended without a trace in size or time of change.
        """
        return self not in _MENDED_FROM_OUTSIDE

    @property
    def may_be_the_machine(self) -> bool:
        """Return whether a machine with too much to do could be the cause, and not the file."""
        return self in {SkipReason.TOO_SLOW, SkipReason.TOO_MUCH_MEMORY, SkipReason.CRASHED}


_MENDED_FROM_OUTSIDE = {
    SkipReason.NO_PERMISSION, SkipReason.UNREADABLE, SkipReason.VANISHED, SkipReason.BAD_VECTOR,
    SkipReason.NOT_A_FILE,
}  # fmt: skip
