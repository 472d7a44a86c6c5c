"""Thumbnails on one picture, numbered, as a person would lay prints on a table."""

from __future__ import annotations

import io
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from search_engine.collection.thumbnails import open_thumbnail

if TYPE_CHECKING:
    from PIL import Image

_LOG = logging.getLogger(__name__)

MOST_ON_A_SHEET = 24
_SIDE = 224
_GAP = 8
_LABEL = 26
"""Height of the bar with the number, above its picture."""
_COLUMNS = 6
_PAPER, _INK, _LOST = (250, 250, 250), (20, 20, 20), (150, 150, 150)
_BROKEN = (OSError, ValueError, SyntaxError, EOFError)


@dataclass(frozen=True, slots=True)
class ContactSheet:
    """A sheet, and where what lies on it."""

    jpeg: bytes
    width: int
    height: int
    boxes: tuple[tuple[int, int, int, int], ...]
    """Of each picture: left, top, right, bottom."""
    lost: frozenset[int]
    """The places of pictures whose thumbnail is missing, which are grey."""


def lay_out(thumbnails: Sequence[Path]) -> ContactSheet:
    """Put thumbnails, whole, on a sheet from left to right, numbered from 1."""
    from PIL import Image, ImageDraw, ImageFont

    columns = min(_COLUMNS, math.ceil(math.sqrt(len(thumbnails))))
    rows = -(-len(thumbnails) // columns)
    size = (columns * (_SIDE + _GAP) + _GAP, rows * (_SIDE + _LABEL + _GAP) + _GAP)
    sheet = Image.new("RGB", size, _PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(_LABEL - 6)
    boxes, lost = [], set()
    for place, file in enumerate(thumbnails):
        left = _GAP + place % columns * (_SIDE + _GAP)
        top = _GAP + place // columns * (_SIDE + _LABEL + _GAP)
        pen.text((left + 2, top + 1), str(place + 1), fill=_INK, font=font)
        picture = _small(file)
        if picture is None:
            lost.add(place)
            picture = Image.new("RGB", (_SIDE, _SIDE), _LOST)
        sheet.paste(picture, (left, top + _LABEL))
        boxes.append((left, top + _LABEL, left + picture.width, top + _LABEL + picture.height))
    target = io.BytesIO()
    sheet.save(target, "JPEG", quality=85)
    return ContactSheet(target.getvalue(), *size, tuple(boxes), frozenset(lost))


def _small(file: Path) -> Image.Image | None:
    try:
        with open_thumbnail(file) as image:
            small = image.convert("RGB")
    except _BROKEN as error:
        _LOG.debug("a thumbnail stays grey: %s", error)
        return None
    small.thumbnail((_SIDE, _SIDE))
    return small
