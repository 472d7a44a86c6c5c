"""Files of a collection read the whole way: what is asked of a decoder, and what it hands over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from search_engine.records import PictureFacts
from search_engine.records.model_inputs import ModelInput, Pixels


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """Files to be read, decoded, and shrunk to what a model looks at."""

    files: Sequence[Path]
    """Several at once, as asking for one alone costs as much."""
    collection: Path
    """The folder of the collection, where their thumbnails are written to."""
    looks_at: ModelInput | None
    """None hands over pictures as `decode` gives them."""


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """A picture as a model takes it; its thumbnail is written."""

    seen: Pixels | Image.Image
    facts: PictureFacts
