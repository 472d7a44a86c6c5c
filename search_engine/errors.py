"""The errors a caller can meet, in one tree.

::

    SearchEngineError
    ├── BadInput             what the caller gave cannot be used
    │   ├── BadFolder        the folder is missing, empty or cannot be read
    │   ├── BadName          not a name a collection may have
    │   ├── NeedsCategories  it has too few categories for what was asked
    │   ├── BadQuery         the query cannot be run as it stands
    │   ├── PatchesUnread    what the model makes of single patches cannot be read
    │   ├── PictureRefused   a file is not a picture we can use
    │   ├── ExportStopped    an export could not go on
    │   ├── WorkersUnavailable the machines that were to embed cannot be used
    │   └── OutputLost       the answer cannot be written where it was to go
    │       └── PictureChanged it holds something else than when it was indexed
    ├── CollectionError      the collection cannot be used
    │   ├── CollectionMissing
    │   ├── CollectionBusy   another build holds it
    │   ├── CollectionClosed it was closed while somebody was reading
    │   ├── CollectionDamaged
    │   ├── IndexMissing     no index has been published yet
    │   ├── StoreAway        the server that holds the index does not reply
    │   └── StoreNotConfirmed nobody chose that server on this machine
    └── ModelError           the model cannot be used
        ├── ModelUnavailable it cannot be loaded or downloaded
        ├── ModelNotConfirmed nobody chose it on this machine
        ├── ModelMismatch    it is not the model the index was made with
        └── BadVectors       it gave NaN, infinite or zero vectors

Every message has a cause and, where they are known, a place and a remedy. The remedy names no
option and no button: what leads on is a `Way`, of which the command line and the app each say how
it is gone there. Errors of other libraries are translated where those libraries are called. Only
the command line exits on them, only the pages show them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Way(StrEnum):
    """What leads on from an error."""

    OTHER_MODEL = "another model"
    ALLOW_DOWNLOAD = "allow downloads"
    """Fetching models was switched off on this machine."""
    CONFIRM_MODEL = "confirm the model"
    CONFIRM_STORE = "confirm the store"
    """Where the vectors of a collection lie that came from elsewhere."""
    STORE_TOKEN = "give the token of the store"  # noqa: S105 - no token
    OTHER_COLLECTION = "another collection"
    OTHER_CARD = "another result card"
    SEPARATE_BY_NUL = "separate names by NUL"
    BYTES_ALONE = "compare the bytes alone"
    UPDATE = "update"
    """Look through the folder of the collection again."""
    TAKE_OUT = "take a folder out"
    """Of a collection of several folders."""
    REPAIR = "repair"
    """Check the collection and mend what is found."""


class SearchEngineError(Exception):
    """Say what went wrong, where, and what to do about it.

    Args:
        cause: What went wrong.
        place: The file, folder or query that is concerned.
        remedy: What to do, in words that fit wherever they are read.
        way: What leads on, where a command or a button does it; some classes have a usual one.
        about: The collection or the model that the way is about.
    """

    usual_way: ClassVar[Way | None] = None

    def __init__(
        self,
        cause: str,
        *,
        place: str = "",
        remedy: str = "",
        way: Way | None = None,
        about: str = "",
    ) -> None:
        super().__init__(cause, place, remedy)
        self.cause = cause
        self.place = place
        self.remedy = remedy
        self.way = way or self.usual_way
        self.about = about

    def __str__(self) -> str:
        """Join cause, place and remedy to one readable line."""
        where = f" ({self.place})" if self.place else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{self.cause}{where}.{remedy}"


class BadInput(SearchEngineError):
    """What the caller gave cannot be used."""


class BadFolder(BadInput):
    """The folder is missing, empty or cannot be read."""


class BadName(BadInput):
    """The name cannot be that of a collection."""


class BadQuery(BadInput):
    """The query cannot be run as it stands."""


class NeedsCategories(BadInput):
    """What was asked for compares categories, and the collection has too few or too small ones."""

    usual_way = Way.UPDATE


class PatchesUnread(BadInput):
    """A heat map by patches was asked for, and those of the model cannot be read."""


class PictureRefused(BadInput):
    """The file is not a picture we can use; ``cause`` says why."""


class PictureChanged(PictureRefused):
    """The file of a result does not hold the picture any more that the result is about."""

    usual_way = Way.UPDATE

    def __init__(self, place: str, about: str) -> None:
        cause = "The file has changed since it was indexed, so it is not what was found"
        super().__init__(cause, place=place, remedy="Update the collection.", about=about)


class PictureMissing(PictureRefused):
    """The file of a result is not where it was indexed."""

    usual_way = Way.UPDATE

    def __init__(self, place: str, about: str) -> None:
        cause = "The file is not there any more"
        remedy = "Connect its drive or put it back; or update the collection if it was deleted."
        super().__init__(cause, place=place, remedy=remedy, about=about)


class ExportStopped(BadInput):
    """An export could not go on; ``cause`` counts what is in its folder by then."""


class WorkersUnavailable(BadInput):
    """The workers that were to embed pictures cannot be reached, or cannot work."""


class OutputLost(BadInput):
    """The answer cannot be written where it was to go."""


class CollectionError(SearchEngineError):
    """The collection cannot be used."""


class CollectionMissing(CollectionError):
    """No collection has this name."""

    usual_way = Way.OTHER_COLLECTION


class CollectionBusy(CollectionError):
    """Another build is writing to the collection."""


class CollectionClosed(CollectionError):
    """The collection was closed while it was being used; it is whole."""


class CollectionDamaged(CollectionError):
    """Files of the collection are broken, or of a newer version."""


class IndexMissing(CollectionError):
    """The collection has no published index yet."""


class StoreAway(CollectionError):
    """The server that holds the index cannot be reached now; nothing is lost."""


class StoreNotConfirmed(CollectionError):
    """A collection names a store that nobody chose on this machine; ``address`` says which."""

    def __init__(self, address: str) -> None:
        cause = f"Nobody chose the store '{address}' on this machine; the collection names it"
        remedy = "If you trust where the collection comes from, choose it by an update."
        super().__init__(cause, remedy=remedy, way=Way.CONFIRM_STORE, about=address)
        self.address = address


class ModelError(SearchEngineError):
    """The model cannot be used."""


class ModelUnavailable(ModelError):
    """The model can be neither loaded from this machine nor downloaded."""

    usual_way = Way.OTHER_MODEL


class ModelNotConfirmed(ModelError):
    """A collection names a model that nobody chose on this machine; ``model_id`` says which."""

    def __init__(self, model_id: str) -> None:
        cause = f"Nobody chose the model '{model_id}' on this machine; the collection names it"
        remedy = "If you trust where the collection comes from, confirm the model."
        super().__init__(cause, remedy=remedy, way=Way.CONFIRM_MODEL, about=model_id)
        self.model_id = model_id


class ModelMismatch(ModelError):
    """The model is not the one the index was made with."""


class BadVectors(ModelError):
    """The model gave NaN, infinite or zero vectors."""

    usual_way = Way.OTHER_MODEL


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an error says, as it can be kept in a file."""

    cause: str
    place: str = ""
    remedy: str = ""
    way: Way | None = None
    about: str = ""
    kind: str = ""
    """Name of the error's class; empty for one that is none of ours."""

    @classmethod
    def of(cls, error: SearchEngineError) -> Trouble:
        """Take down what an error says."""
        kind = type(error).__name__
        return cls(error.cause, error.place, error.remedy, error.way, error.about, kind)

    def is_a(self, kind: type[SearchEngineError]) -> bool:
        """Return whether the error was of a class, or of one below it."""
        return self.kind == kind.__name__ or any(map(self.is_a, kind.__subclasses__()))


@contextmanager
def passing_over(log: logging.Logger, what: str, *kinds: type[Exception]) -> Iterator[None]:
    """Go on after an error of these kinds, and log it with what came of it."""
    try:
        yield
    except kinds as error:
        log.debug("%s: %s: %s", what, type(error).__name__, error)
