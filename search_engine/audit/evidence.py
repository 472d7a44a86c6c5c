"""What speaks for two pictures of different content being one: vectors, hashes, thumbnails."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_engine.audit.crop_registration import overlay_correlation
from search_engine.audit.image_statistics import ImageStatistics
from search_engine.audit.inventory import Inventory
from search_engine.audit.neighbours import ContentNeighbours
from search_engine.collection.thumbnails import Thumbnails
from search_engine.records import Ids, Progress, Step, no_progress

LEAST_COSINE, MOST_BITS, LEAST_OVERLAY = 0.8, 20, 0.9
"""Pairs beyond these are not looked at, whatever thresholds are asked for."""

_PAIRS_AT_ONCE = 64
_THREADS = 2


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When two pictures of different content may be one: if all three say so.

    Then their originals are looked at, see `close_look`.

    Measured on 150 drawings and 250 photographs, resized, re-encoded, cropped by up to 8 % at each
    edge, made brighter and darker; and on drawings of the same description with other seeds.
    """

    cosine: float = 0.9
    """Of their vectors, at least."""
    bits: int = 16
    """Of 64 in which their perceptual hashes differ, at most."""
    overlay: float = 0.985
    """Correlation of their thumbnails, laid over one another as well as they fit, at least."""


LOOSEST = Thresholds(LEAST_COSINE, MOST_BITS, LEAST_OVERLAY)


@dataclass(frozen=True, slots=True)
class PairEvidence:
    """What speaks for two contents being one picture; arrays of one length."""

    ones: NDArray[np.int64]
    others: NDArray[np.int64]
    cosines: NDArray[np.float32]
    bits: NDArray[np.int64]
    overlays: NDArray[np.float32]

    def where(self, wanted: NDArray[np.bool_]) -> PairEvidence:
        """Return those of the pairs."""
        return PairEvidence(
            self.ones[wanted], self.others[wanted], self.cosines[wanted], self.bits[wanted],
            self.overlays[wanted],
        )  # fmt: skip

    def within(self, limits: Thresholds) -> PairEvidence:
        """Return the pairs that agree in all three ways."""
        return self.where(
            (self.cosines >= limits.cosine)
            & (self.bits <= limits.bits)
            & (self.overlays >= limits.overlay)
        )


NO_PAIRS = PairEvidence(
    np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32),
    np.empty(0, np.int64), np.empty(0, np.float32),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ThumbnailLooks:
    """What the thumbnails of contents look like, and where they lie; arrays of one length."""

    hashes: NDArray[np.bytes_]
    """Content hashes."""
    statistics: ImageStatistics
    folder: Path
    """Of the collection."""

    def file(self, content: int) -> Path:
        """Return where the thumbnail of a content lies."""
        return Thumbnails(self.folder).path(self.hashes[content].decode())

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Which have a perceptual hash worth the name; one even colour has none."""
        usable: NDArray[np.bool_] = self.statistics["known"] & ~self.statistics["flat"]
        return usable


def pair_evidence(
    inventory: Inventory,
    neighbours: ContentNeighbours,
    statistics: ImageStatistics,
    folder: Path,
    progress: Progress = no_progress,
) -> PairEvidence:
    """Collect all that speaks for neighbours being one picture.

    Each content is compared with its nearest alone, never with all. Pictures of one even colour
    have no perceptual hash worth the name; they are left to the comparison of bytes.
    """
    looks = ThumbnailLooks(inventory.hashes, statistics, folder)
    return evidence_between(looks, looks, _close_pairs(neighbours), progress=progress)


def evidence_between(
    first: ThumbnailLooks,
    second: ThumbnailLooks,
    pairs: tuple[Ids, Ids, NDArray[np.float32]],
    least: Thresholds = LOOSEST,
    hash_up_to: float = 1.0,
    progress: Progress = no_progress,
) -> PairEvidence:
    """Collect what speaks for pairs of contents; those that do not reach ``least`` are left out.

    Args:
        first: The contents that the first of each pair is one of.
        second: Those of the second of each pair; may be the same.
        pairs: Numbers of contents, two by two, and the cosines of their vectors.
        least: From where on they are looked at at all.
        hash_up_to: The cosine beyond which perceptual hashes rule nothing out.
        progress: Hears how many pairs are done.
    """
    ones, others, cosines = pairs
    first_hashes, second_hashes = first.statistics["phash"], second.statistics["phash"]
    bits = np.bitwise_count(first_hashes[ones] ^ second_hashes[others]).astype(np.int64)
    kept = first.usable[ones] & second.usable[others]
    kept &= ((bits <= least.bits) | (cosines > hash_up_to)) & (cosines >= least.cosine)
    ones, others, cosines, bits = ones[kept], others[kept], cosines[kept], bits[kept]
    overlays = np.full(len(ones), np.nan, dtype=np.float32)
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="overlay") as pool:
        for start in range(0, len(ones), _PAIRS_AT_ONCE):
            progress(Step("Laying pairs over one another", start, len(ones)))
            part = slice(start, start + _PAIRS_AT_ONCE)
            files = map(first.file, ones[part].tolist()), map(second.file, others[part].tolist())
            overlays[part] = list(pool.map(overlay_correlation, *files))
    return PairEvidence(ones, others, cosines, bits, overlays).where(overlays >= least.overlay)


def _close_pairs(
    neighbours: ContentNeighbours,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Return each pair of neighbours once, the lower number first."""
    row, column = np.nonzero(neighbours.cosines >= LEAST_COSINE)
    place = neighbours.places[row, column].astype(np.int64)
    low, high = np.minimum(row, place), np.maximum(row, place)
    _, first = np.unique(low * len(neighbours.places) + high, return_index=True)
    return low[first], high[first], neighbours.cosines[row, column][first]
