"""Who may talk to the app, and what a browser may do with its pages.

The app shows private pictures, deletes collections and asks for no password: whoever reaches it may
do everything. The same browser also shows pages of strangers, and these may try to frame the app,
to send it messages or files, or to load from it. What stands here comes before Streamlit's own
server and lets through what pages of the app itself ask for, and links that somebody opens.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import threading
import webbrowser
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import cast
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from pages.ui.frame import moved_views, uploads
from search_engine import Settings, files
from search_engine.server import KnownHosts, ProblemKind, Refused, refusal_response

_LOG = logging.getLogger(__name__)

_METRICS = "/_stcore/metrics"
_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+$")
_HOST = re.compile(r"[\w.:\[\]-]+")
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_TOKEN = re.compile(r"[\w-]{32}")

UPLOADS_AT_ONCE = 4
UPLOADS_OF_A_TAB = 6  # that are dropped at once
BYTES_OF_A_TAB = 40_000_000  # of them together, unless they are two
FEWEST_OF_A_TAB = 2
UPLOADED_BYTES = 200_000_000
SECONDS_FOR_AN_UPLOAD = 120
SECONDS_TO_COME_BACK = 120
"""Loading a page anew closes a tab and opens it again."""

_HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Components come as blobs, thumbnails as data; emotion writes its styles into the page. Counting in
# 64 bits, Streamlit's messages are read by WebAssembly, which can do no more than what calls it.
_CONTENT = (
    "default-src 'self'; script-src 'self' blob:{scripts} 'wasm-unsafe-eval';"
    " style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:;"
    " worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self';"
    " frame-ancestors 'none'; connect-src 'self'{sockets}"
)


WHO_ASKS = 3
"""So many of what stands before the server look at nothing but who asks, and by which name."""


def middleware(
    names: Sequence[str] | None = None,
    *,
    any_number: bool = False,
    others: Sequence[str] | None = None,
) -> list[Middleware]:
    """Return what stands before the server, the outermost first.

    Args:
        names: What the server is called; those of Streamlit's settings, unless said.
        any_number: Whether an address in numbers may stand for it, too.
        others: Origins whose pages may ask; those of Streamlit's settings, unless said.
    """
    if names is None:
        names = [host.strip() for host in st.get_option("server.allowedHosts")] or ["*"]
    if others is None:
        others = st.get_option("server.corsAllowedOrigins")
    return [
        Middleware(Headlines),
        Middleware(KnownHosts, names=names, any_number=any_number),
        Middleware(OwnPagesOnly, others=others),
        Middleware(moved_views.OldAddresses),
        Middleware(Visits),
        Middleware(FewUploads),
    ]


@asynccontextmanager
async def opened(_app: object) -> AsyncIterator[None]:
    """Show the app in a browser as it starts, and leave no uploaded picture behind as it ends."""
    settings = Settings.from_environment()
    try:
        files.keep_private(settings.collections_folder)
    except OSError as error:
        _LOG.warning("Others may see what the app has made: %s", error)
    kept = uploads.of(settings)
    kept.remove_leftovers()
    if not st.get_option("server.headless"):
        host = st.get_option("server.address") or "localhost"
        address = f"http://{host}:{st.get_option('server.port')}"
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    try:
        yield
    finally:
        kept.close()


class Headlines:
    """Tell the browser that no other page may frame, read or extend what comes from here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to each answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS | {"Content-Security-Policy": _content_policy(scope)})
            await send(message)

        await self._app(scope, receive, with_headers)


def _content_policy(scope: Scope) -> str:
    host = Headers(scope=scope).get("host", "")
    # Some browsers do not count a socket to the same host as 'self'.
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return _CONTENT.format(scripts=_scripts_in_the_page(), sockets=sockets)


@cache
def _scripts_in_the_page() -> str:
    """Name the lines of script that Streamlit's own page brings along, by what they say."""
    page = resources.files("streamlit").joinpath("static", "index.html").read_text("utf-8")
    digests = [sha256(text.encode()).digest() for text in _SCRIPT.findall(page)]
    return "".join(f" 'sha256-{b64encode(digest).decode()}'" for digest in digests)


class OwnPagesOnly:
    """Refuse what pages of other origins ask for, and the figures that are for monitoring."""

    def __init__(self, app: ASGIApp, others: Sequence[str]) -> None:
        self._app = app
        self._others = frozenset(origin.strip() for origin in others)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["path"].endswith(_METRICS):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
        elif self._is_foreign(Headers(scope=scope)):
            # By name only: the rest of an address is what somebody looks for.
            _LOG.info("A page of another origin asked for %s and was refused", scope["path"])
            refused = Refused(ProblemKind.FOREIGN_PAGE, "Only for pages of this app.")
            await refusal_response(scope["path"], refused)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_foreign(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin in self._others:
            return False
        if origin is not None and urlsplit(origin).netloc != headers.get("host"):
            return True
        if headers.get("sec-fetch-site", "none") in {"none", "same-origin"}:
            return False
        opens_link = headers.get("sec-fetch-mode") == "navigate"
        return not (opens_link and headers.get("sec-fetch-dest") == "document")


class Visits:
    """Tell browsers apart by a cookie, and note which of them are here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand out the cookie with a page, and follow a tab from its first to its last message."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        visitor = HTTPConnection(scope).cookies.get(uploads.COOKIE, "")
        if scope["type"] == "http":
            send = send if _TOKEN.fullmatch(visitor) else _with_cookie(send)
            await self._app(scope, receive, send)
            return
        kept = uploads.of(Settings.from_environment())
        kept.came(visitor)
        try:
            await self._app(scope, receive, send)
        finally:
            kept.left(visitor)
            _drop_uploads()
            loop = asyncio.get_running_loop()
            loop.call_later(SECONDS_TO_COME_BACK, kept.forget_if_gone, visitor)


def _with_cookie(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").startswith("text/html"):
                token = f"{uploads.COOKIE}={secrets.token_urlsafe(24)}"
                headers.append("Set-Cookie", f"{token}; Path=/; HttpOnly; SameSite=Strict")
        await send(message)

    return sending


class FewUploads:
    """Let few uploads come at once, and hold few of them in memory.

    Streamlit limits the size of a file, but not how many files a tab may send; it holds them until
    the tab is long gone. The app copies each at once, so only the newest have to be there.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._free = asyncio.Semaphore(UPLOADS_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Make an upload wait for its turn, then drop those before it."""
        is_upload = scope["type"] == "http" and scope["method"] == "PUT"
        found = _UPLOAD.search(scope["path"]) if is_upload else None
        if not found:
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(SECONDS_FOR_AN_UPLOAD), self._free:
                await self._app(scope, receive, send)
        except TimeoutError:
            await PlainTextResponse("The upload took too long", 408)(scope, receive, send)
        _drop_uploads(found[1])


def _drop_uploads(session_id: str = "") -> None:
    """Drop what closed tabs uploaded, all but the newest of this tab, and what is too much."""
    manager = cast("MemoryUploadedFileManager", runtime.get_instance().uploaded_file_mgr)
    held = manager.file_storage
    for tab in list(held):
        if not runtime.get_instance().is_active_session(tab):
            manager.remove_session_files(tab)
    newest_first = list(reversed(held.get(session_id, {}).items()))
    together = 0
    for place, (file_id, file) in enumerate(newest_first, 1):
        together += len(file.data)
        is_too_much = place > UPLOADS_OF_A_TAB or together > BYTES_OF_A_TAB
        if place > FEWEST_OF_A_TAB and is_too_much:
            manager.remove_file(session_id, file_id)
    total = sum(len(file.data) for of_tab in held.values() for file in of_tab.values())
    for tab, of_tab in list(held.items()):
        for file_id, file in list(of_tab.items()):
            if total > UPLOADED_BYTES and tab != session_id:
                manager.remove_file(tab, file_id)
                total -= len(file.data)
