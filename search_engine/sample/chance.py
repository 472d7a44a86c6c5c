"""Chance that a seed repeats."""

from __future__ import annotations

from random import Random


class Chance(Random):
    """Draws lots; the same seed draws the same ones on every machine."""

    def hits(self, share: float) -> bool:
        """Come true as often as ``share`` says, from 0 to 1."""
        return self.random() < share
