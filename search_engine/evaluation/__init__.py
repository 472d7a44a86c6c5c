"""How good the answers are, measured without labelling anything.

================  ==================================================================================
module            owns
================  ==================================================================================
labelling         which folders are categories, and what they are asked for by
ground_truth      which pictures belong to which category
category_names    names of categories that do not say what is shown
names_file        the file that tells what folders named by codes are called
metrics           average precision, nDCG, AUROC, what chance gives, bootstrap intervals
streaming         many queries over all pictures, one pass over the vectors at a time
distinct          copies and near-duplicates counted once
retrieval         each category's name as a query
zero_shot         each picture to the category whose name fits best
image_queries     each picture as a query: no words needed
model_comparison  two models on the same pictures
precision_check   the precision of one query, by what a person says of twenty pictures
templates         which wording finds the categories best
wording           how far an answer depends on its wording
nonsense          words that mean nothing
presence          the proof: queries with and without an answer, told apart
reliability       how far a match can be believed: a curve, and the calibration error
================  ==================================================================================
"""

from __future__ import annotations

from search_engine.evaluation.category_names import (
    is_code,
    remarks_on_categories,
    remarks_on_names,
)
from search_engine.evaluation.distinct import NEAR_DUPLICATE, NEAR_DUPLICATES_WITHIN
from search_engine.evaluation.ground_truth import (
    MOST_CATEGORIES,
    GroundTruth,
    check_level,
    read_ground_truth,
)
from search_engine.evaluation.image_queries import ImageQueryPrecision
from search_engine.evaluation.labelling import FIRST_FOLDERS, FolderNames, Labelling
from search_engine.evaluation.metrics import Estimate, auroc
from search_engine.evaluation.model_comparison import (
    ModelComparison,
    PairedEstimate,
    QueryFigures,
    compare_models,
)
from search_engine.evaluation.names_file import names_from, read_names_file
from search_engine.evaluation.nonsense import nonsense_queries
from search_engine.evaluation.precision_check import (
    PICTURES_ASKED,
    CheckedPrecision,
    Judgement,
    PrecisionCheck,
    plan_check,
    proposed,
)
from search_engine.evaluation.presence import (
    AskedQuery,
    Case,
    CategoryProof,
    PresenceProof,
    prove_presence,
)
from search_engine.evaluation.reliability import Reliability
from search_engine.evaluation.retrieval import (
    CategoryRetrieval,
    Confusion,
    Retrieval,
    RetrievalOptions,
    measure_retrieval,
    pictures_mistaken_for,
    rankings,
)
from search_engine.evaluation.templates import (
    AVERAGE_WORDING,
    TemplateComparison,
    TemplateFigures,
    compare_templates,
)
from search_engine.evaluation.wording import (
    COMPARED_ANSWERS,
    FRAGILE_BELOW,
    STABLE_FROM,
    Stability,
    UnstableResult,
    WordingCheck,
    WordingOverlap,
    check_wording,
)
from search_engine.evaluation.zero_shot import MOST_MISTAKES, ZeroShot

__all__ = [
    "AVERAGE_WORDING",
    "COMPARED_ANSWERS",
    "FIRST_FOLDERS",
    "FRAGILE_BELOW",
    "MOST_CATEGORIES",
    "MOST_MISTAKES",
    "NEAR_DUPLICATE",
    "NEAR_DUPLICATES_WITHIN",
    "PICTURES_ASKED",
    "STABLE_FROM",
    "AskedQuery",
    "Case",
    "CategoryProof",
    "CategoryRetrieval",
    "CheckedPrecision",
    "Confusion",
    "Estimate",
    "FolderNames",
    "GroundTruth",
    "ImageQueryPrecision",
    "Judgement",
    "Labelling",
    "ModelComparison",
    "PairedEstimate",
    "PrecisionCheck",
    "PresenceProof",
    "QueryFigures",
    "Reliability",
    "Retrieval",
    "RetrievalOptions",
    "Stability",
    "TemplateComparison",
    "TemplateFigures",
    "UnstableResult",
    "WordingCheck",
    "WordingOverlap",
    "ZeroShot",
    "auroc",
    "check_level",
    "check_wording",
    "compare_models",
    "compare_templates",
    "is_code",
    "measure_retrieval",
    "names_from",
    "nonsense_queries",
    "pictures_mistaken_for",
    "plan_check",
    "proposed",
    "prove_presence",
    "rankings",
    "read_ground_truth",
    "read_names_file",
    "remarks_on_categories",
    "remarks_on_names",
]
