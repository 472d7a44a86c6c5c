"""Pictures as the browser shows them."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from pages.ui.frame.resources.cache import cached, cached_by_collection
from pages.ui.frame.resources.engines import Published, published
from pages.ui.frame.resources.places import settings
from search_engine import Library, SearchEngine
from search_engine.collection import Refusal, Thumbnails, data_address, decode
from search_engine.records import IndexManifest, PictureRecord

_COVERS = 6
_SMALL = 96


@cached(entries=2000)
def _thumbnail(path: Path) -> str:
    address = data_address(path)
    if address is None:
        raise FileNotFoundError(path)  # which is not remembered: it may be made again
    return address


def _thumbnail_if_there(path: Path) -> str:
    with contextlib.suppress(FileNotFoundError):
        return _thumbnail(path)
    return ""


def thumbnail(engine: SearchEngine, record: PictureRecord) -> str:
    """Return a picture's thumbnail as a data address; empty if it was lost."""
    return _thumbnail_if_there(engine.thumbnail_path(record))


@cached(entries=32)
def small(file: Path) -> bytes:
    """Return a picture that was uploaded, small, as JPEG; empty where it cannot be read."""
    target = io.BytesIO()
    with contextlib.suppress(Refusal, OSError):
        image = decode(file.read_bytes()).image
        image.thumbnail((_SMALL, _SMALL))
        image.save(target, "JPEG", quality=85)
    return target.getvalue()


@cached_by_collection(entries=32)
def preview(engine: SearchEngine, record: PictureRecord) -> bytes:
    """Return a picture, upright and of a size for the screen, as JPEG.

    Raises:
        PictureRefused: The file is gone, broken or another picture by now.
    """
    image = engine.image(record)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=88)
    return target.getvalue()


@cached(entries=64)
def _covers(which: Published) -> list[PictureRecord]:
    with Library(settings()).open_catalog(which.name) as catalog:
        return catalog.pictures.spread(_COVERS)


def covers(name: str, manifest: IndexManifest) -> dict[PictureRecord, str]:
    """Return cover pictures of a collection with their addresses, without opening its index.

    Raises:
        CollectionError: The catalog cannot be read.
    """
    records = _covers(published(name, manifest))
    made = Thumbnails(Library(settings()).folder(name))
    addresses = {record: _thumbnail_if_there(made.path(record.content_hash)) for record in records}
    return {record: address for record, address in addresses.items() if address}
