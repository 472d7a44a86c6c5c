"""Where the next page begins: a text that is of no use for anything but the next page.

It names the place and a sum of what was wanted and of the index, so that no page of one search is
taken for one of another, nor for one of a collection that has changed meanwhile.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from typing import Any

from search_engine.errors import BadInput
from search_engine.search import SearchEngine

MOST_RESULTS = 1_000
"""Further down nobody looks; filters lead there."""
_CURSOR = re.compile(r"(\d{1,6})-([0-9a-f]{12})")


def place_of(request: Any, engine: SearchEngine | None = None) -> int:  # noqa: ANN401 - a dataclass with a cursor
    """Return where the page begins that a request wants.

    Raises:
        BadInput: Its cursor is none, or of something else.
    """
    if request.cursor is None:
        return 0
    found = _CURSOR.fullmatch(request.cursor)
    if found and found[2] == _sum(request, engine):
        return int(found[1])
    cause = "The cursor belongs to another call, or the collection has changed since"
    raise BadInput(cause, remedy="Call again without a cursor, and take the one that comes back.")


def cursor_to(place: int, request: Any, engine: SearchEngine | None = None) -> str:  # noqa: ANN401 - a dataclass with a cursor
    """Return the cursor of a page that begins at a place."""
    return f"{place}-{_sum(request, engine)}"


def _sum(request: Any, engine: SearchEngine | None) -> str:  # noqa: ANN401 - a dataclass with a cursor
    wanted = dataclasses.replace(request, cursor=None)
    of_index = (engine.name, engine.manifest.generation, engine.manifest.checksum) if engine else ()
    text = repr((wanted, of_index)).encode("utf-8", "backslashreplace")
    return hashlib.sha256(text).hexdigest()[:12]
