"""Where an index lies, as people write it: here, or in a Milvus."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Self
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from search_engine.errors import BadInput, Way

LOCAL = "local"
"""The address of a Faiss index in the collection's own folder."""

_USUAL_PORT = 19_530
_LONGEST = 1_000
_MOST_REPLICAS = 64
_SERVERS = {"milvus": "http", "milvus+tls": "https"}
_LITE = "milvus-lite"
_DATABASE = re.compile(r"[A-Za-z_]\w{0,254}", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]+", re.ASCII)
_FORMS = (
    "Write milvus://HOST, with :PORT and /DATABASE where they are not the usual ones, or"
    f" milvus+tls:// for a server with TLS; or '{LOCAL}'."
)


def is_local(address: str) -> bool:
    """Return whether an index with this address lies in the collection's folder."""
    return address in {"", LOCAL}


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """Where a Milvus is; it holds no secret."""

    uri: str
    """As its client takes it: of a server, or the file of a Milvus Lite."""
    database: str = ""
    replicas: int = 1
    """On how many nodes each vector is held ready; two survive the loss of one at once."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address.

        Raises:
            BadInput: It is none, or it holds a password.
        """
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError as error:
            raise _no_address(text, f"it cannot be read ({error})") from error
        if len(text) > _LONGEST or not text.isprintable():
            raise _no_address(text, "it is too long, or holds signs that cannot be seen")
        if parts.username is not None or parts.password is not None:
            cause = "An address names no user and no password, as it is kept and shown"
            remedy = "Leave them out, and give them to the program as a token."
            raise BadInput(cause, remedy=remedy, way=Way.STORE_TOKEN)
        replicas = _replicas(parts, text)
        if parts.scheme == _LITE:
            return cls(_lite_file(parts, text), replicas=1)
        if parts.scheme not in _SERVERS:
            raise _no_address(text, "it begins with none of the names of stores")
        host, database = parts.hostname or "", parts.path.strip("/")
        if not _HOST.fullmatch(host):
            raise _no_address(text, "it names no host")
        if database and not _DATABASE.fullmatch(database):
            raise _no_address(text, "no database is called so")
        host = f"[{host}]" if ":" in host else host
        return cls(f"{_SERVERS[parts.scheme]}://{host}:{port or _USUAL_PORT}", database, replicas)

    @property
    def is_lite(self) -> bool:
        """Whether it is a file of Milvus Lite, which one process opens and which only scans."""
        return "://" not in self.uri

    def __str__(self) -> str:
        """Write it in the one way in which it is kept, compared and shown."""
        if self.is_lite:
            return f"{_LITE}://{quote(self.uri)}"
        scheme, _, place = self.uri.partition("://")
        name = next(name for name, meant in _SERVERS.items() if meant == scheme)
        database = f"/{self.database}" if self.database else ""
        replicas = f"?replicas={self.replicas}" if self.replicas > 1 else ""
        return f"{name}://{place}{database}{replicas}"


def _replicas(parts: SplitResult, text: str) -> int:
    said = parse_qsl(parts.query, keep_blank_values=True)
    if parts.fragment or [name for name, _ in said] not in ([], ["replicas"]):
        raise _no_address(text, "it says more than which host, port, database and replicas")
    number = said[0][1] if said else "1"
    if not (number.isascii() and number.isdigit() and 0 < int(number[:4]) <= _MOST_REPLICAS):
        raise _no_address(text, f"replicas are a number from 1 to {_MOST_REPLICAS}")
    return int(number)


def _lite_file(parts: SplitResult, text: str) -> str:
    path = unquote(parts.path)
    if parts.netloc or not path.startswith("/") or PurePosixPath(path).suffix != ".db":
        raise _no_address(text, f"a file is written {_LITE}:///FOLDER/NAME.db")
    return path


def _no_address(text: str, why: str) -> BadInput:
    shown = re.sub(r"//[^/@]*@", "//…@", text)[:80]
    return BadInput(f"'{shown}' is no address of a store: {why}", remedy=_FORMS)
