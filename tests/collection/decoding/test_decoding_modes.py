"""Every kind of pixel comes out as the colours that a viewer would show."""

import io
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from search_engine.collection.decoding import decode
from search_engine.settings import PROJECT_FOLDER

RED, WHITE = (220, 30, 30), (255, 255, 255)
RAMP = np.tile(np.linspace(0, 1, 256), (40, 1))


def encoded(image, form="PNG", **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def plain(mode, colour=RED):
    return Image.new("RGB", (60, 40), colour).convert(mode)


def palette(**transparency):
    """A PNG with a palette of red and green: red on the left, green on the right."""
    image = Image.new("P", (60, 40), 0)
    image.putpalette([*RED, 30, 180, 40])
    image.paste(1, (30, 0, 60, 40))
    return encoded(image, **transparency)


def colours(content):
    """The colours of the left and the right end of a picture, half way up."""
    image = decode(content).image
    assert image.mode == "RGB"
    y = image.height // 2
    return np.array([image.getpixel((2, y)), image.getpixel((image.width - 3, y))], dtype=int)


def assert_colours(content, left, right, tolerance=3):
    assert np.abs(colours(content) - np.array([left, right])).max() <= tolerance


@pytest.mark.parametrize(
    ("content", "tolerance"),
    [
        (encoded(plain("CMYK"), "JPEG", quality=95), 6),
        (encoded(plain("CMYK"), "TIFF"), 3),
        (encoded(plain("YCbCr"), "TIFF"), 6),
        (encoded(plain("RGBA"), "PNG"), 3),
        (encoded(plain("RGBA"), "TIFF"), 3),
        (encoded(plain("RGB").quantize(4), "PNG"), 3),
        (encoded(plain("RGB").quantize(4), "TIFF"), 3),
        (encoded(plain("RGB").quantize(4), "BMP"), 3),
    ],
    ids=[
        *("CMYK JPEG", "CMYK TIFF", "YCbCr TIFF", "opaque RGBA PNG", "opaque RGBA TIFF"),
        *("palette PNG", "palette TIFF", "palette BMP"),
    ],
)
def test_red_stays_red(content, tolerance):
    """A red picture is red, however its pixels are stored."""
    assert_colours(content, RED, RED, tolerance)


def test_a_palette_keeps_its_colours():
    """A palette's colours are shown, not its numbers."""
    assert_colours(palette(), RED, (30, 180, 40))


@pytest.mark.parametrize(
    ("content", "left", "right"),
    [
        (palette(transparency=0), WHITE, (30, 180, 40)),
        (palette(transparency=bytes([255, 0])), RED, WHITE),
        (palette(transparency=bytes([128, 255])), (237, 142, 142), (30, 180, 40)),
        (encoded(Image.new("RGBA", (60, 40), (0, 0, 0, 0))), WHITE, WHITE),
        (encoded(Image.new("RGBA", (60, 40), (255, 0, 0, 128))), (255, 127, 127), (255, 127, 127)),
        (encoded(Image.new("RGBA", (60, 40), (255, 0, 0, 0)), "WEBP"), WHITE, WHITE),
        (encoded(Image.new("RGBA", (60, 40), (255, 0, 0, 0)), "AVIF"), WHITE, WHITE),
        (encoded(Image.new("RGBA", (60, 40), (255, 0, 0, 0)), "TIFF"), WHITE, WHITE),
        (encoded(Image.new("LA", (60, 40), (0, 0))), WHITE, WHITE),
        (encoded(Image.new("LA", (60, 40), (0, 128))), (127,) * 3, (127,) * 3),
        (encoded(Image.new("L", (60, 40), 7), transparency=7), WHITE, WHITE),
        (encoded(plain("RGB"), transparency=RED), WHITE, WHITE),
        (encoded(Image.new("P", (60, 40), 0), "GIF", transparency=0), WHITE, WHITE),
    ],
    ids=[
        *("palette, one clear", "palette, list", "palette, half", "RGBA, clear", "RGBA, half"),
        *("WebP, clear", "AVIF, clear", "TIFF, clear", "grey + alpha, clear"),
        *("grey + alpha, half", "grey, one clear", "RGB, one clear", "GIF, clear"),
    ],
)
def test_transparent_parts_are_white(content, left, right):
    """What can be seen through shows the white page behind it, by as much as it lets through."""
    assert_colours(content, left, right)


def bitmap(alpha, head):
    """A BMP of red pixels that all have this alpha, with a head that says there is one."""
    pixels = bytes([0, 0, 255, alpha]) * 64 * 40
    masks = struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    told = struct.pack("<IiiHHIIiiII", head, 64, 40, 1, 32, 3, len(pixels), 2835, 2835, 0, 0)
    told = (told + masks).ljust(head, b"\0")
    return b"BM" + struct.pack("<IHHI", 14 + head + len(pixels), 0, 0, 14 + head) + told + pixels


@pytest.mark.parametrize("head", [108, 124])
@pytest.mark.parametrize("form", ["BMP", "DIB"])
def test_a_bitmap_that_could_nowhere_be_seen_is_opaque(form, head):
    """Many programs leave its fourth number empty; where some pixels have one, it counts."""
    start = 14 if form == "DIB" else 0
    assert_colours(bitmap(0, head)[start:], (255, 0, 0), (255, 0, 0))
    content = bytearray(bitmap(0, head))
    content[-1] = 255
    assert_colours(bytes(content[start:]), WHITE, WHITE)


GREY_16 = Image.fromarray((RAMP * 65535).astype(np.uint16))


@pytest.mark.parametrize(
    "content",
    [
        encoded(Image.fromarray((RAMP * 255).astype(np.uint8))),
        encoded(GREY_16),
        encoded(GREY_16, "TIFF"),
        encoded(GREY_16, "TIFF", compression="tiff_lzw"),
        encoded(GREY_16, "PPM"),
        encoded(GREY_16, "JPEG2000"),
        encoded(Image.fromarray((RAMP * (2**31 - 1)).astype(np.int32)), "TIFF"),
        encoded(Image.fromarray((RAMP * 2e4 - 1e4).astype(np.int32)), "TIFF"),
        encoded(Image.fromarray(RAMP.astype(np.float32)), "TIFF"),
        encoded(Image.fromarray((RAMP * 255).astype(np.float32)), "TIFF"),
        encoded(Image.fromarray((RAMP * 8000 - 4000).astype(np.float32)), "TIFF"),
    ],
    ids=[
        *("8 bit", "16 bit PNG", "16 bit TIFF", "16 bit LZW TIFF", "16 bit PGM"),
        *("16 bit JPEG 2000", "32 bit TIFF", "signed TIFF"),
        *("float 0–1 TIFF", "float 0–255 TIFF", "float metres TIFF"),
    ],
)
def test_a_grey_ramp_is_a_ramp_in_every_depth(content):
    """From black to white in even steps: deep grey is scaled, and clipped nowhere."""
    row = np.asarray(decode(content).image)[20, :, 1].astype(int)
    assert np.abs(row - np.arange(256)).max() <= 2


@pytest.mark.parametrize(
    ("level", "grey"), [(0, 0), (17_000, 66), (65535, 255)], ids=["black", "dark", "white"]
)
def test_a_dark_16_bit_picture_stays_dark(level, grey):
    """16-bit pictures are measured by what is possible, not stretched to what is there."""
    content = encoded(Image.fromarray(np.full((40, 60), level, dtype=np.uint16)))
    assert_colours(content, (grey,) * 3, (grey,) * 3, tolerance=1)


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf], ids=str)
def test_one_impossible_pixel_does_not_cost_the_others(odd):
    """Measured pictures mark missing values as NaN or infinite; the rest is still seen."""
    values = RAMP.astype(np.float32)
    values[0, 0] = odd
    row = np.asarray(decode(encoded(Image.fromarray(values), "TIFF")).image)[20, :, 0]
    assert row[0] < 20
    assert row[-1] > 235


@pytest.mark.parametrize("form", ["PNG", "TIFF", "GIF", "BMP"])
def test_black_and_white(form):
    """One bit a pixel is black and white, nothing between and not the other way round."""
    image = Image.new("1", (60, 40), 1)
    image.paste(0, (0, 0, 30, 40))
    assert_colours(encoded(image, form), (0, 0, 0), WHITE, tolerance=0)


STATUS = Path("/proc/self/status")
MEASURE = """
import io, re, sys
from pathlib import Path
from PIL import Image
from search_engine.collection.decoding import decode

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024

before = peak()
image = Image.new(sys.argv[1], (4000, 4000))
file = io.BytesIO()
image.save(file, "PNG", compress_level=1)
del image
decode(file.getvalue())
print((peak() - before) / 4000**2)
"""


@pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells how much memory was needed")
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "I;16"])
def test_memory_stays_near_that_of_the_pixels(mode):
    """At the pixel limit a picture must fit into memory: two copies of its pixels at most."""
    command = [sys.executable, "-c", MEASURE, mode]
    printed = subprocess.check_output(command, text=True, cwd=PROJECT_FOLDER)
    bytes_a_pixel = float(printed)
    assert bytes_a_pixel < 9
