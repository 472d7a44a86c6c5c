"""What is typed behind an option, read as what it has to be."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from search_engine.collection import MOST_NUMBER, as_asked
from search_engine.errors import BadInput
from search_engine.records import WorkerPlace

_SHOWN = 40


def whole(least: int, most: int = MOST_NUMBER) -> Callable[[str], int]:
    """Return what reads a whole number within bounds."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:  # also for more digits than Python reads
            cause = f"{text[:_SHOWN]!r} is no whole number from {least} to {most}"
            raise argparse.ArgumentTypeError(cause) from None
        if not least <= number <= most:
            limit = f"{most} or less" if number > most else f"{least} or more"
            cause = f"{text[:_SHOWN]} is not {limit}"
            raise argparse.ArgumentTypeError(cause)
        return number

    return read


positive = whole(1)
"""Reads a whole number of 1 or more."""


def number(text: str) -> float:
    """Read a number that is one, which “nan” and “inf” are not."""
    with suppress(ValueError):
        if math.isfinite(float(text)):
            return float(text)
    cause = f"{text[:_SHOWN]!r} is no number"
    raise argparse.ArgumentTypeError(cause)


def path(text: str) -> Path:
    """Read a path as a system may have it."""
    if "\0" in text:
        cause = "no path holds the character zero"
        raise argparse.ArgumentTypeError(cause)
    return Path(text)


def date(text: str) -> str:
    """Read a year, a month or a day."""
    try:
        return as_asked(text)
    except BadInput as error:
        cause = f"{text[:_SHOWN]!r} is no date like 2024, 2024-05 or 2024-05-31"
        raise argparse.ArgumentTypeError(cause) from error


def workers(text: str) -> WorkerPlace:
    """Read where pictures are embedded."""
    try:
        return WorkerPlace.parse(text)
    except BadInput as error:
        cause = f"{error.cause}. {error.remedy}".rstrip(".")
        raise argparse.ArgumentTypeError(cause) from error
