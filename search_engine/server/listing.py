"""What there is: the server itself, the collections, the kinds of problems."""

from __future__ import annotations

from dataclasses import dataclass

from search_engine.collection import Library
from search_engine.records import CollectionSummary
from search_engine.server.operations import ApiCall, Operation
from search_engine.server.problems import STATUS, without_paths


@dataclass(frozen=True, slots=True)
class HealthAnswer:
    """That the server answers, and what it lets be done."""

    status: str
    collections: int
    allow_writes: bool


@dataclass(frozen=True, slots=True)
class ServedCollection:
    """A collection in the list of all."""

    collection: str
    pictures: int
    categories: int
    skipped: int
    state: str
    model: str | None
    """None where nothing can be searched yet."""


@dataclass(frozen=True, slots=True)
class CollectionList:
    """All collections."""

    collections: tuple[ServedCollection, ...]


@dataclass(frozen=True, slots=True)
class CollectionAnswer:
    """A collection, and what it can be filtered by."""

    collection: str
    pictures: int
    categories: dict[str, int]
    """Pictures of each; the empty name is for those without one."""
    tags: dict[str, int]
    hidden: int
    skipped: int
    state: str
    model: str | None


@dataclass(frozen=True, slots=True)
class ProblemAnswer:
    """A kind of problem."""

    kind: str
    status: int
    title: str


@dataclass(frozen=True, slots=True)
class ProblemList:
    """All kinds of problems."""

    problems: tuple[ProblemAnswer, ...]


def health(call: ApiCall) -> HealthAnswer:
    """Return that the server is well."""
    source = call.source
    return HealthAnswer("ok", len(Library(source.settings).names()), source.allow_writes)


def collections(call: ApiCall) -> CollectionList:
    """Return all collections."""
    summaries = Library(call.source.settings).summaries()
    return CollectionList(tuple(_served(one) for one in summaries))


def _served(summary: CollectionSummary) -> ServedCollection:
    return ServedCollection(
        collection=summary.name,
        pictures=summary.pictures,
        categories=summary.categories,
        skipped=summary.skipped,
        state=without_paths(summary.state, [summary.folder, *summary.folders]),
        model=summary.model_id or None,
    )


def collection(call: ApiCall) -> CollectionAnswer:
    """Return one collection."""
    library = Library(call.source.settings)
    summary = library.readable_summary(call.name)
    with library.open_catalog(call.name) as catalog:
        return CollectionAnswer(
            collection=summary.name,
            pictures=summary.pictures,
            categories={name or "": many for name, many in catalog.pictures.categories().items()},
            tags=catalog.tags.counts(),
            hidden=catalog.tags.hidden(),
            skipped=summary.skipped,
            state=without_paths(summary.state, [summary.folder, *summary.folders]),
            model=summary.model_id or None,
        )


def problems(_: ApiCall) -> ProblemList:
    """Return what can go wrong."""
    return ProblemList(tuple(ProblemAnswer(kind, *STATUS[kind]) for kind in STATUS))


OPERATIONS = (
    Operation(
        method="GET", path="/health", name="health", run=health, answer=HealthAnswer,
        summary="Tell that the server is well",
    ),
    Operation(
        method="GET", path="/collections", name="collections", run=collections,
        answer=CollectionList, summary="List the collections",
    ),
    Operation(
        method="GET", path="/collections/{name}", name="collection", run=collection,
        answer=CollectionAnswer, summary="Tell what a collection can be filtered by",
    ),
    Operation(
        method="GET", path="/problems", name="problems", run=problems, answer=ProblemList,
        summary="List the kinds of problems",
    ),
)  # fmt: skip
