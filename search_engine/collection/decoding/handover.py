"""A file of a collection read the whole way: what is asked of a decoder, and what it hands over."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from search_engine.records import PictureFacts
from search_engine.records.model_inputs import ModelInput, Pixels


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A file to be read, decoded, and shrunk to what a model looks at."""

    file: Path
    collection: Path
    """The folder of the collection, where its thumbnail is written to."""
    looks_at: ModelInput | None
    """None hands over the picture as `decode` gives it."""


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """A picture as a model takes it; its thumbnail is written."""

    seen: Pixels | Image.Image
    facts: PictureFacts
