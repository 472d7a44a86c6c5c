"""Small recipes for files that are meant to hang, crash or fill the memory of what reads them.

python -m tests.hostile make NAME FILE      writes one of the WORST
python -m tests.hostile measure FILE        decodes a file as everybody does, and tells what it took
python -m tests.hostile cost FILE           decodes it in this process, and tells what was foreseen
"""

import io
import json
import struct
import sys
import time
import zlib
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path

from PIL import Image

from search_engine.collection.decoding import Refusal, decode
from search_engine.collection.decoding.children import CHILDREN
from search_engine.collection.decoding.picture import decode_here
from tests.collection.decoding import heic_samples

MANY = 14_142  # squared, just below the limit of 200 million pixels
MIB = 2**20


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


def jpeg2000(size, tile):
    """Write a JPEG 2000 that says which size it and its tiles have."""
    content = encoded("JPEG2000", no_jp2=True)
    return content[:8] + struct.pack(">8I", size, size, 0, 0, tile, tile, 0, 0) + content[40:]


def bmp(compressed, side=14_000):
    """Write a BMP whose pixels are run lengths."""
    head = struct.pack("<IiiHHIIiiII", 40, side, side, 1, 8, 1, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, 54 + 1024) + head + bytes(1024) + compressed


def animated_webp(frames):
    """Write a WebP with that many empty frames."""
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\2" + bytes(9)
    body += b"ANIM" + struct.pack("<I", 6) + bytes(6)
    body += (b"ANMF" + struct.pack("<I", 16) + bytes(16)) * frames
    return b"RIFF" + struct.pack("<I", len(body)) + body


def inside_gif(count):
    """Repeat the frame of a GIF."""
    content = encoded("GIF", (8, 8))
    frame = content[content.index(b",") : -1]
    return content[:-1] + frame * count + content[-1:]


def huge_exif(size):
    """Write EXIF whose orientation has a list of values instead of one."""
    entry = struct.pack("<HHII", 0x112, 3, size // 2, 26)
    return b"II*\0\x08\0\0\0\1\0" + entry + bytes(4) + bytes(size)


def swelling(size, ending=b""):
    """Compress zeros, and break off before the checksum."""
    return b"a\0\0" + zeros(size)[:-4] + ending


def before_the_end(content, inside):
    """Put bytes before the last marker of a JPEG."""
    return content[:-2] + inside + content[-2:]


EXIF = b"Exif\0\0"
WORST = {
    "TIFF of floats": tiff,
    "TIFF of 32-bit numbers": lambda: tiff(form=2),
    "TIFF of floats in one strip": lambda: tiff(rows=MANY),
    "TIFF in one strip": lambda: tiff(bits=8, form=1, samples=3, rows=MANY),
    "TIFF with 65,535 tags": lambda: (
        struct.pack("<2sHIH", b"II", 42, 8, 65_535)
        + b"".join(struct.pack("<HHII", tag, 3, 10**8, 0) for tag in range(65_535))
        + bytes(4 + 200 * MIB)
    ),
    "WebP": lambda: webp_header(16_383, 12_207),
    "WebP of 10 million frames": lambda: animated_webp(10**7),
    "AVIF that lies": lying_avif,
    "PNG with alpha": lambda: png(MANY, colour=6),
    "PNG of 16-bit grey with alpha": lambda: png(MANY, colour=4, depth=16),
    "PNG of 16-bit grey with alpha, read twice": lambda: png(7_000, colour=4, depth=16),
    "PNG of a palette with alpha": lambda: png(MANY, colour=3, before=chunk(b"tRNS", bytes(200))),
    "PNG of 2 million chunks": lambda: png(before=chunk(b"tEXt", b"a\0") * 2 * 10**6),
    "PNG with 1,200 swelling profiles": lambda: png(
        before=chunk(b"iCCP", swelling(16 * MIB)) * 1200
    ),
    "PNG with 64 swelling profiles": lambda: png(before=chunk(b"iCCP", swelling(16 * MIB)) * 64),
    "PNG with 64 broken texts": lambda: png(
        before=chunk(b"zTXt", swelling(16 * MIB - 10, b"abcd")) * 64
    ),
    "PNG with a text of a gigabyte": lambda: png(before=chunk(b"zTXt", swelling(2**30))),
    "PNG with a plain text of 400 MB": lambda: png(
        before=chunk(b"tEXt", b"a\0" + bytes(400 * MIB))
    ),
    "PNG with EXIF of 300 MB": lambda: png(before=chunk(b"eXIf", huge_exif(300 * MIB))),
    "progressive JPEG": lambda: jpeg_with_scans(1, claim=(MANY, MANY)),
    "progressive JPEG of 200 scans": lambda: jpeg_with_scans(200, claim=(MANY, MANY)),
    "progressive JPEG of 39 scans": lambda: jpeg_with_scans(39, claim=(MANY, MANY)),
    "JPEG of 5,000 scans": lambda: jpeg_with_scans(5000, claim=(3000, 3000)),
    "JPEG of 50,000 scans": lambda: jpeg_with_scans(50_000, claim=(3000, 3000)),
    "JPEG of 480 scans": lambda: jpeg_with_scans(480, claim=(4500, 4500)),
    "JPEG with 64 MB of 0xFF": lambda: jpeg_with(b"\xff" * 64 * MIB),
    "JPEG of 511 MB of nothing": lambda: b"\xff\xd8\xff" + bytes(511 * MIB),
    "JPEG of 1,000 Exif segments": lambda: jpeg_with(segment(0xE1, EXIF + bytes(65_000)) * 1000),
    "JPEG of 64 Exif segments": lambda: jpeg_with(segment(0xE1, EXIF + bytes(65_000)) * 64),
    "JPEG of 4,000 ICC segments": lambda: jpeg_with(
        segment(0xE2, b"ICC_PROFILE\0\1\xff" + bytes(65_000)) * 4000
    ),
    "JPEG of a million Huffman tables": lambda: jpeg_with(segment(0xC4, bytes(17)) * 10**6),
    "JPEG of 3 million tables behind": lambda: before_the_end(
        encoded("JPEG"), segment(0xC4, bytes(17)) * 3 * 10**6
    ),
    "JPEG of 30 million restarts": lambda: before_the_end(encoded("JPEG"), b"\xff\xd0" * 3 * 10**7),
    "PPM with a comment of 210 MB": lambda: b"P6\n#" + b"x" * 210 * MIB + b"\n8 8\n255\n",
    "PPM with 100 million comments": lambda: b"P6\n" + b"#\n" * 10**8 + b"8 8\n255\n",
    "PPM whose pixels are a comment": lambda: b"P3\n400 400\n255\n" + b"#" * 200 * MIB,
    "PPM of 7 bits": lambda: b"P6\n13000 13000\n127\n" + bytes(3 * 13_000**2),
    "GIF of 200,000 frames": lambda: inside_gif(200_000),
    "GIF with a comment in 50 million blocks": lambda: gif_with(
        b"!\xfe" + b"\1a" * 5 * 10**7 + b"\0"
    ),
    "GIF with a comment of 120 MB": lambda: gif_with(
        b"!\xfe" + (b"\xff" + bytes(255)) * 490_000 + b"\0"
    ),
    "GIF with 100 MB of junk": lambda: gif_with(b"a" * 10**8),
    "BMP of runs": lambda: bmp((b"\xff\1" * 55 + b"\0\0") * 14_000),
    "JPEG 2000 of 196 million tiles": lambda: jpeg2000(14_000, 1),
    "JPEG 2000 of one tile": lambda: jpeg2000(14_000, 14_000),
    "HEIC that crashes": crashing_heic,
}


def _peak():
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def _tried(decoded):
    try:
        facts = decoded().facts
    except Refusal as refusal:
        return str(refusal)
    return f"{facts.width} × {facts.height}"


def measure(file):
    """Decode a file; tell seconds of the processor, bytes at the peak, and what was said."""
    import resource

    content = Path(file).read_bytes()
    Image.init()
    before, started = _peak(), time.process_time()
    said = _tried(lambda: decode(content))
    seconds, here = time.process_time() - started, _peak() - before
    CHILDREN.close()
    apart = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": seconds + apart.ru_utime + apart.ru_stime,
        "peak": max(here, 1024 * apart.ru_maxrss),
        "said": said,
    }


def cost(file):
    """Decode a file in this process; tell the bytes that were foreseen, and those it took."""
    content, asked = Path(file).read_bytes(), []

    @contextmanager
    def reserve(need):
        asked.append(need)
        yield

    decode_here(encoded("PNG"), reserve)
    asked.clear()
    before = _peak()
    said = _tried(lambda: decode_here(content, reserve))
    return {"need": sum(asked), "peak": _peak() - before, "said": said}


if __name__ == "__main__":
    what, *given = sys.argv[1:]
    if what == "make":
        Path(given[1]).write_bytes(WORST[given[0]]())
    else:
        print(json.dumps({"measure": measure, "cost": cost}[what](*given)))  # noqa: T201 - for the test
