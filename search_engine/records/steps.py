"""How far long work is, told to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Step:
    """How far one stage of some work is."""

    stage: str
    """For people, such as “Running many queries”."""
    done: float = 0
    total: float = 0
    """In what the stage counts, whole numbers mostly; 0 where nobody knows."""

    @property
    def share(self) -> float:
        """How much is done, from 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else 0.0


Progress: TypeAlias = Callable[[Step], None]
"""Hears of every step, from the thread that works. It may raise, to stop the work."""


def no_progress(_step: Step) -> None:
    """Hear of progress and do nothing."""


def part_of(progress: Progress, begin: float, end: float) -> Progress:
    """Return the progress of a part of the work, from one share of the whole to another."""

    def tell(step: Step) -> None:
        progress(Step(step.stage, begin + step.share * (end - begin), 1.0))

    return tell
