"""The formats in which vectors travel, and what reads and writes each."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from search_engine.exchange import (
    clip_retrieval,
    coco_file,
    demo_pair,
    image_tree,
    numpy_pair,
    parquet_table,
)
from search_engine.exchange.vector_set import VectorSet


class VectorFormat(StrEnum):
    """How vectors and pictures lie in a folder."""

    DEMO = "demo"
    """``index.faiss`` and ``image_paths.json``."""
    CLIP_RETRIEVAL = "clip-retrieval"
    """``img_emb/`` and ``metadata/``."""
    NUMPY = "numpy"
    """``vectors.npy`` and ``pictures.csv``."""
    PARQUET = "parquet"
    """``pictures.parquet``."""
    FIFTYONE = "fiftyone"
    """A folder for each class, and ``embeddings.npy``; the pictures are in it."""
    COCO = "coco"
    """``labels.json`` and ``embeddings.npy``."""

    @property
    def keeps_all(self) -> bool:
        """Whether it has a place for all that is known of a picture, and for its model."""
        return self in {VectorFormat.PARQUET, VectorFormat.NUMPY}


_READ = {
    VectorFormat.DEMO: demo_pair.read,
    VectorFormat.CLIP_RETRIEVAL: clip_retrieval.read,
    VectorFormat.NUMPY: numpy_pair.read,
    VectorFormat.PARQUET: parquet_table.read,
    VectorFormat.FIFTYONE: image_tree.read,
    VectorFormat.COCO: coco_file.read,
}
_WRITE = {
    VectorFormat.DEMO: demo_pair.write,
    VectorFormat.CLIP_RETRIEVAL: clip_retrieval.write,
    VectorFormat.NUMPY: numpy_pair.write,
    VectorFormat.PARQUET: parquet_table.write,
    VectorFormat.COCO: coco_file.write,
}


def read_vectors(folder: Path, form: VectorFormat) -> VectorSet:
    """Read pictures and vectors; every vector becomes of length one.

    Raises:
        BadInput: A file is missing, or is not what it has to be; the error names it.
    """
    return _READ[form](folder)


def write_vectors(
    carried: VectorSet, folder: Path, form: VectorFormat, root: Path
) -> tuple[str, ...]:
    """Write pictures and vectors into an empty folder; return the paths that are left out.

    Args:
        carried: What is written.
        folder: Where to.
        form: How.
        root: Where the pictures lie.

    Raises:
        BadInput: The format cannot hold it.
        OSError: Something cannot be written.
    """
    if form is VectorFormat.FIFTYONE:
        return image_tree.write(carried, folder, root)
    _WRITE[form](carried, folder, root)
    return ()
