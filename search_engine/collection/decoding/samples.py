"""TIFF pictures that Pillow does not read, or reads wrongly: planes, floating point, odd depths.

Every plane is unpacked by libtiff as a grey picture of single bytes, as wide as a row has bytes.
What the bytes mean, in which order they stand and which predictor they went through is done here.
Numbers become 8 bits as `depth` says.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, MutableSequence, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.TiffImagePlugin import TiffImageFile

from search_engine.collection.decoding import tiff_layout
from search_engine.collection.decoding.depth import black_and_white, eight_bits
from search_engine.collection.decoding.refusal import Refusal
from search_engine.collection.decoding.tiff_layout import Layout, Tags
from search_engine.records import SkipReason

_MODES = {0: "L", 1: "L", 2: "RGB", 5: "CMYK", 8: "LAB", 9: "LAB"}
"""By photometric interpretation."""
_ALPHA = frozenset([1, 2])
_HORIZONTAL, _FLOATING = 2, 3
_MOST_SAMPLES = 16
_WIDE = 64

Numbers = NDArray[Any]


def is_for_pillow(layout: Layout) -> bool:
    """Return whether Pillow reads this layout rightly, if it reads it."""
    if layout.format != tiff_layout.INTEGERS or layout.bits > 16:  # noqa: PLR2004 - it mistakes signs and order
        return not is_known(layout)
    return layout.planes == 1 or layout.bits <= 8  # noqa: PLR2004 - bits of a byte


def read(
    content: bytes,
    layout: Layout,
    tags: Tags,
    reserve: Callable[[int], AbstractContextManager[None]],
    notes: MutableSequence[str],
) -> Image.Image:
    """Read a TIFF's first picture as 8 bits, neither turned nor reduced.

    ``notes`` takes what may be read in another way about how bright it is.

    Raises:
        Refusal: It is of a kind that is not read, or it is damaged.
    """
    if not is_known(layout):
        raise Refusal(SkipReason.UNSUPPORTED, layout.words)
    with reserve(layout.memory):
        planes = [_plane(content, layout, tags, number) for number in range(layout.planes)]
        made = _as_picture(planes, layout, notes)
    for name, tag in (("icc_profile", tiff_layout.PROFILE), ("xmp", tiff_layout.XMP)):
        if isinstance(tags.get(tag), bytes):
            made.info[name] = tags[tag]
    made.info["exif"] = b"Exif\0\0" + content  # a TIFF's own tags are what EXIF is made of
    made.format = "TIFF"
    return made


def is_known(layout: Layout) -> bool:
    """Return whether a layout can be read here."""
    bits, form = layout.bits, layout.format
    known = (
        (form == tiff_layout.INTEGERS and (1 <= bits <= 16 or bits in {32, 64}))  # noqa: PLR2004
        or (form == tiff_layout.SIGNED and bits in {8, 16, 32, 64})
        or (form == tiff_layout.FLOATS and bits in {16, 32, 64})
    )
    colours = len(_MODES.get(layout.photometric, "")) or 99
    fits = colours <= layout.samples <= _MOST_SAMPLES
    odd = layout.predictor == _HORIZONTAL and bits not in {8, 16, 32, 64}
    is_unpacked = layout.compression in tiff_layout.UNPACKED and not layout.reversed_bits
    return known and fits and is_unpacked and not odd


class _Unpacked(TiffImageFile):
    """Bytes as pixels; how many there are was looked at, as pixels of the picture, before."""

    load_prepare = ImageFile.load_prepare


class _Plane:
    """One plane, unpacked to a picture whose pixels are its bytes."""

    def __init__(self, image: Image.Image, layout: Layout, step: int) -> None:
        """Take a picture; so many bytes of a row were predicted together."""
        self._image = image
        self._layout = layout
        self._step = max(step, 1)

    def rows(self, top: int, end: int) -> NDArray[np.uint8]:
        """Return the bytes of some rows as they are meant, of shape (rows, bytes of a row)."""
        end = min(end, self._image.height)
        rows = np.asarray(self._image.crop((0, top, self._image.width, end)))
        if self._layout.predictor in {_HORIZONTAL, _FLOATING}:
            rows = rows.copy()
            for left in range(0, rows.shape[1], self._step):
                _unpredict(rows[:, left : left + self._step], self._layout)
        return rows[:, : self._layout.row_bytes]


def _plane(content: bytes, layout: Layout, tags: Tags, number: int) -> _Plane:
    """Unpack one plane."""
    step, is_tiled = layout.row_bytes, tiff_layout.TILES in tags
    entries: dict[int, Sequence[int]] = {
        tiff_layout.WIDTH: [layout.row_bytes],
        tiff_layout.HEIGHT: [layout.height],
        tiff_layout.BITS: [8],
        tiff_layout.COMPRESSION: [int(tags.get(tiff_layout.COMPRESSION, 1))],
        tiff_layout.PHOTOMETRIC: [1],
        tiff_layout.SAMPLES: [1],
    }
    for tag in (
        (tiff_layout.TILES, tiff_layout.TILE_COUNTS)
        if is_tiled
        else (tiff_layout.STRIPS, tiff_layout.COUNTS)
    ):
        values = tuple(tags.get(tag, ()))
        share = len(values) // layout.planes
        entries[tag] = values[number * share : (number + 1) * share]
    if is_tiled:
        step = int(tags[tiff_layout.TILE_WIDTH]) * layout.samples_a_plane * layout.bits // 8
        entries[tiff_layout.TILE_WIDTH] = [step]
        entries[tiff_layout.TILE_LENGTH] = [int(tags[tiff_layout.TILE_LENGTH])]
        entries[tiff_layout.WIDTH] = [-(-layout.row_bytes // step) * step]
    else:
        entries[tiff_layout.ROWS] = [
            min(int(tags.get(tiff_layout.ROWS, layout.height)), layout.height)
        ]
    with _Unpacked(io.BytesIO(_with_directory(content, entries, layout.order))) as image:
        image.load()
    return _Plane(image, layout, step)


def _with_directory(content: bytes, entries: dict[int, Sequence[int]], order: str) -> bytes:
    """Put another directory behind a file, whose numbers all have four bytes."""
    start = (len(content) + 1) // 2 * 2
    after = start + 2 + 12 * len(entries) + 4
    directory, behind = struct.pack(f"{order}H", len(entries)), b""
    for tag, values in sorted(entries.items()):
        data = struct.pack(f"{order}{len(values)}I", *values)
        is_short = len(values) == 1
        place = data if is_short else struct.pack(f"{order}I", after + len(behind))
        directory += struct.pack(f"{order}HHI", tag, 4, len(values)) + place
        behind += b"" if is_short else data
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", start)
    inside = memoryview(content)[8:]
    gap = bytes(start - len(content))
    return b"".join((head, inside, gap, directory, bytes(4), behind))


def _unpredict(rows: NDArray[np.uint8], layout: Layout) -> None:
    """Undo a predictor in place; tiles were predicted each for itself."""
    stride, size = layout.samples_a_plane, layout.bits // 8
    if layout.predictor == _HORIZONTAL:
        for row in rows:
            values = np.frombuffer(row.tobytes(), f"{layout.order}u{size}").reshape(-1, stride)
            sums = np.cumsum(values, axis=0, dtype=f"u{size}").astype(f"{layout.order}u{size}")
            row[:] = np.frombuffer(sums.tobytes(), np.uint8)
    elif layout.predictor == _FLOATING:
        for row in rows:
            sums = np.cumsum(row.reshape(-1, stride), axis=0, dtype=np.uint8).reshape(size, -1)
            ordered = sums.T if layout.order == ">" else sums[::-1].T
            row[:] = ordered.reshape(-1)


def _as_picture(
    planes: Sequence[_Plane], layout: Layout, notes: MutableSequence[str]
) -> Image.Image:
    colours = len(_MODES[layout.photometric])
    has_alpha = len(layout.extra) > 0 and layout.extra[0] in _ALPHA and layout.samples > colours
    wanted = colours + has_alpha
    low, high, note = _limits(planes, layout, colours)
    notes += [note] if note else []
    made = np.empty((layout.height, layout.width, wanted), np.uint8)
    step = max(tiff_layout.AT_ONCE // layout.width // layout.samples, 1)
    for top in range(0, layout.height, step):
        values = _numbers(planes, layout, top, top + step)[..., :wanted]
        made[top : top + step] = _levels(values, layout, low, high)
    return _merged(made, layout, has_alpha=has_alpha)


def _numbers(planes: Sequence[_Plane], layout: Layout, top: int, end: int) -> Numbers:
    """Return the numbers of some rows, of shape (rows, width, samples)."""
    parts = [_unpacked(plane.rows(top, end), layout) for plane in planes]
    if layout.planes == 1:
        return parts[0]
    return np.concatenate(parts, axis=2)


def _unpacked(rows: NDArray[np.uint8], layout: Layout) -> Numbers:
    shape = (len(rows), layout.width, layout.samples_a_plane)
    if layout.bits % 8 == 0:
        letter = {tiff_layout.INTEGERS: "u", tiff_layout.SIGNED: "i", tiff_layout.FLOATS: "f"}[
            layout.format
        ]
        kind = f"{layout.order}{letter}{layout.bits // 8}"
        return np.ascontiguousarray(rows).reshape(-1).view(kind).reshape(shape)
    count = layout.width * layout.samples_a_plane
    bits = np.unpackbits(rows, axis=1)[:, : count * layout.bits].reshape(-1, layout.bits)
    weights = (1 << np.arange(layout.bits - 1, -1, -1)).astype(np.uint16)
    return (bits.astype(np.uint16) @ weights).reshape(shape)


def _limits(planes: Sequence[_Plane], layout: Layout, colours: int) -> tuple[float, float, str]:
    """Find which numbers are black and white, and a note if that is a guess."""
    floating, signed = layout.format == tiff_layout.FLOATS, layout.format == tiff_layout.SIGNED
    if layout.photometric in {5, 8, 9}:
        return 0.0, 1.0 if floating else 2.0**layout.bits - 1, ""
    if layout.bits < 16 and not signed:  # noqa: PLR2004 - the file says so
        return 0.0, 2.0**layout.bits - 1, ""
    least, greatest = np.inf, -np.inf
    step = max(tiff_layout.AT_ONCE // layout.width // layout.samples, 1)
    for top in range(0, layout.height, step):
        values = _numbers(planes, layout, top, top + step)[..., :colours]
        known = values
        if floating and not (np.isfinite(values.min()) and np.isfinite(values.max())):
            known = values[np.isfinite(values)]
        if known.size:
            least, greatest = min(least, float(known.min())), max(greatest, float(known.max()))
    if least > greatest:  # not one is a number
        least = greatest = 0.0
    return black_and_white(least, greatest, floating=floating, signed=signed)


def _levels(values: Numbers, layout: Layout, low: float, high: float) -> NDArray[np.uint8]:
    if layout.photometric in {8, 9}:
        return _lab_levels(values, layout)
    wide = np.float64 if layout.bits == _WIDE else np.float32
    plain: NDArray[np.floating] = values.astype(wide)
    if layout.format == tiff_layout.FLOATS:
        np.nan_to_num(plain, copy=False, nan=0, posinf=high, neginf=low)
    return eight_bits(plain, low, high)


def _lab_levels(values: Numbers, layout: Layout) -> NDArray[np.uint8]:
    """Return lightness and colours as Pillow has them: the middle is 128, in the file 0 or 128."""
    upper = (values >> (layout.bits - 8) if layout.bits > 8 else values).astype(np.uint8)  # noqa: PLR2004
    if layout.photometric == 8:  # noqa: PLR2004 - CIELAB, whose colours are signed
        upper[..., 1:3] ^= 128
    return upper


def _merged(levels: NDArray[np.uint8], layout: Layout, *, has_alpha: bool) -> Image.Image:
    mode = _MODES[layout.photometric]
    bands = [Image.fromarray(np.ascontiguousarray(levels[..., n])) for n in range(len(mode))]
    if layout.photometric == 0:
        bands[0] = bands[0].point(lambda level: 255 - level)
    if has_alpha and mode in {"L", "RGB"}:
        bands.append(Image.fromarray(np.ascontiguousarray(levels[..., len(mode)])))
        mode += "A"
    return Image.merge(mode, bands) if len(bands) > 1 else bands[0]
