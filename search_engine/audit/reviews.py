"""What a person said of doubted labels, kept with the collection so that it is not asked again.

A review is about a content in a category: it outlives a move of the file and a new index, and says
nothing once the picture lies in another category.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from search_engine import files
from search_engine.errors import CollectionError
from search_engine.names import one_spelling
from search_engine.records import PictureRecord

_LOG = logging.getLogger(__name__)
REVIEWS_FILE = "reviews.json"
_MOST_BYTES = 256_000_000


class Opinion(StrEnum):
    """What a person says of a label."""

    RIGHT = "right"
    WRONG = "wrong"


Key: TypeAlias = tuple[str, str]
"""Content hash and category."""


def is_about(key: Key, record: PictureRecord) -> bool:
    """Return whether a review is about a picture: its content, in a folder of this name."""
    content_hash, category = key
    folders = record.path.split("/")[:-1]
    return record.content_hash == content_hash and category in map(one_spelling, folders)


class Reviews:
    """The file ``reviews.json`` of a collection."""

    def __init__(self, collection_folder: Path) -> None:
        self._file = collection_folder / REVIEWS_FILE

    def all(self) -> dict[Key, Opinion]:
        """Return all reviews; none where the file cannot be read, which the log tells."""
        try:
            saved = json.loads(files.read(self._file, _MOST_BYTES))
            return {(str(one["content_hash"]), str(one["category"])): Opinion(one["label"])
                    for one in saved}  # fmt: skip
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
            _LOG.warning("the reviews of %s: %s", self._file.parent.name, type(error).__name__)
            return {}

    def note(self, key: Key, opinion: Opinion | None) -> None:
        """Keep what somebody says of the category of a content; None forgets it.

        Raises:
            CollectionError: It cannot be written.
        """
        kept = self.all()
        kept.pop(key, None)
        if opinion is not None:
            kept[key] = opinion
        self._write(kept)

    def _write(self, kept: Mapping[Key, Opinion]) -> None:
        document = [
            {"content_hash": content_hash, "category": category, "label": opinion}
            for (content_hash, category), opinion in kept.items()
        ]
        try:
            files.write(self._file, json.dumps(document, indent=0).encode())
        except OSError as error:
            cause = f"What you said of the label cannot be kept: {error.strerror or error}"
            raise CollectionError(
                cause, place=str(self._file), remedy="Is the disk full?"
            ) from error
