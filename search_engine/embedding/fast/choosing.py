"""The fastest way to embed pictures on this machine that agrees with full precision.

Which precision is fastest depends on the machine: bf16 is fast where the processor has it and slow
elsewhere. That is found by timing one product of the model's own size in each, which takes a tenth
of a second; only the one that promises most is made of the whole model and compared with full
precision on pictures, and the next one if it does not agree.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from search_engine.embedding.fast.graphics_card import LEAST_AT_ONCE, CardClip, best_at_once
from search_engine.embedding.fast.portions import Portions
from search_engine.embedding.fast.precision import SAME, Measured, PictureModel, measured, noted
from search_engine.embedding.fast.vision import PackedClip, PackedLinear, Precision, Prepared
from search_engine.embedding.lanes import on_each_core, over_cores
from search_engine.embedding.preprocessing import PictureSteps
from search_engine.embedding.rows import unit_rows
from search_engine.records import Vectors

if TYPE_CHECKING:
    import torch

_PAYS_FROM = 64
_FEWEST, _MOST = 16, 64
_OF_HOW_MANY = 16
_TAKEN_FROM = 16
_WORTH_IT = 1.03
"""A less precise way has to be this many times as fast."""
_TO_MAKE_SURE = 2
"""Pictures that full precision itself is checked on, against the model as it was loaded."""
_ROUNDS = 4
_ROWS = 128  # enough for all to be as fast, one to another, as with those of a part


@dataclass(frozen=True, slots=True)
class PrecisionChoice:
    """What was chosen on a probe; without ``measured``, the model stays as it was loaded."""

    vectors: Vectors
    """Of the probe, in full precision."""
    measured: Measured | None = None
    model: PictureModel | None = None
    """What computes so."""
    tried: tuple[Measured, ...] = ()


def probe_size(pictures: int) -> int:
    """Return on how many of a build's pictures to compare precisions; 0 where it does not pay.

    With ViT-B/32 on two cores, choosing takes 1.9 s with 16 pictures, which have their vectors
    then; plainly they take 0.8 s. int8 saves 35 to 43 of 50 ms for each of the others, so it is
    paid back by the 46th. Full precision takes three times as long as int8: one of 16 is compared
    in it, a seventh of the time of all. The lowest cosine of a model that int8 blurs shows on any
    pictures; how often the nearest change places is known the better the more there are, up to 64.
    """
    if pictures < _PAYS_FROM:
        return 0
    return min(max(pictures // _OF_HOW_MANY, _FEWEST), _MOST)


def pays_to_take(pictures: int) -> bool:
    """Return whether what is known to be fastest saves more than laying out its weights takes."""
    return pictures >= _TAKEN_FROM  # 0.4 s for int8, as long as embedding 8 pictures plainly


def can_compare(pictures: int) -> bool:
    """Return whether so many pictures say anything; many of a probe may have been unreadable."""
    return pictures >= _FEWEST // 2


def choose(
    clip: Any,  # noqa: ANN401 - not typed
    steps: PictureSteps,
    images: Sequence[Prepared],
    plainly: PictureModel,
    device: str,
) -> PrecisionChoice:
    """Find the fastest precision that agrees on prepared pictures.

    ``plainly`` gives unit vectors as the model was loaded, which is in full precision. One
    precision's weights are let go before those of the next are made, to save 0.4 GB.
    """
    if device != "cpu":
        return _on_card(clip, steps, images, plainly)
    best = _full(clip, steps, images, plainly)
    needed = best.measured.pictures_per_second * _WORTH_IT if best.measured else 0.0
    for precision in _worth_trying(clip, best):
        model = built(clip, steps, precision)
        found = model and measured(precision, over_cores(model), images, best.vectors)
        if found:
            best = replace(best, tried=(*best.tried, found))
            if found.agrees and found.pictures_per_second >= needed:
                return replace(best, measured=found, model=model)
        del model
    return replace(best, model=built(clip, steps, Precision.FP32)) if best.measured else best


def _full(
    clip: Any,  # noqa: ANN401 - not typed
    steps: PictureSteps,
    images: Sequence[Prepared],
    plainly: PictureModel,
) -> PrecisionChoice:
    """Take full precision in the faster arrangement, where that gives the same vectors."""
    model = built(clip, steps, Precision.FP32)
    with noted(Precision.FP32):
        began = time.perf_counter()
        vectors = unit_rows(over_cores(model)(images)) if model else None
        rate = len(images) / (time.perf_counter() - began)
        if vectors is not None and is_same(vectors, images, plainly):
            found = Measured(Precision.FP32, rate, 1.0, 1.0, len(images))
            return PrecisionChoice(vectors, found, tried=(found,))
    return PrecisionChoice(over_cores(plainly)(images))


def _worth_trying(clip: Any, full: PrecisionChoice) -> list[Precision]:  # noqa: ANN401 - not typed
    """Order the less precise ways that promise to be faster, the fastest first."""
    seconds = seconds_of_a_product(clip)
    most = seconds[Precision.FP32] / _WORTH_IT if full.measured else float("inf")
    others = [one for one in seconds if one is not Precision.FP32 and seconds[one] <= most]
    return sorted(others, key=lambda precision: seconds[precision])


def seconds_of_a_product(clip: Any) -> dict[Precision, float]:  # noqa: ANN401 - not typed
    """Time the model's largest product on one core, in each precision that this machine has."""
    part = clip.vision_model.encoder.layers[0].mlp.fc1
    products: dict[Precision, PackedLinear] = {}
    for precision in (Precision.FP32, Precision.BF16, Precision.INT8):
        with noted(precision):
            products[precision] = PackedLinear(part.weight, part.bias, precision)
    rows = part.weight.detach()[:_ROWS].float()
    [seconds] = on_each_core(lambda some: _seconds(some, rows), [products])
    return seconds


def _seconds(products: dict[Precision, PackedLinear], rows: torch.Tensor) -> dict[Precision, float]:
    """Time products in turn; the fewest seconds count, as whatever else runs only adds to them."""
    import torch

    seconds: dict[Precision, float] = {}
    with torch.inference_mode():
        for precision, product in [*products.items()] * _ROUNDS:
            some = rows.bfloat16() if precision is Precision.BF16 else rows
            with noted(precision):
                began = time.perf_counter()
                product(some)
                took = time.perf_counter() - began
                seconds[precision] = min(took, seconds.get(precision, took))
    return seconds


def _on_card(
    clip: Any,  # noqa: ANN401 - not typed
    steps: PictureSteps,
    images: Sequence[Prepared],
    plainly: PictureModel,
) -> PrecisionChoice:
    """Take the faster of half and full precision that agrees, and as many at once as it likes."""
    best = PrecisionChoice(plainly(images))
    for precision in (Precision.FP32, Precision.FP16):
        portions = Portions(LEAST_AT_ONCE)
        model = built(clip, steps, precision)
        found = model and measured(precision, partial(portions, model), images, best.vectors)
        if not model or not found:
            continue
        at_once, rate = best_at_once(model, images, portions.size)
        found = replace(found, at_once=at_once, pictures_per_second=rate)
        best = replace(best, tried=(*best.tried, found))
        needed = best.measured.pictures_per_second * _WORTH_IT if best.measured else 0.0
        if found.agrees and rate >= needed:
            best = replace(best, measured=found, model=model)
    return best


def quickest(
    clip: Any,  # noqa: ANN401 - not typed
    steps: PictureSteps,
    known: Measured | None,
    images: Sequence[Prepared],
    plainly: PictureModel,
) -> PictureModel:
    """Build the way that was chosen on this machine, else full precision in the faster arrangement.

    The model as it was loaded, where neither can be had.
    """
    if known:
        return built(clip, steps, known.precision) or plainly
    model = built(clip, steps, Precision.FP32)
    with noted(Precision.FP32):
        some = images[:_TO_MAKE_SURE]
        if model and is_same(unit_rows(model(some)), some, plainly):
            return model
    return plainly


def is_same(vectors: Vectors, images: Sequence[Prepared], plainly: PictureModel) -> bool:
    """Return whether unit vectors are those of the model as it was loaded, by the first few."""
    some = [[image] for image in images[:_TO_MAKE_SURE]]
    plain = np.concatenate(on_each_core(plainly, some))
    return bool(((vectors[: len(some)] * plain).sum(1) > SAME).all())


def built(clip: Any, steps: PictureSteps, precision: Precision) -> PictureModel | None:  # noqa: ANN401 - not typed
    """Build the picture half in a precision where the model is; None if this cannot be done."""
    with noted(precision):
        if precision is Precision.FP16 or clip.device.type != "cpu":
            return CardClip(clip, steps, precision)
        return PackedClip(clip, steps, precision)
    return None
