"""Fresh drawings that training never saw, and their vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search_engine.embedding.inputs import encoded_pictures, encoded_texts
from search_engine.embedding.rows import unit_rows
from search_engine.lab.mini_model.captions import Clause
from search_engine.sample.chance import Chance
from search_engine.sample.painting import paint_picture
from search_engine.sample.scenes import HELD_OUT, Kind, Scene, View, random_scene

Vectors: TypeAlias = NDArray[np.float32]
Encode: TypeAlias = Callable[[Sequence[object]], Vectors]

_PER_KIND, _PER_HELD_OUT = 12, 2
_SIDE, _TOGETHER = 480, 50
_FIRST_SEED = 2**40
"""Training draws with 32-bit seeds, so these are new to the model."""


@dataclass(frozen=True, slots=True)
class Album:
    """Fresh pictures: what they show, and their unit vectors."""

    scenes: tuple[Scene, ...]
    vectors: Vectors

    def right(self, claim: Clause) -> NDArray[np.bool_]:
        """Return which pictures are right answers to a claim."""
        return np.array([claim.fits(scene) for scene in self.scenes])


def encoder_of(folder: Path) -> Encode:
    """Load a model as the app does, and return a function from pictures or words to unit rows."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder.resolve()), local_files_only=True, device="cpu")

    def encode(inputs: Sequence[object]) -> Vectors:
        texts = [one for one in inputs if isinstance(one, str)]
        images = [one for one in inputs if isinstance(one, Image.Image)]
        return unit_rows(encoded_texts(model, texts) if texts else encoded_pictures(model, images))

    return encode


def fresh_album(encode: Encode) -> Album:
    """Draw and embed twelve pictures of every kind, and two of every pair never drawn before."""
    chance = Chance("an album that training has never seen")
    scenes = [_scene(kind, chance) for kind in Kind for _ in range(_PER_KIND)]
    for kind, colour in sorted(HELD_OUT):
        drawn = (random_scene(chance, kind=kind) for _ in range(_PER_HELD_OUT))
        scenes += [replace(scene, colour=colour) for scene in drawn]
    return Album(tuple(scenes), _embedded(encode, scenes))


def _embedded(encode: Encode, scenes: Sequence[Scene]) -> Vectors:
    """Draw and embed scenes, a few at a time: all pictures at once take half a gigabyte."""
    vectors = []
    for start in range(0, len(scenes), _TOGETHER):
        some = enumerate(scenes[start : start + _TOGETHER], start=_FIRST_SEED + start)
        views = ((seed, View(scene.background, (scene,))) for seed, scene in some)
        vectors.append(encode([paint_picture(_SIDE, seed, view) for seed, view in views]))
    return np.concatenate(vectors)


def _scene(kind: Kind, chance: Chance) -> Scene:
    while ((scene := random_scene(chance, kind=kind)).kind, scene.colour) in HELD_OUT:
        pass
    return scene
