"""Beyond one machine: systems that hold vectors, and machines that embed; how they are spoken with.

None of what it imports comes with the program: ``search_engine/cluster/requirements.txt``.

=================  =================================================================================
module             owns
=================  =================================================================================
store_address      where an index lies, as people write it
expressions        filters as expressions of Milvus
chosen_stores      which of these may be spoken with on this machine
milvus_server      a Milvus, called with time limits and retries; its errors in our words
milvus_collection  vectors under ids, with what filters need, in one collection of a Milvus
embedding_worker   files to vectors on one core or graphics card of any machine
ray_session        a connection to a Ray cluster, or one of this machine alone
worker_pool        workers that are fed and emptied, and replaced where they are lost
=================  =================================================================================
"""

from __future__ import annotations

from search_engine.cluster.chosen_stores import choose_store, require_chosen, settle_store
from search_engine.cluster.embedding_worker import EmbeddedFile, FileToEmbed
from search_engine.cluster.expressions import expression_of
from search_engine.cluster.milvus_collection import (
    MOST_RESULTS,
    MilvusCollection,
    MilvusIndex,
    SearchEffort,
)
from search_engine.cluster.milvus_server import TOKEN_VARIABLE, MilvusServer
from search_engine.cluster.store_address import LOCAL, StoreAddress, is_local
from search_engine.cluster.worker_pool import WorkerPool

__all__ = [
    "LOCAL",
    "MOST_RESULTS",
    "TOKEN_VARIABLE",
    "EmbeddedFile",
    "FileToEmbed",
    "MilvusCollection",
    "MilvusIndex",
    "MilvusServer",
    "SearchEffort",
    "StoreAddress",
    "WorkerPool",
    "choose_store",
    "expression_of",
    "is_local",
    "require_chosen",
    "settle_store",
]
