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

from collections.abc import Callable
from functools import wraps
from typing import TypeAlias
from urllib.parse import quote

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pages.ui.frame.resources import answers, engines, places
from search_engine import Library, SearchEngine
from search_engine.collection import Refusal, Thumbnails, read_manifest
from search_engine.errors import SearchEngineError
from search_engine.explore import PictureMap
from search_engine.records import PictureRecord
from search_engine.server import shown_picture, shown_thumbnail

_KEPT = {"Cache-Control": "private, max-age=31536000, immutable"}
_FULL = "full"
_Answer: TypeAlias = Callable[[Request], Response]


def routes(base: str | None = None) -> list[Route]:
    """Return what the server answers beside the app, below ``base`` or what the settings say."""
    base = _base() if base is None else base
    pictures = f"{base}/pictures/{{name}}/{{content}}"
    return [
        Route(pictures, _thumbnail),
        Route(f"{pictures}/{{picture_id:int}}", _picture),
        Route(f"{base}/maps/{{name}}/{{stamp}}", _sheet),
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
    shown = shown_thumbnail(Thumbnails(library.folder(name)), request.path_params["content"])
    if shown is None:
        return _missing()
    return Response(shown.content, media_type=shown.media_type, headers=_KEPT)


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
    shown = shown_picture(engine, record, is_full=request.query_params.get("size") == _FULL)
    return Response(shown.content, media_type=shown.media_type, headers=_KEPT)
