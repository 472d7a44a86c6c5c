"""Which part matches a query: what each patch of the picture shows is compared with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search_engine.embedding import Embedder
from search_engine.explain.windows import Grid, enlarge, parts, starts
from search_engine.records import Vectors

if TYPE_CHECKING:
    from PIL import Image

WINDOWS = (0.5, 3)
"""Share of a side, and how many along each side."""


def by_patches(embedder: Embedder, seen: Image.Image, query: Vectors) -> Grid | None:
    """Return how much more than the average each place matches a query, in cosine similarity.

    The picture is looked at through nine overlapping windows, because a model's patches are few and
    large: ViT-B/32 has seven along a side, these make fourteen. Where windows overlap, the mean
    counts. Of 200 collages 195 are right, of those looked at as a whole 133.

    Args:
        embedder: The model.
        seen: The square that it saw, in all detail there is.
        query: Unit vector, shape (dimension,).
    """
    share, count = WINDOWS
    vectors = embedder.patch_vectors([embedder.prepare(part) for part in parts(seen, *WINDOWS)])
    if vectors is None:
        return None
    cosines = np.nan_to_num(vectors.astype(np.float64) @ query)
    corners = [(x, y) for y in starts(share, count) for x in starts(share, count)]
    drawn = [
        enlarge(values, corner, share) for values, corner in zip(cosines, corners, strict=True)
    ]
    grid = np.nanmean(drawn, axis=0)
    return np.asarray(grid - grid.mean())
