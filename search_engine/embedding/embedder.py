"""What an embedder promises, and the one for CLIP models of sentence-transformers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
from PIL import Image

from search_engine.capacity import usable_cores
from search_engine.embedding.fast.precision import (
    PictureModel,
    PrecisionChoice,
    built,
    choose,
    quickest,
    remember,
    remembered,
)
from search_engine.embedding.fast.vision import clip_of
from search_engine.embedding.inputs import BATCH_SIZE, encoded_pictures, encoded_texts, plain_text
from search_engine.embedding.patch_vectors import patch_vectors_of
from search_engine.embedding.preprocessing import PictureSteps
from search_engine.embedding.rows import unit_rows
from search_engine.errors import BadVectors
from search_engine.records import ModelCard, Vectors
from search_engine.records.model_inputs import ModelInput, Pixels

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Picture: TypeAlias = "Image.Image | Pixels"
"""An RGB picture of any size, or what `Embedder.looks_at` leaves of one."""
PictureEmbedding: TypeAlias = Callable[[Sequence[Picture]], Vectors]
"""Embeds RGB pictures to shape (n, dimension); rows of NaN mark those that failed."""

PART_SIZE = 8
"""Pictures that a thread takes at once: 128 a second on two cores, with 32 it were 117."""
_CARD_PART = 256


@dataclass(frozen=True, slots=True)
class Lanes:
    """How pictures are embedded in several threads at once."""

    embed: PictureEmbedding
    count: int
    """Threads, each busy with its own pictures."""
    part_size: int
    """Pictures that one takes at once."""


class Embedder(Protocol):
    """Turns pictures and words into unit vectors of one space."""

    card: ModelCard
    logit_scale: float | None
    """What the model multiplies cosines with before a softmax over texts; None if it has none."""

    def prepare(self, image: Image.Image) -> Image.Image:
        """Reduce an RGB picture to what the model looks at; done twice, it changes nothing more.

        Embedding does it where it has not been done. Safe from any thread.
        """

    @property
    def looks_at(self) -> ModelInput | None:
        """What `prepare` keeps of a picture; None where only the model's own code knows.

        Then the whole picture is taken to be seen.
        """

    def tune(self, images: Sequence[Picture]) -> Vectors:
        """Find the fastest way that agrees with full precision on these pictures, and take it.

        Give their vectors in full precision. The card's notes say what was taken.
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
        self.logit_scale = _logit_scale(pictures)
        self.pictures = pictures
        """The model for pictures, as it was loaded."""
        self._words = words
        self._memory = memory
        self.steps = PictureSteps.of(pictures)
        """What is done to a picture before; None where only the model's own processor knows."""
        self.choice: PrecisionChoice | None = None
        """What `tune` measured; None where it knew already."""
        self._fast: PictureModel | None = None
        self._for_variants = threading.Lock()
        self._variants: PictureModel | None = None

    def prepare(self, image: Image.Image) -> Image.Image:
        """Reduce an RGB picture to what the model looks at; done twice, it changes nothing more."""
        return self.steps.prepare(image) if self.steps else image

    @property
    def looks_at(self) -> ModelInput | None:
        """What `prepare` keeps of a picture, if known."""
        return self.steps

    def tune(self, images: Sequence[Picture]) -> Vectors:
        """Find the fastest way that agrees with full precision on these pictures, and take it.

        What was found on this machine for this model before is taken again unmeasured.
        """
        clip = clip_of(self.pictures)
        if clip is None or self.steps is None:
            return self.embed_pictures(images)
        device = str(self.pictures.device)
        known = remembered(self._memory, self.card.fingerprint, device)
        if known:
            self._take(built(clip, self.steps, known.precision), str(known))
            return self.embed_pictures(images)
        prepared = self._prepared(images)
        choice = self.choice = choose(clip, self.steps, prepared, self.embed_plainly, device)
        if choice.measured:
            remember(self._memory, self.card.fingerprint, device, choice.measured)
            model = built(clip, self.steps, choice.measured.precision)
            self._take(model, str(choice.measured))
        return choice.vectors

    def _prepared(self, images: Sequence[Picture]) -> list[Picture]:
        return [one if isinstance(one, np.ndarray) else self.prepare(one) for one in images]

    def _take(self, model: PictureModel | None, notes: str) -> None:
        if model:
            self._fast = model
            self.card = replace(self.card, notes=notes)

    def embed_pictures(self, images: Sequence[Picture]) -> Vectors:
        """Embed RGB pictures to shape (n, dimension); rows of NaN mark those that failed."""
        prepared = self._prepared(images)
        if self._fast is None or not prepared:
            return self.embed_plainly(prepared)
        return _by_parts(self._fast, prepared)

    def embed_variants(self, images: Sequence[Image.Image]) -> Vectors:
        """Embed as `embed_pictures`, as fast as it is done here for a large build."""
        prepared = [self.prepare(image) for image in images]
        with self._for_variants:
            if self._variants is None:
                self._variants = self._fast or self._quickest(prepared)
        return _by_parts(self._variants, prepared)

    def _quickest(self, prepared: list[Image.Image]) -> PictureModel:
        clip = clip_of(self.pictures)
        if clip is None or self.steps is None:
            return self.embed_plainly
        known = remembered(self._memory, self.card.fingerprint, str(self.pictures.device))
        return quickest(clip, self.steps, known, prepared, self.embed_plainly)

    def patch_vectors(self, images: Sequence[Image.Image]) -> Vectors | None:
        """Embed the patches of RGB pictures, shape (n, rows, columns, dimension), if it can."""
        clip = clip_of(self.pictures)
        if clip is None or self.steps is None:
            return None
        return patch_vectors_of(clip, self.steps, [self.prepare(image) for image in images])

    @contextmanager
    def side_by_side(self) -> Iterator[Lanes]:
        """Return what embeds pictures in several threads at once, each busy with its own.

        On the CPU each takes one core for itself, so none waits for another in the middle of a
        layer: 128 pictures a second, all the time, where two threads for one batch gave 81 to 128.
        """
        import torch

        if self.pictures.device.type != "cpu":
            yield Lanes(_in_turn(self.embed_pictures), 2, _CARD_PART)
            return
        together = torch.get_num_threads()

        def alone(images: Sequence[Picture]) -> Vectors:
            torch.set_num_threads(1)  # of this thread; of those that come after it, too
            return self.embed_pictures(images)

        try:
            yield Lanes(alone, usable_cores(), PART_SIZE)
        finally:
            torch.set_num_threads(together)

    def embed_plainly(self, images: Sequence[Picture]) -> Vectors:
        """Embed as the model was loaded, in full precision, by its own image processor."""
        if not images:
            return np.empty((0, self.card.dimension), dtype=np.float32)
        plain = [Image.fromarray(one) if isinstance(one, np.ndarray) else one for one in images]
        return unit_rows(encoded_pictures(self.pictures, plain))

    def embed_words(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to shape (n, dimension).

        Raises:
            BadVectors: The model gave NaN, infinite or zero vectors.
        """
        if not texts:
            return np.empty((0, self.card.dimension), dtype=np.float32)
        vectors = unit_rows(encoded_texts(self._words, texts))
        if not np.isfinite(vectors).all():
            cause = "The model gave a vector that cannot be compared"
            remedy = "Its weights may be damaged: delete them from the model cache and try again."
            raise BadVectors(cause, place=self.card.model_id, remedy=remedy)
        return vectors

    def words_over_limit(self, text: str) -> bool:
        """Return whether the model reads only the beginning of a text."""
        tokenizer, limit = self._words.tokenizer, self._words.max_seq_length
        plain = plain_text(self._words, text)
        tokens = tokenizer(plain, truncation=False, verbose=False)["input_ids"]
        return limit is not None and len(tokens) > limit


def _in_turn(embed: PictureEmbedding) -> PictureEmbedding:
    """Let one thread at a time use the graphics card."""
    lock = threading.Lock()

    def one_at_a_time(images: Sequence[Picture]) -> Vectors:
        with lock:
            return embed(images)

    return one_at_a_time


def _by_parts(model: PictureModel, prepared: Sequence[Picture]) -> Vectors:
    parts = range(0, len(prepared), BATCH_SIZE)
    return unit_rows(np.concatenate([model(prepared[p : p + BATCH_SIZE]) for p in parts]))


def _logit_scale(model: SentenceTransformer) -> float | None:
    """Read the learned temperature, which CLIP keeps as the logarithm of its inverse."""
    found = (p for name, p in model.named_parameters() if name.endswith("logit_scale"))
    parameter = next(found, None)
    return None if parameter is None else float(parameter.detach().exp())
