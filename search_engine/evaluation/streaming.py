"""Many queries over all pictures, with a bounded amount of memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from search_engine.collection.catalog import Embeddings
from search_engine.records import Ids, Progress, Step, Vectors

_STAGE = "Searching for every category"
_SCORES_AT_ONCE = 64_000_000
"""256 MB: among a million pictures one pass over their vectors runs 64 queries."""
_UNKNOWN = np.float32(-2)
"""Below every cosine: a picture that went while it was being looked for ranks last."""


def score_all(
    embeddings: Embeddings, ids: Ids, queries: Vectors, progress: Progress
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Return each query's number and its cosine with every picture, in the order of ``ids``."""
    at_once = max(1, _SCORES_AT_ONCE // max(len(ids), 1))
    for start in range(0, len(queries), at_once):
        some = queries[start : start + at_once]
        scores = np.full((len(some), len(ids)), _UNKNOWN, dtype=np.float32)
        for places, vectors in known_batches(embeddings, ids):
            scores[:, places] = some @ vectors.T
            done = start + len(some) * (int(places[-1]) + 1) / len(ids)
            progress(Step(_STAGE, done, len(queries)))
        for number in range(len(some)):
            yield start + number, scores[number]


def known_batches(embeddings: Embeddings, ids: Ids) -> Iterator[tuple[NDArray[np.int64], Vectors]]:
    """Return all vectors, some thousand at a time, with their places in ``ids``.

    Pictures that came since the ids were read are left out.
    """
    for some, vectors in embeddings.batches():
        places = np.minimum(np.searchsorted(ids, some), len(ids) - 1)
        here = ids[places] == some
        if here.any():
            yield places[here], vectors[here]
