"""What was found, as other programs read it: records, as JSON documents with their schemas.

=================  =================================================================================
module             owns
=================  =================================================================================
json_document      records as JSON, and the schema of each
collection_report  what is known of a collection
duplicates_report  duplicates, and what would become of each
explain_report     why a picture scores what it scores
labelling_report   how folders were read as categories
retrieval_report   how well categories are found by their names
presence_report    how well it is told what is not there
=================  =================================================================================

The command line writes them, and agents get them; results of searches are in `search.answers`.
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
from search_engine.reports.explain_report import ExplainAnswer, explain_answer
from search_engine.reports.json_document import document_of, schema_of
from search_engine.reports.labelling_report import LabellingAnswer, labelling_answer
from search_engine.reports.presence_report import PresenceAnswer, presence_answer
from search_engine.reports.retrieval_report import RetrievalAnswer, retrieval_answer

__all__ = [
    "AwayAnswer",
    "DuplicatesAnswer",
    "ExplainAnswer",
    "InfoAnswer",
    "LabellingAnswer",
    "ListedCollection",
    "PresenceAnswer",
    "RetrievalAnswer",
    "SkipAnswer",
    "away_answer",
    "document_of",
    "duplicates_answer",
    "explain_answer",
    "info_answer",
    "labelling_answer",
    "listed",
    "presence_answer",
    "retrieval_answer",
    "schema_of",
    "skip_answer",
]
