"""Find pictures by what they show.

============  ====================================================================
module        owns
============  ====================================================================
records       the data types that travel
skip_reasons  why a file was not indexed
findings      what a look through a folder found beside its pictures
builds        what is told of a build
rules         what a scan takes in and leaves out, and what came of it
patterns      what a pattern for paths means, to builds and to searches
names         one name for what people read as one
errors        the tree of errors
settings      where things lie
dating        when a picture was taken, out of what is written
soundness     what may be said of a picture, and what only a hostile catalog says
array_files   arrays in files of our own
files         files of our own, written whole and never through a link
documents     records as JSON files of our own, read back only as what they were
folders       what a person means by a folder, and what to say where it is none
tables        tables as CSV that every spreadsheet opens and none runs
scanning      which files are pictures; new, changed, moved, gone
decoding      file to upright RGB picture
thumbnails    small pictures by content
embedding     pictures and words to unit vectors
catalog       the SQLite catalog of a collection, the one truth
stores        the nearest vectors
phrasing      names as words, and words in several wordings
library       all collections of a data folder
last_used     the collection that was used last
querying      a question to one vector
filtering     filters as a person types them: names that are meant, patterns that fit nothing
insights      what a collection is like; what scores mean beside one another
scoring       what a score is worth: is what was asked for here at all?
explaining    why a picture scores what it scores, and which part of it
evaluation    how good the answers are, measured with folder names and wordings
indexing      joins them for writing: scan, decode, embed, catalog, index
processes     those of this machine, told from later ones of the same number
job_process   what such a process runs
jobs          builds in a process of their own
job_news      how builds ended that nobody has seen yet
answers       what comes out of a question
ranking       the nearest pictures of a query
judging       what the scores of an answer are worth
engine        joins them for reading: open a collection, answer questions
exchange      answers that can be repeated: result cards, saved questions
benchmark     what all this costs on a machine, against the plain way
auditing      what is wrong with a collection: duplicates, wrong labels, odd pictures
checking      whether a collection is what it says, and mending it
sample        the drawn sample gallery and the bundled model
proofs        all that is claimed about scores, measured again on drawings made for it
cli           the command line
============  ====================================================================


Importing this package loads nothing of it: what is named below comes when it is first asked for, so
that a process which only decodes stays small. Torch and faiss come with the first model and index.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search_engine.answers import SearchResults
    from search_engine.engine import SearchEngine
    from search_engine.errors import SearchEngineError
    from search_engine.indexing import build_collection, plan_build
    from search_engine.library import Library
    from search_engine.querying import Query
    from search_engine.records import Filters, IndexKind, ScanRules
    from search_engine.rules import RuleChange
    from search_engine.settings import Settings

__all__ = [
    "Filters",
    "IndexKind",
    "Library",
    "Query",
    "RuleChange",
    "ScanRules",
    "SearchEngine",
    "SearchEngineError",
    "SearchResults",
    "Settings",
    "build_collection",
    "plan_build",
]

_HOMES = {
    "Filters": "records",
    "IndexKind": "records",
    "Library": "library",
    "Query": "querying",
    "RuleChange": "rules",
    "ScanRules": "records",
    "SearchEngine": "engine",
    "SearchEngineError": "errors",
    "SearchResults": "answers",
    "Settings": "settings",
    "build_collection": "indexing",
    "plan_build": "indexing",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        cause = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(cause)
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
