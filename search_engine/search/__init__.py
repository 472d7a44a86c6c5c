"""Queries answered: the engine, which joins catalog, index and calibration for reading.

=======  ===========================================================================================
module   owns
=======  ===========================================================================================
answers  the answer as others read it: JSON, cards
engine   joins them for reading: open a collection, answer questions
ranking  the nearest pictures of a query
results  what comes out of a question
=======  ===========================================================================================
"""

from __future__ import annotations

from search_engine.search.engine import DEFAULT_K, SearchEngine
from search_engine.search.results import ScoredCollection, SearchResults, in_order_of_match

__all__ = [
    "DEFAULT_K",
    "ScoredCollection",
    "SearchEngine",
    "SearchResults",
    "in_order_of_match",
]
