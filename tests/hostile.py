"""Small recipes for files that are meant to hang, crash or fill the memory of what reads them."""

import io
import struct
import zlib
from itertools import repeat

from PIL import Image

from tests import heic_samples

MANY = 14_142  # squared, just below the limit of 200 million pixels


def encoded(form, size=(64, 48), **options):
    """Encode noise, so that every part of the file matters."""
    file = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(file, form, **options)
    return file.getvalue()


def chunk(kind, data=b""):
    """Write a chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def zeros(count):
    """Compress that many zeros without ever holding them."""
    packer, piece = zlib.compressobj(9), bytes(2**20)
    parts = [packer.compress(piece) for _ in repeat(None, count // 2**20)]
    return b"".join([*parts, packer.compress(bytes(count % 2**20)), packer.flush()])


def png(side=64, *, depth=8, colour=2, before=b"", after=b"", interlaced=False):
    """Write a black PNG with other chunks before and after its pixels."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = 1 + -(-side * samples * depth // 8)
    head = struct.pack(">IIBBBBB", side, side, depth, colour, 0, 0, interlaced)
    palette = chunk(b"PLTE", bytes(range(255)) * 3) if colour == 3 else b""
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", head),
            palette,
            before,
            chunk(b"IDAT", zeros(row * side)),
            after,
            chunk(b"IEND"),
        ]
    )


def tiff(width=MANY, height=MANY, *, bits=32, form=3, samples=1, rows=100):
    """Write a TIFF all of whose strips are one and the same compressed one."""
    strip = zeros(rows * width * samples * bits // 8)
    count = -(-height // rows)
    tags = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, samples, bits),
        (259, 3, 1, 8),
        (262, 3, 1, 2 if samples > 1 else 1),
        (273, 4, count, 0),
        (277, 3, 1, samples),
        (278, 4, 1, rows),
        (279, 4, count, 0),
        (339, 3, samples, form),
    ]
    at = 8 + 2 + 12 * len(tags) + 4
    widths = {3: "H", 4: "I"}
    lists = {
        tag: number for tag, _, number, _ in tags if number * (4 if tag in {273, 279} else 2) > 4
    }
    behind = at + sum(number * (4 if tag in {273, 279} else 2) for tag, number in lists.items())
    entries = tables = b""
    for tag, kind, number, value in tags:
        value = {273: behind, 279: len(strip)}.get(tag, value)  # noqa: PLW2901 - known only now
        if tag in lists:
            entries += struct.pack("<HHII", tag, kind, number, at + len(tables))
            tables += struct.pack(f"<{widths[kind]}", value) * number
        else:
            entries += struct.pack("<HHII", tag, kind, number, value)
    head = struct.pack("<2sHIH", b"II", 42, 8, len(tags))
    return head + entries + struct.pack("<I", 0) + tables + strip


def jpeg_with_scans(scans, size=(64, 48), claim=None):
    """Repeat the last scan of a progressive JPEG; ``claim`` is the size that it says it has."""
    content = encoded("JPEG", size, progressive=True)
    at = content.rfind(b"\xff\xda")
    start = content.index(b"\xff\xc2") + 5
    if claim:
        content = content[:start] + struct.pack(">HH", *claim[::-1]) + content[start + 4 :]
    scan = content[at:-2]
    return content[:at] + scan * scans + b"\xff\xd9"


def segment(code, data):
    """Write a segment of a JPEG."""
    return b"\xff" + bytes([code]) + struct.pack(">H", len(data) + 2) + data


def jpeg_with(inside):
    """Put bytes after the first marker of a JPEG."""
    content = encoded("JPEG")
    return content[:2] + inside + content[2:]


def gif_with(before):
    """Put blocks before the first picture of a GIF."""
    content = encoded("GIF")
    at = 13 + (3 << (content[10] & 7) + 1)
    return content[:at] + before + content[at:]


def webp_header(width, height):
    """Write a lossless WebP that says how large it is, and no more."""
    bits = (width - 1) | (height - 1) << 14
    body = b"WEBPVP8L" + struct.pack("<I", 16) + b"\x2f" + struct.pack("<I", bits) + bytes(11)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def lying_avif(side=MANY):
    """Write an AVIF whose box of the size says another one than its pixels have."""
    content = encoded("AVIF", (64, 64))
    at = content.index(b"ispe") + 8
    return content[:at] + struct.pack(">II", side, side) + content[at + 8 :]


def crashing_heic():
    """Spoil the type of one item of a sound HEIC, upon which its library ends the process."""
    content = heic_samples.TURNED
    at = content.index(b"Exif") + 1
    return content[:at] + b"\xff" * 4 + content[at + 4 :]
