"""Addresses of the server that its answers name."""

from __future__ import annotations

from urllib.parse import quote

from search_engine.collection import Thumbnails
from search_engine.records import PictureRecord
from search_engine.search import SearchEngine
from search_engine.server.operations import BASE


def thumbnail_tag(engine: SearchEngine, record: PictureRecord) -> str:
    """Return what tells a thumbnail from every other one: a square of before is another one."""
    whole = Thumbnails(engine.catalog.folder).is_uncropped(record.content_hash)
    return record.content_hash if whole else f"{record.content_hash}-square"


def thumbnail_link(engine: SearchEngine, record: PictureRecord) -> str:
    """Return where a thumbnail is, and always will be, with this content."""
    tag = quote(thumbnail_tag(engine, record), safe="")
    return f"{_picture(engine, record)}/thumbnail?content={tag}"


def image_link(engine: SearchEngine, record: PictureRecord) -> str:
    """Return where a picture is, and always will be, with this content."""
    return f"{_picture(engine, record)}/image?content={quote(record.content_hash, safe='')}"


def _picture(engine: SearchEngine, record: PictureRecord) -> str:
    return f"{BASE}/collections/{quote(engine.name, safe='')}/pictures/{record.picture_id}"
