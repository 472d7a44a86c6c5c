"""Where pictures are read and embedded, if not in the process that builds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from search_engine.errors import BadInput

MOST_HERE = 256
"""Workers on this machine."""
_HERE = re.compile(r"local:([0-9]{1,3})")
_CLUSTER = re.compile(r"(?:ray://)?(?P<host>\[[0-9A-Fa-f:.]+\]|[\w.-]{1,253}):(?P<port>[0-9]{1,5})")
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class WorkerPlace:
    """So many workers on this machine, or those that a cluster has room for."""

    here: int
    """0 where a cluster is meant."""
    address: str = ""
    """Of a cluster's head, for who is on another machine ``ray://HOST:PORT``, for who is on one of
    the cluster's ``HOST:PORT``; empty where this machine is meant."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``local:N``, ``ray://HOST:PORT`` or ``HOST:PORT``.

        Raises:
            BadInput: It is none of these.
        """
        here, cluster = _HERE.fullmatch(text), _CLUSTER.fullmatch(text)
        if here and 1 <= int(here[1]) <= MOST_HERE:
            return cls(here=int(here[1]))
        if cluster and not here and 0 < int(cluster["port"]) <= 2**16 - 1:
            return cls(0, text)
        cause = f"{text[:_SHOWN]!r} names no workers"
        remedy = f"Give local:N, up to {MOST_HERE}, ray://HOST:10001, or HOST:6379."
        raise BadInput(cause, remedy=remedy)

    @property
    def is_for_clients(self) -> bool:
        """Whether a cluster is meant that this machine need not be one of."""
        return self.address.startswith("ray://")

    @property
    def endpoint(self) -> tuple[str, int]:
        """Host and port of a cluster's head."""
        host, _, port = self.address.removeprefix("ray://").rpartition(":")
        return host.strip("[]"), int(port)

    def __str__(self) -> str:
        return self.address or f"local:{self.here}"
