"""Requests as they have to be: bounded, typed, and nothing that nobody reads.

The names are those of the options and answers of the command line, and of `records.Filters`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from search_engine.collection import MOST_NUMBER, as_asked
from search_engine.explain import HeatMethod
from search_engine.query import MOST_MARKS, Marks, Query, chosen_categories, chosen_tags
from search_engine.records import Filters, Orientation, any_of
from search_engine.search import DEFAULT_K, SearchEngine
from search_engine.server.cursors import LONGEST_CURSOR

MOST_ON_A_PAGE = 100
MOST_CHANGED = 10_000
_MOST_NAMES = 100

_Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
_Name = Annotated[_Text, StringConstraints(max_length=1000)]
_Pattern = Annotated[_Text, StringConstraints(max_length=4096)]
_QueryText = Annotated[_Text, StringConstraints(min_length=1, max_length=2000)]


def _whole(value: object) -> object:
    """Take 12.0 for the whole number that JSON says it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_Whole = BeforeValidator(_whole)
_Size = Annotated[int, Field(ge=0, le=MOST_NUMBER), _Whole]
_Id = Annotated[int, Field(ge=1, le=MOST_NUMBER), _Whole]
_Ids = Annotated[tuple[_Id, ...], Field(max_length=MOST_CHANGED, min_length=1)]
_Marked = Annotated[tuple[_Id, ...], Field(max_length=MOST_MARKS)]
_Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]


_DAY = r"^[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
_Date = Annotated[str, StringConstraints(pattern=_DAY)]


class _Body(BaseModel):
    """What JSON says: numbers are numbers, and what is not known is refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Address(BaseModel):
    """What stands behind the question mark of an address, where all is text."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FilterBody(_Body):
    """What may be found at all; each filter that is left out lets everything through."""

    categories: Annotated[tuple[_Name, ...], Field(max_length=_MOST_NAMES)] | None = None
    """Names of categories; the empty name stands for pictures without one."""
    path: _Pattern | Annotated[tuple[_Pattern, ...], Field(max_length=_MOST_NAMES)] | None = None
    """A pattern for the path, or several of which one has to fit."""
    dated_from: _Date | None = None
    dated_to: _Date | None = None
    min_width: _Size | None = None
    max_width: _Size | None = None
    min_height: _Size | None = None
    max_height: _Size | None = None
    orientation: Orientation | None = None
    min_bytes: _Size | None = None
    max_bytes: _Size | None = None
    min_pixels: _Size | None = None
    max_pixels: _Size | None = None
    min_score: _Number | None = None
    min_match: Annotated[float, Field(allow_inf_nan=False, ge=0, le=100)] | None = None
    tags: Annotated[tuple[_Name, ...], Field(max_length=_MOST_NAMES)] | None = None
    """Pictures that have any of these."""
    hidden: bool | None = False
    """False leaves out hidden pictures, True finds no others, null makes no difference."""

    def filters(self, engine: SearchEngine) -> Filters:
        """Return what restricts the answer.

        Raises:
            BadInput: The collection has no category or tag of a name, or there is no such day.
        """
        said = {name: getattr(self, name) for name in type(self).model_fields}
        if self.categories is not None:
            chosen = chosen_categories(engine.catalog, self.categories)
            chosen.refuse_unknown(engine.name)
            said["categories"] = chosen.known
        for name in ("dated_from", "dated_to"):
            said[name] = said[name] and as_asked(said[name])
        if self.tags is not None:
            said["tags"] = chosen_tags(engine.catalog, self.tags)
        patterns = (self.path,) if isinstance(self.path, str) else self.path or ()
        return Filters(**{**said, "path": any_of(patterns)})


class SearchBody(_Body):
    """What is searched for, and which page of the answer."""

    query: _QueryText
    """Words, or terms in the syntax of a query: ``a red fish + #12 - night``."""
    good: _Marked = ()
    """Ids of good results, to find more of their kind."""
    bad: _Marked = ()
    average_wordings: bool = False
    leave_out_examples: bool = False
    filters: FilterBody = FilterBody()
    limit: Annotated[int, Field(ge=1, le=MOST_ON_A_PAGE), _Whole] = DEFAULT_K
    cursor: Annotated[_Text, StringConstraints(max_length=LONGEST_CURSOR)] | None = None
    """Of the page before; null for the first page."""

    def asked(self) -> Query:
        """Return the query; no path is allowed in it.

        Raises:
            BadQuery: It cannot be run as it stands.
        """
        query = Query.parse(self.query).marked(Marks.of(self.good, self.bad))
        return query.averaged() if self.average_wordings else query

    @property
    def without_page(self) -> str:
        """What is the same for all pages of an answer, as text."""
        return self.model_dump_json(exclude={"cursor", "limit"})


class ExplainAddress(_Address):
    """For which query a picture is explained."""

    query: _QueryText
    heat_map: bool = False
    """Whether to tell which part of the picture matches, which takes longer."""
    method: HeatMethod | None = None
    """Of the heat map; unless said, the first that the model can."""


class DemoAddress(_Address):
    """What the demo of CLIP and Faiss is asked, whose list of paths is answered."""

    search_query: _QueryText
    collection: _Name | None = None
    """Unless said, the one used last."""


class ImageAddress(_Address):
    """How large a picture is wanted, and which content of it."""

    size: Annotated[str, StringConstraints(pattern="^(screen|full)$")] = "screen"
    content: _Name | None = None
    """Of the links in answers: with it an address always shows the same, and may be kept."""


class ThumbnailAddress(_Address):
    """Which content of a picture is wanted."""

    content: _Name | None = None


class TagBody(_Body):
    """Pictures that are given a tag, or that lose it."""

    tag: Annotated[_Text, StringConstraints(min_length=1, max_length=200)]
    picture_ids: _Ids
    remove: bool = False


class HideBody(_Body):
    """Pictures that searches leave out, or find again."""

    picture_ids: _Ids
    undo: bool = False
