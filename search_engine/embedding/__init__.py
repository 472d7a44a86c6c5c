"""Pictures and words to unit vectors: the CLIP models of sentence-transformers.

=============  =====================================================================================
module         owns
=============  =====================================================================================
embedder       what an embedder promises, and the one for CLIP models
lanes          pictures through a model in several threads at once
inputs         pictures and words, each handed to a model as what it is
trust          which models somebody chose on this machine
model_files    what a model's files may say; all else is refused
model_folders  folders with a model in them, and those that lie near
hub            models of the hub, in the download cache or fetched into it
loading        models from disk or hub
fingerprints   what tells one model from another
preprocessing  what a model's own image processor does to a picture
patch_vectors  what each patch of a picture shows, in the same space
rows           rows of length one, and their mean
fast           CLIP's picture half, computed faster in a precision that agrees
=============  =====================================================================================

torch, transformers and sentence-transformers are imported when a model is loaded, not before.
"""

from __future__ import annotations

from search_engine.embedding.embedder import ClipEmbedder, Embedder
from search_engine.embedding.hub import downloads_allowed
from search_engine.embedding.lanes import PART_SIZE, Lanes, Picture, PictureEmbedding
from search_engine.embedding.loading import (
    EmbedderLoader,
    canonical_model_id,
    is_on_this_machine,
    load_embedder,
    load_model_folder,
    quick_signature,
)
from search_engine.embedding.model_folders import holds_model, is_written_as_path, models_below
from search_engine.embedding.rows import mean_direction, unit_rows
from search_engine.embedding.trust import is_trusted, require_trusted, trust

__all__ = [
    "PART_SIZE",
    "ClipEmbedder",
    "Embedder",
    "EmbedderLoader",
    "Lanes",
    "Picture",
    "PictureEmbedding",
    "canonical_model_id",
    "downloads_allowed",
    "holds_model",
    "is_on_this_machine",
    "is_trusted",
    "is_written_as_path",
    "load_embedder",
    "load_model_folder",
    "mean_direction",
    "models_below",
    "quick_signature",
    "require_trusted",
    "trust",
    "unit_rows",
]
