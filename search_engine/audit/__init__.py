"""What is wrong with a collection, or odd in it: found, explained, listed, never changed.

=================  =================================================================================
module             owns
=================  =================================================================================
alike              results that are near copies of one another
audit              the way in: a collection, and all that can be found out about it
found_once         what takes long to find, and is found once
inventory          the pictures of a collection as arrays, copies under one content
neighbours         the nearest other contents of every content, kept on disk
whitening          vectors in which no direction counts more than another
neighbour_choice   whether neighbours tell better by plain or by whitened vectors
image_statistics   what thumbnails look like: perceptual hash, sharpness, brightness
crop_registration  whether one picture is a crop of another
close_look         whether two pictures are the same in their originals, at every spot
evidence           what speaks for two pictures being one
duplicates         groups of equal and nearly equal pictures, and which to keep
picture_sets       a set of pictures that is compared with another
common_pictures    the pictures that two sets have in common
coverage           what a set has that is like nothing in another
set_comparison     two sets of pictures compared
comparison_table   such a comparison as CSV
keeping            which file of a content to keep, and which content of several
on_disk            what the disk says of files that somebody is about to act on
decisions          which copies may go, checked at the moment that they are listed
label_votes        the votes of a picture's neighbours on its category
label_errors       pictures whose category their neighbours or words doubt
reviews            what a person said of doubted labels
outliers           pictures far from all others, or from those of their category
typical_captions   captions that stand for the queries people run
hubness            which pictures queries find too often, or never
unusual            every way of being odd, as a ranking
picture_quality    blurred, dark, bright, tiny and oddly shaped pictures
lists              what was found as CSV, and as lists of files for other tools
=================  =================================================================================

Nothing here moves or deletes a file. Pixels come from the thumbnails; an original is read only to
see whether it shows the same as another one, and whether it still holds what it held, before it is
listed to be removed.
"""

from __future__ import annotations

from search_engine.audit.alike import NearCopies
from search_engine.audit.audit import Audit
from search_engine.audit.common_pictures import CommonGroup, CommonPicture, Relation
from search_engine.audit.comparison_table import table_of_comparison
from search_engine.audit.coverage import UNLIKE_SHARE, CoverageGap
from search_engine.audit.decisions import Decision, decide_removals
from search_engine.audit.duplicates import DuplicateGroup
from search_engine.audit.evidence import LEAST_COSINE, LEAST_OVERLAY, MOST_BITS, Thresholds
from search_engine.audit.found_once import Finding
from search_engine.audit.hubness import Hubness
from search_engine.audit.inventory import Inventory
from search_engine.audit.label_errors import (
    Doubt,
    Signal,
    Suspect,
    Suspicion,
    combined,
    word_doubt,
)
from search_engine.audit.label_votes import neighbour_doubt
from search_engine.audit.lists import (
    ListKind,
    PathStyle,
    Separated,
    breaks_lines,
    list_of_duplicates,
    list_of_paths,
    note_of_file,
    table_of_reviews,
    table_of_suspects,
    table_of_unusual,
)
from search_engine.audit.neighbour_choice import NeighbourChoice, NeighbourSpace
from search_engine.audit.picture_quality import QualityLimits
from search_engine.audit.picture_sets import PictureSet, SetCounts
from search_engine.audit.reviews import Key, Opinion, Reviews, is_about
from search_engine.audit.set_comparison import SetComparison, compare_sets
from search_engine.audit.typical_captions import CAPTIONS
from search_engine.audit.unusual import Oddity, UnusualLimits, UnusualPictures, find_unusual

__all__ = [
    "CAPTIONS",
    "LEAST_COSINE",
    "LEAST_OVERLAY",
    "MOST_BITS",
    "UNLIKE_SHARE",
    "Audit",
    "CommonGroup",
    "CommonPicture",
    "CoverageGap",
    "Decision",
    "Doubt",
    "DuplicateGroup",
    "Finding",
    "Hubness",
    "Inventory",
    "Key",
    "ListKind",
    "NearCopies",
    "NeighbourChoice",
    "NeighbourSpace",
    "Oddity",
    "Opinion",
    "PathStyle",
    "PictureSet",
    "QualityLimits",
    "Relation",
    "Reviews",
    "Separated",
    "SetComparison",
    "SetCounts",
    "Signal",
    "Suspect",
    "Suspicion",
    "Thresholds",
    "UnusualLimits",
    "UnusualPictures",
    "breaks_lines",
    "combined",
    "compare_sets",
    "decide_removals",
    "find_unusual",
    "is_about",
    "list_of_duplicates",
    "list_of_paths",
    "neighbour_doubt",
    "note_of_file",
    "table_of_comparison",
    "table_of_reviews",
    "table_of_suspects",
    "table_of_unusual",
    "word_doubt",
]
