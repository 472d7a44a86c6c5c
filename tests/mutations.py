"""Spoil sound pictures of all kinds in many ways, and see that each is a picture or a refusal.

python -m tests.mutations FIRST COUNT

A spoiled file is made of its number alone, so that one can be made again.
"""

import json
import random
import sys
import time
from collections import Counter

from PIL import Image

from search_engine.collection.decoding import Refusal, decode
from tests.collection.decoding import heic_samples
from tests.hostile import encoded, tiff
from tests.safety.test_memory_of_decoding import LONG, slope


def seeds():
    """Encode a small picture in every mode and codec that is read."""
    import io

    made = []
    exif = Image.Exif()
    exif[274], exif[271], exif[272] = 6, "Canon", "EOS 5D"
    exif.get_ifd(0x8769)[36867] = "2024:07:21 14:03:11"
    for mode, form, options in LONG.values():
        file = io.BytesIO()
        more = {"exif": exif} if form in {"JPEG", "PNG", "WEBP", "AVIF"} else {}
        slope(mode, 64).save(file, form, **options, **more)
        made.append(file.getvalue())
    frames = [Image.new("RGB", (40, 30), (shade, 0, 0)) for shade in range(3)]
    for form in ("GIF", "PNG", "WEBP", "TIFF"):
        file = io.BytesIO()
        frames[0].save(file, form, save_all=True, append_images=frames[1:])
        made.append(file.getvalue())
    made += [encoded(form) for form in ("JPEG", "PNG", "WEBP", "GIF", "JPEG2000", "AVIF", "DIB")]
    made += [b"P3\n8 8\n7\n" + b"1 " * 192, b"P1\n8 8\n" + b"01" * 32, tiff(64, 48)]
    return [*made, heic_samples.UPRIGHT, heic_samples.TURNED, heic_samples.UPRIGHT]


def spoiled(content, chance):
    """Change bits, bytes, numbers and pieces; often near the beginning, where the head is."""
    spoil = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 4, 16))):
        if not spoil:
            break
        end = len(spoil) if chance.random() < 0.5 else min(len(spoil), 400)
        at = chance.randrange(end)
        match chance.randrange(7):
            case 0 | 1:
                spoil[at] ^= 1 << chance.randrange(8)
            case 2:
                spoil[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
            case 3:
                spoil[at : at + 4] = chance.choice((b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"))
            case 4:
                piece = spoil[at : at + chance.randrange(64)]
                spoil[at:at] = piece * chance.choice((1, 2, 50))
            case 5:
                del spoil[at : at + chance.randrange(1, 64)]
            case 6:
                other = chance.randrange(len(spoil))
                spoil[at : at + 8], spoil[other : other + 8] = (
                    spoil[other : other + 8],
                    spoil[at : at + 8],
                )
    return bytes(spoil[: chance.randrange(len(spoil) + 1)] if chance.random() < 0.1 else spoil)


def main(first, count):
    """Decode that many spoiled files, and tell what became of them."""
    originals, outcomes, slowest = seeds(), Counter(), 0.0
    for number in range(first, first + count):
        chance = random.Random(number)  # noqa: S311 - to be the same each time
        content = spoiled(originals[number % len(originals)], chance)
        print(number, end="\r", file=sys.stderr)  # noqa: T201 - the last before a crash
        started = time.monotonic()
        try:
            assert decode(content).image.mode == "RGB"
            outcomes["decoded"] += 1
        except Refusal as refusal:
            outcomes[str(refusal.reason)] += 1
        slowest = max(slowest, time.monotonic() - started)
    print(json.dumps({"slowest": slowest, "outcomes": outcomes}))  # noqa: T201 - for the test


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
