"""Pictures of a list that are copies or near copies of one another, so that one stands for them.

The rule is that of `duplicates`: the same bytes, or vectors, perceptual hashes and thumbnails that
all agree. Originals are not read: nothing is deleted by what is found here, and a page of results
has no time for it. So thumbnails have to agree somewhat better. Only pairs of near vectors are
looked at, and each pair once.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search_engine.audit.crop_registration import as_it_lies, overlaid, small_grey
from search_engine.audit.evidence import Thresholds
from search_engine.audit.image_statistics import is_flat, perceptual_hash
from search_engine.collection.thumbnails import Thumbnails
from search_engine.records import PictureRecord
from search_engine.search.engine import SearchEngine

_LIMITS = Thresholds(overlay=0.99)
"""Of 117 pairs of copies of drawings none is lost, of 60 drawings drawn once more none is found;
at 0.985 one is."""
_LEAST_AS_THEY_LIE = 0.85
"""What fits less well before it is moved is not moved, which takes 24 ms a pair; among 100,000
drawings a page of results took 320 ms so, and 120 with this. The strongest crops are not folded."""
_HOPELESS = 0.95
"""What fits less well after the large steps is not moved on."""
_LOOKS_KEPT, _PAIRS_KEPT = 2_400, 100_000
"""A look takes 32 kB."""

_Pairs: TypeAlias = dict[int, list[int]]
"""The earlier places that a place may be a copy of, ascending."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What a thumbnail looks like."""

    grey: Image.Image
    phash: int
    unit: NDArray[np.float32]
    """As it lies, a vector of length one."""


class NearCopies:
    """Finds near copies among pictures of one collection, from any number of threads."""

    def __init__(self, engine: SearchEngine) -> None:
        self._embeddings = engine.embeddings
        self._thumbnails = Thumbnails(engine.catalog.folder)
        self._look = lru_cache(_LOOKS_KEPT)(self._looked_at)
        self._are_copies = lru_cache(_PAIRS_KEPT)(self._compared)

    def gathered(
        self, records: Sequence[PictureRecord], parts: Sequence[Hashable] | None = None
    ) -> list[list[int]]:
        """Gather the places of pictures, those of near copies under the first of them.

        Each picture joins the first before it that stands for itself and that it is a copy of; so
        what stands where does not change when the list goes on.

        Args:
            records: The pictures, in order.
            parts: Of each, the part of the list that it is in; none joins one of another part.
        """
        if parts is None:
            parts = [None] * len(records)
        near = self._near(records, parts)
        groups: dict[int, list[int]] = {}
        for place, record in enumerate(records):
            leader = next(
                (
                    other
                    for other in near.get(place, ())
                    if other in groups
                    and self._are_copies(records[other].content_hash, record.content_hash)
                ),
                place,
            )
            groups.setdefault(leader, []).append(place)
        return list(groups.values())

    def _near(self, records: Sequence[PictureRecord], parts: Sequence[Hashable]) -> _Pairs:
        """Return which pictures may be copies by their content or their vectors."""
        if not records:
            return {}
        ids = np.array([record.picture_id for record in records], dtype=np.int64)
        vectors = self._embeddings.of(ids)
        is_near = vectors @ vectors.T >= _LIMITS.cosine
        is_near |= _equal([record.content_hash for record in records])
        is_near &= _equal(parts)
        found: _Pairs = {}
        for place, other in np.argwhere(np.tril(is_near, -1)).tolist():
            found.setdefault(place, []).append(other)
        return found

    def _compared(self, one: str, other: str) -> bool:
        """Return whether two contents are near copies; their vectors are near already."""
        if one == other:
            return True
        first, second = self._look(one), self._look(other)
        if first is None or second is None:
            return False
        bits = (first.phash ^ second.phash).bit_count()
        return (
            bits <= _LIMITS.bits
            and float(first.unit @ second.unit) >= _LEAST_AS_THEY_LIE
            and overlaid(first.grey, second.grey, _LIMITS.overlay, _HOPELESS) >= _LIMITS.overlay
        )

    def _looked_at(self, content_hash: str) -> _Look | None:
        """Return what a content looks like; None without a thumbnail, or of one even colour."""
        grey = small_grey(self._thumbnails.path(content_hash))
        if grey is None or is_flat(grey):
            return None
        return _Look(grey, perceptual_hash(grey), as_it_lies(grey))


def _equal(values: Sequence[Hashable]) -> NDArray[np.bool_]:
    """Return which of the values are equal, two by two."""
    numbers: dict[Hashable, int] = {}
    each = np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int64)
    equal: NDArray[np.bool_] = each[:, None] == each[None, :]
    return equal
