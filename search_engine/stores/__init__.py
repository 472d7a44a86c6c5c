"""Vectors at rest, and the nearest of them.

===========  ====================================================================
module       owns
===========  ====================================================================
base         the protocol that every store keeps
faiss_store  the stores; the only file that imports Faiss
publishing   index file and manifest on disk: written beside, checked, renamed
===========  ====================================================================
"""

from __future__ import annotations

from search_engine.records import IndexKind
from search_engine.stores.base import VectorSource, VectorStore

__all__ = ["VectorSource", "VectorStore", "new_store"]


def new_store(kind: IndexKind, dimension: int, source: VectorSource) -> VectorStore:
    """Make an empty store."""
    from search_engine.stores.faiss_store import FaissStore

    return FaissStore(kind, dimension, source)
