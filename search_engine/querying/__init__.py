"""A question to one vector.

==========  ====================================================================
module      owns
==========  ====================================================================
question    what can be asked, and its syntax in text
unfinished  a question that somebody is still typing
encoding    a question as a vector
==========  ====================================================================
"""

from __future__ import annotations

from search_engine.querying.encoding import EncodedQuery, QueryEncoder
from search_engine.querying.question import (
    TAKEN_AWAY,
    ExamplePicture,
    IndexedPicture,
    Query,
    Subject,
    Term,
    Words,
)
from search_engine.querying.unfinished import require_finished

__all__ = [
    "TAKEN_AWAY",
    "EncodedQuery",
    "ExamplePicture",
    "IndexedPicture",
    "Query",
    "QueryEncoder",
    "Subject",
    "Term",
    "Words",
    "require_finished",
]
