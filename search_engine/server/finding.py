"""Answers to queries, and why a picture is among them."""

from __future__ import annotations

from dataclasses import dataclass, fields

from search_engine.collection import so_far, usual_collection
from search_engine.errors import CollectionMissing
from search_engine.explain import HeatMap
from search_engine.query import Query
from search_engine.records import Filters, PictureRecord
from search_engine.search import (
    ExplainAnswer,
    SearchAnswer,
    SearchEngine,
    SearchResults,
    explain_answer,
    part_matches,
    read,
    search_answer,
)
from search_engine.server.cursors import MOST_RESULTS
from search_engine.server.links import image_link
from search_engine.server.operations import ApiCall, Operation, WorkKind
from search_engine.server.picked import picture_of
from search_engine.server.request_models import DemoAddress, ExplainAddress, SearchBody

DEMO_RESULTS = 5


@dataclass(frozen=True, slots=True)
class SearchPage(SearchAnswer):
    """A page of the answer to a query; paths are relative to the folder of the collection."""

    considered: int = 0
    """How many pictures the filters let through."""
    next_cursor: str | None = None
    """Of the next page; null where this is the last one."""


def search(call: ApiCall) -> SearchPage:
    """Return a page of results, in the order in which people read them."""
    body, engine = call.said(SearchBody), call.engine()
    query, filters = body.asked(), body.filters.filters(engine)
    request, state = f"{engine.name}\n{body.without_page}", _state(engine)
    cursors = call.source.cursors
    start = cursors.read(body.cursor, request, state) if body.cursor else 0
    end = min(start + body.limit, MOST_RESULTS)

    def nearest(k: int) -> SearchResults:
        return engine.search(query, k, filters, leave_out_examples=body.leave_out_examples)

    found = read(nearest, end + 1)
    page = list(found.order[start:end])
    tags = engine.catalog.tags.of(one.record.picture_id for one in page)
    part = so_far(engine.catalog, engine.manifest)
    told = search_answer(found.answer, _relative, part, {"": page}, tags)
    goes_on = len(found.order) > end and end < MOST_RESULTS
    following = cursors.write(end, request, state) if goes_on else None
    same = {one.name: getattr(told, one.name) for one in fields(SearchAnswer)}
    return SearchPage(**same, considered=found.answer.considered, next_cursor=following)


def _relative(record: PictureRecord) -> str:
    return record.path


def _state(engine: SearchEngine) -> str:
    """Return a text that is another one after every change of what a search finds."""
    manifest = engine.manifest
    return f"{manifest.generation} {manifest.checksum} {engine.catalog.tags.version}"


def explain(call: ApiCall) -> ExplainAnswer:
    """Return why a picture scores what it scores."""
    address = call.said(ExplainAddress)
    engine, record = picture_of(call)
    found = engine.explain(Query.parse(address.query), record.picture_id)
    heat: HeatMap | None = None
    if address.heat_map or address.method:
        heat = engine.heat_map(found.query, record, address.method)
    parts = part_matches(engine, found.query, record.picture_id)
    return explain_answer(found, engine.name, _relative, heat, parts)


def demo_search(call: ApiCall) -> list[str]:
    """Return where the five best pictures are, as pages of this server can show them.

    The words are taken as they are; the demo had neither signs nor filters.
    """
    address = call.said(DemoAddress)
    name = address.collection or usual_collection(call.source.settings)
    if name is None:
        cause, remedy = "There is no collection yet", "Make one of a folder of pictures."
        raise CollectionMissing(cause, remedy=remedy)
    engine = call.source.engine_of(name)
    words = Query.words(address.search_query)
    found = engine.search(words, DEMO_RESULTS, Filters(hidden=False))
    return [image_link(engine, one.record) for one in found.results]


OPERATIONS = (
    Operation(
        method="POST", path="/collections/{name}/search", name="search", run=search,
        summary="Find pictures by words, by pictures of the collection, or both",
        body=SearchBody, answer=SearchPage, work=WorkKind.SEARCH,
    ),
    Operation(
        method="GET", path="/collections/{name}/pictures/{picture_id}/explain", name="explain",
        summary="Tell why a picture scores what it scores for a query", run=explain,
        address=ExplainAddress, answer=ExplainAnswer, work=WorkKind.SEARCH,
    ),
)  # fmt: skip
DEMO = Operation(
    method="GET", path="/search", name="demoSearch", run=demo_search, address=DemoAddress,
    summary="List where the five best pictures are, as the demo of CLIP and Faiss did",
    answer=list[str], work=WorkKind.SEARCH,
)  # fmt: skip
