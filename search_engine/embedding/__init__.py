"""Pictures and words to unit vectors: the CLIP models of sentence-transformers.

=============  ====================================================================
module         owns
=============  ====================================================================
embedder       what an embedder promises, and the one for CLIP models
inputs         pictures and words, each handed to a model as what it is
loading        models from disk or hub, and what tells one from another
preprocessing  a picture as the model looks at it
vision         CLIP's picture half, computed faster in a chosen precision
patches        what each patch of a picture shows, in the same space
precision      the fastest precision that agrees with full precision
rows           rows of length one, and their mean
=============  ====================================================================

torch, transformers and sentence-transformers are imported when a model is loaded, not before.
"""

from __future__ import annotations

from search_engine.embedding.embedder import ClipEmbedder, Embedder, PictureEmbedding
from search_engine.embedding.loading import (
    EmbedderLoader,
    canonical_model_id,
    load_embedder,
    quick_signature,
)
from search_engine.embedding.precision import PROBE
from search_engine.embedding.preprocessing import Box
from search_engine.embedding.rows import mean_direction, unit_rows

__all__ = [
    "PROBE",
    "Box",
    "ClipEmbedder",
    "Embedder",
    "EmbedderLoader",
    "PictureEmbedding",
    "canonical_model_id",
    "load_embedder",
    "mean_direction",
    "quick_signature",
    "unit_rows",
]
