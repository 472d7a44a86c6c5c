"""One call of a tool: how far it is, and whether it is still wanted."""

from __future__ import annotations

import threading

from search_engine.records import Step


class CallStopped(Exception):
    """Whoever called wants no result any more."""


class ToolCall:
    """How far a call is; told by the thread that works, read by the one that waits."""

    def __init__(self) -> None:
        self.step: Step | None = None
        self._stopped = threading.Event()

    def __call__(self, step: Step) -> None:
        """Take a step of the work down.

        Raises:
            CallStopped: Nobody waits for it any more.
        """
        if self._stopped.is_set():
            raise CallStopped
        self.step = step

    def stop(self) -> None:
        """Let the work end with its next step."""
        self._stopped.set()

    @property
    def said(self) -> str:
        """How far it is, for people; empty where nothing is known yet."""
        if self.step is None:
            return ""
        return f"{self.step.stage}: {self.step.share:.0%}" if self.step.total else self.step.stage
