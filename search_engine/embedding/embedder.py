"""What an embedder promises, and the one for CLIP models of sentence-transformers."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_engine.embedding.precision import (
    Choice,
    PictureModel,
    built,
    choose,
    remember,
    remembered,
)
from search_engine.embedding.preprocessing import PictureSteps
from search_engine.embedding.rows import unit_rows
from search_engine.embedding.vision import clip_of
from search_engine.errors import BadVectors
from search_engine.records import ModelCard, Vectors

if TYPE_CHECKING:
    from PIL import Image
    from sentence_transformers import SentenceTransformer

BATCH_SIZE = 32

PictureEmbedding: TypeAlias = Callable[[Sequence["Image.Image"]], Vectors]
"""Embeds RGB pictures to shape (n, dimension); rows of NaN mark those that failed."""

_MARKERS = re.compile(r"<\|(?:start|end)oftext\|>")


class Embedder(Protocol):
    """Turns pictures and words into unit vectors of one space."""

    card: ModelCard
    logit_scale: float | None
    """What the model multiplies cosines with before a softmax over texts; None if it has none."""

    def prepare(self, image: Image.Image) -> Image.Image:
        """Reduce an RGB picture to what the model looks at; done twice, it changes nothing more.

        Embedding does it where it has not been done. Safe from any thread.
        """

    def tune(self, images: Sequence[Image.Image]) -> Vectors:
        """Find the fastest way that agrees with full precision on these pictures, and take it.

        Give their vectors in full precision. The card's notes say what was taken.
        """

    def embed_pictures(self, images: Sequence[Image.Image]) -> Vectors:
        """Embed RGB pictures to shape (n, dimension); rows of NaN mark those that failed."""

    def side_by_side(self) -> AbstractContextManager[PictureEmbedding]:
        """Give what embeds pictures in several threads at once, each busy with its own."""

    def embed_words(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to shape (n, dimension).

        Raises:
            BadVectors: The model gave NaN, infinite or zero vectors.
        """

    def words_over_limit(self, text: str) -> bool:
        """Tell whether the model reads only the beginning of a text."""


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
        self.choice: Choice | None = None
        """What `tune` measured; None where it knew already."""
        self._fast: PictureModel | None = None

    def prepare(self, image: Image.Image) -> Image.Image:
        """Reduce an RGB picture to what the model looks at; done twice, it changes nothing more."""
        return self.steps.prepare(image) if self.steps else image

    def tune(self, images: Sequence[Image.Image]) -> Vectors:
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
        prepared = [self.prepare(image) for image in images]
        choice = self.choice = choose(clip, self.steps, prepared, self.embed_plainly, device)
        if choice.measured:
            remember(self._memory, self.card.fingerprint, device, choice.measured)
            model = built(clip, self.steps, choice.measured.precision)
            self._take(model, str(choice.measured))
        return choice.vectors

    def _take(self, model: PictureModel | None, notes: str) -> None:
        if model:
            self._fast = model
            self.card = replace(self.card, notes=notes)

    def embed_pictures(self, images: Sequence[Image.Image]) -> Vectors:
        """Embed RGB pictures to shape (n, dimension); rows of NaN mark those that failed."""
        prepared = [self.prepare(image) for image in images]
        if self._fast is None or not prepared:
            return self.embed_plainly(prepared)
        parts = range(0, len(prepared), BATCH_SIZE)
        return unit_rows(np.concatenate([self._fast(prepared[p : p + BATCH_SIZE]) for p in parts]))

    @contextmanager
    def side_by_side(self) -> Iterator[PictureEmbedding]:
        """Give what embeds pictures in several threads at once, each busy with its own.

        On the CPU each takes one core for itself, so none waits for another in the middle of a
        layer: 128 pictures a second, all the time, where two threads for one batch gave 81 to 128.
        """
        import torch

        if self.pictures.device.type != "cpu":
            yield _in_turn(self.embed_pictures)
            return
        together = torch.get_num_threads()

        def alone(images: Sequence[Image.Image]) -> Vectors:
            torch.set_num_threads(1)  # of this thread; of those that come after it, too
            return self.embed_pictures(images)

        try:
            yield alone
        finally:
            torch.set_num_threads(together)

    def embed_plainly(self, images: Sequence[Image.Image]) -> Vectors:
        """Embed as the model was loaded, in full precision, by its own image processor."""
        return unit_rows(_encode(self.pictures, list(images), self.card.dimension))

    def embed_words(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to shape (n, dimension).

        Raises:
            BadVectors: The model gave NaN, infinite or zero vectors.
        """
        # The tokenizer takes its own end marker seriously, wherever it is typed.
        plain = [_MARKERS.sub(" ", text) for text in texts]
        vectors = unit_rows(_encode(self._words, plain, self.card.dimension))
        if not np.isfinite(vectors).all():
            cause = "The model gave a vector that cannot be compared"
            remedy = "Its weights may be damaged: delete them from the model cache and try again."
            raise BadVectors(cause, place=self.card.model_id, remedy=remedy)
        return vectors

    def words_over_limit(self, text: str) -> bool:
        """Tell whether the model reads only the beginning of a text."""
        tokenizer, limit = self._words.tokenizer, self._words.max_seq_length
        tokens = tokenizer(text, truncation=False, verbose=False)["input_ids"]
        return limit is not None and len(tokens) > limit


def _in_turn(embed: PictureEmbedding) -> PictureEmbedding:
    """Let one thread at a time use the graphics card."""
    lock = threading.Lock()

    def one_at_a_time(images: Sequence[Image.Image]) -> Vectors:
        with lock:
            return embed(images)

    return one_at_a_time


def _encode(
    model: SentenceTransformer, inputs: Sequence[object], dimension: int
) -> NDArray[np.float32]:
    if not inputs:
        return np.empty((0, dimension), dtype=np.float32)
    vectors = model.encode(
        inputs, batch_size=BATCH_SIZE, show_progress_bar=False, convert_to_numpy=True
    )
    return np.asarray(vectors, dtype=np.float32)


def _logit_scale(model: SentenceTransformer) -> float | None:
    """Read the learned temperature, which CLIP keeps as the logarithm of its inverse."""
    found = (p for name, p in model.named_parameters() if name.endswith("logit_scale"))
    parameter = next(found, None)
    return None if parameter is None else float(parameter.detach().exp())
