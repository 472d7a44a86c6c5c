"""What an embedder promises, and the one for CLIP models of sentence-transformers."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from PIL import Image

from search_engine.embedding.fast.choosing import (
    PrecisionChoice,
    built,
    can_compare,
    choose,
    pays_to_take,
    probe_size,
    quickest,
)
from search_engine.embedding.fast.noted import remember, remembered
from search_engine.embedding.fast.portions import Portions
from search_engine.embedding.fast.precision import Measured, PictureModel
from search_engine.embedding.fast.vision import clip_of
from search_engine.embedding.inputs import (
    BATCH_SIZE,
    encoded_pictures,
    encoded_texts,
    longest_text,
    plain_text,
)
from search_engine.embedding.lanes import Lanes, Picture, a_core_each, in_turn, leaving_cores
from search_engine.embedding.patch_vectors import patch_vectors_of
from search_engine.embedding.preprocessing import PictureSteps
from search_engine.embedding.rows import unit_rows
from search_engine.errors import BadVectors
from search_engine.records import ModelCard, Vectors
from search_engine.records.model_inputs import ModelInput

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_CARD_LANES = 2
"""One has its pictures copied while those of the other are computed."""
_CARD_PART = 256
"""Pictures that a card is handed at once where nothing was measured."""


class Embedder(Protocol):
    """Turns pictures and words into unit vectors of one space."""

    card: ModelCard
    logit_scale: float | None
    """What the model multiplies cosines with, its temperature's inverse; None if it has none."""
    logit_bias: float | None
    """What a model like SigLIP adds to that for the logit of one picture and one text.

    Its probability of the two belonging together is then sigmoid(scale · cosine + bias), whatever
    other texts there are. None for a model like CLIP, which has a softmax over texts instead.
    """

    def prepare(self, image: Image.Image) -> Image.Image:
        """Reduce an RGB picture to what the model looks at; done twice, it changes nothing more.

        Embedding does it where it has not been done. Safe from any thread.
        """

    @property
    def looks_at(self) -> ModelInput | None:
        """What `prepare` keeps of a picture; None where only the model's own code knows.

        Then the whole picture is taken to be seen.
        """

    def get_ready(self, pictures: int) -> int:
        """Take what is known to be fastest here, if that pays for a build of so many pictures.

        Returns:
            How many of the pictures to give to `tune` before the others, so that it finds the
            fastest way; 0 if there is nothing to find, or too few pictures to pay for it.
        """

    def tune(self, images: Sequence[Picture]) -> Vectors:
        """Find the fastest way that agrees with full precision on these pictures, and take it.

        Give their vectors in full precision. The card's notes say what was taken. To be called
        after `get_ready` and before `side_by_side`, whose lanes are those of what was taken.
        """

    def embed_pictures(self, images: Sequence[Picture]) -> Vectors:
        """Embed RGB pictures to shape (n, dimension); rows of NaN mark those that failed."""

    def side_by_side(self) -> AbstractContextManager[Lanes]:
        """Return what embeds pictures in several threads at once, each busy with its own."""

    def embed_variants(self, images: Sequence[Image.Image]) -> Vectors:
        """Embed as `embed_pictures`, as fast as it is done here for a large build.

        For many variants of one picture, which are compared with one another only.
        """

    def patch_vectors(self, images: Sequence[Image.Image]) -> Vectors | None:
        """Embed the patches of RGB pictures, shape (n, rows, columns, dimension), if it can.

        What a patch shows, in the space of pictures and words; None from a model whose inside is
        not known.
        """

    def embed_words(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to shape (n, dimension).

        Raises:
            BadVectors: The model gave NaN, infinite or zero vectors.
        """

    def words_over_limit(self, text: str) -> bool:
        """Return whether the model reads only the beginning of a text."""


class ClipEmbedder:
    """Embeds with a CLIP model of sentence-transformers.

    Pictures go through the model as it was loaded until `tune` has found something faster.
    """

    def __init__(
        self,
        card: ModelCard,
        pictures: SentenceTransformer,
        words: SentenceTransformer,
        memory: Path | None = None,
    ) -> None:
        self.card = card
        inverse, self.logit_bias = (
            _learned(pictures, "logit_scale"),
            _learned(pictures, "logit_bias"),
        )
        self.logit_scale = None if inverse is None else math.exp(inverse)
        self.pictures = pictures
        """The model for pictures, as it was loaded."""
        self.words = words
        """The model for words, which may be the same."""
        self._memory = memory
        self.steps = PictureSteps.of(pictures)
        """What is done to a picture before; None where only the model's own processor knows."""
        self.choice: PrecisionChoice | None = None
        """What `tune` measured; None where it knew already."""
        self._taken: Measured | None = None
        self._fast: PictureModel | None = None
        self._portions = Portions(BATCH_SIZE)
        self._plain_portions = Portions(BATCH_SIZE)
        self._for_variants = threading.Lock()
        self._variants: PictureModel | None = None

    def prepare(self, image: Image.Image) -> Image.Image:
        """Reduce an RGB picture to what the model looks at; done twice, it changes nothing more."""
        return self.steps.prepare(image) if self.steps else image

    @property
    def looks_at(self) -> ModelInput | None:
        """What `prepare` keeps of a picture, if known."""
        return self.steps

    def get_ready(self, pictures: int) -> int:
        """Take what is known to be fastest here, and return how many pictures `tune` needs."""
        clip, steps = clip_of(self.pictures), self.steps
        if clip is None or steps is None or not pays_to_take(pictures):
            return 0
        wanted = probe_size(pictures)
        return 0 if self._take_known(clip, steps, wanted) else wanted

    def tune(self, images: Sequence[Picture]) -> Vectors:
        """Find the fastest way that agrees with full precision on these pictures, and take it.

        What was found on this machine for this model before, on half as many pictures or more, is
        taken again unmeasured. Of too few pictures nothing is concluded.
        """
        clip, steps = clip_of(self.pictures), self.steps
        if clip is None or steps is None or not can_compare(len(images)):
            return self.embed_pictures(images)
        if self._take_known(clip, steps, len(images)):
            return self.embed_pictures(images)
        device = str(self.pictures.device)
        choice = choose(clip, steps, self._prepared(images), self.embed_plainly, device)
        self.choice = choice
        if choice.measured and choice.model:
            remember(self._memory, self.card.fingerprint, device, choice.measured)
            self._take(choice.model, choice.measured)
        return choice.vectors

    def _known(self) -> Measured | None:
        device = str(self.pictures.device)
        return self._taken or remembered(self._memory, self.card.fingerprint, device)

    def _take_known(self, clip: Any, steps: PictureSteps, pictures: int) -> bool:  # noqa: ANN401 - not typed
        """Take what was found before, unless it was on less than half as many pictures."""
        known = self._known()
        if known is None or 2 * known.pictures < pictures:
            return False
        if self._fast is None:
            model = built(clip, steps, known.precision)
            if model is None:
                return False
            self._take(model, known)
        return True

    def _take(self, model: PictureModel, found: Measured) -> None:
        self._fast, self._taken = model, found
        self._portions = Portions(found.at_once or BATCH_SIZE)
        self.card = replace(self.card, notes=str(found))

    def _prepared(self, images: Sequence[Picture]) -> list[Picture]:
        return [one if isinstance(one, np.ndarray) else self.prepare(one) for one in images]

    def embed_pictures(self, images: Sequence[Picture]) -> Vectors:
        """Embed RGB pictures to shape (n, dimension); rows of NaN mark those that failed."""
        prepared = self._prepared(images)
        if self._fast is None or not prepared:
            return self.embed_plainly(prepared)
        return unit_rows(self._portions(self._fast, prepared))

    def embed_variants(self, images: Sequence[Image.Image]) -> Vectors:
        """Embed as `embed_pictures`, as fast as it is done here for a large build."""
        prepared = [self.prepare(image) for image in images]
        with self._for_variants:
            if self._variants is None:
                self._variants = self._fast or self._quickest(prepared)
        return unit_rows(self._portions(self._variants, prepared))

    def _quickest(self, prepared: list[Image.Image]) -> PictureModel:
        clip = clip_of(self.pictures)
        if clip is None or self.steps is None:
            return self.embed_plainly
        return quickest(clip, self.steps, self._known(), prepared, self.embed_plainly)

    def patch_vectors(self, images: Sequence[Image.Image]) -> Vectors | None:
        """Embed the patches of RGB pictures, shape (n, rows, columns, dimension), if it can."""
        clip = clip_of(self.pictures)
        if clip is None or self.steps is None:
            return None
        return patch_vectors_of(clip, self.steps, [self.prepare(image) for image in images])

    def side_by_side(self) -> AbstractContextManager[Lanes]:
        """Return what embeds pictures in several threads at once, each busy with its own."""
        if self.pictures.device.type == "cpu":
            return a_core_each(self.embed_pictures)
        if self._fast:  # which computes for one thread at a time, and copies for the others
            return nullcontext(Lanes(self.embed_pictures, _CARD_LANES, self._portions.size))
        return nullcontext(Lanes(in_turn(self.embed_pictures), _CARD_LANES, _CARD_PART))

    def embed_plainly(self, images: Sequence[Picture]) -> Vectors:
        """Embed as the model was loaded, in full precision, by its own image processor."""
        if not images:
            return np.empty((0, self.card.dimension), dtype=np.float32)
        plain = [Image.fromarray(one) if isinstance(one, np.ndarray) else one for one in images]
        return unit_rows(self._plain_portions(partial(encoded_pictures, self.pictures), plain))

    def embed_words(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to shape (n, dimension).

        Raises:
            BadVectors: The model gave NaN, infinite or zero vectors.
        """
        if not texts:
            return np.empty((0, self.card.dimension), dtype=np.float32)
        with leaving_cores(len(texts)):
            encoded = self._plain_portions(partial(encoded_texts, self.words), texts)
        vectors = unit_rows(encoded)
        if not np.isfinite(vectors).all():
            cause = "The model gave a vector that cannot be compared"
            remedy = "Its weights may be damaged: delete them from the model cache and try again."
            raise BadVectors(cause, place=self.card.model_id, remedy=remedy)
        return vectors

    def words_over_limit(self, text: str) -> bool:
        """Return whether the model reads only the beginning of a text."""
        tokenizer, limit = self.words.tokenizer, longest_text(self.words)
        plain = plain_text(self.words, text)
        tokens = tokenizer(plain, truncation=False, verbose=False)["input_ids"]
        return limit is not None and len(tokens) > limit


def _learned(model: SentenceTransformer, name: str) -> float | None:
    """Read a number that was learned; the scale is kept as its logarithm."""
    found = (values for full, values in model.named_parameters() if full.endswith(name))
    parameter = next(found, None)
    return None if parameter is None else parameter.detach().item()
