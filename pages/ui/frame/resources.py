"""What all browser tabs share: models, collections, answers. The only use of ``st.cache_*``."""

from __future__ import annotations

import contextlib
import gc
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.ui.frame.folder_looks import FolderLooks
from pages.ui.frame.folder_watch import FolderWatch
from pages.ui.frame.model_warming import ModelWarming
from search_engine import Filters, Library, Query, SearchEngine, SearchResults, Settings
from search_engine.audit.audit import Audit
from search_engine.building.changes import Changes, Preview, preview_build
from search_engine.building.moved_folders import Moved, moved_from
from search_engine.collection.catalog import CATALOG_FILE, CategoryFacts, Measure
from search_engine.collection.decoding import decode
from search_engine.collection.thumbnails import Thumbnails, data_address
from search_engine.embedding import Embedder, load_embedder, quick_signature
from search_engine.errors import CollectionError
from search_engine.explore.counts import Bar, count_in_steps
from search_engine.explore.picture_map import PictureMap, draw_picture_map
from search_engine.explore.similarity import (
    CategorySimilarity,
    category_similarity,
    sorted_by_similarity,
)
from search_engine.jobs.control import Jobs
from search_engine.records import (
    CollectionSettings,
    CollectionSummary,
    Ids,
    IndexManifest,
    PictureRecord,
)
from search_engine.search.results import ScoredCollection

T = TypeVar("T")

_ENGINES = 4
_ANSWERS = 256
_PREVIEWS = 32
_THUMBNAILS = 2000
_SAMPLE = 24
_COVERS = 6
_COVERS_OF = 64
_SECONDS_OF_PREVIEW = 20
_SCORES = 8
_FACTS = 128


def settings() -> Settings:
    """Return where things lie."""
    return Settings.from_environment()


@st.cache_resource(show_spinner=False)
def _warming() -> ModelWarming:
    return ModelWarming()


@st.cache_resource(max_entries=2, show_spinner="Loading the model…")
def _embedder(model_id: str, signature: str, _settings: Settings) -> Embedder:
    embedder = _warming().take((model_id, signature), lambda: load_embedder(model_id, _settings))
    # What was just loaded stays; without this every collection of garbage would walk through it.
    gc.collect()
    gc.freeze()
    return embedder


def warm(model_id: str, *, now: bool = False) -> bool:
    """Load a model in the background, if it is here and may be loaded; True while that goes on.

    ``now`` where somebody waits for it.
    """
    where = settings()
    key = (model_id, quick_signature(model_id, where))
    _warming().begin(key, lambda: load_embedder(model_id, where), where, now=now)
    return _warming().is_under_way(key)


def is_loaded(model_id: str) -> bool:
    """Return whether a model was loaded before."""
    return _warming().is_taken((model_id, quick_signature(model_id, settings())))


# One that has to make room is not closed: tabs may hold it. The last of them lets go of its files.
@st.cache_resource(max_entries=_ENGINES, show_spinner="Opening the collection…")
def _engine(
    name: str,
    published: tuple[object, ...],  # noqa: ARG001 - a new index is opened anew
) -> SearchEngine:
    return SearchEngine.open(name, settings(), load=load)


def load(model_id: str, where: Settings) -> Embedder:
    """Return a model, loaded once for all tabs."""
    return _embedder(model_id, quick_signature(model_id, where), where)


def jobs() -> Jobs:
    """Return the builds that run in processes of their own."""
    return Jobs(settings())


def engine(name: str, manifest: IndexManifest) -> SearchEngine:
    """Return a collection as it is published now; a newer generation is opened by itself."""
    return _engine(name, _published(name, manifest))


def _published(name: str, manifest: IndexManifest) -> tuple[object, ...]:
    """Tell apart what lay under a name at different times, a catalog put back from a backup too."""
    file = Library(settings()).folder(name) / CATALOG_FILE
    with contextlib.suppress(OSError):
        found = file.stat()
        return str(file), found.st_dev, found.st_ino, *_state_of(manifest)
    return str(file), *_state_of(manifest)


def _state_of(manifest: IndexManifest) -> tuple[object, ...]:
    m = manifest
    return m.generation, m.checksum, m.created_at, str(m.made_of)


def mend(name: str) -> None:
    """Make the index of a collection anew from its catalog.

    Raises:
        CollectionError: It cannot be made.
    """
    with st.spinner("Making the index anew…"):
        SearchEngine.open(name, settings(), load=load).close()


@st.cache_resource(show_spinner=False)
def _watch() -> FolderWatch:
    return FolderWatch()


def changes(summary: CollectionSummary) -> Changes | None:
    """Return what changed in a collection's folder since it was built; None while not known."""
    assert summary.manifest is not None  # noqa: S101 - the caller asked
    library, ended = Library(settings()), 0
    with contextlib.suppress(CollectionError), library.open_catalog(summary.name) as catalog:
        ended = catalog.builds.ended()  # one that moved a collection published nothing new
    built = str((*_published(summary.name, summary.manifest), summary.folder, ended))
    return _watch().look(summary.name, built, settings())


@st.cache_resource(show_spinner=False)
def folder_looks() -> FolderLooks:
    """Return the looks into folders that are under way."""
    return FolderLooks()


@st.cache_resource(
    max_entries=_ENGINES, ttl=_SECONDS_OF_PREVIEW, show_spinner="Looking for pictures…"
)
def _preview_of(
    key: tuple[object, ...],  # noqa: ARG001 - what the preview depends on
    name: str,
    _wanted: CollectionSettings,
) -> Preview:
    return preview_build(name, _wanted, settings())


def preview_of(name: str, wanted: CollectionSettings) -> Preview:
    """Tell what a build would find; looked for again only after some seconds or a build.

    Raises:
        BadFolder: The folder cannot be read.
        CollectionError: The catalog cannot be read.
    """
    library, ended = Library(settings()), 0
    if name in library.names():
        with library.open_catalog(name) as catalog:
            ended = catalog.builds.ended()
    return _preview_of((str(library.folder(name)), ended, str(wanted)), name, wanted)


@st.cache_resource(
    max_entries=_ENGINES, ttl=_SECONDS_OF_PREVIEW, show_spinner="Looking for moved folders…"
)
def _moved_from(
    root: bytes,
    collections: tuple[str, ...],  # noqa: ARG001 - what there is to recognise
) -> Moved | None:
    return moved_from(os.fsdecode(root), settings())


def moved_from_elsewhere(root: Path) -> Moved | None:
    """Return which collection's folder this is, moved or copied; None also where it has its own.

    Raises:
        BadFolder: It cannot be read.
    """
    known = tuple(f"{s.name} {s.folder}" for s in Library(settings()).summaries())
    return _moved_from(os.fsencode(root), tuple(ascii(one) for one in known))


@st.cache_resource(max_entries=_FACTS, show_spinner=False)
def _fact(
    key: tuple[object, ...],  # noqa: ARG001 - what the fact depends on
    what: str,  # noqa: ARG001 - which fact it is
    _find: Callable[[], object],
) -> object:
    return _find()


def once(opened: SearchEngine, what: object, find: Callable[[], T]) -> T:
    """Find something out about a collection once, until the collection becomes another."""
    return cast("T", _fact(key_of(opened), repr(what), find))


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
    """Return the answer to a question, from memory if it was asked before."""
    key = (*key_of(opened), repr(query), k, repr(filters))
    return _answer(key, opened, query, k, filters)


def key_of(opened: SearchEngine) -> tuple[object, ...]:
    """Tell apart what the catalog said at different times; moves make no new index.

    Streamlit cannot make a key of names that are not UTF-8, but of what ``repr`` writes of them.
    """
    catalog = opened.catalog
    return (
        repr(catalog.folder), catalog.version.identity, catalog.builds.ended(),
        *_state_of(opened.manifest),
    )  # fmt: skip


@st.cache_resource(max_entries=_SCORES, show_spinner=False)
def _scored(
    key: tuple[object, ...],  # noqa: ARG001 - what the scores depend on
    _engine: SearchEngine,
    _query: Query,
    _filters: Filters,
) -> ScoredCollection:
    return _engine.score_all(_query, _filters)


def scored(opened: SearchEngine, query: Query, filters: Filters) -> ScoredCollection:
    """Return what every picture scores for a question."""
    return _scored((*key_of(opened), repr(query), repr(filters)), opened, query, filters)


@st.cache_resource(max_entries=_ENGINES, show_spinner="Counting…")
def _counts(
    key: tuple[object, ...],  # noqa: ARG001 - what the counts depend on
    _engine: SearchEngine,
) -> tuple[list[CategoryFacts], dict[Measure, list[Bar]]]:
    measures = {measure: count_in_steps(_engine.catalog, measure) for measure in Measure}
    return _engine.catalog.statistics.categories(), measures


def category_facts(opened: SearchEngine) -> list[CategoryFacts]:
    """Sum up each category."""
    return _counts(key_of(opened), opened)[0]


def bars(opened: SearchEngine, measure: Measure) -> list[Bar]:
    """Count the pictures in steps of a measure."""
    return _counts(key_of(opened), opened)[1][measure]


def category_counts(opened: SearchEngine) -> dict[str, int]:
    """Count the pictures of each category, ordered by name; the empty name stands for none."""

    def find() -> dict[str, int]:
        return {name or "": count for name, count in opened.catalog.pictures.categories().items()}

    return once(opened, "category counts", find)


def count(opened: SearchEngine, filters: Filters) -> int:
    """Count the pictures that pass every filter but the one on the score."""
    return once(opened, filters, lambda: opened.catalog.pictures.count(filters))


def category_numbers(opened: SearchEngine) -> tuple[list[str], Ids, NDArray[np.int32]]:
    """Return the categories, all ids ascending, and the place of each id's category."""
    return once(opened, "category numbers", opened.catalog.statistics.category_numbers)


@st.cache_resource(max_entries=_ENGINES, show_spinner="Comparing the categories…")
def _similarity(
    key: tuple[object, ...],  # noqa: ARG001 - what the similarities depend on
    _engine: SearchEngine,
) -> CategorySimilarity:
    return category_similarity(_engine.catalog, _engine.manifest.model)


def similarity(opened: SearchEngine) -> CategorySimilarity:
    """Compare all categories of a collection."""
    return _similarity(key_of(opened), opened)


def likeness(opened: SearchEngine, name: str, to: str) -> tuple[Ids, NDArray[np.float32]]:
    """Sort a category's pictures by their cosine with the centre of a category."""

    def find() -> tuple[Ids, NDArray[np.float32]]:
        centre = similarity(opened).centre(to)
        return sorted_by_similarity(opened.catalog, opened.manifest.model, name, centre)

    return once(opened, ("likeness", name, to), find)


@st.cache_resource(max_entries=_ENGINES, show_spinner=False)
def _picture_map(
    key: tuple[object, ...],  # noqa: ARG001 - what the map depends on
    _engine: SearchEngine,
) -> PictureMap:
    return draw_picture_map(_engine.catalog, _engine.manifest)


def map_of(opened: SearchEngine) -> PictureMap:
    """Return the map of a collection; the first time it is computed, which takes seconds."""
    return _picture_map(key_of(opened), opened)


def records_on_map(opened: SearchEngine) -> dict[int, PictureRecord]:
    """Return the pictures that the map shows and that are still there."""
    ids = map_of(opened).picture_ids
    return once(opened, "map", lambda: opened.catalog.pictures.by_id(ids.tolist()))


@st.cache_resource(max_entries=_ENGINES, show_spinner=False)
def _audit(
    key: tuple[object, ...],  # noqa: ARG001 - what the audit depends on
    _engine: SearchEngine,
) -> Audit:
    return Audit(_engine)


def audit(opened: SearchEngine) -> Audit:
    """Return the audit of a collection."""
    return _audit(key_of(opened), opened)


@st.cache_data(max_entries=_THUMBNAILS, show_spinner=False)
def _thumbnail(path: str) -> str:
    address = data_address(Path(path))
    if address is None:
        raise FileNotFoundError(path)  # which is not remembered: it may be made again
    return address


def _thumbnail_if_there(path: Path) -> str:
    with contextlib.suppress(FileNotFoundError):
        return str(_thumbnail(str(path)))
    return ""


def thumbnail(opened: SearchEngine, record: PictureRecord) -> str:
    """Return a picture's thumbnail as a data address; empty if it was lost."""
    return _thumbnail_if_there(opened.thumbnail_path(record))


@st.cache_data(max_entries=_PREVIEWS, show_spinner=False)
def _preview(
    key: tuple[object, ...],  # noqa: ARG001 - what the preview depends on
    _opened: SearchEngine,
    _record: PictureRecord,
) -> bytes:
    image = decode(_opened.content(_record)).image
    target = io.BytesIO()
    image.save(target, "JPEG", quality=88)
    return target.getvalue()


def preview(opened: SearchEngine, record: PictureRecord) -> bytes:
    """Return a picture, upright and of a size for the screen, as JPEG.

    Raises:
        PictureRefused: The file is gone, broken or another picture by now.
    """
    key = (os.fsencode(opened.path(record)), record.content_hash)
    return _preview(key, opened, record)


def sample(opened: SearchEngine) -> list[PictureRecord]:
    """Return some pictures, of as many categories as possible."""
    return once(opened, "sample", lambda: opened.catalog.pictures.spread(_SAMPLE))


@st.cache_data(max_entries=_COVERS_OF, show_spinner=False)
def _covers(
    key: tuple[object, ...],  # noqa: ARG001 - what the pictures depend on
    name: str,
) -> list[PictureRecord]:
    with Library(settings()).open_catalog(name) as catalog:
        return catalog.pictures.spread(_COVERS)


def covers(name: str, manifest: IndexManifest) -> dict[PictureRecord, str]:
    """Return cover pictures of a collection with their addresses, without opening its index.

    Raises:
        CollectionError: The catalog cannot be read.
    """
    records = _covers(_published(name, manifest), name)
    made = Thumbnails(Library(settings()).folder(name))
    addresses = {record: _thumbnail_if_there(made.path(record.content_hash)) for record in records}
    return {record: address for record, address in addresses.items() if address}
