"""Queries as vectors, in one collection: the pictures that they name and mark are its own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from search_engine.calibration import Calibrator, sampled
from search_engine.collection.catalog import Embeddings
from search_engine.embedding import Embedder
from search_engine.errors import BadQuery
from search_engine.index import VectorStore
from search_engine.query import (
    BEST,
    EncodedQuery,
    MarkedPictures,
    Query,
    QueryEncoder,
    relevance_of,
)
from search_engine.records import Vectors


class CollectionEncoder:
    """Turns queries into vectors, loading the model only if a query needs it."""

    def __init__(
        self,
        embedder: Callable[[], Embedder],
        embeddings: Embeddings,
        store: VectorStore,
        calibrator: Calibrator,
    ) -> None:
        self._encoder = QueryEncoder(embedder, embeddings.one, embeddings.card.dimension)
        self._embeddings = embeddings
        self._store = store
        self._calibrator = calibrator

    def encode(self, query: Query) -> EncodedQuery:
        """Encode a query; marks need a search for what the query itself answers best.

        Raises:
            BadQuery: As `QueryEncoder.encode`, or a marked picture is not in the collection.
            ModelError: The model cannot be used.
        """
        encoded = self._encoder.encode(query)
        if not query.marks:
            return encoded
        sample = self.sample()
        pictures = MarkedPictures(
            self._marked(query.marks.good), self._marked(query.marks.bad), self._best(encoded)
        )
        relevance = relevance_of(query.marks, pictures, sample)
        return encoded if relevance is None else encoded.moved_by(relevance, sample)

    def sample(self) -> Vectors:
        """Return vectors of pictures that stand for the collection."""
        scale = self._calibrator.scale()
        if scale is not None:
            return scale.sample.vectors
        found = self._embeddings.of(np.sort(sampled(self._embeddings.ids())))
        return found[np.isfinite(found[:, 0])]

    def _marked(self, picture_ids: tuple[int, ...]) -> Vectors:
        found = self._embeddings.of(np.array(picture_ids, dtype=np.int64))
        gone = np.flatnonzero(~np.isfinite(found[:, 0]))
        if len(gone):
            cause = f"There is no picture #{picture_ids[int(gone[0])]} in the collection"
            raise BadQuery(cause, remedy="Take the mark of this picture away.")
        return found

    def _best(self, encoded: EncodedQuery) -> Vectors:
        bad = np.array(encoded.query.marks.bad, dtype=np.int64)
        found = self._store.search(encoded.vector, BEST + len(bad), None).picture_ids
        best = self._embeddings.of(found[~np.isin(found, bad)][:BEST])
        return best[np.isfinite(best[:, 0])]
