"""What a model makes of background texts."""

from __future__ import annotations

from dataclasses import dataclass

from search_engine.records.vectors import Vectors


@dataclass(frozen=True, slots=True)
class BackgroundVectors:
    """Background texts as one model embeds them, with what turns its cosines into probabilities."""

    digest: str
    """Names the texts."""
    vectors: Vectors
    """Shape (texts, dimension)."""
    scale: float | None
    """What the model multiplies cosines with; None for one that gives no probabilities."""
    bias: float | None = None
    """What a model adds that rates each text by itself, as SigLIP does."""
