"""Where the next page of an answer begins, in a text that only this server can write."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from search_engine.server.problems import ProblemKind, Refused

LONGEST_CURSOR = 200
MOST_RESULTS = 10_000
"""So far an answer can be read page by page."""
_PARTS = 3


class Cursors:
    """Written for one request to one state of a collection; known to no other server."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def write(self, start: int, request: str, state: str) -> str:
        """Return the cursor of the page that begins behind ``start`` results."""
        state = sha256(state.encode()).hexdigest()[:16]
        return f"{start}.{state}.{self._mark(start, request, state)}"

    def read(self, cursor: str, request: str, state: str) -> int:
        """Return how many results stand before a page.

        Raises:
            Refused: The cursor is of another request or server, or the collection has changed.
        """
        parts = cursor.split(".")
        start = int(parts[0]) if parts[0].isascii() and parts[0].isdigit() else -1
        is_ours = len(parts) == _PARTS and 0 <= start <= MOST_RESULTS
        mark = self._mark(start, request, parts[1]) if is_ours else ""
        if not (is_ours and hmac.compare_digest(mark.encode(), parts[2].encode())):
            detail = "The cursor is not of this request, or the server was started anew."
            raise Refused(ProblemKind.UNUSABLE, detail, "Begin without one.")
        if parts[1] != sha256(state.encode()).hexdigest()[:16]:
            detail = "The collection has changed since the page before."
            raise Refused(ProblemKind.CHANGED, detail, "Begin again, without a cursor.")
        return start

    def _mark(self, start: int, request: str, state: str) -> str:
        text = f"{start}\n{state}\n{request}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, text, sha256).hexdigest()[:32]
