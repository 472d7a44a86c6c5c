"""A model that costs nothing: what a build takes without one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from search_engine.embedding import PART_SIZE, Lanes, Picture, unit_rows
from search_engine.records import ModelCard, Vectors
from search_engine.records.model_inputs import ModelInput

if TYPE_CHECKING:
    from PIL import Image

LOOKS_AT = ModelInput(224, 3)
"""As CLIP ViT-B/32 does; the filter is bicubic."""
_DIMENSION = 512


class StandIn:
    """Gives each picture and each text a vector made up on the spot."""

    def __init__(self) -> None:
        self.card = ModelCard("stand-in", "stand-in", _DIMENSION)
        self.logit_scale: float | None = None
        self.logit_bias: float | None = None
        self.looks_at = LOOKS_AT

    def prepare(self, image: Image.Image) -> Image.Image:
        """Reduce an RGB picture as CLIP does."""
        return self.looks_at.prepare(image)

    def _made_up(self, inputs: Sequence[object]) -> Vectors:
        rng = np.random.default_rng(len(inputs))
        return unit_rows(rng.standard_normal((len(inputs), _DIMENSION), dtype=np.float32))

    def get_ready(self, _pictures: int) -> int:
        """Need none to be ready."""
        return 0

    def tune(self, images: Sequence[Picture]) -> Vectors:
        """Find nothing."""
        return self._made_up(images)

    def embed_pictures(self, images: Sequence[Picture]) -> Vectors:
        """Make up a vector for each picture."""
        return self._made_up(images)

    def embed_variants(self, images: Sequence[Image.Image]) -> Vectors:
        """Make up a vector for each picture."""
        return self._made_up(images)

    def patch_vectors(self, _images: Sequence[Image.Image]) -> Vectors | None:
        """Know no patches."""
        return None

    def embed_words(self, texts: Sequence[str]) -> Vectors:
        """Make up a vector for each text."""
        return self._made_up(texts)

    def words_over_limit(self, _text: str) -> bool:
        """Read all of every text."""
        return False

    @contextmanager
    def side_by_side(self) -> Iterator[Lanes]:
        """Let two threads make up vectors."""
        yield Lanes(self._made_up, 2, PART_SIZE)
