"""Links of before: where a view is now that was on another page.

The server sends a browser that opens such a link on to the new address, so that Back leads to where
it came from. A page does the same for an address that reaches it without the server.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import streamlit as st
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_CLEAN_UP, _QUALITY = "5_Clean_up", "6_Quality"
_MOVED = {
    ("Categories", "show", "duplicates"): (_CLEAN_UP, "Duplicates"),
    ("Categories", "show", "suspects"): (_CLEAN_UP, "Suspects"),
    ("Categories", "show", "unusual"): (_CLEAN_UP, "Unusual"),
    ("Categories", "show", "retrieval"): (_QUALITY, "Retrieval"),
    ("Scores", "tab", "presence"): (_QUALITY, "Presence"),
}
"""By page, name in the address and view of before: the page and the view of now."""
_NAMES = {page: name for page, name, _ in _MOVED}


def follow(page: str) -> None:
    """Go to where a view is now that an address of a page names, with all else that it says."""
    name = _NAMES[page]
    place = _MOVED.get((page, name, st.query_params.get(name, "").casefold()))
    if place:
        said = {one: st.query_params.get_all(one) for one in st.query_params if one != name}
        st.switch_page(f"pages/{place[0]}.py", query_params={**said, "show": place[1]})


class OldAddresses:
    """Sends a browser on that opens an address of before."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer with the new address."""
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            now = new_address(scope["path"], scope["query_string"].decode("latin-1"))
            if now:
                await RedirectResponse(now)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def new_address(path: str, query: str) -> str:
    """Return where a view is now, beside the page of before; empty where it did not move."""
    page = path.rpartition("/")[2]
    name = _NAMES.get(page)
    if name is None:
        return ""
    said = parse_qsl(query, keep_blank_values=True)
    view = next((value for one, value in reversed(said) if one == name), "")
    place = _MOVED.get((page, name, view.casefold()))
    if place is None:
        return ""
    others = [pair for pair in said if pair[0] != name]
    return f"{place[0].partition('_')[2]}?{urlencode([*others, ('show', place[1])])}"
