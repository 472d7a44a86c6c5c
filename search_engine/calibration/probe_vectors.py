"""The probe texts as a model embeds them: found in one order by all that measures with them.

Embedding them takes 2 s with ViT-B/32, as long as 200 pictures, so what a model made of them is
kept twice. The catalog holds it beside the vectors of its pictures: it goes where the collection
goes, and an index is measured by it without the model. The data folder holds it for the next
collection of the same model. Both are under the fingerprint of the model, because models of one
dimension cannot be told apart by their vectors.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeAlias

import numpy as np

from search_engine import files
from search_engine.calibration.probe_texts import CAPTIONS, PROBE_TEXTS
from search_engine.collection.catalog import Catalog
from search_engine.embedding import Embedder
from search_engine.errors import passing_over
from search_engine.files.arrays import ArrayCache, real
from search_engine.records import ModelCard, Vectors

_LOG = logging.getLogger(__name__)

SHARED_FOLDER = ".background"
"""Of the data folder; the name is that of earlier versions."""
_TEXTS = hashlib.sha256("\n".join(PROBE_TEXTS).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class ProbeVectors:
    """The probe texts as one model embeds them."""

    captions: Vectors
    nonsense: Vectors

    @classmethod
    def of(cls, vectors: Vectors | None) -> Self | None:
        """Take the vectors of `PROBE_TEXTS`; None for those of an older set of texts."""
        if vectors is None or len(vectors) != len(PROBE_TEXTS):
            return None
        return cls(vectors[: len(CAPTIONS)], vectors[len(CAPTIONS) :])

    @property
    def all(self) -> Vectors:
        """Those of `PROBE_TEXTS`, in their order."""
        return np.concatenate([self.captions, self.nonsense])


FindProbes: TypeAlias = Callable[[], ProbeVectors | None]
"""Finds the vectors of the probe texts under one model; None where nothing can embed them."""


def no_model() -> None:
    """Stand for a model that is not to be loaded."""


def no_probes() -> ProbeVectors | None:
    """Stand for probe texts that are not to be looked for."""
    return None


def find_probe_vectors(
    catalog: Catalog,
    model: ModelCard,
    collections_folder: Path,
    embedder: Callable[[], Embedder | None] = no_model,
) -> ProbeVectors | None:
    """Return what a model makes of the probe texts, from the first that knows, and remember it.

    Args:
        catalog: Of the collection, asked first.
        model: Whose vectors; those of another one are never taken.
        collections_folder: Of the data folder, asked next.
        embedder: Gives the model, asked last; None where it is not to be had.
    """
    known = ProbeVectors.of(catalog.vectors.probe_vectors(model))
    if known is not None:
        return known
    found = ProbeVectors.of(shared_vectors(collections_folder, model))
    if found is None:
        found = _embedded(embedder(), model)
        if found is None:
            return None
        share_vectors(collections_folder, model, found.all)
    catalog.vectors.keep_probe_vectors(model, found.all)
    return found


def _embedded(embedder: Embedder | None, model: ModelCard) -> ProbeVectors | None:
    if embedder is None:
        return None
    if embedder.card.fingerprint != model.fingerprint:
        _LOG.info("the probe texts are not embedded: '%s' is another model now", model.model_id)
        return None
    return ProbeVectors.of(embedder.embed_words(PROBE_TEXTS))


def shared_vectors(collections_folder: Path, model: ModelCard) -> Vectors | None:
    """Return what the data folder holds for a model, shape (n, dimension); None if nothing."""
    saved = _shared(collections_folder, model).read(None)
    return None if saved is None else saved["vectors"].astype(np.float32)


def share_vectors(collections_folder: Path, model: ModelCard, vectors: Vectors) -> None:
    """Keep them for other collections; a file that cannot be written only costs time."""
    with passing_over(_LOG, "there is no folder for vectors of the probe texts", OSError):
        files.make_folder(collections_folder / SHARED_FOLDER)
        _shared(collections_folder, model).write(None, vectors=vectors)


def _shared(collections_folder: Path, model: ModelCard) -> ArrayCache:
    """Return where they lie; a fingerprint that came with a collection may be any text."""
    name = hashlib.sha256(model.fingerprint.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    file = collections_folder / SHARED_FOLDER / f"{name}-{_TEXTS}.npz"
    forms = {"vectors": real(len(PROBE_TEXTS), model.dimension)}
    return ArrayCache(file, "the file of vectors of the probe texts", forms)
