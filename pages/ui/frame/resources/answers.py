"""What was found out about a collection: answers, counts, similarities, the map, the audit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pages.ui.frame.resources.cache import cached_by_collection
from search_engine import Filters, Query, SearchEngine, SearchResults
from search_engine.audit import Audit, NearCopies
from search_engine.collection import CategoryFacts, FolderLevel, Measure
from search_engine.evaluation import PrecisionCheck
from search_engine.explore import (
    Bar,
    CategorySimilarity,
    MapCluster,
    PictureMap,
    category_similarity,
    count_in_steps,
    draw_picture_map,
    name_clusters,
    sorted_by_similarity,
)
from search_engine.records import Ids
from search_engine.search import (
    MatchCounts,
    ScoredCollection,
    all_matches,
    count_matches,
    matching_ids,
)

_COLLECTIONS = 4


@cached_by_collection(entries=256, by_tags=True)
def answer(engine: SearchEngine, query: Query, k: int, filters: Filters) -> SearchResults:
    """Return the answer to a query, from memory if it was run before."""
    return engine.search(query, k, filters)


@cached_by_collection(entries=8, by_tags=True)
def matches(engine: SearchEngine, query: Query, filters: Filters) -> SearchResults:
    """Return all pictures that match a query."""
    return all_matches(engine, query, filters)


@cached_by_collection(entries=8, by_tags=True)
def matching(engine: SearchEngine, query: Query, filters: Filters) -> Ids:
    """Return the ids of all pictures that match a query, best match first."""
    return matching_ids(engine, query, filters)


@cached_by_collection(entries=32, by_tags=True)
def match_counts(engine: SearchEngine, query: Query, filters: Filters) -> MatchCounts:
    """Count the matches of a query in each category and under each tag."""
    return count_matches(engine, query, filters)


@cached_by_collection(entries=8, by_tags=True)
def scored(engine: SearchEngine, query: Query, filters: Filters) -> ScoredCollection:
    """Return what every picture scores for a query."""
    return engine.score_all(query, filters)


@cached_by_collection(entries=8, by_tags=True)
def precision_check(engine: SearchEngine, query: Query, filters: Filters) -> PrecisionCheck:
    """Return the pictures of a query that a person looks at, to tell its precision."""
    return engine.measure.precision(query, filters)


@cached_by_collection(entries=_COLLECTIONS, spinner="Counting…")
def category_facts(engine: SearchEngine) -> list[CategoryFacts]:
    """Sum up each category."""
    return engine.catalog.statistics.categories()


@cached_by_collection(entries=_COLLECTIONS * len(Measure), spinner="Counting…")
def bars(engine: SearchEngine, measure: Measure) -> list[Bar]:
    """Count the pictures in steps of a measure."""
    return count_in_steps(engine.catalog, measure)


@cached_by_collection(entries=2 * _COLLECTIONS)
def category_counts(engine: SearchEngine, level: int = 1) -> dict[str, int]:
    """Count the pictures of each category, ordered by name; the empty name stands for none.

    ``level`` says which folders are the categories, 1 the first.
    """
    if level == 1:
        return {name or "": count for name, count in engine.catalog.pictures.categories().items()}
    names, _, numbers = engine.catalog.statistics.category_numbers(level)
    return dict(zip(names, np.bincount(numbers, minlength=len(names)).tolist(), strict=True))


@cached_by_collection(entries=_COLLECTIONS, spinner="Counting…")
def folder_levels(engine: SearchEngine) -> list[FolderLevel]:
    """Return the folders by how far below the collection's folder they lie."""
    return engine.catalog.statistics.folder_levels()


@cached_by_collection(entries=64, by_tags=True)
def count(engine: SearchEngine, filters: Filters) -> int:
    """Count the pictures that pass every filter but the one on the score."""
    return engine.catalog.pictures.count(filters)


@cached_by_collection(entries=_COLLECTIONS)
def category_numbers(engine: SearchEngine) -> tuple[list[str], Ids, NDArray[np.int32]]:
    """Return the categories, all ids ascending, and the place of each id's category."""
    return engine.catalog.statistics.category_numbers()


@cached_by_collection(entries=_COLLECTIONS, spinner="Comparing the categories…")
def similarity(engine: SearchEngine) -> CategorySimilarity:
    """Compare all categories of a collection."""
    return category_similarity(engine.embeddings)


@cached_by_collection(entries=16)
def likeness(engine: SearchEngine, name: str, to: str) -> tuple[Ids, NDArray[np.float32]]:
    """Sort a category's pictures by their cosine with the centre of a category."""
    centre = similarity(engine).centre(to)
    return sorted_by_similarity(engine.embeddings, name, centre)


@cached_by_collection(entries=_COLLECTIONS)
def map_of(engine: SearchEngine) -> PictureMap:
    """Return the map of a collection; the first time it is computed, which takes seconds."""
    return draw_picture_map(engine.catalog, engine.manifest)


@cached_by_collection(entries=_COLLECTIONS)
def map_clusters(engine: SearchEngine) -> list[MapCluster]:
    """Return the groups of pictures on the map that have a name, largest first."""
    drawn = map_of(engine)
    sample = drawn.sample()
    ids = drawn.picture_ids[sample]
    known = engine.words()
    vectors = engine.embeddings.of(ids)
    words, word_vectors = known or ((), np.empty((0, vectors.shape[1]), dtype=np.float32))
    names, every_id, numbers = category_numbers(engine)
    places = np.minimum(np.searchsorted(every_id, ids), max(len(every_id) - 1, 0))
    categories = [names[at] for at in numbers[places].tolist()]
    return name_clusters(drawn.points[sample], vectors, words, word_vectors, categories)


@cached_by_collection(entries=_COLLECTIONS)
def seconds(engine: SearchEngine) -> tuple[Ids, NDArray[np.float64]]:
    """Return all ids, ascending, and when each picture was taken, in seconds since 1970."""
    return engine.catalog.statistics.seconds()


@cached_by_collection(entries=_COLLECTIONS, by_tags=True)
def tag_counts(engine: SearchEngine) -> dict[str, int]:
    """Count the pictures of each tag, by name."""
    return engine.catalog.tags.counts()


@cached_by_collection(entries=_COLLECTIONS)
def audit(engine: SearchEngine) -> Audit:
    """Return the audit of a collection."""
    return Audit(engine)


@cached_by_collection(entries=_COLLECTIONS)
def near_copies(engine: SearchEngine) -> NearCopies:
    """Return what finds the near copies among results, and remembers them."""
    return NearCopies(engine)
