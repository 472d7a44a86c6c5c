"""The files that commands write where they are told to, and what audits say while they work."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from search_engine.cli.console import printable, say, writing_answer
from search_engine.errors import BadInput
from search_engine.records import Step

_SECONDS_BETWEEN_LINES = 5.0


def refuse_what_is_there(file: Path | None) -> None:
    """Refuse to write over a file, before anything is looked for.

    Raises:
        BadInput: There is one.
    """
    with suppress(OSError):  # a name that no file can have is told when it is written
        if file and os.path.lexists(file):
            cause = "There is a file of this name already"
            raise BadInput(cause, place=str(file), remedy="Name one that is not there yet.")


def export(file: Path | None, content: Callable[[], bytes]) -> None:
    """Write a file that was asked for, if one was.

    Raises:
        BadInput: It cannot be written.
    """
    if file is None:
        return
    write_new(file, content(), "list")
    say(f"Written to {printable(str(file))}. No picture was touched.")


def write_new(file: Path, content: bytes, what: str) -> None:
    """Write a file that is not there yet, whole or not at all.

    Whoever names a picture by mistake does not lose it.

    Raises:
        BadInput: It is there, or cannot be written.
    """
    refuse_what_is_there(file)
    try:
        with file.open("xb") as target:
            try:
                target.write(content)
                target.flush()
            except OSError:
                file.unlink()
                raise
    except OSError as error:
        cause = f"The {what} cannot be written: {error.strerror}"
        remedy = "Name another file, in a folder that is there and may be written to."
        raise BadInput(cause, place=str(file), remedy=remedy) from error


def to_standard_output(content: bytes) -> None:
    """Write a list for the program that reads from us, byte for byte."""
    with writing_answer():
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


class Lines:
    """Says what is going on, a line every few seconds."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, step: Step) -> None:
        """Hear how far something is."""
        now = time.monotonic()
        if now - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = now
            counted = f": {step.done:,} of {step.total:,}" if step.total > 1 else " …"
            say(step.stage + counted)
