"""What a set of pictures has that is like nothing in another: a gap in what the other covers.

A picture counts as like nothing in B when its nearest picture of B is further away than the nearest
other one is for 19 of 20 pictures of B themselves. So of pictures that are of B's own kind about 1
in 20 is listed too, and a list that is much longer tells of a gap. This is the rank of a conformal
p-value (V. Vovk, A. Gammerman, G. Shafer, "Algorithmic Learning in a Random World", 2005) with the
cosine to the nearest as the score; near copies within B do not count as its nearest, or a set that
holds each of its pictures twice would cover nothing.

Measured on 2,773 photographs by CLIP ViT-B/32: of a half of them 4 to 6 % are listed against the
other half; of dishes against photographs of other things 98 %, the other way round all; of one dish
of five that the other half lacks 76 %, with 6 % of the others, and 42 % where photographs of all
kinds are there beside it. The bundled model puts drawings together by more than what they show:
of two kinds of 50 that are missing it lists 11 %. The mean of the five nearest finds as much,
distances in proportion to those around the nearest less, and whitened vectors next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.audit.evidence import Thresholds, ThumbnailLooks
from search_engine.audit.neighbours import ArrangedVectors, ContentNeighbours, neighbours_of
from search_engine.audit.picture_sets import PictureSet
from search_engine.records import Ids, Progress, no_progress

UNLIKE_SHARE = 0.05
"""Of pictures of the other's own kind, those that are listed nevertheless."""
FEWEST = 40
"""Contents with which the furthest twentieth means something."""

_SAMPLE = 2_000


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """The pictures of one set that are like nothing in the other, furthest first."""

    picture_ids: Ids
    cosines: NDArray[np.float32]
    """To the nearest picture of the other set."""
    nearest_ids: Ids
    """That picture of the other set."""
    limit: float
    """The cosine below which they are."""
    expected: int
    """How many would be, were all of them of the other's own kind."""

    def __len__(self) -> int:
        """Count them."""
        return len(self.picture_ids)


def find_gap(
    first: PictureSet,
    second: PictureSet,
    nearest: ContentNeighbours,
    arranged: ArrangedVectors,
    looks: ThumbnailLooks,
    progress: Progress = no_progress,
) -> CoverageGap | None:
    """Find what the first set has that is like nothing in the second; None if that is too small.

    Args:
        first: The set whose pictures are listed.
        second: The other set.
        nearest: The contents of the second that are nearest to each of the first.
        arranged: The vectors of the second.
        looks: What the thumbnails of the second look like.
        progress: Hears of progress.
    """
    if len(second) < FEWEST:
        return None
    limit = limit_of(_usual_cosines(arranged, looks, progress))
    best = nearest.cosines[:, 0]
    unlike = np.flatnonzero((best < limit) & (nearest.places[:, 0] >= 0))
    wanted = np.isin(first.contents, unlike)
    contents, ids = first.contents[wanted], first.picture_ids[wanted]
    order = np.lexsort((ids, best[contents]))
    others = nearest.places[contents[order], 0]
    return CoverageGap(
        ids[order], best[contents[order]], second.first_pictures[others], limit,
        round(UNLIKE_SHARE * len(first.picture_ids)),
    )  # fmt: skip


def limit_of(usual: NDArray[np.float32]) -> float:
    """Return the cosine below which a picture is like nothing, from those that are usual.

    (Usual ones below it, and one) / (all, and one) is at most the share.
    """
    return float(np.sort(usual)[int(UNLIKE_SHARE * (len(usual) + 1)) - 1])


def _usual_cosines(
    arranged: ArrangedVectors, looks: ThumbnailLooks, progress: Progress
) -> NDArray[np.float32]:
    """Return the cosines of some of a set's own contents to the nearest that is no near copy."""
    count = len(arranged)
    drawn = np.random.default_rng(0).choice(count, min(_SAMPLE, count), replace=False)
    found = neighbours_of(arranged, drawn, progress)
    hashes = looks.statistics["phash"]
    bits = np.bitwise_count(hashes[drawn][:, None] ^ hashes[found.places])
    alike = (bits <= Thresholds().bits) & (
        looks.usable[drawn][:, None] & looks.usable[found.places]
    )
    alike &= found.cosines >= Thresholds().cosine
    cosines = np.where(alike | (found.places < 0), -np.inf, found.cosines).max(axis=1)
    # All of the nearest are near copies: the last of them is as far as anybody looked.
    return np.where(np.isfinite(cosines), cosines, found.cosines[:, -1]).astype(np.float32)
