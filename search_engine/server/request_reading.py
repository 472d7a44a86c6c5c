"""A request read: its body in bounds of size and time, all that it says as it has to be."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect, Request

from search_engine.server.problems import ProblemKind, Refused
from search_engine.server.request_limits import RequestLimits

M = TypeVar("M", bound=BaseModel)

_JSON = "application/json"
_SHOWN = 3


async def read_body(request: Request, model: type[M], limits: RequestLimits) -> M:
    """Return a JSON body.

    Raises:
        Refused: It is too large, too slow, no JSON, or not as it has to be.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _JSON:
        raise Refused(
            ProblemKind.NOT_JSON, f"The body has to be {_JSON}.", "Say so in Content-Type."
        )
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refused(ProblemKind.NOT_JSON, "The body is compressed.", "Send it as it is.")
    return validated(await _content(request, limits), model)


async def _content(request: Request, limits: RequestLimits) -> bytes:
    too_large = Refused(ProblemKind.TOO_LARGE, f"A body may have {limits.body_bytes:,} bytes.")
    said = request.headers.get("content-length", "0")
    if not said.isdigit() or int(said[:20]) > limits.body_bytes:
        raise too_large
    content = bytearray()
    try:
        async with asyncio.timeout(limits.seconds_to_send):
            async for part in request.stream():
                content += part
                if len(content) > limits.body_bytes:
                    raise too_large
    except TimeoutError as error:
        detail = f"The body was not there after {limits.seconds_to_send:g} s."
        raise Refused(ProblemKind.TOO_SLOW, detail) from error
    except ClientDisconnect as error:
        raise Refused(ProblemKind.MALFORMED, "The body ended too early.") from error
    return bytes(content)


def validated(content: bytes, model: type[M]) -> M:
    """Return what JSON says.

    Raises:
        Refused: It is no JSON, or not as it has to be.
    """
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            detail = "The body is no JSON, or a number in it is too long, or it is too deep."
            raise Refused(ProblemKind.MALFORMED, detail) from error
        raise Refused(ProblemKind.INVALID, _told(error), "Compare it with the document.") from error


def read_address(said: QueryParams, model: type[M] | None) -> M | None:
    """Return what stands behind the question mark of an address.

    Raises:
        Refused: It is not as it has to be.
    """
    names = [name for name, _ in said.multi_items()]
    known = set() if model is None else set(model.model_fields)
    strange = [name for name in names if name not in known]
    twice = [name for name, times in Counter(names).items() if times > 1]
    if strange or twice:
        what = "is not known" if strange else "is said twice"
        raise Refused(ProblemKind.INVALID, f"“{(strange or twice)[0][:40]}” {what} in the address.")
    if model is None:
        return None
    try:
        return model.model_validate(dict(said))
    except ValidationError as error:
        raise Refused(ProblemKind.INVALID, _told(error), "Compare it with the document.") from error


def _told(error: ValidationError) -> str:
    """Say what is wrong by its place; values are told to nobody, they may be very long."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    told = [f"{'.'.join(str(part)[:40] for part in one['loc'])}: {one['msg']}" for one in found]
    more = f"; and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return f"{'; '.join(told[:_SHOWN])}{more}."
