"""Vectors at rest, and the nearest of them.

=============  =====================================================================================
module         owns
=============  =====================================================================================
store          the protocol that every store keeps; makes and loads one
policy         which kind of index at which size, and why
exact_search   the certain nearest of many queries, by comparing with everything
tuning         how much effort a search takes, from measured answers to words
slots          which picture lies in which slot of an index
faiss_indexes  how each kind is made and asked; the only file that imports Faiss
faiss_store    the store
milvus_store   the store in a Milvus
store_home     where a catalog has its vectors in a Milvus
vector_rows    vectors as they are given to a store, looked at first
faiss_format   the form of an index file, looked through before Faiss reads it
generations    index file and manifest on disk: written beside, checked, renamed
appraisal      how good that index is, as measured on this collection
publication    how it is brought up to date: mended, or made anew
removal        what a collection has elsewhere, deleted with it
publishing     the catalog's vectors to a published index
=============  =====================================================================================
"""

from __future__ import annotations

from search_engine.index.exact_search import search_exactly
from search_engine.index.generations import open_published
from search_engine.index.policy import kind_for
from search_engine.index.publishing import open_mended, publish_index, rebuild_index
from search_engine.index.removal import forget_vectors
from search_engine.index.store import (
    CONCRETE_KINDS,
    Neighbours,
    VectorSource,
    VectorStore,
    load_store,
    new_store,
)
from search_engine.index.tuning import right_answers, text_recall, tune

__all__ = [
    "CONCRETE_KINDS",
    "Neighbours",
    "VectorSource",
    "VectorStore",
    "forget_vectors",
    "kind_for",
    "load_store",
    "new_store",
    "open_mended",
    "open_published",
    "publish_index",
    "rebuild_index",
    "right_answers",
    "search_exactly",
    "text_recall",
    "tune",
]
