"""Which part of a picture matches a query."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from search_engine.embedding import Embedder
from search_engine.errors import PatchesUnread
from search_engine.explain.crop import crop_of
from search_engine.explain.occlusion import by_regions
from search_engine.explain.patch_similarity import by_patches
from search_engine.records import Vectors
from search_engine.resizing import Box

if TYPE_CHECKING:
    from PIL import Image


PATCHES_UNREAD = "What this model makes of single patches cannot be read"


class HeatMethod(StrEnum):
    """How the part is found."""

    PATCHES = "patches"
    REGIONS = "regions"


@dataclass(frozen=True, slots=True)
class HeatMap:
    """How much each place of the square that the model saw speaks for a query."""

    method: HeatMethod
    grid: NDArray[np.float32]
    """Shape (rows, columns), in cosine similarity: above zero for the query, below against."""
    box: Box
    """Where the square lies, in pixels of the picture."""
    size: tuple[int, int]
    """Width and height of the picture."""

    @property
    def peak(self) -> tuple[float, float]:
        """Return the place that speaks most for the query, in pixels of the picture."""
        rows, columns = self.grid.shape
        row, column = divmod(int(self.grid.argmax()), columns)
        left, top, right, bottom = self.box
        return (
            left + (column + 0.5) / columns * (right - left),
            top + (row + 0.5) / rows * (bottom - top),
        )


def compute_heat_map(
    embedder: Embedder,
    image: Image.Image,
    query: Vectors,
    method: HeatMethod | None = None,
    size: tuple[int, int] | None = None,
) -> HeatMap:
    """Find the part of a picture that matches a query.

    Args:
        embedder: The model.
        image: The picture, upright.
        query: Unit vector, shape (dimension,); of a sum as well as of words.
        method: `REGIONS` works with every model, `PATCHES` takes a tenth of the time; None takes
            patches where those of the model can be read, and regions elsewhere.
        size: Width and height that box and peak are told for; by default those of the image.

    Raises:
        PatchesUnread: The model's patches were asked for, and cannot be read.
    """
    seen = image.crop(_rounded(crop_of(embedder, *image.size).box))
    grid = None if method is HeatMethod.REGIONS else by_patches(embedder, seen, query)
    if grid is None and method is HeatMethod.PATCHES:
        raise PatchesUnread(PATCHES_UNREAD, remedy="Take the method 'regions'.")
    method = HeatMethod.REGIONS if grid is None else HeatMethod.PATCHES
    if grid is None:
        grid = by_regions(embedder, seen, embedder.prepare(image), query)
    size = size or image.size
    return HeatMap(method, grid.astype(np.float32), crop_of(embedder, *size).box, size)


def _rounded(box: Box) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(edge) for edge in box)
    return left, top, max(right, left + 1), max(bottom, top + 1)
