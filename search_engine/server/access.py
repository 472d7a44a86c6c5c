"""Who may ask a server that others can reach: names that it is called by, and a token."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from search_engine.server.access_token import LOGIN, Token
from search_engine.server.problems import ProblemKind, Refused, refusal_response
from search_engine.server.request_limits import Rates, RequestLimits

_COOKIE = "image_search_access"
_WRONG_TOKENS = RequestLimits(points_a_second=0.2, points_at_once=20)
_TO_THE_APP = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Magpie</title>'
    '<meta http-equiv="refresh" content="0; url=/"><a href="/">Open the app</a></html>'
)
"""A browser that came by a link of another page sends the cookie only to what this page opens."""


class KnownHosts:
    """Refuse requests by names that the server does not have, to which others may have led them.

    A page of a stranger may have its own name lead to this machine. An address in numbers cannot be
    led elsewhere, so all of them pass where ``any_number`` says so.
    """

    def __init__(self, app: ASGIApp, names: Collection[str], *, any_number: bool = False) -> None:
        self._app = app
        self._names = frozenset(name.lower() for name in names)
        self._any_number = any_number

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan" or self._knows(Headers(scope=scope).get("host", "")):
            await self._app(scope, receive, send)
            return
        refused = Refused(ProblemKind.UNKNOWN_HOST, "This server is not called so.")
        await refusal_response(scope["path"], refused)(scope, receive, send)

    def _knows(self, host: str) -> bool:
        if "*" in self._names:
            return True
        try:
            parts = urlsplit(f"//{host}")
            name, _ = (parts.hostname or "").rstrip("."), parts.port
        except ValueError:
            return False
        if parts.netloc != host or "@" in host:
            return False
        return name in self._names or (self._any_number and _is_number(name))


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class TokenOnly:
    """Let in who knows the token: programs send it, browsers get a cookie by a link with it."""

    def __init__(self, app: ASGIApp, token: Token) -> None:
        self._app = app
        self._token = token
        self._wrong = Rates(_WRONG_TOKENS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, let a browser in, or refuse."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        try:
            if scope["path"] == LOGIN and scope["type"] == "http":
                await self._let_in(asked)(scope, receive, send)
                return
            self._require(asked)
        except Refused as refused:
            await refusal_response(scope["path"], refused)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _let_in(self, asked: HTTPConnection) -> Response:
        said = parse_qs(asked.url.query, max_num_fields=10).get("token", [""])[0]
        if not self._token.matches(said):
            self._refuse(asked, said)
        response = HTMLResponse(_TO_THE_APP, headers={"Cache-Control": "no-store"})
        response.set_cookie(
            _COOKIE, self._token.cookie, httponly=True, samesite="strict",
            secure=asked.url.scheme == "https",
        )  # fmt: skip
        return response

    def _require(self, asked: HTTPConnection) -> None:
        scheme, _, said = asked.headers.get("authorization", "").partition(" ")
        is_bearer = scheme.lower() == "bearer"
        if is_bearer and self._token.matches(said.strip()):
            return
        cookie = asked.cookies.get(_COOKIE, "")
        if not is_bearer and cookie and self._token.fits_cookie(cookie):
            return
        self._refuse(asked, said if is_bearer else cookie)

    def _refuse(self, asked: HTTPConnection, said: str) -> None:
        """Refuse a request, and count it where it came with a wrong token."""
        if said:
            self._wrong.take(asked.client.host if asked.client else "", 1)
        detail = "This server is open to those only who know its token."
        remedy = "Send it as a bearer token, or open the link that the server told as it started."
        raise Refused(ProblemKind.TOKEN_NEEDED, detail, remedy, {"WWW-Authenticate": "Bearer"})
