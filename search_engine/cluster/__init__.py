"""Other machines beside this one; none of it is loaded unless somebody wants them.

================  ==================================================================================
module            owns
================  ==================================================================================
embedding_worker  files to vectors on one core or graphics card of any machine
ray_session       a connection to a Ray cluster, or one of this machine alone
worker_pool       workers that are fed and emptied, and replaced where they are lost
================  ==================================================================================
"""

from __future__ import annotations

from search_engine.cluster.embedding_worker import EmbeddedFile, FileToEmbed
from search_engine.cluster.worker_pool import WorkerPool

__all__ = ["EmbeddedFile", "FileToEmbed", "WorkerPool"]
