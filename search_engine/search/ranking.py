"""The nearest pictures of a query, less those of which the index says something old."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.collection.catalog import Catalog
from search_engine.errors import CollectionClosed
from search_engine.index import VectorStore
from search_engine.index.store import Neighbours
from search_engine.query import EncodedQuery, IndexedPicture
from search_engine.records import (
    AllScores,
    Filters,
    Ids,
    IndexManifest,
    PictureRecord,
    SearchResult,
    Vectors,
)

_SAME_VECTOR = 1e-6
"""In each coordinate: a part of a query that is all of it was added up in another way."""


@dataclass(frozen=True, slots=True)
class EveryScore:
    """What all pictures that are let through score for a query."""

    scores: AllScores
    _asked: Vectors
    _store: VectorStore
    _kept: NDArray[np.bool_]
    """Which of the store's pictures these are."""

    def cosines(self, vectors: Vectors) -> NDArray[np.float32]:
        """Return what they score for vectors, shape (k, dimension): shape (pictures, k)."""
        found = np.empty((len(self.scores.scores), len(vectors)), dtype=np.float32)
        known = np.abs(vectors - self._asked).max(axis=1) < _SAME_VECTOR
        found[:, known] = self.scores.scores[:, None]
        if not known.all():
            found[:, ~known] = self._store.score_many(vectors[~known])[self._kept]
        return found


class Ranking:
    """Ranks the pictures of one collection, as it was published."""

    def __init__(self, catalog: Catalog, manifest: IndexManifest, store: VectorStore) -> None:
        self._catalog = catalog
        self._manifest = manifest
        self._store = store

    def examples(self, encoded: EncodedQuery) -> frozenset[int]:
        """Return the pictures that a query holds up as examples, copies of them included."""
        subjects = (term.subject for term in encoded.query.terms)
        ids = {subject.picture_id for subject in subjects if isinstance(subject, IndexedPicture)}
        for content_hash in encoded.example_hashes:
            ids.update(self._catalog.pictures.ids_with_content(content_hash))
        return frozenset(ids)

    def outdated(self, picture_ids: Ids) -> Ids:
        """Return those of these pictures that show something else than when the index was made.

        Their scores are of what they showed then. An update that was stopped leaves such: of a
        picture that changed, the catalog holds a newer vector, or none where the update is also one
        to another model.

        Raises:
            CollectionClosed: The collection has gone over to another model since it was opened.
        """
        vectors, model = self._catalog.vectors, self._manifest.model
        if self._catalog.version == self._manifest.made_of:
            return np.empty(0, dtype=np.int64)
        newer = vectors.newer(model, self._manifest.catalog_revision)
        kept = vectors.among(model, picture_ids)
        if not len(kept) and not vectors.count(model) and vectors.main_model():
            cause = f"'{self._catalog.folder.name}' was indexed with another model meanwhile"
            raise CollectionClosed(cause, remedy="Open the collection again.")
        return np.setdiff1d(picture_ids, np.setdiff1d(kept, newer))

    def every(self, encoded: EncodedQuery, filters: Filters) -> EveryScore:
        """Return what every picture that the filters let through scores for a query."""
        found = self._store.score_all(encoded.vector)
        kept = np.isfinite(found.scores)
        hidden = np.append(self.outdated(found.picture_ids), encoded.query.marks.bad)
        if len(hidden):
            kept &= ~np.isin(found.picture_ids, hidden)
        if filters.restricts_pictures:
            kept &= np.isin(found.picture_ids, self._catalog.pictures.matching(filters))
        if filters.min_score is not None:
            kept &= found.scores >= filters.min_score
        scores = AllScores(found.picture_ids[kept], found.scores[kept], found.exact)
        return EveryScore(scores, encoded.vector, self._store, kept)

    def best(
        self,
        encoded: EncodedQuery,
        k: int,
        within: Ids | None,
        min_score: float | None,
        left_out: frozenset[int],
    ) -> tuple[tuple[SearchResult, ...], bool]:
        """Return the results, and whether they are exact.

        Ask for more until ``k`` are left over; pictures may have gone since the build.
        """
        asked = k + len(left_out)
        while True:
            nearest = _above(self._store.search(encoded.vector, asked, within), min_score)
            records = self._catalog.pictures.by_id(nearest.picture_ids.tolist())
            hidden = left_out.union(self.outdated(nearest.picture_ids).tolist())
            kept = [
                (records[picture_id], float(score))
                for picture_id, score in zip(
                    nearest.picture_ids.tolist(), nearest.scores, strict=True
                )
                if picture_id in records and picture_id not in hidden
            ]
            if len(kept) >= k or len(nearest.picture_ids) < asked:
                return _numbered(kept[:k]), nearest.exact
            asked *= 2


def _above(nearest: Neighbours, min_score: float | None) -> Neighbours:
    if min_score is None:
        return nearest
    count = int(np.count_nonzero(nearest.scores >= min_score))
    return Neighbours(nearest.picture_ids[:count], nearest.scores[:count], nearest.exact)


def _numbered(kept: list[tuple[PictureRecord, float]]) -> tuple[SearchResult, ...]:
    return tuple(
        SearchResult(rank, record, score) for rank, (record, score) in enumerate(kept, start=1)
    )
