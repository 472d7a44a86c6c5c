"""The tools ``search`` and ``similar``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from search_engine.agents.call import ToolCall
from search_engine.agents.open_collections import OpenCollections
from search_engine.agents.requests import CollectionName, PictureId, QueryText
from search_engine.agents.result_pages import FoundPage, PageRequest, page_of
from search_engine.agents.tool import Tool, ToolAnswer
from search_engine.errors import BadQuery
from search_engine.query import Query
from search_engine.search import SearchResults


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest(PageRequest):
    """What is searched for."""

    query: QueryText
    collection: CollectionName = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarRequest(PageRequest):
    """The picture that others are like."""

    picture_id: PictureId | None = None
    file: Annotated[
        str | None,
        Field(
            max_length=4_000,
            description="Instead of picture_id: a picture file inside the folder of a collection,"
            " as an absolute path. Files elsewhere are not opened.",
        ),
    ] = None
    collection: CollectionName = None


def search_for(request: SearchRequest, collections: OpenCollections, _call: ToolCall) -> ToolAnswer:
    """Search for words, and pictures of the collection."""
    engine, query = collections.engine(request.collection), Query.parse(request.query)
    filters = request.filters(engine)

    def search(k: int) -> SearchResults:
        return engine.search(query, k, filters)

    return ToolAnswer(page_of(engine, search, request))


def find_similar(
    request: SimilarRequest, collections: OpenCollections, _call: ToolCall
) -> ToolAnswer:
    """Search for what is like a picture.

    Raises:
        BadQuery: No picture is given, or two.
    """
    engine = collections.engine(request.collection)
    query, filters = _example(request, collections), request.filters(engine)

    def search(k: int) -> SearchResults:
        return engine.search(query, k, filters, leave_out_examples=True)

    return ToolAnswer(page_of(engine, search, request))


def _example(request: SimilarRequest, collections: OpenCollections) -> Query:
    if request.picture_id is not None and request.file is None:
        return Query.like(request.picture_id)
    if request.file is not None and request.picture_id is None:
        return Query.picture(collections.content_of(request.file))
    cause, remedy = "One picture is needed", "Give either picture_id or file."
    raise BadQuery(cause, remedy=remedy)


SEARCH = Tool(
    name="search",
    title="Search for pictures",
    description="Find pictures by what they show. Read the verdict first: 'clear' means that it is"
    " in the collection, 'weak' that it may be (look at the pictures), 'absent' that it probably is"
    " not, whatever the results are: say so, do not present them as found. match is the"
    " probability in per cent that a picture shows it; results of 50 or more (stands_out) are"
    " matches and come first, line says where they end. score is a cosine similarity, good for"
    " nothing but order. Use short English words of what can be seen; the model cannot count, read"
    " or understand 'not'. Look at the best with contact_sheet before you claim anything.",
    request=SearchRequest,
    answer=FoundPage,
    run=search_for,
)
SIMILAR = Tool(
    name="similar",
    title="Pictures like one",
    description="Find pictures like one of the collection, or like a picture file inside a"
    " collection's folder; the picture itself is not among the results. match and verdict say how"
    " alike: 90 or more is nearly the same motif. To combine a picture with words use search, with"
    " '#12 + snow'.",
    request=SimilarRequest,
    answer=FoundPage,
    run=find_similar,
)
