"""What is asked of an import of vectors, and what it tells."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from search_engine.exchange.vector_formats import VectorFormat
from search_engine.records import IndexKind, IndexManifest


@dataclass(frozen=True, slots=True)
class VectorImport:
    """Which vectors become which collection."""

    folder: Path
    """Where they lie."""
    form: VectorFormat
    name: str
    """Of the collection, which is not there yet."""
    model_id: str
    """The model that made them, as whoever has them says."""
    root: Path | None = None
    """Where the pictures are; None for the folder itself."""
    kind: IndexKind = IndexKind.AUTO


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did."""

    collection: str
    root: Path
    """Where pictures were looked for."""
    pictures: int
    with_file: int
    """Pictures whose file is there and can be read."""
    missing: int
    """Pictures whose file is not there."""
    unreadable: int
    """Pictures whose file is there and cannot be read."""
    scaled: int
    """Vectors that had another length than one."""
    compared: int
    """Pictures that were embedded again to see whether the vectors are of the model."""
    cosine: float | None
    """The median cosine of these with the vectors that came; None where none was there."""
    seconds: float
    manifest: IndexManifest
