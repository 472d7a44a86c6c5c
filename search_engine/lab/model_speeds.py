"""How quick the models are that the documentation names.

``python -m search_engine.lab.model_speeds`` prints a line for each. It is built with random weights
in its own size, which cost what real ones cost, and embeds pictures as a build does and words as a
search does, each in a thread that keeps to one core. What is told is the time of that core, which
other programs hardly change, at best: two cores that have nothing else to do embed 2,000 pictures
in as many seconds as one takes milliseconds. Nothing is downloaded; one model at a time lies in a
folder for temporary files, 4.6 GB at most.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image

from search_engine.collection.decoding import decode
from search_engine.embedding import ClipEmbedder, load_embedder
from search_engine.embedding.lanes import on_each_core
from search_engine.lab.benchmark import random_model
from search_engine.lab.benchmark.photographs import photographs
from search_engine.lab.benchmark.random_families import (
    SIGLIP_2_BASE,
    SIGLIP_2_SO400M,
    SIGLIP_BASE,
    build_siglip,
    build_words,
)
from search_engine.lab.benchmark.random_model import ClipShape
from search_engine.settings import Settings

_ROUNDS = 5
_PICTURES = 16
_BUILD = 250
"""Pictures of the build whose way of embedding is timed."""
_MOST_SECONDS = 60.0
_QUERIES = 20
_VIT_L_14 = ClipShape(
    vision={
        "patch_size": 14, "hidden_size": 1024, "intermediate_size": 4096,
        "num_hidden_layers": 24, "num_attention_heads": 16,
    },
    text={"hidden_size": 768, "intermediate_size": 3072, "num_attention_heads": 12},
    projection=768,
)  # fmt: skip
_GELU = {"hidden_act": "gelu"}


def _clip(shape: ClipShape | None = None) -> Callable[[Path], str]:
    return lambda folder: str(random_model.build(folder, shape=shape))


def _with_words(folder: Path) -> str:
    pictures, words = random_model.build(folder / "pictures"), build_words(folder / "words")
    return f"{pictures}::{words}"


MODELS: dict[str, Callable[[Path], str]] = {
    "clip-ViT-B-32": _clip(),
    "clip-ViT-B-16": _clip(ClipShape(vision={"patch_size": 16})),
    "clip-ViT-L-14": _clip(_VIT_L_14),
    "clip-ViT-B-32-multilingual-v1": _with_words,
    "laion/CLIP-ViT-B-32-laion2B-s34B-b79K": _clip(ClipShape(vision=_GELU, text=_GELU)),
    "google/siglip-base-patch16-224": lambda folder: str(build_siglip(folder, SIGLIP_BASE)),
    "google/siglip2-base-patch16-224": lambda folder: str(build_siglip(folder, SIGLIP_2_BASE)),
    "google/siglip2-so400m-patch14-384": lambda folder: str(build_siglip(folder, SIGLIP_2_SO400M)),
}
"""By the name that they have on the hub: what writes one into a folder, and names it."""


@dataclass(frozen=True, slots=True)
class ModelSpeed:
    """How large and how quick a model is on this machine."""

    model: str
    dimension: int
    million_parameters: float
    picture_ms: float
    """Of one core, for a picture, as of the query."""
    precision: str
    """What the pictures were computed in, as a build would choose it."""
    query_ms: float


def measure(
    model: str, build: Callable[[Path], str], images: Sequence[Image.Image], rounds: int = _ROUNDS
) -> ModelSpeed:
    """Build a model, embed pictures and words with it, and forget it."""
    with tempfile.TemporaryDirectory() as folder:
        embedder = load_embedder(build(Path(folder) / "model"), Settings(Path(folder) / "data"))
        spent = _picture_ms(embedder, [embedder.prepare(one) for one in images], rounds)
        found = embedder.choice and embedder.choice.measured
        return ModelSpeed(
            model,
            embedder.card.dimension,
            _parameters(embedder) / 1e6,
            spent,
            str(found.precision) if found else "fp32",
            _query_ms(embedder),
        )


def _picture_ms(embedder: ClipEmbedder, prepared: Sequence[Image.Image], rounds: int) -> float:
    if wanted := embedder.get_ready(_BUILD):
        embedder.tune(prepared[:wanted])
    ends = time.monotonic() + _MOST_SECONDS
    with embedder.side_by_side() as lanes, ThreadPoolExecutor(lanes.count) as pool:
        starts = range(0, len(prepared), lanes.part_size)
        parts = [prepared[start : start + lanes.part_size] for start in starts]
        timed = partial(_seconds, lanes.embed)
        spent = [sum(pool.map(timed, parts))]
        while len(spent) < rounds and time.monotonic() < ends:
            spent.append(sum(pool.map(timed, parts)))
    return 1000 * min(spent) / len(prepared)


def _query_ms(embedder: ClipEmbedder) -> float:
    texts = [[f"a red fish number {number}"] for number in range(_QUERIES)]
    return 1000 * min(on_each_core(partial(_seconds, embedder.embed_words), texts))


def _seconds(embed: Callable[[Sequence[Any]], object], some: Sequence[Any]) -> float:
    """Return the processor time of this thread."""
    began = time.thread_time()
    embed(some)
    return time.thread_time() - began


def _parameters(embedder: ClipEmbedder) -> int:
    models = {id(model): model for model in (embedder.pictures, embedder.words)}
    return sum(values.numel() for model in models.values() for values in model.parameters())


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the models that are asked for, and print a line for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs="*", metavar="MODEL", help=", ".join(MODELS))
    wanted = parser.parse_args(arguments).models or [*MODELS]
    if unknown := [name for name in wanted if name not in MODELS]:
        parser.error(f"not measured here: {', '.join(unknown)}")
    sys.stdout.write("| model | dimensions | parameters | a picture | in | a query |\n")
    with tempfile.TemporaryDirectory() as scratch:
        contents = photographs(None, Path(scratch))[:_PICTURES]
    images = [decode(content).image for content in contents]
    for name in wanted:
        found = measure(name, MODELS[name], images)
        sys.stdout.write(
            f"| {found.model} | {found.dimension} | {found.million_parameters:.0f} million"
            f" | {found.picture_ms:.0f} ms | {found.precision} | {found.query_ms:.0f} ms |\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
