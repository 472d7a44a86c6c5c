"""An endless stream of fresh drawings with true and false captions, all from seeds."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from search_engine.lab.mini_model import vocabulary as words
from search_engine.lab.mini_model.augmentation import take_shot
from search_engine.lab.mini_model.captions import (
    Caption,
    Clause,
    pair_caption,
    random_caption,
    sentence,
)
from search_engine.lab.mini_model.misspelling import misspell
from search_engine.lab.mini_model.truth import Codes, claim_codes, view_codes
from search_engine.lab.mini_model.unknown_words import unknown_phrase
from search_engine.sample.chance import Chance
from search_engine.sample.scenes import (
    HELD_OUT,
    Background,
    Colour,
    Kind,
    Position,
    Scene,
    Size,
    View,
    random_scene,
)

_OPPOSITE = {
    Position.LEFT: Position.RIGHT,
    Position.RIGHT: Position.LEFT,
    Position.TOP: Position.BOTTOM,
    Position.BOTTOM: Position.TOP,
}
_SIBLING_SHARE, _PAIR_SHARE, _EMPTY_SHARE = 0.36, 0.14, 0.03
_TYPO_SHARE, _PLACE_SHARE = 0.25, 0.02
_ALL_WORDS = frozenset(
    form for nouns in words.NOUNS.values() for noun in nouns for form in (noun.one, noun.many)
) | {word for choices in words.COLOUR_WORDS.values() for word in choices}


@dataclass(frozen=True, slots=True)
class Batch:
    """Pictures, what they show, texts, and what these claim."""

    views: list[View]
    pixels: NDArray[np.uint8]
    """Shape (pictures, 64, 64, 3)."""
    scenes: Codes
    patches: NDArray[np.int64]
    """Which kind covers each of the 8 × 8 patches; 0 is none."""
    texts: list[str]
    claims: Codes


@dataclass(frozen=True, slots=True)
class Recipe:
    """How many pictures and texts a batch has."""

    pictures: int = 48
    captions: int = 1
    unknown: int = 12


def draw_batch(seed: int, recipe: Recipe, ease: float = 0) -> Batch:
    """Draw one batch; ``ease`` is the share of pictures with one large object in the middle."""
    chance = Chance(seed)
    views: list[View] = []
    for _ in range(recipe.pictures):
        views.append(_view(views, ease, chance))
    shots = [take_shot(view, chance) for view in views]
    captions = [said for shot in shots for said in captions_of(shot.view, recipe.captions, chance)]
    captions += unknown_captions(recipe.unknown, chance)
    return Batch(
        views=[shot.view for shot in shots],
        pixels=np.stack([shot.pixels for shot in shots]),
        scenes=view_codes([shot.view for shot in shots]),
        patches=np.stack([shot.patches for shot in shots]),
        texts=[caption.text for caption in captions],
        claims=claim_codes(captions),
    )


def captions_of(view: View, number: int, chance: Chance) -> list[Caption]:
    """Say several things that are true of a picture, some with a slip of the pen."""
    return [_with_slip(_caption(view, chance), chance) for _ in range(number)]


def unknown_captions(number: int, chance: Chance) -> list[Caption]:
    """Ask for things that are in no picture."""
    return [Caption(sentence(unknown_phrase(chance), chance)) for _ in range(number)]


def _caption(view: View, chance: Chance) -> Caption:
    if not view.scenes or chance.hits(_PLACE_SHARE):
        place = chance.choice(words.PLACE_NAMES[view.background])
        return Caption(sentence(place, chance), (Clause(background=view.background),))
    if len(view.scenes) > 1 and chance.hits(0.4):
        return pair_caption(view.scenes[0], view.scenes[1], chance)
    return random_caption(chance.choice(view.scenes), chance)


def _with_slip(caption: Caption, chance: Chance) -> Caption:
    if not chance.hits(_TYPO_SHARE):
        return caption
    return replace(caption, text=misspell(caption.text, chance, known=_ALL_WORDS))


def _view(before: list[View], ease: float, chance: Chance) -> View:
    """Think of a picture; often one that differs from the last in a single aspect."""
    if ease and chance.hits(ease):
        scene = replace(_shown(chance), size=Size.LARGE, count=1, position=Position.CENTRE)
        return View(scene.background, (scene,))
    draw = chance.random()
    if draw < _EMPTY_SHARE:
        return View(chance.choice(tuple(Background)))
    if draw < _EMPTY_SHARE + _PAIR_SHARE:
        return _pair(chance)
    if (
        draw < _EMPTY_SHARE + _PAIR_SHARE + _SIBLING_SHARE
        and before
        and len(before[-1].scenes) == 1
    ):
        return _sibling(before[-1].scenes[0], chance)
    scene = _shown(chance)
    return View(scene.background, (scene,))


def _shown(chance: Chance) -> Scene:
    """Think of a scene whose colour is not held out."""
    while ((scene := random_scene(chance)).kind, scene.colour) in HELD_OUT:
        pass
    return scene


def _pair(chance: Chance) -> View:
    first, second = _shown(chance), _shown(chance)
    while second.kind is first.kind:
        second = _shown(chance)
    spot = chance.choice(tuple(_OPPOSITE))
    sizes = chance.choices((Size.SMALL, Size.MEDIUM), (1, 2), k=2)
    return View(
        first.background,
        (
            replace(first, size=sizes[0], count=1, position=spot),
            replace(
                second,
                size=sizes[1],
                count=1,
                position=_OPPOSITE[spot],
                background=first.background,
            ),
        ),
    )


def _sibling(scene: Scene, chance: Chance) -> View:
    other = replace(scene)
    while other == scene or (other.kind, other.colour) in HELD_OUT:
        other = _changed(scene, chance)
    return View(other.background, (other,))


def _changed(scene: Scene, chance: Chance) -> Scene:
    aspect = chance.choice(
        ("position", "position", "count", "size", "colour", "background", "kind")
    )
    if aspect == "position":
        size = Size.MEDIUM if scene.size is Size.LARGE else scene.size
        return replace(scene, count=1, size=size, position=chance.choice(tuple(Position)))
    if aspect == "count":
        return replace(scene, count=chance.choice((1, 2, 3)), position=Position.CENTRE)
    if aspect == "size" and scene.position is Position.CENTRE:
        return replace(scene, size=chance.choice(tuple(Size)))
    if aspect == "colour":
        return replace(scene, colour=chance.choice(tuple(Colour)))
    if aspect == "kind":
        return replace(scene, kind=chance.choice(tuple(Kind)))
    return replace(scene, background=chance.choice(tuple(Background)))
