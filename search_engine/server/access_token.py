"""The token of a server, out of the environment or out of a file that nobody else can read."""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from search_engine import files
from search_engine.errors import BadInput

TOKEN_VARIABLE = "IMAGE_SEARCH_TOKEN"  # noqa: S105 - its name
LOGIN = "/login"
"""Where a browser is let in by a link with the token."""
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{24,512}")
_LONGEST_FILE = 4096
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Token:
    """What somebody has to know who may ask."""

    value: str = field(repr=False)

    def matches(self, said: str) -> bool:
        """Return whether it is this one; how long that takes tells nothing."""
        return secrets.compare_digest(said.encode("utf-8", "replace"), self.value.encode())

    @property
    def cookie(self) -> str:
        """What a browser keeps in its place, which is of no use elsewhere."""
        return hmac.new(self.value.encode(), b"cookie", sha256).hexdigest()

    def fits_cookie(self, said: str) -> bool:
        """Return whether a browser was let in with this token."""
        return secrets.compare_digest(said.encode("utf-8", "replace"), self.cookie.encode())


def token_of(file: Path | None) -> Token | None:
    """Return the token out of a file, or out of the environment; None where neither has one.

    A file that is not there is made, with a new token, for this user alone.

    Raises:
        BadInput: Others may read the file, it cannot be read, or it holds no token.
    """
    if file is None:
        said = os.environ.get(TOKEN_VARIABLE)
        return None if said is None else _token(said, TOKEN_VARIABLE)
    try:
        if not file.exists():
            files.write(file, f"{secrets.token_urlsafe(32)}\n".encode())
        with files.open_own(file) as source:
            facts = os.fstat(source.fileno())
            content = source.read(_LONGEST_FILE)
    except OSError as error:
        cause = f"The file of the token cannot be read: {error.strerror or error}"
        raise BadInput(cause, place=str(file), remedy="Name another file.") from error
    # On Windows these bits say nothing.
    is_ours = os.name != "posix" or facts.st_uid == os.geteuid()
    if os.name == "posix" and (stat.S_IMODE(facts.st_mode) & _OTHERS or not is_ours):
        cause = "Others may read the file of the token"
        raise BadInput(cause, place=str(file), remedy="Make it yours alone: chmod 600.")
    return _token(content.decode("ascii", "replace"), str(file))


def _token(said: str, place: str) -> Token:
    if not _TOKEN.fullmatch(said.strip()):
        cause = "This is no token: one has 24 to 512 letters, digits and signs of ._~+/=-"
        raise BadInput(cause, place=place, remedy="Name a file that is not there; it is made.")
    return Token(said.strip())
