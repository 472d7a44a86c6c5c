"""What was found in a collection, as other programs read it: records.

=================  =================================================================================
module             owns
=================  =================================================================================
collection_report  what is known of a collection
file_report        a picture's file
duplicates_report  duplicates, and what would become of each
labelling_report   how folders were read as categories
retrieval_report   how well categories are found by their names
presence_report    how well it is told what is not there
=================  =================================================================================

The command line writes them as JSON, and agents get them. Those of searches are in `search`.
"""

from __future__ import annotations

from search_engine.reports.collection_report import (
    AwayAnswer,
    InfoAnswer,
    ListedCollection,
    SkipAnswer,
    away_answer,
    info_answer,
    listed,
    skip_answer,
)
from search_engine.reports.duplicates_report import DuplicatesAnswer, duplicates_answer
from search_engine.reports.file_report import FileAnswer, file_values
from search_engine.reports.labelling_report import LabellingAnswer, labelling_answer
from search_engine.reports.presence_report import PresenceAnswer, presence_answer
from search_engine.reports.retrieval_report import RetrievalAnswer, retrieval_answer

__all__ = [
    "AwayAnswer",
    "DuplicatesAnswer",
    "FileAnswer",
    "InfoAnswer",
    "LabellingAnswer",
    "ListedCollection",
    "PresenceAnswer",
    "RetrievalAnswer",
    "SkipAnswer",
    "away_answer",
    "duplicates_answer",
    "file_values",
    "info_answer",
    "labelling_answer",
    "listed",
    "presence_answer",
    "retrieval_answer",
    "skip_answer",
]
