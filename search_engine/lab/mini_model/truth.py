"""Which captions are true of which pictures, for whole batches at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_engine.lab.mini_model.captions import Caption, Clause
from search_engine.sample.scenes import Background, Colour, Kind, Position, Scene, Size, View

Codes: TypeAlias = NDArray[np.int64]
Truth: TypeAlias = NDArray[np.bool_]

ASPECTS = (tuple(Kind), tuple(Colour), tuple(Background), tuple(Size), (1, 2, 3), tuple(Position))
"""The values of every aspect, in the order of the columns."""

_NOTHING = -2
"""Fits no claim: the position of a group, the kind of an empty picture."""
_ANY = -1
"""Claims nothing, so everything fits."""
_MOST = 2
"""Scenes in a picture, clauses in a caption."""


def view_codes(views: Sequence[View]) -> Codes:
    """Number what pictures show; shape (pictures, 2, 6)."""
    codes = np.full((len(views), _MOST, len(ASPECTS)), _NOTHING)
    for row, view in enumerate(views):
        codes[row, :, 2] = ASPECTS[2].index(view.background)
        for slot in range(_MOST if view.scenes else 0):
            codes[row, slot] = _scene_code(view.scenes[min(slot, len(view.scenes) - 1)])
    return codes


def _scene_code(scene: Scene) -> list[int]:
    values = (scene.kind, scene.colour, scene.background, scene.size, scene.count, scene.position)
    code = [choices.index(value) for choices, value in zip(ASPECTS, values, strict=True)]
    if scene.count > 1:
        code[-1] = _NOTHING
    return code


def claim_codes(captions: Sequence[Caption]) -> Codes:
    """Number the claims of captions; shape (captions, 2, 6), kinds as bits of one integer."""
    codes = np.full((len(captions), _MOST, len(ASPECTS)), _ANY)
    for row, caption in enumerate(captions):
        for slot in range(_MOST):
            codes[row, slot] = (
                _claim_code(caption.clauses[min(slot, len(caption.clauses) - 1)])
                if caption.clauses
                else [0] * len(ASPECTS)
            )
    return codes


def _claim_code(clause: Clause) -> list[int]:
    values = (clause.colour, clause.background, clause.size, clause.count, clause.position)
    rest = [
        _ANY if value is None else choices.index(value)
        for choices, value in zip(ASPECTS[1:], values, strict=True)
    ]
    kinds = (
        _ANY if clause.kinds is None else sum(1 << ASPECTS[0].index(kind) for kind in clause.kinds)
    )
    return [kinds, *rest]


def truth(claims: Codes, scenes: Codes) -> Truth:
    """Return which claims are true of which pictures; shape (captions, pictures)."""
    asked, seen = claims[:, :, None, None], scenes[None, None]
    named = (asked[..., 0] >> np.maximum(seen[..., 0], 0)) & 1
    fits = (asked[..., 0] == _ANY) | ((named == 1) & (seen[..., 0] >= 0))
    for aspect in range(1, len(ASPECTS)):
        fits &= (asked[..., aspect] == _ANY) | (asked[..., aspect] == seen[..., aspect])
    result: Truth = fits.any(axis=-1).all(axis=1)
    return result
