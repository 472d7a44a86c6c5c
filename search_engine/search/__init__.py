"""Queries answered: the engine, which joins catalog, index and calibration for reading.

==================  ================================================================================
module              owns
==================  ================================================================================
all_matches         all pictures that match a query, and no other
answers             the answer as others read it: JSON, cards
engine              joins them for reading: open a collection, run queries, explain results
match_counts        how many matches lie in each category and under each tag
measuring           how good the answers are, measured through the engine
index_model         the model of an index, loaded when it is first needed
collection_encoder  queries as vectors
scoring             what every picture scores, and what the filter on the match lets through
source_files        the pictures' files, and whether they hold what was indexed
ordering            matches in order, and apart: by date, name, size, category
part_matches        whether a picture shows each part of what was asked for
reading_order       the one order in which people read results
ranking             the nearest pictures of a query
results             what comes out of a query
results_table       results as CSV
==================  ================================================================================
"""

from __future__ import annotations

from search_engine.search.all_matches import all_matches, matching_ids
from search_engine.search.answers import (
    AnsweredPicture,
    SearchAnswer,
    TaggedPicture,
    answered_picture,
    search_answer,
)
from search_engine.search.engine import DEFAULT_K, SearchEngine
from search_engine.search.match_counts import MatchCounts, count_matches
from search_engine.search.measuring import Measurements
from search_engine.search.ordering import Grouping, Order, in_groups, in_order
from search_engine.search.part_matches import PartMatch, part_matches
from search_engine.search.reading_order import TOGETHER, ReadingOrder, read
from search_engine.search.results import ScoredCollection, SearchResults, in_order_of_match
from search_engine.search.results_table import (
    path_if_sound,
    table_of_pictures,
    table_of_results,
)

__all__ = [
    "DEFAULT_K",
    "TOGETHER",
    "AnsweredPicture",
    "Grouping",
    "MatchCounts",
    "Measurements",
    "Order",
    "PartMatch",
    "ReadingOrder",
    "ScoredCollection",
    "SearchAnswer",
    "SearchEngine",
    "SearchResults",
    "TaggedPicture",
    "all_matches",
    "answered_picture",
    "count_matches",
    "in_groups",
    "in_order",
    "in_order_of_match",
    "matching_ids",
    "part_matches",
    "path_if_sound",
    "read",
    "search_answer",
    "table_of_pictures",
    "table_of_results",
]
