"""Whether a build of a collection is at work, whoever began it: a job, or the command line."""

from __future__ import annotations

import logging
from datetime import datetime

import psutil

from search_engine.collection.catalog import Build, Catalog
from search_engine.errors import passing_over

_LOG = logging.getLogger(__name__)


def is_being_built(catalog: Catalog) -> bool:
    """Return whether a build of a collection is at work.

    Raises:
        CollectionDamaged: The catalog cannot be read.
    """
    return any(_is_running(build) for build in catalog.builds.latest())


def _is_running(build: Build) -> bool:
    """Return whether the process of a build is at work."""
    if build.state != "running":
        return False
    gone = (psutil.Error, ValueError, OverflowError, TypeError)
    with passing_over(_LOG, "a build is taken to have ended", *gone):
        process = psutil.Process(build.process)
        began = datetime.fromisoformat(build.started_at).timestamp()
        # It is told to the second; a process that began later has the number of one that died.
        is_dead = process.status() == psutil.STATUS_ZOMBIE
        return not is_dead and float(process.create_time()) < began + 1
    return False
