"""What all browser tabs share: models, collections, answers. The only use of ``st.cache_*``."""

from __future__ import annotations

import gc
import io
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from search_engine import Filters, Query, SearchEngine, SearchResults, Settings
from search_engine.catalog import CategoryFacts, Measure
from search_engine.decoding import decode, read_content
from search_engine.embedding import Embedder, load_embedder, quick_signature
from search_engine.engine import ScoredCollection
from search_engine.errors import SearchEngineError
from search_engine.indexing.changes import Changes, changes_since_build
from search_engine.insights.counting import Bar, counted
from search_engine.insights.picture_map import PictureMap, picture_map
from search_engine.insights.similarity import (
    CategorySimilarity,
    by_likeness,
    category_similarity,
)
from search_engine.jobs import Jobs
from search_engine.records import CollectionSummary, Ids, IndexManifest, PictureRecord
from search_engine.thumbnails import data_address

_ENGINES = 4
_ANSWERS = 256
_PREVIEWS = 32
_THUMBNAILS = 2000
_SAMPLE = 24
_SECONDS_TO_WAIT = 0.15
_SECONDS_BETWEEN_LOOKS = 60
_SCORES = 8
_LIKENESSES = 32


def settings() -> Settings:
    """Tell where things lie."""
    return Settings.from_environment()


@st.cache_resource(max_entries=2, show_spinner="Loading the model…")
def _embedder(
    model_id: str,
    signature: str,  # noqa: ARG001 - a changed model is another one
    _settings: Settings,
) -> Embedder:
    embedder = load_embedder(model_id, _settings)
    # What was just loaded stays; without this every collection of garbage would walk through it.
    gc.collect()
    gc.freeze()
    return embedder


@st.cache_resource(
    max_entries=_ENGINES, show_spinner="Opening the collection…", on_release=SearchEngine.close
)
def _engine(
    name: str,
    published: tuple[str, ...],  # noqa: ARG001 - a new index is opened anew
) -> SearchEngine:
    return SearchEngine.open(name, settings(), load=_load)


def _load(model_id: str, where: Settings) -> Embedder:
    return _embedder(model_id, quick_signature(model_id, where), where)


def jobs() -> Jobs:
    """Give the builds that run in processes of their own."""
    return Jobs(settings())


def engine(name: str, manifest: IndexManifest) -> SearchEngine:
    """Give a collection as it is published now; a newer generation is opened by itself."""
    return _engine(name, (str(settings().data_folder), manifest.checksum, manifest.created_at))


class _Watch:
    """Looks for changes in folders, in a thread of its own, so that no page waits for a disk."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="changes")
        self._lock = threading.Lock()
        self._looks: dict[str, tuple[str, float, Future[Changes | None]]] = {}

    def look(self, name: str, published: str) -> Changes | None:
        with self._lock:
            look = self._looks.get(name)
            if look is None or look[0] != published or _is_old(look[1], look[2]):
                future = self._thread.submit(changes_since_build, name, settings())
                look = self._looks[name] = (published, time.monotonic(), future)
        try:
            return look[2].result(timeout=_SECONDS_TO_WAIT)
        except (FutureTimeout, SearchEngineError):
            return None


def _is_old(began: float, future: Future[Changes | None]) -> bool:
    return future.done() and time.monotonic() - began > _SECONDS_BETWEEN_LOOKS


@st.cache_resource(show_spinner=False)
def _watch() -> _Watch:
    return _Watch()


def changes(summary: CollectionSummary) -> Changes | None:
    """Tell what changed in a collection's folder since it was built; None while not known."""
    assert summary.manifest is not None  # noqa: S101 - the caller asked
    return _watch().look(summary.name, f"{settings().data_folder} {summary.manifest.checksum}")


@st.cache_resource(max_entries=_ANSWERS, show_spinner=False)
def _answer(
    key: tuple[object, ...],  # noqa: ARG001 - what the answer depends on
    _engine: SearchEngine,
    _query: Query,
    _k: int,
    _filters: Filters,
) -> SearchResults:
    return _engine.search(_query, _k, _filters)


def answer(opened: SearchEngine, query: Query, k: int, filters: Filters) -> SearchResults:
    """Give the answer to a question, from memory if it was asked before."""
    key = (*_key(opened), str(query), k, filters)
    return _answer(key, opened, query, k, filters)


def _key(opened: SearchEngine) -> tuple[object, ...]:
    return str(opened.catalog.folder), opened.manifest.checksum, opened.manifest.created_at


@st.cache_resource(max_entries=_SCORES, show_spinner=False)
def _scored(
    key: tuple[object, ...],  # noqa: ARG001 - what the scores depend on
    _engine: SearchEngine,
    _query: Query,
    _filters: Filters,
) -> ScoredCollection:
    return _engine.score_all(_query, _filters)


def scored(opened: SearchEngine, query: Query, filters: Filters) -> ScoredCollection:
    """Give what every picture scores for a question."""
    return _scored((*_key(opened), str(query), filters), opened, query, filters)


@st.cache_resource(max_entries=_ENGINES, show_spinner="Counting…")
def _counts(
    key: tuple[object, ...],  # noqa: ARG001 - what the counts depend on
    _engine: SearchEngine,
) -> tuple[list[CategoryFacts], dict[Measure, list[Bar]]]:
    measures = {measure: counted(_engine.catalog, measure) for measure in Measure}
    return _engine.catalog.statistics.categories(), measures


def category_facts(opened: SearchEngine) -> list[CategoryFacts]:
    """Sum up each category."""
    return _counts(_key(opened), opened)[0]


def bars(opened: SearchEngine, measure: Measure) -> list[Bar]:
    """Count the pictures in steps of a measure."""
    return _counts(_key(opened), opened)[1][measure]


@st.cache_resource(max_entries=_ENGINES, show_spinner=False)
def _category_numbers(
    key: tuple[object, ...],  # noqa: ARG001 - what the numbers depend on
    _engine: SearchEngine,
) -> tuple[list[str], Ids, NDArray[np.int32]]:
    return _engine.catalog.statistics.category_numbers()


def category_numbers(opened: SearchEngine) -> tuple[list[str], Ids, NDArray[np.int32]]:
    """Give the categories, all ids ascending, and the place of each id's category."""
    return _category_numbers(_key(opened), opened)


@st.cache_resource(max_entries=_ENGINES, show_spinner="Comparing the categories…")
def _similarity(
    key: tuple[object, ...],  # noqa: ARG001 - what the similarities depend on
    _engine: SearchEngine,
) -> CategorySimilarity:
    return category_similarity(_engine.catalog, _engine.manifest.model)


def similarity(opened: SearchEngine) -> CategorySimilarity:
    """Compare all categories of a collection."""
    return _similarity(_key(opened), opened)


@st.cache_resource(max_entries=_LIKENESSES, show_spinner=False)
def _likeness(
    key: tuple[object, ...],  # noqa: ARG001 - what the order depends on
    _engine: SearchEngine,
    name: str,
    to: str,
) -> tuple[Ids, NDArray[np.float32]]:
    centre = similarity(_engine).centre(to)
    return by_likeness(_engine.catalog, _engine.manifest.model, name, centre)


def likeness(opened: SearchEngine, name: str, to: str) -> tuple[Ids, NDArray[np.float32]]:
    """Sort a category's pictures by their cosine with the centre of a category."""
    return _likeness(_key(opened), opened, name, to)


@st.cache_resource(max_entries=_ENGINES, show_spinner=False)
def _picture_map(
    key: tuple[object, ...],  # noqa: ARG001 - what the map depends on
    _engine: SearchEngine,
) -> PictureMap:
    return picture_map(_engine.catalog, _engine.manifest)


def map_of(opened: SearchEngine) -> PictureMap:
    """Give the map of a collection; the first time it is computed, which takes seconds."""
    return _picture_map(_key(opened), opened)


@st.cache_data(max_entries=_THUMBNAILS, show_spinner=False)
def _thumbnail(path: str) -> str | None:
    return data_address(Path(path))


def thumbnail(opened: SearchEngine, record: PictureRecord) -> str:
    """Give a picture's thumbnail as a data address; empty if it was lost."""
    return _thumbnail(str(opened.thumbnail_path(record))) or ""


@st.cache_data(max_entries=_PREVIEWS, show_spinner=False)
def _preview(
    path: str,
    content_hash: str,  # noqa: ARG001 - a changed file is shown as it is now
) -> bytes:
    image = decode(read_content(Path(path))).image
    target = io.BytesIO()
    image.save(target, "JPEG", quality=88)
    return target.getvalue()


def preview(opened: SearchEngine, record: PictureRecord) -> bytes:
    """Give a picture, upright and of a size for the screen, as JPEG.

    Raises:
        Refusal: The file is gone or broken by now.
    """
    return _preview(str(opened.path(record)), record.content_hash)


@st.cache_data(max_entries=_ENGINES, show_spinner=False)
def _sample(
    key: tuple[object, ...],  # noqa: ARG001 - what the pictures depend on
    _engine: SearchEngine,
) -> list[PictureRecord]:
    return _engine.catalog.pictures.spread(_SAMPLE)


def sample(opened: SearchEngine) -> list[PictureRecord]:
    """Give some pictures, of as many categories as possible."""
    return _sample(_key(opened), opened)
