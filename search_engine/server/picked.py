"""The picture that the path of a request names."""

from __future__ import annotations

from search_engine.errors import PictureRefused
from search_engine.records import PictureRecord
from search_engine.search import SearchEngine
from search_engine.server.operations import ApiCall


def picture_of(call: ApiCall) -> tuple[SearchEngine, PictureRecord]:
    """Return the collection and the picture that a path names.

    Raises:
        CollectionError: The collection cannot be used, or the picture's file lies outside of it.
        PictureRefused: There is no such picture.
    """
    engine = call.engine()
    record = engine.records([call.picture_id]).get(call.picture_id)
    if record is None:
        cause = f"There is no picture #{call.picture_id}"
        raise PictureRefused(cause, remedy="Take an id from the results of a search.")
    engine.path(record)
    return engine, record
