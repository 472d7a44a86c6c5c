"""What a long build has so far, published now and then, so that it can be searched meanwhile."""

from __future__ import annotations

import logging
import time

from search_engine.building.build_model import BuildModel
from search_engine.calibration import FindBackground, keep_calibrated
from search_engine.calibration.stored import QUICK_UP_TO
from search_engine.collection.catalog import Catalog
from search_engine.errors import CollectionError, passing_over
from search_engine.index.publishing import (
    FIRST_PUBLISHED,
    MENDED_UNASKED,
    publish_so_far,
    published_count,
)
from search_engine.records import IndexKind
from search_engine.records.builds import CancelCheck

_LOG = logging.getLogger(__name__)

SECONDS_BETWEEN = 120.0
"""After so long it is published again, though it has not doubled."""
SECONDS_WORTH_IT = 10.0
"""Whoever has to wait no longer than this for all pictures gets them at once."""
_REST = 50.0
"""After each time it rests so many times as long as that took, which is 2 % of a build."""


class Interim:
    """Publishes what a build has stored: 500 pictures, then twice as many, or every two minutes.

    An index of another model goes on to be searched until the build ends.
    """

    def __init__(
        self,
        catalog: Catalog,
        model: BuildModel,
        kind: IndexKind,
        find_texts: FindBackground,
        cancelled: CancelCheck,
    ) -> None:
        self._catalog = catalog
        self._model = model
        self._kind = kind
        self._find_texts = find_texts
        self._cancelled = cancelled
        self._began = self._last = self._not_before = time.monotonic()
        self._published = published_count(catalog, model.card)
        self._stored = catalog.vectors.count(model.card)
        self._done = 0

    def after(self, stored: int, done: int, left: int) -> None:
        """Publish, if it is time for it.

        Args:
            stored: How many vectors came since the last call.
            done: How many files were read for that.
            left: How many are still to be read.
        """
        self._stored += stored
        self._done += done
        now = time.monotonic()
        seconds_left = left * (now - self._began) / max(self._done, 1)
        if self._is_time(now) and seconds_left > SECONDS_WORTH_IT:
            self._publish()

    def _is_time(self, now: float) -> bool:
        if self._published is None or now < self._not_before:
            return False
        has_doubled = self._stored >= max(FIRST_PUBLISHED, 2 * self._published)
        return has_doubled or now - self._last >= SECONDS_BETWEEN

    def at_the_stop(self) -> None:
        """Publish what there is when a build is stopped, where that is quick."""
        if self._published is not None and self._published < self._stored <= MENDED_UNASKED:
            with passing_over(_LOG, "what was done is not published", CollectionError):
                publish_so_far(self._catalog, self._model.card, self._kind)

    def _publish(self) -> None:
        """Publish, then calibrate; a build that cannot is told so at its end."""
        spent = -time.monotonic()
        with passing_over(_LOG, "what there is so far is not published", CollectionError):
            self._published = publish_so_far(self._catalog, self._model.card, self._kind)
        spent += time.monotonic()
        if self._stored <= QUICK_UP_TO and not self._cancelled():
            self._find_texts()  # which the end needs as well
            spent -= time.monotonic()
            with passing_over(_LOG, "what there is so far is not calibrated", CollectionError):
                keep_calibrated(self._catalog, self._model.card, self._find_texts)
            spent += time.monotonic()
        self._last = time.monotonic()
        self._not_before = self._last + _REST * spent
