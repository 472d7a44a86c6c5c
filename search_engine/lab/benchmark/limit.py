"""How fast the machine could be at most, and where the time of one picture goes."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from PIL import Image

from search_engine.capacity import usable_cores
from search_engine.collection.catalog import Catalog
from search_engine.collection.decoding import DecodedPicture, decode, thumbnail
from search_engine.collection.thumbnails import Thumbnails
from search_engine.embedding import PART_SIZE, ClipEmbedder, unit_rows
from search_engine.embedding.fast.choosing import built, probe_size
from search_engine.embedding.fast.precision import PictureModel, measured, neighbour_overlap
from search_engine.embedding.fast.vision import PackedLinear, Precision, clip_of
from search_engine.embedding.lanes import over_cores
from search_engine.embedding.preprocessing import PictureSteps
from search_engine.lab.benchmark.machine import cpu_seconds
from search_engine.records import PictureFile, Vectors

if TYPE_CHECKING:
    import torch

_ROUNDS = 5
_BATCH = 32
_OF_EACH = 64
"""Pictures that the precisions which were not chosen are timed on."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Our vectors of photographs against those of the plain way."""

    mean_cosine: float
    lowest_cosine: float
    overlap: float
    """Of the ten nearest pictures of each picture, the share that stays."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What the forward pass alone reaches, and what everything else costs."""

    precision: Precision
    tuning_seconds: float
    """Spent once for a model on a machine."""
    forward_rates: dict[str, float]
    """Pictures a second of the forward pass alone, by precision."""
    gemm_gflops: dict[str, float]
    """What products of the model's own shapes reach, by precision."""
    gflop_per_picture: float
    stages: dict[str, float]
    """Processor milliseconds of one picture."""
    decode_share_12_megapixels: float
    """Of the processor time of a 12-megapixel photograph."""
    agreement: Agreement


def measure_limit(embedder: ClipEmbedder, contents: Sequence[bytes], large: bytes) -> Limit:
    """Time the parts of an index build one by one, on the contents of picture files."""
    clip, steps = clip_of(embedder.pictures), embedder.steps
    assert clip is not None  # noqa: S101 - the model is ours
    assert steps is not None  # noqa: S101 - the model is ours
    decoded, decoding = _each(decode, contents)
    prepared, preparing = _each(lambda d: steps.prepare(d.image), decoded)
    jpegs, drawing = _each(lambda d: thumbnail(d.image), decoded)
    began = time.perf_counter()
    embedder.tune(prepared[: probe_size(len(prepared)) or None])
    tuning = time.perf_counter() - began
    found = embedder.choice and embedder.choice.measured  # of a few pictures nothing is found
    precision = found.precision if found else Precision.FP32
    vectors, forward, rate = _forward(embedder, prepared)
    rates = _rates(clip, steps, prepared[:_OF_EACH], vectors[:_OF_EACH])
    writing = _write(decoded, jpegs, vectors, embedder)
    large_decoded, large_decoding = _each(decode, [large] * 4)
    _, large_rest = _each(lambda d: (steps.prepare(d.image), thumbnail(d.image)), large_decoded)
    others = forward + writing + large_rest
    return Limit(
        precision=precision,
        tuning_seconds=tuning,
        # The chosen one on more pictures, and several times.
        forward_rates={str(one): each for one, each in rates.items()} | {str(precision): rate},
        gemm_gflops={
            str(one): _gemm(clip, one, is_packed=one in rates) for one in {*rates, precision}
        },
        gflop_per_picture=_gflop(clip),
        stages={
            "decode": decoding,
            "preprocess": preparing,
            "thumbnail": drawing,
            "forward": forward,
            "write": writing,
        },
        decode_share_12_megapixels=large_decoding / (large_decoding + others),
        agreement=_agreement(vectors, contents, embedder.embed_plainly),
    )


def _each(work: Callable[[Any], T], inputs: Sequence[Any]) -> tuple[list[T], float]:
    """Do the work, one after the other; give the results and the milliseconds of one."""
    began = cpu_seconds()
    found = [work(one) for one in inputs]
    return found, 1000 * (cpu_seconds() - began) / len(inputs)


def _forward(embedder: ClipEmbedder, prepared: list[Image.Image]) -> tuple[Vectors, float, float]:
    """Return vectors, processor milliseconds of one, and pictures a second, as in a build."""
    parts = [prepared[at : at + PART_SIZE] for at in range(0, len(prepared), PART_SIZE)]
    rates, used = [], []
    with embedder.side_by_side() as lanes, ThreadPoolExecutor(usable_cores()) as pool:
        for _ in range(_ROUNDS):
            began, cpu = time.perf_counter(), cpu_seconds()
            vectors = np.concatenate(list(pool.map(lanes.embed, parts)))
            rates.append(len(prepared) / (time.perf_counter() - began))
            used.append(1000 * (cpu_seconds() - cpu) / len(prepared))
    return vectors, float(np.median(used)), float(np.median(rates))


def _rates(
    clip: Any,  # noqa: ANN401 - not typed
    steps: PictureSteps,
    prepared: Sequence[Image.Image],
    vectors: Vectors,
) -> dict[Precision, float]:
    """Return pictures a second in each precision that this machine can compute."""
    rates = {}
    for precision in (Precision.FP32, Precision.BF16, Precision.INT8):
        model = built(clip, steps, precision)
        found = model and measured(precision, over_cores(model), prepared, vectors)
        if found:
            rates[precision] = found.pictures_per_second
    return rates


def _write(
    decoded: Sequence[DecodedPicture],
    jpegs: Sequence[bytes],
    vectors: Vectors,
    embedder: ClipEmbedder,
) -> float:
    with tempfile.TemporaryDirectory() as folder:
        thumbnails = Thumbnails(Path(folder))
        began = cpu_seconds()
        with Catalog.create(Path(folder)) as catalog:
            for start in range(0, len(decoded), _BATCH):
                some = range(start, min(start + _BATCH, len(decoded)))
                with catalog.transaction():
                    ids = [
                        catalog.pictures.add(PictureFile(f"{n}.jpg", n, n), decoded[n].facts)
                        for n in some
                    ]
                    catalog.vectors.put(embedder.card, ids, [vectors[n] for n in some])
                for n in some:
                    thumbnails.write(decoded[n].facts.content_hash, jpegs[n])
        return 1000 * (cpu_seconds() - began) / len(decoded)


def _gemm(clip: Any, precision: Precision, *, is_packed: bool) -> float:  # noqa: ANN401 - not typed
    """Return the billions of operations a second of the model's largest product."""
    import torch

    sizes = clip.config.vision_config
    tokens = _BATCH * ((sizes.image_size // sizes.patch_size) ** 2 + 1)
    with torch.inference_mode():
        shape = (sizes.intermediate_size, sizes.hidden_size)
        weight, bias = torch.randn(shape), torch.zeros(shape[0])
        product: Callable[[torch.Tensor], torch.Tensor] = (
            PackedLinear(weight, bias, precision)
            if is_packed
            else partial(torch.nn.functional.linear, weight=weight, bias=bias)
        )
        rows = torch.randn(tokens, shape[1])
        if precision is Precision.BF16:
            rows = rows.bfloat16()
        best = 0.0
        for _ in range(8 * _ROUNDS):
            began = time.perf_counter()
            product(rows)
            best = max(best, 2 * tokens * shape[0] * shape[1] / (time.perf_counter() - began))
    return best / 1e9


def _gflop(clip: Any) -> float:  # noqa: ANN401 - not typed
    """Count the multiplications and additions of the products for one picture, in billions."""
    sizes = clip.config.vision_config
    width, patches = sizes.hidden_size, (sizes.image_size // sizes.patch_size) ** 2
    layer = width * (4 * width + 2 * sizes.intermediate_size)
    attention = 2 * (patches + 1) * width
    of_tokens = (patches + 1) * sizes.num_hidden_layers * (layer + attention)
    return float(2 * (of_tokens + patches * 3 * sizes.patch_size**2 * width) / 1e9)


def _agreement(ours: Vectors, contents: Sequence[bytes], plainly: PictureModel) -> Agreement:
    images = [Image.open(io.BytesIO(content)).convert("RGB") for content in contents]
    theirs = unit_rows(plainly(images))
    cosines = (ours * theirs).sum(1)
    overlap = neighbour_overlap(theirs, ours)
    return Agreement(float(cosines.mean()), float(cosines.min()), overlap)
