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


@dataclass(frozen=True, slots=True)
class Admitted:
    """Which pictures filters let through."""

    within: Ids | Filters | None
    """Only these, ascending, or what the store lets through by itself; None for all."""
    hidden: Ids
    """Those that are left out of all, ascending."""


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

    def admitted(self, filters: Filters, only: Ids | None = None) -> Admitted:
        """Return what filters let through, but for those on score and match.

        ``only`` are the pictures that the one on the match lets through, all others as well.

        To list all pictures but the hidden ones, and to search among them, takes longer than to
        leave those out of what was found.
        """
        nothing: Ids = np.empty(0, dtype=np.int64)
        if only is not None:
            return Admitted(only, nothing)
        within = filters.of_pictures if filters.restricts_pictures else None
        if within and not self._store.filters_by_itself(within):
            return Admitted(self._catalog.pictures.matching(filters), nothing)
        hidden = nothing if filters.hidden is None else self._catalog.tags.hidden_ids()
        return Admitted(within, hidden)

    def count(self, admitted: Admitted) -> int:
        """Return how many pictures are let through."""
        if isinstance(admitted.within, Filters):
            return self._catalog.pictures.count(admitted.within)
        if admitted.within is not None:
            return len(admitted.within)
        hidden = len(self._store.among(admitted.hidden)) if len(admitted.hidden) else 0
        return len(self._store) - hidden

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
        admitted = self.admitted(filters)
        bad = np.array(encoded.query.marks.bad, dtype=np.int64)
        hidden = np.concatenate([self.outdated(found.picture_ids), admitted.hidden, bad])
        if len(hidden):
            kept &= ~np.isin(found.picture_ids, hidden)
        within = admitted.within
        if isinstance(within, Filters):
            within = self._catalog.pictures.matching(within)
        if within is not None:
            kept &= np.isin(found.picture_ids, within)
        if filters.min_score is not None:
            kept &= found.scores >= filters.min_score
        scores = AllScores(found.picture_ids[kept], found.scores[kept], found.exact)
        return EveryScore(scores, encoded.vector, self._store, kept)

    def best(
        self,
        encoded: EncodedQuery,
        k: int,
        admitted: Admitted,
        min_score: float | None,
        left_out: frozenset[int],
    ) -> tuple[tuple[SearchResult, ...], bool]:
        """Return the results, and whether they are exact.

        Ask for more until ``k`` are left over; pictures may have gone since the build. Hidden ones
        are not looked at again where the first answer was full of them.
        """
        within, hidden = admitted.within, admitted.hidden
        asked = k + len(left_out) + min(k, len(hidden))
        while True:
            nearest = _above(self._store.search(encoded.vector, asked, within), min_score)
            is_open = ~_is_among(nearest.picture_ids, hidden)
            ids, scores = nearest.picture_ids[is_open], nearest.scores[is_open]
            records = self._catalog.pictures.by_id(ids.tolist())
            out = left_out.union(self.outdated(ids).tolist(), self._let_through_before(ids, within))
            kept = [
                (records[picture_id], float(score))
                for picture_id, score in zip(ids.tolist(), scores, strict=True)
                if picture_id in records and picture_id not in out
            ]
            if len(kept) >= k or len(nearest.picture_ids) < asked:
                return _numbered(kept[:k]), nearest.exact
            if within is None and len(hidden) and not self._store.address:
                everything = self._store.ids()
                within = everything[~_is_among(everything, hidden)]
            else:
                asked *= 2

    def _let_through_before(self, picture_ids: Ids, within: Ids | Filters | None) -> set[int]:
        """Return those that filters let through when they were saved, but not as they are now."""
        if not isinstance(within, Filters):
            return set()
        return set(picture_ids.tolist()) - self._catalog.filter_facts.passing(within, picture_ids)


def _is_among(picture_ids: Ids, ascending: Ids) -> NDArray[np.bool_]:
    """Return which of these ids are among others, which ascend."""
    if not len(ascending):
        return np.zeros(len(picture_ids), dtype=np.bool_)
    places = np.minimum(np.searchsorted(ascending, picture_ids), len(ascending) - 1)
    among: NDArray[np.bool_] = ascending[places] == picture_ids
    return among


def _above(nearest: Neighbours, min_score: float | None) -> Neighbours:
    if min_score is None:
        return nearest
    count = int(np.count_nonzero(nearest.scores >= min_score))
    return Neighbours(nearest.picture_ids[:count], nearest.scores[:count], nearest.exact)


def _numbered(kept: list[tuple[PictureRecord, float]]) -> tuple[SearchResult, ...]:
    return tuple(
        SearchResult(rank, record, score) for rank, (record, score) in enumerate(kept, start=1)
    )
