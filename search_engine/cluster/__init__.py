"""Beyond one machine: other systems that hold vectors, and how they are spoken with.

None of what it imports comes with the program: ``search_engine/cluster/requirements.txt``.

=================  =================================================================================
module             owns
=================  =================================================================================
store_address      where an index lies, as people write it
expressions        filters as expressions of Milvus
chosen_stores      which of these may be spoken with on this machine
milvus_server      a Milvus, called with time limits and retries; its errors in our words
milvus_collection  vectors under ids, with what filters need, in one collection of a Milvus
=================  =================================================================================
"""

from __future__ import annotations

from search_engine.cluster.chosen_stores import choose_store, require_chosen, settle_store
from search_engine.cluster.expressions import expression_of
from search_engine.cluster.milvus_collection import (
    MOST_RESULTS,
    MilvusCollection,
    MilvusIndex,
    SearchEffort,
)
from search_engine.cluster.milvus_server import TOKEN_VARIABLE, MilvusServer
from search_engine.cluster.store_address import LOCAL, StoreAddress, is_local

__all__ = [
    "LOCAL",
    "MOST_RESULTS",
    "TOKEN_VARIABLE",
    "MilvusCollection",
    "MilvusIndex",
    "MilvusServer",
    "SearchEffort",
    "StoreAddress",
    "choose_store",
    "expression_of",
    "is_local",
    "require_chosen",
    "settle_store",
]
