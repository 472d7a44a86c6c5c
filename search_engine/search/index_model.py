"""The model of an index: trusted, loaded when it is first needed, and the one it was made with."""

from __future__ import annotations

import threading

from search_engine.embedding import Embedder, EmbedderLoader, require_trusted
from search_engine.errors import ModelMismatch, Way
from search_engine.records import ModelCard
from search_engine.settings import Settings


class IndexModel:
    """Loads the model of one collection, once for all threads."""

    def __init__(
        self, collection: str, card: ModelCard, settings: Settings, load: EmbedderLoader
    ) -> None:
        self._collection = collection
        self._card = card
        self._settings = settings
        self._load = load
        self._embedder: Embedder | None = None
        self._loading = threading.Lock()

    def if_loaded(self) -> Embedder | None:
        """Return the model if somebody loaded it already."""
        return self._embedder

    def embedder(self) -> Embedder:
        """Return the model, loaded now if it was not before.

        Raises:
            ModelNotConfirmed: Nobody chose it on this machine.
            ModelUnavailable: It cannot be loaded.
            ModelMismatch: What is loaded under its name is another model now.
        """
        with self._loading:
            if self._embedder is None:
                self._embedder = self._loaded()
            return self._embedder

    def _loaded(self) -> Embedder:
        require_trusted(self._card.model_id, self._settings)
        embedder = self._load(self._card.model_id, self._settings)
        if embedder.card.fingerprint != self._card.fingerprint:
            name, model_id = self._collection, self._card.model_id
            cause = f"The model '{model_id}' is not the one the index was made with"
            remedy = f"Update '{name}', which embeds it again with the model as it is."
            raise ModelMismatch(cause, remedy=remedy, way=Way.UPDATE, about=name)
        return embedder
