"""A picture of a collection as browsers show it: its own file, or a JPEG made of it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from search_engine.collection import ScreenCopies, Thumbnails, decode, thumbnail_content
from search_engine.records import PictureRecord
from search_engine.search import SearchEngine

_SHOWN_BY_BROWSERS: Mapping[bytes, str] = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
}
"""They turn JPEG files as their EXIF says, and mind colour profiles."""
_MOST_PIXELS, _MOST_BYTES = 16_000_000, 8_000_000
"""A file of more is not handed over as it is, unless all of it is asked for."""
_LONGEST = 2**16


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """The bytes that a browser is given."""

    content: bytes
    media_type: str


def shown_picture(
    engine: SearchEngine, record: PictureRecord, *, is_full: bool = False
) -> ShownPicture:
    """Return a picture: its file where browsers show that, else upright and in sRGB as JPEG.

    A large one is of a size for the screen, unless ``is_full``: then it is whole, and of a format
    that browsers do not show, up to 12.8 million pixels of it.

    Raises:
        PictureChanged: The file holds something else by now.
        PictureRefused: It is gone, or cannot be read.
        CollectionDamaged: The catalog names a file outside its folder, or no picture.
        Refusal: It cannot be decoded.
    """
    copies = ScreenCopies(engine.catalog.folder)
    kept = None if is_full else copies.kept(record.content_hash)
    if kept:
        return ShownPicture(kept, "image/jpeg")
    content = engine.content(record)
    is_small = record.width * record.height <= _MOST_PIXELS and len(content) <= _MOST_BYTES
    kind = next((kind for head, kind in _SHOWN_BY_BROWSERS.items() if content.startswith(head)), "")
    if kind and (is_small or is_full):
        return ShownPicture(content, kind)
    jpeg = _whole(content) if is_full else copies.of(record.content_hash, content)
    return ShownPicture(jpeg, "image/jpeg")


def shown_thumbnail(thumbnails: Thumbnails, content_hash: str) -> ShownPicture | None:
    """Return the thumbnail of a content; None where it was lost, or is none of ours."""
    found = thumbnail_content(thumbnails.path(content_hash))
    return ShownPicture(found[0], f"image/{found[1]}") if found else None


def _whole(content: bytes) -> bytes:
    target = io.BytesIO()
    decode(content, longest=_LONGEST).image.save(target, "JPEG", quality=92)
    return target.getvalue()
