"""The models, each loaded once for all tabs."""

from __future__ import annotations

import gc

from pages.ui.frame.model_warming import ModelWarming
from pages.ui.frame.resources.cache import cached, cached_once
from pages.ui.frame.resources.places import settings
from search_engine import Settings
from search_engine.embedding import Embedder, load_embedder, quick_signature

_MODELS = 2


@cached_once
def _warming() -> ModelWarming:
    return ModelWarming()


def load(model_id: str, where: Settings) -> Embedder:
    """Return a model, loaded once for all tabs."""
    return _embedder(model_id, quick_signature(model_id, where), where)


@cached(entries=_MODELS, spinner="Loading the model…")
def _embedder(model_id: str, signature: str, where: Settings) -> Embedder:
    embedder = _warming().take((model_id, signature), lambda: load_embedder(model_id, where))
    # What was just loaded stays; without this every collection of garbage would walk through it.
    gc.collect()
    gc.freeze()
    return embedder


def warm(model_id: str, *, now: bool = False) -> bool:
    """Load a model in the background, if it is here and may be loaded; True while that goes on.

    ``now`` where somebody waits for it.
    """
    where = settings()
    key = (model_id, quick_signature(model_id, where))
    _warming().begin(key, lambda: load_embedder(model_id, where), where, now=now)
    return _warming().is_under_way(key)


def seconds_loading(model_id: str) -> float:
    """Return for how long a model has been loaded in the background."""
    return _warming().seconds((model_id, quick_signature(model_id, settings())))


def is_loaded(model_id: str) -> bool:
    """Return whether a model was loaded before."""
    return _warming().is_taken((model_id, quick_signature(model_id, settings())))
