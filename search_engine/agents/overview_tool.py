"""The tool ``collections``: what is there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from search_engine.agents.call import ToolCall
from search_engine.agents.open_collections import ModelState, OpenCollections
from search_engine.agents.page_cursors import cursor_to, place_of
from search_engine.agents.requests import CollectionName, Cursor
from search_engine.agents.tool import Tool, ToolAnswer
from search_engine.reports import ListedCollection, listed

_PAGE = 20
_MOST_NAMES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewRequest:
    """Which collections are told of."""

    collection: CollectionName = None
    cursor: Cursor = None


@dataclass(frozen=True, slots=True)
class KnownCollection(ListedCollection):
    """A collection, and whether it can be searched at once."""

    model_state: ModelState | None
    """None where it has no index yet."""


@dataclass(frozen=True, slots=True)
class CollectionNames:
    """What the filters of a collection can be told, the first names of each."""

    categories: dict[str, int]
    """Pictures of each; the empty name is for those in no folder of their own."""
    all_categories: int
    tags: dict[str, int]
    all_tags: int
    hidden: int
    """Pictures that the user hid; they are not found."""


@dataclass(frozen=True, slots=True)
class CollectionsOverview:
    """The collections, by name."""

    collections: tuple[KnownCollection, ...]
    names: CollectionNames | None
    """Where one collection is told of."""
    next_cursor: str | None


def run(request: OverviewRequest, collections: OpenCollections, _call: ToolCall) -> ToolAnswer:
    """Tell what there is."""
    if request.collection is None:
        names = collections.names()
        begin = place_of(request)
        page = names[begin : begin + _PAGE]
        more = begin + _PAGE < len(names)
        told = tuple(_known(name, collections) for name in page)
        only = page[0] if len(names) == 1 else None
        next_cursor = cursor_to(begin + _PAGE, request) if more else None
    else:
        only, next_cursor = collections.named(request.collection), None
        told = (_known(only, collections),)
    return ToolAnswer(
        CollectionsOverview(told, _names(only, collections) if only else None, next_cursor)
    )


def _known(name: str, collections: OpenCollections) -> KnownCollection:
    summary = collections.library.summary(name)
    facts = listed(summary)
    return KnownCollection(
        **{field: getattr(facts, field) for field in ListedCollection.__dataclass_fields__},
        model_state=collections.state_of(summary.model_id) if summary.model_id else None,
    )


def _names(name: str, collections: OpenCollections) -> CollectionNames:
    with collections.library.open_catalog(name) as catalog:
        categories = {one or "": count for one, count in catalog.pictures.categories().items()}
        tags, hidden = catalog.tags.counts(), catalog.tags.hidden()
    return CollectionNames(
        categories=dict(islice(categories.items(), _MOST_NAMES)),
        all_categories=len(categories),
        tags=dict(islice(tags.items(), _MOST_NAMES)),
        all_tags=len(tags),
        hidden=hidden,
    )


COLLECTIONS = Tool(
    name="collections",
    title="What is there",
    description="List the collections of pictures, with their folders, numbers of pictures and"
    " state. Begin here. With the name of one, or where there is only one, also its categories"
    " (folders) and tags, which the filters of search take. A state that speaks of being indexed"
    " means that only a part can be found so far; model_state says whether the first search has to"
    " wait until a model is loaded.",
    request=OverviewRequest,
    answer=CollectionsOverview,
    run=run,
)
