"""What is said where something is not done as it was asked: problem details of RFC 9457."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from starlette.responses import PlainTextResponse, Response

from search_engine.collection import Refusal
from search_engine.errors import (
    BadInput,
    BadName,
    CollectionBusy,
    CollectionClosed,
    CollectionError,
    CollectionMissing,
    IndexMissing,
    ModelError,
    PictureRefused,
    SearchEngineError,
)

PROBLEM_TYPE = "application/problem+json"
PROBLEMS = "/api/v1/problems"
"""Where all kinds are listed; the type of a problem is this and its kind."""


class ProblemKind(StrEnum):
    """What went wrong."""

    MALFORMED = "malformed"
    UNKNOWN_HOST = "unknown-host"
    TOKEN_NEEDED = "token-needed"  # noqa: S105 - no token
    FOREIGN_PAGE = "foreign-page"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    TOO_SLOW = "too-slow"
    NOT_READY = "not-ready"
    TOO_LARGE = "too-large"
    NOT_JSON = "not-json"
    INVALID = "invalid"
    UNUSABLE = "unusable"
    CHANGED = "changed"
    TOO_MANY = "too-many"
    FAULT = "fault"
    BUSY = "busy"
    COLLECTION = "collection"
    MODEL = "model"


STATUS: Mapping[ProblemKind, tuple[int, str]] = {
    ProblemKind.MALFORMED: (400, "The request cannot be read"),
    ProblemKind.UNKNOWN_HOST: (400, "The server is not called so"),
    ProblemKind.TOKEN_NEEDED: (401, "A token is needed"),
    ProblemKind.FOREIGN_PAGE: (403, "Only pages of this server may do this"),
    ProblemKind.NOT_FOUND: (404, "There is no such thing"),
    ProblemKind.METHOD_NOT_ALLOWED: (405, "This cannot be done here"),
    ProblemKind.TOO_SLOW: (408, "The request came too slowly"),
    ProblemKind.NOT_READY: (409, "The collection cannot be used yet"),
    ProblemKind.CHANGED: (409, "The collection has changed"),
    ProblemKind.TOO_LARGE: (413, "The request is too large"),
    ProblemKind.NOT_JSON: (415, "The body is no JSON"),
    ProblemKind.INVALID: (422, "The request is not as the document says"),
    ProblemKind.UNUSABLE: (422, "What was given cannot be used"),
    ProblemKind.TOO_MANY: (429, "Too many requests"),
    ProblemKind.FAULT: (500, "A fault of the server"),
    ProblemKind.BUSY: (503, "The server has too much to do"),
    ProblemKind.COLLECTION: (503, "The collection cannot be used"),
    ProblemKind.MODEL: (503, "The model cannot be used"),
}
_OF_ERRORS: tuple[tuple[type[SearchEngineError], ProblemKind], ...] = (
    (CollectionMissing, ProblemKind.NOT_FOUND),
    (BadName, ProblemKind.NOT_FOUND),
    (PictureRefused, ProblemKind.NOT_FOUND),
    (BadInput, ProblemKind.UNUSABLE),
    (CollectionBusy, ProblemKind.NOT_READY),
    (IndexMissing, ProblemKind.NOT_READY),
    (CollectionClosed, ProblemKind.BUSY),
    (CollectionError, ProblemKind.COLLECTION),
    (ModelError, ProblemKind.MODEL),
)
_PATH = re.compile(r"(?<![\w.:/])(?:/|[A-Za-z]:\\)[^\s'\"“”’/\\]+(?:[/\\][^\s'\"“”’]*)+")
_A_PATH = "a path of the server"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a program is told."""

    type: str
    """The address of what is said of this kind."""
    title: str
    status: int
    detail: str
    remedy: str
    """What to do; empty where nothing can be done."""


class Refused(Exception):
    """A request is not answered as it was asked."""

    def __init__(
        self,
        kind: ProblemKind,
        detail: str,
        remedy: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail
        self.remedy = remedy
        self.headers = headers or {}


def refusal_of(error: Exception, private: Iterable[str] = ()) -> Refused:
    """Return what is told of an error: its cause and remedy, without its place.

    Args:
        error: Any error; of one that is none of ours nothing is told.
        private: Folders whose names nobody is told.
    """
    if isinstance(error, Refused):
        return error
    if isinstance(error, Refusal):
        return Refused(ProblemKind.NOT_FOUND, without_paths(f"{error.cause}.", private))
    if not isinstance(error, SearchEngineError):
        return Refused(
            ProblemKind.FAULT, "This should not have happened.", "The log of the server says where."
        )
    kind = next(kind for of, kind in _OF_ERRORS if isinstance(error, of))
    headers = {"Retry-After": "1"} if kind is ProblemKind.BUSY else None
    detail, remedy = (without_paths(text, private) for text in (f"{error.cause}.", error.remedy))
    return Refused(kind, detail, remedy, headers)


def without_paths(text: str, private: Iterable[str] = ()) -> str:
    """Return a text without paths of this machine."""
    for folder in private:
        text = text.replace(folder, _A_PATH) if len(folder) > 1 else text
    return _PATH.sub(_A_PATH, text)


def problem_of(refused: Refused) -> Problem:
    """Return a refusal as a program is told of it."""
    status, title = STATUS[refused.kind]
    return Problem(f"{PROBLEMS}#{refused.kind}", title, status, refused.detail, refused.remedy)


def problem_response(refused: Refused) -> Response:
    """Answer with a problem, which nobody keeps."""
    problem = problem_of(refused)
    headers = {"Cache-Control": "no-store", **refused.headers}
    return Response(json.dumps(asdict(problem)), problem.status, headers, PROBLEM_TYPE)


def refusal_response(path: str, refused: Refused) -> Response:
    """Answer with a problem where a program asks, and with a line where a browser does."""
    if path.startswith("/api/") or path == "/search":
        return problem_response(refused)
    status = STATUS[refused.kind][0]
    headers = {"Cache-Control": "no-store", **refused.headers}
    return PlainTextResponse(f"{refused.detail} {refused.remedy}".rstrip(), status, headers)
