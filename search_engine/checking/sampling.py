"""Some pictures read and embedded again, and compared with what the catalog says of them."""

from __future__ import annotations

import numpy as np

from search_engine.checking.faults import Fault, FaultKind, about
from search_engine.collection.catalog import Catalog
from search_engine.collection.decoding import Refusal, content_hash, decode, read_content
from search_engine.collection.thumbnails import Thumbnails
from search_engine.embedding import Embedder, EmbedderLoader, require_trusted
from search_engine.errors import ModelError, ModelMismatch
from search_engine.records import ModelCard, PictureRecord
from search_engine.settings import Settings

SAME_VECTOR = 0.99
"""Cosine between two vectors of one picture, in whatever precision they were made."""


def drawn(records: list[PictureRecord], count: int) -> list[PictureRecord]:
    """Return so many of the pictures, drawn at random, in their order."""
    order = np.random.default_rng().permutation(len(records))[:count]
    return [records[place] for place in sorted(order.tolist())]


def embed_again(
    catalog: Catalog,
    settings: Settings,
    model: ModelCard,
    records: list[PictureRecord],
    load: EmbedderLoader,
) -> tuple[list[Fault], str]:
    """Look at pictures again; return what is wrong, or why they could not be embedded."""
    try:
        require_trusted(model.model_id, settings)
        embedder = load(model.model_id, settings)
        if embedder.card.fingerprint != model.fingerprint:
            cause = f"The model '{model.model_id}' has other weights now"
            raise ModelMismatch(cause)
    except ModelError as error:
        return [], f"Pictures were not embedded again: {error.cause}"
    found: dict[FaultKind, list[PictureRecord]] = {}
    for record in records:
        kind = _fault_of(record, catalog, model, embedder)
        if kind:
            found.setdefault(kind, []).append(record)
    return [fault for kind, some in found.items() for fault in about(kind, some)], ""


def _fault_of(
    record: PictureRecord, catalog: Catalog, model: ModelCard, embedder: Embedder
) -> FaultKind | None:
    """Compare one picture with its content hash, its vector and its thumbnail."""
    assert catalog.settings is not None  # noqa: S101 - its files were looked for in the folder
    try:
        content = read_content(catalog.settings.root / record.path)
        image = decode(content).image
    except Refusal:
        return FaultKind.CONTENT_CHANGED
    if content_hash(content) != record.content_hash:
        return FaultKind.CONTENT_CHANGED
    known = catalog.vectors.of(model, np.array([record.picture_id]))[0]
    if not embedder.embed_pictures([image])[0] @ known >= SAME_VECTOR:
        return FaultKind.VECTORS_DIFFER
    thumbnails = Thumbnails(catalog.folder)
    if thumbnails.is_whole(record.content_hash) and not thumbnails.shows(
        record.content_hash, image
    ):
        return FaultKind.THUMBNAILS_WRONG
    return None
