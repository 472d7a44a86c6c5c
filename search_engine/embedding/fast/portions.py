"""As many pictures at once as memory takes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from search_engine.records import Vectors

_LOG = logging.getLogger(__name__)
_Item = TypeVar("_Item")


class Portions:
    """Hands a model so many inputs at once; half as many from then on if memory runs out."""

    def __init__(self, size: int) -> None:
        self.size = size
        """Inputs at once, as far as is known."""

    def __call__(
        self, model: Callable[[Sequence[_Item]], Vectors], inputs: Sequence[_Item]
    ) -> Vectors:
        """Return the vectors of one input or more; safe from any thread.

        Raises:
            RuntimeError: Memory runs out for a single one, or the model fails.
        """
        found: list[Vectors] = []
        done = 0
        while done < len(inputs):
            some = inputs[done : done + self.size]
            vectors = self._tried(model, some)
            if vectors is not None:
                found.append(vectors)
                done += len(some)
        return np.concatenate(found)

    def _tried(
        self, model: Callable[[Sequence[_Item]], Vectors], some: Sequence[_Item]
    ) -> Vectors | None:
        try:
            return model(some)
        except RuntimeError as error:
            if len(some) == 1 or not ran_out_of_memory(error):
                raise
        # Only here nothing holds what the failed attempt had in memory.
        self.size = min(self.size, max(1, len(some) // 2))
        _LOG.info("memory ran out: %d pictures at once from now on", self.size)
        let_go()
        return None


def ran_out_of_memory(error: RuntimeError) -> bool:
    """Return whether torch says that a device has no memory left."""
    import torch

    return isinstance(error, torch.OutOfMemoryError) or "out of memory" in str(error).lower()


def let_go() -> None:
    """Give back what torch keeps for later, which may lie in pieces."""
    import torch

    if torch.cuda.is_available():
        torch.cuda.empty_cache()
