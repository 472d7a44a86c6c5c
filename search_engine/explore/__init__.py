"""What a collection is like, and what scores mean beside one another.

==================  ================================================================================
module              owns
==================  ================================================================================
counts              file sizes, resolutions and dates in steps
similarity          how alike categories are, and in which order; typical and untypical pictures
plane_layout        vectors as points of a plane, alike ones close together
picture_map         the points of all pictures of a collection, kept beside its index
map_cells           what of a map is in view, inside a line, and how many pictures lie where
map_clusters        groups of points, named by the words that stand out in them
score_distribution  the distribution of scores; two queries side by side
labels              one picture against many words
==================  ================================================================================
"""

from __future__ import annotations

from search_engine.explore.counts import Bar, count_in_steps
from search_engine.explore.labels import MOST_LABELS, LabelScore, rate_labels
from search_engine.explore.map_cells import MapCells, MapView, inside
from search_engine.explore.map_clusters import MapCluster, name_clusters
from search_engine.explore.picture_map import (
    MOST_LAID_OUT,
    SECONDS_PER_POINT,
    PictureMap,
    draw_picture_map,
)
from search_engine.explore.score_distribution import (
    CategoryShare,
    QueryComparison,
    RankChange,
    ScoreHistogram,
    category_shares,
    compare_queries,
    rank_biased_overlap,
    rank_curve,
    ranks_of,
    score_histogram,
    top_places,
)
from search_engine.explore.similarity import (
    CategorySimilarity,
    alike_in_order,
    category_similarity,
    sorted_by_similarity,
)

__all__ = [
    "MOST_LABELS",
    "MOST_LAID_OUT",
    "SECONDS_PER_POINT",
    "Bar",
    "CategoryShare",
    "CategorySimilarity",
    "LabelScore",
    "MapCells",
    "MapCluster",
    "MapView",
    "PictureMap",
    "QueryComparison",
    "RankChange",
    "ScoreHistogram",
    "alike_in_order",
    "category_shares",
    "category_similarity",
    "compare_queries",
    "count_in_steps",
    "draw_picture_map",
    "inside",
    "name_clusters",
    "rank_biased_overlap",
    "rank_curve",
    "ranks_of",
    "rate_labels",
    "score_histogram",
    "sorted_by_similarity",
    "top_places",
]
