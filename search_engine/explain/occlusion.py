"""Which part matches a query: places are hidden, and places are shown alone.

Works with every model, because it only asks for vectors of pictures: 94 variants and the picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search_engine.embedding import Embedder
from search_engine.explain.windows import Grid, boxes, parts, spread
from search_engine.records import Vectors

if TYPE_CHECKING:
    from PIL import Image

HIDDEN = (0.2, 6)
"""Share of a side that is hidden, and how often along each side."""
ALONE = ((0.5, 3), (0.25, 7))
"""The same of what is shown alone, from coarse to fine."""


def by_regions(
    embedder: Embedder, seen: Image.Image, prepared: Image.Image, query: Vectors
) -> Grid:
    """Return how much each place speaks for a query, in cosine similarity.

    The sum of two measures. How far the score falls when a place is hidden behind the picture's
    mean colour (M. Zeiler and R. Fergus, "Visualizing and Understanding Convolutional Networks",
    ECCV 2014); and how much more than the average of its size a window scores that is shown alone,
    for a half and a quarter of the side. Of the 200 collages of `lab.model_quality.pointing`
    hiding alone gets 107 right, windows alone 180, both together 186: windows tell which thing it
    is, hiding tells where it is.

    Args:
        embedder: The model; all variants go through it in one call.
        seen: The square that it saw, in all detail there is.
        prepared: The same as it saw it.
        query: Unit vector, shape (dimension,).
    """
    hidden = _with_hidden_places(prepared, *HIDDEN)
    alone = [embedder.prepare(part) for windows in ALONE for part in parts(seen, *windows)]
    vectors = embedder.embed_variants([prepared, *hidden, *alone])
    whole, *rest = np.nan_to_num(vectors.astype(np.float64) @ query).tolist()
    scores = np.array(rest)
    grid = spread((whole - scores[: len(hidden)]).reshape(HIDDEN[1], -1), HIDDEN[0])
    start = len(hidden)
    for share, count in ALONE:
        some = scores[start : start + count**2].reshape(count, count)
        grid += spread(some - some.mean(), share)
        start += count**2
    return grid


def _with_hidden_places(prepared: Image.Image, share: float, count: int) -> list[Image.Image]:
    mean = tuple(np.asarray(prepared).reshape(-1, 3).mean(axis=0).round().astype(int).tolist())
    hidden = []
    for box in boxes(prepared.size, share, count):
        variant = prepared.copy()
        variant.paste(mean, box)
        hidden.append(variant)
    return hidden
