"""The fastest precision in which a model still says what it says in full precision.

Measured on the pictures at hand and remembered, because it depends on the machine and on the
weights: bf16 is fast where the processor has it and slow elsewhere, int8 blurs some models and not
others.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from search_engine import files
from search_engine.embedding.fast.vision import HalfPrecisionClip, PackedClip, Precision, Prepared
from search_engine.embedding.preprocessing import PictureSteps
from search_engine.embedding.rows import unit_rows
from search_engine.files import documents
from search_engine.records import Vectors

_LOG = logging.getLogger(__name__)

PROBE = 64
"""Pictures that precisions are compared on."""
LOWEST_COSINE = 0.999
LOWEST_OVERLAP = 0.98
_NEIGHBOURS = 10
_WORTH_IT = 1.03
"""A less precise way has to be this many times as fast as the best so far."""
_BATCH = 32
_LARGEST = 10_000_000  # bytes of what is noted
_FIRST = 8
"""Pictures that full precision itself is checked on, against the model as it was loaded."""

PictureModel: TypeAlias = Callable[[Sequence[Prepared]], Vectors]
"""Gives the vectors, of any length, of prepared pictures."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How a precision did on the probe, against full precision."""

    precision: Precision
    pictures_per_second: float
    lowest_cosine: float
    overlap: float
    """Of the ten nearest pictures of each picture, the share that stays."""

    @property
    def agrees(self) -> bool:
        """Whether it may stand in for full precision."""
        return self.lowest_cosine >= LOWEST_COSINE and self.overlap >= LOWEST_OVERLAP

    def __str__(self) -> str:
        return (
            f"pictures in {self.precision}: lowest cosine to full precision"
            f" {self.lowest_cosine:.5f}, overlap of the ten nearest {self.overlap:.3f}"
        )


@dataclass(frozen=True, slots=True)
class PrecisionChoice:
    """What was chosen on a probe; without ``measured``, the model stays as it was loaded."""

    vectors: Vectors
    """Of the probe, in full precision."""
    measured: Measured | None = None
    tried: tuple[Measured, ...] = ()


def choose(
    clip: Any,  # noqa: ANN401 - not typed
    steps: PictureSteps,
    images: Sequence[Prepared],
    plainly: PictureModel,
    device: str,
) -> PrecisionChoice:
    """Try the precisions that a device may be fast in on prepared pictures.

    ``plainly`` computes as the model was loaded, which is full precision. One precision's weights
    are let go before those of the next are made, to save 0.4 GB.
    """
    if device != "cpu":
        best, others = PrecisionChoice(plainly(list(images))), [Precision.FP16]
    else:
        best, others = _full(clip, steps, list(images), plainly), [Precision.BF16, Precision.INT8]
        if best.measured is None:
            return best
    for precision in others:
        model = built(clip, steps, precision)
        found = model and measured(precision, model, images, best.vectors)
        del model
        if not found:
            continue
        best = replace(best, tried=(*best.tried, found))
        needed = best.measured.pictures_per_second * _WORTH_IT if best.measured else 0.0
        if found.agrees and found.pictures_per_second >= needed:
            best = replace(best, measured=found)
    return best


def _full(
    clip: Any,  # noqa: ANN401 - not typed
    steps: PictureSteps,
    images: Sequence[Prepared],
    plainly: PictureModel,
) -> PrecisionChoice:
    """Take full precision in the faster arrangement, where that gives the same vectors."""
    model = built(clip, steps, Precision.FP32)
    if model is None or not _is_same(model, images[:_FIRST], plainly):
        return PrecisionChoice(plainly(images))
    parts = [model(images[at : at + _BATCH]) for at in range(0, len(images), _BATCH)]
    reference = unit_rows(np.concatenate(parts))
    found = measured(Precision.FP32, model, images, reference)
    return PrecisionChoice(reference, found, (found,) if found else ())


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
    model = built(clip, steps, Precision.FP32) if clip.device.type == "cpu" else None
    return model if model and _is_same(model, images[:_FIRST], plainly) else plainly


def built(clip: Any, steps: PictureSteps, precision: Precision) -> PictureModel | None:  # noqa: ANN401 - not typed
    """Build the picture half in a precision; None where this machine or model cannot."""
    with _noted(precision):
        if precision is Precision.FP16:
            return HalfPrecisionClip(clip, steps)
        return PackedClip(clip, steps, precision)
    return None


@contextlib.contextmanager
def _noted(precision: Precision) -> Iterator[None]:
    """Leave out what this machine cannot compute, and say so in the log."""
    try:
        yield
    except (AttributeError, RuntimeError, NotImplementedError) as error:
        _LOG.info("this machine cannot embed in %s: %s", precision, error)


def _is_same(model: PictureModel, images: Sequence[Prepared], plainly: PictureModel) -> bool:
    with _noted(Precision.FP32):
        cosines = (unit_rows(model(images)) * plainly(images)).sum(1)
        return bool((cosines > 1 - 1e-4).all())
    return False


def measured(
    precision: Precision, model: PictureModel, images: Sequence[Prepared], reference: Vectors
) -> Measured | None:
    """Compare a way to compute vectors with the reference vectors; None if it does not run."""
    half = max(1, len(images) // 2)
    parts = [list(images[:half]), list(images[half:])]
    with _noted(precision):
        model(parts[0][:_FIRST])  # the first call sets things up
        timed = [_timed(model, part) for part in parts if part]
        rate = max(rate for _, rate in timed)  # whatever else runs only ever slows it down
        vectors = unit_rows(np.concatenate([found for found, _ in timed]))
        cosines = np.nan_to_num((vectors * reference).sum(1), nan=-1.0)
        overlap = neighbour_overlap(reference, vectors)
        return Measured(precision, rate, float(cosines.min()), overlap)
    return None


def _timed(model: PictureModel, images: Sequence[Prepared]) -> tuple[Vectors, float]:
    began = time.perf_counter()
    vectors = model(images)
    return vectors, len(images) / (time.perf_counter() - began)


def neighbour_overlap(one: Vectors, other: Vectors, count: int = _NEIGHBOURS) -> float:
    """Return the share of each row's nearest other rows that two sets of vectors agree on."""
    count = min(count, len(one) - 1)
    if count < 1 or not np.isfinite(other).all():
        return 0.0
    nearest = [_nearest(vectors, count) for vectors in (one, other)]
    shared = [len(set(a) & set(b)) for a, b in zip(*nearest, strict=True)]
    return float(np.mean(shared)) / count


def _nearest(vectors: Vectors, count: int) -> list[list[int]]:
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -np.inf)
    nearest: list[list[int]] = np.argsort(-cosines, axis=1)[:, :count].tolist()
    return nearest


def remembered(file: Path | None, fingerprint: str, device: str) -> Measured | None:
    """Return what was chosen for a model on this machine before, if it is noted in ``file``."""
    saved = _noted_in(file).get(_key(fingerprint, device)) if file else None
    if not saved:
        return None
    try:
        return documents.as_record(saved, Measured)
    except documents.NotARecord as error:
        _LOG.info("a precision is measured again: %s", error)
        return None


def remember(file: Path | None, fingerprint: str, device: str, choice: Measured) -> None:
    """Note what was chosen; a file that cannot be written only costs the time to choose again."""
    if file is None:
        return
    known = _noted_in(file) | {_key(fingerprint, device): choice}
    try:
        files.make_folder(file.parent)
        documents.write(file, known)
    except OSError as error:
        _LOG.info("the precision cannot be noted: %s", error.strerror)


def _noted_in(file: Path) -> dict[str, object]:
    try:
        return documents.read(file, dict[str, object], most=_LARGEST)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        _LOG.info("precisions are measured again: %s", error)
        return {}


def _key(fingerprint: str, device: str) -> str:
    import torch

    return f"{fingerprint} {device} {torch.backends.cpu.get_cpu_capability()} {torch.__version__}"
