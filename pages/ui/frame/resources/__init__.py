"""What all browser tabs share.

=========  =========================================================================================
module     owns
=========  =========================================================================================
answers    what was found out about a collection: counts, similarities, the map, the audit
cache      how long it is kept; the only use of ``st.cache_*``
engines    open collections, and how long they stay open
folders    what is seen in folders: changes, previews, moved ones
models     the models, each loaded once
pictures   thumbnails, previews, covers
places     where things lie, what was deleted, and the builds under way
=========  =========================================================================================
"""

from pages.ui.frame.resources.answers import (
    answer,
    audit,
    bars,
    category_counts,
    category_facts,
    category_numbers,
    count,
    folder_levels,
    likeness,
    map_clusters,
    map_of,
    match_counts,
    matches,
    matching,
    near_copies,
    precision_check,
    scored,
    seconds,
    similarity,
    tag_counts,
)
from pages.ui.frame.resources.cache import cached_by_collection, state_of_collection
from pages.ui.frame.resources.engines import engine, mend, state_of_published
from pages.ui.frame.resources.folders import (
    changes,
    folder_looks,
    moved_from_elsewhere,
    preview_of,
)
from pages.ui.frame.resources.models import is_loaded, load, seconds_loading, warm
from pages.ui.frame.resources.pictures import covers, preview, small, thumbnail
from pages.ui.frame.resources.places import deleted_collections, jobs, settings, watches

__all__ = [
    "answer",
    "audit",
    "bars",
    "cached_by_collection",
    "category_counts",
    "category_facts",
    "category_numbers",
    "changes",
    "count",
    "covers",
    "deleted_collections",
    "engine",
    "folder_levels",
    "folder_looks",
    "is_loaded",
    "jobs",
    "likeness",
    "load",
    "map_clusters",
    "map_of",
    "match_counts",
    "matches",
    "matching",
    "mend",
    "moved_from_elsewhere",
    "near_copies",
    "precision_check",
    "preview",
    "preview_of",
    "scored",
    "seconds",
    "seconds_loading",
    "settings",
    "similarity",
    "small",
    "state_of_collection",
    "state_of_published",
    "tag_counts",
    "thumbnail",
    "warm",
    "watches",
]
