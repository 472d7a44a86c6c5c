"""The model that will be asked next, loaded in the background before it is needed."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

from search_engine import Settings
from search_engine.embedding import Embedder, is_on_this_machine, require_trusted
from search_engine.errors import ModelError

_LOG = logging.getLogger(__name__)

_SECONDS_AFTER_A_PAGE = 1.5
"""Importing torch holds Python's lock for moments; a page that is being shown goes first."""

ModelKey = tuple[str, str]
"""A model's id, and the signature of its files."""


class ModelWarming:
    """Loads one model at a time, in a thread of its own, and keeps it until it is taken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun: set[ModelKey] = set()
        self._warm: dict[ModelKey, Future[Embedder]] = {}
        self._taken: set[ModelKey] = set()
        self._since: dict[ModelKey, float] = {}
        self._wanted = threading.Event()

    def begin(
        self, key: ModelKey, load: Callable[[], Embedder], where: Settings, *, now: bool = False
    ) -> None:
        """Begin to load a model, once; ``now`` where somebody waits for it.

        One that needs to be confirmed is left alone, and one that would have to be downloaded.
        """
        if now:
            self._wanted.set()
        with self._lock:
            if key in self._begun or not all(one.done() for one in self._warm.values()):
                return
            self._begun.add(key)
            loading: Future[Embedder] = Future()
            self._warm = {key: loading}
        args = (key, load, where, loading)
        threading.Thread(target=self._load, args=args, name="warm model", daemon=True).start()

    def _load(
        self,
        key: ModelKey,
        load: Callable[[], Embedder],
        where: Settings,
        loading: Future[Embedder],
    ) -> None:
        self._wanted.wait(_SECONDS_AFTER_A_PAGE)
        self._since[key] = time.monotonic()
        try:
            require_trusted(key[0], where)
            if is_on_this_machine(key[0], where):
                loading.set_result(load())
                return
        except ModelError as error:  # told to whoever asks first
            _LOG.info("the model cannot be loaded beforehand: %s", error.cause)
        except Exception as error:  # noqa: BLE001 - it is loaded again, and told, when it is needed
            _LOG.warning("loading the model beforehand ended with %s", type(error).__name__)
        with self._lock:
            self._warm.pop(key, None)
        loading.cancel()

    def is_under_way(self, key: ModelKey) -> bool:
        """Return whether this model is being loaded at the moment."""
        loading = self._warm.get(key)
        return loading is not None and not loading.done()

    def seconds(self, key: ModelKey) -> float:
        """Return for how long this model has been loaded, whoever began that; 0 before it began."""
        since = self._since.get(key)
        return time.monotonic() - since if since is not None else 0.0

    def take(self, key: ModelKey, load: Callable[[], Embedder]) -> Embedder:
        """Return a model: the warm one, as soon as it is that, or else one that is loaded now.

        Raises:
            ModelError: It cannot be loaded.
        """
        self._wanted.set()
        embedder = self._warm_one(key) or load()
        self._taken.add(key)
        return embedder

    def is_taken(self, key: ModelKey) -> bool:
        """Return whether this model was taken before."""
        return key in self._taken

    def _warm_one(self, key: ModelKey) -> Embedder | None:
        with self._lock:
            loading = self._warm.pop(key, None)
        with suppress(Exception):  # it is tried again, and told by whoever waits for it
            return loading.result() if loading else None
        return None
