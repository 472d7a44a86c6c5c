"""How good an index is on this very collection: measured when it is made, told in its manifest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from search_engine.calibration.background_vectors import FindBackground
from search_engine.collection.catalog import Catalog
from search_engine.index.exact_search import search_exactly
from search_engine.index.store import VectorStore
from search_engine.index.tuning import (
    PICTURE_RECALL,
    RECALL_AT,
    RECALL_FLOOR,
    TEXT_RECALL,
    UNMEASURED,
    Appraisal,
    tune,
)
from search_engine.records import IndexKind, IndexManifest, ModelCard, Vectors

_PICTURES_ASKED = 128
_TEXTS_ASKED = 256
_WORDS_ARE_HARDER = 4
"""Answers to words are spread over about four times as many lists as neighbours of pictures."""

_MEASURED_WITH_PICTURES = (
    "Recall was measured with pictures, because there was no model to embed words with; effort was"
    " raised fourfold for words."
)

NOT_YET = Appraisal(
    note="How much this index finds is not measured yet; until then each search looks everywhere."
)
"""Of an approximate index that was published a moment ago."""

_QUERIES, _MEASURED_WITH, _CHANGED_SINCE = "questions", "measured_vectors", "changed_since"
_FIGURES = (TEXT_RECALL, PICTURE_RECALL, _QUERIES, _MEASURED_WITH, _CHANGED_SINCE)
_MEASURED_AGAIN_SHARE = 0.25


def appraise(
    catalog: Catalog, model: ModelCard, store: VectorStore, find_texts: FindBackground
) -> Appraisal:
    """Return an approximate index the effort that it needs, and measure what it finds with it."""
    if store.exact:
        return UNMEASURED
    words = find_texts()
    queries = _some_texts(words.vectors) if words else _some_pictures(catalog, model)
    truth = search_exactly(catalog.vectors.batches(model), queries, RECALL_AT).scores
    reached = tune(store, queries, truth)
    subject, name = ("words", TEXT_RECALL) if words else ("pictures", PICTURE_RECALL)
    figures: dict[str, int | float] = {
        name: round(reached, 4),
        _QUERIES: len(queries),
        _MEASURED_WITH: len(store),
        _CHANGED_SINCE: 0,
    }
    if reached < RECALL_FLOOR:
        del figures[name]
        return Appraisal(figures, _too_low(store, subject, reached), instead_of=store.kind)
    if words:
        return Appraisal(figures)
    _turn_up(store)
    return Appraisal(figures, _MEASURED_WITH_PICTURES)


def _some_texts(vectors: Vectors) -> Vectors:
    """Take some of the background texts: single words, which ask more of an index than sentences.

    With real CLIP vectors HNSW needs four times the effort for words as for made-up sentences.
    """
    count = min(_TEXTS_ASKED, len(vectors))
    return vectors[np.arange(count) * len(vectors) // max(count, 1)]


def _some_pictures(catalog: Catalog, model: ModelCard) -> Vectors:
    ids = catalog.vectors.ids(model)
    drawn = np.random.default_rng(0).choice(ids, min(_PICTURES_ASKED, len(ids)), replace=False)
    return catalog.vectors.of(model, drawn)


def _turn_up(store: VectorStore) -> None:
    enough = _WORDS_ARE_HARDER * store.effort
    store.effort = next((e for e in store.efforts if e >= enough), store.efforts[-1])


def _too_low(store: VectorStore, subject: str, reached: float) -> str:
    return (
        f"{store.kind.upper()} found {reached:.1%} of the true results of {subject} at its highest"
        f" effort, less than {RECALL_FLOOR:.0%}; so this index is exact."
    )


def made_for(manifest: IndexManifest) -> IndexKind:
    """Return which kind a published index was meant to be."""
    return manifest.instead_of or manifest.kind


def is_due(manifest: IndexManifest, store: VectorStore) -> bool:
    """Return whether a published index still has to be measured."""
    return not store.exact and _MEASURED_WITH not in manifest.parameters


def after_changes(manifest: IndexManifest, changes: int) -> Appraisal | None:
    """Carry an appraisal over to the mended index; None when a quarter has changed since."""
    known = manifest.parameters
    if _MEASURED_WITH not in known:
        return UNMEASURED
    changed = int(known[_CHANGED_SINCE]) + changes
    if changed > _MEASURED_AGAIN_SHARE * known[_MEASURED_WITH]:
        return None
    figures = {key: value for key, value in known.items() if key in _FIGURES}
    kept = Appraisal(figures, manifest.note, manifest.instead_of)
    return replace(kept, figures=figures | {_CHANGED_SINCE: changed})
