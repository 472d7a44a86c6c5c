"""Where a server listens, and for whom: this machine alone, or all who know a token."""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote

from search_engine.errors import BadInput
from search_engine.server.access_token import LOGIN, TOKEN_VARIABLE, Token

USUAL_PORT = 8501
THIS_MACHINE = "127.0.0.1"
_OWN_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms a server is started."""

    address: str = THIS_MACHINE
    port: int = USUAL_PORT
    token: Token | None = None
    host_names: tuple[str, ...] = ()
    """Other names that it is called by, behind a proxy for one."""
    allow_writes: bool = False

    def checked(self) -> Self:
        """Return these terms, if a server can be started on them.

        Raises:
            BadInput: Others can reach the address and there is no token, or it is not free.
        """
        if self.token is None and not self.is_private:
            cause = f"Others can reach {self.address}, and no token keeps them out"
            remedy = f"Put one into the variable {TOKEN_VARIABLE}, or name a file for it."
            raise BadInput(cause, remedy=remedy)
        _require_free(self.address, self.port)
        return self

    @property
    def is_private(self) -> bool:
        """Whether programs of this machine alone can reach the address."""
        try:
            return ipaddress.ip_address(self.address).is_loopback
        except ValueError:
            return self.address == "localhost"

    @property
    def names(self) -> tuple[str, ...]:
        """What the server may be called in a request."""
        own = () if self.is_private else (self.address, socket.gethostname().lower())
        return tuple(dict.fromkeys((*_OWN_NAMES, *own, *self.host_names)))

    def link(self, port: int) -> str:
        """Return what a person opens: with a token, a link that lets a browser in."""
        everywhere = self.address in {"0.0.0.0", "::"}  # noqa: S104 - asked for, with a token
        name = next(iter(self.host_names), socket.gethostname() if everywhere else self.address)
        place = f"http://{f'[{name}]' if ':' in name else name}:{port}"
        return f"{place}{LOGIN}?token={quote(self.token.value, safe='')}" if self.token else place


def _require_free(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family) as trial:
            if os.name != "nt":  # there it would let two servers have one port
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((address, port))
    except OSError as error:
        cause = f"The server cannot listen on {address}, port {port}: {error.strerror or error}"
        raise BadInput(
            cause, remedy="Name another port or address; 0 takes a free port."
        ) from error
