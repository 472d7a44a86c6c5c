"""The model of a build: loaded only where there is work for it, and what is found out about it."""

from __future__ import annotations

import logging
from dataclasses import replace

from search_engine.collection.catalog import Catalog
from search_engine.embedding import Embedder, EmbedderLoader, quick_signature
from search_engine.errors import ModelError
from search_engine.records import ModelCard
from search_engine.settings import Settings

_LOG = logging.getLogger(__name__)


class BuildModel:
    """The model that the vectors of a build are of."""

    def __init__(
        self, model_id: str, settings: Settings, catalog: Catalog, load: EmbedderLoader
    ) -> None:
        self._model_id = model_id
        self._settings = settings
        self._vectors = catalog.vectors
        self._load = load
        self._signature = quick_signature(model_id, settings)
        self.known = self._vectors.remembered_model(model_id, self._signature)
        """What the catalog says of it; None where it was not loaded, or its files have changed."""
        self.embedder: Embedder | None = None

    def load(self) -> None:
        """Load it, and have the catalog remember what it is.

        Raises:
            ModelUnavailable: It cannot be loaded.
        """
        self.embedder = self._load(self._model_id, self._settings)
        self._remember(self._with_notes(self.embedder.card))

    @property
    def card(self) -> ModelCard:
        """Which model it is, and in which precision most of its vectors were computed."""
        assert self.known is not None  # noqa: S101 - tells the type checker that it was loaded
        return self.known

    def note_precision(self, found: ModelCard | None = None) -> None:
        """Have the catalog remember in which precision it computes, which is found out at work.

        By the model here, unless it is said what was found elsewhere.
        """
        found = found or (self.embedder.card if self.embedder else None)
        card = self._with_notes(found) if found else self.card
        if card != self.known:
            self._remember(card)

    def _with_notes(self, card: ModelCard) -> ModelCard:
        """Keep the notes on how most vectors were made when only a few are added."""
        known = self.known
        is_same = known is not None and known.fingerprint == card.fingerprint
        return replace(card, notes=known.notes) if known and is_same and not card.notes else card

    def _remember(self, card: ModelCard) -> None:
        self.known = card
        self._vectors.remember_model(card, self._signature)

    def for_background_texts(self) -> Embedder | None:
        """Return the model, to embed the background texts; None where it is not to be had."""
        try:
            return self.embedder or self._load(self._model_id, self._settings)
        except ModelError as error:
            _LOG.info("scores are measured without the model %s: %s", self._model_id, error.cause)
            return None
