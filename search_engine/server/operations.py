"""What can be asked of the server: one record for each method of an address.

From these records come the routes, and the document that describes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import BaseModel

from search_engine.search import SearchEngine
from search_engine.server.browser_pictures import ShownPicture
from search_engine.server.cursors import Cursors
from search_engine.server.problems import ProblemKind, Refused
from search_engine.settings import Settings

M = TypeVar("M", bound=BaseModel)

BASE = "/api/v1"


class WorkKind(StrEnum):
    """What an answer costs."""

    SEARCH = "search"
    PICTURE = "picture"

    @property
    def points(self) -> int:
        """Of those that a client may use."""
        return 10 if self is WorkKind.SEARCH else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What answers come from."""

    settings: Settings
    engine_of: Callable[[str], SearchEngine]
    """Returns the collection of a name, open, as it is published now."""
    cursors: Cursors = field(default_factory=Cursors)
    allow_writes: bool = False


@dataclass(frozen=True, slots=True)
class NamedContent:
    """A picture with a name of its content, by which browsers see that they have it."""

    tag: str
    make: Callable[[], ShownPicture]
    """Only called where the browser has it not."""
    is_for_good: bool = False
    """Whether the address says which content it is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall:
    """One request, read."""

    source: Source
    place: Mapping[str, str]
    """What stands in the path."""
    body: BaseModel | None = None
    address: BaseModel | None = None

    @property
    def name(self) -> str:
        """The collection that the path names."""
        return self.place["name"]

    @property
    def picture_id(self) -> int:
        """The picture that the path names; 0, which none has, where it can be none.

        Raises:
            Refused: It is no number.
        """
        digits = self.place["picture_id"]
        if not (digits.isascii() and digits.isdigit()):
            raise Refused(ProblemKind.NOT_FOUND, "The id of a picture is a number.")
        return int(digits) if len(digits) <= 18 else 0  # noqa: PLR2004 - of all that SQLite counts

    def engine(self) -> SearchEngine:
        """Return the collection, open.

        Raises:
            CollectionError: It cannot be used, or there is none of this name.
        """
        return self.source.engine_of(self.name)

    def said(self, model: type[M]) -> M:
        """Return the body, or else what stands behind the question mark."""
        return next(one for one in (self.body, self.address) if isinstance(one, model))


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    name: str
    """Its ``operationId``."""
    summary: str
    run: Callable[[ApiCall], object]
    """Returns a record, which is written as JSON, or a `Content`."""
    answer: Any = None
    """The type of the JSON; None where bytes are answered."""
    media_types: tuple[str, ...] = ()
    """Of the bytes."""
    body: type[BaseModel] | None = None
    address: type[BaseModel] | None = None
    work: WorkKind = WorkKind.PICTURE
    writes: bool = False
