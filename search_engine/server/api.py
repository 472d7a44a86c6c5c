"""The API: all that programs may ask, as routes of a server."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from starlette.routing import Route

from search_engine.server import changing, finding, listing, showing
from search_engine.server.openapi import document_path, openapi
from search_engine.server.operations import BASE, Operation, Source, WorkKind
from search_engine.server.request_limits import Rates, RequestLimits, Workers
from search_engine.server.resource import Desk, Nothing, Resource

_BELOW_BASE = (
    *listing.OPERATIONS, *showing.OPERATIONS, *finding.OPERATIONS, *changing.OPERATIONS,
)  # fmt: skip


class Api:
    """The API over what answers come from; its threads end with `close`."""

    def __init__(self, source: Source, limits: RequestLimits | None = None) -> None:
        limits = limits or RequestLimits()
        self._workers = {
            WorkKind.SEARCH: Workers(limits.searches_at_once, limits.waiting, "api-search"),
            WorkKind.PICTURE: Workers(limits.pictures_at_once, limits.waiting, "api-picture"),
        }
        self._desk = Desk(source, limits, Rates(limits), self._workers)
        below = [replace(one, path=f"{BASE}{one.path}") for one in _BELOW_BASE]
        self._operations = [*below, finding.DEMO]

    @property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document of what this server does."""
        writes = self._desk.source.allow_writes
        return openapi([one for one in self._operations if writes or not one.writes])

    def routes(self) -> list[Route]:
        """Return all routes; what is below ``/api`` and none of them is told as a problem."""
        by_path: dict[str, list[Operation]] = defaultdict(list)
        for one in (*self._operations, self._described()):
            by_path[one.path].append(one)
        found = [Route(path, Resource(self._desk, some)) for path, some in by_path.items()]
        nothing = Nothing()
        return [*found, Route("/api", nothing), Route("/api/{rest:path}", nothing)]

    def _described(self) -> Operation:
        document = self.document
        return Operation(
            method="GET", path=document_path(), name="document", run=lambda _: document,
            summary="Describe this server", answer=dict[str, Any],
        )  # fmt: skip

    def close(self) -> None:
        """Begin nothing more."""
        for workers in self._workers.values():
            workers.close()
