"""The store in a Milvus: the vectors lie there, what readers need to find them in a small file.

Flat and graph indexes score with the vectors that they hold; an IVF index of 8-bit codes chooses
candidates, which are ranked by the original vectors, as Faiss's is. What compares everything with
everything is computed here, from the catalog's own vectors: to fetch them from a server would take
longer than to read them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from search_engine.cluster import (
    MOST_RESULTS,
    MilvusCollection,
    MilvusIndex,
    SearchEffort,
    expression_of,
)
from search_engine.cluster.milvus_collection import LISTS, expressions_of
from search_engine.errors import CollectionDamaged
from search_engine.files import documents
from search_engine.index.store import NearestOfMany, Neighbours, VectorSource, best, nothing
from search_engine.index.store_home import StoreHome, StoreNote
from search_engine.index.vector_rows import checked, last_of_each
from search_engine.records import AllScores, Filters, Ids, IndexKind, Vectors

_INDEX_OF = {
    IndexKind.EXACT: MilvusIndex.FLAT,
    IndexKind.HNSW: MilvusIndex.HNSW,
    IndexKind.IVF: MilvusIndex.IVF_SQ8,
}
_EFFORTS: dict[MilvusIndex, tuple[int, ...]] = {
    MilvusIndex.FLAT: (),
    MilvusIndex.HNSW: (64, 96, 128, 192, 256, 384, 512, 768, 1024),
    MilvusIndex.IVF_SQ8: (16, 32, 64, 128, 192, 256, 384, 512, 768, LISTS),
}
_ALL_LISTS = SearchEffort(MilvusIndex.IVF_SQ8, LISTS)
_UNMEASURED = 256
_CANDIDATES_PER_ANSWER = 1.5
_SPARE_CANDIDATES = 8
_SCANNED_UP_TO = 2_000
"""So many filtered pictures are fetched and compared here, which is certain: 4 MB in one reply."""
_FILLED_AT_ONCE = 8_192


class MilvusStore:
    """A `VectorStore` of any kind; Milvus Lite has the exact one only."""

    def __init__(
        self, kind: IndexKind, dimension: int, source: VectorSource, home: StoreHome
    ) -> None:
        self.kind = IndexKind.EXACT if home.address.is_lite else kind
        self.dimension = dimension
        self._source = source
        self._home = home
        self._effort = SearchEffort(_INDEX_OF[self.kind], _UNMEASURED if self.efforts else 0)
        self._collection: MilvusCollection | None = None
        self._count: int | None = 0
        self._ids: Ids | None = None

    @classmethod
    def load(
        cls, file: BinaryIO, kind: IndexKind, source: VectorSource, home: StoreHome, place: str
    ) -> Self:
        """Read what `save` wrote; the server is not called before something is asked of it.

        Raises:
            CollectionDamaged: The file is not one that `save` wrote.
        """
        note = home.read(file, place)
        home = home.using(note.collection)
        store = cls(kind, note.dimension, source, home)
        store._effort = replace(store._effort, value=note.effort)
        store._collection, store._count = home.collection(note.collection), note.count
        return store

    def save(self, file: BinaryIO) -> None:
        """Write where the vectors are, once all readers see them."""
        self._count, name = self._there.count(), self._there.name
        note = StoreNote(self.address, name, self.dimension, self._count, self._effort.value)
        file.write(documents.as_text(note).encode())

    @property
    def address(self) -> str:
        """Where the Milvus is."""
        return str(self._home.address)

    @property
    def exact(self) -> bool:
        """Whether an unfiltered search is certain to find the nearest vectors."""
        return self._effort.index is MilvusIndex.FLAT

    @property
    def parameters(self) -> dict[str, int | float]:
        """What the kind was tuned to, in Milvus's words."""
        return self._effort.figures

    @property
    def efforts(self) -> tuple[int, ...]:
        """The efforts that a search may take, ascending; none where it is exact."""
        return _EFFORTS[_INDEX_OF[self.kind]]

    @property
    def effort(self) -> int:
        """The effort that every search takes; it is saved with the store."""
        return self._effort.value

    @effort.setter
    def effort(self, value: int) -> None:
        self._effort = replace(self._effort, value=value)

    def __len__(self) -> int:
        """Count the vectors; of a store that was opened, as its file says it."""
        if self._count is None:
            self._count = self._there.count()
        return self._count

    def is_whole(self) -> bool:
        """Return whether there are as many vectors as there were when it was saved."""
        try:
            return self._there.count() == self._count
        except CollectionDamaged:
            return False

    def ids(self) -> Ids:
        """Return the ids of all vectors, ascending."""
        if self._ids is None:
            self._ids = self._there.ids()
        return self._ids

    @property
    def _there(self) -> MilvusCollection:
        """The collection in Milvus, made if it is not there yet."""
        if self._collection is None:
            self._collection = self._made()
        return self._collection

    def _made(self) -> MilvusCollection:
        made = self._home.collection(self._home.free())
        made.create(self.dimension, self._effort.index)
        return made

    def fill(self, picture_ids: Ids) -> None:
        """Hold exactly these pictures, whose vectors the source gives, some thousand at a time.

        They go to a collection of their own; readers keep what they have.

        Raises:
            BadVectors: As `add`.
        """
        ids, before = np.unique(np.asarray(picture_ids, dtype=np.int64)), self._collection
        if before and before.name != self._home.in_use:
            self._home = self._home.using(before.name)
        made = self._made()
        for start in range(0, len(ids), _FILLED_AT_ONCE):
            some = ids[start : start + _FILLED_AT_ONCE]
            rows = checked(self._source(some), self.dimension)
            made.put(some, rows, self._home.facts(some))
        self._changed(made)

    def _changed(self, collection: MilvusCollection) -> None:
        self._collection, self._count, self._ids = collection, None, None

    def add(self, picture_ids: Ids, vectors: Vectors) -> None:
        """Add vectors of shape (n, dimension); those of ids that are already here are replaced.

        Raises:
            BadVectors: A vector is NaN, infinite, not of length one or of another dimension.
        """
        rows = checked(vectors, self.dimension)
        ids, rows = last_of_each(np.asarray(picture_ids, dtype=np.int64), rows)
        for start in range(0, len(ids), _FILLED_AT_ONCE):
            part = slice(start, start + _FILLED_AT_ONCE)
            self._there.put(ids[part], rows[part], self._home.facts(ids[part]))
        self._changed(self._there)

    def remove(self, picture_ids: Ids) -> int:
        """Remove the vectors of these ids and count those that were here."""
        gone = self._there.among(np.asarray(picture_ids, dtype=np.int64))
        if len(gone):
            self._there.delete(gone)
            self._changed(self._there)
        return len(gone)

    def among(self, picture_ids: Ids) -> Ids:
        """Return those of these ids that are here, ascending."""
        return self._there.among(picture_ids) if len(picture_ids) else picture_ids

    def filters_by_itself(self, filters: Filters) -> bool:
        """Return whether it can tell which pictures filters let through, as they were saved."""
        return expression_of(filters) is not None

    def search(self, vector: Vectors, k: int, within: Ids | Filters | None = None) -> Neighbours:
        """Find the ``k`` nearest of a unit vector, or all if there are fewer; best first.

        ``within`` restricts the search to these ids, or to what filters let through. No kind ever
        answers short.
        """
        query = checked(vector.reshape(1, -1), self.dimension)
        if isinstance(within, Filters):
            return self._search_where(query, k, expression_of(within) or "")
        if within is not None:
            return self._search_within(query, k, np.unique(within))
        k = min(k, len(self))
        if k == 0:
            return nothing()
        found = self._candidates(query, k, self._effort, "")
        if self._may_miss(found, k, self._effort) and len(found.picture_ids) < self._there.count():
            return self._ranked(query, k, self._there.ids(), exact=True)
        return found

    def _may_miss(self, found: Neighbours, k: int, effort: SearchEffort) -> bool:
        """Return whether fewer were found than wanted, though there may be more.

        A graph has nodes that no walk reaches, and some lists alone may hold too few.
        """
        looks_everywhere = effort.index is MilvusIndex.FLAT or effort == _ALL_LISTS
        return len(found.picture_ids) < k and (not looks_everywhere or k > MOST_RESULTS // 2)

    def _search_where(self, query: Vectors, k: int, expression: str) -> Neighbours:
        effort = self._everywhere
        found = self._candidates(query, k, effort, expression)
        if self._may_miss(found, k, effort):
            return self._ranked(query, k, self._there.ids(expression), exact=True)
        return found

    def _search_within(self, query: Vectors, k: int, chosen: Ids) -> Neighbours:
        if len(chosen) <= _SCANNED_UP_TO:
            ids, rows = self._there.vectors(chosen, self.dimension)
            return best(ids, rows @ query[0], k, exact=True)
        effort = self._everywhere
        found = [
            self._candidates(query, k, effort, expression) for expression in expressions_of(chosen)
        ]
        ids = np.concatenate([one.picture_ids for one in found])
        nearest = best(ids, np.concatenate([one.scores for one in found]), k, exact=self.exact)
        if self._may_miss(nearest, k, effort) and len(ids) < len(self._there.among(chosen)):
            return self._ranked(query, k, self._there.among(chosen), exact=True)
        return nearest

    @property
    def _everywhere(self) -> SearchEffort:
        """The lists nearest to a query hold few of the filtered pictures, or none of them."""
        return _ALL_LISTS if self._effort.index is MilvusIndex.IVF_SQ8 else self._effort

    def _candidates(
        self, query: Vectors, k: int, effort: SearchEffort, expression: str
    ) -> Neighbours:
        """Return the nearest of those that an expression lets through."""
        has_codes = effort.index is MilvusIndex.IVF_SQ8
        wanted = round(_CANDIDATES_PER_ANSWER * k) + _SPARE_CANDIDATES if has_codes else k
        if wanted > MOST_RESULTS:
            return nothing()
        ((ids, scores),) = self._there.nearest(query, wanted, effort, expression)
        if has_codes:
            return self._ranked(query, k, ids, exact=False)
        return best(ids, scores, k, exact=self.exact)

    def _ranked(self, query: Vectors, k: int, picture_ids: Ids, *, exact: bool) -> Neighbours:
        """Rank pictures by their original vectors."""
        scores = self._scores(picture_ids, query)[:, 0]
        known = np.isfinite(scores)  # a picture may have gone since this index was made
        return best(picture_ids[known], scores[known], k, exact=exact)

    def _scores(self, picture_ids: Ids, queries: Vectors) -> NDArray[np.float32]:
        found = np.empty((len(picture_ids), len(queries)), dtype=np.float32)
        for start in range(0, len(picture_ids), _FILLED_AT_ONCE):
            part = slice(start, start + _FILLED_AT_ONCE)
            found[part] = self._source(picture_ids[part]) @ queries.T
        return found

    def search_many(self, vectors: Vectors, k: int) -> NearestOfMany:
        """Find the ``k`` nearest of each of many unit vectors, shape (n, dimension), at once.

        Quantised kinds score with their codes, and approximate kinds may answer short.
        """
        queries = checked(vectors, self.dimension)
        k = min(k, len(self), MOST_RESULTS)
        ids = np.full((len(queries), k), -1, dtype=np.int64)
        scores = np.full((len(queries), k), -np.inf, dtype=np.float32)
        if k:
            for row, (found, cosines) in enumerate(self._there.nearest(queries, k, self._effort)):
                ids[row, : len(found)], scores[row, : len(found)] = found, cosines
        return NearestOfMany(ids, scores)

    def score_all(self, vector: Vectors) -> AllScores:
        """Compare a unit vector with every picture."""
        return AllScores(self.ids(), self.score_many(vector.reshape(1, -1))[:, 0])

    def score_many(self, vectors: Vectors) -> NDArray[np.float32]:
        """Compare unit vectors with every picture, as `score_all`: shape (pictures, n)."""
        return self._scores(self.ids(), checked(vectors, self.dimension))

    @property
    def holds_vectors(self) -> bool:
        """Whether it holds the original vectors, not codes of them."""
        return True

    def held(self, picture_ids: Ids) -> Vectors:
        """Return vectors as they are held, shape (n, dimension), of ids that are all here."""
        ids, rows = self._there.vectors(picture_ids, self.dimension)
        held: Vectors = rows[np.searchsorted(ids, picture_ids)]
        return held

    @property
    def home(self) -> StoreHome:
        """Where something else is made without a loss to those who read this one."""
        return self._home.using(self._collection.name) if self._collection else self._home

    def drop(self) -> None:
        """Delete it in Milvus."""
        if self._collection:
            self._collection.drop()
