"""What is told of tags and hidden pictures: the JSON of commands and of the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_engine.collection.catalog import Catalog
from search_engine.errors import BadInput

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A picture, and where it lies."""

    picture_id: int
    path: str


@dataclass(frozen=True, slots=True)
class TagAnswer:
    """What was changed, and the tags that there are now."""

    collection: str
    changed: tuple[int, ...]
    """Ids of the pictures whose tags were changed."""
    merged: tuple[int, ...]
    """Of those that had both tags, where two became one."""
    tags: dict[str, int]
    """How many pictures have each."""
    pictures: tuple[PlacedPicture, ...] = ()
    """Those that have the tag, where that is asked for."""


@dataclass(frozen=True, slots=True)
class HideAnswer:
    """What was changed, and how many are hidden now."""

    collection: str
    changed: tuple[int, ...]
    """Ids of the pictures that were hidden, or are shown again."""
    hidden: int
    pictures: tuple[PlacedPicture, ...] = ()
    """All that are hidden, where that is asked for."""


def require_pictures(catalog: Catalog, ids: Sequence[int]) -> None:
    """Check that pictures are in a collection before something is changed about them.

    Raises:
        BadInput: One is not.
    """
    strange = sorted(set(ids).difference(catalog.tags.known(ids).tolist()))
    if strange:
        shown = ", ".join(f"#{one}" for one in strange[:_SHOWN])
        noun = "picture" if len(strange) == 1 else "pictures"
        cause = f"There is no {noun} {shown}{', …' if len(strange) > _SHOWN else ''}"
        remedy = "Take ids from the results of a search; nothing was changed."
        raise BadInput(cause, place=catalog.folder.name, remedy=remedy)
