"""What all browser tabs share: models, collections, answers. The only use of ``st.cache_*``."""

from __future__ import annotations

import base64
import gc
import io
from pathlib import Path

import streamlit as st

from search_engine import Filters, Query, SearchEngine, SearchResults, Settings
from search_engine.decoding import decode, read_content
from search_engine.embedding import Embedder, load_embedder, quick_signature
from search_engine.jobs import Jobs
from search_engine.records import IndexManifest, PictureRecord

_ENGINES = 4
_ANSWERS = 256
_PREVIEWS = 32
_THUMBNAILS = 2000
_SAMPLE = 24


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


@st.cache_data(max_entries=_THUMBNAILS, show_spinner=False)
def _thumbnail(path: str) -> str | None:
    file = Path(path)
    if not file.is_file():
        return None
    return "data:image/webp;base64," + base64.b64encode(file.read_bytes()).decode()


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
