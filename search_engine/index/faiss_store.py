"""The store on Faiss: any kind of index, with the picture ids of its slots.

Faiss knows a vector by its *slot*; when a quarter of the slots is dead, the store is made anew from
the living. Below a thousand vectors every kind compares with everything.
"""

from __future__ import annotations

from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from search_engine.errors import CollectionDamaged
from search_engine.index import faiss_indexes
from search_engine.index.faiss_format import OddIndex, check_form
from search_engine.index.slots import Slots
from search_engine.index.store import NearestOfMany, Neighbours, VectorSource, best, nothing
from search_engine.index.vector_rows import checked, last_of_each
from search_engine.records import AllScores, Filters, Ids, IndexKind, Vectors

_DEAD_SHARE = 0.25
_ADDED_AT_ONCE = 16_384
_SCANNED_AT_ONCE = 8_192

_CANDIDATES_PER_ANSWER = 1.5
_SPARE_CANDIDATES = 8
"""Of a million, k + 8 candidates by 8-bit codes held all of the true best k; each costs a read."""

_SCANNED_UP_TO = 250
"""So many filtered pictures are compared by their original vectors, which is certain, and takes
no longer than asking Faiss for 1 % of a million."""


class FaissStore:
    """A `VectorStore` of any kind."""

    def __init__(self, kind: IndexKind, dimension: int, source: VectorSource) -> None:
        self.kind = kind
        self.dimension = dimension
        self._source = source
        self._index = faiss_indexes.flat(dimension)
        self._slots = Slots()

    @classmethod
    def load(cls, file: BinaryIO, kind: IndexKind, source: VectorSource, place: str) -> Self:
        """Read what `save` wrote.

        Raises:
            CollectionDamaged: The file is not one that `save` wrote for this kind.
        """
        try:
            check_form(file, kind)
            index = faiss_indexes.read(file)
            by_slot = np.load(file, allow_pickle=False)
        except (RuntimeError, ValueError, EOFError, MemoryError) as error:
            cause = "The index file cannot be read"
            if isinstance(error, OddIndex):
                cause += f": {error}"
            remedy = "Build the index again; no picture has to be embedded again for it."
            raise CollectionDamaged(cause, place=place, remedy=remedy) from error
        store = cls(kind, index.d, source)
        store._index, store._slots = index, Slots(by_slot)
        return store

    def save(self, file: BinaryIO) -> None:
        """Write a file of Faiss, followed by the picture ids of the slots as a NumPy file."""
        faiss_indexes.write(self._index, file)
        np.save(file, self._slots.by_slot, allow_pickle=False)

    @property
    def address(self) -> str:
        """Nowhere else."""
        return ""

    @property
    def exact(self) -> bool:
        """Whether an unfiltered search is certain to find the nearest vectors."""
        return faiss_indexes.is_flat(self._index)

    @property
    def parameters(self) -> dict[str, int | float]:
        """What the kind was tuned to, in Faiss's words."""
        return faiss_indexes.parameters(self._index)

    @property
    def efforts(self) -> tuple[int, ...]:
        """The efforts that a search may take, ascending; none where it is exact."""
        return faiss_indexes.efforts(self._index)

    @property
    def effort(self) -> int:
        """The effort that every search takes; it is saved with the store."""
        return faiss_indexes.effort(self._index)

    @effort.setter
    def effort(self, value: int) -> None:
        faiss_indexes.set_effort(self._index, value)

    def __len__(self) -> int:
        """Count the vectors."""
        return len(self._slots)

    def is_whole(self) -> bool:
        """Return whether there are as many as were saved: of a file that was read, always."""
        return True

    def ids(self) -> Ids:
        """Return the ids of all vectors, ascending."""
        return self._slots.ids()

    def fill(self, picture_ids: Ids) -> None:
        """Hold exactly these pictures, whose vectors the source gives, some thousand at a time.

        Raises:
            BadVectors: As `add`.
        """
        ids = np.unique(np.asarray(picture_ids, dtype=np.int64))
        self._index = self._made_for(ids)
        for start in range(0, len(ids), _ADDED_AT_ONCE):
            rows = self._checked(self._source(ids[start : start + _ADDED_AT_ONCE]))
            faiss_indexes.use_threads()
            self._index.add(rows)
        self._slots = Slots(ids)

    def _made_for(self, ids: Ids) -> faiss_indexes.FaissIndex:
        if self.kind is IndexKind.EXACT or len(ids) < faiss_indexes.APPROXIMATE_FROM:
            return faiss_indexes.flat(self.dimension)

        def sample(size: int) -> Vectors:
            drawn = np.random.default_rng(0).choice(ids, size, replace=False)
            return self._checked(self._source(np.sort(drawn)))

        return faiss_indexes.approximate(self.kind, self.dimension, len(ids), sample)

    def add(self, picture_ids: Ids, vectors: Vectors) -> None:
        """Add vectors of shape (n, dimension); those of ids that are already here are replaced.

        Raises:
            BadVectors: A vector is NaN, infinite, not of length one or of another dimension.
        """
        rows = self._checked(vectors)
        picture_ids, rows = last_of_each(np.asarray(picture_ids, dtype=np.int64), rows)
        self.remove(picture_ids)
        faiss_indexes.use_threads()
        self._index.add(rows)
        self._slots.append(picture_ids)
        if self._has_outgrown_its_index():
            self.fill(self.ids())

    def _has_outgrown_its_index(self) -> bool:
        if self.exact:
            approximate = self.kind is not IndexKind.EXACT
            return approximate and len(self) >= faiss_indexes.APPROXIMATE_FROM
        return faiss_indexes.needs_other_lists(self._index, len(self))

    def remove(self, picture_ids: Ids) -> int:
        """Remove the vectors of these ids and count those that were here."""
        gone = self._slots.kill(picture_ids)
        if self._slots.dead > _DEAD_SHARE * len(self._slots.by_slot):
            self.fill(self.ids())
        return gone

    def among(self, picture_ids: Ids) -> Ids:
        """Return those of these ids that are here, ascending."""
        return np.intersect1d(picture_ids, self.ids())

    def filters_by_itself(self, _filters: Filters) -> bool:
        """Return no: only the catalog knows more of a picture than its vector."""
        return False

    def search(self, vector: Vectors, k: int, within: Ids | Filters | None = None) -> Neighbours:
        """Find the ``k`` nearest of a unit vector, or all if there are fewer; best first.

        ``within`` restricts the search to these ids. No kind ever answers short.
        """
        if isinstance(within, Filters):
            raise TypeError(within)
        query = self._checked(vector.reshape(1, -1))
        chosen = None if within is None else self._slots.of(within)
        k = min(k, len(self) if chosen is None else len(chosen))
        if k == 0:
            return nothing()
        if faiss_indexes.is_quantised(self._index):
            return self._search_codes(query, k, chosen)
        if self.exact or chosen is not None:
            return self._scan_memory(query, k, chosen)
        found = self._ask(query, k, None)
        # A graph has nodes that no walk reaches, and would silently answer short.
        return found if len(found.picture_ids) == k else self._scan_memory(query, k, None)

    def _search_codes(self, query: Vectors, k: int, chosen: Ids | None) -> Neighbours:
        """Let the codes choose candidates, and the original vectors rank them."""
        wanted = round(_CANDIDATES_PER_ANSWER * k) + _SPARE_CANDIDATES
        slots = self._slots.living() if chosen is None else chosen
        # The lists nearest to a query hold few of the filtered pictures, or none of them.
        all_lists = chosen is not None
        while len(slots) > max(wanted, _SCANNED_UP_TO):
            found = self._ask(query, wanted, chosen, all_lists=all_lists)
            ranked = self._rank(query, k, found.picture_ids, exact=False)
            if len(ranked.picture_ids) == k:
                return ranked
            wanted, all_lists = 2 * wanted, True
        return self._rank(query, k, self._slots.by_slot[slots], exact=True)

    def _scan_memory(self, query: Vectors, k: int, chosen: Ids | None) -> Neighbours:
        index = faiss_indexes.with_all_vectors(self._index)
        found, scores = faiss_indexes.nearest(index, query, k, self._bits(chosen))
        return best(self._slots.by_slot[found], scores, k, exact=True)

    def _ask(
        self, query: Vectors, k: int, chosen: Ids | None, *, all_lists: bool = False
    ) -> Neighbours:
        bits = self._bits(chosen)
        found, scores = faiss_indexes.nearest(self._index, query, k, bits, all_lists=all_lists)
        return best(self._slots.by_slot[found], scores, k, exact=False)

    def _bits(self, chosen: Ids | None) -> NDArray[np.uint8] | None:
        return self._slots.living_bits() if chosen is None else self._slots.bits(chosen)

    def _rank(self, query: Vectors, k: int, picture_ids: Ids, *, exact: bool) -> Neighbours:
        """Rank pictures by their original vectors."""
        scores = np.empty(len(picture_ids), dtype=np.float32)
        for start in range(0, len(picture_ids), _SCANNED_AT_ONCE):
            part = slice(start, start + _SCANNED_AT_ONCE)
            scores[part] = self._source(picture_ids[part]) @ query[0]
        known = np.isfinite(scores)  # a picture may have gone since this index was made
        return best(picture_ids[known], scores[known], k, exact=exact)

    def search_many(self, vectors: Vectors, k: int) -> NearestOfMany:
        """Find the ``k`` nearest of each of many unit vectors, shape (n, dimension), at once.

        Made for walking through a whole collection, on all cores. Quantised kinds score with their
        codes, and approximate kinds may answer short.
        """
        queries = self._checked(vectors)
        k = min(k, len(self))
        if not len(queries) or not k:
            empty = np.empty((len(queries), k))
            return NearestOfMany(empty.astype(np.int64), empty.astype(np.float32))
        slots, scores = faiss_indexes.nearest_of_many(
            self._index, queries, k, self._slots.living_bits()
        )
        found = slots >= 0  # Faiss fills up with -1, which Python reads as the last slot
        ids = np.where(found, self._slots.by_slot[np.where(found, slots, 0)], -1)
        return NearestOfMany(ids, np.where(found, scores, -np.inf).astype(np.float32))

    def score_all(self, vector: Vectors) -> AllScores:
        """Compare a unit vector with every picture; quantised kinds do so with their codes."""
        exact = not faiss_indexes.is_quantised(self._index)
        return AllScores(self.ids(), self.score_many(vector.reshape(1, -1))[:, 0], exact)

    def score_many(self, vectors: Vectors) -> NDArray[np.float32]:
        """Compare unit vectors with every picture, as `score_all`: shape (pictures, n)."""
        queries = self._checked(vectors)
        if not len(self):
            return np.empty((0, len(queries)), dtype=np.float32)
        return faiss_indexes.scores_by_slot(self._index, queries)[self._slots.living()]

    @property
    def holds_vectors(self) -> bool:
        """Whether it holds the original vectors, not codes of them."""
        return not faiss_indexes.is_quantised(self._index)

    def held(self, picture_ids: Ids) -> Vectors:
        """Return vectors as they are held, shape (n, dimension), of ids that are all here."""
        return faiss_indexes.vectors_at(self._index, self._slots.each(picture_ids))

    def _checked(self, vectors: Vectors) -> Vectors:
        return checked(vectors, self.dimension)
