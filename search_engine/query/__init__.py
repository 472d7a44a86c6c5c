"""From a query to one vector.

============  ======================================================================================
module        owns
============  ======================================================================================
syntax        what can be asked, and its syntax in text
given_vector  a vector that another program made, as a part of a query
unfinished    a query that somebody is still typing
marks         answers that a person marked as good or bad
relevance     the direction in which marks lead
encoding      a query as a vector
filters       filters as a person types them: names that are meant, patterns that fit nothing
phrasing      names as words, and words in several wordings
============  ======================================================================================
"""

from __future__ import annotations

from search_engine.query.encoding import HEAVIEST, MOST_TERMS, EncodedQuery, QueryEncoder
from search_engine.query.filters import chosen_categories, chosen_tags, wider_pattern
from search_engine.query.given_vector import GivenVector
from search_engine.query.marks import MOST_MARKS, NO_MARKS, Marks
from search_engine.query.phrasing import (
    CATEGORY_TEMPLATE,
    PLACE,
    WORDINGS,
    category_queries,
    filled,
    name_as_words,
    query_for,
)
from search_engine.query.relevance import BEST, MarkedPictures, Relevance, relevance_of
from search_engine.query.syntax import (
    TAKEN_AWAY,
    ExamplePicture,
    IndexedPicture,
    Query,
    Subject,
    Term,
    Words,
)
from search_engine.query.unfinished import require_finished

__all__ = [
    "BEST",
    "CATEGORY_TEMPLATE",
    "HEAVIEST",
    "MOST_MARKS",
    "MOST_TERMS",
    "NO_MARKS",
    "PLACE",
    "TAKEN_AWAY",
    "WORDINGS",
    "EncodedQuery",
    "ExamplePicture",
    "GivenVector",
    "IndexedPicture",
    "MarkedPictures",
    "Marks",
    "Query",
    "QueryEncoder",
    "Relevance",
    "Subject",
    "Term",
    "Words",
    "category_queries",
    "chosen_categories",
    "chosen_tags",
    "filled",
    "name_as_words",
    "query_for",
    "relevance_of",
    "require_finished",
    "wider_pattern",
]
