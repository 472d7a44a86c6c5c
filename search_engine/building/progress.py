"""How far a build is, how fast it goes, and how long it will still take."""

from __future__ import annotations

import time
from collections.abc import Sequence

from search_engine.records.builds import BuildProgress, CancelCheck, ProgressListener, Stage

_SHOWN = 12  # pictures that a page shows passing by


class ProgressMeter:
    """Tells a caller how a build goes, and asks whether it should go on."""

    def __init__(
        self, listener: ProgressListener | None = None, cancelled: CancelCheck = lambda: False
    ) -> None:
        self.cancelled = cancelled
        self._listener = listener
        self._since = time.monotonic()
        self._total = 0
        self._stage = Stage.SCAN

    def begin(self, stage: Stage, total: int = 0) -> None:
        """Enter a stage with ``total`` pictures to do."""
        self._since, self._total, self._stage = time.monotonic(), total, stage
        self._tell(BuildProgress(stage, total=total))

    def advance(self, done: int, skipped: int, path: str, recent: Sequence[str]) -> None:
        """Say how many pictures are done, skipped ones included, and which came last."""
        seconds = time.monotonic() - self._since
        rate = done / seconds if seconds > 0 else 0.0
        eta = (self._total - done) / rate if rate > 0 else None
        self._tell(
            BuildProgress(
                self._stage, done, self._total, skipped, rate, eta, path, tuple(recent)[-_SHOWN:]
            )
        )

    def _tell(self, progress: BuildProgress) -> None:
        if self._listener:
            self._listener(progress)
