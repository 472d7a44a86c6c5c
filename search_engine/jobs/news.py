"""How builds ended that nobody has seen yet: news until a person puts it away.

What was seen is noted beside the state of the job, by when the job began; so the next job of the
same collection is news again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from search_engine.collection.library import Library
from search_engine.errors import CollectionError, passing_over
from search_engine.files import documents
from search_engine.jobs.control import Jobs, JobState, JobStatus
from search_engine.settings import Settings

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Which outcome of a job a person has seen."""

    began: float


class JobNews:
    """The outcomes below one data folder that nobody has seen."""

    def __init__(self, settings: Settings) -> None:
        self._library = Library(settings)
        self._jobs = Jobs(settings)

    def all(self) -> dict[str, JobStatus]:
        """Return how jobs ended that nobody has seen, by collection, the latest first.

        What a later build made good, by the command line for one, is no news any more.
        """
        found = {name: self._jobs.status(name) for name in self._jobs.names()}
        new = [name for name, status in found.items() if self._is_new(name, status)]
        return {name: found[name] for name in sorted(new, key=lambda name: -found[name].began)}

    def dismiss(self, name: str) -> None:
        """Note that a person has seen how the last job of a collection ended."""
        seen = _Seen(self._jobs.status(name).began)
        try:
            documents.write(self._jobs.seen_file(name), seen)
        except OSError as error:
            _LOG.info("an outcome will be told again: %s", error)

    def _is_new(self, name: str, status: JobStatus) -> bool:
        if status.state.active or status.state is JobState.NONE or self._is_seen(name, status):
            return False
        if name not in self._library.names():
            return status.state is not JobState.DONE  # it was removed, or never came to be
        unread = passing_over(_LOG, "what a later build made good cannot be seen", CollectionError)
        with unread, self._library.open_catalog(name) as catalog:
            made_good = catalog.builds.done_since(status.began)
            return status.state is JobState.DONE or not made_good
        return True

    def _is_seen(self, name: str, status: JobStatus) -> bool:
        try:
            return documents.read(self._jobs.seen_file(name), _Seen).began == status.began
        except FileNotFoundError:
            return False
        except (OSError, ValueError) as error:
            _LOG.info("what was seen of a job is passed over: %s", error)
            return False
