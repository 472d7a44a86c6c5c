"""Pictures by addresses of their own, which a browser asks for once and keeps.

====================================  ==============================================================
address                               what it answers
====================================  ==============================================================
``/pictures/NAME/HASH``               the thumbnail of a content
``/pictures/NAME/HASH/ID``            the picture: its own file where browsers can show that, else
                                      upright and in sRGB as JPEG; of a size for the screen where it
                                      is large, and whole with ``?size=full``
``/maps/NAME/STAMP``                  the thumbnails of a map on one picture
====================================  ==============================================================

The content is part of the address, so what is there never changes. `gate` has let the request
through before; nothing but pictures of a collection is answered.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TypeAlias
from urllib.parse import quote

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pages.ui.frame.resources import answers, engines, places
from search_engine import Library, SearchEngine
from search_engine.collection import (
    Refusal,
    ScreenCopies,
    Thumbnails,
    decode,
    read_manifest,
    thumbnail_content,
)
from search_engine.errors import SearchEngineError
from search_engine.explore import PictureMap
from search_engine.records import PictureRecord

_KEPT = {"Cache-Control": "private, max-age=31536000, immutable"}
_SHOWN_BY_BROWSERS: Mapping[bytes, str] = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
}
"""They turn JPEG files as their EXIF says, and mind colour profiles."""
_MOST_PIXELS, _MOST_BYTES = 16_000_000, 8_000_000
"""A file of more is not handed over as it is, unless all of it is asked for."""
_LONGEST = 2**16
_FULL = "full"
_Answer: TypeAlias = Callable[[Request], Response]


def routes() -> list[Route]:
    """Return what the server answers beside the app."""
    base = f"{_base()}/pictures/{{name}}/{{content}}"
    return [
        Route(base, _thumbnail),
        Route(f"{base}/{{picture_id:int}}", _picture),
        Route(f"{_base()}/maps/{{name}}/{{stamp}}", _sheet),
    ]


def thumbnail_address(engine: SearchEngine, record: PictureRecord) -> tuple[str, bool]:
    """Return where a browser finds a picture's thumbnail, and whether it shows all of the picture.

    A square of before has another address than what may take its place.
    """
    shows_all = Thumbnails(engine.catalog.folder).is_uncropped(record.content_hash)
    square = "" if shows_all else "?square"
    return f"{_address(engine, record)}{square}", shows_all


def thumbnails_address(engine: SearchEngine) -> str:
    """Return where thumbnails are found; the hash of a content goes behind it."""
    return f"{_base()}/pictures/{quote(engine.name, safe='')}/"


def sheet_address(engine: SearchEngine, drawn: PictureMap) -> str:
    """Return where a browser finds the thumbnails of a map; empty where it has none."""
    address = f"{_base()}/maps/{quote(engine.name, safe='')}/{drawn.stamp}"
    return address if drawn.sheet else ""


def picture_address(engine: SearchEngine, record: PictureRecord) -> str:
    """Return where a browser finds a picture; with ``?size=full`` behind it all of it."""
    return f"{_address(engine, record)}/{record.picture_id}"


def _address(engine: SearchEngine, record: PictureRecord) -> str:
    return f"{thumbnails_address(engine)}{quote(record.content_hash, safe='')}"


def _base() -> str:
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def _or_missing(answer: _Answer) -> _Answer:
    """Answer what is not there, or cannot be read, with 404 and the cause alone."""

    @wraps(answer)
    def answering(request: Request) -> Response:
        try:
            return answer(request)
        except (SearchEngineError, Refusal) as error:
            return PlainTextResponse(f"{error.cause}.", 404, {"Cache-Control": "no-store"})

    return answering


def _missing() -> Response:
    return PlainTextResponse("There is no such picture.", 404, {"Cache-Control": "no-store"})


def _engine(request: Request) -> SearchEngine | None:
    """Return the collection that an address names; None where nothing of it can be searched."""
    library, name = Library(places.settings()), request.path_params["name"]
    manifest = read_manifest(library.folder(name)) if name in library.names() else None
    return engines.engine(name, manifest) if manifest else None


@_or_missing
def _thumbnail(request: Request) -> Response:
    library, name = Library(places.settings()), request.path_params["name"]
    if name not in library.names():
        return _missing()
    place = Thumbnails(library.folder(name)).path(request.path_params["content"])
    found = thumbnail_content(place)
    return (
        Response(found[0], media_type=f"image/{found[1]}", headers=_KEPT) if found else _missing()
    )


@_or_missing
def _sheet(request: Request) -> Response:
    engine = _engine(request)
    drawn = answers.map_of(engine) if engine else None
    if drawn is None or not drawn.sheet or drawn.stamp != request.path_params["stamp"]:
        return _missing()
    return Response(drawn.sheet, media_type="image/webp", headers=_KEPT)


@_or_missing
def _picture(request: Request) -> Response:
    engine, picture_id = _engine(request), request.path_params["picture_id"]
    record = engine.records([picture_id]).get(picture_id) if engine else None
    if engine is None or record is None or record.content_hash != request.path_params["content"]:
        return _missing()
    return _shown(engine, record, is_full=request.query_params.get("size") == _FULL)


def _shown(engine: SearchEngine, record: PictureRecord, *, is_full: bool) -> Response:
    copies = ScreenCopies(engine.catalog.folder)
    kept = None if is_full else copies.kept(record.content_hash)
    if kept:
        return Response(kept, media_type="image/jpeg", headers=_KEPT)
    content = engine.content(record)
    is_small = record.width * record.height <= _MOST_PIXELS and len(content) <= _MOST_BYTES
    kind = next((kind for head, kind in _SHOWN_BY_BROWSERS.items() if content.startswith(head)), "")
    if kind and (is_small or is_full):
        return Response(content, media_type=kind, headers=_KEPT)
    jpeg = _whole(content) if is_full else copies.of(record.content_hash, content)
    return Response(jpeg, media_type="image/jpeg", headers=_KEPT)


def _whole(content: bytes) -> bytes:
    """Return all of a picture that browsers do not show, as JPEG of up to 12.8 million pixels."""
    target = io.BytesIO()
    decode(content, longest=_LONGEST).image.save(target, "JPEG", quality=92)
    return target.getvalue()
