"""Processes of this machine, told from later ones of the same number."""

from __future__ import annotations

import logging

import psutil

from search_engine.errors import passing_over

_LOG = logging.getLogger(__name__)


def start_of(number: int) -> float:
    """Return when a process began, in seconds since 1970; 0 where that is not known."""
    try:
        return float(psutil.Process(number).create_time())
    except psutil.Error as error:
        _LOG.debug("when a process began is not known: %s", error)
        return 0.0


def at_work(number: int, started: float) -> psutil.Process | None:
    """Return a process that began at a time, if it is at work; another may have its number now."""
    gone = (psutil.Error, ValueError, OverflowError)
    with passing_over(_LOG, "a process is taken to have ended", *gone):
        process = psutil.Process(number)
        same = process.create_time() == started
        if same and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None
