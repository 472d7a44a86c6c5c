"""The nearest pictures of a query, less those of which the index says something old."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from search_engine.collection.catalog import Catalog
from search_engine.errors import CollectionClosed
from search_engine.index import VectorStore
from search_engine.index.store import Neighbours
from search_engine.query import EncodedQuery, IndexedPicture
from search_engine.records import Filters, Ids, IndexManifest, PictureRecord, SearchResult

_FEW = 10_000
"""So many hidden pictures are left out of what is found; with more, all others are listed."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Which pictures filters let through."""

    within: Ids | None
    """Only these; None for all."""
    but: Ids
    """These are left out of them."""

    def count(self, pictures: int) -> int:
        """Return how many they are, of so many pictures."""
        return max(0, pictures - len(self.but)) if self.within is None else len(self.within)


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

    def admitted(self, filters: Filters) -> Admitted:
        """Return what filters let through, but for the one on the score.

        To search among listed pictures takes longer than to search among all, so that hidden ones
        are left out of what was found, as long as they are few.
        """
        nothing: Ids = np.empty(0, dtype=np.int64)
        if filters.restricts_pictures:
            return Admitted(self._catalog.pictures.matching(filters), nothing)
        hidden = nothing if filters.hidden is None else self._catalog.tags.hidden_ids()
        if len(hidden) <= _FEW:
            return Admitted(None, hidden)
        return Admitted(self._catalog.pictures.matching(filters), nothing)

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
        asked = k + min(k, len(left_out))
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
