"""All pictures of a collection with their vectors, as they travel."""

from __future__ import annotations

import numpy as np

from search_engine.exchange.vector_set import CarriedPicture, VectorSet
from search_engine.explore import draw_picture_map
from search_engine.records import Filters, PictureRecord
from search_engine.records.soundness import is_sound
from search_engine.search import SearchEngine


def take_vectors(engine: SearchEngine, *, with_map: bool = False) -> VectorSet:
    """Return a collection's pictures and vectors, ordered by id; hidden ones are marked.

    ``with_map`` lays the map out where that was not done yet.

    Raises:
        CollectionDamaged: The catalog cannot be read.
    """
    catalog, embeddings = engine.catalog, engine.embeddings
    present = set(embeddings.ids().tolist())
    records = [
        record for record in catalog.pictures if record.picture_id in present and is_sound(record)
    ]
    ids = np.array([record.picture_id for record in records], dtype=np.int64)
    tags = catalog.tags.of(ids.tolist())
    hidden = set(catalog.pictures.matching(Filters(hidden=True)).tolist())
    pictures = tuple(
        _carried(one, tags.get(one.picture_id, ()), is_hidden=one.picture_id in hidden)
        for one in records
    )
    card = engine.manifest.model
    points = np.empty((0, 2), dtype=np.float32)
    if with_map:
        drawn = draw_picture_map(catalog, engine.manifest)
        points = drawn.points[np.searchsorted(drawn.picture_ids, ids)]
    vectors = embeddings.of(ids)
    return VectorSet(pictures, vectors, card.model_id, card.fingerprint, points=points)


def _carried(record: PictureRecord, tags: tuple[str, ...], *, is_hidden: bool) -> CarriedPicture:
    category = () if record.category is None else (record.category,)
    return CarriedPicture(
        path=record.path,
        labels=tuple(dict.fromkeys((*category, *tags))),
        hidden=is_hidden,
        width=record.width,
        height=record.height,
        size_bytes=record.size_bytes,
        modified_ns=record.modified_ns,
        content_hash=record.content_hash,
        taken_at=record.taken_at,
        dated_by=record.dated_by,
        camera=record.camera,
    )
