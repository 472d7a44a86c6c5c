"""One address of the server: reads a request, has it answered, and writes what came of it."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from search_engine.records import document_of
from search_engine.server.operations import ApiCall, NamedContent, Operation, Source, WorkKind
from search_engine.server.problems import ProblemKind, Refused, problem_response, refusal_of
from search_engine.server.request_limits import Rates, RequestLimits, Workers
from search_engine.server.request_reading import read_address, read_body
from search_engine.settings import PROJECT_FOLDER

_LOG = logging.getLogger(__name__)

_FOR_GOOD = "private, max-age=31536000, immutable"
_ASK_AGAIN = "private, no-cache"
_NOWHERE = "no-store"


@dataclass(frozen=True, slots=True)
class Desk:
    """What all addresses share."""

    source: Source
    limits: RequestLimits
    rates: Rates
    workers: Mapping[WorkKind, Workers]

    @property
    def private(self) -> list[str]:
        """Folders whose names nobody is told."""
        places = self.source.settings.data_folder, PROJECT_FOLDER, Path.home()
        return [str(place) for place in places]


class Resource:
    """An address with the methods that it has; HEAD and OPTIONS come by themselves."""

    def __init__(self, desk: Desk, operations: Sequence[Operation]) -> None:
        self._desk = desk
        self._all = {one.method: one for one in operations}
        writes = desk.source.allow_writes
        self._by_method = {one.method: one for one in operations if writes or not one.writes}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; whatever goes wrong is told as a problem."""
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except Exception as error:  # noqa: BLE001 - a fault is told to nobody, and logged
            response = problem_response(self._told(error))
        await response(scope, receive, _without_body(send) if request.method == "HEAD" else send)

    def _told(self, error: Exception) -> Refused:
        refused = refusal_of(error, self._desk.private)
        if refused.kind is ProblemKind.FAULT:
            # Without its message, which may hold what somebody searched for.
            places = "".join(traceback.format_tb(error.__traceback__))
            _LOG.error("a request was not answered: %s in\n%s", type(error).__name__, places)
        return refused

    async def _answer(self, request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        client = request.client.host if request.client else ""
        operation = self._by_method.get(method)
        self._desk.rates.take(client, operation.work.points if operation else 1)
        if method == "OPTIONS":
            return Response(None, 204, {"Allow": self._allow})
        if operation is None:
            raise self._not_allowed(method)
        call = ApiCall(
            source=self._desk.source,
            place=request.path_params,
            address=read_address(request.query_params, operation.address),
            body=await read_body(request, operation.body, self._desk.limits)
            if operation.body
            else None,
        )
        known = request.headers.get("if-none-match", "")
        work: Callable[[], Response] = partial(_response, operation, call, known)
        workers = self._desk.workers[operation.work]
        return await workers.run(work, self._desk.limits.seconds)

    @property
    def _allow(self) -> str:
        methods = {*self._by_method, "OPTIONS", *(["HEAD"] if "GET" in self._by_method else [])}
        return ", ".join(sorted(methods))

    def _not_allowed(self, method: str) -> Refused:
        remedy = f"Allowed are {self._allow}."
        if method in self._all:
            remedy = f"The server was started for reading only. {remedy}"
        detail = "This method does nothing here."
        return Refused(ProblemKind.METHOD_NOT_ALLOWED, detail, remedy, {"Allow": self._allow})


class Nothing:
    """Every address below one that nothing is found at."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say that there is nothing."""
        refused = Refused(
            ProblemKind.NOT_FOUND, "There is nothing at this address.", "See /api/v1/openapi.json."
        )
        is_head = scope.get("method") == "HEAD"
        await problem_response(refused)(scope, receive, _without_body(send) if is_head else send)


def _response(operation: Operation, call: ApiCall, known: str) -> Response:
    answer = operation.run(call)
    if isinstance(answer, NamedContent):
        return _picture(answer, known)
    headers = {"Cache-Control": _NOWHERE}
    return Response(json.dumps(document_of(answer)), 200, headers, "application/json")


def _picture(content: NamedContent, known: str) -> Response:
    tag = f'"{content.tag}"'
    headers = {"ETag": tag, "Cache-Control": _FOR_GOOD if content.is_for_good else _ASK_AGAIN}
    tags = {one.strip().removeprefix("W/") for one in known.split(",")}
    if tag in tags or "*" in tags:
        return Response(None, 304, headers)
    shown = content.make()
    return Response(shown.content, 200, headers, shown.media_type)


def _without_body(send: Send) -> Send:
    """Return what sends an answer to HEAD: all of it but the body."""

    async def sending(message: Message) -> None:
        body = {"body": b""} if message["type"] == "http.response.body" else {}
        await send({**message, **body})

    return sending
