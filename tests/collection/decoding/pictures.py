"""Pictures and what stands beside them in their files, for the tests of decoding."""

import io
import struct
import zlib
from contextlib import nullcontext

import numpy as np
from PIL import Image

from search_engine.collection.decoding.picture import decode_here


def scene(size=(240, 160)):
    """A picture with soft and fine parts and many colours, as photographs have."""
    x = np.linspace(0, 8, size[0], dtype=np.float32)
    y = np.linspace(0, 6, size[1], dtype=np.float32)[:, None]
    parts = [np.sin(x) * np.cos(y), np.cos(2 * x) * np.sin(y), np.sin(9 * x) * np.cos(9 * y)]
    return Image.merge(
        "RGB", [Image.fromarray((part * 110 + 128).astype(np.uint8)) for part in parts]
    )


def encoded(image, form="PNG", **options):
    """The bytes of a picture's file."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def decoded_here(content, *, uses_profile=True):
    """Decode in this process, as a decoder does in its own, where a test can reach inside."""
    return decode_here(content, lambda _need: nullcontext(), uses_profile=uses_profile)


def difference(image, other):
    """Mean difference in levels of 255 of two pictures, made small."""
    small = [np.asarray(i.convert("RGB").resize((60, 40)), float) for i in (image, other)]
    return float(np.abs(small[0] - small[1]).mean())


def chunk(kind, data, *, checksum=None):
    """A chunk of a PNG, with a wrong checksum if one is given."""
    sums = zlib.crc32(kind + data) if checksum is None else checksum
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", sums)


def png_with(*chunks, image=None):
    """A PNG with these chunks behind its header."""
    content = encoded(image or scene())
    return content[:33] + b"".join(chunks) + content[33:]


def profile(kind=b"RGB ", target=b"XYZ ", **tags):
    """A colour profile of some tags."""
    parts, at = [], 128 + 4 + 12 * len(tags)
    table = struct.pack(">I", len(tags))
    for name, tag in tags.items():
        data = tag.ljust((len(tag) + 3) // 4 * 4, b"\0")
        table += struct.pack(">4sII", name.encode(), at, len(data))
        parts.append(data)
        at += len(data)
    head = struct.pack(">I4sI4s4s4s", at, b"lcms", 0x04300000, b"mntr", kind, target)
    head = head.ljust(36, b"\0") + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + table + b"".join(parts)


def xyz(*numbers):
    """A tag of three numbers."""
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(65536 * n) for n in numbers))


def gamma(value):
    """A tag of a curve that is a power."""
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(256 * value))


def parametric(form, *numbers):
    """A tag of a curve by one of the five formulas."""
    told = struct.pack(f">{len(numbers)}i", *(round(65536 * n) for n in numbers))
    return b"para\0\0\0\0" + struct.pack(">HH", form, 0) + told
