"""The background texts as a model embeds them: found in one order by all that needs them.

Embedding them takes 4 s with ViT-B/32, as long as 400 pictures, so what a model made of them is
kept twice. The catalog holds it beside the vectors of its pictures: it goes where the collection
goes, and an index is measured by it without the model. The data folder holds it for the next
collection of the same model. Both are under the fingerprint of the model, because models of one
dimension cannot be told apart by their vectors, and under the digest of the texts.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from typing import TypeAlias

from search_engine import files
from search_engine.calibration.background_texts import BackgroundTexts
from search_engine.collection.catalog import Catalog
from search_engine.embedding import Embedder
from search_engine.embedding.trust import is_trusted
from search_engine.errors import passing_over
from search_engine.files.arrays import ArrayCache, real
from search_engine.records import ModelCard
from search_engine.records.background import BackgroundVectors
from search_engine.settings import Settings

_LOG = logging.getLogger(__name__)

SHARED_FOLDER = ".background"
"""Of the folder of collections."""
_MOST_SCALE = 1e6

FindBackground: TypeAlias = Callable[[], BackgroundVectors | None]
"""Finds the vectors of the background texts under one model; None where nothing can embed them."""


def no_model() -> None:
    """Stand for a model that is not to be loaded."""


def no_background() -> BackgroundVectors | None:
    """Stand for background texts that are not to be looked for."""
    return None


def find_background(
    catalog: Catalog,
    model: ModelCard,
    texts: BackgroundTexts,
    settings: Settings,
    embedder: Callable[[], Embedder | None] = no_model,
) -> BackgroundVectors | None:
    """Return what a model makes of background texts, from the first that knows, and remember it.

    Args:
        catalog: Of the collection, asked first.
        model: Whose vectors; those of another one are never taken.
        texts: Which texts; vectors of others are never taken.
        settings: Where the data folder lies, which is asked next.
        embedder: Gives the model, asked last; None where it is not to be had.
    """
    known = catalog.vectors.background(model)
    # What texts a model brings whose folder nobody chose here is not known; words it cannot be
    # asked either.
    if known and (_is_of(known, texts) or not is_trusted(model.model_id, settings)):
        return known
    found = shared_background(model, texts, settings)
    if found is None:
        found = _embedded(embedder(), model, texts)
        if found is None:
            return None
        share_background(model, found, settings)
    catalog.vectors.keep_background(model, found)
    return found


def _is_of(known: BackgroundVectors, texts: BackgroundTexts) -> bool:
    return known.digest == texts.digest and len(known.vectors) == len(texts.texts)


def _embedded(
    embedder: Embedder | None, model: ModelCard, texts: BackgroundTexts
) -> BackgroundVectors | None:
    if embedder is None:
        return None
    if embedder.card.fingerprint != model.fingerprint:
        _LOG.info("background texts are not embedded: '%s' is another model now", model.model_id)
        return None
    vectors = embedder.embed_words(texts.plain)
    return BackgroundVectors(texts.digest, vectors, embedder.logit_scale, embedder.logit_bias)


def shared_background(
    model: ModelCard, texts: BackgroundTexts, settings: Settings
) -> BackgroundVectors | None:
    """Return what the data folder holds for a model and these texts, if anything."""
    saved = _shared(model, texts.digest, len(texts.texts), settings).read(None)
    if saved is None:
        return None
    scale, has_bias, bias = (float(value) for value in saved["numbers"])
    if scale < 0 or has_bias not in (0, 1):
        return None
    vectors = saved["vectors"].astype("float32")
    return BackgroundVectors(texts.digest, vectors, scale or None, bias if has_bias else None)


def share_background(model: ModelCard, found: BackgroundVectors, settings: Settings) -> None:
    """Keep it for other collections; a file that cannot be written only costs time."""
    with passing_over(_LOG, "there is no folder for vectors of background texts", OSError):
        files.make_folder(settings.collections_folder / SHARED_FOLDER)
        numbers = [found.scale or 0.0, float(found.bias is not None), found.bias or 0.0]
        cache = _shared(model, found.digest, len(found.vectors), settings)
        cache.write(None, vectors=found.vectors, numbers=numbers)


def _shared(model: ModelCard, digest: str, count: int, settings: Settings) -> ArrayCache:
    """Return where it lies; a fingerprint that came with a collection may be any text."""
    name = hashlib.sha256(model.fingerprint.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    file = settings.collections_folder / SHARED_FOLDER / f"{name}-{digest}.npz"
    forms = {
        "vectors": real(count, model.dimension),
        "numbers": real(3, low=-_MOST_SCALE, high=_MOST_SCALE),
    }
    return ArrayCache(file, "the file of vectors of background texts", forms)
