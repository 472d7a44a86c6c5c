"""A Milvus, called with time limits and retries; its errors in our words."""

from __future__ import annotations

import logging
import math
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

from search_engine.cluster.store_address import StoreAddress
from search_engine.errors import CollectionDamaged, CollectionError, StoreAway, Way

_LOG = logging.getLogger(__name__)

TOKEN_VARIABLE = "IMAGE_SEARCH_MILVUS_TOKEN"  # noqa: S105 - where one is, not what it is

READING: Sequence[float] = (4.0, 8.0)
"""The seconds that each try of a search may take. A node that died holds the calls to it back until
Milvus notices, with one replica half a minute; another replica replies to the second try."""
WRITING: Sequence[float] = (20.0, 40.0, 60.0)
_PAUSE = 0.3
"""Seconds before the second try, then twice that."""
_SEARCHES = {"search", "query"}
_SECONDS_AWAY = 3.0
_AWAY: dict[StoreAddress, float] = {}
"""When servers did not reply the last time that they were called."""
_NO_COLLECTION = 100
_SHOWN = 300


class MilvusServer:
    """One Milvus; it is connected to when it is first needed, and again after it was away.

    ``about`` is the collection of ours whose index lies there, which errors name.
    """

    def __init__(self, address: StoreAddress, about: str = "") -> None:
        self.address = address
        self._about = about
        self._client: Any = None
        self._connecting = Lock()

    def call(self, name: str, patience: Sequence[float] = READING, /, **wanted: object) -> Any:  # noqa: ANN401 - Milvus is not typed
        """Call what its client can do, again if it does not reply in time.

        Whatever is called may be done twice, so it has to be such that this makes no difference.

        Raises:
            StoreAway: It cannot be reached, does not reply in time, or refuses the token.
            CollectionDamaged: What is to be read or written is not there any more.
            CollectionError: Its client is not installed, or it refuses for another reason.
        """
        if name in _SEARCHES:
            self._refuse_while_away()
        for number, seconds in enumerate(patience, start=1):
            try:
                with self._translated():
                    found = getattr(self._connected(seconds), name)(**wanted, timeout=seconds)
                _AWAY.pop(self.address, None)
            except StoreAway as error:
                if number == len(patience) or self._client is None:
                    _AWAY[self.address] = time.monotonic()
                    raise
                _LOG.info("%s is called again: %s", self.address, error.cause)
                time.sleep(_PAUSE * number)
            else:
                return found
        raise AssertionError  # there is a first try

    def _refuse_while_away(self) -> None:
        """Let no search wait again for a server that did not reply a moment ago."""
        if time.monotonic() - _AWAY.get(self.address, -math.inf) < _SECONDS_AWAY:
            raise self._away()

    def _connected(self, seconds: float) -> Any:  # noqa: ANN401 - Milvus is not typed
        with self._connecting:
            if self._client is None:
                self._client = self._connect(min(seconds, READING[0]))
            return self._client

    def _connect(self, seconds: float) -> Any:  # noqa: ANN401 - Milvus is not typed
        try:
            from pymilvus import MilvusClient
        except ImportError as error:
            cause = f"The package 'pymilvus' is not installed here ({error})"
            remedy = "Install it: pip install -r search_engine/cluster/requirements.txt"
            raise CollectionError(cause, place=str(self.address), remedy=remedy) from error
        for name in ("pymilvus", "grpc._server"):  # what they log is raised as well
            logging.getLogger(name).setLevel(logging.CRITICAL)
        token = os.environ.get(TOKEN_VARIABLE, "")
        database = {"db_name": self.address.database} if self.address.database else {}
        return MilvusClient(uri=self.address.uri, token=token, timeout=seconds, **database)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            import grpc
            from pymilvus.exceptions import MilvusException
        except ImportError:  # which is told when it is connected to
            yield
            return
        try:
            yield
        except MilvusException as error:
            raise self._meant(error.code, str(error.message)) from error
        except (grpc.RpcError, grpc.FutureTimeoutError, OSError) as error:
            raise self._away(_first_line(str(error))) from error

    def _meant(self, code: object, message: str) -> CollectionError:
        """Return our error for one of Milvus, whose own codes are numbers, unlike those of grpc."""
        text = message.lower()
        if code == _NO_COLLECTION or "can't find collection" in text:
            cause = "The Milvus server does not hold the index of this collection any more"
            remedy = "Open the collection again; if it is not there then, repair it."
            place = str(self.address)
            return CollectionDamaged(
                cause, place=place, remedy=remedy, way=Way.REPAIR, about=self._about
            )
        if "unauthenticated" in text or "auth check failure" in text:
            cause, remedy = "The Milvus server refuses the token", "Give the program the right one."
            return StoreAway(cause, place=str(self.address), remedy=remedy, way=Way.STORE_TOKEN)
        if not isinstance(code, int) or any(word in text for word in _OF_ABSENCE):
            return self._away(_first_line(message))
        cause = f"The Milvus server refuses: {_first_line(message)}"
        remedy = "Is it of a version from 2.3 on, and has it enough memory and disk?"
        return CollectionError(cause, place=str(self.address), remedy=remedy)

    def _away(self, why: str = "") -> StoreAway:
        cause = "The Milvus server that holds the index does not reply"
        cause += f": {why}" if why else ""
        remedy = "Start it, or see whether the network leads there; nothing is lost meanwhile."
        return StoreAway(cause, place=str(self.address), remedy=remedy)


_OF_ABSENCE = (
    "unavailable", "deadline", "timeout", "timed out", "connect", "not ready", "not healthy",
    "no available", "node offline", "node not match", "channel", "rate limit", "not loaded",
)  # fmt: skip
"""What it says while it starts, while a node is lost, or when it is asked too much."""


def _first_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[0][:_SHOWN] if lines else "it says nothing"
