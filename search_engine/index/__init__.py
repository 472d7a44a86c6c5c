"""Vectors at rest, and the nearest of them.

=============  =====================================================================================
module         owns
=============  =====================================================================================
store          the protocol that every store keeps
policy         which kind of index at which size, and why
tuning         how much effort a search takes, from measured answers to words
slots          which picture lies in which slot of an index
faiss_indexes  how each kind is made and asked; the only file that imports Faiss
faiss_store    the store
faiss_format   the form of an index file, looked through before Faiss reads it
generations    index file and manifest on disk: written beside, checked, renamed
appraisal      how good that index is, as measured on this collection
publishing     the catalog's vectors to a published index
=============  =====================================================================================
"""

from __future__ import annotations

from typing import BinaryIO

from search_engine.index.store import VectorSource, VectorStore
from search_engine.records import IndexKind

__all__ = ["VectorSource", "VectorStore", "load_store", "new_store"]


def new_store(kind: IndexKind, dimension: int, source: VectorSource) -> VectorStore:
    """Make an empty store."""
    from search_engine.index.faiss_store import FaissStore

    return FaissStore(kind, dimension, source)


def load_store(file: BinaryIO, kind: IndexKind, source: VectorSource, place: str) -> VectorStore:
    """Read what a store's ``save`` wrote.

    Raises:
        CollectionDamaged: The file is not one that was written for this kind.
    """
    from search_engine.index.faiss_store import FaissStore

    return FaissStore.load(file, kind, source, place)
