"""What every index of vectors promises, whatever library is behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_engine.records import AllScores, Filters, Ids, IndexKind, Vectors

if TYPE_CHECKING:
    from search_engine.index.store_home import StoreHome

CONCRETE_KINDS = (IndexKind.EXACT, IndexKind.HNSW, IndexKind.IVF)
"""The kinds that an index can be of."""

VectorSource: TypeAlias = Callable[[Ids], Vectors]
"""Gives the original vectors of picture ids, shape (n, dimension), in their order. It must know
every id before the store is given it. Approximate kinds use it for exact scores."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest pictures of one vector, best first; both arrays have the same length."""

    picture_ids: Ids
    scores: NDArray[np.float32]
    """Cosine similarity, −1 to 1, higher is better."""
    exact: bool
    """Whether these are certainly the nearest."""


@dataclass(frozen=True, slots=True)
class NearestOfMany:
    """The nearest pictures of many vectors, a row each, best first; both of shape (n, k)."""

    picture_ids: Ids
    """−1 where fewer were found."""
    scores: NDArray[np.float32]
    """Cosine similarity; −inf where fewer were found."""


class VectorStore(Protocol):
    """Unit vectors under picture ids, and the nearest of them.

    Scores are cosine similarities of the original vectors under every kind: an approximate kind may
    miss a neighbour, but never misstates a score.
    """

    kind: IndexKind
    dimension: int

    @property
    def address(self) -> str:
        """Where the vectors lie; empty where `save` writes them."""

    @property
    def exact(self) -> bool:
        """Whether an unfiltered search is certain to find the nearest vectors."""

    @property
    def parameters(self) -> dict[str, int | float]:
        """What the kind was tuned to, in its library's own words."""

    @property
    def efforts(self) -> tuple[int, ...]:
        """The efforts that a search may take, ascending; none where it is exact."""

    @property
    def effort(self) -> int:
        """The effort that every search takes; it is saved with the store."""

    @effort.setter
    def effort(self, value: int) -> None: ...

    def __len__(self) -> int:
        """Count the vectors."""

    def is_whole(self) -> bool:
        """Return whether there are as many vectors as there were when it was saved."""

    def ids(self) -> Ids:
        """Return the ids of all vectors, ascending."""

    def fill(self, picture_ids: Ids) -> None:
        """Hold exactly these pictures, whose vectors the source gives, some thousand at a time.

        Raises:
            BadVectors: As `add`.
        """

    def add(self, picture_ids: Ids, vectors: Vectors) -> None:
        """Add vectors of shape (n, dimension); those of ids that are already here are replaced.

        Raises:
            BadVectors: A vector is NaN, infinite, not of length one or of another dimension.
        """

    def remove(self, picture_ids: Ids) -> int:
        """Remove the vectors of these ids and count those that were here."""

    def among(self, picture_ids: Ids) -> Ids:
        """Return those of these ids that are here, ascending."""

    def filters_by_itself(self, filters: Filters) -> bool:
        """Return whether it can tell which pictures filters let through, as they were saved."""

    def search(self, vector: Vectors, k: int, within: Ids | Filters | None = None) -> Neighbours:
        """Find the ``k`` nearest of a unit vector, or all if there are fewer; best first.

        ``within`` restricts the search to these ids, or to what filters let through, where the
        store filters by itself; hidden pictures count as any. No kind ever answers short.
        """

    def search_many(self, vectors: Vectors, k: int) -> NearestOfMany:
        """Find the ``k`` nearest of each of many unit vectors, shape (n, dimension), at once.

        Made for walking through a whole collection, on all cores. Quantised kinds score with their
        codes, and approximate kinds may answer short.
        """

    def score_all(self, vector: Vectors) -> AllScores:
        """Compare a unit vector with every picture; quantised kinds do so with their codes."""

    def score_many(self, vectors: Vectors) -> NDArray[np.float32]:
        """Compare unit vectors with every picture, as `score_all`: shape (pictures, n)."""

    @property
    def holds_vectors(self) -> bool:
        """Whether it holds the original vectors, not codes of them."""

    def held(self, picture_ids: Ids) -> Vectors:
        """Return vectors as they are held, shape (n, dimension), of ids that are all here."""

    def save(self, file: BinaryIO) -> None:
        """Write everything but the original vectors of approximate kinds."""


def best(picture_ids: Ids, scores: NDArray[np.float32], k: int, *, exact: bool) -> Neighbours:
    """Return the ``k`` best, highest score first, equal scores by id."""
    if len(scores) > k:
        top = np.argpartition(-scores, k)[:k] if k else np.empty(0, dtype=np.int64)
        picture_ids, scores = picture_ids[top], scores[top]
    order = np.lexsort((picture_ids, -scores))
    return Neighbours(picture_ids[order], scores[order], exact)


def nothing() -> Neighbours:
    """Return no neighbours, which is certain."""
    return Neighbours(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32), exact=True)


def new_store(
    kind: IndexKind, dimension: int, source: VectorSource, home: StoreHome | None = None
) -> VectorStore:
    """Make an empty store: here, or where ``home`` says."""
    if home:
        from search_engine.index.milvus_store import MilvusStore

        return MilvusStore(kind, dimension, source, home)
    from search_engine.index.faiss_store import FaissStore

    return FaissStore(kind, dimension, source)


def load_store(
    file: BinaryIO, kind: IndexKind, source: VectorSource, place: str, home: StoreHome | None = None
) -> VectorStore:
    """Read what a store's ``save`` wrote; ``home`` is where it is, if not here.

    Raises:
        CollectionDamaged: The file is not one that was written for this kind.
    """
    if home:
        from search_engine.index.milvus_store import MilvusStore

        return MilvusStore.load(file, kind, source, home, place)
    from search_engine.index.faiss_store import FaissStore

    return FaissStore.load(file, kind, source, place)
