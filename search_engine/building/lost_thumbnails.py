"""Thumbnails that were lost, made again from the pictures without embedding anything."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from search_engine.building.progress import ProgressMeter
from search_engine.collection.catalog import Catalog
from search_engine.collection.decoding import (
    CHILDREN,
    Refusal,
    content_hash,
    decode,
    read_content,
    thumbnail,
)
from search_engine.collection.decoding.budget import CONTENTS
from search_engine.collection.thumbnails import Thumbnails
from search_engine.records import PictureRecord
from search_engine.records.builds import Stage

_LOG = logging.getLogger(__name__)


def make_lost_thumbnails(
    root: Path, catalog: Catalog, thumbnails: Thumbnails, meter: ProgressMeter
) -> bool:
    """Make the thumbnails again that a catalog's pictures lack.

    A file that is another one by now, or cannot be decoded, is left to the next comparison.

    Returns:
        Whether that was done; False if it was cancelled before the last.

    Raises:
        CollectionError: They cannot be written.
    """
    lost = _lost(catalog, thumbnails)
    if not lost:
        return True
    meter.begin(Stage.THUMBNAILS, len(lost))
    pool = ThreadPoolExecutor(CHILDREN.most, thread_name_prefix="thumbnail")
    try:
        made = pool.map(lambda record: _make(root, record, thumbnails), lost)
        for done, record in enumerate(made, start=1):
            if meter.cancelled():
                return False
            meter.advance(done, 0, record.path, [record.content_hash])
    finally:
        pool.shutdown(cancel_futures=True)
    return True


def _lost(catalog: Catalog, thumbnails: Thumbnails) -> list[PictureRecord]:
    """Find a picture of each content that has no thumbnail."""
    lost = catalog.pictures.content_hashes() - thumbnails.made()
    if not lost:
        return []
    there = (r for r in catalog.pictures if r.content_hash in lost and not r.is_vector_alone)
    return list({record.content_hash: record for record in there}.values())


def _make(root: Path, record: PictureRecord, thumbnails: Thumbnails) -> PictureRecord:
    try:
        with CONTENTS.reserve(record.size_bytes):
            content = read_content(root / record.path)
            if content_hash(content) == record.content_hash:
                picture = decode(content, record.content_hash)
                thumbnails.write(record.content_hash, thumbnail(picture.image))
    except Refusal as refusal:
        _LOG.info("a thumbnail stays lost: %s", refusal.reason)
    return record
