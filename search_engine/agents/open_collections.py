"""Collections and models, opened once for all calls."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from search_engine.audit import Audit
from search_engine.collection import Library, read_manifest
from search_engine.collection.decoding import read_content
from search_engine.collection.joined_folders import folders_of
from search_engine.embedding import Embedder, load_embedder
from search_engine.errors import (
    BadInput,
    CollectionMissing,
    PictureRefused,
    Way,
)
from search_engine.names import did_you_mean, known_as
from search_engine.search import SearchEngine
from search_engine.settings import Settings

_LOG = logging.getLogger(__name__)

_HELD_OPEN = 4
_NAMED = 20


class ModelState(StrEnum):
    """Whether a model can be searched with at once."""

    LOADED = "loaded"
    LOADING = "loading"
    NOT_LOADED = "not loaded"


class OpenCollections:
    """The collections that a person lets agents see.

    Those that made room for others, or for a newer index, are not closed: other calls may hold
    them. The last of these lets go of their files.
    """

    def __init__(self, settings: Settings, only: tuple[str, ...] = ()) -> None:
        self.library = Library(settings)
        self._settings = settings
        self._only = frozenset(only)
        self._opening = threading.Lock()
        self._open: dict[str, SearchEngine] = {}
        self._audits: dict[str, Audit] = {}
        self._models: dict[str, Embedder] = {}
        self._loading: dict[str, threading.Lock] = {}

    def names(self) -> list[str]:
        """Return the names of all, in order."""
        return [name for name in self.library.names() if not self._only or name in self._only]

    def named(self, name: str | None) -> str:
        """Return the name of the collection that is meant: the only one where none is named.

        Raises:
            CollectionMissing: There is none, or none of this name; the nearest are named.
            BadInput: There are several, and none is named.
        """
        names = self.names()
        if name is None and len(names) == 1:
            return names[0]
        there = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
        if not names:
            cause, remedy = "There is no collection yet", "Tell the user to index a folder."
            raise CollectionMissing(cause, remedy=remedy, way=Way.OTHER_COLLECTION)
        if name is None:
            cause = f"There are {len(names)} collections"
            raise BadInput(cause, remedy=f"Name one: {there}.")
        meant = known_as(name, names)
        if meant is None:
            cause = f"There is no collection '{name[:80]}'"
            remedy = f"{did_you_mean(name, names)} There are: {there}.".lstrip()
            raise CollectionMissing(cause, remedy=remedy, way=Way.OTHER_COLLECTION)
        return meant

    def engine(self, name: str | None) -> SearchEngine:
        """Return a collection as it is published now.

        Raises:
            BadInput: There are several, and none is named.
            CollectionError: There is none, or it cannot be used.
        """
        meant = self.named(name)
        with self._opening:
            held = self._open.get(meant)
            if held is None or read_manifest(self.library.folder(meant)) != held.manifest:
                held = SearchEngine.open(meant, self._settings, load=self._load)
                self._audits.pop(meant, None)
            self._open.pop(meant, None)
            self._open[meant] = held
            while len(self._open) > _HELD_OPEN:
                unused = next(iter(self._open))
                del self._open[unused]
                self._audits.pop(unused, None)
            return held

    def audit(self, engine: SearchEngine) -> Audit:
        """Return what can be found out about a collection; kept, as some of it takes long."""
        with self._opening:
            kept = self._audits.get(engine.name)
            if kept is None or kept.engine is not engine:
                self._audits[engine.name] = kept = Audit(engine)
            return kept

    def _load(self, model_id: str, settings: Settings) -> Embedder:
        with self._loading.setdefault(model_id, threading.Lock()):
            if model_id not in self._models:
                self._models[model_id] = load_embedder(model_id, settings)
            return self._models[model_id]

    def state_of(self, model_id: str) -> ModelState:
        """Return whether a model can be searched with at once."""
        if model_id in self._models:
            return ModelState.LOADED
        return ModelState.LOADING if model_id in self.loading() else ModelState.NOT_LOADED

    def loading(self) -> list[str]:
        """Return the models that are being loaded now."""
        return [model_id for model_id, lock in [*self._loading.items()] if lock.locked()]

    def content_of(self, file: str) -> bytes:
        """Return the bytes of a picture file that lies in the folder of a collection.

        An agent must not become a reader of other files: links are followed before it is asked
        where the file lies, and of all others nothing is told, not even whether they are there.

        Raises:
            PictureRefused: It lies elsewhere, or cannot be read.
        """
        try:
            path = Path(file).resolve()
            is_inside = any(path.is_relative_to(root) for root in self._roots())
        except (OSError, ValueError, RuntimeError):  # no name for a file, or links in a circle
            is_inside = False
        if not is_inside:
            cause = "The file lies in no folder of a collection, so it is not opened"
            remedy = "Take the picture_id of a picture of a collection."
            raise PictureRefused(cause, place=file[:200], remedy=remedy)
        return read_content(path)

    def _roots(self) -> Iterator[Path]:
        names = set(self.names())
        for name, root in self.library.roots():
            if name in names:
                yield from (folder.resolve() for folder in folders_of(root).values())
