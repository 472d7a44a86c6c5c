"""What the loggers of the program say, on standard error."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from search_engine.cli.console import printable, say

_LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)


def add_verbose(parser: argparse.ArgumentParser) -> None:
    """Let it be asked for, before and behind the name of the command."""
    parser.add_argument(
        "--verbose", action="count", default=argparse.SUPPRESS,
        help="say on standard error what goes on inside; twice for all of it",
    )  # fmt: skip


@contextmanager
def heard(verbosity: int) -> Iterator[None]:
    """Say for a while what the loggers say: warnings, with 1 also information, with 2 all."""
    logger = logging.getLogger("search_engine")
    handler, before = _Says(), logger.level
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(_LEVELS[min(verbosity, len(_LEVELS) - 1)])
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


class _Says(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        for line in self.format(record).splitlines():
            say(printable(line))
