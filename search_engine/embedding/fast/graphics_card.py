"""CLIP's picture half on a graphics card.

Pictures go to the card as the bytes that the decoders give, through memory that it can read by
itself, and are normalised there by the first weights: Pillow has no part in it. While one thread's
pictures are computed, those of another are copied.

``torch.compile`` is not used. It compiles for 20 to 60 s, for each size of a batch; a card that
embeds 28,000 pictures a second waits for decoders that give 2,000, so a build would end no sooner
by its speed, and later by its compiling.

JPEGs are not decoded on the card either. A decoder that needs no second torch is there
(nvidia-nvimgcodec with nvidia-nvjpeg), but it gives whole pictures, of which the thumbnail, the
checks and the reduction that agrees with Pillow's would have to be made on the card as well.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from itertools import cycle, islice
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from search_engine.embedding.fast.portions import let_go, ran_out_of_memory
from search_engine.embedding.fast.precision import MOST_AT_ONCE, PictureModel
from search_engine.embedding.fast.vision import (
    MIDDLE,
    Precision,
    Prepared,
    as_bytes,
    weights_for_bytes,
)
from search_engine.embedding.preprocessing import PictureSteps
from search_engine.records import Vectors

if TYPE_CHECKING:
    import torch

LEAST_AT_ONCE = 32
_WORTH_DOUBLING = 1.05
_LONG = 0.1  # seconds
_ROUNDS = 3
_UNIT = 64
"""Bytes around zero are divided by it, exactly in fp16 too; the weights stay near their size."""


class CardClip:
    """The picture half of a CLIP model on a graphics card, in half or full precision."""

    def __init__(self, clip: Any, steps: PictureSteps, precision: Precision) -> None:  # noqa: ANN401 - not typed
        import copy

        import torch

        self._dtype = torch.float16 if precision is Precision.FP16 else torch.float32
        self._device = clip.device
        vision = copy.deepcopy(clip.vision_model)
        of_patches = vision.embeddings.patch_embedding
        vision.embeddings.patch_embedding = _of_bytes(of_patches, steps)
        self._vision = vision.to(self._dtype)
        self._project = copy.deepcopy(clip.visual_projection).to(self._dtype)
        self._computing = threading.Lock()
        self._of_thread = threading.local()

    def __call__(self, images: Sequence[Prepared]) -> Vectors:
        """Return the vectors, of any length, of prepared pictures; safe from any thread.

        Raises:
            RuntimeError: The card has no memory left for so many, or fails.
        """
        import torch

        with torch.inference_mode():
            pixels = self._copied(images)
            with self._computing:  # the memory of one batch at a time
                if self._device.type == "cuda":
                    torch.cuda.current_stream(self._device).wait_stream(self._of_thread.stream)
                centred = (pixels.to(self._dtype) - MIDDLE) / _UNIT
                seen = self._vision(pixel_values=centred.permute(0, 3, 1, 2))
                vectors: Vectors = self._project(seen.pooler_output).float().cpu().numpy()
            return vectors

    def _copied(self, images: Sequence[Prepared]) -> torch.Tensor:
        """Have the card copy pictures to itself, while it may be computing others."""
        import torch

        if self._device.type != "cuda":
            return as_bytes(images).to(self._device)
        own = self._of_thread
        if not hasattr(own, "stream"):
            own.stream = torch.cuda.Stream(self._device)  # type: ignore[no-untyped-call]
            own.bytes = None
        if own.bytes is None or len(own.bytes) < len(images):
            own.bytes = None  # the smaller one need not be kept meanwhile
            shape = (len(images), *np.asarray(images[0]).shape)
            own.bytes = torch.empty(shape, dtype=torch.uint8, pin_memory=True)
        ready = as_bytes(images, own.bytes[: len(images)])
        with torch.cuda.stream(own.stream):
            return ready.to(self._device, non_blocking=True)


def best_at_once(
    model: PictureModel, images: Sequence[Prepared], least: int = LEAST_AT_ONCE
) -> tuple[int, float]:
    """Find how many pictures a card takes at once, and how many a second it embeds then.

    From ``least`` on doubled as long as that gains a twentieth or more and a batch takes less than
    a tenth of a second, up to what fits: beside that, starting one takes no time.
    """
    best, size = (least, 0.0), least
    while size <= MOST_AT_ONCE:
        some = list(islice(cycle(images), size))
        try:
            rate = size / median(_seconds(model, some))
        except RuntimeError as error:
            if not ran_out_of_memory(error):
                raise
            rate = 0.0
        if rate < best[1] * _WORTH_DOUBLING or not rate:
            break
        best = (size, rate)
        if size / rate > _LONG:
            break
        size *= 2
    let_go()
    return best


def _seconds(model: PictureModel, images: Sequence[Prepared]) -> list[float]:
    model(images)  # the first of a size sets things up
    found = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        model(images)
        found.append(time.perf_counter() - began)
    return found


def _of_bytes(convolution: Any, steps: PictureSteps) -> torch.nn.Conv2d:  # noqa: ANN401 - not typed
    """Make the first weights take bytes around zero, in units of `_UNIT`."""
    import torch

    weights, offset = weights_for_bytes(convolution.weight, steps)
    made = torch.nn.Conv2d(3, len(weights), weights.shape[1], weights.shape[1], device="meta")
    made.weight = torch.nn.Parameter(weights.permute(0, 3, 1, 2).contiguous() * _UNIT)
    made.bias = torch.nn.Parameter(offset)
    return made.requires_grad_(requires_grad=False)
