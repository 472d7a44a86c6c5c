"""Photographs to time an index on: drawn ones, or a folder of somebody's own, repeated."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import numpy as np
from PIL import Image

from search_engine.collection.folders import NoFolder, typed_folder
from search_engine.collection.scanning import scan
from search_engine.errors import BadFolder
from search_engine.sample import draw_gallery

_DRAWN = 48
_SIZE = (1024, 768)
_GRAIN = 6.0


def photographs(folder: Path | None, scratch: Path) -> list[bytes]:
    """Read the JPEG files of a folder or, without one, draw pictures as large and as noisy.

    Raises:
        BadFolder: There is no such folder, or no JPEG file in it.
    """
    if folder is None:
        draw_gallery(scratch, pictures=_DRAWN)
        return [as_photograph(file, _SIZE) for file in sorted(scratch.rglob("*.jpg"))]
    given = typed_folder(str(folder), beside=Path())
    if isinstance(given, NoFolder):
        raise given.as_error()
    folder = given
    names = (file.path for file in scan(folder).files)
    found = [folder / name for name in names if name.lower().endswith((".jpg", ".jpeg"))]
    if not found:
        cause = "There is no JPEG file in the folder to time with"
        raise BadFolder(cause, place=str(folder), remedy="Name another, or none: some are drawn.")
    return [file.read_bytes() for file in found]


def as_photograph(file: Path, size: tuple[int, int], seed: int = 0) -> bytes:
    """Enlarge a picture and add grain, so that its file costs what a photograph's costs."""
    with Image.open(file) as image:
        large = np.asarray(image.convert("RGB").resize(size, Image.Resampling.BICUBIC))
    grain = np.random.default_rng(seed).normal(0, _GRAIN, (*large.shape[:2], 1))
    target = io.BytesIO()
    noisy = (large + grain).clip(0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(target, "JPEG", quality=90)
    return target.getvalue()


def repeated(contents: list[bytes], count: int, folder: Path) -> None:
    """Write ``count`` files, over and over the same pictures; no two files have equal bytes.

    What follows the end of a JPEG is read by nobody, but makes it another content.
    """
    for number, content in zip(range(count), itertools.cycle(contents), strict=False):
        file = folder / f"{number // 500:03}" / f"{number:06}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content + number.to_bytes(4, "little"))
