"""A question to one vector.

=========  ====================================================================
module     owns
=========  ====================================================================
question   what can be asked, and its syntax in text
encoding   a question as a vector
=========  ====================================================================
"""

from __future__ import annotations

from search_engine.querying.encoding import EncodedQuery, QueryEncoder
from search_engine.querying.question import (
    ExamplePicture,
    IndexedPicture,
    Query,
    Subject,
    Term,
    Words,
)

__all__ = [
    "EncodedQuery",
    "ExamplePicture",
    "IndexedPicture",
    "Query",
    "QueryEncoder",
    "Subject",
    "Term",
    "Words",
]
