"""The frozen data types that travel between the modules. No input or output happens here.

==================  ================================================================================
module              owns
==================  ================================================================================
vectors             vectors, picture ids, and the model that made them
background          what a model makes of background texts
model_inputs        what a model looks at of a picture
picture_records     pictures: as scanned, as read, as the catalog has them; files left out
skip_reasons        why a file was not indexed
soundness           what may be said of a picture, and what only a hostile catalog says
patterns            what a pattern for paths means, to builds and to searches
rules               what a scan takes in and leaves out, and what came of it
findings            what a look through a folder found beside its pictures
index_records       what was published of an index, and of which state of a catalog
collection_records  what a collection was made with, and its summary
search_records      filters, scores, results
builds              what is told of a build
worker_place        where pictures are read and embedded
steps               how far long work is, told to whoever waits for it
as_json             typed records as JSON, and the schema of each
amounts             counts and times as people read them
==================  ================================================================================
"""

from __future__ import annotations

from search_engine.records.amounts import counted, duration
from search_engine.records.as_json import document_of, schema_of
from search_engine.records.builds import (
    BuildOrder,
    BuildProgress,
    BuildReport,
    BuildRequest,
    CancelCheck,
    ProgressListener,
    Stage,
)
from search_engine.records.collection_records import CollectionSettings, CollectionSummary, SoFar
from search_engine.records.findings import AwayPlace, AwayReason, Findings, UnreadType
from search_engine.records.index_records import CatalogVersion, IndexKind, IndexManifest
from search_engine.records.picture_records import (
    READER,
    PictureFacts,
    PictureFile,
    PictureRecord,
    SkippedFile,
    folder_at,
)
from search_engine.records.rules import RuleChange, RuleEffects, ScanRules
from search_engine.records.search_records import (
    AllScores,
    FilterFacts,
    Filters,
    Orientation,
    SearchResult,
    any_of,
)
from search_engine.records.skip_reasons import SkipReason
from search_engine.records.steps import Progress, Step, no_progress, part_of
from search_engine.records.vectors import Ids, ModelCard, Vectors
from search_engine.records.worker_place import WorkerPlace

__all__ = [
    "READER",
    "AllScores",
    "AwayPlace",
    "AwayReason",
    "BuildOrder",
    "BuildProgress",
    "BuildReport",
    "BuildRequest",
    "CancelCheck",
    "CatalogVersion",
    "CollectionSettings",
    "CollectionSummary",
    "FilterFacts",
    "Filters",
    "Findings",
    "Ids",
    "IndexKind",
    "IndexManifest",
    "ModelCard",
    "Orientation",
    "PictureFacts",
    "PictureFile",
    "PictureRecord",
    "Progress",
    "ProgressListener",
    "RuleChange",
    "RuleEffects",
    "ScanRules",
    "SearchResult",
    "SkipReason",
    "SkippedFile",
    "SoFar",
    "Stage",
    "Step",
    "UnreadType",
    "Vectors",
    "WorkerPlace",
    "any_of",
    "counted",
    "document_of",
    "duration",
    "folder_at",
    "no_progress",
    "part_of",
    "schema_of",
]
