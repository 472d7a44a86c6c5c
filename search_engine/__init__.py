"""Find pictures by what they show.

===========  =======================================================================================
module       owns
===========  =======================================================================================
errors       the tree of errors
names        one name for what people read as one
settings     where things lie
resizing     a part of a picture as a square, quickly
capacity     what this machine, or a container, lets us use
records      the data types that travel
files        files of our own: written whole, private, never through a link
collection   what there is: folders looked through, files decoded, the catalog
embedding    pictures and words to unit vectors
cluster      other systems that hold vectors, and other machines that embed
query        what is asked: words, pictures, plus and minus, filters; to one vector
calibration  what a score means: a probability, and whether what was asked for is here
index        the nearest vectors: made, tuned, measured, published
search       joins them for reading: open a collection, answer queries
building     joins them for writing: scan, decode, embed, catalog, index
jobs         builds in processes of their own
explain      why a picture scores what it scores, and which part of it
explore      what a collection is like: counts, similarity, a map, scores
evaluation   how good the answers are, measured with the names of categories
audit        what is wrong with a collection: duplicates, wrong labels, odd pictures
cards        answers that can be repeated: result cards, saved queries
exchange     pictures handed on: a folder of copies or links
server       other programs answered, over HTTP
checking     whether a collection is what it says, and mending it
reports      what was found in a collection, as other programs read it
agents       tools for agents: the Model Context Protocol
sample       the drawn sample gallery
cli          the command line
lab          benchmark, proofs, the training of the bundled model; the product imports none of it
===========  =======================================================================================


Importing this package loads nothing of it: what is named below comes when it is first asked for, so
that a process which only decodes stays small. Torch and faiss come with the first model and index.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search_engine.building import build_collection, index_folder, plan_build
    from search_engine.collection.library import Library
    from search_engine.errors import SearchEngineError
    from search_engine.query import Query
    from search_engine.records import (
        BuildReport,
        Filters,
        IndexKind,
        ScanRules,
        SearchResult,
    )
    from search_engine.records.rules import RuleChange
    from search_engine.search.engine import SearchEngine
    from search_engine.search.results import SearchResults
    from search_engine.settings import Settings

__all__ = [
    "BuildReport",
    "Filters",
    "IndexKind",
    "Library",
    "Query",
    "RuleChange",
    "ScanRules",
    "SearchEngine",
    "SearchEngineError",
    "SearchResult",
    "SearchResults",
    "Settings",
    "build_collection",
    "index_folder",
    "plan_build",
]

_HOMES = {
    "BuildReport": "records",
    "Filters": "records",
    "IndexKind": "records",
    "Library": "collection.library",
    "Query": "query",
    "RuleChange": "records.rules",
    "ScanRules": "records",
    "SearchEngine": "search.engine",
    "SearchEngineError": "errors",
    "SearchResult": "records",
    "SearchResults": "search.results",
    "Settings": "settings",
    "build_collection": "building",
    "index_folder": "building",
    "plan_build": "building",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        cause = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(cause)
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
